"""Ranges of parameters before they are calibrated, and as they shrink from wave to wave. K parameters, N points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import expit, logit
from scipy.stats import qmc

from atmis.kernel.arrays import Floats
from atmis.scenario.errors import InputError

Scale = Literal["linear", "log"]

TAIL = 0.005  # share of what was found, cut off at either end
WIDER = 0.15  # of the width of what is left, that a range keeps on either side
EDGE = 1e-6  # share of a range that is left out at its ends, where a logit would be infinite


@dataclass(frozen=True)
class Range:
    """A range within which every value, or its logarithm, is held equally likely."""

    low: float
    high: float
    scale: Scale = "linear"

    def to_unit(self, values: Floats) -> Floats:
        """Values as shares [0, 1] of the range."""
        low, high = self._ends()
        return (self._scaled(values) - low) / (high - low)

    def of_unit(self, shares: Floats) -> Floats:
        """Values of shares of the range."""
        low, high = self._ends()
        made = low + shares * (high - low)
        return np.exp(made) if self.scale == "log" else made

    def _ends(self) -> tuple[float, float]:
        low, high = self._scaled(np.array([self.low, self.high])).tolist()
        return low, high

    def _scaled(self, values: Floats) -> Floats:
        return np.log(values) if self.scale == "log" else np.asarray(values, dtype=float)


def spread(ranges: Mapping[str, Range], points: int, seed: int) -> dict[str, Floats]:
    """Values [N] of each parameter: points of a scrambled Latin hypercube over the ranges."""
    unit = qmc.LatinHypercube(len(ranges), rng=seed).random(points)
    return {path: one.of_unit(column) for (path, one), column in zip(ranges.items(), unit.T)}


def to_line(ranges: Mapping[str, Range], values: Mapping[str, Floats]) -> Floats:
    """Values as logits [N, K] of their shares of the ranges: numbers without bounds."""
    shares = np.stack([one.to_unit(np.asarray(values[path])) for path, one in ranges.items()], axis=1)
    return np.asarray(logit(np.clip(shares, EDGE, 1 - EDGE)))


def of_line(ranges: Mapping[str, Range], logits: Floats) -> dict[str, Floats]:
    """Values of logits [N, K]."""
    return {path: one.of_unit(expit(column)) for (path, one), column in zip(ranges.items(), logits.T)}


def shrunk(ranges: Mapping[str, Range], draws: Mapping[str, Floats]) -> dict[str, Range]:
    """Ranges cut to where nearly all draws of what was found lie, and somewhat more. Raises InputError for points."""
    made = {}
    for path, one in ranges.items():
        low, high = np.quantile(one.to_unit(np.asarray(draws[path])), [TAIL, 1.0 - TAIL])
        more = WIDER * (high - low)
        ends = one.of_unit(np.clip([low - more, high + more], 0.0, 1.0))
        made[path] = replace(one, low=float(ends[0]), high=float(ends[1]))
        if not high - low > EDGE:
            raise InputError(
                f"calibration: the range of {path} shrinks to the point {ends[0]:g}: the record is far from all runs, "
                "or they are too few; give more calibration.runs, fewer calibration.waves, or a wider range of it"
            )
    return made
