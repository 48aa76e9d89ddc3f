"""Sobol indices of what is expected over luck: first and total order, with an interval for each.

The values at the points of a Saltelli design are split into a smooth part, polynomials of the parameters fitted to all
points, and a rest. The variances that the smooth part owes to each parameter are known from its coefficients (Sudret
2008); those of the rest are estimated from the blocks of the design by the estimators of scipy.stats.sobol_indices
(Saltelli et al. 2010, table 2 b and f). The two are orthogonal, so variances add up. Without a smooth part and with one
replicate the numbers are scipy's.

With several replicates each square is taken between two different ones: their luck has nothing in common, so luck adds
to no index, where the square of a mean over few replicates would blow up every total. The interval is a percentile
bootstrap of base points; it holds the luck that is left, too.
"""

from typing import NamedTuple

import numpy as np
from numpy.polynomial import legendre

from atmis.kernel.arrays import Floats, Ints

LEVEL, RESAMPLES = 0.95, 1000
_DEGREE = 3  # of a parameter alone; of two together each is linear
_POINTS_PER_TERM, _BASE_POINTS = 5, 16  # at the least, else there is no smooth part


class Indices(NamedTuple):
    """Indices of each parameter, all arrays [parameters]; NaN where nothing but luck differs between points."""

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats


class _Parts(NamedTuple):
    """Variances, by row of what they were computed of: [rows, parameters] and [rows]."""

    first: Floats
    total: Floats
    whole: Floats


def indices(values: Floats, unit: Floats, seed: int) -> Indices:
    """Indices of values [points, replicates] at the points of design.unit [points, parameters]: A, B, A with B's j."""
    parameters = unit.shape[1]
    n = len(unit) // (parameters + 2)
    values = values - values[: 2 * n].mean(axis=0)  # luck that all points share goes
    degrees = _degrees(parameters, n)
    shape = _basis(unit, degrees)
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, n)), drawn])  # the first: all base points once
    coefficients = _coefficients(shape, values, weights)
    rest = _of_rest(values - shape @ coefficients[0], n)
    smooth = _of_smooth(coefficients, degrees)
    whole = smooth.whole + weights @ rest.whole / n
    whole = np.where(whole > 0, whole, np.nan)[:, None]
    return Indices(
        *_with_interval((smooth.first + weights @ rest.first / n) / whole),
        *_with_interval((smooth.total + weights @ rest.total / n) / whole),
    )


def _with_interval(found: Floats) -> tuple[Floats, Floats, Floats]:
    """Of indices [1 + resamples, parameters]: those of all points, and where LEVEL of the resampled ones lie."""
    if np.isnan(found).any(axis=1).mean() > 1 - LEVEL:  # too often there is nothing but luck
        nothing = np.full(found.shape[1], np.nan)
        return nothing, nothing, nothing
    low, high = np.nanquantile(found[1:], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return found[0], low, high


# --- the smooth part ---


def _degrees(parameters: int, base_points: int) -> Ints:
    """Degrees in each parameter of the polynomials that are fitted [terms, parameters]; none where points are few."""
    alone = [d * row for row in np.eye(parameters, dtype=int) for d in range(1, _DEGREE + 1)]
    together = [a + b for j, a in enumerate(np.eye(parameters, dtype=int)) for b in np.eye(parameters, dtype=int)[:j]]
    for terms in (alone + together, alone):
        if base_points >= _BASE_POINTS and len(terms) * _POINTS_PER_TERM <= base_points * (parameters + 2):
            return np.array(terms)
    return np.zeros((0, parameters), dtype=int)


def _basis(unit: Floats, degrees: Ints) -> Floats:
    """Polynomials at the points [points, terms]: products of Legendre's, each of variance 1 over the ranges."""
    single = legendre.legvander(2 * unit - 1, _DEGREE) * np.sqrt(2 * np.arange(_DEGREE + 1) + 1)
    picked = [single[:, j, degrees[:, j]] for j in range(unit.shape[1])]
    return np.asarray(np.prod(picked, axis=0))


def _coefficients(shape: Floats, values: Floats, weights: Floats) -> Floats:
    """Least squares for each row of weights of the base points [rows, terms, replicates]."""
    (rows, n), terms, replicates = weights.shape, shape.shape[1], values.shape[1]
    by_base, values = shape.reshape(len(shape) // n, n, terms), values.reshape(-1, n, replicates)
    gram = np.einsum("bip,biq->ipq", by_base, by_base).reshape(n, terms * terms)
    moment = np.einsum("bip,bir->ipr", by_base, values).reshape(n, terms * replicates)
    return np.linalg.solve(
        (weights @ gram).reshape(rows, terms, terms), (weights @ moment).reshape(rows, terms, replicates)
    )


def _of_smooth(coefficients: Floats, degrees: Ints) -> _Parts:
    squares = _product(coefficients, coefficients)
    there = (degrees > 0).astype(float)
    alone = there * (there.sum(axis=1, keepdims=True) == 1)
    return _Parts(squares @ alone, squares @ there, squares.sum(axis=1))


# --- the rest ---


def _of_rest(rest: Floats, n: int) -> _Parts:
    """What each base point adds [n, parameters] and [n]."""
    a, b, mixed = rest[:n], rest[n : 2 * n], rest[2 * n :].reshape(-1, n, rest.shape[1])
    whole = (_product(a, a) + _product(b, b)) / 2
    return _Parts(_product(b, mixed - a).T, _product(a - mixed, a - mixed).T / 2, whole)


def _product(one: Floats, other: Floats) -> Floats:
    """Mean product of two values [..., replicates] over pairs of different replicates; of one replicate: its own."""
    replicates = one.shape[-1]
    same = (one * other).mean(axis=-1)
    if replicates == 1:
        return np.asarray(same)
    return np.asarray((replicates * one.mean(axis=-1) * other.mean(axis=-1) - same) / (replicates - 1))
