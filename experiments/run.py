"""atmis run: one scenario, some replicates; with -m several, one after the other."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from atmis.scenario.errors import InputError

from .hydra_app import composed
from .terminal import bar, print_headline


class _Job(NamedTuple):
    """A scenario that is to be run."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    origin: Any

    def where(self, key: str) -> str:
        """The override or file that sets a key, to begin a sentence with."""
        place = self.origin.of_key([key])
        return f"{place}: {key}: " if place else f"{key}: "


def main(arguments: list[str]) -> int:
    """Run a scenario for each composed configuration; none starts before all have been checked."""
    from atmis.scenario.build import build_all

    jobs = [_Job(*build_all(data, origin), data, origin) for data, origin in composed(arguments)]
    for job in jobs:
        _check_memory(job)
        _check_results(job)
    for job in jobs:
        _run(job, ["atmis", "run", *arguments])
    return 0


def _run(job: _Job, command: list[str]) -> None:
    from atmis import store
    from atmis.ensemble import simulate
    from atmis.manifest import Provenance

    scenario, settings = job.scenario, job.settings
    started = datetime.now(UTC)
    with bar(settings.replicates, scenario.scenario.name) as advance:
        ensemble = simulate(scenario, settings.replicates, settings.seed, settings.workers, advance)
    folder = store.new_folder(Path(settings.results), "run", scenario.scenario.name, started)
    store.write(ensemble, folder, Provenance(command, job.config, job.origin.words, started))
    if settings.figures:
        from atmis.plots import draw

        draw(ensemble, folder / "figures")
    print_headline(ensemble)
    print(f"\nFiles and figures: {folder}" if settings.figures else f"\nFiles: {folder}", flush=True)


def _check_results(job: _Job) -> None:
    """Raise InputError when the results cannot be written, which otherwise shows when all is done. Leaves nothing."""
    folder = Path(job.settings.results) / "run" / job.scenario.scenario.name
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not there.is_dir():
            raise NotADirectoryError(0, "a file stands where a folder is needed")
        Path(tempfile.mkdtemp(prefix=".atmis-", dir=there)).rmdir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{job.where('results')}{folder} cannot be written: {reason}") from None


def _check_memory(job: _Job) -> None:
    """Raise InputError when the results of all replicates do not fit into the memory of this machine."""
    from atmis import recorder, world

    here = _memory()
    record = recorder.allocate(*world.build(job.scenario))
    # Each array is kept once for each run, and those of all runs are stacked at the end.
    wanted = 2 * job.settings.replicates * sum(array.nbytes for array in record)
    if here and wanted > here:
        most = max(int(job.settings.replicates * here / wanted), 1)
        raise InputError(
            f"{job.where('replicates')}{job.settings.replicates:,} would take about "
            f"{wanted / 1e9:,.0f} GB of memory, and this machine has {here / 1e9:,.0f}; allowed here: at most {most:,}"
        )


def _memory() -> int:
    """Bytes of memory of this machine, 0 when it does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0
