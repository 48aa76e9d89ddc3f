"""atmis compare: scenarios, or results of earlier runs and sweeps, against a baseline, pair by pair."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from atmis.scenario.errors import InputError, shorten

from . import compare_worlds
from .hydra_app import compose_jobs, expand_all, parse_config_dir, split_names
from .recomposer import Recomposer
from .resources import check_folder, check_memory
from .sides import Side, SideFinder, check_comparable, has_several_points
from .terminal import print_comparison, print_place, progress_bar


class _CommandRecord(NamedTuple):
    """The command, for the manifest."""

    command: list[str]
    settings: Any
    config: Mapping[str, Any]
    started: datetime


def main(arguments: list[str]) -> int:
    """Compare the named scenarios and folders with the baseline."""
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import CompareSettings

    started, command = datetime.now(UTC), ["atmis", "compare", *arguments]
    names, words = split_names(arguments)
    config_dir = parse_config_dir(words)
    jobs = compose_jobs(expand_all(words), "compare")
    if not jobs:
        return 0
    data, origin = jobs[0]
    settings = build_all(data, origin, CompareSettings)[1]
    _check_words(names, origin)
    check_folder(Path(settings.results) / "compare", origin.location_prefix("results"))
    record = _CommandRecord(command, settings, data, started)
    if len(names) == 1 and has_several_points(names[0]):
        _write_worlds(compare_worlds.worlds_of_folder(Path(names[0]), settings.baseline), record)
    elif len(jobs) > 1:
        _write_worlds(
            compare_worlds.worlds_of_jobs(
                jobs, names, settings, config_dir, lambda worlds: _simulate_worlds(worlds, settings, origin)
            ),
            record,
        )
    else:
        sides = SideFinder(Recomposer(data, origin, config_dir), settings)(names)
        check_comparable(sides)
        check_memory(
            [(side.scenario, side.replicates) for side in sides.values()], origin.location_prefix("replicates")
        )
        _write_comparison(sides, record)
    return 0


def _check_words(names: Sequence[str], origin: Any) -> None:
    if not names:
        raise InputError("compare needs names of scenarios or folders, for example: atmis compare planned extended")
    chosen = [word for word in origin.words if word.startswith("scenario=")]
    if chosen:
        raise InputError(
            f"override '{chosen[0]}': compare takes names without a key, for example: atmis compare extended"
        )


# --- runs ---


def _simulate_sides(sides: Mapping[str, Side], workers: int) -> dict[str, Any]:
    """Simulate each side; ensembles by label."""
    from atmis.runs.ensemble import simulate

    ensembles: dict[str, Any] = {}
    with progress_bar(sum(side.replicates for side in sides.values()), "compare") as advance:
        for name, side in sides.items():
            done = sum(ensemble.replicates for ensemble in ensembles.values())
            ensembles[name] = simulate(
                side.scenario, side.replicates, side.seed, workers, _offset_progress(done, advance)
            )
    return ensembles


def _simulate_worlds(
    worlds: Sequence[Mapping[str, Side]], settings: Any, origin: Any
) -> Iterator[tuple[int, str, Any]]:
    """Simulate each side in each state of the world; yields number of the state, label and ensemble."""
    from atmis.runs.ensemble import simulate

    sides = [(point, name, side) for point, world in enumerate(worlds) for name, side in world.items()]
    check_memory([(sides[0][2].scenario, settings.replicates)], origin.location_prefix("replicates"))
    with progress_bar(len(sides) * settings.replicates, "compare") as advance:
        for number, (point, name, side) in enumerate(sides):
            done = _offset_progress(number * settings.replicates, advance)
            yield point, name, simulate(side.scenario, side.replicates, side.seed, settings.workers, done)


def _offset_progress(done: int, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Report progress on top of the runs done before."""
    return lambda runs: advance(done + runs)


# --- outputs ---


def _write_comparison(sides: Mapping[str, Side], record: _CommandRecord) -> None:
    from atmis.analysis.comparison.outputs import ComparedSource, Comparison

    comparison = Comparison.of(_simulate_sides(sides, record.settings.workers), next(iter(sides)))
    sources = {name: ComparedSource(side.config, side.folder is not None) for name, side in sides.items()}
    folder = _write_folder(comparison, sources, record)
    if record.settings.figures:
        from atmis.plots.comparison import figures
        from atmis.storage.manifest import add_files

        place = folder / "figures"
        add_files(folder, figures.draw(comparison.ensembles, comparison.baseline, place, comparison.differences))
    for name, side in sides.items():
        if side.folder is not None:
            made = f", made with {', '.join(map(shorten, side.overrides))}" if side.overrides else ""
            print(f"{name}: {side.folder}{made}")
    _print_summary(comparison, folder, record, sources)


def _write_worlds(compared: compare_worlds.ComparedWorlds, record: _CommandRecord) -> None:
    from atmis.analysis.comparison.outputs import ComparedSource

    sources = {name: ComparedSource(config, compared.from_folder) for name, config in compared.configs.items()}
    folder = _write_folder(compared.comparison, sources, record)
    if record.settings.figures:
        from atmis.plots.comparison import figures
        from atmis.storage.manifest import add_files

        add_files(folder, figures.draw_worlds(compared.comparison, folder / "figures"))
    _print_summary(compared.comparison, folder, record, sources)


def _write_folder(comparison: Any, sources: Mapping[str, Any], record: _CommandRecord) -> Path:
    """Write tables and manifest to a new folder."""
    from atmis.analysis.comparison.outputs import write_outputs
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance

    name = f"{comparison.entries[comparison.baseline]['scenario']}_and_{len(sources) - 1}_more"
    folder = new_folder(Path(record.settings.results), "compare", name, record.started)
    overrides = [word for word in record.command if "=" in word]
    config = {**record.config, **next(iter(sources.values())).config}
    write_outputs(comparison, folder, Provenance(record.command, config, overrides, record.started), sources)
    return folder


def _print_summary(comparison: Any, folder: Path, record: _CommandRecord, sources: Mapping[str, Any]) -> None:
    print_comparison(comparison, _differing_parts(sources))
    print_place(folder, record.settings.figures)
    if record.settings.report:
        from atmis.report import write

        print(f"Report: {write(folder)}", flush=True)


def _differing_parts(sources: Mapping[str, Any]) -> dict[str, list[str]]:
    """The parts in which each scenario differs from the first."""
    from atmis.scenario.difference import changed_parts

    baseline, *_ = sources.values()
    return {name: changed_parts(baseline.config, source.config) for name, source in sources.items()}
