"""atmis sweep: run scenarios x points of a design x replicates, in a folder that the same command continues."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .hydra_app import compose_jobs, expand_all, parse_config_dir
from .recomposer import Recomposer
from .resources import available_memory, check_disk

_DRY = "--dry-run"
_SECONDS_MORE = 1.0  # allowed for each further run of a chunk, beyond the limit of one run
_TRIAL_RUNS = 12  # by which the time of a run is estimated
_BYTES_OF_RUN, _BYTES_OF_SERIES = 1_550, 20_800  # stored for each run, and where its series are kept
_BYTES_IN_MEMORY = 2_500  # of the finished tables of each run


def main(arguments: list[str]) -> int:
    """Run or continue a sweep; with --dry-run only print how large it is."""
    words = expand_all([word for word in arguments if word != _DRY])
    jobs = compose_jobs(words, "sweep")
    if not jobs:
        return 0
    study, settings = build_study(jobs, parse_config_dir(words))
    folder = Path(settings.results) / "sweep" / settings.sweep.name
    if _DRY in arguments:
        print_estimate(study, settings, folder)
        return 0
    check_size(study, settings, folder)
    return run(folder, study, settings, jobs[0][0], ["atmis", "sweep", *arguments])


def build_study(jobs: Sequence[tuple[dict[str, Any], Any]], config_dir: Path | None) -> tuple[Any, Any]:
    """The study and the settings of composed configurations. Raises InputError."""
    from atmis.scenario.build import build_all
    from atmis.scenario.sweep import SweepSettings

    built = [build_all(data, origin, SweepSettings) for data, origin in jobs]
    from atmis.sweep.assemble import Job, assemble  # slow to import, so only once the configuration has been checked

    labels = job_labels([origin.words for _, origin in jobs])
    sweep_jobs = [
        Job(settings, scenario.scenario.name, Recomposer(data, origin, config_dir), label)
        for (data, origin), (scenario, settings), label in zip(jobs, built, labels, strict=True)
    ]
    settings = sweep_jobs[0].settings
    for job in sweep_jobs:
        _check_same_settings(job.settings.model_dump(), settings.model_dump())
    try:
        return assemble(sweep_jobs), settings
    except InputError as error:
        raise InputError(jobs[0][1].locate_sentence(str(error))) from None


def _check_same_settings(job: Mapping[str, Any], first: Mapping[str, Any]) -> None:
    """Raise InputError when jobs of a multirun differ in a setting that a sweep has only once."""
    pairs = [("sweep.name", job["sweep"]["name"], first["sweep"]["name"])]
    pairs += [(key, job[key], first[key]) for key in first if key != "sweep"]
    for key, of_job, of_first in pairs:
        if of_job != of_first:
            raise InputError(f"-m: {key} must be the same for all jobs, as they make up one sweep")


def check_sweep(data: dict[str, Any], origin: Any, config_dir: Path | None) -> None:
    """Raise InputError when a sweep cannot be run."""
    build_study([(data, origin)], config_dir)


def job_labels(words: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """The overrides in which the jobs of a multirun differ, by key, except for the scenario."""
    from atmis.scenario.conf_files import key_of

    common = set(words[0]).intersection(*words)
    labels = [{key_of(word): word.partition("=")[2] for word in job if word not in common} for job in words]
    return [{key: value for key, value in job.items() if key != "scenario"} for job in labels]


def print_estimate(study: Any, settings: Any, folder: Path) -> None:
    """Print the size of a sweep: runs, chunks, bytes, and time estimated by trial runs on this machine."""
    from atmis.executors import allowed_cores
    from atmis.sweep import chunk_files, identity, loop
    from atmis.sweep.context import WorkerContext

    from .terminal import print_table

    size = settings.chunk or loop.chunk_size(study)
    every = identity.series_every(study, settings)
    done = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.SUMMARY))
    context = WorkerContext(study)
    trial = range(min(_TRIAL_RUNS, study.runs))
    list(context.run(trial))  # compiles
    start = time.process_time()
    list(context.run(trial))
    each = (time.process_time() - start) / len(trial)
    workers = settings.workers or allowed_cores()
    size_bytes = _bytes_of(study, settings)
    rows = [
        ["scenarios", f"{len({source.scenario for source in study.sources}):,}"],
        ["cases", f"{study.cases:,}"],
        ["replicates of each case", f"{study.replicates:,}" + (" at the most" if settings.precision else "")],
        ["runs", f"{study.runs:,}"],
        ["of these stored already", f"{done:,}"],
        ["chunks", f"about {-(-(study.runs - done) // size):,} of {size:,} runs"],
        ["disk", f"about {size_bytes / 1e6:,.0f} MB, series of every {every}. replicate" if every else "no series"],
        ["time of a run here", f"{1000 * each:.1f} ms, by {len(trial)} trial runs"],
        ["time in all", f"about {_format_duration(each * (study.runs - done) / workers)} with {workers} workers"],
        ["folder", str(folder)],
    ]
    print_table(f"{study.name}: what would be run", [("", "left"), ("", "left")], rows)


def check_size(study: Any, settings: Any, folder: Path) -> None:
    """Raise InputError when a sweep of fixed size would not fit on the disk, or its tables not into memory.

    What is stored already needs no more space.
    """
    if settings.precision:
        return  # its replicates are the most that there may be
    what = f"{study.runs:,} runs ({study.cases:,} cases, {settings.replicates:,} replicates of each)"
    stored = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    check_disk(folder, _bytes_of(study, settings) - stored, what)
    memory, needed = available_memory(), study.runs * _BYTES_IN_MEMORY
    if memory and needed > memory:
        raise InputError(
            f"{what} make tables of about {needed / 1e9:,.0f} GB, and {memory / 1e9:,.0f} GB of memory are free here; "
            f"allowed here: at most {int(memory / _BYTES_IN_MEMORY):,} runs"
        )


def _bytes_of(study: Any, settings: Any) -> float:
    """About how many bytes a sweep takes on the disk."""
    from atmis.sweep import identity

    every = identity.series_every(study, settings)
    return float(study.runs * (_BYTES_OF_RUN + (_BYTES_OF_SERIES / every if every else 0)))


def _format_duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def run(folder: Path, study: Any, settings: Any, config: Mapping[str, Any], command: Sequence[str]) -> int:
    """Run the missing runs, write and print the tables; returns 1 when a run has failed."""
    from atmis.storage.manifest import Provenance
    from atmis.sweep import identity, lock, loop
    from atmis.sweep.collect import collect, confirm, write_failures

    from .terminal import print_failures, print_place, print_sweep, progress_bar

    started, executors = datetime.now(UTC), executor_factory(settings)
    with lock.hold(folder):
        identity.prepare(folder, study, settings, config)
        with progress_bar(study.runs, study.name) as advance:
            outcome = loop.run(folder, study, settings, executors, lambda progress: advance(progress.done))
        if outcome.failures is not None and outcome.failures.num_rows == study.cases * outcome.replicates:
            write_failures(folder, outcome)
            print_failures(outcome.failures)
            print("No run succeeded.")
            return 1
        written = collect(folder, study, outcome, Provenance(command, config, _overrides(command), started))
        if settings.figures:
            _draw(folder, study, settings.baseline)
        confirm(folder, study, identity.series_every(study, settings))
    print_sweep(folder, study, outcome, settings.precision)
    print_place(f"{folder} ({', '.join(path.name for path in written)})")
    return 1 if outcome.failures is not None else 0


def executor_factory(settings: Any) -> Any:
    """A function that makes the executors for some settings. Raises InputError when they cannot be made."""
    from atmis.executors import Executor, Name, make

    execution = settings.executor

    def executors(runs: int, isolated: bool) -> Executor:
        limit = execution.limit_seconds + (runs - 1) * _SECONDS_MORE if execution.limit_seconds else 0.0
        name: Name = "processes" if isolated and execution.name == "threads" else execution.name
        return make(name, settings.workers, limit, execution.memory_mib, execution.scheduler)

    executors(1, False)  # fails before anything is written
    return executors


def _draw(folder: Path, study: Any, baseline: str) -> None:
    """Draw the months of all scenarios against the baseline, if there is one to compare with."""
    from atmis.sweep import series

    ensembles = series.read_ensembles(folder, study)
    if baseline in ensembles and len(ensembles) > 1:
        from atmis.plots.comparison import figures
        from atmis.storage.manifest import add_files

        add_files(folder, figures.draw_months(ensembles, baseline, folder / "figures"))
        print(f"Figures: {folder / 'figures'}")


def _overrides(command: Sequence[str]) -> list[str]:
    return [word for word in command if "=" in word and not word.startswith("-")]
