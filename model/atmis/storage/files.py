"""Atomic files: written whole or not at all, with a one-sentence InputError where that fails."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.errors import InputError

SEAL = "sha256"  # key of the hash in a file that carries its own
_REASONS = {
    FileExistsError: "a file stands where a folder is needed",
    NotADirectoryError: "a file stands where a folder is needed",
    FileNotFoundError: "the folder does not exist",
    PermissionError: "no permission",
}


@contextmanager
def as_input_error(path: Path) -> Iterator[None]:
    """Turn an OSError about a file or folder into an InputError of one sentence."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(type(error)) or (error.strerror or str(error)).lower()
        raise InputError(f"{path} cannot be written: {reason}") from None


def make_folder(folder: AnyPath) -> Path:
    """A folder, made where it is missing. Raises InputError when it cannot be made, TypeError for what is no path."""
    path = as_path(folder)
    with as_input_error(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def write_file(path: Path, fill: Callable[[BinaryIO], Any]) -> None:
    """Write a file under another name, force it to disk and rename it.

    Parameters
    ----------
    path : where the file is to be
    fill : writes the content into the open binary file

    Raises
    ------
    InputError
        When the file cannot be written; nothing is left behind.
    """
    # Not the process id alone: processes on two machines may have the same.
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:12]}.unfinished")
    with as_input_error(path):
        try:
            with unfinished.open("wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes as a file, as `write_file` does."""
    write_file(path, lambda file: file.write(content))


def remove(path: Path) -> None:
    """Remove a file, if it exists. Raises InputError when that fails."""
    with as_input_error(path):
        path.unlink(missing_ok=True)


def to_sealed_json(content: Mapping[str, Any]) -> bytes:
    """Plain data as JSON text in UTF-8, with a hash of itself under the key SEAL."""
    return (json.dumps({**content, SEAL: _hash(content)}, indent=2, ensure_ascii=False) + "\n").encode()


def read_sealed_json(path: Path) -> dict[str, Any]:
    """Read a file of `to_sealed_json`, without its hash. Raises InputError when the content does not match the hash."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    return parse_sealed_json(text, path)


def parse_sealed_json(text: str, origin: object) -> dict[str, Any]:
    """Read the text of `to_sealed_json`, without its hash. Raises InputError that names the origin when damaged."""
    try:
        content = json.loads(text)
        if content.pop(SEAL) == _hash(content):
            return dict(content)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        pass
    raise InputError(f"{origin} is damaged: it is not what atmis wrote")


def to_sealed_page(page: bytes) -> bytes:
    """A page in HTML with a comment at its end that holds the hash of what precedes it."""
    return page + _seal_of(page)


def is_sealed_page(content: bytes) -> bool:
    """Whether a page is as `to_sealed_page` made it."""
    page = content[: content.rfind(b"<!-- sha256 ")]
    return content == page + _seal_of(page)


def _seal_of(page: bytes) -> bytes:
    return f"<!-- sha256 {hashlib.sha256(page).hexdigest()} -->\n".encode()


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
