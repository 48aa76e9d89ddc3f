"""Of a comparison over states of the world: what was varied, what the spread is made of, and what a plan may lose."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from atmis.analysis.comparison.pooled import FROM_SUMMARY
from atmis.analysis.comparison.regret import Lost
from atmis.analysis.comparison.variance_components import Spread
from atmis.plots.comparison.variance_shares import SHOWN
from atmis.plots.kit import words
from atmis.report.assumptions import Assumed
from atmis.report.folder import rows
from atmis.report.numbers import Number, digits_of_level, number, percent
from atmis.runs.summary import Group

_PARTS = ("chance", "parameters", "evidence")


@dataclass(frozen=True)
class Worlds:
    """What was varied: readings of the evidence, points, and the names of what differs between these."""

    readings: tuple[str, ...]
    points: int
    varied: tuple[str, ...]

    @staticmethod
    def of(manifest: Mapping[str, Any]) -> "Worlds | None":
        """What a manifest tells of them; None where one state of the world was compared."""
        told = manifest.get("worlds")
        return Worlds(tuple(told["readings"]), int(told["points"]), tuple(told["varied"])) if told else None

    def holds(self, one: Assumed) -> bool:
        """Whether a key is among what was varied, so that no scenario has one value of it."""
        names = [*self.varied, *(["evidence"] if len(self.readings) > 1 else [])]
        return any(f"{one.key}.".startswith(f"{name}.") for name in names)


class Loss(NamedTuple):
    """What a plan loses against the best plan in a state of the world."""

    regret: Number
    told_apart: bool


def spread(folder: Path) -> list[dict[str, Any]]:
    """What the spread of each difference is made of: shares of its variance, None for what was not varied."""
    found = {
        (row.scenario, row.headline): row for row in rows(folder / "spread.csv", Spread) if row.quantity != "level"
    }
    names = {FROM_SUMMARY[what]: words.place(*what) for what in SHOWN if what in FROM_SUMMARY}
    scenarios = dict.fromkeys(scenario for scenario, _ in found)
    return [
        {"scenario": scenario, "of": name, "shares": [_share(found[scenario, one], part) for part in _PARTS]}
        for scenario in scenarios
        for (one, *more), name in names.items()
        if not more and (scenario, one) in found
    ]


def _share(row: Spread, part: str) -> Number | None:
    share = getattr(row, f"share_{part}")
    place = {"table": "spread", "scenario": row.scenario, "quantity": row.quantity, "headline": row.headline}
    return None if share is None else percent(place | {"column": f"share_{part}"}, share)


def regrets(folder: Path) -> list[dict[str, Any]]:
    """A table for each indicator and group: what each plan loses in each state of the world."""
    found = rows(folder / "regret.csv", Lost)
    whats = dict.fromkeys((row.indicator, row.group, row.unit) for row in found)
    return [
        _matrix([row for row in found if (row.indicator, row.group) == (indicator, group)])
        for indicator, group, _ in whats
    ]


def _matrix(found: list[Lost]) -> dict[str, Any]:
    one, largest = found[0], max(row.regret for row in found)
    plans: dict[str, dict[str, Loss]] = {}
    for row in found:
        plans.setdefault(row.plan, {})[row.world] = _loss(row, largest)
    title = words.place(one.indicator, cast(Group, one.group))
    return {"title": title, "unit": one.unit, "worlds": list(plans[one.plan]), "plans": plans}


def _loss(row: Lost, largest: float) -> Loss:
    place = {"table": "regret", "indicator": row.indicator, "group": row.group, "plan": row.plan, "world": row.world}
    return Loss(number(place | {"column": "regret"}, row.regret, "plain", digits_of_level(largest)), row.told_apart)
