"""Shapes of events in time and of their deaths, each a number of plain arrays. E events, W weeks, Z zones.

NaN where there is too little to say. Conventions are those by which the figures of the ledger were measured: gaps with
zero days, population deviation, whole weeks from the first day on.
"""

import numpy as np

from atmis.kernel.arrays import Floats, Ints

WEEK = 7
TAIL_FROM = 4  # deaths from which on the tail is fitted (fact r7_tail_exponent)


def by_week(days: Ints, first: int, last: int) -> Floats:
    """Events [W] in whole weeks from the day `first` on, none beyond `last`."""
    weeks = (last - first + 1) // WEEK
    numbers = (days[(first <= days) & (days < first + weeks * WEEK)] - first) // WEEK
    return np.bincount(numbers, minlength=weeks).astype(float)


def gaps(days: Ints) -> Floats:
    """Days between events [E - 1]; zero between those of one day."""
    return np.diff(np.sort(days)).astype(float)


def burstiness(gaps: Floats) -> float:
    """(sd - mean) / (sd + mean) of gaps: -1 regular, 0 as by chance, to 1 bursts (Goh and Barabási 2008)."""
    if len(gaps) < 2 or not gaps.any():
        return np.nan
    return float((gaps.std() - gaps.mean()) / (gaps.std() + gaps.mean()))


def tail_exponent(deaths: Ints) -> float:
    """Exponent of the tail from TAIL_FROM deaths on, by maximum likelihood (Clauset, Shalizi and Newman 2009, 3.7)."""
    tail = deaths[deaths >= TAIL_FROM]
    return float(1.0 + len(tail) / np.log(tail / (TAIL_FROM - 0.5)).sum()) if len(tail) > 1 else np.nan


def share_of_attacks(deaths: Ints, share: float) -> float:
    """The smallest share of attacks that causes a share of all deaths."""
    upto = np.cumsum(np.sort(deaths)[::-1])
    return float((np.searchsorted(upto, share * upto[-1]) + 1) / len(deaths)) if deaths.any() else np.nan


def share_of_most(counts: Ints, most: int) -> float:
    """The share of all counts that the highest `most` have."""
    return ratio(np.sort(counts)[::-1][:most].sum(), counts.sum())


def mean_variance_exponent(counts: Floats) -> float:
    """b in variance = c mean^b of counts [M, Z] over zones, by least squares of the logs (Taylor's law)."""
    means, variances = counts.mean(axis=0), counts.var(axis=0, ddof=1)
    some = (means > 0) & (variances > 0)
    return float(np.polyfit(np.log(means[some]), np.log(variances[some]), 1)[0]) if some.sum() > 2 else np.nan


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's correlation of two series."""
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0 and other.std() > 0 else np.nan


def mean(values: Floats | Ints) -> float:
    """The mean, where there is any value."""
    return float(values.mean()) if len(values) else np.nan


def median(values: Floats | Ints) -> float:
    """The median, where there is any value."""
    return float(np.median(values)) if len(values) else np.nan


def ratio(part: float, whole: float) -> float:
    """A part over the whole."""
    return float(part / whole) if whole else np.nan
