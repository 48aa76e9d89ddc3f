"""Sections on a comparison over states of the world: what was varied, shares of the variance, and regret."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from atmis.analysis.comparison.pooled import INDICATOR_HEADLINES
from atmis.analysis.comparison.regret import RegretRow
from atmis.analysis.comparison.variance_components import VarianceShares
from atmis.plots.common import words
from atmis.plots.comparison.variance_shares import SHOWN
from atmis.report.assumptions import Assumption
from atmis.report.folder import read_rows
from atmis.report.numbers import Number, digits_of_level, number, percent
from atmis.runs.summary import Group

_PARTS = ("chance", "parameters", "evidence")


@dataclass(frozen=True)
class WorldDesign:
    """What varies between states of the world: readings of the evidence, points, and what differs between points."""

    readings: tuple[str, ...]
    points: int
    varied: tuple[str, ...]

    @staticmethod
    def of(manifest: Mapping[str, Any]) -> "WorldDesign | None":
        """The design in a manifest; None where only one state of the world was compared."""
        worlds = manifest.get("worlds")
        return (
            WorldDesign(tuple(worlds["readings"]), int(worlds["points"]), tuple(worlds["varied"])) if worlds else None
        )

    def varies(self, assumption: Assumption) -> bool:
        """Whether a key was varied, so that no scenario has a single value of it."""
        names = [*self.varied, *(["evidence"] if len(self.readings) > 1 else [])]
        return any(f"{assumption.key}.".startswith(f"{name}.") for name in names)


class RegretCell(NamedTuple):
    """The regret of a plan in a state of the world, and whether it can be told from the best plan."""

    regret: Number
    told_apart: bool


def variance_rows(folder: Path) -> list[dict[str, Any]]:
    """Shares of the variance of each difference; None for a source that was not varied."""
    rows = {
        (row.scenario, row.headline): row
        for row in read_rows(folder / "spread.csv", VarianceShares)
        if row.quantity != "level"
    }
    names = {
        INDICATOR_HEADLINES[indicator]: words.short_heading(*indicator)
        for indicator in SHOWN
        if indicator in INDICATOR_HEADLINES
    }
    scenarios = dict.fromkeys(scenario for scenario, _ in rows)
    return [
        {"scenario": scenario, "of": name, "shares": [_share(rows[scenario, headline], part) for part in _PARTS]}
        for scenario in scenarios
        for (headline, *more), name in names.items()
        if not more and (scenario, headline) in rows
    ]


def _share(row: VarianceShares, part: str) -> Number | None:
    share = getattr(row, f"share_{part}")
    place = {"table": "spread", "scenario": row.scenario, "quantity": row.quantity, "headline": row.headline}
    return None if share is None else percent(place | {"column": f"share_{part}"}, share)


def regret_tables(folder: Path) -> list[dict[str, Any]]:
    """A table of regret for each indicator and group: plans by states of the world."""
    rows = read_rows(folder / "regret.csv", RegretRow)
    indicators = dict.fromkeys((row.indicator, row.group, row.unit) for row in rows)
    return [
        _regret_table([row for row in rows if (row.indicator, row.group) == (indicator, group)])
        for indicator, group, _ in indicators
    ]


def _regret_table(rows: list[RegretRow]) -> dict[str, Any]:
    first, largest = rows[0], max(row.regret for row in rows)
    plans: dict[str, dict[str, RegretCell]] = {}
    for row in rows:
        plans.setdefault(row.plan, {})[row.world] = _regret_cell(row, largest)
    title = words.short_heading(first.indicator, cast(Group, first.group))
    return {"title": title, "unit": first.unit, "worlds": list(plans[first.plan]), "plans": plans}


def _regret_cell(row: RegretRow, largest: float) -> RegretCell:
    place = {"table": "regret", "indicator": row.indicator, "group": row.group, "plan": row.plan, "world": row.world}
    return RegretCell(
        number(place | {"column": "regret"}, row.regret, "plain", digits_of_level(largest)), row.told_apart
    )
