"""Shared sections of all reports: evidence, inputs, differences from `planned`, and provenance."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from atmis.plots.common.dates import format_date
from atmis.report import assumptions
from atmis.report.assumptions import ScenarioData
from atmis.report.worlds import WorldDesign
from atmis.scenario import drawn
from atmis.scenario.compose import compose, conf_folder
from atmis.scenario.conf_files import options
from atmis.scenario.reading import read_yaml
from atmis.scenario.scenario import Scenario


def period(config: ScenarioData) -> str:
    """The first and the last day of a run in words."""
    first, last = (format_date(date.fromisoformat(str(config["period"][end]))) for end in ("start", "end"))
    return f"{first} to {last}"


@cache
def planned_config() -> ScenarioData:
    """The configuration of `planned`, with which other scenarios are compared, as it comes with atmis."""
    composed = compose(["scenario=planned"])[0]
    return {key: composed[key] for key in Scenario.model_fields}


def evidence(scenarios: Sequence[ScenarioData], worlds: WorldDesign | None) -> list[dict[str, Any]]:
    """All readings of the evidence on what troops do to attacks, and whether the scenarios use them."""
    own = {data["evidence"]["name"]: data["evidence"]["assumes"] for data in scenarios}
    used = {*own, *(worlds.readings if worlds else ())}
    folder = conf_folder() / "evidence"
    shipped = {name: read_yaml(folder / f"{name}.yaml")["assumes"] for name in options("evidence", [conf_folder()])}
    return [{"name": name, "assumes": assumes, "used": name in used} for name, assumes in (own | shipped).items()]


def inputs(scenarios: Sequence[ScenarioData], worlds: WorldDesign | None = None) -> dict[str, Any]:
    """How inputs are known: counts and important inputs of the first scenario; facts and sources of all scenarios."""
    first = scenarios[0]
    placed = assumptions.count_bases(first)
    return {
        "sourcings": assumptions.SOURCINGS,
        "counts": assumptions.count_inputs(first),
        "important": [row for row in assumptions.important_inputs(first) if not (worlds and worlds.varies(row))],
        "placed": placed,
        "bases": sum(placed.values()),
        "facts": assumptions.facts_used(scenarios),
        "sources": assumptions.sources_used(scenarios),
        "evidence": evidence(scenarios, worlds),
    }


def differences(scenarios: Mapping[str, ScenarioData], worlds: WorldDesign | None = None) -> dict[str, Any]:
    """Keys in which scenarios differ from `planned`: common to all, and of each; without those that were varied."""
    base = planned_config()
    changes = {
        name: [row for row in assumptions.changes(base, data) if not (worlds and worlds.varies(row))]
        for name, data in scenarios.items()
    }
    common = [row for row in next(iter(changes.values())) if all(row in rows for rows in changes.values())]
    if len(scenarios) == 1:
        common = []
    own = {name: assumptions.shorten([row for row in rows if row not in common]) for name, rows in changes.items()}
    return {"common": assumptions.shorten(common), "own": own}


def count_drawn(scenarios: Iterable[ScenarioData]) -> int:
    """Number of parameters drawn for each replicate; 0 where some scenario draws none."""
    return min(len({*data["draws"]["instead_of"]} - {*drawn.fixed(data)}) for data in scenarios)


def provenance(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """How the results were made, from their manifest: command, versions, hashes, files."""
    command = shlex.join(manifest["command"])
    return {
        "command": command,
        "elsewhere": ".../" in command,
        "made": format_date(datetime.fromisoformat(manifest["ended"]).date()),
        "versions": manifest["versions"],
        "git": manifest["git"],
        "source_hash": manifest["source_hash"],
        "hash": manifest["sha256"],
        "files": manifest["files"],
    }
