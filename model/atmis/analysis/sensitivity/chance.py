"""How much of what differs between points is luck that is left after the mean over replicates.

All points have the same luck, replicate by replicate. What it adds to all of them alike changes no index; what it does
to each in a way of its own does, and would come out otherwise with other replicates.
"""

import numpy as np

from atmis.kernel.arrays import Floats

GOOD, NONE = 0.1, 0.5  # shares of chance up to which indices are good, and beyond which they mean nothing


def noise(values: Floats) -> float:
    """Variance [units of the value squared] of one replicate around what its point and its luck make of it.

    `values`: [points, replicates], two or more of each. It is the interaction of the two-way table.
    """
    points, replicates = values.shape
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    return float((rest**2).sum() / ((points - 1) * (replicates - 1)))


def share(values: Floats) -> float | None:
    """Share of the variance of the means over replicates that is chance, at most 1; None for a single replicate.

    Where nothing differs between points it is 0.
    """
    replicates = values.shape[1]
    if replicates == 1:
        return None
    between = float(values.mean(axis=1).var(ddof=1))
    return min(noise(values) / replicates / between, 1.0) if between else 0.0


def replicates_for(values: Floats, wanted: float = GOOD) -> int | None:
    """Replicates with which the share of chance would be as low as wanted; None when nothing but chance is seen."""
    replicates = values.shape[1]
    of_one = noise(values)
    signal = float(values.mean(axis=1).var(ddof=1)) - of_one / replicates
    return int(np.ceil(of_one * (1 - wanted) / wanted / signal)) if signal > 0 else None
