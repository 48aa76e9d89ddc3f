"""Arguments of functions that users call from Python: taken, or refused in a sentence that names the argument."""

import os
from collections.abc import Sequence
from numbers import Integral
from pathlib import Path
from typing import Any

from atmis.scenario.errors import format_input

AnyPath = str | os.PathLike[str]


def as_path(given: AnyPath, name: str = "folder") -> Path:
    """A path that was given as text, as a Path, or as another object that stands for one.

    Parameters
    ----------
    given : str or os.PathLike
        The path.
    name : str
        Name of the argument, for the error.

    Raises
    ------
    TypeError, ValueError
        For anything else; for a text that is empty or holds a null character.
    """
    text = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a path, as text or pathlib.Path, not {described(given)}")
    if not text or "\0" in text:
        raise ValueError(f"{name} must be a path, not {format_input(text)}")
    return Path(text)


def as_texts(given: Any, name: str) -> list[str]:
    """Texts that were given in a list or the like; one that stands alone is one of them. Raises TypeError."""
    texts = [given] if isinstance(given, str) else list(given) if isinstance(given, Sequence) else [given]
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{name} must be a list of texts, not {described(given if text is given else text)}")
    return texts


def check_kind(given: Any, kind: Any, name: str, example: str) -> None:
    """Raise TypeError when an argument is not of a kind; `example` says where one is had."""
    if not isinstance(given, kind):
        raise TypeError(f"{name} must be of the kind {kind.__name__}, such as {example}, not {described(given)}")


def whole_number(given: Any, name: str, low: int, high: int) -> int:
    """A whole number in a range, Python's or NumPy's. Raises TypeError or ValueError."""
    wrong = f"{name} must be a whole number from {low:,} to {high:,}, not {described(given)}"
    if not is_whole(given):
        raise TypeError(wrong)
    if not low <= given <= high:
        raise ValueError(wrong)
    return int(given)


def is_whole(given: Any) -> bool:
    """Whether it is a whole number, Python's or NumPy's; True and False are none."""
    return isinstance(given, Integral) and not isinstance(given, bool)


def described(given: Any) -> str:
    """What was given: plain values as they are, other objects by their kind alone, for they may be long."""
    if given is None or isinstance(given, bool | int | float | str | bytes):
        return "None" if given is None else format_input(given)
    return f"a {type(given).__name__}"
