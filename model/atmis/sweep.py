"""Run a study into a folder: what is there is kept, what is missing is run, what fails becomes a row.

The folder is known by the hash of its study. Everything finished survives whatever happens to the process; the same
command goes on where the last one stopped.
"""

import json
import os
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from atmis import chunks, results
from atmis.ensemble import load_rules
from atmis.executors import Executor, Failure
from atmis.files import in_a_sentence, put_bytes, sealed, unsealed
from atmis.scenario.errors import InputError
from atmis.scenario.sweep import SweepSettings
from atmis.study import Desk, Study, code_hash

STUDY, LOCK, HOLDER = "study.json", ".lock", ".holder.json"
FORMAT = 1
SMALL, LARGE, MANY_RUNS = 128, 256, 20_000  # runs of a chunk in a small and in a large study
FIRST_ROUND = 50  # replicates after which a study with a precision first looks at it
CONFIDENCE = 0.95

Runs = tuple[int, int]  # a range of runs, as a worker gets it
# Makes an executor for chunks of so many runs; the second word: one whose workers may die without harm to the others.
Executors = Callable[[int, bool], Executor]


@dataclass(frozen=True)
class Progress:
    """How far a sweep is."""

    done: int  # runs that are stored, of this and earlier commands
    failed: int
    total: int


@dataclass(frozen=True)
class Outcome:
    """How a sweep ended."""

    replicates: int  # of each case that were asked for in the end
    half_width: float | None  # widest interval of a mean difference to one side, where a precision was asked for
    failures: pa.Table | None


@dataclass(frozen=True)
class Work:
    """What is run, where to, by whom, and who is told."""

    folder: Path
    study: Study
    settings: SweepSettings
    executors: Executors
    progress: Callable[[Progress], object]


def prepare(folder: Path, study: Study, settings: SweepSettings, config: Mapping[str, Any]) -> None:
    """Write down the study of a folder, or make sure that it is that of this very study. Raises InputError.

    `config`: as composed, kept for the manifest.
    """
    content = study.content()
    about: dict[str, Any] = {"format": FORMAT, "identity": study.identity, "code": code_hash()}
    about |= {"series_every": series_every(study, settings), "precision": settings.precision}
    if settings.precision:
        about |= {"headline": settings.headline, "baseline": settings.baseline}
    path = folder / STUDY
    if path.exists():
        _compare(folder, unsealed(path), about, content)
        return
    kept = {"name": study.name, "content": content, "settings": settings.model_dump(mode="json"), "config": config}
    put_bytes(path, sealed(json.loads(json.dumps({**about, **kept}, default=str))))


def load(folder: Path) -> tuple[Study, dict[str, Any]]:
    """The study of a folder, and what stands beside it. Raises InputError when there is none."""
    path = folder / STUDY
    if not path.is_file():
        raise InputError(f"{folder} holds no sweep: {STUDY} is missing")
    stored = unsealed(path)
    return Study.of_content(stored["name"], stored["content"]), stored


def series_every(study: Study, settings: SweepSettings) -> int:
    """Of which replicates the series are kept: every so many, 0 for none."""
    if settings.series_runs == 0:
        return 0
    return -(-study.runs // settings.series_runs)


def run(
    folder: Path,
    study: Study,
    settings: SweepSettings,
    executors: Executors,
    progress: Callable[[Progress], object] = lambda progress: None,
) -> Outcome:
    """Run what is missing. Raises InputError when the folder cannot be written."""
    chunks.sweep_away(folder)
    _take_away_damage(folder, study, series_every(study, settings))
    _take_away_failures(folder)
    suspected = chunks.begun(folder)
    try:
        outcome = _run(Work(folder, study, settings, executors, progress))
    except BaseException:  # this process lives: nothing that it was at took it along
        _forget(folder, suspected)
        raise
    _forget(folder)
    return outcome


def _run(work: Work) -> Outcome:
    if work.settings.precision:
        return _run_to_precision(work)
    _run_range(work, range(work.study.replicates))
    return Outcome(work.study.replicates, None, failures(work.folder))


def _forget(folder: Path, but: Sequence[range] = ()) -> None:
    for runs in chunks.begun(folder):
        if runs not in but:
            chunks.end(folder, runs)


def _run_to_precision(work: Work) -> Outcome:
    folder, study, settings = work.folder, work.study, work.settings
    done, half_width = 0, float("inf")
    while done < study.replicates and half_width > settings.precision:
        upto = min(max(2 * done, FIRST_ROUND), study.replicates)
        _run_range(work, range(done, upto))
        done, half_width = upto, widest(folder, study, settings.headline, settings.baseline, upto)
    return Outcome(done, half_width, failures(folder))


def widest(folder: Path, study: Study, headline: str, baseline: str, replicates: int) -> float:
    """Half the width of the widest 95 % interval of a mean paired difference from the baseline, over all cases."""
    table = chunks.read(chunks.files(folder, chunks.SUMMARY), ["run", headline])
    values = np.full(study.runs, np.nan)
    if table is not None:
        values[table["run"].to_numpy()] = table[headline].to_numpy()
    by_case = values.reshape(study.cases, study.replicates)[:, :replicates]
    return max((_half_width(by_case[k] - by_case[b]) for k, b in pairs(study, baseline)), default=0.0)


def pairs(study: Study, baseline: str) -> list[tuple[int, int]]:
    """Cases and the case of the baseline at the same point."""
    of_baseline = {study.point_of[k]: k for k in range(study.cases) if study.scenario_of(k) == baseline}
    others = [k for k in range(study.cases) if study.scenario_of(k) != baseline]
    return [(k, of_baseline[study.point_of[k]]) for k in others if study.point_of[k] in of_baseline]


def _half_width(differences: NDArray[np.float64]) -> float:
    found = differences[~np.isnan(differences)]
    if len(found) < 2:
        return float("inf")
    from scipy.special import stdtrit  # slow to import, and for a precision only

    return float(stdtrit(len(found) - 1, (1 + CONFIDENCE) / 2) * found.std(ddof=1) / np.sqrt(len(found)))


# --- the work ---


def _run_range(work: Work, replicates: range) -> None:
    """Run what is missing of some replicates of every case; what fails is run again one by one."""
    folder, study = work.folder, work.study
    size, begun = work.settings.chunk or chunk_size(study), chunks.begun(folder)
    todo = list(_todo(folder, study, size, replicates))
    late = [runs for runs in todo if any(runs[0] < other.stop and other.start < runs[1] for other in begun)]
    chunk = Chunk(str(folder), study.identity, series_every(study, work.settings))
    if todo:
        chunk.prepare()  # compiles, where that is still to be done, before any clock runs
    done = sum(len(file.runs) for file in chunks.files(folder, chunks.SUMMARY))
    start = Progress(done, 0, done + sum(stop - first for first, stop in todo))
    work.progress(start)
    reached, suspects = _run_chunks(work, chunk, todo, late, start)
    _run_alone(work, chunk, suspects, bool(late), reached)


def _run_chunks(
    work: Work, chunk: "Chunk", todo: Sequence[Runs], late: Sequence[Runs], reached: Progress
) -> tuple[Progress, set[Runs]]:
    """Run chunks; returns how far that led, and each run of those that failed.

    What was being run when an earlier process died may have been the cause: it comes last, and apart.
    """
    size, suspects = work.settings.chunk or chunk_size(work.study), set()
    for apart, part in ((False, [runs for runs in todo if runs not in late]), (True, late)):
        with closing(_results(work.executors(size, apart), chunk, part)) as chunks_done:
            for (start, stop), failure in chunks_done:
                chunks.end(work.folder, range(start, stop))
                if failure is not None:
                    suspects |= {(run, run + 1) for run in range(start, stop)}
                else:
                    reached = replace(reached, done=reached.done + stop - start)
                    work.progress(reached)
    return reached, suspects


def _run_alone(work: Work, chunk: "Chunk", suspects: set[Runs], apart: bool, reached: Progress) -> None:
    """Run one by one what failed in a chunk and is still missing; what fails again is noted."""
    there = [file.runs for file in chunks.files(work.folder, chunks.SUMMARY)]  # a worker may die after it has written
    alone = [(run, run + 1) for part in chunks.missing(there, range(work.study.runs)) for run in part]
    with closing(_results(work.executors(1, apart), chunk, sorted(suspects.intersection(alone)))) as runs_done:
        for (start, _), failure in runs_done:
            if failure is None:
                reached = replace(reached, done=reached.done + 1)
            else:
                reached = replace(reached, failed=reached.failed + 1)
                _note_failure(work.folder, work.study, start, failure)
            work.progress(reached)


def _results(
    executor: Executor, work: Callable[[Runs], str], todo: Sequence[Runs]
) -> Generator[tuple[Runs, Failure | None]]:
    """Each range of runs as it ends, with what went wrong. A folder that cannot be written to ends everything."""
    if not todo:
        return
    with closing(executor.run(work, iter(todo))) as made:
        for runs, result in made:
            if isinstance(result, str) and result:
                raise InputError(result)
            yield runs, result if isinstance(result, Failure) else None


@dataclass(frozen=True)
class Chunk:
    """What a worker does, wherever it is: it needs the folder of the sweep and the numbers of the runs."""

    folder: str
    identity: str
    series_every: int

    def __call__(self, runs: Runs) -> str:
        """Run a range of runs and write what they leave; returns why that cannot be written, or ''."""
        folder, part, desk = Path(self.folder), range(*runs), self._desk()
        return _said(chunks.begin, folder, part) or _said(
            chunks.write, folder, part, results.of_runs(desk, part, self.series_every)
        )

    def prepare(self) -> None:
        """Load the study and the machine code."""
        _, world, start = self._desk().inputs(0).made
        load_rules(world, start)

    def _desk(self) -> Desk:
        study = _study_of(self.folder, self.identity)
        if _here.__dict__.get("study") is not study:
            _here.study, _here.desk = study, Desk(study)
        return _here.desk  # type: ignore[no-any-return]


def _said(function: Callable[..., object], *words: Any) -> str:
    try:
        function(*words)
    except InputError as error:
        return str(error)
    return ""


_here = threading.local()  # the desk of this thread


@lru_cache(maxsize=2)
def _study_of(folder: str, identity: str) -> Study:
    """The study of a folder, by its identity too: another may come to lie in the same place."""
    study, _ = load(Path(folder))
    if study.identity != identity:
        raise InputError(f"{folder} does not hold the study that was asked for; its code or its files have changed")
    return study


def chunk_size(study: Study) -> int:
    """Runs of a chunk where none is asked for."""
    return SMALL if study.runs <= MANY_RUNS else LARGE


def _todo(folder: Path, study: Study, size: int, replicates: range) -> Iterator[Runs]:
    """Ranges of runs that are missing, cut to size; a chunk holds one source only."""
    done = [file.runs for file in chunks.files(folder, chunks.SUMMARY)]
    lacking = list(chunks.missing(done, range(study.runs)))
    for wanted in _blocks(study, replicates):
        for part in lacking:
            first, stop = max(part.start, wanted.start), min(part.stop, wanted.stop)
            for start in range(first, stop, size):
                yield start, min(start + size, stop)


def _blocks(study: Study, replicates: range) -> Iterator[range]:
    """Runs that may share a chunk: all of a source or, where only some replicates are asked for, those of a case."""
    n = study.replicates
    if len(replicates) < n:
        yield from (range(case * n + replicates.start, case * n + replicates.stop) for case in range(study.cases))
        return
    first = 0
    for case in range(1, study.cases + 1):
        if case == study.cases or study.source_of[case] != study.source_of[first]:
            yield range(first * n, case * n)
            first = case


# --- what went wrong ---


def _note_failure(folder: Path, study: Study, run: int, failure: Failure) -> None:
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
    chunks.write(folder, range(run, run + 1), {chunks.FAILURES: pa.table(row)})


def failures(folder: Path) -> pa.Table | None:
    """The runs that failed, a row for each; None when none did."""
    return chunks.read(chunks.files(folder, chunks.FAILURES))


def damaged(folder: Path, study: Study, every: int) -> list[str]:
    """What is wrong with the files of chunks: not what was written, or not there."""
    return sorted(fault for faults in _damage(folder, study, every).values() for fault in faults)


def _damage(folder: Path, study: Study, every: int) -> dict[range, list[str]]:
    """What is wrong with each chunk that is not whole."""
    chunk_files: dict[range, list[chunks.File]] = {}
    for file in chunks.files(folder):
        chunk_files.setdefault(file.runs, []).append(file)
    found = {}
    for runs, files in chunk_files.items():
        faults = [f"{file.path.name}: is damaged" for file in files if not chunks.is_whole(file)]
        kinds = {file.kind for file in files}
        wanted = {chunks.FAILURES} if chunks.FAILURES in kinds else results.kinds(study, runs, every)
        faults += [f"{runs.start:09d}-{runs.stop:09d}.{kind}: is missing" for kind in sorted(wanted - kinds)]
        if faults:
            found[runs] = faults
    return found


def _take_away_damage(folder: Path, study: Study, every: int) -> None:
    broken, found = _damage(folder, study, every), chunks.files(folder)
    for runs in broken:
        chunks.discard(runs, found)


def _take_away_failures(folder: Path) -> None:
    """What failed is tried again."""
    found = chunks.files(folder, chunks.FAILURES)
    for file in found:
        chunks.discard(file.runs, found)


# --- one process at a time ---


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make a folder, and hold it alone. The lock ends with the process that holds it, however that ends."""
    lock = FileLock(folder / LOCK)
    with in_a_sentence(folder):
        (folder / chunks.FOLDER).mkdir(parents=True, exist_ok=True)
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


# --- identity ---


def _compare(folder: Path, stored: dict[str, Any], about: dict[str, Any], content: dict[str, Any]) -> None:
    if all(stored.get(key) == value for key, value in about.items()):
        return
    here = json.loads(json.dumps({**about, **content}, default=str))
    there = {**stored, **stored.get("content", {})}
    told = [key for key in (*content, *about) if key not in ("identity", "code")]
    changed = [key for key in told if there.get(key) != here[key]]
    what = "the code has changed since it was begun"
    if changed:
        what = _difference(there.get(changed[0]), here[changed[0]], changed[0])
    raise InputError(
        f"{folder} holds another study ({what}); nothing is mixed: give another name "
        "(sweep.name=, calibration.name=), or remove the folder"
    )


def _difference(there: Any, here: Any, path: str) -> str:
    """The first difference of two plain values, in words."""
    if isinstance(there, dict) and isinstance(here, dict):
        key = next(key for key in [*there, *here] if there.get(key) != here.get(key))
        return _difference(there.get(key), here.get(key), f"{path}.{key}")
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        k = next(k for k in range(len(here)) if there[k] != here[k])
        return _difference(there[k], here[k], f"{path}.{k}")
    if isinstance(there, list) or isinstance(here, list):
        return f"{path.removeprefix('sources.0.data.')} differs"
    return f"{path.removeprefix('sources.0.data.')} is {there} there and {here} here"
