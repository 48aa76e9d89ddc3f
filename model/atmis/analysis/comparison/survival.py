"""Survival of bases after their handover: product-limit estimates (Kaplan and Meier 1958).

A base is censored when it is closed, and at the end of the run. Curves pool bases over replicates. Their interval is
Greenwood's on the log-log scale, which takes bases as independent (in `planned` it is as wide as an interval over whole
replicates). Before the first fall there is none.
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
class KaplanMeierCurve:
    """Kaplan-Meier estimate for a set of handovers: a step down at each day on which a base fell."""

    who: str  # holder or phase; all
    bases: int  # different bases
    fell: int  # handovers after which the base fell
    times: Floats  # [handovers] days to the fall or, where it held, to the last day on which it was seen to hold
    days: Floats  # [steps] from 0 on
    share: Floats  # [steps] that still holds
    low: Floats  # [steps] 95 % interval, NaN where there is none
    high: Floats  # [steps]

    def estimate_at(self, day: float) -> tuple[float, float, float]:
        """Share that holds for so many days, and its interval; NaN beyond the last day of observation."""
        if day > self.days[-1] and self.share[-1] > 0.0:
            return np.nan, np.nan, np.nan
        step = int(np.searchsorted(self.days, day, side="right")) - 1
        return float(self.share[step]), float(self.low[step]), float(self.high[step])

    def at_risk(self, day: float) -> int:
        """Number at risk: handovers after which the base was seen to hold until that day."""
        return int((self.times >= day).sum())


@dataclass(frozen=True)
class SurvivalRow:
    """Share of bases that hold for a number of days after their handover. None: not defined."""

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


def survival_rows(ensembles: Mapping[str, Ensemble], days: int = YEAR) -> list[SurvivalRow]:
    """Share of the bases handed over that still hold after a number of days.

    Parameters
    ----------
    ensembles : mapping of str to Ensemble
        Ensembles by the name under which each is shown.
    days : int, optional
        Days since the handover.

    Returns
    -------
    list of SurvivalRow
        Rows of each ensemble: all bases, then by holder, then by phase of the plan; none where no base is handed over.
    """
    kinds: tuple[By, ...] = ("all", "holder", "phase")
    return [
        SurvivalRow(
            name, by, curve.who, curve.bases, len(curve.times), curve.fell,
            days, curve.at_risk(days), *_none_for_nan(curve.estimate_at(days)),
        )
        for name, ensemble in ensembles.items()
        for by in kinds
        for curve in survival_curves(ensemble, by)
    ]  # fmt: skip


def survival_curves(ensemble: Ensemble, by: By = "all") -> list[KaplanMeierCurve]:
    """Kaplan-Meier curves of the bases handed over, pooled over the replicates.

    Parameters
    ----------
    ensemble : Ensemble
        Runs of one scenario.
    by : {"all", "holder", "phase"}, optional
        One curve for all bases, for each force that received any, or for each phase of the plan.

    Returns
    -------
    list of KaplanMeierCurve
        In the order of the scenario; none where no base is handed over.
    """
    fates = summary.fates(ensemble)
    handed = ~np.isnat(fates["handover_date"])
    names = _holder_or_phase(ensemble, fates, by)
    estimates = []
    for who in dict.fromkeys(_group_order(ensemble, by)):
        mine = handed & (names == who)
        if mine.any():
            times, held = fates["days_survived"][mine].astype(float), fates["censored"][mine].astype(bool)
            estimates.append(kaplan_meier(who, times, ~held, len(set(fates["base"][mine]))))
    return estimates


def survival_function(fell: Floats, seen: Floats) -> Any:
    """SciPy's survival function from days to a fall, and to the last day observed for bases that did not fall."""
    from scipy.stats import CensoredData, ecdf  # takes most of a second to load

    return ecdf(CensoredData(uncensored=fell, right=seen)).sf


def kaplan_meier(who: str, times: Floats, fell: Bools, bases: int) -> KaplanMeierCurve:
    """Product-limit estimate (Kaplan and Meier 1958) of one set of handovers.

    Parameters
    ----------
    who : str
        Label of the set: a holder, a phase, or `all`.
    times : array of float, [handovers]
        Days from the handover to the fall or, where the base did not fall, to the last day observed.
    fell : array of bool, [handovers]
        Whether the base fell; else it is censored.
    bases : int
        Number of different bases among these handovers.

    Returns
    -------
    KaplanMeierCurve
        Shares with the 95 % interval of Greenwood on the log-log scale, NaN before the first fall.

    Examples
    --------
    >>> import numpy as np
    >>> curve = kaplan_meier("all", np.array([10.0, 20.0, 30.0, 30.0]), np.array([True, True, False, False]), 4)
    >>> curve.days.tolist(), curve.share.tolist()
    ([0.0, 10.0, 20.0, 30.0], [1.0, 0.75, 0.5, 0.5])
    >>> curve.at_risk(15)
    3
    """
    held = survival_function(times[fell], times[~fell])
    with warnings.catch_warnings():  # no interval before the first fall, nor where all have fallen
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = held.confidence_interval(0.95, method="log-log")
    low, high = interval.low.probabilities, interval.high.probabilities
    days = np.concatenate([[0.0], held.quantiles])
    share, low, high = (np.concatenate([[a], b]) for a, b in ((1.0, held.probabilities), (np.nan, low), (np.nan, high)))
    return KaplanMeierCurve(who, bases, int(fell.sum()), times, days, share, low, high)


def held_by_replicate(ensemble: Ensemble, zones: Bools, days: int = YEAR) -> Floats:
    """Share [R] of the bases handed over in some zones [Z] that hold for so many days, in each replicate.

    NaN where no base was observed for so long and not all have fallen.
    """
    fates = {name: column.reshape(ensemble.replicates, -1) for name, column in summary.fates(ensemble).items()}
    inside = np.isin(fates["zone"], np.array(list(ensemble.scenario.theatre.zones), dtype=object)[zones])
    handed = ~np.isnat(fates["handover_date"]) & inside
    rows = zip(fates["days_survived"], fates["censored"], handed)
    return np.array([_held(times[mine].astype(float), held[mine].astype(bool), days) for times, held, mine in rows])


def _held(times: Floats, held: Bools, days: int) -> float:
    """Share that holds for so many days, from days to the fall or to the last day observed of those that held."""
    if not len(times):
        return np.nan
    share = float(survival_function(times[~held], times[held]).evaluate(days))
    return share if days <= times.max() or share == 0.0 else np.nan


def _holder_or_phase(ensemble: Ensemble, fates: dict[str, Any], by: By) -> AnyArray:
    """Holder or phase of each row of the fates."""
    if by == "phase":
        phases = _phases(ensemble)
        return np.array([phases.get(base, "") for base in fates["base"]], dtype=object)
    return fates["holder_end"] if by == "holder" else np.full(len(fates["base"]), "all", dtype=object)


def _group_order(ensemble: Ensemble, by: By) -> list[str]:
    """Holders or phases in the order of the scenario; a phase may come twice."""
    if by == "phase":
        return [*ensemble.scenario.plan.phases, *_phases(ensemble).values()]
    return list(ensemble.scenario.theatre.host_forces) if by == "holder" else ["all"]


def _phases(ensemble: Ensemble) -> dict[str, str]:
    """Phase in which each base is handed over: that of the plan, or the name of the mission that follows."""
    scenario = ensemble.scenario
    follow_on = scenario.plan.successor.name if scenario.plan.successor else ""
    moves = (move for move in scenario.timetable().moves if move.kind == "handover")
    return {move.base: move.phase or follow_on for move in moves}


def _none_for_nan(values: tuple[float, ...]) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values]
