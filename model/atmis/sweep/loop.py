"""The loop over missing runs: chunk by chunk, then one by one those of failed chunks, until precise enough."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from atmis.executors import Executor, Failure
from atmis.scenario.errors import InputError
from atmis.scenario.sweep import SweepSettings
from atmis.sweep import chunk_files
from atmis.sweep.faults import ChunkFaults, discard_damaged, discard_failures, failures, record_failure
from atmis.sweep.identity import series_every
from atmis.sweep.precision import WidestInterval, widest_interval
from atmis.sweep.study import Study
from atmis.sweep.task import Chunk, Files, RunRange, SentChunk

SMALL, LARGE, MANY_RUNS = 128, 256, 20_000  # runs of a chunk in a small and in a large study
FIRST_ROUND = 50  # replicates after which a precision is first checked

# Makes an executor for chunks of so many runs; the flag: isolated, so that a worker may die without harm to the others.
Executors = Callable[[int, bool], Executor]


@dataclass(frozen=True)
class Progress:
    """The progress of a sweep."""

    done: int  # runs that are stored, of this and earlier commands
    failed: int
    total: int


@dataclass(frozen=True)
class SweepOutcome:
    """How a sweep ended."""

    replicates: int  # requested of each case in the end
    widest: WidestInterval | None  # where a precision is set
    failures: pa.Table | None


@dataclass(frozen=True)
class SweepRun:
    """What is run, where to, by which executors, and who follows the progress."""

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
) -> SweepOutcome:
    """Run what is missing in the folder of a sweep.

    Parameters
    ----------
    folder : locked, with the study stored in it
    study, settings : what to run, and how
    executors : makes an executor for chunks of so many runs; see Executors
    progress : called whenever runs have ended

    Returns
    -------
    SweepOutcome
        With the runs that failed; these are tried again when the sweep is continued.

    Raises
    ------
    InputError
        When the folder cannot be written.
    IncompleteError
        When runs are missing although they were run.
    """
    chunk_files.clean_up(folder)
    discard_damaged(folder, study, series_every(study, settings))
    discard_failures(folder)
    suspects = chunk_files.started(folder)
    try:
        outcome = _run(SweepRun(folder, study, settings, executors, progress))
    except BaseException:  # this process lives, so none of the chunks that it ran has killed it
        _clear_marks(folder, suspects)
        raise
    _clear_marks(folder)
    return outcome


def _run(sweep: SweepRun) -> SweepOutcome:
    """Run all replicates, or as many as the precision needs."""
    if sweep.settings.precision:
        return _run_to_precision(sweep)
    _run_complete(sweep, range(sweep.study.replicates))
    return SweepOutcome(sweep.study.replicates, None, failures(sweep.folder, sweep.study))


def _clear_marks(folder: Path, but: Sequence[range] = ()) -> None:
    """Clear the marks of started chunks, except for some."""
    for runs in chunk_files.started(folder):
        if runs not in but:
            chunk_files.clear_mark(folder, runs)


def _run_to_precision(sweep: SweepRun) -> SweepOutcome:
    """Double the replicates until the widest interval is narrow enough."""
    folder, study, settings = sweep.folder, sweep.study, sweep.settings
    done, widest = 0, WidestInterval(float("inf"), None)
    while done < study.replicates and widest.half_width > settings.precision:
        upto = min(max(2 * done, FIRST_ROUND), study.replicates)
        _run_complete(sweep, range(done, upto))
        done, widest = upto, widest_interval(folder, study, settings.headline, settings.baseline, upto)
    return SweepOutcome(done, widest, failures(folder, study))


def _run_complete(sweep: SweepRun, replicates: range) -> None:
    """Run some replicates of every case, and again what has vanished or was damaged meanwhile, while more comes.

    Raises IncompleteError when none does: then something takes files away, or puts them elsewhere.
    """
    folder, study, every = sweep.folder, sweep.study, series_every(sweep.study, sweep.settings)
    expected = before = study.cases * replicates.stop
    while True:
        _run_range(sweep, replicates)
        missing = ChunkFaults(folder, study, every).missing_runs(replicates.stop)
        if not missing:
            return
        if missing >= before:
            what = f"{missing:,} of {expected:,} runs are missing, though all were run: their files are gone or changed"
            raise chunk_files.incomplete(folder, what)
        discard_damaged(folder, study, every)
        before, replicates = missing, range(replicates.stop)


def _run_range(sweep: SweepRun, replicates: range) -> None:
    """Run what is missing of some replicates of every case; the runs of failed chunks are run again one by one."""
    folder, study = sweep.folder, sweep.study
    size, started = sweep.settings.chunk or chunk_size(study), chunk_files.started(folder)
    pending = list(_pending(folder, study, size, replicates))
    suspects = [runs for runs in pending if any(runs[0] < other.stop and other.start < runs[1] for other in started)]
    chunk = _work(sweep)
    if pending and isinstance(chunk, Chunk):
        chunk.prepare()  # compiles, where that is still to be done, before any time limit runs
    done = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.SUMMARY))
    start = Progress(done, 0, done + sum(stop - first for first, stop in pending))
    sweep.progress(start)
    reached, failed = _run_chunks(sweep, chunk, pending, suspects, start)
    _run_singly(sweep, chunk, failed, bool(suspects), reached)


def _work(sweep: SweepRun) -> Chunk | SentChunk:
    """The work for the workers: whether they write to this disk depends on the executor."""
    every = series_every(sweep.study, sweep.settings)
    if getattr(sweep.executors(1, False), "is_remote", False):
        return SentChunk.of_folder(sweep.folder, sweep.study.identity, every)
    return Chunk(str(sweep.folder), sweep.study.identity, every)


def _run_chunks(
    sweep: SweepRun,
    chunk: Chunk | SentChunk,
    pending: Sequence[RunRange],
    suspects: Sequence[RunRange],
    reached: Progress,
) -> tuple[Progress, set[RunRange]]:
    """Run chunks; returns the progress, and the single runs of the chunks that failed.

    A chunk that was being run when an earlier process died may have been the cause: such suspects are run last, and
    isolated from the others.
    """
    size, failed = sweep.settings.chunk or chunk_size(sweep.study), set()
    for isolated, part in ((False, [runs for runs in pending if runs not in suspects]), (True, suspects)):
        with closing(_results(sweep.folder, sweep.executors(size, isolated), chunk, part)) as results:
            for (start, stop), failure in results:
                chunk_files.clear_mark(sweep.folder, range(start, stop))
                if failure is not None:
                    failed |= {(run, run + 1) for run in range(start, stop)}
                else:
                    reached = replace(reached, done=reached.done + stop - start)
                    sweep.progress(reached)
    return reached, failed


def _run_singly(
    sweep: SweepRun, chunk: Chunk | SentChunk, failed: set[RunRange], isolated: bool, reached: Progress
) -> None:
    """Run one by one those of failed chunks that are still missing; a run that fails again is recorded."""
    # A worker may die after it has written: what is stored is not run again.
    stored = [file.runs for file in chunk_files.files(sweep.folder, chunk_files.SUMMARY)]
    missing = [(run, run + 1) for part in chunk_files.missing_runs(stored, range(sweep.study.runs)) for run in part]
    executor, again = sweep.executors(1, isolated), sorted(failed.intersection(missing))
    with closing(_results(sweep.folder, executor, chunk, again)) as results:
        for (start, _), failure in results:
            if failure is None:
                reached = replace(reached, done=reached.done + 1)
            else:
                reached = replace(reached, failed=reached.failed + 1)
                record_failure(sweep.folder, sweep.study, start, failure)
            sweep.progress(reached)


def _results(
    folder: Path, executor: Executor, work: Callable[[RunRange], str | Files], pending: Sequence[RunRange]
) -> Generator[tuple[RunRange, Failure | None]]:
    """Each range of runs as it ends and is stored, with its failure if any.

    A folder that cannot be written, or a worker of another version, ends everything.
    """
    if not pending:
        return
    with closing(executor.run(work, iter(pending))) as results:
        for runs, result in results:
            if isinstance(result, str) and result:
                raise InputError(result)
            if isinstance(result, dict):
                chunk_files.save(folder, result)
            yield runs, result if isinstance(result, Failure) else None


def chunk_size(study: Study) -> int:
    """Runs of a chunk where the settings give none."""
    return SMALL if study.runs <= MANY_RUNS else LARGE


def _pending(folder: Path, study: Study, size: int, replicates: range) -> Iterator[RunRange]:
    """Missing runs as ranges of at most `size`, each within one source."""
    done = [file.runs for file in chunk_files.files(folder, chunk_files.SUMMARY, chunk_files.FAILURES)]
    missing = list(chunk_files.missing_runs(done, range(study.runs)))
    for block in _blocks(study, replicates):
        for part in missing:
            first, stop = max(part.start, block.start), min(part.stop, block.stop)
            for start in range(first, stop, size):
                yield start, min(start + size, stop)


def _blocks(study: Study, replicates: range) -> Iterator[range]:
    """Runs that may share a chunk: all of a source or, where only some replicates are requested, those of a case."""
    n = study.replicates
    if len(replicates) < n:
        yield from (range(case * n + replicates.start, case * n + replicates.stop) for case in range(study.cases))
        return
    first = 0
    for case in range(1, study.cases + 1):
        if case == study.cases or study.source_of[case] != study.source_of[first]:
            yield range(first * n, case * n)
            first = case
