"""atmis run: run replicates of a scenario; with -m of several, one after the other."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .hydra_app import compose_jobs
from .resources import check_folder, check_memory


class _RunJob(NamedTuple):
    """A scenario to run."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    origin: Any


def main(arguments: list[str]) -> int:
    """Run each composed configuration; none starts before all have been checked."""
    from atmis.scenario.build import build_all

    jobs = [_RunJob(*build_all(data, origin), data, origin) for data, origin in compose_jobs(arguments)]
    for job in jobs:
        check_memory([(job.scenario, job.settings.replicates)], job.origin.location_prefix("replicates"))
        check_folder(
            Path(job.settings.results) / "run" / job.scenario.scenario.name, job.origin.location_prefix("results")
        )
    for job in jobs:
        _run(job, ["atmis", "run", *arguments])
    return 0


def _run(job: _RunJob, command: list[str]) -> None:
    from atmis.runs.ensemble import simulate
    from atmis.scenario.drawn import describe_fixed
    from atmis.storage import run_folder
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, add_files

    from .terminal import print_headline, print_place, progress_bar

    scenario, settings = job.scenario, job.settings
    started = datetime.now(UTC)
    with progress_bar(settings.replicates, scenario.scenario.name) as advance:
        ensemble = simulate(scenario, settings.replicates, settings.seed, settings.workers, advance)
    folder = new_folder(Path(settings.results), "run", scenario.scenario.name, started)
    run_folder.write(ensemble, folder, Provenance(command, job.config, job.origin.words, started))
    if settings.figures:
        from atmis.plots.run.figures import draw

        add_files(folder, draw(ensemble, folder / "figures"))
    print_headline(ensemble)
    if fixed := describe_fixed(scenario):
        print(fixed)
    print_place(folder, settings.figures)
