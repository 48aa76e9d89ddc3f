"""A Hawkes process with an exponential kernel in daily steps: how much of daily counts earlier events trigger.

Expected count of a day = background + share * sum over earlier events of (1 - keep) keep^(days since - 1), where
keep = exp(-1 / decay): each event triggers `share` others on average, over about `decay` days (Lewis et al. 2012).
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.signal import lfilter

from atmis.kernel.arrays import Floats

MIN_EVENTS = 30  # below which nothing is fitted
_BOUNDS = ((1e-3, 1.0), (1e-4, 0.99), (np.log(1.0), np.log(365.0)))  # background / mean, share, log of decay in days


class HawkesFit(NamedTuple):
    """The fitted parameters."""

    share: float  # of events that earlier ones trigger
    decay: float  # days


def expected(counts: Floats, background: float, share: float, decay: float) -> Floats:
    """Expected counts of each day, given the counts of the days before it."""
    keep = np.exp(-1.0 / decay)
    return np.asarray(background + lfilter([0.0, share * (1.0 - keep)], [1.0, -keep], counts))


def fit(counts: Floats) -> HawkesFit:
    """Fit daily counts by maximum likelihood; NaN where there are too few events."""
    if counts.sum() < MIN_EVENTS:
        return HawkesFit(np.nan, np.nan)
    mean = counts.mean()

    def loss(x: Floats) -> float:
        rate = expected(counts, x[0] * mean, x[1], float(np.exp(x[2])))
        return float(np.mean(rate - counts * np.log(rate)))

    best = minimize(loss, (0.7, 0.3, np.log(14.0)), method="Nelder-Mead", bounds=_BOUNDS).x
    return HawkesFit(float(best[1]), float(np.exp(best[2])))
