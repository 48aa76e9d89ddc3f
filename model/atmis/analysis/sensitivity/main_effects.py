"""Main effects: the mean of a headline along the range of one parameter, averaged over all others."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atmis.kernel.arrays import Floats
from atmis.runs.interval import mean_interval
from atmis.scenario.sweep import Range, Sweep, Value
from atmis.sweep import design

BINS = 5  # parts of a range: the first and the last are its low and its high end


class MainEffect(NamedTuple):
    """Mean of a headline over the points in each part of a parameter's range, with its 95 % interval [parts]."""

    middles: list[float]  # of the parts, as shares of the range
    means: list[float]
    lows: list[float]
    highs: list[float]


def main_effects(sweep: Sweep, values: Floats, seed: int) -> list[MainEffect]:
    """Main effect of each parameter, from values [rows of the design, replicates] in the order of design.unit."""
    rows = independent(sweep)
    unit, means = design.unit(sweep, seed)[rows], values.mean(axis=1)[rows]
    return [
        _main_effect(column, means, _parts(sweep, spread)) for column, spread in zip(unit.T, sweep.parameters.values())
    ]


def independent(sweep: Sweep) -> slice:
    """Rows of a design that are independent draws: of a Sobol design those of the matrices A and B."""
    return slice(0, 2 * sweep.points) if sweep.design == "sobol" else slice(None)


def range_text(spread: Range | Sequence[Value]) -> str:
    """A range or a list as text: `0.03 to 0.12`, or `strong, weak`."""
    return (
        f"{spread.low:g} to {spread.high:g}" if isinstance(spread, Range) else ", ".join(str(value) for value in spread)
    )


def _parts(sweep: Sweep, spread: Range | list[Value]) -> int:
    """Number of parts of a range: the levels of a Morris design, the values listed, or BINS."""
    levels = design.LEVELS if sweep.design == "morris" else BINS
    return min(len(spread), levels) if isinstance(spread, list) else levels


def _main_effect(column: Floats, means: Floats, parts: int) -> MainEffect:
    part = np.minimum((column * parts).astype(int), parts - 1)
    inside = [means[part == k] for k in range(parts)]
    filled = [(k, sample) for k, sample in enumerate(inside) if len(sample)]
    ends = [mean_interval(sample) or (float(sample[0]), float(sample[0])) for _, sample in filled]
    return MainEffect(
        [(k + 0.5) / parts for k, _ in filled],
        [float(sample.mean()) for _, sample in filled],
        [low for low, _ in ends],
        [high for _, high in ends],
    )
