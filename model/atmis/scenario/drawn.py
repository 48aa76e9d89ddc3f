"""Parameters that differ from replicate to replicate: draws that a calibration leaves, in place of single values.

Replicate r takes row r of the table (over and over, where there are more replicates than rows), in every scenario and
at every point of a design: a pair of runs shares its parameters as it shares its luck.
"""

import hashlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atmis.scenario.errors import InputError, nearest
from atmis.scenario.quantities import is_allowed, numbers, quantity
from atmis.scenario.reading import conf_folder
from atmis.scenario.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = "calibration"  # of conf/
_MOST_BYTES = 100_000_000

Columns = Mapping[str, "NDArray[Any]"]  # [draws] of each parameter, by dotted key


def columns(scenario: Scenario, but: Collection[str] = ()) -> Columns:
    """The parameters that are drawn in a scenario; those of `but` are not.

    A number of the scenario that differs from the one that draws stand in for is its own, and stays. Zones that its
    theatre does not have are left aside. Raises InputError when the file is not the one that the scenario means.
    """
    table = of_file(scenario)
    stands_for = scenario.draws.instead_of
    return {
        path: column
        for path, column in table.items()
        if path not in but and _number_at(scenario, path) == stands_for[path]
    }


def of_replicate(drawn: Columns, replicate: int) -> dict[str, float]:
    """The parameters of a replicate."""
    return {path: float(column[replicate % len(column)]) for path, column in drawn.items()}


def of_file(scenario: Scenario) -> Columns:
    """All draws of the file that a scenario names. Raises InputError when it is not as the scenario says."""
    draws = scenario.draws
    if draws.file is None or draws.sha256 is None:
        return {}
    table = _read(draws.file, draws.sha256)
    for path in draws.instead_of:
        if path not in table:
            raise InputError(f"draws.instead_of: '{path}' is not drawn by {draws.file}{nearest(path, table)}")
    for path in table:
        if path not in draws.instead_of:
            raise InputError(f"draws.instead_of: lacks '{path}', which {draws.file} draws")
    return table


def check(scenario: Scenario) -> None:
    """Raise InputError for a drawn parameter that there is not, or one whose draws are out of its range."""
    for path, column in of_file(scenario).items():
        key = path.split(".")
        what = quantity(key)
        if what is None:
            known = (".".join(number) for number, _ in numbers(scenario.model_dump(by_alias=True)))
            raise InputError(f"draws.instead_of: '{path}' is no number of a scenario{nearest(path, known)}")
        for value in (float(column.min()), float(column.max())):
            if not is_allowed(key, value):
                raise InputError(
                    f"draws.file: {scenario.draws.file}: {path}: {value:g} is out of range; allowed: {what.limits}"
                )


def shipped() -> list[str]:
    """Names of the tables of draws that come with atmis."""
    return sorted(file.stem for file in (conf_folder() / FOLDER).glob("*.csv"))


@lru_cache(maxsize=8)
def _read(file: str, sha256: str) -> Columns:
    import numpy as np  # slow to import: after what is wrong with a word has been told

    path = conf_folder() / FOLDER / f"{file}.csv" if file in shipped() else Path(file)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"draws.file: {path} is larger than {_MOST_BYTES:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"draws.file: {path} cannot be read: {reason}{nearest(file, shipped())}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise InputError(f"draws.sha256: {path} has another one, {found}: it is not the file that is meant")
    try:
        head, _, rows = content.partition(b"\n")
        names = head.decode().strip().split(",")
        table = np.loadtxt(BytesIO(rows), delimiter=",", ndmin=2)
        made = dict(zip(names, table.T, strict=True))
    except ValueError as error:
        raise InputError(f"draws.file: {path} is no table of numbers: {str(error).splitlines()[0]}") from None
    for name, column in made.items():
        if not (len(column) and np.isfinite(column).all()):
            raise InputError(f"draws.file: {path}: column '{name}' holds no numbers, or not in every row")
    return made


def _number_at(scenario: Scenario, path: str) -> float | None:
    """The number of a scenario at a dotted key; None where it has no such entry."""
    place: object = scenario
    for part in path.split("."):
        place = place.get(part) if isinstance(place, dict) else getattr(place, part, None)
    return place if isinstance(place, int | float) else None
