"""What one run is made of: a scenario, its parameters as the rules read them, and the state before the first day.

Numbers are put straight into these tables where a whole build of the scenario would give the same.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from atmis.kernel import parameters
from atmis.kernel.parameters import Parameters
from atmis.kernel.state import STANDINGS, State
from atmis.scenario import drawn
from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.scenario.source import apply_values
from atmis.scenario.sweep import Value

_RECORDS = ("opposition", "host", "kenya", "society", "evidence", "reporting")
AT_ONCE = 128  # replicates whose parameters are put in at once
_EXPOSURE = re.compile(r"theatre\.zones\.(\w+)\.exposure")


class RunInputs(NamedTuple):
    """A scenario as the rules read it."""

    scenario: Scenario
    params: Parameters
    start: State  # before the first day and before any draw

    @classmethod
    def of(cls, scenario: Scenario) -> "RunInputs":
        """Lay a scenario out as tables."""
        return cls(scenario, *parameters.build(scenario))

    def with_values(self, values: Mapping[str, Value]) -> "RunInputs":
        """The same with other numbers at dotted keys; what is given stays as it is.

        Raises KeyError or ValueError for a key that has no such place.
        """
        return _Rows(self, {path: [value] for path, value in values.items()}).row(0)

    def fingerprint(self) -> str:
        """Hash of all that the rules read, without words: scenarios that share it have the same runs."""
        columns = drawn.columns(self.scenario).items()
        draws = [part for path, column in columns for part in (path.encode(), column.tobytes())]
        return hashlib.sha256(b"".join([*self.table_bytes(), *draws])).hexdigest()

    def shape(self) -> tuple[Any, ...]:
        """What the tables of results depend on: it must be the same for all cases of a scenario."""
        period, theatre = self.scenario.period, self.scenario.theatre
        lists = tuple(theatre.zones), tuple(theatre.bases), len(self.start.contingents), len(self.params.calendar)
        return period.start, period.end, *lists, STANDINGS

    def table_bytes(self) -> list[bytes]:
        """The bytes of each table."""
        return [np.asarray(part).tobytes() for part in (*self.params, *self.start)]


class _Rows:
    """Inputs with a column of numbers [N] at each of some dotted keys; row by row they are inputs."""

    def __init__(self, base: RunInputs, columns: Mapping[str, Any]) -> None:
        self.base = base
        self._records: dict[str, Any] = {}  # [N] of each record of parameters in which a number changes
        self._zones: Any = None  # [N, Z]
        for path, column in columns.items():
            root, *blocks, last = path.split(".")
            if zone := _EXPOSURE.fullmatch(path):
                self._zones = _repeated(base.start.zones, len(column)) if self._zones is None else self._zones
                self._zones["exposure"][:, list(base.scenario.theatre.zones).index(zone[1])] = column
            elif root in _RECORDS:
                place = self._records.setdefault(root, _repeated(getattr(base.params, root), len(column)))
                for block in blocks:
                    place = place[block]
                place[last] = column
            else:
                raise KeyError(path)

    def row(self, row: int) -> RunInputs:
        """The inputs of a row."""
        scenario, params, start = self.base
        zones = start.zones if self._zones is None else self._zones[row]
        records = {root: rows[row] for root, rows in self._records.items()}
        return RunInputs(scenario, params._replace(**records), start._replace(zones=zones))


def _repeated(table: Any, times: int) -> Any:
    return np.repeat(np.asarray(table)[None], times, axis=0).view(np.recarray)


class DrawnInputs:
    """Inputs whose parameters are drawn anew for each replicate, but for those that are varied on purpose.

    `varied`: dotted keys that a design sets; `more`: further columns of numbers by replicate, over and over too;
    `at_once`: replicates whose numbers are put in together, which is faster.
    """

    def __init__(
        self,
        base: RunInputs,
        varied: Collection[str] = (),
        more: drawn.Columns | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.base, self._at_once = base, at_once
        self.columns = {**drawn.columns(base.scenario, but=varied), **(more or {})}
        self._blocks: dict[int, list[RunInputs]] = {}
        if base.scenario.draws.file not in (None, *drawn.shipped_tables()):
            _check_direct(base.scenario, drawn.columns(base.scenario, but=varied))

    def of(self, replicate: int) -> RunInputs:
        """The inputs of a replicate."""
        if not self.columns:
            return self.base
        block, row = divmod(replicate, self._at_once)
        return (self._blocks.get(block) or self._block(block))[row]

    def _block(self, block: int) -> list[RunInputs]:
        replicates = np.arange(block * self._at_once, (block + 1) * self._at_once)
        rows = _Rows(self.base, {path: column[replicates % len(column)] for path, column in self.columns.items()})
        inputs = [rows.row(row) for row in range(self._at_once)]
        self._blocks = {block: inputs}
        return inputs


def _check_direct(scenario: Scenario, columns: drawn.Columns) -> None:
    """Raise InputError for a parameter that the tables of a run depend on in more than one place."""
    plain, data = RunInputs.of(scenario), scenario.model_dump(by_alias=True)

    def are_direct(values: Mapping[str, Value]) -> bool:
        whole = RunInputs.of(build(apply_values(data, values)))
        return plain.with_values(values).table_bytes() == whole.table_bytes()

    first = drawn.replicate_values(columns, 0)
    if not are_direct(first):
        wrong = next((path for path, value in first.items() if not are_direct({path: value})), "one of them")
        raise InputError(f"draws.file: {scenario.draws.file}: '{wrong}' cannot be drawn run by run; leave it out")


def is_direct(plain: RunInputs, path: str, value: Value, whole: RunInputs) -> bool:
    """Whether a value put straight in gives the tables of a whole build with it."""
    try:
        return plain.with_values({path: value}).table_bytes() == whole.table_bytes()
    except (KeyError, ValueError, TypeError):
        return False
