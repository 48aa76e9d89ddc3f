"""Files that are written at once or not at all, and a sentence where they cannot be."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from atmis.scenario.errors import InputError

SEAL = "sha256"  # key of the hash in a file that carries its own
_REASONS = {
    FileExistsError: "a file stands where a folder is needed",
    NotADirectoryError: "a file stands where a folder is needed",
    FileNotFoundError: "the folder does not exist",
    PermissionError: "no permission",
}


@contextmanager
def in_a_sentence(path: Path) -> Iterator[None]:
    """Turn what the system says of a file or folder into an InputError."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(type(error)) or (error.strerror or str(error)).lower()
        raise InputError(f"{path} cannot be written: {reason}") from None


def put(path: Path, fill: Callable[[BinaryIO], Any]) -> None:
    """Write a file under another name, force it to disk and rename it. Raises InputError when that cannot be."""
    # Not the number of the process alone: processes on two machines may have the same.
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:12]}.unfinished")
    with in_a_sentence(path):
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


def put_bytes(path: Path, content: bytes) -> None:
    """The same for what is in memory."""
    put(path, lambda file: file.write(content))


def remove(path: Path) -> None:
    """Remove a file, if it is there. Raises InputError when that cannot be."""
    with in_a_sentence(path):
        path.unlink(missing_ok=True)


def sealed(content: Mapping[str, Any]) -> bytes:
    """Plain data as JSON, with a hash of itself."""
    return (json.dumps({**content, SEAL: _hash(content)}, indent=2, ensure_ascii=False) + "\n").encode()


def unsealed(path: Path) -> dict[str, Any]:
    """What `sealed` made, read back. Raises InputError when it is not what was written."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop(SEAL) == _hash(content):
            return dict(content)
    except (OSError, ValueError, KeyError, AttributeError):
        pass
    raise InputError(f"{path} is damaged: it is not what atmis wrote")


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
