"""The strict constructor: plain data in, a scenario out, or one sentence that says what is wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from atmis.scenario import drawn
from atmis.scenario.errors import InputError, as_written, nearest, shortened
from atmis.scenario.fields import MONTH, SHA256
from atmis.scenario.origin import Origin
from atmis.scenario.scenario import Scenario
from atmis.scenario.schema import LIMITS, bounds_at, fields_at, words_at
from atmis.scenario.settings import Settings

_MOST_TOLD = 3  # faults beyond the first that are named
_NAME = "is no name; allowed: small letters, digits and _, a letter first"
_FORMS = {  # what else a text may have to look like
    MONTH: "is no month; allowed: year and month, such as 2015-03",
    SHA256: "is no hash; allowed: 64 hexadecimal digits",
}
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
_WRONG_KIND = tuple(kind for kind in _KINDS if kind != "finite_number")


def build(data: Mapping[str, Any], origin: Origin | None = None) -> Scenario:
    """A scenario from composed data; keys of Settings are left aside."""
    return build_all(data, origin)[0]


def build_all(
    data: Mapping[str, Any], origin: Origin | None = None, settings: type[Settings] = Settings
) -> tuple[Scenario, Any]:
    """A scenario and, when the data holds any of them, its settings. Raises InputError with one sentence."""
    known = [*Scenario.model_fields, *settings.model_fields]
    for key in data:
        if key not in known:
            raise InputError(f"{_where(origin, (key,))}unknown key '{key}'{nearest(key, known)}")
    rest = {key: data[key] for key in settings.model_fields if key in data}
    scenario = checked(Scenario, {key: data[key] for key in Scenario.model_fields if key in data}, origin)
    try:
        drawn.check(scenario)
    except InputError as error:
        raise InputError(origin.located(str(error)) if origin else str(error)) from None
    return scenario, checked(settings, rest, origin) if rest else None


def checked(record: Any, data: Mapping[str, Any], origin: Origin | None = None) -> Any:
    """A record from plain data. Raises InputError with one sentence."""
    try:
        return record.model_validate(data)
    except ValidationError as error:
        faults = _grouped(error.errors(include_url=False), data)
        first = next((group for group in faults if group[0]["type"] != "missing"), faults[0])
        others = [group for group in faults if group is not first]
        raise InputError(_sentence(record, first, data, origin) + _more(others, data)) from None


def _more(faults: list[list[Any]], data: Any) -> str:
    """How many other faults there are, and the first of them by their keys."""
    keys = [".".join(str(part) for part in _real_path(group[0], data)) for group in faults]
    told = [shortened(key) for key in keys[:_MOST_TOLD]] + ["..."] * (len(keys) > _MOST_TOLD)
    return f" (and {len(keys)} more: {', '.join(told)})" if keys else ""


def _grouped(faults: list[Any], data: Any) -> list[list[Any]]:
    """Faults by the key that they are about: a value that may be of several kinds has a fault for each of them."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for fault in faults:
        groups.setdefault(_real_path(fault, data), []).append(fault)
    # A fault inside a block says more than one that wants something else in place of the block.
    return [group for path, group in groups.items() if not any(other[: len(path)] == path != other for other in groups)]


def _sentence(record: Any, faults: list[Any], data: Mapping[str, Any], origin: Origin | None) -> str:
    loc = _real_path(faults[0], data)
    key, where = ".".join(str(part) for part in loc), _where(origin, loc)
    fault = next((fault for fault in faults if fault["type"] not in _KINDS), faults[0])
    fault = next((fault for fault in faults if fault["type"] == "finite_number"), fault)
    if len(faults) > 1 and fault["type"] in (*_WRONG_KIND, "literal_error"):  # a value may be of several kinds
        bounds = bounds_at(record, loc)
        allowed = f"{_of_kinds(faults)}; allowed: {bounds}" if bounds else _of_kinds(faults)
        return f"{where}{key}: {as_written(_at_path(data, loc))} is not {allowed}{_hint(fault['input'])}"
    kind, context, value = fault["type"], fault.get("ctx", {}), as_written(_at_path(data, loc))
    if kind == "extra_forbidden":
        return f"{where}unknown key '{key}'{nearest(str(loc[-1]), fields_at(record, loc[:-1]))}"
    if kind == "missing":
        return f"{where}key '{key}' is missing{words_at(record, loc)}"
    if kind in ("too_short", "too_long"):
        lowest, highest = context.get("min_length"), context.get("max_length")
        allowed = f"at least {lowest}" if lowest is not None else f"at most {highest}"
        return f"{where}{key}: has {context['actual_length']} items; allowed: {allowed}"
    if kind in ("string_too_short", "string_too_long"):
        allowed = "a text that is not empty" if "min_length" in context else f"at most {context['max_length']} letters"
        return f"{where}{key}: {value} is too {'short' if 'min_length' in context else 'long'}; allowed: {allowed}"
    if kind == "string_pattern_mismatch":
        return f"{where}{key}: {value} {_FORMS.get(context['pattern'], _NAME)}"
    limit = next((name for name in LIMITS if name in context), None)
    if limit is not None:
        bounds = bounds_at(record, loc) or f"{LIMITS[limit]} {context[limit]:,.10g}"
        return f"{where}{key}: {value} is out of range; allowed: {bounds}"
    if kind in ("literal_error", "enum"):
        hint = nearest(str(fault["input"]), _choices(context)) if isinstance(fault["input"], str) else ""
        return f"{where}{key}: {value} is not one of {context['expected']}{hint if 'mean' in hint else ''}"
    if kind == "value_error":
        return _of_validator(str(context["error"]), loc, value, data, origin)
    if kind in _KINDS:
        bounds = bounds_at(record, loc)
        allowed = f"; allowed: {bounds}" if bounds else ""
        if kind == "list_type" and re.fullmatch(r"\w{1,60}", str(fault["input"])):
            allowed = f"; write [{fault['input']}]"
        return f"{where}{key}: {value} is not {_KINDS[kind]}{allowed}{_hint(fault['input'])}"
    return f"{where}{key}: {value}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _of_kinds(faults: list[Any]) -> str:
    """The kinds that a value may be of, and the words that it may be."""
    kinds = [_KINDS[fault["type"]] for fault in faults if fault["type"] in _WRONG_KIND]
    if "a number" in kinds:
        kinds = [kind for kind in kinds if kind != "a whole number"]
    words = [fault["ctx"]["expected"] for fault in faults if fault["type"] == "literal_error"]
    return " or ".join(dict.fromkeys([*kinds, *words]))


def _of_validator(text: str, loc: tuple[Any, ...], value: str, data: Mapping[str, Any], origin: Origin | None) -> str:
    """The sentence of a validator: about a single value, about a name that is not there, or about a whole block."""
    key = ".".join(str(part) for part in loc)
    if text.startswith(("is ", "must ")) and not value.startswith("a block"):
        return f"{_where(origin, loc)}{key}: {value} {text}"
    named = re.match(r"([a-z]\w*(?:\.\w+)+)(?=[: ])", text)
    path = tuple(named[1].split(".")) if named and named[1].split(".")[0] in data else loc
    unknown, quoted = re.search(r"'([^']*)' is not known here", text), re.search(r"'([^']*)'", text)
    name = (unknown or quoted or ("", ""))[1]
    # Of several places that mention a name, the one that a user wrote is at fault.
    found = sorted(_mentions(name, data, path), key=lambda place: _rank(_where(origin, place))) if name else []
    if unknown and found:
        return f"{_where(origin, found[0])}{'.'.join(found[0])}: {text[unknown.start() :]}"
    if path is not loc:
        return f"{_where(origin, path)}{text}"
    return f"{_where(origin, found[0] if found else loc)}{key}: {text}"


def _rank(where: str) -> int:
    return 0 if where.startswith("override") else 2 if where.startswith("conf/") else 1


def _mentions(name: str, data: Any, loc: tuple[Any, ...]) -> list[tuple[str, ...]]:
    """Paths at or below a key of all values and keys that are a name."""
    found: list[tuple[str, ...]] = []
    _look(name, _at_path(data, loc), tuple(str(part) for part in loc), found)
    return found


def _at_path(data: Any, loc: Sequence[Any]) -> Any:
    for part in loc:
        inside = isinstance(data, Mapping) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        data = data[part] if inside else None
    return data


def _look(name: str, data: Any, path: tuple[str, ...], found: list[tuple[str, ...]]) -> None:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == name:
                found.append((*path, str(key)))
            _look(name, value, (*path, str(key)), found)
    elif isinstance(data, list):
        for value in data:
            _look(name, value, path, found)
    elif data == name:
        found.append(path)


def _hint(value: Any) -> str:
    return " (YAML reads yes, no, on and off as true or false; put a text in quotes)" if isinstance(value, bool) else ""


def _choices(context: Mapping[str, Any]) -> list[str]:
    return [choice.strip(" '") for choice in str(context["expected"]).replace(" or ", ", ").split(",")]


def _where(origin: Origin | None, loc: tuple[Any, ...]) -> str:
    place = origin.of_key([str(part) for part in loc]) if origin else None
    return f"{place}: " if place else ""


def _real_path(fault: Any, data: Any) -> tuple[Any, ...]:
    """The path of a fault without the steps that pydantic adds for the members of a union and for keys."""
    path: list[Any] = []
    loc: tuple[Any, ...] = fault["loc"]
    for step, part in enumerate(loc):
        missing = fault["type"] == "missing" and step == len(loc) - 1
        if isinstance(data, Mapping) and (part in data or missing):
            path.append(part)
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            path.append(part)
            data = data[part]
    return tuple(path)
