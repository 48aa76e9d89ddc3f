"""Indicators that are compared: one table with the unit, definition, worse direction and count of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from atmis.analysis.comparison.openings import Stage, first_days
from atmis.analysis.comparison.spans import Span
from atmis.analysis.comparison.survival import YEAR, held_by_replicate
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import DAYS_PER_MONTH, Group, group_of_zones

GROUPS: tuple[Group, ...] = get_args(Group)
ByGroup = dict[Group, Floats]  # a value for each replicate; NaN: not defined
Worse = Literal["more", "fewer", "neither"]


@dataclass(frozen=True)
class Indicator:
    """A quantity to compare, counted for each replicate, group of zones and part of the run."""

    name: str
    unit: str
    definition: str
    worse: Worse  # which direction is the worse one
    function: Callable[[Ensemble, Span], ByGroup]
    whole_run_only: bool = False

    def probability_worse(self, probability_more: float | None) -> float | None:
        """Probability that the scenario is the worse one; None where neither direction is worse."""
        if probability_more is None or self.worse == "neither":
            return None
        return probability_more if self.worse == "more" else 1.0 - probability_more


def _sum(*names: str) -> Callable[[Ensemble, Span], ByGroup]:
    """Sum of recorded flows over the months of a span and the zones of each group, in the order of summary.total."""

    def values(ensemble: Ensemble, span: Span) -> ByGroup:
        zones = np.sum([ensemble.indicator(name)[:, span.months].sum(axis=1) for name in names], axis=0)
        return {group: zones[:, group_of_zones(ensemble, group)].sum(axis=1) for group in GROUPS}

    return values


def _shortfall(ensemble: Ensemble, span: Span) -> ByGroup:
    """Troops that host bases lack, mean over the days of a span."""
    return {"all": np.asarray(ensemble.days["host_shortfall"][:, span.days].mean(axis=1))}


def _quiet_share(ensemble: Ensemble, span: Span) -> ByGroup:
    """Share of the days of a span on which the border could open; NaN where no day can be judged."""
    could_open = np.asarray(ensemble.days["could_open"])[:, span.days]
    judged = (could_open >= 0).sum(axis=1).astype(float)
    return {"kenyan_border": (could_open > 0).sum(axis=1) / np.where(judged > 0, judged, np.nan)}


def _opening(stage: Stage) -> Callable[[Ensemble, Span], ByGroup]:
    """Months from the start of the run until a stage of the opening; `never` counts as the whole run."""

    def values(ensemble: Ensemble, _: Span) -> ByGroup:
        days = np.nan_to_num(first_days(ensemble, stage), nan=ensemble.scenario.period.days)
        return {"kenyan_border": days / DAYS_PER_MONTH}

    return values


def _held_share(ensemble: Ensemble, _: Span) -> ByGroup:
    """Share of the bases handed over that hold for a year, by group of their zone."""
    groups: tuple[Group, ...] = ("all", "jubaland", "rest")
    return {group: held_by_replicate(ensemble, group_of_zones(ensemble, group)) for group in groups}


# fmt: off
INDICATORS: dict[str, Indicator] = {item.name: item for item in (
    Indicator("attacks", "attacks", "attacks that took place", "more", _sum("attacks")),
    Indicator("recorded_attacks", "attacks", "attacks that an event data set would hold", "more",
              _sum("recorded_attacks")),
    Indicator("recorded_deaths", "people", "deaths of all sides in the recorded attacks", "more",
              _sum("recorded_deaths")),
    Indicator("deaths_without_group", "people", "people killed in attacks, without fighters of the group", "more",
              _sum("deaths_mission", "deaths_host", "deaths_kenya", "deaths_civilians")),
    Indicator("deaths_mission", "people", "troops of the mission killed", "more", _sum("deaths_mission")),
    Indicator("deaths_host", "people", "Somali security forces killed in attacks", "more", _sum("deaths_host")),
    Indicator("deaths_kenya", "people", "Kenyan security forces killed at home", "more", _sum("deaths_kenya")),
    Indicator("deaths_civilians", "people", "civilians killed in attacks", "more", _sum("deaths_civilians")),
    Indicator("deaths_group", "people", "fighters killed in attacks; neither direction is called worse", "neither",
              _sum("deaths_group")),
    Indicator("assaults", "assaults", "massed assaults on bases", "more", _sum("assaults")),
    Indicator("overruns", "overruns", "falls of bases; a base that falls twice counts twice", "more",
              _sum("overruns")),
    Indicator("displaced", "people", "people newly displaced; who is displaced twice counts twice", "more",
              _sum("displaced_attacks", "displaced_overruns", "displaced_offensive")),
    Indicator("displaced_attacks", "people", "of these by attacks", "more", _sum("displaced_attacks")),
    Indicator("displaced_overruns", "people", "of these by bases that fell", "more", _sum("displaced_overruns")),
    Indicator("displaced_offensive", "people", "of these by offensives", "more", _sum("displaced_offensive")),
    Indicator("crossed", "people",
              "of these, people who crossed the border; as an open border lets more cross, neither direction is worse",
              "neither", _sum("crossed")),
    Indicator("host_shortfall", "troops", "troops that host bases lack, mean over the days", "more", _shortfall),
    Indicator("border_could_open_share", "share",
              "share of the days, of those on which it can be told, on which attacks in the Kenyan zones are below the "
              "threshold of the border policy", "fewer", _quiet_share),
    Indicator("border_could_open_months", "months",
              f"months ({DAYS_PER_MONTH} days) from the start of the run to the first such day since the first date "
              "agreed for reopening; never counts as the whole run", "more", _opening("could_open"),
              whole_run_only=True),
    Indicator("border_all_open_months", "months",
              "months from the start of the run until all border segments agreed to reopen are open; never counts as "
              "the whole run", "more", _opening("all_open"), whole_run_only=True),
    Indicator("handed_over_bases_held_share", "share",
              f"share of the bases handed over that hold for {YEAR} days from then on (Kaplan-Meier), whichever bases "
              "the plan hands over", "fewer", _held_share, whole_run_only=True),
)}
# fmt: on
