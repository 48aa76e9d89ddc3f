"""Scores of forecasts of counts: CRPS, coverage, PIT, bias. M months, R members of an ensemble.

CRPS is in attacks: the mean distance of the forecast from the observed count, less half the mean distance between its
members (Gneiting and Raftery 2007; for ensembles computed by scoringrules). Smaller is better; for a single number it
is the absolute error.
"""

from typing import Any

import numpy as np
from scipy import stats

from atmis.kernel.arrays import Floats


def crps_ensemble(observed: Floats, members: Floats) -> Floats:
    """CRPS [M] of the distribution from which members [R, M] were drawn.

    The fair estimator (Ferro 2014) corrects for the size of the ensemble; a single member scores its absolute error.
    """
    import scoringrules

    estimator = "fair" if len(members) > 1 else "nrg"
    return np.asarray(scoringrules.crps_ensemble(observed, _by_month(members), estimator=estimator), dtype=float)


def crps_empirical(observed: Floats, values: Floats) -> Floats:
    """CRPS [M] of the distribution of some equally likely values [N], which are all of it and no sample."""
    import scoringrules

    each = np.tile(np.asarray(values, dtype=float), (len(observed), 1))
    return np.asarray(scoringrules.crps_ensemble(observed, each, estimator="nrg"), dtype=float)


def crps_poisson(observed: Floats, mean: float) -> Floats:
    """CRPS [M] of a Poisson distribution; a mean of zero is the certainty of no attack."""
    return _crps_of_counts(observed, stats.poisson(np.full((len(observed), 1), mean)))


def crps_negative_binomial(observed: Floats, mean: Floats, size: float) -> Floats:
    """CRPS [M] of negative binomial distributions with means [M] and variances mean + mean^2 / size."""
    return _crps_of_counts(observed, stats.nbinom(size, size / (size + mean[:, None])))


_NEGLIGIBLE = 1e-10  # probability of the large counts that are left out
_MOST_COUNTS = 20_000  # at which a distribution is looked at


def _crps_of_counts(observed: Floats, distribution: Any) -> Floats:
    """CRPS [M] of distributions [M, 1] of counts, by definition.

    The sum of the squared distance between two distribution functions: closed forms overflow from counts of 145 on.
    Where there are too many counts, the larger ones are summed in steps of equal width, so that memory does not grow
    with the counts: within a step the forecast hardly changes, and the observed count parts the step in two.
    """
    values, last = observed[:, None], distribution.isf(_NEGLIGIBLE)
    number = int(min(_MOST_COUNTS, max(observed.max(), last.max()) + 1))
    one_by_one = number if number < _MOST_COUNTS else number // 2
    step = np.floor(np.maximum(last - one_by_one, 0) / max(number - one_by_one, 1)) + 1
    widths = np.where(np.arange(number) < one_by_one, 1, step)
    starts = np.cumsum(widths, axis=1) - widths
    forecast = distribution.cdf(starts + (widths - 1) // 2)
    below = np.clip((values - starts) / widths, 0, 1)
    squares = widths * (below * forecast**2 + (1 - below) * (1 - forecast) ** 2)
    return np.asarray(squares.sum(axis=1) + np.maximum(observed - widths.sum(axis=1), 0))


def central_interval(members: Floats, share: float) -> tuple[Any, Any]:
    """Bounds [M] of the central interval of members [R, M]; both are values that occurred, and part of it."""
    low, high = np.quantile(members, [(1 - share) / 2, (1 + share) / 2], axis=0, method="inverted_cdf")
    return low, high


def coverage(observed: Floats, members: Floats, share: float) -> float:
    """Share of months whose count lies in the central interval of members [R, M]. For counts it is at least nominal."""
    low, high = central_interval(members, share)
    return float(np.mean((low <= observed) & (observed <= high)))


def pit(observed: Floats, members: Floats, uniforms: Floats) -> Floats:
    """Randomised probability integral transform [M], uniform for a calibrated forecast (Czado et al. 2009).

    `uniforms` [M], in [0, 1), place the value between the members below and those equal to the observed count.
    """
    below, equal = (members < observed).mean(axis=0), (members == observed).mean(axis=0)
    return np.asarray(below + uniforms * equal)


def bias(observed: Floats, members: Floats) -> float:
    """Mean of the forecast less mean of the observed counts."""
    return float(members.mean() - observed.mean())


def _by_month(members: Floats) -> Floats:
    return np.ascontiguousarray(members.T, dtype=float)
