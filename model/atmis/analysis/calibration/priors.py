"""Uniform priors of the parameters, and how they are truncated from wave to wave. K parameters, N points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import expit, logit
from scipy.stats import qmc

from atmis.kernel.arrays import Floats
from atmis.scenario.errors import InputError

Scale = Literal["linear", "log"]

TAIL = 0.005  # share of the posterior that is cut off at either end
MARGIN = 0.15  # kept on either side of what is left, as a share of its width
EDGE = 1e-6  # share of a range that is left out at its ends, where a logit would be infinite


@dataclass(frozen=True)
class UniformPrior:
    """A range within which every value, or its logarithm, is equally likely."""

    low: float
    high: float
    scale: Scale = "linear"

    def to_unit(self, values: Floats) -> Floats:
        """Values as shares [0, 1] of the range."""
        low, high = self._ends()
        return (self._scaled(values) - low) / (high - low)

    def from_unit(self, shares: Floats) -> Floats:
        """Values at shares [0, 1] of the range."""
        low, high = self._ends()
        scaled = low + shares * (high - low)
        return np.exp(scaled) if self.scale == "log" else scaled

    def _ends(self) -> tuple[float, float]:
        low, high = self._scaled(np.array([self.low, self.high])).tolist()
        return low, high

    def _scaled(self, values: Floats) -> Floats:
        return np.log(values) if self.scale == "log" else np.asarray(values, dtype=float)


def latin_hypercube(priors: Mapping[str, UniformPrior], points: int, seed: int) -> dict[str, Floats]:
    """Points of a scrambled Latin hypercube over the priors: values [N] of each parameter."""
    unit = qmc.LatinHypercube(len(priors), rng=seed).random(points)
    return {path: prior.from_unit(column) for (path, prior), column in zip(priors.items(), unit.T)}


def to_logits(priors: Mapping[str, UniformPrior], values: Mapping[str, Floats]) -> Floats:
    """Values as logits [N, K] of their shares of the ranges: numbers without bounds."""
    shares = np.stack([prior.to_unit(np.asarray(values[path])) for path, prior in priors.items()], axis=1)
    return np.asarray(logit(np.clip(shares, EDGE, 1 - EDGE)))


def from_logits(priors: Mapping[str, UniformPrior], logits: Floats) -> dict[str, Floats]:
    """The inverse: values [N] of each parameter from logits [N, K]."""
    return {path: prior.from_unit(expit(column)) for (path, prior), column in zip(priors.items(), logits.T)}


def truncate(priors: Mapping[str, UniformPrior], draws: Mapping[str, Floats]) -> dict[str, UniformPrior]:
    """Truncate priors to where nearly all draws of the posterior lie, with a margin.

    Parameters
    ----------
    priors : by parameter
    draws : values of each parameter, drawn from the posterior

    Returns
    -------
    dict
        The truncated priors.

    Raises
    ------
    InputError
        When a range would shrink to a point.
    """
    truncated = {}
    for path, prior in priors.items():
        low, high = np.quantile(prior.to_unit(np.asarray(draws[path])), [TAIL, 1.0 - TAIL])
        margin = MARGIN * (high - low)
        ends = prior.from_unit(np.clip([low - margin, high + margin], 0.0, 1.0))
        truncated[path] = replace(prior, low=float(ends[0]), high=float(ends[1]))
        if not high - low > EDGE:
            raise InputError(
                f"calibration: the range of {path} shrinks to the point {ends[0]:g}: the record is far from all runs, "
                "or they are too few; give more calibration.runs, fewer calibration.waves, or a wider range of it"
            )
    return truncated
