"""A forecast scored on a window: target by target, month by month."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.backtest import scores
from atmis.analysis.backtest.baselines import BASELINES, History
from atmis.analysis.backtest.forecast import Forecast
from atmis.analysis.backtest.targets import Target, targets
from atmis.analysis.backtest.window import Window
from atmis.analysis.observed.record import Months, Observed
from atmis.kernel.arrays import Floats
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre

_PIT_SEED = 20220331  # the luck of the PIT is that of a month and a place in the list, whatever is forecast


class Scored(NamedTuple):
    """A target on a window; M months in which it is recorded."""

    target: Target
    window: Window
    months: Months  # [M]
    fit_to: Months  # [M] what baselines know; of several windows a month may stand more than once
    observed: Floats  # [M]
    members: Floats  # [R, M]
    crps: Floats  # [M] of the model
    means: Mapping[str, Floats]  # [M] of each baseline that has enough history
    baselines: Mapping[str, Floats]  # CRPS [M] of each of these
    pit: Floats  # [M]
    history: History


def score(observed: Observed, forecast: Forecast, window: Window, theatre: Theatre) -> list[Scored]:
    """All targets of which something is recorded in a window. Raises InputError when there are none."""
    inside = observed.between(window.first, window.last)
    zones = [zone for zone in inside.zones if (~np.isnan(inside.only([zone]).events)).any()]
    if not zones:
        raise InputError(f"window: nothing is observed in {window.first}..{window.last}")
    made = [_scored(target, observed, forecast, window) for target in targets(zones, theatre)]
    return [one for one in made if len(one.months)]


def _scored(target: Target, observed: Observed, forecast: Forecast, window: Window) -> Scored:
    counts = target.sum(observed.events, observed.zones)
    inside = (observed.months >= window.first) & (observed.months <= window.last) & ~np.isnan(counts)
    before = (observed.months <= window.fit_to) & ~np.isnan(counts)
    history = History(observed.months[before], counts[before], window.fit_to)
    months, came = observed.months[inside], counts[inside]
    members = target.sum(forecast.within(window), forecast.zones)[:, (months - window.first).astype(int)]
    said = {name: baseline(history, months) for name, baseline in BASELINES.items()}
    return Scored(
        target=target,
        window=window,
        months=months,
        fit_to=np.full(len(months), window.fit_to),
        observed=came,
        members=members,
        crps=scores.of_sample(came, members),
        means={name: one.means for name, one in said.items() if one},
        baselines={name: one.crps(came) for name, one in said.items() if one},
        pit=scores.pit(came, members, _luck(months, target, forecast)),
        history=history,
    )


def _luck(months: Months, target: Target, forecast: Forecast) -> Floats:
    """Luck of the PIT [M], a number of a month and of the zones alone."""
    places = [forecast.zones.index(zone) for zone in target.zones]
    return np.array(
        [np.random.default_rng([_PIT_SEED, int(month), *places]).random() for month in (months.astype(int) + 10**6)]
    )


def pooled(parts: Sequence[Scored]) -> Scored:
    """One target over several windows; only baselines that all of them have."""
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
