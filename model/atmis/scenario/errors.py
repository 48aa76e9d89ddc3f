"""One clear sentence for bad input: file or override, key, value, what is allowed, the nearest right name."""

import difflib
from collections.abc import Iterable

_MOST_SHOWN = 80


class InputError(Exception):
    """Bad input by the user: one sentence, exit code 2, no traceback."""


def nearest(word: str, names: Iterable[str]) -> str:
    """'; did you mean 'x'?' with the nearest of the names, or '; known: ...' when none is near and they are few."""
    word, names = str(word), sorted(str(name) for name in names)
    close = [name for name in names if name.endswith(f".{word}")] or difflib.get_close_matches(
        word, names, n=1, cutoff=0.6
    )
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= 30 else ""


def as_written(value: object) -> str:
    """A value as a user would write it, shortened; of lists and blocks only what they are."""
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return shortened(repr(value))


def shortened(text: str) -> str:
    """A text without what would fill the screen."""
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
