"""Numbers put straight into the tables that rules read, where a whole build of the scenario would give the same."""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from atmis import world
from atmis.scenario import drawn
from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.scenario.source import changed
from atmis.scenario.sweep import Value
from atmis.state import State
from atmis.world import World

Built = tuple[Scenario, World, State]  # a scenario as the rules read it

_RECORDS = ("opposition", "host", "kenya", "society", "evidence", "reporting")
AT_ONCE = 128  # replicates whose parameters are put in at once
_EXPOSURE = re.compile(r"theatre\.zones\.(\w+)\.exposure")


def with_values(made: Built, values: Mapping[str, Value]) -> Built:
    """A build with other numbers at dotted keys; what is given stays as it is.

    Raises KeyError or ValueError for a key that has no such place.
    """
    return _Rows(made, {path: [value] for path, value in values.items()}).of(0)


class _Rows:
    """A build with a column of numbers [N] at each of some dotted keys; row by row it is a build."""

    def __init__(self, made: Built, columns: Mapping[str, Any]) -> None:
        self.made = made
        self._records: dict[str, Any] = {}  # [N] of each record of the world in which a number changes
        self._zones: Any = None  # [N, Z]
        for path, column in columns.items():
            root, *blocks, last = path.split(".")
            if zone := _EXPOSURE.fullmatch(path):
                self._zones = _repeated(made[2].zones, len(column)) if self._zones is None else self._zones
                self._zones["exposure"][:, list(made[0].theatre.zones).index(zone[1])] = column
            elif root in _RECORDS:
                place = self._records.setdefault(root, _repeated(getattr(made[1], root), len(column)))
                for block in blocks:
                    place = place[block]
                place[last] = column
            else:
                raise KeyError(path)

    def of(self, row: int) -> Built:
        """The build of a row."""
        scenario, ground, start = self.made
        zones = start.zones if self._zones is None else self._zones[row]
        records = {root: rows[row] for root, rows in self._records.items()}
        return scenario, ground._replace(**records), start._replace(zones=zones)


def _repeated(table: Any, times: int) -> Any:
    return np.repeat(np.asarray(table)[None], times, axis=0).view(np.recarray)


class Inputs:
    """A build whose parameters are drawn anew for each replicate, but for those that are varied on purpose.

    `varied`: dotted keys that a design sets; `more`: further columns of numbers by replicate, over and over too;
    `at_once`: replicates whose numbers are put in together, which is faster.
    """

    def __init__(
        self,
        made: Built,
        varied: Collection[str] = (),
        more: drawn.Columns | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.made, self._at_once = made, at_once
        self.columns = {**drawn.columns(made[0], but=varied), **(more or {})}
        self._blocks: dict[int, list[Built]] = {}
        if made[0].draws.file not in (None, *drawn.shipped()):
            _check_direct(made[0], drawn.columns(made[0], but=varied))

    def of(self, replicate: int) -> Built:
        """What the rules read in a replicate."""
        if not self.columns:
            return self.made
        block, row = divmod(replicate, self._at_once)
        return (self._blocks.get(block) or self._block(block))[row]

    def _block(self, block: int) -> list[Built]:
        replicates = np.arange(block * self._at_once, (block + 1) * self._at_once)
        rows = _Rows(self.made, {path: column[replicates % len(column)] for path, column in self.columns.items()})
        made = [rows.of(row) for row in range(self._at_once)]
        self._blocks = {block: made}
        return made


def _check_direct(scenario: Scenario, columns: drawn.Columns) -> None:
    """Raise InputError for a parameter that the tables of a run depend on in more than one place."""
    plain, data = (scenario, *world.build(scenario)), scenario.model_dump(by_alias=True)

    def are_direct(values: Mapping[str, Value]) -> bool:
        whole = build(changed(data, values))
        return _bytes(with_values(plain, values)) == _bytes((whole, *world.build(whole)))

    first = drawn.of_replicate(columns, 0)
    if not are_direct(first):
        wrong = next((path for path, value in first.items() if not are_direct({path: value})), "one of them")
        raise InputError(f"draws.file: {scenario.draws.file}: '{wrong}' cannot be drawn run by run; leave it out")


def is_direct(plain: Built, path: str, value: Value, whole: Built) -> bool:
    """Whether a value put straight in gives the tables of a whole build with it."""
    try:
        return _bytes(with_values(plain, {path: value})) == _bytes(whole)
    except (KeyError, ValueError, TypeError):
        return False


def fingerprint(made: Built) -> str:
    """Hash of all that the rules read, without words: scenarios that share it have the same runs."""
    draws = [part for path, column in drawn.columns(made[0]).items() for part in (path.encode(), column.tobytes())]
    return hashlib.sha256(b"".join([*_bytes(made), *draws])).hexdigest()


def _bytes(made: Built) -> list[bytes]:
    _, ground, start = made
    return [np.asarray(part).tobytes() for part in (*ground, *start)]
