"""The strict constructor: plain data in, a scenario out, or one sentence that says what is wrong."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from atmis.scenario.errors import InputError, nearest
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import Settings

if TYPE_CHECKING:
    from atmis.scenario.origin import Origin

_LIMITS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
_KINDS = {
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "a text",
    "dict_type": "a block of keys",
    "list_type": "a list",
    "model_type": "a block of keys",
    "finite_number": "a finite number",
}


def build(data: Mapping[str, Any], origin: "Origin | None" = None) -> Scenario:
    """A scenario from composed data; keys of Settings are left aside."""
    return build_all(data, origin)[0]


def build_all(data: Mapping[str, Any], origin: "Origin | None" = None) -> tuple[Scenario, Settings | None]:
    """A scenario and, when the data holds any of them, its settings. Raises InputError with one sentence."""
    known = [*Scenario.model_fields, *Settings.model_fields]
    for key in data:
        if key not in known:
            raise InputError(f"{_where(origin, (key,))}unknown key '{key}'{nearest(key, known)}")
    rest = {key: data[key] for key in Settings.model_fields if key in data}
    scenario = _checked(Scenario, {key: data[key] for key in Scenario.model_fields if key in data}, origin)
    return scenario, _checked(Settings, rest, origin) if rest else None


def _checked(record: Any, data: Mapping[str, Any], origin: "Origin | None") -> Any:
    try:
        return record.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        first = min(faults, key=lambda fault: fault["type"] == "missing")
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise InputError(_sentence(record, first, data, origin) + more) from None


def _sentence(record: Any, fault: Any, data: Mapping[str, Any], origin: "Origin | None") -> str:
    loc = _real_path(fault["loc"], data)
    key, where = ".".join(str(part) for part in loc), _where(origin, loc)
    kind, context = fault["type"], fault.get("ctx", {})
    shown = repr(fault["input"]) if not isinstance(fault["input"], dict | list) else "a block"
    if kind == "extra_forbidden":
        names = _fields_at(record, loc[:-1])
        return f"{where}unknown key '{key}'{nearest(str(loc[-1]), names)}"
    if kind == "missing":
        return f"{where}key '{key}' is missing"
    limit = next((name for name in _LIMITS if name in context), None)
    if limit is not None:
        bounds = _bounds_at(record, loc) or f"{_LIMITS[limit]} {context[limit]:,.10g}"
        return f"{where}{key}: {shown} is out of range; allowed: {bounds}"
    if kind in ("literal_error", "enum"):
        hint = nearest(str(fault["input"]), _choices(context))
        return f"{where}{key}: {shown} is not one of {context['expected']}{hint}"
    if kind == "value_error":
        text = str(context["error"])
        named = re.match(r"([a-z]\w*(?:\.\w+)*): ", text)
        if named and named[1].split(".")[0] in record.model_fields:
            where = _where(origin, tuple(named[1].split(".")))
        # A sentence of a validator further up names its own key; one about a single value wants key and value.
        return (
            f"{where}{key}: {shown} {text}" if text.startswith(("is ", "must ")) else f"{where}{_lead(key, text)}{text}"
        )
    if kind in _KINDS:
        return f"{where}{key}: {shown} is not {_KINDS[kind]}"
    return f"{where}{key}: {shown}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _lead(key: str, text: str) -> str:
    return (
        f"{key}: " if key and not text.startswith(f"{key.split('.')[0]}.") and not text.startswith(f"{key}: ") else ""
    )


def _choices(context: Mapping[str, Any]) -> list[str]:
    return [choice.strip(" '") for choice in str(context["expected"]).replace(" or ", ", ").split(",")]


def _where(origin: "Origin | None", loc: tuple[Any, ...]) -> str:
    place = origin.of_key([str(part) for part in loc]) if origin else None
    return f"{place}: " if place else ""


def _real_path(loc: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    """The path of a fault without the steps that pydantic adds for the members of a union."""
    path: list[Any] = []
    for step, part in enumerate(loc):
        last = step == len(loc) - 1
        if isinstance(data, Mapping) and (part in data or last):
            path.append(part)
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            path.append(part)
            data = data[part] if part < len(data) else None
    return tuple(path)


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


def _fields_at(record: Any, loc: tuple[Any, ...]) -> list[str]:
    place = _at(record, loc)
    for choice in _flatten(getattr(place, "annotation", place)):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            return [info.alias or name for name, info in choice.model_fields.items()]
    return []


def _bounds_at(record: Any, loc: tuple[Any, ...]) -> str:
    info = _at(record, loc)
    metadata = getattr(info, "metadata", [])
    found = [
        f"{words} {getattr(item, name):,.10g}"
        for item in metadata
        for name, words in _LIMITS.items()
        if getattr(item, name, None) is not None
    ]
    unit = (getattr(info, "json_schema_extra", None) or {}).get("unit", "-")
    return ", ".join(found) + (f" ({unit})" if found and unit != "-" else "")
