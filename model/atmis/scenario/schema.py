"""What the records know of a key: its fields, its bounds, the words that it may hold."""

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from atmis.scenario.scenario import Scenario

LIMITS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def is_field(path: Sequence[str]) -> bool:
    """Whether the records know a key, set or not."""
    return path[-1] in fields_at(Scenario, tuple(path[:-1]))


def _step(annotation: Any, part: Any) -> Any:
    """The annotation one step down a path."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if part in (name, info.alias):
                return info
        return None
    for choice in _flatten(annotation):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            found = _step(choice, part)
            if found is not None:
                return found
        elif getattr(choice, "__origin__", None) is dict:
            return get_args(choice)[1]
        elif getattr(choice, "__origin__", None) is list:
            return get_args(choice)[0]
    return None


def _flatten(annotation: Any) -> list[Any]:
    origin, args = getattr(annotation, "__origin__", None), get_args(annotation)
    if origin in (dict, list) or not args:
        return [annotation]
    return [choice for arg in args for choice in _flatten(arg) if not isinstance(arg, str)]


def _at(record: Any, loc: tuple[Any, ...]) -> Any:
    place: Any = record
    for part in loc:
        place = getattr(place, "annotation", place)
        place = _step(place, part)
        if place is None:
            return None
    return place


def fields_at(record: Any, loc: tuple[Any, ...]) -> list[str]:
    place = _at(record, loc)
    for choice in _flatten(getattr(place, "annotation", place)):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            return [info.alias or name for name, info in choice.model_fields.items()]
    return []


def bounds_at(record: Any, loc: tuple[Any, ...]) -> str:
    info = _at(record, loc)
    unit = (getattr(info, "json_schema_extra", None) or {}).get("unit", "-")
    found = [
        f"{words} {_number(getattr(item, name))}"
        for item in _constraints(info)
        for name, words in LIMITS.items()
        if getattr(item, name, None) is not None
    ]
    return ", ".join(dict.fromkeys(found)) + (f" ({unit})" if found and unit != "-" else "")


def words_at(record: Any, loc: tuple[Any, ...]) -> str:
    """The words that a key may have, where it may have only these."""
    annotation = getattr(_at(record, loc), "annotation", None)
    return f"; allowed: {', '.join(get_args(annotation))}" if get_origin(annotation) is Literal else ""


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def _constraints(annotation: Any) -> list[Any]:
    """The limits on a value by its annotation; of a value of several kinds those of the numbers."""
    if isinstance(annotation, FieldInfo):
        return [*annotation.metadata, *_constraints(annotation.annotation)]
    found = [limit for item in getattr(annotation, "__metadata__", ()) for limit in _constraints(item)]
    if getattr(annotation, "__origin__", None) not in (dict, list):
        found += [limit for arg in get_args(annotation) if not isinstance(arg, str) for limit in _constraints(arg)]
    return found
