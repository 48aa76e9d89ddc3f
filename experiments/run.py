"""atmis run: one scenario, some replicates; with -m several, one after the other."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .hydra_app import composed
from .room import check_folder, check_memory


class _Job(NamedTuple):
    """A scenario that is to be run."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    origin: Any


def main(arguments: list[str]) -> int:
    """Run a scenario for each composed configuration; none starts before all have been checked."""
    from atmis.scenario.build import build_all

    jobs = [_Job(*build_all(data, origin), data, origin) for data, origin in composed(arguments)]
    for job in jobs:
        check_memory([(job.scenario, job.settings.replicates)], job.origin.lead("replicates"))
        check_folder(Path(job.settings.results) / "run" / job.scenario.scenario.name, job.origin.lead("results"))
    for job in jobs:
        _run(job, ["atmis", "run", *arguments])
    return 0


def _run(job: _Job, command: list[str]) -> None:
    from atmis.runs.ensemble import simulate
    from atmis.storage import run_folder
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance

    from .terminal import bar, print_headline, print_place

    scenario, settings = job.scenario, job.settings
    started = datetime.now(UTC)
    with bar(settings.replicates, scenario.scenario.name) as advance:
        ensemble = simulate(scenario, settings.replicates, settings.seed, settings.workers, advance)
    folder = new_folder(Path(settings.results), "run", scenario.scenario.name, started)
    run_folder.write(ensemble, folder, Provenance(command, job.config, job.origin.words, started))
    if settings.figures:
        from atmis.plots.run.figures import draw

        draw(ensemble, folder / "figures")
    print_headline(ensemble)
    print_place(folder, settings.figures)
