"""The 95 % interval of a mean, by Student's t."""

import math
from functools import cache

import numpy as np

from atmis.kernel.arrays import Floats

LEVEL = 0.95


def mean_interval(values: Floats) -> tuple[float, float] | None:
    """The interval of the mean of values [R]; none for a single one. Values that are all equal: that value."""
    if len(values) < 2:
        return None
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    mean, half = float(values.mean()), half_width(values)
    return mean - half, mean + half


def half_width(values: Floats) -> float:
    """How far that interval reaches to either side of the mean of values [R]; infinitely far for a single one."""
    if len(values) < 2:
        return math.inf
    return quantile_of_t(len(values)) * float(values.std(ddof=1)) / math.sqrt(len(values))


@cache
def quantile_of_t(replicates: int) -> float:
    """How many standard errors the interval reaches to either side."""
    from scipy.special import stdtrit  # the quantile of Student's t; scipy.stats takes twice as long to load

    return float(stdtrit(replicates - 1, (1 + LEVEL) / 2))
