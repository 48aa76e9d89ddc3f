"""What went wrong in a sweep: runs that failed, as rows, and files that are not what was written."""

import json
from pathlib import Path

import pyarrow as pa

from atmis.executors import Failure
from atmis.sweep import chunk_files, chunk_tables
from atmis.sweep.study import Study


def note_failure(folder: Path, study: Study, run: int, failure: Failure) -> None:
    """Keep a run that failed as a row, with the command that runs it again."""
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
    """The runs that failed, a row for each; None when none did."""
    return chunk_files.read(chunk_files.files(folder, chunk_files.FAILURES))


def damaged(folder: Path, study: Study, every: int) -> list[str]:
    """What is wrong with the files of chunks: not what was written, or not there."""
    return sorted(fault for faults in _damage(folder, study, every).values() for fault in faults)


def _damage(folder: Path, study: Study, every: int) -> dict[range, list[str]]:
    """What is wrong with each chunk that is not whole."""
    of_chunk: dict[range, list[chunk_files.File]] = {}
    for file in chunk_files.files(folder):
        of_chunk.setdefault(file.runs, []).append(file)
    found = {}
    for runs, files in of_chunk.items():
        faults = [f"{file.path.name}: is damaged" for file in files if not chunk_files.is_whole(file)]
        kinds = {file.kind for file in files}
        wanted = {chunk_files.FAILURES} if chunk_files.FAILURES in kinds else chunk_tables.kinds(study, runs, every)
        faults += [f"{runs.start:09d}-{runs.stop:09d}.{kind}: is missing" for kind in sorted(wanted - kinds)]
        if faults:
            found[runs] = faults
    return found


def take_away_damage(folder: Path, study: Study, every: int) -> None:
    """Take away the chunks that are not whole, so that they are run again."""
    broken, found = _damage(folder, study, every), chunk_files.files(folder)
    for runs in broken:
        chunk_files.discard(runs, found)


def take_away_failures(folder: Path) -> None:
    """What failed is tried again."""
    found = chunk_files.files(folder, chunk_files.FAILURES)
    for file in found:
        chunk_files.discard(file.runs, found)
