"""The runs nearest to what was seen, adjusted by local regression (Beaumont, Zhang and Balding 2002)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from atmis.analysis.calibration.projection import Projection
from atmis.analysis.calibration.ranges import Range, of_line
from atmis.kernel.arrays import Floats, Ints


@dataclass(frozen=True)
class Posterior:
    """Parameters that agree with what was seen, each with its weight."""

    values: dict[str, Floats]  # [A] adjusted
    weights: Floats  # [A], sum 1
    runs: Ints  # [A] which runs they come from
    distance: float  # largest that was accepted

    def sample(self, draws: int, rng: np.random.Generator) -> dict[str, Floats]:
        """Draws [draws] with all parameters of one together, in random order, to six digits.

        Systematic resampling: no run is taken twice but where its weight asks for it.
        """
        upto = np.cumsum(self.weights)
        points = (rng.random() + np.arange(draws)) / draws * upto[-1]
        rows = rng.permutation(np.searchsorted(upto, points))
        return {path: _short(column[rows]) for path, column in self.values.items()}


def _short(column: Floats) -> Floats:
    return np.array([float(f"{value:.6g}") for value in column])


def posterior(
    ranges: Mapping[str, Range],
    logits: Floats,
    predictions: Floats,
    observed: Floats,
    projection: Projection,
    keep: int,
    but: int = -1,
) -> Posterior:
    """What runs say of the parameters behind a record.

    `logits` [N, K]: their parameters on the line; `predictions` [N, K]: of these by the projection, and `observed` [K]
    by that of the record; `keep`: runs that are accepted; `but`: one that is left out, for it is itself taken for the
    record.
    """
    distances = projection.distances(predictions, observed)
    if but >= 0:
        distances[but] = np.inf
    rows = np.argpartition(distances, keep)[:keep]
    reach = distances[rows].max()
    weights = 1.0 - (distances[rows] / reach) ** 2 + 1e-9  # Epanechnikov
    adjusted = _adjusted(logits[rows], predictions[rows] - observed, weights / weights.sum())
    return Posterior(of_line(ranges, adjusted), weights / weights.sum(), rows, float(reach))


def _adjusted(logits: Floats, apart: Floats, weights: Floats) -> Floats:
    """Parameters [A, K] moved to where predictions [A, K] equal those of what was seen, along a weighted regression.

    What is left over is widened by the degrees of freedom that the regression takes; else intervals are too narrow.
    """
    terms = np.concatenate([np.ones((len(apart), 1)), apart], axis=1)
    root = np.sqrt(weights)[:, None]
    slopes = np.linalg.lstsq(root * terms, root * logits, rcond=None)[0]
    runs = 1.0 / (weights**2).sum()  # effective number
    wider = np.sqrt(runs / (runs - terms.shape[1])) if runs > 2 * terms.shape[1] else 1.0
    return np.asarray(slopes[0] + wider * (logits - terms @ slopes))
