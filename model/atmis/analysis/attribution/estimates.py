"""Mean over replicates with its 95 % interval and a verdict."""

import math
from typing import NamedTuple

import numpy as np

from atmis.analysis.comparison import Verdict, verdict
from atmis.kernel.arrays import Floats
from atmis.runs.interval import mean_interval, quantile_of_t


class Estimate(NamedTuple):
    """A mean, its interval (None for a single replicate), and whether it is above zero, below, or cannot be told."""

    mean: float
    low: float | None
    high: float | None
    verdict: Verdict


def estimate(values: Floats) -> Estimate:
    """Mean of values over replicates [R], or over random orders and replicates [orders, R].

    With random orders the variance of the mean is the sum of two: over replicates, of means over orders, and over
    orders, of means over replicates. What both share counts twice, so the interval is rather too wide.
    """
    sample = np.atleast_2d(values)
    mean, interval = float(sample.mean()), _interval(sample)
    if not sample.any():
        return Estimate(0.0, 0.0, 0.0, "no difference")
    low, high = interval or (None, None)
    return Estimate(mean, low, high, verdict(sample, interval))


def _interval(values: Floats) -> tuple[float, float] | None:
    """The 95 % interval of the mean of values [orders, R]; None for a single replicate of a single order."""
    orders, replicates = values.shape
    if orders == 1 or replicates == 1:
        return mean_interval(values.mean(axis=0))
    variances = values.mean(axis=0).var(ddof=1) / replicates + values.mean(axis=1).var(ddof=1) / orders
    half = quantile_of_t(min(orders, replicates)) * math.sqrt(float(variances))
    return float(values.mean()) - half, float(values.mean()) + half
