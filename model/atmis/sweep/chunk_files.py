"""The parts of a sweep on disk: immutable Parquet files, each named by its runs and by the hash of its bytes.

A chunk is a range of runs. Its files are written at once or not at all, the summary last: where that is, the chunk is
complete. A file that does not hash to its name is none.
"""

import hashlib
import io
import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from atmis.storage.files import in_a_sentence, put_bytes, remove
from atmis.storage.folders import CHUNKS

SUMMARY, MONTHLY, BASES, COUNTS, PATTERNS, FAILURES = KINDS = (
    "summary", "monthly", "bases", "counts", "patterns", "failures",
)  # fmt: skip
_NAME = re.compile(r"(\d{9})-(\d{9})\.([a-z]+)\.([0-9a-f]{16})\.parquet")
_BEGUN = re.compile(r"\.(\d{9})-(\d{9})\.begun")


class File(NamedTuple):
    """A file of a chunk, by its name."""

    path: Path
    runs: range
    kind: str
    digest: str


def files(folder: Path, *kinds: str) -> list[File]:
    """Files of the chunks of a sweep, in the order of their runs; all kinds when none is named.

    A chunk that was given up as hung may be written after all, when its runs have been run again one by one: then it
    is the chunk that counts, for both hold the same.
    """
    found = _all(folder)
    complete = _apart(file.runs for file in found if file.kind == SUMMARY)
    return [file for file in found if file.kind in (kinds or KINDS) and not _is_doubled(file.runs, complete)]


def write(folder: Path, runs: range, tables: dict[str, pa.Table]) -> list[Path]:
    """Write the tables of a chunk by kind, the summary last. Raises InputError."""
    order = [kind for kind in (*KINDS[1:], SUMMARY) if kind in tables]
    return [_put(folder / CHUNKS, runs, kind, _bytes(tables[kind])) for kind in order]


def is_whole(file: File) -> bool:
    """Whether the bytes of a file are those that it was written with."""
    with suppress(OSError), file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16] == file.digest
    return False


def read(found: Iterable[File], columns: list[str] | None = None) -> pa.Table | None:
    """The files as one table, None where there is none."""
    tables = [_read(file.path, columns) for file in found]
    return pa.concat_tables(tables) if tables else None


def _read(path: Path, columns: list[str] | None) -> pa.Table:
    with pq.ParquetFile(path) as stored:  # half the time of read_table, which looks for a data set first
        return stored.read(columns=columns, use_threads=False)


def begin(folder: Path, runs: range) -> None:
    """Note that a chunk is being run, so that one that takes the whole process with it is known. Raises InputError."""
    path = _note(folder, runs)
    with in_a_sentence(path):
        path.touch()


def begun(folder: Path) -> list[range]:
    """Chunks that were being run when a process died, in their order."""
    found = filter(None, (_BEGUN.fullmatch(name) for name in _names(folder / CHUNKS)))
    return sorted((range(int(one[1]), int(one[2])) for one in found), key=lambda runs: (runs.start, runs.stop))


def end(folder: Path, runs: range) -> None:
    """Take the note of `begin` away."""
    remove(_note(folder, runs))


def discard(runs: range, found: Iterable[File]) -> None:
    """Take away all files of a chunk."""
    for file in found:
        if file.runs == runs:
            remove(file.path)


def missing(done: Iterable[range], total: range) -> Iterator[range]:
    """The runs that are not done, as ranges in their order."""
    first = total.start
    for part in sorted(done, key=lambda runs: runs.start):
        if part.start > first:
            yield range(first, min(part.start, total.stop))
        first = max(first, part.stop)
        if first >= total.stop:
            return
    if first < total.stop:
        yield range(first, total.stop)


def sweep_away(folder: Path) -> None:
    """Remove what was being written when a process died, and what is there twice."""
    for path in folder.rglob(".*.unfinished"):
        remove(path)
    counted = {file.path for file in files(folder)}
    for file in _all(folder):
        if file.path not in counted:
            remove(file.path)


def _note(folder: Path, runs: range) -> Path:
    return folder / CHUNKS / f".{runs.start:09d}-{runs.stop:09d}.begun"


def _all(folder: Path) -> list[File]:
    found = (_parsed(folder / CHUNKS / name) for name in _names(folder / CHUNKS))
    return sorted((file for file in found if file), key=lambda file: (file.runs.start, -len(file.runs), file.path))


def _apart(ranges: Iterable[range]) -> list[range]:
    """Ranges, in the order of `_all`, without those that lie within one before."""
    kept: list[range] = []
    for runs in ranges:
        if not kept or runs.start >= kept[-1].stop:
            kept.append(runs)
    return kept


def _is_doubled(runs: range, complete: list[range]) -> bool:
    """Whether a chunk that counts holds some of the runs, and is another one."""
    place = bisect_right(complete, runs.start, key=lambda one: one.start)
    return any(
        one != runs and one.start < runs.stop and runs.start < one.stop
        for one in complete[max(place - 1, 0) : place + 1]
    )


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return [entry.name for entry in entries]
    return []


def _parsed(path: Path) -> File | None:
    found = _NAME.fullmatch(path.name)
    return File(path, range(int(found[1]), int(found[2])), found[3], found[4]) if found else None


def _bytes(table: pa.Table) -> bytes:
    """A table as Parquet. No time and no machine goes in: the same table gives the same bytes."""
    buffer = io.BytesIO()
    # Long columns of numbers that hardly repeat: a dictionary, statistics of them or a stronger compression would cost
    # more time than they save space.
    words = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    split = [field.name for field in table.schema if _is_32_or_64_bits(field.type)]
    rows = len(table) or 1
    shape = {"use_dictionary": words, "use_byte_stream_split": split, "row_group_size": rows, "write_batch_size": rows}
    pq.write_table(table, buffer, compression="lz4", write_statistics=["run"], **shape)
    return buffer.getvalue()


def _is_32_or_64_bits(kind: pa.DataType) -> bool:
    return pa.types.is_floating(kind) or pa.types.is_integer(kind)


def _put(folder: Path, runs: range, kind: str, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()[:16]
    path = folder / f"{runs.start:09d}-{runs.stop:09d}.{kind}.{digest}.parquet"
    put_bytes(path, content)
    return path
