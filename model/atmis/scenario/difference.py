"""How two composed configurations differ, key by key."""

from collections.abc import Iterator
from typing import Any

_ABSENT = "-"
_BESIDE = ("class", "source", "note", "at", "outline")  # what stands beside numbers, and points of the map


def changed(first: Any, second: Any) -> list[tuple[str, ...]]:
    """Keys that differ, but names, notes and sources, which stand beside the others. Of draws the table says it all."""
    paths = [tuple(key.split(".")) for key, *_ in difference(first, second)]
    told = [path for path in paths if path[-1] not in _BESIDE and not _is_title(path)]
    return [path for path in told if path[0] != "draws" or path == ("draws", "file")]


def _is_title(path: tuple[str, ...]) -> bool:
    """Whether a key is the name of a choice or the sentence of what it assumes."""
    return len(path) == 2 and path[-1] in ("name", "assumes")


def difference(first: Any, second: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(dotted key, value in the first, value in the second) for every leaf that differs; '-' where there is none."""
    ends = (first, second)
    if {} in ends and (_ABSENT in ends or None in ends):  # an entry that says nothing more is one all the same
        yield path, _text(first), _text(second)
    elif isinstance(first, dict) or isinstance(second, dict):
        left = first if isinstance(first, dict) else {}
        right = second if isinstance(second, dict) else {}
        for key in dict.fromkeys([*left, *right]):
            below = f"{path}.{key}" if path else str(key)
            yield from difference(left.get(key, _ABSENT), right.get(key, _ABSENT), below)
    elif first != second and {first if _plain(first) else 0, second if _plain(second) else 0} != {None, _ABSENT}:
        yield path, _text(first), _text(second)


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _text(value: Any) -> str:
    return "null" if value is None else str(value)
