"""Paired differences pooled over many states of the world: what holds whatever the parameters and the evidence.

The mean is over all points and readings, with equal weights. Its interval covers chance and, where numbers are varied,
parameters: points and replicates are both taken as samples, which cross. Readings of the evidence and other choices of
groups are no sample: there the interval reaches from the lowest end under any of them to the highest, so that the
verdict is `more` or `fewer` only where the interval under each of them leaves out zero.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date

import numpy as np

from atmis.analysis.comparison.differences import Difference
from atmis.analysis.comparison.indicators import INDICATORS
from atmis.analysis.comparison.paired import paired, verdict
from atmis.analysis.comparison.regret import Regret, regret_from_values
from atmis.analysis.comparison.spans import WHOLE_RUN
from atmis.analysis.comparison.variance_components import mean_square
from atmis.analysis.comparison.worlds import Worlds
from atmis.kernel.arrays import Floats
from atmis.runs.interval import quantile_of_t
from atmis.runs.summary import Group

# Headlines of the summary of a run that add up to an indicator in a group of zones over the whole run.
INDICATOR_HEADLINES: dict[tuple[str, Group], tuple[str, ...]] = {
    ("attacks", "all"): ("attacks_total",),
    ("attacks", "kenyan_border"): ("attacks_kenyan_border_total",),
    ("attacks", "jubaland"): ("attacks_jubaland_total",),
    ("attacks", "rest"): ("attacks_rest_total",),
    ("recorded_attacks", "kenyan_border"): ("recorded_attacks_kenyan_border",),
    ("recorded_attacks", "somalia"): ("recorded_attacks_somalia",),
    ("recorded_deaths", "kenyan_border"): ("recorded_deaths_kenyan_border_people",),
    ("deaths_without_group", "all"): (
        "deaths_mission_people", "deaths_host_people", "deaths_kenya_people", "deaths_civilians_people",
    ),
    ("deaths_mission", "all"): ("deaths_mission_people",),
    ("deaths_host", "all"): ("deaths_host_people",),
    ("deaths_kenya", "all"): ("deaths_kenya_people",),
    ("deaths_civilians", "all"): ("deaths_civilians_people",),
    ("deaths_group", "all"): ("deaths_group_people",),
    ("assaults", "all"): ("assaults",),
    ("overruns", "all"): ("overruns",),
    ("displaced", "all"): ("displaced_people_new",),
    ("crossed", "all"): ("crossed_people",),
    ("host_shortfall", "all"): ("host_shortfall_mean_troops",),
    ("border_could_open_share", "kenyan_border"): ("border_could_open_share",),
}  # fmt: skip
REGRET_INDICATORS: tuple[tuple[str, Group], ...] = (
    ("attacks", "kenyan_border"), ("attacks", "jubaland"), ("deaths_without_group", "all"),
)  # fmt: skip


def pooled_differences(worlds: Worlds, baseline: str, period: tuple[date, date]) -> list[Difference]:
    """Differences of each scenario from the baseline over all states of the world, for the whole run.

    Parameters
    ----------
    worlds : Worlds
        Headlines of each scenario [readings, points, replicates].
    baseline : str
        Name of the scenario that the others are compared with.
    period : tuple of (date, date)
        First and last day of the run.

    Returns
    -------
    list of Difference
        Rows by scenario and by the indicators of `INDICATOR_HEADLINES`.
    """
    return [row for name in worlds.values if name != baseline for row in _rows(worlds, (name, baseline), period)]


def _rows(worlds: Worlds, names: tuple[str, str], period: tuple[date, date]) -> Iterator[Difference]:
    places = [place for _, place in worlds.groups()]
    for (indicator, group), headlines in INDICATOR_HEADLINES.items():
        after, before = (_values(worlds.values[name], headlines) for name in names)
        limits = interval(after - before, places)
        low, high = limits or (None, None)
        statistics = asdict(paired(before.ravel(), after.ravel()))
        statistics |= {"low_95": low, "high_95": high, "verdict": verdict(after - before, limits)}
        yield Difference(
            *names, indicator, INDICATORS[indicator].unit, group, WHOLE_RUN, *period, **statistics,
            worse=INDICATORS[indicator].worse,
            probability_worse=INDICATORS[indicator].probability_worse(statistics["probability_more"]),
        )  # fmt: skip


def _values(numbers: Mapping[str, Floats], headlines: tuple[str, ...]) -> Floats:
    """Sum of some headlines [readings, points, replicates]."""
    return np.asarray(np.sum([numbers[name] for name in headlines], axis=0))


def interval(values: Floats, places: Sequence[Sequence[tuple[int, int]]]) -> tuple[float, float] | None:
    """The 95 % interval of the mean of values [readings, points, replicates]; None where nothing varies.

    `places`: for each state of the world that differs in more than numbers, the indices of its readings and points.
    """
    intervals = [_sample_interval(np.array([values[place] for place in world])) for world in places]
    ends = [limits for limits in intervals if limits is not None]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None


def _sample_interval(values: Floats) -> tuple[float, float] | None:
    """Interval of the mean of values [points, replicates], both taken as samples: crossed random effects."""
    points, replicates = values.shape
    # Degrees of freedom of the smaller sample: wide, as it should be, where that is small.
    samples = [size for size in (points, replicates) if size > 1]
    if not samples:
        return None
    interaction = mean_square(values, 0, 1)
    noise = sum(max(mean_square(values, axis) - interaction, 0.0) for axis in (0, 1)) + interaction
    half = quantile_of_t(min(samples)) * math.sqrt(noise / values.size)
    mean = float(values.mean())
    return mean - half, mean + half


def regrets(worlds: Worlds) -> list[Regret]:
    """Regret of each scenario across readings of the evidence and other choices of groups, means over other points.

    Parameters
    ----------
    worlds : Worlds
        Headlines of each scenario [readings, points, replicates].

    Returns
    -------
    list of Regret
        A matrix for each entry of `REGRET_INDICATORS`; none where there is a single such state of the world, or a
        single scenario.
    """
    groups = dict(worlds.groups())
    if len(groups) < 2 or len(worlds.values) < 2:
        return []
    return [_regret(worlds, groups, *entry) for entry in REGRET_INDICATORS]


def _regret(worlds: Worlds, groups: Mapping[str, list[tuple[int, int]]], indicator: str, group: Group) -> Regret:
    values = {name: _values(numbers, INDICATOR_HEADLINES[indicator, group]) for name, numbers in worlds.values.items()}
    runs = {
        world: np.array([np.mean([numbers[place] for place in places], axis=0) for numbers in values.values()])
        for world, places in groups.items()
    }
    return regret_from_values(indicator, group, tuple(values), runs)
