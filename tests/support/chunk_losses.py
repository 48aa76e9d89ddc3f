"""A cleaner of temporary files at work during a sweep: after some writes it takes a chunk file away, or spoils it."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atmis.storage import files


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes() or b"\0")
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def move_away(path: Path) -> None:
    path.rename(path.parents[1] / f"{path.name}.moved")


def rename(path: Path) -> None:
    """Give it the runs of another chunk."""
    path.rename(path.with_name(f"000000900-000000904.{path.name.partition('.')[2]}"))


WAYS = (remove, empty, spoil, move_away, rename)


class Here:
    """Does tasks one by one in this thread."""

    def run(self, work, tasks):
        for task in list(tasks):
            yield task, work(task)


@contextmanager
def cleaner(folder: Path, chance: random.Random, share: float) -> Iterator[list[str]]:
    """After a share of all writes below a folder, harm one of its chunk files; yields the names of those harmed."""
    whole, harmed = os.replace, list[str]()

    def replace(source, target) -> None:
        whole(source, target)
        chunks = sorted((folder / "chunks").glob("*.parquet"))
        if chunks and chance.random() < share:
            path = chance.choice(chunks)
            chance.choice(WAYS)(path)
            harmed.append(path.name)

    files.os.replace = replace
    try:
        yield harmed
    finally:
        files.os.replace = whole
