"""Patterns reduced to one statistic for each parameter (semi-automatic ABC: Fearnhead and Prangle 2012).

Each parameter is regressed on all patterns and their squares; the prediction is the one number that best tells that
parameter. So the weight of a pattern is learnt from runs, and noise has no weight. N runs, K parameters, M patterns.
"""

from dataclasses import dataclass

import numpy as np

from atmis.kernel.arrays import Floats

FOLDS = 5  # of the cross-validation


@dataclass(frozen=True)
class Projection:
    """Predicts parameters, as logits of their shares of a range, from patterns."""

    centre: Floats  # [M]
    width: Floats  # [M]
    weights: Floats  # [1 + 2 M, K]
    r_squared: Floats  # [K] cross-validated share of the variance of each parameter that the patterns explain
    noise: Floats  # [K] standard deviation of the predictions

    @property
    def terms(self) -> int:
        """Number of terms of the regression."""
        return len(self.weights)

    def predict(self, patterns: Floats) -> Floats:
        """Predictions [N, K] from patterns [N, M]."""
        return _features(patterns, self.centre, self.width) @ self.weights

    def distances(self, predictions: Floats, observed: Floats) -> Floats:
        """Distances [N] of predictions [N, K] from that for the record [K], weighted by the variance explained."""
        weights = np.sqrt(np.clip(self.r_squared, 0.0, None)) / self.noise
        return np.asarray(np.linalg.norm((predictions - observed) * weights, axis=1))


def project(logits: Floats, patterns: Floats) -> Projection:
    """Fit a projection.

    Parameters
    ----------
    logits : [N, K] of the parameters
    patterns : [N, M] of the runs with these parameters

    Returns
    -------
    Projection
        With its explained variance by cross-validation.
    """
    centre, width = patterns.mean(axis=0), patterns.std(axis=0)
    width = np.where(width > 0, width, 1.0)
    features = _features(patterns, centre, width)
    weights = _fit(features, logits)
    r_squared = 1.0 - ((logits - _cross_validated(features, logits)) ** 2).mean(axis=0) / logits.var(axis=0)
    return Projection(centre, width, weights, r_squared, np.maximum((features @ weights).std(axis=0), 1e-12))


def _cross_validated(features: Floats, logits: Floats) -> Floats:
    """Predictions [N, K] of each run by a fit without its fold."""
    fold = np.arange(len(logits)) % FOLDS
    predictions = np.empty_like(logits)
    for k in range(FOLDS):
        predictions[fold == k] = features[fold == k] @ _fit(features[fold != k], logits[fold != k])
    return predictions


def _features(patterns: Floats, centre: Floats, width: Floats) -> Floats:
    """A constant, the standardised patterns and their squares [N, 1 + 2 M]."""
    scaled = np.clip((patterns - centre) / width, -5.0, 5.0)
    return np.concatenate([np.ones((len(scaled), 1)), scaled, scaled**2], axis=1)


def _fit(features: Floats, logits: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(features, logits, rcond=None)[0], dtype=np.float64)
