"""Parameters that differ between replicates: draws from a calibration instead of single values.

Replicate r takes row r of the table (starting again at the top when there are more replicates than rows), in every
scenario and at every point of a design: paired runs share their parameters as they share their random numbers.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atmis.scenario.errors import InputError, suggest
from atmis.scenario.quantities import find_quantity, is_allowed, iter_numbers
from atmis.scenario.reading import conf_folder
from atmis.scenario.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = "calibration"  # of conf/
_MOST_BYTES = 100_000_000
_MOST_LISTED = 8  # parameters that a sentence names

Columns = Mapping[str, "NDArray[Any]"]  # [draws] of each parameter, by dotted key


def columns(scenario: Scenario, but: Collection[str] = ()) -> Columns:
    """The parameters that are drawn in a scenario, except those in `but`.

    A number that the user set (`draws.kept`), or that differs from the one that the draws replace, is kept. Draws for
    zones outside its theatre are ignored. Raises InputError when the file is not the one that the scenario names.
    """
    table, kept = read_draws(scenario), fixed(scenario)
    return {
        path: column
        for path, column in table.items()
        if path not in {*but, *kept} and _at(scenario, path.split(".")) is not None
    }


def fixed(scenario: Scenario | Mapping[str, Any]) -> dict[str, float]:
    """The parameters that would be drawn, but keep a value that was set, with that value; of a scenario or its data."""
    instead_of, kept = _at(scenario, ("draws", "instead_of")), _at(scenario, ("draws", "kept")) or ()
    numbers = {path: _at(scenario, path.split(".")) for path in instead_of}
    return {
        path: number
        for path, number in numbers.items()
        if isinstance(number, int | float) and (path in kept or number != instead_of[path])
    }


def describe_fixed(scenario: Scenario) -> str:
    """A sentence on the parameters that keep a value although draws hold others; empty when there are none."""
    numbers = fixed(scenario)
    if not numbers:
        return ""
    listed = [f"{path}={value:g}" for path, value in numbers.items()]
    shown = ", ".join(listed[:_MOST_LISTED]) + f" and {len(listed) - _MOST_LISTED} more" * (len(listed) > _MOST_LISTED)
    return f"Not drawn, for a value was set: {shown}; {len(columns(scenario))} other parameters are drawn."


def replicate_values(drawn: Columns, replicate: int) -> dict[str, float]:
    """The values of the drawn parameters in a replicate."""
    return {path: float(column[replicate % len(column)]) for path, column in drawn.items()}


def read_draws(scenario: Scenario) -> Columns:
    """All draws in the file that a scenario names. Raises InputError when the file does not match the scenario."""
    draws = scenario.draws
    if draws.file is None or draws.sha256 is None:
        return {}
    table = _read_table(draws.file, draws.sha256)
    for path in draws.instead_of:
        if path not in table:
            raise InputError(f"draws.instead_of: '{path}' is not drawn by {draws.file}{suggest(path, table)}")
    for path in table:
        if path not in draws.instead_of:
            raise InputError(f"draws.instead_of: lacks '{path}', which {draws.file} draws")
    return table


def check_draws(scenario: Scenario) -> None:
    """Raise InputError for a drawn parameter that does not exist, or whose draws are out of its range."""
    for path, column in read_draws(scenario).items():
        key = path.split(".")
        record = find_quantity(key)
        if record is None:
            known = (".".join(number) for number, _ in iter_numbers(scenario.model_dump(by_alias=True)))
            raise InputError(f"draws.instead_of: '{path}' is not a number in a scenario{suggest(path, known)}")
        for value in (float(column.min()), float(column.max())):
            if not is_allowed(key, value):
                raise InputError(
                    f"draws.file: {scenario.draws.file}: {path}: {value:g} is out of range; allowed: {record.limits}"
                )


def shipped_tables() -> list[str]:
    """Names of the tables of draws that come with atmis."""
    return sorted(file.stem for file in (conf_folder() / FOLDER).glob("*.csv"))


@lru_cache(maxsize=8)
def _read_table(file: str, sha256: str) -> Columns:
    import numpy as np  # slow to import, so only once the words have been checked

    path = conf_folder() / FOLDER / f"{file}.csv" if file in shipped_tables() else Path(file)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"draws.file: {path} is larger than {_MOST_BYTES:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"draws.file: {path} cannot be read: {reason}{suggest(file, shipped_tables())}") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise InputError(f"draws.sha256: {path} has the hash {digest}, so it is not the file that is meant")
    try:
        head, _, rows = content.partition(b"\n")
        names = head.decode().strip().split(",")
        values = np.loadtxt(BytesIO(rows), delimiter=",", ndmin=2)
        table = dict(zip(names, values.T, strict=True))
    except ValueError as error:
        raise InputError(f"draws.file: {path} is not a table of numbers: {str(error).splitlines()[0]}") from None
    for name, column in table.items():
        if not (len(column) and np.isfinite(column).all()):
            raise InputError(f"draws.file: {path}: column '{name}' holds no numbers, or not in every row")
    return table


def _at(place: Any, path: Sequence[str]) -> Any:
    """What stands at a key of a scenario or of its data; None when there is no such entry."""
    for part in path:
        place = place.get(part) if isinstance(place, Mapping) else getattr(place, part, None)
    return place
