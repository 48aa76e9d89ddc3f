"""Scores of forecasts of counts: CRPS, coverage, PIT, bias. M months, R members of an ensemble.

CRPS is in attacks: the mean distance of the forecast from what came, less half the mean distance between its members
(Gneiting and Raftery 2007; of ensembles computed by scoringrules). Smaller is better; of a single number it is the
absolute error.
"""

from typing import Any

import numpy as np
from scipy import stats

from atmis.kernel.arrays import Floats


def of_sample(observed: Floats, members: Floats) -> Floats:
    """CRPS [M] of the distribution from which members [R, M] were drawn.

    The fair estimator (Ferro 2014) takes away what a small ensemble loses by being small; one member has its error.
    """
    import scoringrules

    how = "fair" if len(members) > 1 else "nrg"
    return np.asarray(scoringrules.crps_ensemble(observed, _by_month(members), estimator=how), dtype=float)


def of_values(observed: Floats, values: Floats) -> Floats:
    """CRPS [M] of the forecast that one of some values [N] comes, each as likely: these are the whole of it."""
    import scoringrules

    each = np.tile(np.asarray(values, dtype=float), (len(observed), 1))
    return np.asarray(scoringrules.crps_ensemble(observed, each, estimator="nrg"), dtype=float)


def of_poisson(observed: Floats, mean: float) -> Floats:
    """CRPS [M] of a Poisson distribution; a mean of zero is the certainty that nothing comes."""
    return _of_counts(observed, stats.poisson(np.full((len(observed), 1), mean)))


def of_negative_binomial(observed: Floats, mean: Floats, size: float) -> Floats:
    """CRPS [M] of negative binomial distributions with means [M] and variances mean + mean^2 / size."""
    return _of_counts(observed, stats.nbinom(size, size / (size + mean[:, None])))


_BEYOND = 1e-10  # probability of counts so large that they are left out


def _of_counts(observed: Floats, distribution: Any) -> Floats:
    """CRPS [M] of distributions [M, 1] of counts by its definition.

    The squared distance of two distribution functions, added up: closed forms overflow from counts of 170 on.
    """
    counts = np.arange(max(observed.max(), distribution.isf(_BEYOND).max()) + 1)
    return np.asarray(((distribution.cdf(counts) - (counts >= observed[:, None])) ** 2).sum(axis=1))


def interval(members: Floats, share: float) -> tuple[Any, Any]:
    """Bounds [M] of the middle share of members [R, M], both of them values that occurred and part of it."""
    low, high = np.quantile(members, [(1 - share) / 2, (1 + share) / 2], axis=0, method="inverted_cdf")
    return low, high


def covered(observed: Floats, members: Floats, share: float) -> float:
    """Share of months in which the middle share of members [R, M] holds what came. Of counts it is at least nominal."""
    low, high = interval(members, share)
    return float(np.mean((low <= observed) & (observed <= high)))


def pit(observed: Floats, members: Floats, luck: Floats) -> Floats:
    """Randomised probability integral transform [M], uniform for a forecast that is right (Czado et al. 2009).

    `luck` [M], uniform in [0, 1), says where between the members below and those equal to what came the value lies.
    """
    below, at = (members < observed).mean(axis=0), (members == observed).mean(axis=0)
    return np.asarray(below + luck * at)


def bias(observed: Floats, members: Floats) -> float:
    """Mean of the forecast less mean of what came."""
    return float(members.mean() - observed.mean())


def _by_month(members: Floats) -> Floats:
    return np.ascontiguousarray(members.T, dtype=float)
