"""Faults of a sweep: failed runs, as rows, damaged and missing files, and runs that are missing with them."""

import json
import shlex
from collections.abc import Sequence
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
        "replay": [shlex.join(["atmis", "replay", str(folder), str(run)])],
    }
    chunk_files.write(folder, study.identity, range(run, run + 1), {chunk_files.FAILURES: pa.table(row)})


def failures(folder: Path, study: Study) -> pa.Table | None:
    """The failed runs, a row each; None when there are none. Raises IncompleteError when a record is damaged."""
    return chunk_files.read(chunk_files.files(folder, chunk_files.FAILURES), study.identity)


class ChunkFaults(dict[range, list[str]]):
    """The faults of each chunk of a sweep, one sentence each; none for a chunk that is intact.

    Parameters
    ----------
    folder : of the sweep
    study : what is run there
    every : for every how many replicates the series are kept
    identity : of the study when it was stored, where its code may have changed since
    """

    def __init__(self, folder: Path, study: Study, every: int, identity: str = "") -> None:
        self._study = study
        chunks: dict[range, list[chunk_files.ChunkFile]] = {}
        for file in chunk_files.files(folder):
            chunks.setdefault(file.runs, []).append(file)
        seal = identity or study.identity
        super().__init__({runs: _faults_of_chunk(study, runs, files, every, seal) for runs, files in chunks.items()})

    @property
    def sentences(self) -> list[str]:
        """All faults, sorted."""
        return sorted(fault for faults in self.values() for fault in faults)

    def missing_runs(self, replicates: int) -> int:
        """How many runs of the first replicates of every case are neither intact nor recorded as failed."""
        intact, n = [runs for runs, faults in self.items() if not faults], self._study.replicates
        gaps = chunk_files.missing_runs(intact, range(self._study.runs))
        return sum(_count(gap.stop, replicates, n) - _count(gap.start, replicates, n) for gap in gaps)


def _faults_of_chunk(
    study: Study, runs: range, files: Sequence[chunk_files.ChunkFile], every: int, identity: str
) -> list[str]:
    faults = [f"{file.path.name}: is damaged" for file in files if not chunk_files.is_whole(file, identity)]
    if runs.stop > study.runs:
        return [f"{file.path.name}: is not of this study" for file in files]
    kinds = {file.kind for file in files}
    is_failure = kinds == {chunk_files.FAILURES}
    expected = {chunk_files.FAILURES} if is_failure else chunk_tables.expected_kinds(study, runs, every)
    return faults + [f"{runs.start:09d}-{runs.stop:09d}.{kind}: is missing" for kind in sorted(expected - kinds)]


def _count(run: int, replicates: int, n: int) -> int:
    """How many runs below a number are of the first replicates of their case, which has n."""
    return run // n * replicates + min(run % n, replicates)


def discard_damaged(folder: Path, study: Study, every: int) -> None:
    """Remove the chunks that are not intact, so that they are run again."""
    files = chunk_files.files(folder)
    for runs, faults in ChunkFaults(folder, study, every).items():
        if faults:
            chunk_files.remove_chunk(runs, files)


def discard_failures(folder: Path) -> None:
    """Remove the records of failed runs, so that they are tried again."""
    files = chunk_files.files(folder, chunk_files.FAILURES)
    for file in files:
        chunk_files.remove_chunk(file.runs, files)
