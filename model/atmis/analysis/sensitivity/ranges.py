"""What a headline does as one parameter goes through its range, all others going through theirs."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atmis.kernel.arrays import Floats
from atmis.runs.interval import mean_interval
from atmis.scenario.sweep import Range, Sweep, Value
from atmis.sweep import design

BINS = 5  # parts of a range: the first and the last are its low and its high end


class Way(NamedTuple):
    """Means of a headline over the points in each part of a parameter's range, with their 95 % intervals."""

    middles: list[float]  # of the parts, as shares of the range
    means: list[float]
    lows: list[float]
    highs: list[float]


def ways(sweep: Sweep, values: Floats, seed: int) -> list[Way]:
    """The way of each parameter. `values`: [rows of the design, replicates], in the order of design.unit."""
    rows = independent(sweep)
    unit, means = design.unit(sweep, seed)[rows], values.mean(axis=1)[rows]
    return [_way(column, means, _parts(sweep, spread)) for column, spread in zip(unit.T, sweep.parameters.values())]


def independent(sweep: Sweep) -> slice:
    """Rows of a design that have no parameter in common by construction: of a Sobol design the matrices A and B."""
    return slice(0, 2 * sweep.points) if sweep.design == "sobol" else slice(None)


def in_words(spread: Range | Sequence[Value]) -> str:
    """A range, or what is listed: 0.03 to 0.12, or strong, weak."""
    return f"{spread.low:g} to {spread.high:g}" if isinstance(spread, Range) else ", ".join(str(one) for one in spread)


def _parts(sweep: Sweep, spread: Range | list[Value]) -> int:
    """Into how many parts a range is cut: levels of a Morris design, what is listed, or BINS."""
    levels = design.LEVELS if sweep.design == "morris" else BINS
    return min(len(spread), levels) if isinstance(spread, list) else levels


def _way(column: Floats, means: Floats, parts: int) -> Way:
    part = np.minimum((column * parts).astype(int), parts - 1)
    inside = [means[part == k] for k in range(parts)]
    kept = [(k, found) for k, found in enumerate(inside) if len(found)]
    ends = [mean_interval(found) or (float(found[0]), float(found[0])) for _, found in kept]
    return Way(
        [(k + 0.5) / parts for k, _ in kept],
        [float(found.mean()) for _, found in kept],
        [low for low, _ in ends],
        [high for _, high in ends],
    )
