"""What the records say about a number, by its key: meaning, unit, range, sourcing and sources."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from atmis.scenario.scenario import Scenario

# Bounds by their names in a JSON schema (pydantic keeps its own names for those of a list's items).
_LOWER = {"minimum": "[", "ge": "[", "exclusiveMinimum": "("}
_UPPER = {"maximum": "]", "le": "]", "exclusiveMaximum": ")"}


class Quantity(NamedTuple):
    """What the records say about a number."""

    what: str
    unit: str
    limits: str
    sourcing: str
    sources: list[str]
    inherited: bool  # class and source are keys of the YAML entry that holds it


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema()


def _choices(place: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A part of the schema with its reference followed; for a union, each of its members."""
    if "$ref" in place:
        place = _schema()["$defs"][place["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" not in place:
        yield place
    for part in place.get("anyOf", []):
        yield from _choices(part)


def find_quantity(path: Sequence[str]) -> Quantity | None:
    """What the records say about the number at a key; None when there is no such number."""
    place, inherited = _place(path)
    if "unit" not in place:
        return None
    return Quantity(place["description"], place["unit"], _limits(place), place["class"], place["source"], inherited)


def is_allowed(path: Sequence[str], value: float) -> bool:
    """Whether a value is in the range of the number at a key."""
    place, _ = _place(path)
    low, high = place.get("minimum", value), place.get("maximum", value)
    above, below = place.get("exclusiveMinimum", -math.inf), place.get("exclusiveMaximum", math.inf)
    return bool(low <= value <= high and above < value < below)


def is_continuous(path: Sequence[str]) -> bool:
    """Whether the records have a number at a key that need not be whole."""
    place, _ = _place(path)
    return any(choice.get("type") == "number" for choice in _choices(place))


def _place(path: Sequence[str]) -> tuple[Mapping[str, Any], bool]:
    """The part of the schema at a key, empty when there is none; and whether its entry has class and source."""
    place: Any = _schema()
    inherited = False
    for key in path:
        below: Any = None
        for choice in _choices(place):
            fields = choice.get("properties", {})
            inherited = inherited or {"class", "source"} <= fields.keys()
            below = below or fields.get(key) or next(iter(choice.get("patternProperties", {}).values()), None)
        if below is None:
            return {}, False
        place = below
    return place, inherited


def _limits(place: Mapping[str, Any]) -> str:
    place = place.get("items", place)
    ends = [f"{sign}{format_number(place[key])}" for key, sign in _LOWER.items() if key in place]
    ends += [f"{format_number(place[key])}{sign}" for key, sign in _UPPER.items() if key in place]
    return ", ".join(ends)


def format_number(value: Any) -> str:
    """A number, or a list of numbers, in short form."""
    if isinstance(value, list):
        alike = len(set(value)) == 1
        return (
            f"{len(value)} × {format_number(value[0])}" if alike else ", ".join(format_number(item) for item in value)
        )
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def iter_numbers(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Key and value of every number below a key that the records describe."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from iter_numbers(value, (*path, key))
    elif find_quantity(path):
        yield path, data


def value_at(data: Any, path: Sequence[str]) -> Any:
    """The value at a key."""
    for key in path:
        data = data[key]
    return data
