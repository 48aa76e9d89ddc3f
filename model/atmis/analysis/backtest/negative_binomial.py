"""Negative binomial counts with a season, one harmonic a year, fitted to monthly counts."""

from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.record import Months
from atmis.kernel.arrays import Floats

_PRIOR_SD = (1.0, 0.5, 0.5, 1.5)  # of the normal priors below


class SeasonalModel(NamedTuple):
    """log mean = level + cosine cos(2 pi m / 12) + sine sin(2 pi m / 12); variance = mean + mean^2 / size."""

    level: float
    cosine: float
    sine: float
    size: float

    def means(self, months: Months) -> Floats:
        """Mean counts [M] of some months."""
        return np.asarray(np.exp(_harmonics(months) @ np.array([self.level, self.cosine, self.sine])))


def fit(counts: Floats, months: Months) -> SeasonalModel:
    """The maximum a posteriori model of counts [H] in some months [H].

    Weak normal priors keep the fit finite for a zone with hardly an event: the level is centred on the log of
    (events + 1/2) / months, both harmonics on zero, the log of the size on that of 2.
    """
    from scipy.optimize import minimize

    harmonics = _harmonics(months)
    centre = np.array([np.log((counts.sum() + 0.5) / len(counts)), 0.0, 0.0, np.log(2.0)])

    def loss(x: Floats) -> float:
        penalty = float(np.sum(((x - centre) / _PRIOR_SD) ** 2) / 2)
        return -_log_likelihood(counts, np.exp(harmonics @ x[:3]), np.exp(x[3])) + penalty

    best = minimize(loss, centre, method="L-BFGS-B", bounds=[*zip(centre - 8.0, centre + 8.0)]).x
    return SeasonalModel(float(best[0]), float(best[1]), float(best[2]), float(np.exp(best[3])))


def _log_likelihood(counts: Floats, means: Floats, size: float) -> float:
    from scipy.stats import nbinom

    return float(nbinom.logpmf(counts, size, size / (size + means)).sum())


def _harmonics(months: Months) -> Floats:
    """Columns of the regression [M, 3]: constant, cosine and sine of the time of the year."""
    angle = 2 * np.pi * (months.astype(int) % 12) / 12
    return np.stack([np.ones(len(months)), np.cos(angle), np.sin(angle)], axis=1)
