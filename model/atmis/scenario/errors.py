"""Errors of users in one sentence: file or override, key, value, what is allowed, the nearest valid name."""

from collections.abc import Iterable

_MOST_SHOWN = 80


class InputError(Exception):
    """An error in what a user gave: a scenario, an override, a file or a folder.

    Its text is one sentence that names the file or override, the key, the value, what is allowed, and the nearest valid
    name. The command line prints it without a traceback and exits with code 2.

    Examples
    --------
    >>> import atmis
    >>> try:
    ...     atmis.load("planed")
    ... except atmis.InputError as error:
    ...     print(str(error).split(";")[1].strip())
    did you mean 'planned'?
    """


def suggest(word: str, names: Iterable[str]) -> str:
    """A hint to end a sentence with: '; did you mean 'x'?', or '; known: ...' when no name is close but few exist."""
    word, names = str(word), sorted(str(name) for name in names)
    from difflib import get_close_matches  # takes a tenth of the time of `atmis --help` to load

    close = [name for name in names if name.endswith(f".{word}")] or get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= 30 else ""


def format_input(value: object) -> str:
    """A value as a user would write it, cut short; for a list or a block only what it is."""
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return shorten(repr(value))


def shorten(text: str) -> str:
    """A text cut short so that it does not fill the screen."""
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
