"""The runs nearest to what was seen, adjusted by local regression (Beaumont, Zhang and Balding 2002)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atmis.calibration.projection import Projection
from atmis.calibration.ranges import Range, of_line, to_line

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Posterior:
    """Parameters that agree with what was seen, each with its weight."""

    values: dict[str, Floats]  # [A] adjusted
    weights: Floats  # [A], sum 1
    runs: NDArray[np.int64]  # [A] which runs they come from
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
    values: Mapping[str, Floats],
    patterns: Floats,
    observed: Floats,
    projection: Projection,
    keep: int,
    but: int = -1,
) -> Posterior:
    """What runs with `values` [N] and `patterns` [N, M] say of the parameters behind `observed` [M].

    `keep`: runs that are accepted; `but`: one that is left out, for it is itself taken for observed.
    """
    distances = projection.distances(patterns, observed)
    if but >= 0:
        distances[but] = np.inf
    rows = np.argpartition(distances, keep)[:keep]
    reach = distances[rows].max()
    weights = 1.0 - (distances[rows] / reach) ** 2 + 1e-9  # Epanechnikov
    logits = to_line(ranges, {path: np.asarray(column)[rows] for path, column in values.items()})
    adjusted = _adjusted(logits, projection.of(patterns[rows]) - projection.of(observed[None]), weights)
    return Posterior(of_line(ranges, adjusted), weights / weights.sum(), rows, float(reach))


def _adjusted(logits: Floats, apart: Floats, weights: Floats) -> Floats:
    """Parameters [A, K] moved to where predictions [A, K] equal those of what was seen, along a weighted regression."""
    root = np.sqrt(weights)[:, None]
    slopes = np.linalg.lstsq(np.concatenate([root, root * apart], axis=1), root * logits, rcond=None)[0][1:]
    return np.asarray(logits - apart @ slopes)
