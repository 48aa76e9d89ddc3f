"""What the records say about a key: its fields, its bounds, the words that are allowed."""

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from atmis.scenario.scenario import Scenario

LIMITS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def is_field(path: Sequence[str]) -> bool:
    """Whether the records have a field at a key, set or not."""
    return path[-1] in fields_at(Scenario, tuple(path[:-1]))


def _child(annotation: Any, part: Any) -> Any:
    """The annotation or field at a key below an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if part in (name, info.alias):
                return info
        return None
    for choice in _flatten(annotation):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            child = _child(choice, part)
            if child is not None:
                return child
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


def _field_at(record: Any, loc: tuple[Any, ...]) -> Any:
    place: Any = record
    for part in loc:
        place = getattr(place, "annotation", place)
        place = _child(place, part)
        if place is None:
            return None
    return place


def fields_at(record: Any, loc: tuple[Any, ...]) -> list[str]:
    """Names of the fields of the record at a path, as YAML writes them."""
    place = _field_at(record, loc)
    for choice in _flatten(getattr(place, "annotation", place)):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            return [info.alias or name for name, info in choice.model_fields.items()]
    return []


def bounds_at(record: Any, loc: tuple[Any, ...]) -> str:
    """The bounds of the number at a path in words, with its unit; empty when there are none."""
    info = _field_at(record, loc)
    unit = (getattr(info, "json_schema_extra", None) or {}).get("unit", "-")
    limits = [
        f"{words} {_number(getattr(item, name))}"
        for item in _constraints(info)
        for name, words in LIMITS.items()
        if getattr(item, name, None) is not None
    ]
    return ", ".join(dict.fromkeys(limits)) + (f" ({unit})" if limits and unit != "-" else "")


def choices_at(record: Any, loc: tuple[Any, ...]) -> str:
    """The words allowed at a path, to end a sentence with; empty when others are allowed too."""
    annotation = getattr(_field_at(record, loc), "annotation", None)
    return f"; allowed: {', '.join(get_args(annotation))}" if get_origin(annotation) is Literal else ""


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def _constraints(annotation: Any) -> list[Any]:
    """The limits in an annotation; for a union those of its numbers."""
    if isinstance(annotation, FieldInfo):
        return [*annotation.metadata, *_constraints(annotation.annotation)]
    limits = [limit for item in getattr(annotation, "__metadata__", ()) for limit in _constraints(item)]
    if getattr(annotation, "__origin__", None) not in (dict, list):
        limits += [limit for arg in get_args(annotation) if not isinstance(arg, str) for limit in _constraints(arg)]
    return limits
