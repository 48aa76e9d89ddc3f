"""Every number, date and switch of a scenario, taken from the records themselves, with its allowed range."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

# Geometry acts through distances in km, which tests of reach_km and relocation.distance cover.
GEOMETRY = ("centroid", "outline", "at")
UNBOUNDED = (0.0, 1e6)


class SettableValue(NamedTuple):
    """A value that can be set."""

    path: str
    owner: str  # record and field
    value: Any
    low: float
    high: float


def settable_values(record: BaseModel, path: str = "") -> Iterator[SettableValue]:
    """Every number, date and switch below a record."""
    kind = getattr(record, "kind", type(record).__name__)
    for name, info in type(record).model_fields.items():
        below = f"{path}.{info.alias or name}".lstrip(".")
        if name not in GEOMETRY:
            yield from values_below(
                getattr(record, name), below, f"{kind}.{name}", _bounds(info.metadata, info.annotation)
            )


def values_below(value: Any, path: str, owner: str, bounds: tuple[float, float] = UNBOUNDED) -> Iterator[SettableValue]:
    """The same for a value of any type."""
    if isinstance(value, BaseModel):
        yield from settable_values(value, path)
    elif isinstance(value, dict):
        for name in _representatives(value):
            yield from values_below(value[name], f"{path}.{name}", owner, bounds)
    elif isinstance(value, list):
        for k, item in enumerate(value):
            yield from values_below(item, f"{path}.{k}", owner, bounds)
    elif isinstance(value, bool | int | float | date):
        yield SettableValue(path, owner, value, *bounds)


def _representatives(entries: dict[str, Any]) -> list[str]:
    """One zone, base, contingent and border of each kind; of everything else all."""
    kinds: dict[str, str] = {}
    for name, entry in entries.items():
        of_theatre = type(entry).__module__.endswith(".ground")
        kind = f"{getattr(entry, 'kind', '')} {getattr(entry, 'country', '')}" if of_theatre else name
        if not (of_theatre and getattr(entry, "fighters", 1) == 0):
            kinds.setdefault(kind, name)
    return list(kinds.values())


def _bounds(metadata: Any, annotation: Any) -> tuple[float, float]:
    """Lowest and highest value by a field's annotation; just inside a bound that is not itself allowed."""
    low, high = UNBOUNDED
    constraints = list(metadata)
    for part in (annotation, *get_args(annotation)):
        if get_origin(part) is Annotated:
            constraints += get_args(part)[1:]
    for bound in [each for item in constraints for each in getattr(item, "metadata", [item])]:
        low = bound.ge if isinstance(bound, Ge) else bound.gt + 1e-4 if isinstance(bound, Gt) else low
        high = bound.le if isinstance(bound, Le) else bound.lt - 1e-4 if isinstance(bound, Lt) else high
    return float(low), float(high)
