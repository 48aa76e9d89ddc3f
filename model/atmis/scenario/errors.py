"""One clear sentence for bad input: file or override, key, value, what is allowed, the nearest right name."""

import difflib
from collections.abc import Iterable


class InputError(Exception):
    """Bad input by the user: one sentence, exit code 2, no traceback."""


def nearest(word: str, names: Iterable[str]) -> str:
    """'; did you mean 'x'?' with the nearest of the names, or '; known: ...' when none is near and they are few."""
    names = sorted(str(name) for name in names)
    close = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= 30 else ""
