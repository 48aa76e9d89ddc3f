"""The chunks of a sweep on disk: immutable Parquet files, each named by its runs and by the hash of its bytes.

A chunk is a range of runs. Each of its files is written whole or not at all, the summary last: a chunk with a summary
is complete. The hash is also of the study, the runs and the kind: a file whose bytes do not match the hash in its name
is damaged, or has the name of another.
"""

import hashlib
import io
import os
import re
import shlex
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from atmis.scenario.errors import InputError
from atmis.storage.files import as_input_error, remove, write_bytes
from atmis.storage.folders import CHUNKS
from atmis.storage.tables import compact_parquet

SUMMARY, MONTHLY, BASES, COUNTS, PATTERNS, FAILURES = KINDS = (
    "summary", "monthly", "bases", "counts", "patterns", "failures",
)  # fmt: skip
_NAME = re.compile(r"(\d{9})-(\d{9})\.([a-z]+)\.([0-9a-f]{16})\.parquet")
_MARK = re.compile(r"\.(\d{9})-(\d{9})\.begun")


class IncompleteError(InputError):
    """Something that was stored is not there, or is not what was written: what is missing can be run again."""

    exit_code = 1


class ChunkFile(NamedTuple):
    """A file of a chunk, as its name describes it."""

    path: Path
    runs: range
    kind: str
    digest: str


def files(folder: Path, *kinds: str) -> list[ChunkFile]:
    """Files of the chunks of a sweep, in the order of their runs; all kinds when none is named.

    A chunk that was given up as hung may still be written later, when its runs have been run again one by one: then
    only the chunk counts, as both hold the same.
    """
    all_files = _all_files(folder)
    complete = _non_overlapping(file.runs for file in all_files if file.kind == SUMMARY)
    return [file for file in all_files if file.kind in (kinds or KINDS) and not _is_duplicate(file, complete)]


def encode(study: str, runs: range, tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    """The files of a chunk, the summary last, by name; `study`: its identity, `tables`: by kind."""
    encoded = {kind: compact_parquet(tables[kind]) for kind in (*KINDS[1:], SUMMARY) if kind in tables}
    return {
        f"{_stem(runs, kind)}.{_digest(study, runs, kind, content)}.parquet": content
        for kind, content in encoded.items()
    }


def save(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files of `encode` into the folder of their sweep, in their order; returns them. Raises InputError."""
    for name, content in files.items():
        write_bytes(folder / CHUNKS / name, content)
    return [folder / CHUNKS / name for name in files]


def write(folder: Path, study: str, runs: range, tables: Mapping[str, pa.Table]) -> list[Path]:
    """Write the tables of a chunk by kind, the summary last; returns the files. Raises InputError."""
    return save(folder, encode(study, runs, tables))


def is_whole(file: ChunkFile, study: str) -> bool:
    """Whether the bytes of a file match the hash in its name, for the study with this identity."""
    with suppress(OSError):
        return _digest(study, file.runs, file.kind, file.path.read_bytes()) == file.digest
    return False


def read(files: Iterable[ChunkFile], study: str, columns: list[str] | None = None) -> pa.Table | None:
    """The content of files as one table.

    Parameters
    ----------
    files : of one kind
    study : the identity of the study that wrote them
    columns : names of columns; all when None

    Returns
    -------
    pyarrow.Table or None
        None where there are no files.

    Raises
    ------
    IncompleteError
        When a file is gone, or is not as it was written.
    """
    tables = [_read(file, study, columns) for file in files]
    return pa.concat_tables(tables) if tables else None


def _read(file: ChunkFile, study: str, columns: list[str] | None) -> pa.Table:
    try:
        content = file.path.read_bytes()
    except OSError as error:
        reason = "is gone" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise IncompleteError(f"{file.path} {reason}; {_go_on(file.path.parents[1])}") from None
    if _digest(study, file.runs, file.kind, content) != file.digest:
        raise IncompleteError(f"{file.path} is damaged; {_go_on(file.path.parents[1])}")
    with pq.ParquetFile(io.BytesIO(content)) as table:  # half the time of read_table, which looks for a data set first
        return table.read(columns=columns, use_threads=False)


def incomplete(folder: Path, what: str) -> IncompleteError:
    """The error that says what a sweep lacks, and how to go on."""
    return IncompleteError(f"{folder}: {what}; {_go_on(folder)}")


def _go_on(folder: Path) -> str:
    return f"the same command, or `atmis resume {shlex.quote(str(folder))}`, runs what is missing"


def mark_started(folder: Path, runs: range) -> None:
    """Mark a chunk as being run, to know it if it takes the whole process down. Raises InputError."""
    path = _mark(folder, runs)
    with as_input_error(path):
        path.touch()


def started(folder: Path) -> list[range]:
    """Chunks that were being run when a process died, in their order."""
    matches = filter(None, (_MARK.fullmatch(name) for name in _names(folder / CHUNKS)))
    return sorted((range(int(match[1]), int(match[2])) for match in matches), key=lambda runs: (runs.start, runs.stop))


def clear_mark(folder: Path, runs: range) -> None:
    """Remove the mark of `mark_started`."""
    remove(_mark(folder, runs))


def remove_chunk(runs: range, files: Iterable[ChunkFile]) -> None:
    """Remove all files of a chunk."""
    for file in files:
        if file.runs == runs:
            remove(file.path)


def missing_runs(done: Iterable[range], total: range) -> Iterator[range]:
    """The runs that are not done, as ranges in ascending order."""
    first = total.start
    for part in sorted(done, key=lambda runs: runs.start):
        if part.start > first:
            yield range(first, min(part.start, total.stop))
        first = max(first, part.stop)
        if first >= total.stop:
            return
    if first < total.stop:
        yield range(first, total.stop)


def clean_up(folder: Path) -> None:
    """Remove files that were being written when a process died, and duplicates."""
    for path in folder.rglob(".*.unfinished"):
        remove(path)
    counted = {file.path for file in files(folder)}
    for file in _all_files(folder):
        if file.path not in counted:
            remove(file.path)


def _stem(runs: range, kind: str) -> str:
    """The name of a file without hash and suffix."""
    return f"{runs.start:09d}-{runs.stop:09d}.{kind}"


def _digest(study: str, runs: range, kind: str, content: bytes) -> str:
    """The hash of a file that stands in its name."""
    digest = hashlib.sha256(f"{study} {_stem(runs, kind)}\n".encode())
    digest.update(content)
    return digest.hexdigest()[:16]


def _mark(folder: Path, runs: range) -> Path:
    return folder / CHUNKS / f".{runs.start:09d}-{runs.stop:09d}.begun"


def _all_files(folder: Path) -> list[ChunkFile]:
    parsed = (_parsed(folder / CHUNKS / name) for name in _names(folder / CHUNKS))
    return sorted((file for file in parsed if file), key=lambda file: (file.runs.start, -len(file.runs), file.path))


def _non_overlapping(ranges: Iterable[range]) -> list[range]:
    """Ranges, in the order of `_all_files`, without those that overlap an earlier one."""
    kept: list[range] = []
    for runs in ranges:
        if not kept or runs.start >= kept[-1].stop:
            kept.append(runs)
    return kept


def _is_duplicate(file: ChunkFile, complete: list[range]) -> bool:
    """Whether another complete chunk holds some of the runs, or a complete one a run that is recorded as failed."""
    runs = file.runs
    index = bisect_right(complete, runs.start, key=lambda other: other.start)
    return any(
        (other != runs or file.kind == FAILURES) and other.start < runs.stop and runs.start < other.stop
        for other in complete[max(index - 1, 0) : index + 1]
    )


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return [entry.name for entry in entries]
    return []


def _parsed(path: Path) -> ChunkFile | None:
    match = _NAME.fullmatch(path.name)
    return ChunkFile(path, range(int(match[1]), int(match[2])), match[3], match[4]) if match else None
