"""The assumptions of a scenario: where it differs from `planned`, and how each of its numbers is known."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from atmis import facts
from atmis.plots.common import words
from atmis.plots.common.dates import format_date
from atmis.scenario.difference import changed_keys
from atmis.scenario.fields import Sourcing
from atmis.scenario.quantities import find_quantity, format_number, value_at

ScenarioData = Mapping[str, Any]
SOURCINGS: tuple[Sourcing, ...] = get_args(Sourcing)
MOST = 60  # most keys of a scenario that are shown
PARTS = {
    "theatre": "ground, bases and contingents",
    "plan": "the plan of the mission",
    "opposition": "the armed group",
    "host": "Somali forces",
    "kenya": "Kenya",
    "society": "control and displacement",
    "evidence": "what troops do to attacks",
    "reporting": "what is recorded",
}
# Chosen by hand as what readers ask about first; a sensitivity analysis may order them once there is one.
IMPORTANT = (
    "theatre.contingents.kenya.troops",
    "theatre.mission.police",
    "plan.phases.phase_2.troops",
    "plan.phases.phase_4.date",
    "opposition.cells.fighters",
    "kenya.haiti.officers",
    "evidence.attacks",
    "opposition.attacks.rate",
    "opposition.excitation.branching",
    "opposition.assault.killed_overrun",
    "opposition.assault.retaken_mission_days",
    "host.effect",
    "host.readiness.handover",
    "opposition.targets.somalia.host_base",
    "opposition.assault.massing",
    "opposition.attacks.raids",
    "opposition.attacks.closed_border",
    "kenya.reopening.threshold",
    "society.displacement.per_attack",
    "society.displacement.per_overrun",
)
_ZERO_NOTE = re.compile(
    r" \(0: [^()]*\)|; 0: [^()]*(?=\))"
)  # what zero means, which matters only to those who set a number
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNITS = {"troops": "troops", "police": "police", "killed": "people", "days": "days"}


@dataclass(frozen=True)
class Assumption:
    """A key of a scenario in the words of the report."""

    key: str
    label: str
    here: str
    planned: str
    unit: str
    sourcing: str  # empty where a key has none, such as the period
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ChangedKeys:
    """The keys in which a scenario differs from `planned`: the first of them, and how many more there are."""

    rows: tuple[Assumption, ...]
    more: int = 0


def changes(planned: ScenarioData, here: ScenarioData) -> list[Assumption]:
    """Every key that differs between `planned` and a scenario."""
    return [_assumption(path, here, planned) for path in changed_keys(planned, here)]


def shorten(rows: Sequence[Assumption]) -> ChangedKeys:
    """The first MOST of some keys, and the number of the rest."""
    return ChangedKeys(tuple(rows[:MOST]), max(len(rows) - MOST, 0))


def important_inputs(data: ScenarioData) -> list[Assumption]:
    """The keys of IMPORTANT that a scenario has, ordered by how they are known."""
    rows = [_assumption(path, data, data) for key in IMPORTANT if _at(data, path := tuple(key.split("."))) is not None]
    return sorted(rows, key=lambda row: SOURCINGS.index(row.sourcing))


def known_inputs(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str, list[str]]]:
    """Part, class and sources of every described number, and of every other entry that has a class and sources."""
    record = find_quantity(path) if path else None
    if record and not record.inherited:
        yield path[0], record.sourcing, record.sources
    elif isinstance(data, Mapping):
        inherited = [name for name in data if (entry := find_quantity((*path, name))) and entry.inherited]
        if "class" in data:
            yield from [(path[0], data["class"], data["source"])] * max(len(inherited), 1)
        for name, value in data.items():
            if name not in inherited:
                yield from known_inputs(value, (*path, name))


def count_inputs(data: ScenarioData) -> list[tuple[str, list[int]]]:
    """Numbers of inputs by class, for each part of a scenario and for all parts together."""
    counted = Counter((part, sourcing) for part, sourcing, _ in known_inputs(data))
    rows = [(name, [counted[part, sourcing] for sourcing in SOURCINGS]) for part, name in PARTS.items()]
    return [*rows, ("all", [sum(column) for column in zip(*(row for _, row in rows))])]


def count_bases(data: ScenarioData) -> Counter[str]:
    """Numbers of bases by how their place is known: documented, approximate, synthetic."""
    return Counter(base["placed"] for base in data["theatre"]["bases"].values())


def facts_used(scenarios: Iterable[ScenarioData]) -> list[facts.FactRow]:
    """The facts of the ledger that scenarios are based on, in the order of the ledger."""
    sources = _sources(scenarios)
    return facts.table(fact for key, fact in facts.facts().items() if key in sources)


def sources_used(scenarios: Iterable[ScenarioData]) -> list[tuple[str, str]]:
    """Keys and citations of the sources of scenarios and of the facts that these are based on."""
    direct = _sources(scenarios)
    of_facts = {key for name, fact in facts.facts().items() if name in direct for key in fact.source}
    return [(key, facts.citation(source)) for key, source in facts.bibliography().items() if key in direct | of_facts]


def _sources(scenarios: Iterable[ScenarioData]) -> set[str]:
    return {source for data in scenarios for *_, sources in known_inputs(data) for source in sources}


# --- Keys and values in words ---


def _assumption(path: tuple[str, ...], here: ScenarioData, planned: ScenarioData) -> Assumption:
    record = find_quantity(path)
    sourcing, sources = _sourcing_at(path, here) or _sourcing_at(path, planned) or ("", ())
    if record and not record.inherited:
        sourcing, sources = record.sourcing, tuple(record.sources)
    description = record.what if record else ""
    return Assumption(
        ".".join(path), _label(path, description), _format_value(_at(here, path)), _format_value(_at(planned, path)),
        _unit(path, record.unit if record else ""), sourcing, tuple(sources),
    )  # fmt: skip


def _sourcing_at(path: tuple[str, ...], data: ScenarioData) -> tuple[str, tuple[str, ...]] | None:
    """Class and sources of the nearest entry that encloses a key."""
    for length in range(len(path) - 1, 0, -1):
        entry = _at(data, path[:length])
        if isinstance(entry, Mapping) and "class" in entry:
            return entry["class"], tuple(entry["source"])
    return None


def _at(data: ScenarioData, path: Sequence[str]) -> Any:
    try:
        return value_at(data, path)
    except (KeyError, TypeError):
        return None


def _label(path: Sequence[str], description: str) -> str:
    """A key in words: its description, else its last two parts, as in `Somali request: days`."""
    return words.capitalise(_ZERO_NOTE.sub("", description) or ": ".join(path[-2:]).replace("_", " "))


def _unit(path: Sequence[str], unit: str) -> str:
    if unit:
        return "" if unit == "-" else unit
    last = path[-1].rsplit("_", 1)[-1]
    return _UNITS.get(last, "") or ("troops" if "troops" in path[:-1] else "")


def _format_value(value: Any) -> str:
    """A value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "included"
    if isinstance(value, list) and not all(isinstance(item, int | float) for item in value):
        return ", ".join(_format_value(item) for item in value) or "none"
    if isinstance(value, str):
        return format_date(date.fromisoformat(value)) if _DATE.fullmatch(value) else value.replace("_", " ")
    return format_number(value)
