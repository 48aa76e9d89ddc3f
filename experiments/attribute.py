"""atmis attribute: how much of a modelled change each mechanism makes, under each reading of the evidence."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, nearest, shortened

from .composing import Composing
from .hydra_app import composed_alone, own_folder
from .room import check_folder, check_memory
from .terminal import bar, print_attribution, print_place

_READING = "evidence"


def main(arguments: list[str]) -> int:
    """Switch mechanisms off, run what is missing, and split the change."""
    started, own = datetime.now(UTC), own_folder(arguments)
    readings = _readings(arguments, own)
    rest = [word for word in arguments if not _is_reading(word)]
    why = f"-m: attribute splits one change; only {_READING}= may list several"
    job = composed_alone([*rest, f"{_READING}={readings[0]}"], "attribute", why)
    if job is None:
        return 0
    data, origin = job
    games, plan, settings = _games(data, origin, readings, own)
    found = _played(games, plan)
    folder = _written(found, settings, data, ["atmis", "attribute", *arguments], started)
    if settings.figures:
        from atmis.plots import attribution

        attribution.draw(found, folder / "figures")
    print_attribution(found)
    print_place(folder, settings.figures)
    return 0


def _is_reading(word: str) -> bool:
    return word.partition("=")[0] == _READING


def _readings(words: Sequence[str], own: Path | None) -> list[str]:
    """The readings of the evidence that are named, or all. Raises InputError for one that there is not."""
    from atmis.scenario.conf_files import conf_folder, options

    known = options(_READING, [conf_folder(), *([own] if own else [])])
    named = [word.partition("=")[2] for word in words if _is_reading(word)]
    if not named or named[-1] == "all":
        return known
    for name in named[-1].split(","):
        if name not in known:
            raise InputError(f"{_READING}: there is no '{shortened(name)}'{nearest(name, known)}; or all")
    return list(dict.fromkeys(named[-1].split(",")))


def _games(data: dict[str, Any], origin: Any, readings: Sequence[str], own: Path | None) -> tuple[list[Any], Any, Any]:
    """A game for each reading of the evidence, how it is played, and the settings. Raises InputError."""
    from atmis.analysis.attribution import Game, Plan, Question, Runs, check_mechanisms
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import AttributeSettings

    scenario, settings = build_all(data, origin, AttributeSettings)
    check_mechanisms(settings.mechanisms)
    question = Question.of(settings)
    question.check(scenario)
    place = Path(settings.results) / "attribute"
    check_folder(place, origin.lead("results"))
    check_memory([(scenario, settings.replicates)], origin.lead("replicates"))
    runs = Runs(place, question, settings.replicates, settings.seed, settings.workers)
    compose, plan = Composing(data, origin, own), Plan(settings.exact_up_to, settings.orders, settings.seed)
    worlds = [compose({"scenario": origin.choices["scenario"], _READING: reading}) for reading in readings]
    return [Game(world, settings.mechanisms, runs) for world in worlds], plan, settings


def _played(games: Sequence[Any], plan: Any) -> list[Any]:
    from atmis.analysis.attribution import attribute

    needed = set().union(*(game.needed(plan.coalitions(game)) for game in games))
    runs = games[0].runs
    with bar(len(needed) * runs.replicates, "attribute") as advance:
        runs.done = advance
        return [attribute(game, plan) for game in games]


def _written(
    found: Sequence[Any], settings: Any, config: Mapping[str, Any], command: Sequence[str], started: datetime
) -> Path:
    from atmis.analysis.attribution import Change, Contribution, Interaction
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, write_manifest
    from atmis.storage.tables import save_rows

    folder = new_folder(Path(settings.results), "attribute", found[0].change.scenario, started)
    tables = {
        "attribution": ([row for one in found for row in one.contributions], Contribution),
        "changes": ([one.change for one in found], Change),
        "interactions": ([row for one in found for row in one.interactions], Interaction),
    }
    about = {"settings": settings.model_dump(mode="json"), "readings": [one.change.evidence for one in found]}
    provenance = Provenance(command, config, [word for word in command if "=" in word], started)
    write_manifest(folder, "attribute", about, save_rows(folder, tables), provenance)
    return folder
