"""Sobol indices of the expected value over chance: first and total order, with an interval for each.

Each base point of a Saltelli design gives an estimate of every variance, by the estimators of scipy.stats.sobol_indices
(Saltelli et al. 2010, table 2 b and f); their means give the indices. Polynomials of the parameters, fitted to other
base points, serve as control variates: what the estimators make of them is taken away, and their exact variances
(Sudret 2008) are put in its place. That removes noise where the polynomials fit and biases nothing where they do not,
since no point is judged by polynomials that it helped to fit. Without polynomials and with one replicate the indices
are those of SciPy.

With several replicates each square is a product of two different ones: their noise is independent, so chance adds to no
index, whereas the square of a mean over few replicates would inflate every total. An interval is that of a ratio of two
means over base points, by Student's t; it covers the remaining chance, too. Fewer base points than LEAST_POINTS are too
few for it (`model/TRUST.md` has its coverage).
"""

from typing import NamedTuple

import numpy as np
from numpy.polynomial import legendre
from scipy.stats import t as student

from atmis.analysis.sensitivity import chance
from atmis.kernel.arrays import Floats, Ints

LEVEL = 0.95
LEAST_POINTS = 16  # base points for intervals, and for polynomials
_DEGREE = 3  # of a parameter alone; of two together each is linear
_POINTS_PER_TERM = 5  # at least so many, else there are no polynomials
_PARTS = 4  # of the design, in its order: each is spread evenly; the polynomials for one are fitted to the others


class Indices(NamedTuple):
    """Indices of each parameter; all arrays are [parameters].

    NaN where points differ by nothing but chance; intervals also where base points are too few for them.
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats


class _Variances(NamedTuple):
    """Variances by base point (of one, or of each): [..., parameters] and [...]."""

    first: Floats
    total: Floats
    whole: Floats


def indices(values: Floats, unit: Floats) -> Indices:
    """Sobol indices of each parameter.

    Parameters
    ----------
    values : array of float, [points, replicates]
        A headline, or a paired difference of it, at the points of the design.
    unit : array of float, [points, parameters]
        Points as shares of the ranges: the blocks A, B and, for each parameter, A with that column of B (see
        design.unit).

    Examples
    --------
    Of the sum a + 2 b of two uniform numbers the exact indices are 0.2 and 0.8:

    >>> a, b = np.random.default_rng(1).random((2, 64, 2))
    >>> unit = np.concatenate([a, b, np.stack([b[:, 0], a[:, 1]], 1), np.stack([a[:, 0], b[:, 1]], 1)])
    >>> indices((unit @ [1.0, 2.0])[:, None], unit).first.round(2).tolist()
    [0.2, 0.8]
    """
    parameters = unit.shape[1]
    n = len(unit) // (parameters + 2)
    values = chance.anomalies(values)
    if not chance.is_signal(values):
        return Indices(*np.full((6, parameters), np.nan))
    values = values - values[: 2 * n].mean(axis=0)  # chance that all points share drops out
    found = _by_base_point(values, unit, n)
    return Indices(*_with_interval(found.first, found.whole), *_with_interval(found.total, found.whole))


def _with_interval(parts: Floats, whole: Floats) -> tuple[Floats, Floats, Floats]:
    """Shares of the variance, and their intervals, from estimates by base point [n, parameters] and [n]."""
    n, mean = len(whole), whole.mean()
    if mean <= 0:
        return tuple(np.full((3, parts.shape[1]), np.nan))  # type: ignore[return-value]
    shares = parts.mean(axis=0) / mean
    if n < LEAST_POINTS:
        return shares, np.full_like(shares, np.nan), np.full_like(shares, np.nan)
    errors = (parts - shares * whole[:, None]) / mean  # of a ratio of means, to first order
    half = student.ppf((1 + LEVEL) / 2, n - 1) * errors.std(axis=0, ddof=1) / np.sqrt(n)
    return shares, shares - half, shares + half


def _by_base_point(values: Floats, unit: Floats, n: int) -> _Variances:
    """Estimates of the variances by each base point: [n, parameters] and [n]."""
    degrees = _degrees(unit.shape[1], n)
    blocks = unit.shape[1] + 2
    shape = _basis(unit, degrees).reshape(blocks, n, len(degrees))  # [blocks, n, terms]
    values = values.reshape(blocks, n, values.shape[1])  # [blocks, n, replicates]
    parts = []
    for own in np.array_split(np.arange(n), min(_PARTS, n)):
        others = np.setdiff1d(np.arange(n), own)
        coefficients = _coefficients(shape[:, others], values[:, others])
        exact = _exact_variances(coefficients, degrees)
        found, fitted = _estimates(values[:, own]), _estimates(shape[:, own] @ coefficients)
        parts.append([e + f - g for e, f, g in zip(exact, found, fitted)])
    return _Variances(*(np.concatenate(part) for part in zip(*parts)))


def _estimates(values: Floats) -> _Variances:
    """Estimates of the variances of values [blocks, n, replicates] by each base point: [n, parameters] and [n]."""
    a, b, mixed = values[0], values[1], values[2:]
    whole = (_product(a, a) + _product(b, b)) / 2
    return _Variances(_product(b, mixed - a).T, _product(a - mixed, a - mixed).T / 2, whole)


def _product(one: Floats, other: Floats) -> Floats:
    """Mean product of values [..., replicates] over pairs of different replicates; of one replicate, its own."""
    replicates = one.shape[-1]
    same = (one * other).mean(axis=-1)
    if replicates == 1:
        return np.asarray(same)
    return np.asarray((replicates * one.mean(axis=-1) * other.mean(axis=-1) - same) / (replicates - 1))


# --- polynomials ---


def _degrees(parameters: int, base_points: int) -> Ints:
    """Degree in each parameter of the fitted polynomials [terms, parameters]; no terms where points are few."""
    alone = [d * row for row in np.eye(parameters, dtype=int) for d in range(1, _DEGREE + 1)]
    together = [a + b for j, a in enumerate(np.eye(parameters, dtype=int)) for b in np.eye(parameters, dtype=int)[:j]]
    for terms in (alone + together, alone):
        if base_points >= LEAST_POINTS and len(terms) * _POINTS_PER_TERM <= base_points * (parameters + 2):
            return np.array(terms)
    return np.zeros((0, parameters), dtype=int)


def _basis(unit: Floats, degrees: Ints) -> Floats:
    """Polynomials at the points [points, terms]: products of Legendre polynomials of variance 1 over the ranges."""
    single = legendre.legvander(2 * unit - 1, _DEGREE) * np.sqrt(2 * np.arange(_DEGREE + 1) + 1)
    factors = [single[:, j, degrees[:, j]] for j in range(unit.shape[1])]
    return np.asarray(np.prod(factors, axis=0))


def _coefficients(shape: Floats, values: Floats) -> Floats:
    """Least-squares coefficients [terms, replicates] of values [blocks, n, replicates]."""
    terms, replicates = shape.shape[-1], values.shape[-1]
    if not terms:
        return np.zeros((0, replicates))
    return np.asarray(np.linalg.lstsq(shape.reshape(-1, terms), values.reshape(-1, replicates))[0], dtype=float)


def _exact_variances(coefficients: Floats, degrees: Ints) -> _Variances:
    """Variances of a polynomial, from its coefficients [terms, replicates] (Sudret 2008)."""
    squares = _product(coefficients, coefficients)
    involved = (degrees > 0).astype(float)
    alone = involved * (involved.sum(axis=1, keepdims=True) == 1)
    return _Variances(squares @ alone, squares @ involved, squares.sum(axis=0))
