"""What every report says of a folder besides its numbers: evidence, sources, and how to make it again."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from atmis.plots.kit.dates import in_words
from atmis.report import assumptions
from atmis.report.assumptions import Data
from atmis.report.worlds import Worlds
from atmis.scenario.compose import compose, conf_folder
from atmis.scenario.conf_files import options
from atmis.scenario.reading import read
from atmis.scenario.scenario import Scenario


def period(config: Data) -> str:
    """The first and the last day of a run."""
    first, last = (in_words(date.fromisoformat(str(config["period"][end]))) for end in ("start", "end"))
    return f"{first} to {last}"


@cache
def planned() -> Data:
    """The scenario that the others are set against, as it comes with atmis."""
    made = compose(["scenario=planned"])[0]
    return {key: made[key] for key in Scenario.model_fields}


def evidence(used: Sequence[Data], worlds: Worlds | None) -> list[dict[str, Any]]:
    """The views of what troops do to attacks that there are, and whether the scenarios take them."""
    mine = {data["evidence"]["name"]: data["evidence"]["assumes"] for data in used}
    taken = {*mine, *(worlds.readings if worlds else ())}
    folder = conf_folder() / "evidence"
    there = {name: read(folder / f"{name}.yaml")["assumes"] for name in options("evidence", [conf_folder()])}
    return [{"name": name, "assumes": what, "used": name in taken} for name, what in (mine | there).items()]


def inputs(scenarios: Sequence[Data], worlds: Worlds | None = None) -> dict[str, Any]:
    """How the inputs are known: counts and the most asked for, as in the first scenario; facts and sources of all."""
    first = scenarios[0]
    placed = assumptions.bases(first)
    return {
        "standings": assumptions.STANDINGS,
        "counts": assumptions.counts(first),
        "important": [one for one in assumptions.important(first) if not (worlds and worlds.holds(one))],
        "placed": placed,
        "bases": sum(placed.values()),
        "facts": assumptions.facts_used(scenarios),
        "sources": assumptions.sources_used(scenarios),
        "evidence": evidence(scenarios, worlds),
    }


def differences(scenarios: Mapping[str, Data], worlds: Worlds | None = None) -> dict[str, Any]:
    """Where scenarios differ from `planned`: all of them alike, and each of its own. What was varied is left out."""
    base = planned()
    found = {
        name: [one for one in assumptions.changes(base, data) if not (worlds and worlds.holds(one))]
        for name, data in scenarios.items()
    }
    common = [one for one in next(iter(found.values())) if all(one in rows for rows in found.values())]
    if len(scenarios) == 1:
        common = []
    own = {name: assumptions.shortened([one for one in rows if one not in common]) for name, rows in found.items()}
    return {"common": assumptions.shortened(common), "own": own}


def drawn(scenarios: Iterable[Data]) -> int:
    """How many parameters are drawn anew for each replicate; 0 where some scenario draws none."""
    return min(len(data["draws"]["instead_of"]) for data in scenarios)


def making(told: Mapping[str, Any]) -> dict[str, Any]:
    """How to make the folder again, from its manifest."""
    command = shlex.join(told["command"])
    return {
        "command": command,
        "elsewhere": ".../" in command,
        "made": in_words(datetime.fromisoformat(told["ended"]).date()),
        "versions": told["versions"],
        "git": told["git"],
        "source_hash": told["source_hash"],
        "hash": told["sha256"],
        "files": told["files"],
    }
