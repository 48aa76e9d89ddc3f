"""The figures that runs should reproduce: every entry of every regularity of the facts ledger."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atmis import facts
from atmis.facts import Fact

NO_PATTERN = ("r1_months",)  # the length of a window
_KEY = re.compile(r"r(\d+)_\w+")
# Lists of the ledger whose entries are figures of their own; any other list is a range.
_LISTS = {
    "r4_weekly_autocorrelation": tuple(f"lag {lag}" for lag in range(1, 7)),
    "r4_monthly_autocorrelation": tuple(f"lag {lag}" for lag in range(1, 4)),
    "r17_handover_10_km": ("before", "after"),
    "r17_handover_25_km": ("before", "after"),
    "r17_geriley": ("before", "after"),
}


@dataclass(frozen=True)
class RegularityFigure:
    """A figure, or a range, that a regularity states."""

    pattern: str  # key of the fact, and which of its entries: r1_events_by_county.Mandera
    number: int  # of the regularity
    what: str
    unit: str
    low: float | None  # the figure, or the lower end of a range; None: no number
    high: float | None
    facts: tuple[str, ...]  # keys of the ledger

    @property
    def ledger_entries(self) -> list[Fact]:
        """The facts that it comes from."""
        return [facts.facts()[key] for key in self.facts]


def regularity_figures() -> list[RegularityFigure]:
    """Every figure of every regularity in the order of the ledger, and two that are derived from several facts."""
    figures = [figure for key in _keys() for figure in _figures_of_fact(facts.facts()[key])]
    return sorted([*figures, *_derived_figures()], key=lambda figure: figure.number)  # a stable order


def _keys() -> list[str]:
    return [key for key in facts.facts() if _KEY.fullmatch(key) and key not in NO_PATTERN]


def _figures_of_fact(fact: Fact) -> Iterator[RegularityFigure]:
    for part, value in _entries(fact.key, fact.value):
        low, high = value if isinstance(value, tuple) else (value, value)
        is_number = isinstance(low, int | float)
        yield RegularityFigure(
            pattern=f"{fact.key}.{part}" if part else fact.key,
            number=_number(fact.key),
            what=f"{part.replace('_', ' ')}: {fact.what}" if part else fact.what,
            unit=fact.unit,
            low=low if is_number else None,
            high=high if is_number else None,
            facts=(fact.key,),
        )


def _entries(key: str, value: Any) -> Sequence[tuple[str, Any]]:
    """The entries of a fact by name; one without a name where it has no entries."""
    if isinstance(value, Mapping):
        return [(str(part), entry) for part, entry in value.items()]
    return list(zip(_LISTS[key], value, strict=True)) if key in _LISTS else [("", value)]


def _derived_figures() -> list[RegularityFigure]:
    """Figures that follow from several facts, or several entries of one."""
    days, coordinated = (facts.facts()[key].value for key in ("r14_attack_days", "r14_coordinated_days"))
    targets = facts.facts()["r12_targets_jubaland"].value
    share = round(coordinated / days, 3)
    forces = round(targets["jubaland_forces"] + targets["federal_army_and_police"], 3)
    return [
        RegularityFigure("r14_coordinated_share", 14, "attack days that hit two or more, of all attack days",
                         "share", share, share, ("r14_coordinated_days", "r14_attack_days")),
        RegularityFigure("r12_targets_jubaland.somali_forces", 12, "both kinds of Somali forces: targets in Jubaland",
                         "share", forces, forces, ("r12_targets_jubaland",)),
    ]  # fmt: skip


def _number(key: str) -> int:
    match = _KEY.fullmatch(key)
    assert match is not None
    return int(match[1])
