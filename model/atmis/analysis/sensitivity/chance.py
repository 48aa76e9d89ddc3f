"""Chance left in the differences between points after the mean over replicates.

All points have the same draws, replicate by replicate. What a replicate adds to all points alike changes no index; how
it acts on each point in particular does, and would come out differently with other replicates.
"""

import numpy as np
from scipy.stats import f

from atmis.kernel.arrays import Floats

GOOD, NONE = 0.1, 0.5  # shares of chance up to which indices are good, and beyond which they are meaningless
_ROUND_OFF = 1e-12  # of the largest value of a replicate
_ERROR = 0.05  # probability that chance alone passes for a signal


def anomalies(values: Floats) -> Floats:
    """Values less those of the first point, replicate by replicate; what is round-off is exactly 0.

    A mean of equal numbers is seldom that number, so without it constants would have indices.
    """
    less = np.asarray(values - values[:1])
    less[np.abs(less) <= _ROUND_OFF * np.abs(values).max(axis=0)] = 0.0
    return less


def is_signal(values: Floats) -> bool:
    """Whether points differ by more than chance, by an F test; with one replicate, whether they differ at all."""
    points, replicates = values.shape
    between = float(values.mean(axis=1).var(ddof=1)) if np.any(values != values[0]) else 0.0
    if replicates == 1 or between == 0:
        return between > 0
    within = noise(values) / replicates
    return within == 0 or bool(between / within > f.ppf(1 - _ERROR, points - 1, (points - 1) * (replicates - 1)))


def noise(values: Floats) -> float:
    """Variance of the interaction between points and replicates, in the unit of the values squared.

    Parameters
    ----------
    values : array of float, [points, replicates]
        A headline; two or more of each.
    """
    points, replicates = values.shape
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    return float((rest**2).sum() / ((points - 1) * (replicates - 1)))


def share(values: Floats) -> float | None:
    """Share of the variance between the points' means [points, replicates] that is chance, at most 1.

    None for a single replicate; 0 where nothing differs between points.
    """
    values, replicates = anomalies(values), values.shape[1]
    if replicates == 1:
        return None
    between = float(values.mean(axis=1).var(ddof=1))
    return min(noise(values) / replicates / between, 1.0) if between else 0.0


def replicates_for(values: Floats, target: float = GOOD) -> int | None:
    """Replicates with which the share of chance would fall to a target; None where there is no signal at all."""
    values, replicates = anomalies(values), values.shape[1]
    variance = noise(values)  # of a single replicate
    signal = float(values.mean(axis=1).var(ddof=1)) - variance / replicates
    return int(np.ceil(variance * (1 - target) / target / signal)) if signal > 0 else None
