"""The lock of a folder, for one process at a time: released when the process ends, however it ends."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from atmis.scenario.errors import InputError
from atmis.storage.files import as_input_error, write_bytes
from atmis.storage.folders import CHUNKS

LOCK, HOLDER = ".lock", ".holder.json"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Make a folder and hold its lock. Raises InputError when another process holds it."""
    lock = FileLock(folder / LOCK)
    with as_input_error(folder):
        (folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:  # an OSError too
            by_whom = _holder_in_words(folder)
            raise InputError(f"{folder} is in use{by_whom}; wait for it, or give another sweep.name=") from None
    try:
        holder = {"process": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        write_bytes(folder / HOLDER, json.dumps(holder).encode())
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder_in_words(folder: Path) -> str:
    """The process that holds the lock, for a message."""
    try:
        holder = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        return f" by process {int(holder['process'])} since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return " by another process"
