"""Metrics of events in time and of their deaths, each a number from plain arrays. E events, W weeks, Z zones.

NaN where there is too little to say. Conventions are those by which the figures of the ledger were measured: gaps with
zero days, population standard deviation, whole weeks from the first day on.
"""

import numpy as np

from atmis.kernel.arrays import Floats, Ints

WEEK = 7
TAIL_FROM = 4  # deaths from which on the tail is fitted (fact r7_tail_exponent)


def weekly_counts(days: Ints, first: int, last: int) -> Floats:
    """Events [W] in whole weeks from the day `first` on, none beyond `last`."""
    weeks = (last - first + 1) // WEEK
    indices = (days[(first <= days) & (days < first + weeks * WEEK)] - first) // WEEK
    return np.bincount(indices, minlength=weeks).astype(float)


def gaps(days: Ints) -> Floats:
    """Days between successive events [E - 1]; zero between those of one day."""
    return np.diff(np.sort(days)).astype(float)


def burstiness(gaps: Floats) -> float:
    """(sd - mean) / (sd + mean) of gaps: -1 regular, 0 Poisson, towards 1 bursty (Goh and Barabási 2008)."""
    if len(gaps) < 2 or not gaps.any():
        return np.nan
    return float((gaps.std() - gaps.mean()) / (gaps.std() + gaps.mean()))


def tail_exponent(deaths: Ints) -> float:
    """Exponent of the tail from TAIL_FROM deaths on, by maximum likelihood (Clauset, Shalizi and Newman 2009, 3.7)."""
    tail = deaths[deaths >= TAIL_FROM]
    return float(1.0 + len(tail) / np.log(tail / (TAIL_FROM - 0.5)).sum()) if len(tail) > 1 else np.nan


def share_of_attacks(deaths: Ints, share: float) -> float:
    """The smallest share of attacks that causes a given share of all deaths."""
    cumulative = np.cumsum(np.sort(deaths)[::-1])
    if not deaths.any():
        return np.nan
    return float((np.searchsorted(cumulative, share * cumulative[-1]) + 1) / len(deaths))


def share_of_largest(counts: Ints, number: int) -> float:
    """The share of all counts that the largest so many make up."""
    return ratio(np.sort(counts)[::-1][:number].sum(), counts.sum())


def mean_variance_exponent(counts: Floats) -> float:
    """Exponent b in variance = c mean^b of counts [M, Z] over zones, by least squares of the logs (Taylor's law)."""
    means, variances = counts.mean(axis=0), counts.var(axis=0, ddof=1)
    positive = (means > 0) & (variances > 0)
    if not positive.sum() > 2:
        return np.nan
    return float(np.polyfit(np.log(means[positive]), np.log(variances[positive]), 1)[0])


def correlation(x: Floats, y: Floats) -> float:
    """Pearson's correlation of two series; NaN where one does not vary."""
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else np.nan


def mean(values: Floats | Ints) -> float:
    """The mean; NaN without values."""
    return float(values.mean()) if len(values) else np.nan


def median(values: Floats | Ints) -> float:
    """The median; NaN without values."""
    return float(np.median(values)) if len(values) else np.nan


def ratio(part: float, whole: float) -> float:
    """A part over the whole; NaN where the whole is zero."""
    return float(part / whole) if whole else np.nan
