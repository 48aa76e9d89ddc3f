"""Who may be compared with whom, and over which parts of the run."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from atmis.runs.ensemble import Ensemble
from atmis.scenario.scenario import Scenario

WHOLE_RUN, SINCE_DIFFERENCE = "whole_run", "since_difference"
_OF_REPLICATES = ("monthly", "deployed", "days", "contingents", "base_histories", "bases")

Seeded = tuple[Scenario, int]


@dataclass(frozen=True)
class Span:
    """A part of a run, its first and its last day included."""

    name: str  # whole_run, a calendar year, or since_difference
    start: date
    end: date
    months: slice
    days: slice


def pair(baseline: Ensemble, other: Ensemble) -> tuple[Ensemble, Ensemble]:
    """The replicates that two ensembles have in common. Raises ValueError, with one sentence, when there are none."""
    reason = unlike((baseline.scenario, baseline.seed), (other.scenario, other.seed))
    if reason:
        raise ValueError(reason)
    common = min(baseline.replicates, other.replicates)
    if common < 1:
        names = f"{baseline.scenario.scenario.name} and {other.scenario.scenario.name}"
        raise ValueError(f"{names} have no replicates in common: one has none")
    return first(baseline, common), first(other, common)


def unlike(baseline: Seeded, other: Seeded) -> str:
    """Why runs of two scenarios, each with its seed, have no luck in common, in one sentence; '' when they have."""
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


def first(ensemble: Ensemble, replicates: int) -> Ensemble:
    """The first replicates of an ensemble."""
    if ensemble.replicates == replicates:
        return ensemble
    return replace(ensemble, **{name: getattr(ensemble, name)[:replicates] for name in _OF_REPLICATES})


def spans(baseline: Ensemble, other: Ensemble) -> list[Span]:
    """The whole run; each calendar year, if there are several; from the first month in which the two differ on."""
    whole = whole_run(baseline)
    years = range(whole.start.year, whole.end.year + 1)
    found = [whole, *(part(baseline, str(year), date(year, 1, 1), date(year, 12, 31)) for year in years)]
    since = first_difference(baseline, other)
    if since is not None:
        found.append(part(baseline, SINCE_DIFFERENCE, since, whole.end))
    return [span for span in found if len(years) > 1 or not span.name.isdecimal()]


def whole_run(ensemble: Ensemble) -> Span:
    """The whole run."""
    period = ensemble.scenario.period
    return part(ensemble, WHOLE_RUN, period.start, period.end)


def first_difference(baseline: Ensemble, other: Ensemble) -> date | None:
    """First day of the first month in which two ensembles differ in anything that is recorded by month or by day.

    Until their plans part, the same luck makes both the same to the last digit; so nothing is lost by whole months.
    """
    differ = np.flatnonzero((baseline.monthly != other.monthly).any(axis=(0, 2, 3)))
    found = [baseline.months[k] for k in differ[:1]]
    for one, two in ((baseline.deployed, other.deployed), (baseline.days, other.days)):
        days = np.flatnonzero((np.asarray(one) != np.asarray(two)).reshape(len(one), one.shape[1], -1).any(axis=(0, 2)))
        found += [_day(baseline, int(day)).astype("datetime64[M]") for day in days[:1]]
    earliest: date | None = min(found).astype("datetime64[D]").item() if found else None
    return max(earliest, baseline.scenario.period.start) if earliest else None


def part(ensemble: Ensemble, name: str, start: date, end: date) -> Span:
    """A part of the run: as much of it as lies between two days."""
    period = ensemble.scenario.period
    start, end = max(start, period.start), min(end, period.end)
    months = ensemble.months
    inside = [k for k, month in enumerate(months) if np.datetime64(start, "M") <= month <= np.datetime64(end, "M")]
    days = slice(ensemble.scenario.day(start), ensemble.scenario.day(end) + 1)
    return Span(name, start, end, slice(inside[0], inside[-1] + 1), days)


def _day(ensemble: Ensemble, day: int) -> np.datetime64:
    return np.datetime64(ensemble.scenario.period.start, "D") + np.timedelta64(day, "D")


def _period(scenario: Scenario) -> str:
    return f"{scenario.period.start} to {scenario.period.end}"


def _zones(scenario: Scenario) -> list[tuple[Any, ...]]:
    """Zones in their order, with what makes the groups."""
    return [(name, zone.country, zone.region) for name, zone in scenario.theatre.zones.items()]
