"""How two composed configurations differ, key by key."""

from collections.abc import Iterator
from typing import Any

_ABSENT = "-"
_ANNOTATIONS = ("class", "source", "note", "at", "outline")  # what accompanies numbers, and points of the map


def changed_keys(first: Any, second: Any) -> list[tuple[str, ...]]:
    """Keys that differ, except for names, notes and sources. Draws differ when their file does, or what they leave."""
    paths = [tuple(key.split(".")) for key, *_ in iter_differences(first, second)]
    changed = [path for path in paths if path[-1] not in _ANNOTATIONS and not _is_title(path)]
    keys = [path for path in changed if path[0] != "draws" or path == ("draws", "file")]
    left = _kept(first) ^ _kept(second)
    return keys + [("draws", "kept")] * (not left <= {".".join(key) for key in keys})


def changed_parts(first: Any, second: Any) -> list[str]:
    """The parts that differ, each once; the plan counts as one part."""
    return list(dict.fromkeys(".".join(key[: 1 if key[0] == "plan" else 2]) for key in changed_keys(first, second)))


def _kept(data: Any) -> set[str]:
    """The parameters that draws leave alone."""
    return set(data.get("draws", {}).get("kept", []))


def _is_title(path: tuple[str, ...]) -> bool:
    """Whether a key is the name of a choice or the sentence of what it assumes."""
    return len(path) == 2 and path[-1] in ("name", "assumes")


def iter_differences(first: Any, second: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every leaf that differs, as (dotted key, value in the first, value in the second); '-' where there is none."""
    ends = (first, second)
    if {} in ends and (_ABSENT in ends or None in ends):  # an empty entry is an entry all the same
        yield path, _text(first), _text(second)
    elif isinstance(first, dict) or isinstance(second, dict):
        left = first if isinstance(first, dict) else {}
        right = second if isinstance(second, dict) else {}
        for key in dict.fromkeys([*left, *right]):
            below = f"{path}.{key}" if path else str(key)
            yield from iter_differences(left.get(key, _ABSENT), right.get(key, _ABSENT), below)
    elif first != second and {first if _plain(first) else 0, second if _plain(second) else 0} != {None, _ABSENT}:
        yield path, _text(first), _text(second)


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _text(value: Any) -> str:
    return "null" if value is None else str(value)
