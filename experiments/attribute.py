"""atmis attribute: the share of each mechanism in a modelled change, under each reading of the evidence."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, shorten, suggest

from .hydra_app import compose_job, parse_config_dir
from .recomposer import Recomposer
from .resources import check_folder, check_memory
from .terminal import print_attribution, print_place, progress_bar

_READING = "evidence"


def main(arguments: list[str]) -> int:
    """Switch mechanisms off, run what is missing, and split the change."""
    started, config_dir = datetime.now(UTC), parse_config_dir(arguments)
    readings = _readings(arguments, config_dir)
    rest = [word for word in arguments if not _is_reading(word)]
    why = f"-m: attribute splits one change; only {_READING}= may list several"
    job = compose_job([*rest, f"{_READING}={readings[0]}"], "attribute", why)
    if job is None:
        return 0
    data, origin = job
    games, plan, settings = _build_games(data, origin, readings, config_dir)
    attributed = _play(games, plan)
    folder = _write_outputs(attributed, settings, data, ["atmis", "attribute", *arguments], started)
    if settings.figures:
        from atmis.plots import attribution
        from atmis.storage.manifest import add_files

        add_files(folder, attribution.draw(attributed, folder / "figures"))
    print_attribution(attributed)
    print_place(folder, settings.figures)
    return 0


def _is_reading(word: str) -> bool:
    return word.partition("=")[0] == _READING


def _readings(words: Sequence[str], config_dir: Path | None) -> list[str]:
    """The readings of the evidence that are named, or all. Raises InputError for an unknown one."""
    from atmis.scenario.conf_files import EVERY, conf_folder, every_option, options

    folders = [conf_folder(), *([config_dir] if config_dir else [])]
    known = options(_READING, folders)
    named = [word.partition("=")[2] for word in words if _is_reading(word)]
    if not named or named[-1] == EVERY:
        return every_option(_READING, folders)
    for name in named[-1].split(","):
        if name not in known:
            raise InputError(f"{_READING}: there is no '{shorten(name)}'{suggest(name, known)}; or all")
    return list(dict.fromkeys(named[-1].split(",")))


def _build_games(
    data: dict[str, Any], origin: Any, readings: Sequence[str], config_dir: Path | None
) -> tuple[list[Any], Any, Any]:
    """A game for each reading of the evidence, the plan of coalitions, and the settings. Raises InputError."""
    from atmis.analysis.attribution import CoalitionPlan, Game, Question, RunCache, check_mechanisms
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import AttributeSettings

    scenario, settings = build_all(data, origin, AttributeSettings)
    check_mechanisms(settings.mechanisms)
    question = Question.of(settings)
    question.check(scenario)
    place = Path(settings.results) / "attribute"
    check_folder(place, origin.location_prefix("results"))
    check_memory([(scenario, settings.replicates)], origin.location_prefix("replicates"))
    runs = RunCache(place, question, settings.replicates, settings.seed, settings.workers)
    compose, plan = (
        Recomposer(data, origin, config_dir),
        CoalitionPlan(settings.exact_up_to, settings.orders, settings.seed),
    )
    worlds = [compose({"scenario": origin.choices["scenario"], _READING: reading}) for reading in readings]
    return [Game(world, settings.mechanisms, runs) for world in worlds], plan, settings


def _play(games: Sequence[Any], plan: Any) -> list[Any]:
    from atmis.analysis.attribution import attribute

    needed = set().union(*(game.required_runs(plan.coalitions(game)) for game in games))
    runs = games[0].runs
    with progress_bar(len(needed) * runs.replicates, "attribute") as advance:
        runs.progress = advance
        return [attribute(game, plan) for game in games]


def _write_outputs(
    attributed: Sequence[Any], settings: Any, config: Mapping[str, Any], command: Sequence[str], started: datetime
) -> Path:
    from atmis.analysis.attribution import Change, Contribution, Interaction
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, write_manifest
    from atmis.storage.tables import save_rows

    folder = new_folder(Path(settings.results), "attribute", attributed[0].change.scenario, started)
    tables = {
        "attribution": ([row for result in attributed for row in result.contributions], Contribution),
        "changes": ([result.change for result in attributed], Change),
        "interactions": ([row for result in attributed for row in result.interactions], Interaction),
    }
    about = {
        "settings": settings.model_dump(mode="json"),
        "readings": [result.change.evidence for result in attributed],
    }
    provenance = Provenance(command, config, [word for word in command if "=" in word], started)
    write_manifest(folder, "attribute", about, save_rows(folder, tables), provenance)
    return folder
