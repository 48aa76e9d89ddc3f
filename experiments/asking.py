"""The words of a verb that asks a finished sweep something: a folder, and keys of its own."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from atmis.scenario.errors import InputError, nearest, shortened


class Asked(NamedTuple):
    """What is asked: of which folder, if any is named, and what the keys say; the other words as they are."""

    folder: Path | None
    keys: Mapping[str, str]
    rest: Sequence[str]

    def several(self, key: str, otherwise: Sequence[str] = ()) -> list[str]:
        """The names that a key lists: a,b or [a,b]."""
        names = self.keys.get(key, "").strip("[]").split(",")
        return list(dict.fromkeys(name.strip() for name in names if name.strip())) or list(otherwise)

    def number(self, key: str, otherwise: float) -> float:
        """The number that a key says. Raises InputError."""
        with suppress(ValueError):
            value = float(self.keys.get(key, otherwise))
            if math.isfinite(value):
                return value
        raise InputError(f"{key}: '{shortened(self.keys[key])}' is not a number")

    def flag(self, key: str) -> bool:
        """Whether a key says true, as it does when nothing is said. Raises InputError."""
        if self.keys.get(key, "true") not in ("true", "false"):
            raise InputError(f"{key}: '{shortened(self.keys[key])}' is not true or false")
        return self.keys.get(key, "true") == "true"


def asked(words: Sequence[str], keys: Sequence[str]) -> Asked:
    """Words sorted: a first word without `=` or `-` is a folder."""
    is_folder = bool(words) and "=" not in words[0] and not words[0].startswith(("-", "~", "+"))
    rest = words[1:] if is_folder else words
    own = {word.partition("=")[0]: word.partition("=")[2] for word in rest if word.partition("=")[0] in keys}
    others = [word for word in rest if word.partition("=")[0] not in keys]
    return Asked(Path(words[0]) if is_folder else None, own, others)


def only(verb: str, found: Asked, keys: Sequence[str]) -> Path:
    """The folder, when nothing else is said than keys. Raises InputError."""
    if found.folder is None:
        raise InputError(f"{verb} needs the folder of a finished sweep, for example: atmis {verb} results/sweep/border")
    if not found.folder.is_dir():
        raise InputError(f"{found.folder}: there is no such folder")
    if found.rest:
        word = found.rest[0].partition("=")[0]
        raise InputError(f"{verb} of a folder: '{shortened(word)}' says nothing here{nearest(word, keys)}")
    return found.folder
