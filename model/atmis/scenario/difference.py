"""How two composed configurations differ, key by key."""

from collections.abc import Iterator
from typing import Any

_ABSENT = "-"


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
