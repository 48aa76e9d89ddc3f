"""What the records say of a number that can be set: meaning, unit, range, class and source, by its key."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from atmis.scenario.scenario import Scenario

# Bounds by their names in a JSON schema (pydantic keeps its own names for those of a list's items).
_LOWER = {"minimum": "[", "ge": "[", "exclusiveMinimum": "("}
_UPPER = {"maximum": "]", "le": "]", "exclusiveMaximum": ")"}


class Quantity(NamedTuple):
    """What the records say of a number."""

    what: str
    unit: str
    limits: str
    standing: str
    sources: list[str]
    inherited: bool  # class and source are keys of the YAML entry that it stands in


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema()


def _choices(place: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A piece of the schema with its reference followed; for a union, each of its members."""
    if "$ref" in place:
        place = _schema()["$defs"][place["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" not in place:
        yield place
    for part in place.get("anyOf", []):
        yield from _choices(part)


def quantity(path: Sequence[str]) -> Quantity | None:
    """What the records say of the number at a key, None when the key holds no such number."""
    place, inherited = _place(path)
    if "unit" not in place:
        return None
    return Quantity(place["description"], place["unit"], _limits(place), place["class"], place["source"], inherited)


def is_allowed(path: Sequence[str], value: float) -> bool:
    """Whether the number at a key may have a value, by its range alone."""
    place, _ = _place(path)
    return place.get("minimum", value) <= value <= place.get("maximum", value) and place.get(
        "exclusiveMinimum", -math.inf
    ) < value < place.get("exclusiveMaximum", math.inf)


def _place(path: Sequence[str]) -> tuple[Mapping[str, Any], bool]:
    """The piece of the schema at a key, empty where there is none; and whether class and source stand around it."""
    place: Any = _schema()
    inherited = False
    for key in path:
        found: Any = None
        for choice in _choices(place):
            fields = choice.get("properties", {})
            inherited = inherited or {"class", "source"} <= fields.keys()
            found = found or fields.get(key) or next(iter(choice.get("patternProperties", {}).values()), None)
        if found is None:
            return {}, False
        place = found
    return place, inherited


def _limits(place: Mapping[str, Any]) -> str:
    place = place.get("items", place)
    ends = [f"{sign}{show(place[key])}" for key, sign in _LOWER.items() if key in place]
    ends += [f"{show(place[key])}{sign}" for key, sign in _UPPER.items() if key in place]
    return ", ".join(ends)


def show(value: Any) -> str:
    """A number, or a list of numbers, in few signs."""
    if isinstance(value, list):
        alike = len(set(value)) == 1
        return f"{len(value)} × {show(value[0])}" if alike else ", ".join(show(item) for item in value)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def numbers(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Key and value of every number below a key of a scenario that the records describe."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, (*path, key))
    elif quantity(path):
        yield path, data


def at(data: Any, path: Sequence[str]) -> Any:
    """What stands at a key."""
    for key in path:
        data = data[key]
    return data
