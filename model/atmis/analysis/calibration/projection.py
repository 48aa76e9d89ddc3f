"""Patterns reduced to what they say of each parameter (semi-automatic ABC: Fearnhead and Prangle 2012).

A regression of each parameter on all patterns and their squares: its prediction is the one number that serves best to
tell that parameter. So the weight of a pattern is learnt from runs, and noise weighs nothing. N runs, K parameters, M
patterns.
"""

from dataclasses import dataclass

import numpy as np

from atmis.kernel.arrays import Floats

FOLDS = 5


@dataclass(frozen=True)
class Projection:
    """Predicts parameters, as logits of their shares of a range, from patterns."""

    centre: Floats  # [M]
    width: Floats  # [M]
    weights: Floats  # [1 + 2 M, K]
    told: Floats  # [K] share of the variance of each parameter that patterns tell, in runs left out of the fit
    noise: Floats  # [K] standard deviation of the predictions

    @property
    def terms(self) -> int:
        """Number of terms of the regression."""
        return len(self.weights)

    def of(self, patterns: Floats) -> Floats:
        """Predictions [N, K] of patterns [N, M]."""
        return _features(patterns, self.centre, self.width) @ self.weights

    def distances(self, predictions: Floats, observed: Floats) -> Floats:
        """How far predictions [N, K] are from that of what was seen [K], each parameter by what is told of it."""
        weights = np.sqrt(np.clip(self.told, 0.0, None)) / self.noise
        return np.asarray(np.linalg.norm((predictions - observed) * weights, axis=1))


def project(logits: Floats, patterns: Floats) -> Projection:
    """Fit to parameters [N, K] and patterns [N, M]."""
    centre, width = patterns.mean(axis=0), patterns.std(axis=0)
    width = np.where(width > 0, width, 1.0)
    features = _features(patterns, centre, width)
    weights = _fit(features, logits)
    fold = np.arange(len(logits)) % FOLDS
    left = np.empty_like(logits)
    for k in range(FOLDS):
        left[fold == k] = features[fold == k] @ _fit(features[fold != k], logits[fold != k])
    told = 1.0 - ((logits - left) ** 2).mean(axis=0) / logits.var(axis=0)
    return Projection(centre, width, weights, told, np.maximum((features @ weights).std(axis=0), 1e-12))


def _features(patterns: Floats, centre: Floats, width: Floats) -> Floats:
    scaled = np.clip((patterns - centre) / width, -5.0, 5.0)
    return np.concatenate([np.ones((len(scaled), 1)), scaled, scaled**2], axis=1)


def _fit(features: Floats, logits: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(features, logits, rcond=None)[0], dtype=np.float64)
