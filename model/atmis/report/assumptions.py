"""What a scenario assumes: where it differs from `planned`, and how each of its numbers is known."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from atmis import facts
from atmis.plots.kit import words
from atmis.plots.kit.dates import in_words
from atmis.scenario.difference import changed
from atmis.scenario.fields import Standing
from atmis.scenario.quantities import at, quantity, show

Data = Mapping[str, Any]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
MOST = 60  # keys of a scenario that are shown
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
# Chosen by hand, for what a reader asks first; a sensitivity analysis may order them once there is one.
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
_OFF = re.compile(r" \(0: [^()]*\)|; 0: [^()]*(?=\))")  # what zero means, which only who sets a number must know
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNITS = {"troops": "troops", "police": "police", "killed": "people", "days": "days"}


@dataclass(frozen=True)
class Assumed:
    """A key of a scenario, as a reader sees it."""

    key: str
    label: str
    here: str
    planned: str
    unit: str
    standing: str  # nothing where it has none, as the period
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """Where a scenario differs from `planned`: the first keys, and how many more there are."""

    rows: tuple[Assumed, ...]
    more: int = 0


def changes(planned: Data, here: Data) -> list[Assumed]:
    """Every key that differs, in words."""
    return [_assumed(path, here, planned) for path in changed(planned, here)]


def shortened(rows: Sequence[Assumed]) -> Changed:
    """So many of the keys that a reader can take in."""
    return Changed(tuple(rows[:MOST]), max(len(rows) - MOST, 0))


def important(data: Data) -> list[Assumed]:
    """The keys that a reader asks for first, of those that the scenario has, by how they are known."""
    found = [_assumed(path, data, data) for key in IMPORTANT if _at(data, path := tuple(key.split("."))) is not None]
    return sorted(found, key=lambda one: STANDINGS.index(one.standing))  # type: ignore[arg-type]


def known(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str, list[str]]]:
    """Part, class and sources of every number that the records describe, and of every other entry that has them."""
    what = quantity(path) if path else None
    if what and not what.inherited:
        yield path[0], what.standing, what.sources
    elif isinstance(data, Mapping):
        of_entry = [name for name in data if (one := quantity((*path, name))) and one.inherited]
        if "class" in data:
            yield from [(path[0], data["class"], data["source"])] * max(len(of_entry), 1)
        for name, value in data.items():
            if name not in of_entry:
                yield from known(value, (*path, name))


def counts(data: Data) -> list[tuple[str, list[int]]]:
    """How many inputs of each part of a scenario are of each class, and of all together."""
    found = Counter((part, standing) for part, standing, _ in known(data))
    rows = [(name, [found[part, standing] for standing in STANDINGS]) for part, name in PARTS.items()]
    return [*rows, ("all", [sum(column) for column in zip(*(row for _, row in rows))])]


def bases(data: Data) -> Counter[str]:
    """How many bases are placed how: documented, approximate, synthetic."""
    return Counter(base["placed"] for base in data["theatre"]["bases"].values())


def facts_used(scenarios: Iterable[Data]) -> list[facts.FactRow]:
    """The figures of the ledger that the scenarios rest on, in the order of the ledger."""
    sources = _sources(scenarios)
    return facts.table(fact for key, fact in facts.facts().items() if key in sources)


def sources_used(scenarios: Iterable[Data]) -> list[tuple[str, str]]:
    """Keys and citations of the sources of the scenarios and of the figures of the ledger that they rest on."""
    direct = _sources(scenarios)
    of_facts = {key for name, fact in facts.facts().items() if name in direct for key in fact.source}
    return [(key, facts.citation(source)) for key, source in facts.bibliography().items() if key in direct | of_facts]


def _sources(scenarios: Iterable[Data]) -> set[str]:
    return {source for data in scenarios for *_, sources in known(data) for source in sources}


# --- Keys and values in words ---


def _assumed(path: tuple[str, ...], here: Data, planned: Data) -> Assumed:
    what = quantity(path)
    standing, sources = _known_at(path, here) or _known_at(path, planned) or ("", ())
    if what and not what.inherited:
        standing, sources = what.standing, tuple(what.sources)
    name = what.what if what else ""
    return Assumed(
        ".".join(path), _label(path, name), _shown(_at(here, path)), _shown(_at(planned, path)),
        _unit(path, what.unit if what else ""), standing, tuple(sources),
    )  # fmt: skip


def _known_at(path: tuple[str, ...], data: Data) -> tuple[str, tuple[str, ...]] | None:
    """Class and sources of the nearest entry around a key."""
    for length in range(len(path) - 1, 0, -1):
        entry = _at(data, path[:length])
        if isinstance(entry, Mapping) and "class" in entry:
            return entry["class"], tuple(entry["source"])
    return None


def _at(data: Data, path: Sequence[str]) -> Any:
    try:
        return at(data, path)
    except (KeyError, TypeError):
        return None


def _label(path: Sequence[str], what: str) -> str:
    """A key in words: what the records say of it, else its last two parts, as in `Somali request: days`."""
    return words.first_up(_OFF.sub("", what) or ": ".join(path[-2:]).replace("_", " "))


def _unit(path: Sequence[str], unit: str) -> str:
    if unit:
        return "" if unit == "-" else unit
    last = path[-1].rsplit("_", 1)[-1]
    return _UNITS.get(last, "") or ("troops" if "troops" in path[:-1] else "")


def _shown(value: Any) -> str:
    """A value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "included"
    if isinstance(value, list) and not all(isinstance(item, int | float) for item in value):
        return ", ".join(_shown(item) for item in value) or "none"
    if isinstance(value, str):
        return in_words(date.fromisoformat(value)) if _DATE.fullmatch(value) else value.replace("_", " ")
    return show(value)
