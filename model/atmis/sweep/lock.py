"""One process at a time in a folder: the lock ends with the process that holds it, however that ends."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from atmis.scenario.errors import InputError
from atmis.storage.files import in_a_sentence, put_bytes
from atmis.storage.folders import CHUNKS

LOCK, HOLDER = ".lock", ".holder.json"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make a folder, and hold it alone. Raises InputError when another process does."""
    lock = FileLock(folder / LOCK)
    with in_a_sentence(folder):
        (folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:  # an OSError too
            holder = _holder(folder)
            raise InputError(f"{folder} is in use{holder}; wait for it, or give another sweep.name=") from None
    try:
        about = {"process": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        put_bytes(folder / HOLDER, json.dumps(about).encode())
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        about = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        return f" by process {int(about['process'])} since {about['since']}"
    except (OSError, ValueError, KeyError):
        return " by another process"
