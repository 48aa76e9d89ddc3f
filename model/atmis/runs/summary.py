"""An ensemble reduced to headlines: one table says what each is; the CSV, the terminal and the documentation use it.

Zone groups come from the theatre: the Kenyan border are the zones of Kenya, Jubaland those of the region `jubaland`,
the rest all others. R replicates, B bases.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from atmis.kernel import recorder
from atmis.kernel.arrays import AnyArray, Bools, Floats
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import groups, holder_ids
from atmis.runs.ensemble import Ensemble, added

DAYS_PER_MONTH = 365.25 / 12
# Quantiles of numbers are NumPy's default, linear between the two nearest replicates (type 7 of Hyndman and Fan 1996).
# Quantiles of dates are days that occurred (NumPy's `inverted_cdf`); "never" is later than any date.
NUMBER_METHOD, DATE_METHOD = "linear", "inverted_cdf"
QUANTILES = (0.5, 0.25, 0.75, 0.05, 0.95)  # median, and the bounds of the 50 % and the 90 % interval

FATE_TEXTS = ("base", "name", "kind", "zone", "holder_start", "holder_end", "fate")
FATE_DATES = ("handover_date", "closed_date", "first_fall_date", "first_fall_after_handover_date", "retaken_date")

Group = Literal["all", "kenyan_border", "jubaland", "rest", "somalia"]
# The parts of theatre.GROUPS that make up each group.
PARTS: dict[Group, tuple[int, ...]] = {"all": (0, 1, 2), "kenyan_border": (0,), "jubaland": (1,), "rest": (2,),
                                       "somalia": (1, 2)}  # fmt: skip
Value = float | date | None  # None: never


@dataclass(frozen=True)
class Headline:
    """One number, or one date, that sums up a run."""

    name: str
    unit: str
    definition: str
    function: Callable[[Ensemble], AnyArray]  # a value for each replicate


@dataclass(frozen=True)
class Row:
    """A headline over the replicates: its median, and the intervals that hold 50 % and 90 % of them."""

    name: str
    unit: str
    definition: str
    median: Value
    low_50: Value
    high_50: Value
    low_90: Value
    high_90: Value
    method: str  # NumPy's name of the quantile


def group_of_zones(ensemble: Ensemble, group: Group) -> Bools:
    """Which zones [Z] belong to a group."""
    return np.isin(groups(ensemble.scenario.theatre), PARTS[group])


def total(ensemble: Ensemble, indicator: str, group: Group = "all") -> Floats:
    """Sum [R] of an indicator over the months of the run and the zones of a group."""
    number = recorder.NAMES.index(indicator)
    return added(ensemble.totals[:, part, number] for part in PARTS[group])


def at_end(ensemble: Ensemble, stock: str) -> Floats:
    """A stock [R] on the last day, all zones together."""
    number = recorder.NAMES.index(stock)
    return added(ensemble.by_group[:, -1, part, number] for part in PARTS["all"])


def _over(values: Floats, zones: Bools) -> Floats:
    """Sum [R] of values [R, Z] over some zones."""
    return added([np.zeros(len(values)), *(values[:, zone] for zone in np.flatnonzero(zones))])


def _sum(indicator: str, group: Group = "all", *more: str) -> Callable[[Ensemble], Floats]:
    return lambda ensemble: np.sum([total(ensemble, name, group) for name in (indicator, *more)], axis=0)


def _end(stock: str) -> Callable[[Ensemble], Floats]:
    return lambda ensemble: at_end(ensemble, stock)


def _count(entries: AnyArray) -> Floats:
    counts: Floats = entries.sum(axis=1).astype(float)
    return counts


def _attacks_per_month(ensemble: Ensemble) -> Floats:
    return total(ensemble, "attacks") * DAYS_PER_MONTH / ensemble.scenario.period.days


def _mean_of_days(values: Floats) -> Floats:
    """Mean [R] of values [R, days], added up day after day."""
    means: Floats = values.cumsum(axis=1)[:, -1] / values.shape[1]
    return means


def _first_open(ensemble: Ensemble) -> AnyArray:
    quiet = ensemble.days["could_open"] > 0
    return _dates(ensemble, np.where(quiet.any(axis=1), quiet.argmax(axis=1), -1))


def _share_open(ensemble: Ensemble) -> Floats:
    could_open = ensemble.days["could_open"]
    shares: Floats = (could_open > 0).sum(axis=1) / np.maximum((could_open >= 0).sum(axis=1), 1)
    return shares


def _control_end(ensemble: Ensemble) -> Floats:
    people = np.array([zone.population for zone in ensemble.scenario.theatre.zones.values()], dtype=float)
    people *= group_of_zones(ensemble, "somalia")
    weighted = ensemble.indicator("control")[:, -1] * people
    return _over(weighted, group_of_zones(ensemble, "somalia")) / max(float(people.sum()), 1.0)


# fmt: off
HEADLINES: tuple[Headline, ...] = (
    Headline("attacks_total", "attacks", "attacks that took place, all zones", _sum("attacks")),
    Headline("attacks_kenyan_border_total", "attacks", "of these in the Kenyan zones",
             _sum("attacks", "kenyan_border")),
    Headline("attacks_jubaland_total", "attacks", "of these in the zones of Jubaland", _sum("attacks", "jubaland")),
    Headline("attacks_rest_total", "attacks", "of these in the other Somali zones", _sum("attacks", "rest")),
    Headline("attacks_over_border_total", "attacks", "of these by cells based on the other side of the border",
             _sum("attacks_over_border")),
    Headline("attacks_per_month", "attacks/month", f"attacks in all zones in a mean month ({DAYS_PER_MONTH} days)",
             _attacks_per_month),
    Headline("recorded_attacks_kenyan_border", "attacks",
             "attacks in the Kenyan zones that an event data set would hold",
             _sum("recorded_attacks", "kenyan_border")),
    Headline("recorded_attacks_somalia", "attacks", "attacks in the Somali zones that an event data set would hold",
             _sum("recorded_attacks", "somalia")),
    Headline("recorded_deaths_kenyan_border_people", "people",
             "deaths of all sides in the recorded attacks in the Kenyan zones",
             _sum("recorded_deaths", "kenyan_border")),
    Headline("deaths_mission_people", "people", "troops of the mission killed", _sum("deaths_mission")),
    Headline("deaths_host_people", "people", "Somali security forces killed in attacks", _sum("deaths_host")),
    Headline("deaths_kenya_people", "people", "Kenyan security forces killed at home", _sum("deaths_kenya")),
    Headline("deaths_civilians_people", "people", "civilians killed in attacks", _sum("deaths_civilians")),
    Headline("deaths_group_people", "people", "fighters killed in attacks", _sum("deaths_group")),
    Headline("assaults", "assaults", "massed assaults on bases", _sum("assaults")),
    Headline("overruns", "overruns", "falls of bases; a base that falls twice counts twice", _sum("overruns")),
    Headline("bases_handed_over", "bases", "bases passed from the mission to host forces",
             lambda ensemble: _count(ensemble.bases["handed"] >= 0)),
    Headline("handed_over_bases_fallen", "bases", "of these, bases that fell at least once after their handover",
             lambda ensemble: _count((ensemble.bases["handed"] >= 0) & (ensemble.base_histories["fell_after"] >= 0))),
    Headline("bases_closed", "bases", "bases given up",
             lambda ensemble: _count(ensemble.base_histories["closed"] >= 0)),
    Headline("displaced_people_new", "people",
             "people newly displaced, who crossed the border or not; who is displaced twice counts twice",
             _sum("displaced_attacks", "all", "displaced_overruns", "displaced_offensive")),
    Headline("crossed_people", "people", "of these, people who crossed the border", _sum("crossed")),
    Headline("returned_people", "people", "displaced people who returned", _sum("returned")),
    Headline("displaced_end_people", "people", "people displaced on the last day, without those across the border",
             _end("displaced")),
    Headline("fighters_end_people", "people", "fighters of the armed group on the last day", _end("fighters")),
    Headline("control_somalia_end_share", "share",
             "government control on the last day, mean of the Somali zones by population", _control_end),
    Headline("ceiling_end_people", "people", "uniformed personnel authorised on the last day",
             lambda ensemble: ensemble.days["ceiling"][:, -1].astype(float)),
    Headline("troops_end", "troops", "troops of all contingents on the last day",
             lambda ensemble: _count(ensemble.deployed[:, -1])),
    Headline("host_shortfall_mean_troops", "troops", "troops that host bases lack, mean over the days",
             lambda ensemble: _mean_of_days(ensemble.days["host_shortfall"])),
    Headline("border_could_open_first_date", "date",
             "first day on which attacks in the Kenyan zones are below the threshold of the border policy, "
             "over a whole window of it", _first_open),
    Headline("border_could_open_share", "share", "share of the days, from the first whole window on, on which they are",
             _share_open),
)
# fmt: on


def columns(ensemble: Ensemble) -> dict[str, AnyArray]:
    """The columns [R] of summary.csv: seed, replicate, and every headline."""
    runs = np.arange(ensemble.replicates)
    found = {headline.name: headline.function(ensemble) for headline in HEADLINES}
    return {"seed": np.full_like(runs, ensemble.seed), "replicate": runs, **found}


def headline(ensemble: Ensemble) -> list[Row]:
    """Every headline over the replicates, in the order of HEADLINES."""
    return [over_replicates(one, one.function(ensemble)) for one in HEADLINES]


def over_replicates(what: Headline, values: AnyArray) -> Row:
    """Median and intervals of the values [R] of a headline."""
    found: list[Value]
    if values.dtype.kind == "M":
        ordered, method = np.sort(values).tolist(), DATE_METHOD  # NaT, never, comes last
        found = [ordered[max(math.ceil(round(share * len(ordered), 9)) - 1, 0)] for share in QUANTILES]
    else:
        found, method = [float(np.quantile(values, share)) for share in QUANTILES], NUMBER_METHOD
    median, low_50, high_50, low_90, high_90 = found
    return Row(what.name, what.unit, what.definition, median, low_50, high_50, low_90, high_90, method)


def fates(ensemble: Ensemble) -> dict[str, AnyArray]:
    """The columns [R x B] of bases.csv: what became of each base in each replicate.

    `days_survived` counts from the handover to the first fall after it or, when `censored`, to the last day on which
    the base was seen to stand: the last of the run, or that of its closure. A base never handed over has neither.
    """
    theatre, state, history = ensemble.scenario.theatre, ensemble.bases, ensemble.base_histories
    bases, holders = list(theatre.bases.values()), np.array(holder_ids(theatre))
    handed, closed, fell = state["handed"], history["closed"], history["fell_after"]
    is_handed, runs = handed >= 0, np.arange(ensemble.replicates)
    last = np.where(closed >= np.maximum(handed, 0), closed, ensemble.scenario.period.days - 1)
    survived = np.where(fell >= 0, fell, last) - handed
    table: dict[str, AnyArray] = {
        "replicate": np.repeat(runs[:, None], len(bases), axis=1),
        "base": _each(list(theatre.bases), ensemble),
        "name": _each([base.name for base in bases], ensemble),
        "kind": _each([base.kind for base in bases], ensemble),
        "zone": _each([base.zone for base in bases], ensemble),
        "holder_start": _each([base.holder for base in bases], ensemble),
        "holder_end": holders[state["holder"]],
        "fate": np.array(STANDINGS)[state["standing"]],
        "handover_date": _dates(ensemble, handed),
        "closed_date": _dates(ensemble, closed),
        "attacks": history["attacks"],
        "assaults": history["assaults"],
        "overruns": history["overruns"],
        "attacks_since_handover": _where(is_handed, history["attacks_since"]),
        "deaths_people": history["deaths"],
        "first_fall_date": _dates(ensemble, history["fell"]),
        "first_fall_after_handover_date": _dates(ensemble, fell),
        "retaken_date": _dates(ensemble, history["retaken"]),
        "days_survived": _where(is_handed, survived),
        "censored": _where(is_handed, fell < 0),
    }
    return {name: np.ravel(column) for name, column in table.items()}


def _each(values: list[str], ensemble: Ensemble) -> AnyArray:
    """A text for each base, the same in each replicate [R, B]."""
    return np.tile(np.array(values, dtype=object), (ensemble.replicates, 1))


def _where(condition: Bools, values: AnyArray) -> AnyArray:
    """AnyArray where a condition holds, None elsewhere."""
    found = np.full(values.shape, None, dtype=object)
    found[condition] = values[condition]
    return found


def _dates(ensemble: Ensemble, days: Any) -> AnyArray:
    """Calendar dates of days of the run, NaT for the day -1."""
    dates = np.datetime64(ensemble.scenario.period.start, "D") + np.asarray(days, dtype=np.int64)
    return np.where(np.asarray(days) >= 0, dates, np.datetime64("NaT", "D"))
