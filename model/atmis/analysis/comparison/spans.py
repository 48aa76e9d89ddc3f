"""Which ensembles can be paired, and over which parts of the run they are compared."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from atmis.runs.ensemble import Ensemble
from atmis.scenario.scenario import Scenario

WHOLE_RUN, SINCE_DIFFERENCE = "whole_run", "since_difference"
_REPLICATE_FIELDS = ("monthly", "deployed", "days", "contingents", "base_histories", "bases")

Seeded = tuple[Scenario, int]


@dataclass(frozen=True)
class Span:
    """A part of a run, from its first to its last day, both included."""

    name: str  # whole_run, a calendar year, or since_difference
    start: date
    end: date
    months: slice
    days: slice


def pair(baseline: Ensemble, other: Ensemble) -> tuple[Ensemble, Ensemble]:
    """The replicates that two ensembles have in common, so that replicate k of each has the same draws.

    Parameters
    ----------
    baseline, other : Ensemble
        Ensembles with the same seed, period and zones.

    Returns
    -------
    tuple of (Ensemble, Ensemble)
        Both, cut to as many first replicates as the smaller one has.

    Raises
    ------
    ValueError
        With one sentence, when seeds, periods or zones differ, or one has no replicates.
    """
    obstacle = pairing_obstacle((baseline.scenario, baseline.seed), (other.scenario, other.seed))
    if obstacle:
        raise ValueError(obstacle)
    common = min(baseline.replicates, other.replicates)
    if common < 1:
        names = f"{baseline.scenario.scenario.name} and {other.scenario.scenario.name}"
        raise ValueError(f"{names} have no replicates in common: one has none")
    return first_replicates(baseline, common), first_replicates(other, common)


def pairing_obstacle(baseline: Seeded, other: Seeded) -> str:
    """Why two scenarios, each with its seed, have no draws in common, in one sentence; '' when they have."""
    (one, seed), (two, other_seed) = baseline, other
    for what, here, there in (
        ("seeds", seed, other_seed),
        ("periods", _period(one), _period(two)),
        ("zones", _zones(one), _zones(two)),
    ):
        if here != there:
            shown = "" if what == "zones" else f" ({here} and {there})"
            names = f"{one.scenario.name} and {two.scenario.name}"
            return f"{names} have no replicates in common: their {what} differ{shown}"
    return ""


def first_replicates(ensemble: Ensemble, replicates: int) -> Ensemble:
    """An ensemble cut to its first replicates."""
    if ensemble.replicates == replicates:
        return ensemble
    return replace(ensemble, **{name: getattr(ensemble, name)[:replicates] for name in _REPLICATE_FIELDS})


def spans(baseline: Ensemble, other: Ensemble) -> list[Span]:
    """Parts of the run over which two ensembles are compared.

    Parameters
    ----------
    baseline, other : Ensemble
        Ensembles with the same replicates, see `pair`.

    Returns
    -------
    list of Span
        The whole run; each calendar year, where there are several; and the time from the first month in which the two
        differ to the end, where they do.
    """
    whole = whole_run(baseline)
    years = range(whole.start.year, whole.end.year + 1)
    parts = [whole, *(span_between(baseline, str(year), date(year, 1, 1), date(year, 12, 31)) for year in years)]
    since = first_difference(baseline, other)
    if since is not None:
        parts.append(span_between(baseline, SINCE_DIFFERENCE, since, whole.end))
    return [span for span in parts if len(years) > 1 or not span.name.isdecimal()]


def whole_run(ensemble: Ensemble) -> Span:
    """Span of the whole run."""
    period = ensemble.scenario.period
    return span_between(ensemble, WHOLE_RUN, period.start, period.end)


def first_difference(baseline: Ensemble, other: Ensemble) -> date | None:
    """First day of the first month in which two ensembles differ in anything recorded by month or by day; None: never.

    Until their plans diverge, the same draws make both equal to the last digit, so whole months lose nothing.
    """
    differ = np.flatnonzero((baseline.monthly != other.monthly).any(axis=(0, 2, 3)))
    months = [baseline.months[k] for k in differ[:1]]
    for one, two in ((baseline.deployed, other.deployed), (baseline.days, other.days)):
        days = np.flatnonzero((np.asarray(one) != np.asarray(two)).reshape(len(one), one.shape[1], -1).any(axis=(0, 2)))
        months += [_calendar_day(baseline, int(day)).astype("datetime64[M]") for day in days[:1]]
    earliest: date | None = min(months).astype("datetime64[D]").item() if months else None
    return max(earliest, baseline.scenario.period.start) if earliest else None


def span_between(ensemble: Ensemble, name: str, start: date, end: date) -> Span:
    """Span of as much of the run as lies between two days, both included."""
    period = ensemble.scenario.period
    start, end = max(start, period.start), min(end, period.end)
    months = ensemble.months
    inside = [k for k, month in enumerate(months) if np.datetime64(start, "M") <= month <= np.datetime64(end, "M")]
    days = slice(ensemble.scenario.day(start), ensemble.scenario.day(end) + 1)
    return Span(name, start, end, slice(inside[0], inside[-1] + 1), days)


def _calendar_day(ensemble: Ensemble, day: int) -> np.datetime64:
    return np.datetime64(ensemble.scenario.period.start, "D") + np.timedelta64(day, "D")


def _period(scenario: Scenario) -> str:
    return f"{scenario.period.start} to {scenario.period.end}"


def _zones(scenario: Scenario) -> list[tuple[Any, ...]]:
    """Zones in their order, with the country and region that place them in groups."""
    return [(name, zone.country, zone.region) for name, zone in scenario.theatre.zones.items()]
