"""The words of verbs that take a folder or a file and have keys of their own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.plain_numbers import parse_number


class VerbWords(NamedTuple):
    """The words of a verb: a folder, if there is one, the values of its own keys, and the other words as they are."""

    folder: Path | None
    keys: Mapping[str, str]
    rest: Sequence[str]

    def names(self, key: str, default: Sequence[str] = ()) -> list[str]:
        """The names listed by a key, each once: a,b or [a,b]."""
        names = self.keys.get(key, "").strip("[]").split(",")
        return list(dict.fromkeys(name.strip() for name in names if name.strip())) or list(default)

    def number(self, key: str, default: float) -> float:
        """The number given by a key. Raises InputError."""
        value = parse_number(self.keys[key]) if key in self.keys else default
        if value is not None:
            return value
        raise InputError(f"{key}: '{shorten(self.keys[key])}' is not a number")

    def flag(self, key: str) -> bool:
        """Whether a key is true, which is the default. Raises InputError."""
        if self.keys.get(key, "true") not in ("true", "false"):
            raise InputError(f"{key}: '{shorten(self.keys[key])}' is not true or false")
        return self.keys.get(key, "true") == "true"


def parse_words(words: Sequence[str], keys: Sequence[str]) -> VerbWords:
    """Sort words by kind; a first word without `=` or a leading `-` is a folder."""
    is_folder = bool(words) and "=" not in words[0] and not words[0].startswith(("-", "~", "+"))
    rest = words[1:] if is_folder else words
    own = {word.partition("=")[0]: word.partition("=")[2] for word in rest if word.partition("=")[0] in keys}
    others = [word for word in rest if word.partition("=")[0] not in keys]
    return VerbWords(Path(words[0]) if is_folder else None, own, others)


def require_folder(verb: str, request: VerbWords, keys: Sequence[str]) -> Path:
    """The folder. Raises InputError when there is none, or there are other words than keys of the verb."""
    if request.folder is None:
        raise InputError(f"{verb} needs the folder of a finished sweep, for example: atmis {verb} results/sweep/border")
    if not request.folder.is_dir():
        raise InputError(f"{request.folder}: there is no such folder")
    if request.rest:
        word = request.rest[0].partition("=")[0]
        raise InputError(f"{verb} of a folder: '{shorten(word)}' has no meaning here{suggest(word, keys)}")
    return request.folder
