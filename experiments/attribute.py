"""atmis attribute: how much of a modelled change each mechanism makes, under each reading of the evidence."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .hydra_app import composed, every_choice
from .room import check_folder, check_memory
from .sweep import labels_of
from .terminal import bar, print_attribution

_VERB, _VARIED = "attribute", "evidence"


def main(arguments: list[str]) -> int:
    """Switch mechanisms off, run what is missing, and split the change."""
    started = datetime.now(UTC)
    jobs = composed(_with_readings(arguments), _VERB)
    if not jobs:
        return 0
    _check_labels(labels_of([origin.words for _, origin in jobs]))
    games, plan, settings = _games(jobs)
    found = _played(games, plan)
    folder = _written(found, settings, jobs[0][0], [("atmis", _VERB), arguments], started)
    if settings.figures:
        from atmis.plots import attributions

        attributions.draw(found, folder / "figures")
    print_attribution(found)
    print(f"\nFiles and figures: {folder}" if settings.figures else f"\nFiles: {folder}", flush=True)
    return 0


def _with_readings(arguments: list[str]) -> list[str]:
    """The words with all readings of the evidence where they name none, and as a multirun where they list several."""
    keys = {word.partition("=")[0] for word in arguments}
    if keys & {"--cfg", "-c", "--info", "-i", "--hydra-help"}:  # Hydra prints something, which it does of one job
        return arguments
    words = every_choice([*arguments, *([] if _VARIED in keys else [f"{_VARIED}=all"])])
    listed = any(word.startswith(f"{_VARIED}=") and "," in word for word in words)
    return [*words, "-m"] if listed and not {"-m", "--multirun"} & set(words) else words


def _check_labels(labels: Sequence[Mapping[str, str]]) -> None:
    for key in sorted({key for label in labels for key in label} - {_VARIED}):
        raise InputError(f"override '{key}': {_VERB} takes one value of it; only {_VARIED} may list several")


def _games(jobs: Sequence[tuple[dict[str, Any], Any]]) -> tuple[list[Any], Any, Any]:
    """A game for each reading of the evidence, how it is played, and the settings. Raises InputError."""
    from atmis.attribution import Game, Plan, Question, Runs, check_mechanisms
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import AttributeSettings

    data, origin = jobs[0]
    scenario, settings = build_all(data, origin, AttributeSettings)
    check_mechanisms(settings.mechanisms)
    question = Question.of(settings)
    question.check(scenario)
    place = Path(settings.results) / _VERB
    check_folder(place, origin.lead("results"))
    check_memory([(scenario, settings.replicates)], origin.lead("replicates"))
    runs = Runs(place, question, settings.replicates, settings.seed, settings.workers)
    plan = Plan(settings.exact_up_to, settings.orders, settings.seed)
    return [Game(_model(data), settings.mechanisms, runs) for data, _ in jobs], plan, settings


def _model(data: Mapping[str, Any]) -> dict[str, Any]:
    """A composed configuration without the settings of the command."""
    from atmis.scenario.scenario import Scenario

    return {key: data[key] for key in Scenario.model_fields if key in data}


def _played(games: Sequence[Any], plan: Any) -> list[Any]:
    from atmis.attribution import attribute

    needed = set().union(*(game.needed(plan.coalitions(game)) for game in games))
    runs = games[0].runs
    with bar(len(needed) * runs.replicates, _VERB) as advance:
        runs.done = advance
        return [attribute(game, plan) for game in games]


def _written(
    found: Sequence[Any], settings: Any, config: Mapping[str, Any], command: Sequence[Sequence[str]], started: datetime
) -> Path:
    from atmis.attribution import Change, Contribution, Interaction
    from atmis.manifest import Provenance
    from atmis.sensitivity.leave import leave
    from atmis.store import new_folder

    folder = new_folder(Path(settings.results), _VERB, found[0].change.scenario, started)
    tables = {
        "attribution": ([row for one in found for row in one.contributions], Contribution),
        "changes": ([one.change for one in found], Change),
        "interactions": ([row for one in found for row in one.interactions], Interaction),
    }
    words = [word for part in command for word in part]
    about = {"settings": settings.model_dump(mode="json"), "readings": [one.change.evidence for one in found]}
    leave(tables, folder, about, Provenance(words, config, [word for word in words if "=" in word], started))
    return folder
