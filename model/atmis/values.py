"""Numbers put straight into the tables that rules read, where a whole build of the scenario would give the same."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from atmis.scenario.scenario import Scenario
from atmis.scenario.sweep import Value
from atmis.state import State
from atmis.world import World

Built = tuple[Scenario, World, State]  # a scenario as the rules read it

_RECORDS = ("opposition", "host", "kenya", "society", "evidence", "reporting")
_EXPOSURE = re.compile(r"theatre\.zones\.(\w+)\.exposure")


def with_values(made: Built, values: Mapping[str, Value]) -> Built:
    """A build with other numbers at dotted keys; what is given stays as it is.

    Raises KeyError or ValueError for a key that has no such place.
    """
    scenario, world, start = made
    copies: dict[str, Any] = {}
    for path, value in values.items():
        root, *blocks, last = path.split(".")
        if zone := _EXPOSURE.fullmatch(path):
            place = copies.setdefault("theatre", start.zones.copy())
            place.exposure[list(scenario.theatre.zones).index(zone[1])] = value
        elif root in _RECORDS:
            place = copies.setdefault(root, getattr(world, root).copy())
            for block in blocks:
                place = place[block]
            place[last] = value
        else:
            raise KeyError(path)
    zones = copies.pop("theatre", start.zones)
    return scenario, world._replace(**copies), start._replace(zones=zones)


def is_direct(plain: Built, path: str, value: Value, whole: Built) -> bool:
    """Whether a value put straight in gives the tables of a whole build with it."""
    try:
        return _bytes(with_values(plain, {path: value})) == _bytes(whole)
    except (KeyError, ValueError, TypeError):
        return False


def fingerprint(made: Built) -> str:
    """Hash of all that the rules read, without words: scenarios that share it have the same runs."""
    return hashlib.sha256(b"".join(_bytes(made))).hexdigest()


def _bytes(made: Built) -> list[bytes]:
    _, world, start = made
    return [np.asarray(part).tobytes() for part in (*world, *start)]
