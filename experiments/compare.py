"""atmis compare: scenarios, or results of earlier runs, against a baseline, pair by pair."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .composing import Composing
from .hydra_app import composed, own_folder
from .terminal import bar, print_comparison

_LEAST = 2  # things that can be compared


@dataclass(frozen=True)
class _Side:
    """One of the things that are compared: a scenario, its replicates and its seed."""

    scenario: Any
    replicates: int
    seed: int
    config: Mapping[str, Any]
    from_folder: bool = False


def main(arguments: list[str]) -> int:
    """Compare what is named; without names nothing can be."""
    names = [word for word in arguments if "=" not in word and not word.startswith(("-", "~"))]
    own = [word for k, word in enumerate(arguments) if k and arguments[k - 1] in ("--config-dir", "-cd")]
    names = list(dict.fromkeys(name for name in names if name not in own))
    words = [word for word in arguments if word not in names]
    jobs = composed(words, "compare")
    if not jobs:
        return 0
    if len(jobs) > 1:
        raise InputError("compare takes no -m; name what is compared, for example: atmis compare planned extended")
    settings, sides = _sides(names, jobs[0], own_folder(words))
    _compare(sides, settings, jobs[0][0], ["atmis", "compare", *arguments])
    return 0


def _sides(names: list[str], job: tuple[dict[str, Any], Any], own: Path | None) -> tuple[Any, dict[str, _Side]]:
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import CompareSettings

    data, origin = job
    _, settings = build_all(data, origin, CompareSettings)
    if not names:
        raise InputError("compare needs names of scenarios or folders, for example: atmis compare planned extended")
    composing, told = Composing(data, origin, own), list(dict.fromkeys([settings.baseline, *names]))
    if len(told) < _LEAST:
        raise InputError(f"compare: '{told[0]}' alone cannot be compared; name another, or give baseline=")
    sides: dict[str, _Side] = {}
    for name in told:
        for label, side in _of_name(name, composing, settings).items():
            sides[label if label not in sides else f"{label} ({name})"] = side
    return settings, sides


def _of_name(name: str, composing: Composing, settings: Any) -> Mapping[str, _Side]:
    """What a name stands for: a scenario, or a folder of `atmis run`."""
    from atmis.scenario.build import build

    if Path(name).is_dir():
        return _of_folder(Path(name))
    data = composing({"scenario": name})
    return {name: _Side(build(data), settings.replicates, settings.seed, data)}


def _of_folder(folder: Path) -> Mapping[str, _Side]:
    """The scenario of a folder, with its seed and replicates: the same numbers, made again."""
    import json

    from atmis.compiled import source_hash
    from atmis.scenario.build import build
    from atmis.scenario.scenario import Scenario

    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        data = {key: manifest["config"][key] for key in Scenario.model_fields}
        name, replicates, seed = manifest["scenario"], int(manifest["replicates"]), int(manifest["seed"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{folder} holds no complete run of atmis run: manifest.json cannot be used") from None
    if manifest.get("source_hash") != source_hash():
        raise InputError(f"{folder} was made by other rules than these; run it again, then compare")
    return {name: _Side(build(data), replicates, seed, data, True)}


def _compare(sides: Mapping[str, _Side], settings: Any, config: Mapping[str, Any], command: list[str]) -> None:
    from atmis.comparison.leave import Comparison, Source, leave
    from atmis.ensemble import simulate
    from atmis.manifest import Provenance
    from atmis.store import new_folder

    started, done = datetime.now(UTC), 0
    ensembles = {}
    with bar(sum(side.replicates for side in sides.values()), "compare") as advance:
        for name, side in sides.items():
            ensembles[name] = simulate(
                side.scenario, side.replicates, side.seed, settings.workers, _from(done, advance)
            )
            done += side.replicates
    baseline = next(iter(ensembles))
    try:
        comparison = Comparison.of(ensembles, baseline)
    except ValueError as error:
        raise InputError(f"compare: {error}") from None
    folder = new_folder(Path(settings.results), "compare", f"{baseline}_and_{len(ensembles) - 1}_more", started)
    overrides = [word for word in command if "=" in word]
    sources = {name: Source(side.config, side.from_folder) for name, side in sides.items()}
    leave(comparison, folder, Provenance(command, config, overrides, started), sources)
    if settings.figures:
        from atmis.plots import compared

        compared.draw(ensembles, baseline, folder / "figures", comparison.differences)
    print_comparison(comparison)
    print(f"\nFiles and figures: {folder}" if settings.figures else f"\nFiles: {folder}", flush=True)


def _from(done: int, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Tells of progress beyond what is done."""
    return lambda runs: advance(done + runs)
