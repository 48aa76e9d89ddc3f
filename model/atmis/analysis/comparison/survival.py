"""How long bases hold after their handover, by Kaplan and Meier (1958).

A base leaves the count when it is closed and at the end of the run. Curves pool bases over replicates; their interval
is Greenwood's on the log-log scale, which takes bases as independent (in `planned` it is as wide as an interval over
whole replicates). Where no base has fallen yet there is none.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from atmis.kernel.arrays import AnyArray, Bools, Floats
from atmis.runs import summary
from atmis.runs.ensemble import Ensemble
from atmis.storage.tables import column

YEAR = 365  # days
By = Literal["all", "holder", "phase"]


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier estimate of some handovers: a step down at each day on which a base fell."""

    who: str  # holder or phase; all
    bases: int  # different bases
    fell: int  # handovers after which the base fell
    times: Floats  # [handovers] days to the fall or, where it held, to the last day on which it was seen to hold
    days: Floats  # [steps] from 0 on
    share: Floats  # [steps] that still holds
    low: Floats  # [steps] 95 % interval, NaN where there is none
    high: Floats  # [steps]

    def at(self, day: float) -> tuple[float, float, float]:
        """Share that holds for so many days and its interval; NaN beyond the last day on which one was seen to hold."""
        if day > self.days[-1] and self.share[-1] > 0.0:
            return np.nan, np.nan, np.nan
        step = int(np.searchsorted(self.days, day, side="right")) - 1
        return float(self.share[step]), float(self.low[step]), float(self.high[step])

    def at_risk(self, day: float) -> int:
        """Handovers after which the base was seen to hold until that day."""
        return int((self.times >= day).sum())


@dataclass(frozen=True)
class Held:
    """The share of bases that hold for some days after their handover. None: not defined."""

    scenario: str = field(metadata=column("", "which scenario"))
    by: str = field(
        metadata=column(
            "", "all, by holder (the force that received them), or by phase (in which they were handed over)"
        )
    )
    who: str = field(metadata=column("", "which holder or phase"))
    bases: int = field(metadata=column("bases", "different bases"))
    handovers: int = field(metadata=column("handovers", "handovers, over all replicates"))
    falls: int = field(metadata=column("handovers", "of these, after which the base fell"))
    days: int = field(metadata=column("days", "days since the handover"))
    at_risk: int = field(metadata=column("handovers", "handovers after which the base was seen to hold so long"))
    share: float | None = field(metadata=column("share", "share that never fell within these days (Kaplan-Meier)"))
    low_95: float | None = field(metadata=column("share", "lower end of its 95 % interval (Greenwood, log-log)"))
    high_95: float | None = field(metadata=column("share", "upper end of its 95 % interval (Greenwood, log-log)"))


def holding(ensembles: Mapping[str, Ensemble], days: int = YEAR) -> list[Held]:
    """Rows for each ensemble: all bases, then by holder, then by phase."""
    kinds: tuple[By, ...] = ("all", "holder", "phase")
    return [
        Held(name, by, one.who, one.bases, len(one.times), one.fell, days, one.at_risk(days), *_defined(one.at(days)))
        for name, ensemble in ensembles.items()
        for by in kinds
        for one in curves(ensemble, by)
    ]


def curves(ensemble: Ensemble, by: By = "all") -> list[Curve]:
    """Curves of all bases handed over, or for each holder or phase that has any, in the order of the scenario."""
    fates = summary.fates(ensemble)
    handed = ~np.isnat(fates["handover_date"])
    names = _names(ensemble, fates, by)
    found = []
    for who in dict.fromkeys(_order(ensemble, by)):
        mine = handed & (names == who)
        if mine.any():
            times, held = fates["days_survived"][mine].astype(float), fates["censored"][mine].astype(bool)
            found.append(kaplan_meier(who, times, ~held, len(set(fates["base"][mine]))))
    return found


def survival_function(fell: Floats, seen: Floats) -> Any:
    """SciPy's estimate from days to a fall, and to the last day seen of those that did not fall."""
    from scipy.stats import CensoredData, ecdf  # takes most of a second to load

    return ecdf(CensoredData(uncensored=fell, right=seen)).sf


def kaplan_meier(who: str, times: Floats, fell: Bools, bases: int) -> Curve:
    """The estimate from days [handovers] to a fall or, where it did not, to the last day seen."""
    held = survival_function(times[fell], times[~fell])
    with warnings.catch_warnings():  # no interval before the first fall, nor where all have fallen
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = held.confidence_interval(0.95, method="log-log")
    low, high = interval.low.probabilities, interval.high.probabilities
    days = np.concatenate([[0.0], held.quantiles])
    share, low, high = (np.concatenate([[a], b]) for a, b in ((1.0, held.probabilities), (np.nan, low), (np.nan, high)))
    return Curve(who, bases, int(fell.sum()), times, days, share, low, high)


def held_by_replicate(ensemble: Ensemble, zones: Bools, days: int = YEAR) -> Floats:
    """Share [R] of the bases handed over in some zones [Z] that hold so many days, in each replicate.

    NaN where no base was seen to hold so long, but some may have.
    """
    fates = {name: column.reshape(ensemble.replicates, -1) for name, column in summary.fates(ensemble).items()}
    inside = np.isin(fates["zone"], np.array(list(ensemble.scenario.theatre.zones), dtype=object)[zones])
    wanted = ~np.isnat(fates["handover_date"]) & inside
    rows = zip(fates["days_survived"], fates["censored"], wanted)
    return np.array([_held(times[mine].astype(float), held[mine].astype(bool), days) for times, held, mine in rows])


def _held(times: Floats, held: Bools, days: int) -> float:
    if not len(times):
        return np.nan
    share = float(survival_function(times[~held], times[held]).evaluate(days))
    return share if days <= times.max() or share == 0.0 else np.nan


def _names(ensemble: Ensemble, fates: dict[str, Any], by: By) -> AnyArray:
    """Holder or phase of each row of the fates."""
    if by == "phase":
        phases = _phases(ensemble)
        return np.array([phases.get(base, "") for base in fates["base"]], dtype=object)
    return fates["holder_end"] if by == "holder" else np.full(len(fates["base"]), "all", dtype=object)


def _order(ensemble: Ensemble, by: By) -> list[str]:
    if by == "phase":
        return [*ensemble.scenario.plan.phases, *_phases(ensemble).values()]
    return list(ensemble.scenario.theatre.host_forces) if by == "holder" else ["all"]


def _phases(ensemble: Ensemble) -> dict[str, str]:
    """The phase in which a base is handed over: that of the plan, or the name of the mission that follows."""
    scenario = ensemble.scenario
    after = scenario.plan.successor.name if scenario.plan.successor else ""
    moves = (move for move in scenario.timetable().moves if move.kind == "handover")
    return {move.base: move.phase or after for move in moves}


def _defined(values: tuple[float, ...]) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values]
