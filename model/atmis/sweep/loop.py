"""The loop over what is missing: chunk by chunk, then one by one what failed in a chunk, until it is precise enough."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from atmis.executors import Executor, Failure
from atmis.scenario.errors import InputError
from atmis.scenario.sweep import SweepSettings
from atmis.sweep import chunk_files
from atmis.sweep.faults import failures, note_failure, take_away_damage, take_away_failures
from atmis.sweep.identity import series_every
from atmis.sweep.precision import widest
from atmis.sweep.study import Study
from atmis.sweep.task import Chunk, Runs

SMALL, LARGE, MANY_RUNS = 128, 256, 20_000  # runs of a chunk in a small and in a large study
FIRST_ROUND = 50  # replicates after which a study with a precision first looks at it

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


def run(
    folder: Path,
    study: Study,
    settings: SweepSettings,
    executors: Executors,
    progress: Callable[[Progress], object] = lambda progress: None,
) -> Outcome:
    """Run what is missing. Raises InputError when the folder cannot be written."""
    chunk_files.sweep_away(folder)
    take_away_damage(folder, study, series_every(study, settings))
    take_away_failures(folder)
    suspected = chunk_files.begun(folder)
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
    for runs in chunk_files.begun(folder):
        if runs not in but:
            chunk_files.end(folder, runs)


def _run_to_precision(work: Work) -> Outcome:
    folder, study, settings = work.folder, work.study, work.settings
    done, half_width = 0, float("inf")
    while done < study.replicates and half_width > settings.precision:
        upto = min(max(2 * done, FIRST_ROUND), study.replicates)
        _run_range(work, range(done, upto))
        done, half_width = upto, widest(folder, study, settings.headline, settings.baseline, upto)
    return Outcome(done, half_width, failures(folder))


def _run_range(work: Work, replicates: range) -> None:
    """Run what is missing of some replicates of every case; what fails is run again one by one."""
    folder, study = work.folder, work.study
    size, begun = work.settings.chunk or chunk_size(study), chunk_files.begun(folder)
    todo = list(_todo(folder, study, size, replicates))
    late = [runs for runs in todo if any(runs[0] < other.stop and other.start < runs[1] for other in begun)]
    chunk = Chunk(str(folder), study.identity, series_every(study, work.settings))
    if todo:
        chunk.prepare()  # compiles, where that is still to be done, before any clock runs
    done = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.SUMMARY))
    start = Progress(done, 0, done + sum(stop - first for first, stop in todo))
    work.progress(start)
    reached, suspects = _run_chunks(work, chunk, todo, late, start)
    _run_alone(work, chunk, suspects, bool(late), reached)


def _run_chunks(
    work: Work, chunk: Chunk, todo: Sequence[Runs], late: Sequence[Runs], reached: Progress
) -> tuple[Progress, set[Runs]]:
    """Run chunks; returns how far that led, and each run of those that failed.

    What was being run when an earlier process died may have been the cause: it comes last, and apart.
    """
    size, suspects = work.settings.chunk or chunk_size(work.study), set()
    for apart, part in ((False, [runs for runs in todo if runs not in late]), (True, late)):
        with closing(_results(work.executors(size, apart), chunk, part)) as chunks_done:
            for (start, stop), failure in chunks_done:
                chunk_files.end(work.folder, range(start, stop))
                if failure is not None:
                    suspects |= {(run, run + 1) for run in range(start, stop)}
                else:
                    reached = replace(reached, done=reached.done + stop - start)
                    work.progress(reached)
    return reached, suspects


def _run_alone(work: Work, chunk: Chunk, suspects: set[Runs], apart: bool, reached: Progress) -> None:
    """Run one by one what failed in a chunk and is still missing; what fails again is noted."""
    there = [
        file.runs for file in chunk_files.files(work.folder, chunk_files.SUMMARY)
    ]  # a worker may die after it has written
    alone = [(run, run + 1) for part in chunk_files.missing(there, range(work.study.runs)) for run in part]
    with closing(_results(work.executors(1, apart), chunk, sorted(suspects.intersection(alone)))) as runs_done:
        for (start, _), failure in runs_done:
            if failure is None:
                reached = replace(reached, done=reached.done + 1)
            else:
                reached = replace(reached, failed=reached.failed + 1)
                note_failure(work.folder, work.study, start, failure)
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


def chunk_size(study: Study) -> int:
    """Runs of a chunk where none is asked for."""
    return SMALL if study.runs <= MANY_RUNS else LARGE


def _todo(folder: Path, study: Study, size: int, replicates: range) -> Iterator[Runs]:
    """Ranges of runs that are missing, cut to size; a chunk holds one source only."""
    done = [file.runs for file in chunk_files.files(folder, chunk_files.SUMMARY)]
    lacking = list(chunk_files.missing(done, range(study.runs)))
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
