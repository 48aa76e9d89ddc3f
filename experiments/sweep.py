"""atmis sweep: scenarios x points of a design x replicates, into a folder that the same command continues."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .composing import Composing
from .hydra_app import composed, every_choice, own_folder

_DRY = "--dry-run"
_SECONDS_MORE = 1.0  # that a chunk may take for each further run, beyond the limit of one
_TRIAL_RUNS = 12  # that tell how long a run takes here
_BYTES_OF_RUN, _BYTES_OF_SERIES = 1_250, 18_300  # stored for each run, and where its series are kept


def main(arguments: list[str]) -> int:
    """Run a sweep, or go on with it; with --dry-run only say how much it is."""
    words = every_choice([word for word in arguments if word != _DRY])
    jobs = composed(words, "sweep")
    if not jobs:
        return 0
    study, settings = study_of(jobs, own_folder(words))
    folder = Path(settings.results) / "sweep" / settings.sweep.name
    if _DRY in arguments:
        tell(study, settings, folder)
        return 0
    return run(folder, study, settings, jobs[0][0], ["atmis", "sweep", *arguments])


def study_of(jobs: Sequence[tuple[dict[str, Any], Any]], own: Path | None) -> tuple[Any, Any]:
    """The study and the settings of composed configurations. Raises InputError for what cannot be."""
    from atmis.scenario.build import build_all
    from atmis.scenario.sweep import SweepSettings

    built = [build_all(data, origin, SweepSettings) for data, origin in jobs]
    from atmis.sweep.assemble import Job, assemble  # after what is wrong has been told: it loads much

    labels = labels_of([origin.words for _, origin in jobs])
    made = [
        Job(settings, scenario.scenario.name, Composing(data, origin, own), label)
        for (data, origin), (scenario, settings), label in zip(jobs, built, labels, strict=True)
    ]
    settings = made[0].settings
    for job in made:
        _check_one(job.settings.model_dump(), settings.model_dump())
    try:
        return assemble(made), settings
    except InputError as error:
        raise InputError(jobs[0][1].located(str(error))) from None


def _check_one(job: Mapping[str, Any], first: Mapping[str, Any]) -> None:
    """Raise InputError when jobs of a multirun differ in what a sweep has once."""
    pairs = [("sweep.name", job["sweep"]["name"], first["sweep"]["name"])]
    pairs += [(key, job[key], first[key]) for key in first if key != "sweep"]
    for key, of_job, of_first in pairs:
        if of_job != of_first:
            raise InputError(f"-m: {key} must be the same for all, for they make one sweep")


def check_sweep(data: dict[str, Any], origin: Any, own: Path | None) -> None:
    """Raise InputError when a sweep cannot be run."""
    study_of([(data, origin)], own)


def labels_of(words: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """What the words of each job of a multirun say that not all say, but for the scenario."""
    from atmis.scenario.conf_files import key_of

    common = set(words[0]).intersection(*words)
    told = [{key_of(word): word.partition("=")[2] for word in some if word not in common} for some in words]
    return [{key: value for key, value in some.items() if key != "scenario"} for some in told]


def tell(study: Any, settings: Any, folder: Path) -> None:
    """How much a sweep is: runs, chunks, bytes, and time by some trial runs on this machine."""
    import os

    from atmis.sweep import chunk_files, identity, loop
    from atmis.sweep.context import WorkerContext

    from .terminal import table

    size = settings.chunk or loop.chunk_size(study)
    every = identity.series_every(study, settings)
    done = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.SUMMARY))
    context = WorkerContext(study)
    trial = range(min(_TRIAL_RUNS, study.runs))
    list(context.run(trial))  # compiles
    begun = time.process_time()
    list(context.run(trial))
    each = (time.process_time() - begun) / len(trial)
    workers = settings.workers or os.cpu_count() or 1
    size_bytes = study.runs * (_BYTES_OF_RUN + (_BYTES_OF_SERIES / every if every else 0))
    rows = [
        ["scenarios", f"{len({source.scenario for source in study.sources}):,}"],
        ["cases", f"{study.cases:,}"],
        ["replicates of each case", f"{study.replicates:,}" + (" at the most" if settings.precision else "")],
        ["runs", f"{study.runs:,}"],
        ["of these stored already", f"{done:,}"],
        ["chunks", f"about {-(-(study.runs - done) // size):,} of {size:,} runs"],
        ["disk", f"about {size_bytes / 1e6:,.0f} MB, series of every {every}. replicate" if every else "no series"],
        ["time of a run here", f"{1000 * each:.1f} ms, by {len(trial)} trial runs"],
        ["time in all", f"about {_shown(each * (study.runs - done) / workers)} with {workers} workers"],
        ["folder", str(folder)],
    ]
    table(f"{study.name}: what would be run", [("", "left"), ("", "left")], rows)


def _shown(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def run(folder: Path, study: Any, settings: Any, config: Mapping[str, Any], command: Sequence[str]) -> int:
    """Run what is missing, write the tables and print them; 1 when a run has failed."""
    from atmis.storage.manifest import Provenance
    from atmis.sweep import chunk_files, identity, lock, loop
    from atmis.sweep.collect import collect, write_failures

    from .terminal import bar, print_failures, print_place, print_sweep

    started, executors = datetime.now(UTC), executors_of(settings)
    with lock.held(folder):
        identity.prepare(folder, study, settings, config)
        with bar(study.runs, study.name) as advance:
            outcome = loop.run(folder, study, settings, executors, lambda progress: advance(progress.done))
        if not chunk_files.files(folder, chunk_files.SUMMARY):
            write_failures(folder, outcome)
            print_failures(outcome.failures)
            print("No run has succeeded.")
            return 1
        written = collect(folder, study, outcome, Provenance(command, config, _overrides(command), started))
        if settings.figures:
            _draw(folder, study, settings.baseline)
    print_sweep(folder, outcome)
    print_place(f"{folder} ({', '.join(path.name for path in written)})")
    return 1 if outcome.failures is not None else 0


def executors_of(settings: Any) -> Any:
    """What makes the executors that settings ask for. Raises InputError when they cannot be."""
    from atmis.executors import Executor, Name, make

    how = settings.executor

    def executors(runs: int, apart: bool) -> Executor:
        limit = how.limit_seconds + (runs - 1) * _SECONDS_MORE if how.limit_seconds else 0.0
        name: Name = "processes" if apart and how.name == "threads" else how.name
        return make(name, settings.workers, limit, how.memory_mib, how.scheduler)

    executors(1, False)  # before anything is written: it may not be one
    return executors


def _draw(folder: Path, study: Any, baseline: str) -> None:
    """Months of all scenarios against the baseline; nothing where there is no baseline to compare with."""
    from atmis.sweep import series

    made = series.ensembles(folder, study)
    if baseline in made and len(made) > 1:
        from atmis.plots.comparison import figures

        figures.draw_months(made, baseline, folder / "figures")
        print(f"Figures: {folder / 'figures'}")


def _overrides(command: Sequence[str]) -> list[str]:
    return [word for word in command if "=" in word and not word.startswith("-")]
