"""Sobol indices of the expected value over chance: first and total order, with an interval for each.

The values at the points of a Saltelli design are split into a smooth part, polynomials of the parameters fitted to all
points, and a residual. The variances that the smooth part owes to each parameter follow from its coefficients (Sudret
2008); those of the residual are estimated from the blocks of the design by the estimators of scipy.stats.sobol_indices
(Saltelli et al. 2010, table 2 b and f). The two parts are orthogonal, so their variances add up. Without a smooth part
and with one replicate the indices are those of SciPy.

With several replicates each square is a product of two different ones: their noise is independent, so chance adds to no
index, whereas the square of a mean over few replicates would inflate every total. The interval is a percentile
bootstrap of base points; it covers the remaining chance, too.
"""

from typing import NamedTuple

import numpy as np
from numpy.polynomial import legendre

from atmis.kernel.arrays import Floats, Ints

LEVEL, RESAMPLES = 0.95, 1000
_DEGREE = 3  # of a parameter alone; of two together each is linear
_POINTS_PER_TERM, _BASE_POINTS = 5, 16  # at least so many, else there is no smooth part


class Indices(NamedTuple):
    """Indices of each parameter; all arrays are [parameters], NaN where points differ by nothing but chance."""

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats


class _Parts(NamedTuple):
    """Variances by row (base points, or resamples): [rows, parameters] and [rows]."""

    first: Floats
    total: Floats
    whole: Floats


def indices(values: Floats, unit: Floats, seed: int) -> Indices:
    """Sobol indices of each parameter.

    Parameters
    ----------
    values : array of float, [points, replicates]
        A headline, or a paired difference of it, at the points of the design.
    unit : array of float, [points, parameters]
        Points as shares of the ranges: the blocks A, B and, for each parameter, A with that column of B (see
        design.unit).
    seed : int
        Seed of the bootstrap.

    Examples
    --------
    Of the sum a + 2 b of two uniform numbers the exact indices are 0.2 and 0.8:

    >>> a, b = np.random.default_rng(1).random((2, 64, 2))
    >>> unit = np.concatenate([a, b, np.stack([b[:, 0], a[:, 1]], 1), np.stack([a[:, 0], b[:, 1]], 1)])
    >>> indices((unit @ [1.0, 2.0])[:, None], unit, seed=1).first.round(2).tolist()
    [0.2, 0.8]
    """
    parameters = unit.shape[1]
    n = len(unit) // (parameters + 2)
    values = values - values[: 2 * n].mean(axis=0)  # chance that all points share drops out
    degrees = _degrees(parameters, n)
    shape = _basis(unit, degrees)
    resamples = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, n)), resamples])  # the first row: all base points once
    coefficients = _coefficients(shape, values, weights)
    rest = _residual_variances(values - shape @ coefficients[0], n)
    smooth = _smooth_variances(coefficients, degrees)
    whole = smooth.whole + weights @ rest.whole / n
    whole = np.where(whole > 0, whole, np.nan)[:, None]
    return Indices(
        *_with_interval((smooth.first + weights @ rest.first / n) / whole),
        *_with_interval((smooth.total + weights @ rest.total / n) / whole),
    )


def _with_interval(estimates: Floats) -> tuple[Floats, Floats, Floats]:
    """Indices of all points, and their bootstrap interval, from estimates [1 + resamples, parameters]."""
    if np.isnan(estimates).any(axis=1).mean() > 1 - LEVEL:  # too often there is nothing but chance
        undefined = np.full(estimates.shape[1], np.nan)
        return undefined, undefined, undefined
    low, high = np.nanquantile(estimates[1:], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return estimates[0], low, high


# --- the smooth part ---


def _degrees(parameters: int, base_points: int) -> Ints:
    """Degree in each parameter of the fitted polynomials [terms, parameters]; no terms where points are few."""
    alone = [d * row for row in np.eye(parameters, dtype=int) for d in range(1, _DEGREE + 1)]
    together = [a + b for j, a in enumerate(np.eye(parameters, dtype=int)) for b in np.eye(parameters, dtype=int)[:j]]
    for terms in (alone + together, alone):
        if base_points >= _BASE_POINTS and len(terms) * _POINTS_PER_TERM <= base_points * (parameters + 2):
            return np.array(terms)
    return np.zeros((0, parameters), dtype=int)


def _basis(unit: Floats, degrees: Ints) -> Floats:
    """Polynomials at the points [points, terms]: products of Legendre polynomials of variance 1 over the ranges."""
    single = legendre.legvander(2 * unit - 1, _DEGREE) * np.sqrt(2 * np.arange(_DEGREE + 1) + 1)
    factors = [single[:, j, degrees[:, j]] for j in range(unit.shape[1])]
    return np.asarray(np.prod(factors, axis=0))


def _coefficients(shape: Floats, values: Floats, weights: Floats) -> Floats:
    """Least-squares coefficients for each row of weights of the base points [rows, terms, replicates]."""
    (rows, n), terms, replicates = weights.shape, shape.shape[1], values.shape[1]
    by_base, values = shape.reshape(len(shape) // n, n, terms), values.reshape(-1, n, replicates)
    gram = np.einsum("bip,biq->ipq", by_base, by_base).reshape(n, terms * terms)
    moment = np.einsum("bip,bir->ipr", by_base, values).reshape(n, terms * replicates)
    return np.linalg.solve(
        (weights @ gram).reshape(rows, terms, terms), (weights @ moment).reshape(rows, terms, replicates)
    )


def _smooth_variances(coefficients: Floats, degrees: Ints) -> _Parts:
    """Variances of the smooth part, from its coefficients (Sudret 2008)."""
    squares = _product(coefficients, coefficients)
    involved = (degrees > 0).astype(float)
    alone = involved * (involved.sum(axis=1, keepdims=True) == 1)
    return _Parts(squares @ alone, squares @ involved, squares.sum(axis=1))


# --- the residual ---


def _residual_variances(rest: Floats, n: int) -> _Parts:
    """Contribution of each base point to the variances of the residual [n, parameters] and [n]."""
    a, b, mixed = rest[:n], rest[n : 2 * n], rest[2 * n :].reshape(-1, n, rest.shape[1])
    whole = (_product(a, a) + _product(b, b)) / 2
    return _Parts(_product(b, mixed - a).T, _product(a - mixed, a - mixed).T / 2, whole)


def _product(one: Floats, other: Floats) -> Floats:
    """Mean product of values [..., replicates] over pairs of different replicates; of one replicate, its own."""
    replicates = one.shape[-1]
    same = (one * other).mean(axis=-1)
    if replicates == 1:
        return np.asarray(same)
    return np.asarray((replicates * one.mean(axis=-1) * other.mean(axis=-1) - same) / (replicates - 1))
