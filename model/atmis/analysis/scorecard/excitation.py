"""How much of a series of daily counts earlier events trigger: a Hawkes process with an exponential kernel, by day.

Expected count of a day = background + share * sum over earlier events of (1 - keep) keep^(days since - 1), where
keep = exp(-1 / decay): each event triggers `share` others on average, after `decay` days or so (Lewis et al. 2012).
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.signal import lfilter

from atmis.kernel.arrays import Floats

LEAST = 30  # events, below which nothing is fitted
_BOUNDS = ((1e-3, 1.0), (1e-4, 0.99), (np.log(1.0), np.log(365.0)))  # background / mean, share, log of decay in days


class Excitation(NamedTuple):
    """What was fitted."""

    share: float  # of events that earlier ones trigger
    decay: float  # days


def expected(counts: Floats, background: float, share: float, decay: float) -> Floats:
    """Expected counts of each day, given those before it."""
    keep = np.exp(-1.0 / decay)
    return np.asarray(background + lfilter([0.0, share * (1.0 - keep)], [1.0, -keep], counts))


def fit(counts: Floats) -> Excitation:
    """Maximum likelihood; NaN where there are too few events."""
    if counts.sum() < LEAST:
        return Excitation(np.nan, np.nan)
    mean = counts.mean()

    def loss(at: Floats) -> float:
        rate = expected(counts, at[0] * mean, at[1], float(np.exp(at[2])))
        return float(np.mean(rate - counts * np.log(rate)))

    found = minimize(loss, (0.7, 0.3, np.log(14.0)), method="Nelder-Mead", bounds=_BOUNDS)
    return Excitation(float(found.x[1]), float(np.exp(found.x[2])))
