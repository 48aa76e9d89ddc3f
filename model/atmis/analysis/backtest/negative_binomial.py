"""Negative binomial counts with a season of one wave a year, fitted to months."""

from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.record import Months
from atmis.kernel.arrays import Floats

_SPREAD = (1.0, 0.5, 0.5, 1.5)  # sd of the priors below


class Season(NamedTuple):
    """log mean = level + cosine cos(2 pi m / 12) + sine sin(2 pi m / 12); variance = mean + mean^2 / size."""

    level: float
    cosine: float
    sine: float
    size: float

    def means(self, months: Months) -> Floats:
        """Mean counts [M] of some months."""
        return np.exp(_waves(months) @ np.array([self.level, self.cosine, self.sine]))


def fit(counts: Floats, months: Months) -> Season:
    """The most probable season for counts [H] of some months.

    Maximum likelihood with weak normal priors, so that a zone with hardly an event has a finite fit: the level has its
    middle at the log of (events + 1/2) / months, both waves at zero, the log of the size at that of 2.
    """
    from scipy.optimize import minimize

    waves, middle = _waves(months), np.array([np.log((counts.sum() + 0.5) / len(counts)), 0.0, 0.0, np.log(2.0)])

    def cost(x: Floats) -> float:
        return -_log_likelihood(counts, np.exp(waves @ x[:3]), np.exp(x[3])) + float(
            np.sum(((x - middle) / _SPREAD) ** 2) / 2
        )

    found = minimize(cost, middle, method="L-BFGS-B", bounds=[*zip(middle - 8.0, middle + 8.0)]).x
    return Season(float(found[0]), float(found[1]), float(found[2]), float(np.exp(found[3])))


def _log_likelihood(counts: Floats, means: Floats, size: float) -> float:
    from scipy.stats import nbinom

    return float(nbinom.logpmf(counts, size, size / (size + means)).sum())


def _waves(months: Months) -> Floats:
    angle = 2 * np.pi * (months.astype(int) % 12) / 12
    return np.stack([np.ones(len(months)), np.cos(angle), np.sin(angle)], axis=1)
