"""Regression-adjusted ABC: the runs nearest to the record, adjusted by local-linear regression (Beaumont et al. 2002).

N runs, A of them accepted, K parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from atmis.analysis.calibration.priors import UniformPrior, from_logits
from atmis.analysis.calibration.projection import Projection
from atmis.kernel.arrays import Floats, Ints


@dataclass(frozen=True)
class Posterior:
    """A weighted sample of parameters that agree with the record."""

    values: dict[str, Floats]  # [A] of each parameter, adjusted
    weights: Floats  # [A], sum 1
    runs: Ints  # [A] the runs that they come from
    bandwidth: float  # largest distance that was accepted

    def sample(self, draws: int, rng: np.random.Generator) -> dict[str, Floats]:
        """Draw parameters jointly: values [draws] of each, in random order, to six digits.

        Systematic resampling: a run is drawn twice only where its weight requires it.
        """
        cumulative = np.cumsum(self.weights)
        points = (rng.random() + np.arange(draws)) / draws * cumulative[-1]
        rows = rng.permutation(np.searchsorted(cumulative, points))
        return {path: _six_digits(column[rows]) for path, column in self.values.items()}


def _six_digits(column: Floats) -> Floats:
    return np.array([float(f"{value:.6g}") for value in column])


def posterior(
    priors: Mapping[str, UniformPrior],
    logits: Floats,
    predictions: Floats,
    observed: Floats,
    projection: Projection,
    accepted: int,
    excluded: int = -1,
) -> Posterior:
    """The posterior of the parameters given a record.

    Parameters
    ----------
    priors : by parameter
    logits : [N, K] of the parameters of the runs
    predictions : [N, K] of the parameters by the projection, from the patterns of the runs
    observed : [K] the same from the patterns of the record
    projection : gives the distances
    accepted : number A of runs
    excluded : a run that is left out, because it is itself taken for the record; -1: none

    Returns
    -------
    Posterior
        Of the accepted runs, with Epanechnikov weights.
    """
    distances = projection.distances(predictions, observed)
    if excluded >= 0:
        distances[excluded] = np.inf
    nearest = np.argpartition(distances, accepted)[:accepted]
    bandwidth = distances[nearest].max()
    weights = 1.0 - (distances[nearest] / bandwidth) ** 2 + 1e-9  # Epanechnikov
    weights = weights / weights.sum()
    adjusted = _regression_adjusted(logits[nearest], predictions[nearest] - observed, weights)
    return Posterior(from_logits(priors, adjusted), weights, nearest, float(bandwidth))


def _regression_adjusted(logits: Floats, discrepancies: Floats, weights: Floats) -> Floats:
    """Parameters [A, K] moved along a weighted regression to where discrepancies [A, K] from the record are zero.

    Residuals are inflated for the degrees of freedom that the regression takes; else intervals would be too narrow.
    """
    terms = np.concatenate([np.ones((len(discrepancies), 1)), discrepancies], axis=1)
    root = np.sqrt(weights)[:, None]
    coefficients = np.linalg.lstsq(root * terms, root * logits, rcond=None)[0]
    effective = 1.0 / (weights**2).sum()  # sample size
    inflation = np.sqrt(effective / (effective - terms.shape[1])) if effective > 2 * terms.shape[1] else 1.0
    return np.asarray(coefficients[0] + inflation * (logits - terms @ coefficients))
