"""Build scenarios and settings from plain data, or say in one sentence what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from atmis.scenario import drawn
from atmis.scenario.errors import InputError, format_input, shorten, suggest
from atmis.scenario.fields import MONTH, SHA256
from atmis.scenario.geography import BORDERLANDS, misplaced
from atmis.scenario.origin import Origin
from atmis.scenario.scenario import Scenario
from atmis.scenario.schema import LIMITS, bounds_at, choices_at, fields_at
from atmis.scenario.settings import Settings

_MOST_LISTED = 3  # further faults that are named
_NAME = "is not a name; allowed: small letters, digits and _, a letter first"
_FORMS = {  # by the pattern that a text must match
    MONTH: "is not a month; allowed: year and month, such as 2015-03",
    SHA256: "is not a hash; allowed: 64 hexadecimal digits",
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
    """Build a scenario from composed data; keys of the settings are ignored. Raises InputError."""
    return build_all(data, origin)[0]


def build_all(
    data: Mapping[str, Any], origin: Origin | None = None, settings: type[Settings] = Settings
) -> tuple[Scenario, Any]:
    """Build a scenario and settings from composed data.

    Parameters
    ----------
    data : mapping
        Plain data, as `compose` returns it.
    origin : Origin
        Where values come from, for error messages.
    settings : type of Settings
        The record to build the settings with; those of a verb.

    Returns
    -------
    scenario : Scenario
        The scenario.
    settings : Settings or None
        None when the data holds no settings.

    Raises
    ------
    InputError
        When a key is not known or missing, or a value is not allowed.
    """
    known = [*Scenario.model_fields, *settings.model_fields]
    for key in data:
        if key not in known:
            raise InputError(f"{_location(origin, (key,))}unknown key '{key}'{suggest(key, known)}")
    rest = {key: data[key] for key in settings.model_fields if key in data}
    scenario = build_record(Scenario, {key: data[key] for key in Scenario.model_fields if key in data}, origin)
    try:
        if sentence := misplaced(scenario.theatre, BORDERLANDS if origin else None):
            raise InputError(sentence)
        drawn.check_draws(scenario)
    except InputError as error:
        raise InputError(origin.locate_sentence(str(error)) if origin else str(error)) from None
    return scenario, build_record(settings, rest, origin) if rest else None


def build_record(record: Any, data: Mapping[str, Any], origin: Origin | None = None) -> Any:
    """Build a record from plain data. Raises InputError with one sentence."""
    try:
        return record.model_validate(data)
    except ValidationError as error:
        faults = _group_faults(error.errors(include_url=False), data)
        first = next((group for group in faults if group[0]["type"] != "missing"), faults[0])
        others = [group for group in faults if group is not first]
        raise InputError(_describe_fault(record, first, data, origin) + _list_further_faults(others, data)) from None


def _list_further_faults(faults: list[list[Any]], data: Any) -> str:
    """The number of further faults, and the keys of the first of them, to end a sentence with."""
    keys = [".".join(str(part) for part in _real_path(group[0], data)) for group in faults]
    listed = [shorten(key) for key in keys[:_MOST_LISTED]] + ["..."] * (len(keys) > _MOST_LISTED)
    return f" (and {len(keys)} more: {', '.join(listed)})" if keys else ""


def _group_faults(faults: list[Any], data: Any) -> list[list[Any]]:
    """Group faults by key: a value that may be of several kinds has a fault for each kind."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for fault in faults:
        groups.setdefault(_real_path(fault, data), []).append(fault)
    # A fault inside a block says more than a fault that expects something else than the block.
    return [group for path, group in groups.items() if not any(other[: len(path)] == path != other for other in groups)]


def _describe_fault(record: Any, faults: list[Any], data: Mapping[str, Any], origin: Origin | None) -> str:
    loc = _real_path(faults[0], data)
    key, location = ".".join(str(part) for part in loc), _location(origin, loc)
    fault = next((fault for fault in faults if fault["type"] not in _KINDS), faults[0])
    fault = next((fault for fault in faults if fault["type"] == "finite_number"), fault)
    if len(faults) > 1 and fault["type"] in (*_WRONG_KIND, "literal_error"):  # a value may be of several kinds
        bounds = bounds_at(record, loc)
        allowed = f"{_describe_kinds(faults)}; allowed: {bounds}" if bounds else _describe_kinds(faults)
        return f"{location}{key}: {format_input(_value_at(data, loc))} is not {allowed}{_boolean_hint(fault['input'])}"
    kind, context, value = fault["type"], fault.get("ctx", {}), format_input(_value_at(data, loc))
    if kind == "extra_forbidden":
        return f"{location}unknown key '{key}'{suggest(str(loc[-1]), fields_at(record, loc[:-1]))}"
    if kind == "missing":
        return f"{location}key '{key}' is missing{choices_at(record, loc)}"
    if kind in ("too_short", "too_long"):
        lowest, highest = context.get("min_length"), context.get("max_length")
        allowed = f"at least {lowest}" if lowest is not None else f"at most {highest}"
        return f"{location}{key}: has {context['actual_length']} items; allowed: {allowed}"
    if kind in ("string_too_short", "string_too_long"):
        allowed = "a text that is not empty" if "min_length" in context else f"at most {context['max_length']} letters"
        return f"{location}{key}: {value} is too {'short' if 'min_length' in context else 'long'}; allowed: {allowed}"
    if kind == "string_pattern_mismatch":
        return f"{location}{key}: {value} {_FORMS.get(context['pattern'], _NAME)}"
    limit = next((name for name in LIMITS if name in context), None)
    if limit is not None:
        bounds = bounds_at(record, loc) or f"{LIMITS[limit]} {context[limit]:,.10g}"
        return f"{location}{key}: {value} is out of range; allowed: {bounds}"
    if kind in ("literal_error", "enum"):
        hint = suggest(str(fault["input"]), _choices(context)) if isinstance(fault["input"], str) else ""
        return f"{location}{key}: {value} is not one of {context['expected']}{hint if 'mean' in hint else ''}"
    if kind == "value_error":
        return _describe_validator_error(str(context["error"]), loc, value, data, origin)
    if kind in _KINDS:
        bounds = bounds_at(record, loc)
        allowed = f"; allowed: {bounds}" if bounds else ""
        if kind == "list_type" and re.fullmatch(r"\w{1,60}", str(fault["input"])):
            allowed = f"; write [{fault['input']}]"
        return f"{location}{key}: {value} is not {_KINDS[kind]}{allowed}{_boolean_hint(fault['input'])}"
    return f"{location}{key}: {value}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _describe_kinds(faults: list[Any]) -> str:
    """The kinds and the words that are allowed for a value."""
    kinds = [_KINDS[fault["type"]] for fault in faults if fault["type"] in _WRONG_KIND]
    if "a number" in kinds:
        kinds = [kind for kind in kinds if kind != "a whole number"]
    words = [fault["ctx"]["expected"] for fault in faults if fault["type"] == "literal_error"]
    return " or ".join(dict.fromkeys([*kinds, *words]))


def _describe_validator_error(
    text: str, loc: tuple[Any, ...], value: str, data: Mapping[str, Any], origin: Origin | None
) -> str:
    """Locate the sentence of a validator: about a single value, an unknown name, or a whole block."""
    key = ".".join(str(part) for part in loc)
    if text.startswith(("is ", "must ")) and not value.startswith("a block"):
        return f"{_location(origin, loc)}{key}: {value} {text}"
    named = re.match(r"([a-z]\w*(?:\.\w+)+)(?=[: ])", text)
    path = tuple(named[1].split(".")) if named and named[1].split(".")[0] in data else loc
    unknown, quoted = re.search(r"'([^']*)' is not known here", text), re.search(r"'([^']*)'", text)
    name = (unknown or quoted or ("", ""))[1]
    # Of several places that mention a name, the one written by the user is at fault.
    mentions = (
        sorted(_paths_mentioning(name, data, path), key=lambda place: _location_rank(_location(origin, place)))
        if name
        else []
    )
    if unknown and mentions:
        return f"{_location(origin, mentions[0])}{'.'.join(mentions[0])}: {text[unknown.start() :]}"
    if path is not loc:
        return f"{_location(origin, path)}{text}"
    return f"{_location(origin, mentions[0] if mentions else loc)}{key}: {text}"


def _location_rank(location: str) -> int:
    return 0 if location.startswith("override") else 2 if location.startswith("conf/") else 1


def _paths_mentioning(name: str, data: Any, loc: tuple[Any, ...]) -> list[tuple[str, ...]]:
    """Paths, at or below a key, of all values and keys equal to a name."""
    mentions: list[tuple[str, ...]] = []
    _collect_mentions(name, _value_at(data, loc), tuple(str(part) for part in loc), mentions)
    return mentions


def _value_at(data: Any, loc: Sequence[Any]) -> Any:
    for part in loc:
        inside = isinstance(data, Mapping) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        data = data[part] if inside else None
    return data


def _collect_mentions(name: str, data: Any, path: tuple[str, ...], mentions: list[tuple[str, ...]]) -> None:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == name:
                mentions.append((*path, str(key)))
            _collect_mentions(name, value, (*path, str(key)), mentions)
    elif isinstance(data, list):
        for value in data:
            _collect_mentions(name, value, path, mentions)
    elif data == name:
        mentions.append(path)


def _boolean_hint(value: Any) -> str:
    return " (YAML reads yes, no, on and off as true or false; put a text in quotes)" if isinstance(value, bool) else ""


def _choices(context: Mapping[str, Any]) -> list[str]:
    return [choice.strip(" '") for choice in str(context["expected"]).replace(" or ", ", ").split(",")]


def _location(origin: Origin | None, loc: tuple[Any, ...]) -> str:
    place = origin.locate([str(part) for part in loc]) if origin else None
    return f"{place}: " if place else ""


def _real_path(fault: Any, data: Any) -> tuple[Any, ...]:
    """The path of a fault, without the steps that pydantic adds for members of a union and for keys."""
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
