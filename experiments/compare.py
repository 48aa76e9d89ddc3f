"""atmis compare: scenarios, or results of earlier runs and sweeps, against a baseline, pair by pair."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from atmis.scenario.errors import InputError

from . import across
from .composing import Composing
from .hydra_app import composed, every_choice, names_apart, own_folder
from .room import check_folder, check_memory
from .sides import Naming, Side, check_kin, is_of_points
from .terminal import bar, print_comparison, print_place


class _Told(NamedTuple):
    """What the manifest tells of the command."""

    command: list[str]
    settings: Any
    config: Mapping[str, Any]
    started: datetime


def main(arguments: list[str]) -> int:
    """Compare what is named; without names nothing can be."""
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import CompareSettings

    started, command = datetime.now(UTC), ["atmis", "compare", *arguments]
    names, words = names_apart(arguments)
    own = own_folder(words)
    jobs = composed(every_choice(words), "compare")
    if not jobs:
        return 0
    data, origin = jobs[0]
    settings = build_all(data, origin, CompareSettings)[1]
    _check_words(names, origin)
    check_folder(Path(settings.results) / "compare", origin.lead("results"))
    told = _Told(command, settings, data, started)
    if len(names) == 1 and is_of_points(names[0]):
        _leave_across(across.of_folder(Path(names[0]), settings.baseline), told)
    elif len(jobs) > 1:
        _leave_across(
            across.of_jobs(jobs, names, settings, own, lambda worlds: _one_by_one(worlds, settings, origin)), told
        )
    else:
        sides = Naming(Composing(data, origin, own), settings)(names)
        check_kin(sides)
        check_memory([(side.scenario, side.replicates) for side in sides.values()], origin.lead("replicates"))
        _leave(sides, told)
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


def _simulated(sides: Mapping[str, Side], workers: int) -> dict[str, Any]:
    """An ensemble of each side."""
    from atmis.runs.ensemble import simulate

    made: dict[str, Any] = {}
    with bar(sum(side.replicates for side in sides.values()), "compare") as advance:
        for name, side in sides.items():
            done = sum(one.replicates for one in made.values())
            made[name] = simulate(side.scenario, side.replicates, side.seed, workers, _from(done, advance))
    return made


def _one_by_one(worlds: Sequence[Mapping[str, Side]], settings: Any, origin: Any) -> Iterator[tuple[int, str, Any]]:
    """An ensemble of each side of each state of the world: its number, name, and runs, one at a time."""
    from atmis.runs.ensemble import simulate

    sides = [(point, name, side) for point, world in enumerate(worlds) for name, side in world.items()]
    check_memory([(sides[0][2].scenario, settings.replicates)], origin.lead("replicates"))
    with bar(len(sides) * settings.replicates, "compare") as advance:
        for number, (point, name, side) in enumerate(sides):
            done = _from(number * settings.replicates, advance)
            yield point, name, simulate(side.scenario, side.replicates, side.seed, settings.workers, done)


def _from(done: int, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Tells of progress beyond what is done."""
    return lambda runs: advance(done + runs)


# --- what is left ---


def _leave(sides: Mapping[str, Side], told: _Told) -> None:
    from atmis.analysis.comparison.outputs import Comparison, Source

    comparison = Comparison.of(_simulated(sides, told.settings.workers), next(iter(sides)))
    sources = {name: Source(side.config, side.folder is not None) for name, side in sides.items()}
    folder = _written(comparison, sources, told)
    if told.settings.figures:
        from atmis.plots.comparison import figures

        figures.draw(comparison.ensembles, comparison.baseline, folder / "figures", comparison.differences)
    _say(comparison, folder, told, sources)


def _leave_across(found: across.Found, told: _Told) -> None:
    from atmis.analysis.comparison.outputs import Source

    sources = {name: Source(config, found.from_folder) for name, config in found.configs.items()}
    folder = _written(found.across, sources, told)
    if told.settings.figures:
        from atmis.plots.comparison import figures

        figures.draw_worlds(found.across, folder / "figures")
    _say(found.across, folder, told, sources)


def _written(comparison: Any, sources: Mapping[str, Any], told: _Told) -> Path:
    """The tables and the manifest in a new folder."""
    from atmis.analysis.comparison.outputs import write_outputs
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance

    name = f"{next(iter(sources))}_and_{len(sources) - 1}_more"
    folder = new_folder(Path(told.settings.results), "compare", name, told.started)
    overrides = [word for word in told.command if "=" in word]
    config = {**told.config, **next(iter(sources.values())).config}
    write_outputs(comparison, folder, Provenance(told.command, config, overrides, told.started), sources)
    return folder


def _say(comparison: Any, folder: Path, told: _Told, sources: Mapping[str, Any]) -> None:
    print_comparison(comparison, _differing(sources))
    print_place(folder, told.settings.figures)
    if told.settings.report:
        from atmis.report import write

        print(f"Report: {write(folder)}", flush=True)


def _differing(sources: Mapping[str, Any]) -> dict[str, list[str]]:
    """For each scenario the parts in which it differs from the first, the plan as one."""
    from atmis.scenario.difference import changed

    baseline, *_ = sources.values()
    return {
        name: list(dict.fromkeys(".".join(key[: 1 if key[0] == "plan" else 2]) for key in keys))
        for name, keys in ((name, changed(baseline.config, one.config)) for name, one in sources.items())
    }
