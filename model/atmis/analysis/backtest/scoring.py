"""A forecast scored on a window: target by target, month by month."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.backtest import scores
from atmis.analysis.backtest.baselines import BASELINES, History
from atmis.analysis.backtest.forecast import Forecast
from atmis.analysis.backtest.targets import ScoreTarget, targets
from atmis.analysis.backtest.window import ScoreWindow
from atmis.analysis.observed.record import Months, ObservedCounts
from atmis.kernel.arrays import Floats
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre

_PIT_SEED = 20220331  # random numbers of the PIT depend on month and zones only, whatever is forecast


class TargetScores(NamedTuple):
    """Scores of a target in a window; M months in which it is recorded."""

    target: ScoreTarget
    window: ScoreWindow
    months: Months  # [M]
    fit_to: Months  # [M] what baselines know; over several windows a month may occur more than once
    observed: Floats  # [M]
    members: Floats  # [R, M]
    crps: Floats  # [M] of the model
    means: Mapping[str, Floats]  # [M] of each baseline that has enough history
    baselines: Mapping[str, Floats]  # CRPS [M] of each of these
    pit: Floats  # [M]
    history: History


def score(observed: ObservedCounts, forecast: Forecast, window: ScoreWindow, theatre: Theatre) -> list[TargetScores]:
    """Score a forecast on all targets of which something is recorded in a window.

    Parameters
    ----------
    observed : counts by month and zone, with their history before the window
    forecast : covers all months of the window
    window : the months that are scored
    theatre : says which zones belong to which group

    Returns
    -------
    list of TargetScores
        Zones first, then sums of zones.

    Raises
    ------
    InputError
        When nothing is recorded in the window.
    """
    inside = observed.between(window.first, window.last)
    zones = [zone for zone in inside.zones if (~np.isnan(inside.only([zone]).events)).any()]
    if not zones:
        raise InputError(f"window: nothing is observed in {window.first}..{window.last}")
    scored = [_score_target(target, observed, forecast, window) for target in targets(zones, theatre)]
    return [part for part in scored if len(part.months)]


def _score_target(
    target: ScoreTarget, observed: ObservedCounts, forecast: Forecast, window: ScoreWindow
) -> TargetScores:
    all_counts = target.sum(observed.events, observed.zones)
    inside = (observed.months >= window.first) & (observed.months <= window.last) & ~np.isnan(all_counts)
    before = (observed.months <= window.fit_to) & ~np.isnan(all_counts)
    history = History(observed.months[before], all_counts[before], window.fit_to)
    months, counts = observed.months[inside], all_counts[inside]
    members = target.sum(forecast.within(window), forecast.zones)[:, (months - window.first).astype(int)]
    baselines = {name: baseline(history, months) for name, baseline in BASELINES.items()}
    return TargetScores(
        target=target,
        window=window,
        months=months,
        fit_to=np.full(len(months), window.fit_to),
        observed=counts,
        members=members,
        crps=scores.crps_ensemble(counts, members),
        means={name: baseline.means for name, baseline in baselines.items() if baseline},
        baselines={name: baseline.crps(counts) for name, baseline in baselines.items() if baseline},
        pit=scores.pit(counts, members, _uniforms(months, target, forecast)),
        history=history,
    )


def _uniforms(months: Months, target: ScoreTarget, forecast: Forecast) -> Floats:
    """Random numbers [M] of the PIT, which depend on month and zones alone."""
    zones = [forecast.zones.index(zone) for zone in target.zones]
    return np.array(
        [np.random.default_rng([_PIT_SEED, int(month), *zones]).random() for month in (months.astype(int) + 10**6)]
    )


def pool_windows(parts: Sequence[TargetScores]) -> TargetScores:
    """One target over several windows, with only the baselines that all of them have."""
    first, names = parts[0], [name for name in BASELINES if all(name in part.baselines for part in parts)]
    return first._replace(
        months=np.concatenate([part.months for part in parts]),
        fit_to=np.concatenate([part.fit_to for part in parts]),
        observed=np.concatenate([part.observed for part in parts]),
        members=np.concatenate([part.members for part in parts], axis=1),
        crps=np.concatenate([part.crps for part in parts]),
        means={name: np.concatenate([part.means[name] for part in parts]) for name in names},
        baselines={name: np.concatenate([part.baselines[name] for part in parts]) for name in names},
        pit=np.concatenate([part.pit for part in parts]),
    )
