"""Faults of a sweep: failed runs, as rows, and damaged or missing files."""

import json
from pathlib import Path

import pyarrow as pa

from atmis.executors import Failure
from atmis.sweep import chunk_files, chunk_tables
from atmis.sweep.study import Study


def record_failure(folder: Path, study: Study, run: int, failure: Failure) -> None:
    """Store a failed run as a row, with the command that repeats it."""
    case, replicate = divmod(run, study.replicates)
    row = {
        "run": [run],
        "scenario": [study.scenario_of(case)],
        "point": [study.point_of[case]],
        "replicate": [replicate],
        "parameters": [json.dumps({**study.labels_of(case), **study.values(case)})],
        "kind": [failure.kind],
        "message": [failure.message],
        "replay": [f"atmis replay {folder} {run}"],
    }
    chunk_files.write(folder, range(run, run + 1), {chunk_files.FAILURES: pa.table(row)})


def failures(folder: Path) -> pa.Table | None:
    """The failed runs, a row each; None when there are none."""
    return chunk_files.read(chunk_files.files(folder, chunk_files.FAILURES))


def chunk_faults(folder: Path, study: Study, every: int) -> list[str]:
    """Damaged and missing files of chunks, one sentence each."""
    return sorted(fault for faults in _faults_by_chunk(folder, study, every).values() for fault in faults)


def _faults_by_chunk(folder: Path, study: Study, every: int) -> dict[range, list[str]]:
    """The faults of each chunk that is not intact."""
    chunks: dict[range, list[chunk_files.ChunkFile]] = {}
    for file in chunk_files.files(folder):
        chunks.setdefault(file.runs, []).append(file)
    by_chunk = {}
    for runs, files in chunks.items():
        faults = [f"{file.path.name}: is damaged" for file in files if not chunk_files.is_whole(file)]
        kinds = {file.kind for file in files}
        expected = (
            {chunk_files.FAILURES} if chunk_files.FAILURES in kinds else chunk_tables.expected_kinds(study, runs, every)
        )
        faults += [f"{runs.start:09d}-{runs.stop:09d}.{kind}: is missing" for kind in sorted(expected - kinds)]
        if faults:
            by_chunk[runs] = faults
    return by_chunk


def discard_damaged(folder: Path, study: Study, every: int) -> None:
    """Remove the chunks that are not intact, so that they are run again."""
    damaged, files = _faults_by_chunk(folder, study, every), chunk_files.files(folder)
    for runs in damaged:
        chunk_files.remove_chunk(runs, files)


def discard_failures(folder: Path) -> None:
    """Remove the records of failed runs, so that they are tried again."""
    files = chunk_files.files(folder, chunk_files.FAILURES)
    for file in files:
        chunk_files.remove_chunk(file.runs, files)
