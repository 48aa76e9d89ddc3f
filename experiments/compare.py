"""atmis compare: scenarios, or results of earlier runs and sweeps, against a baseline, pair by pair."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .composing import Composing
from .hydra_app import composed, names_apart, own_folder
from .room import check_folder, check_memory
from .sides import Naming, Side
from .terminal import bar, print_comparison


def main(arguments: list[str]) -> int:
    """Compare what is named; without names nothing can be."""
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import CompareSettings

    names, words = names_apart(arguments)
    jobs = composed(words, "compare")
    if not jobs:
        return 0
    if not names:
        raise InputError("compare needs names of scenarios or folders, for example: atmis compare planned extended")
    if len(jobs) > 1:
        raise InputError("compare takes no -m; name what is compared, for example: atmis compare planned extended")
    data, origin = jobs[0]
    settings = build_all(data, origin, CompareSettings)[1]
    sides = Naming(Composing(data, origin, own_folder(words)), settings)(names)
    _check_kin(sides)
    check_memory([(side.scenario, side.replicates) for side in sides.values()], origin.lead("replicates"))
    check_folder(Path(settings.results) / "compare", origin.lead("results"))
    _compare(sides, settings, data, ["atmis", "compare", *arguments])
    return 0


def _check_kin(sides: Mapping[str, Side]) -> None:
    """Raise InputError when one of the sides has no replicates in common with the first, the baseline."""
    from atmis.comparison.spans import unlike

    first = next(iter(sides.values()))
    for side in sides.values():
        reason = unlike((first.scenario, first.seed), (side.scenario, side.seed))
        if reason:
            raise InputError(f"compare: {reason}")


def _compare(sides: Mapping[str, Side], settings: Any, config: Mapping[str, Any], command: list[str]) -> None:
    from atmis.comparison.leave import Comparison, Source, leave
    from atmis.manifest import Provenance
    from atmis.store import new_folder

    started, baseline = datetime.now(UTC), next(iter(sides))
    comparison = Comparison.of(_simulated(sides, settings.workers), baseline)
    folder = new_folder(Path(settings.results), "compare", f"{baseline}_and_{len(sides) - 1}_more", started)
    overrides = [word for word in command if "=" in word]
    sources = {name: Source(side.config, side.folder is not None) for name, side in sides.items()}
    leave(comparison, folder, Provenance(command, config, overrides, started), sources)
    if settings.figures:
        from atmis.plots import compared

        compared.draw(comparison.ensembles, baseline, folder / "figures", comparison.differences)
    print_comparison(comparison)
    print(f"\nFiles and figures: {folder}" if settings.figures else f"\nFiles: {folder}", flush=True)


def _simulated(sides: Mapping[str, Side], workers: int) -> dict[str, Any]:
    """An ensemble of each side."""
    from atmis.ensemble import simulate

    made: dict[str, Any] = {}
    with bar(sum(side.replicates for side in sides.values()), "compare") as advance:
        for name, side in sides.items():
            done = sum(one.replicates for one in made.values())
            made[name] = simulate(side.scenario, side.replicates, side.seed, workers, _from(done, advance))
    return made


def _from(done: int, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Tells of progress beyond what is done."""
    return lambda runs: advance(done + runs)
