"""Checks of a calibration: are its intervals honest (simulation-based calibration), do its runs look like the record?

N runs, K parameters, M patterns, T tests, A accepted runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from atmis.analysis.calibration.projection import Projection
from atmis.analysis.calibration.ranges import Range, to_line
from atmis.analysis.calibration.regression_abc import posterior
from atmis.kernel.arrays import Floats, Ints
from atmis.storage.tables import column

UNINFORMED = 0.9  # width of a posterior against that of the range from which on nothing is said to be learnt
BAND = 0.9  # of predictions, in which a pattern should lie


@dataclass(frozen=True)
class Learnt:
    """One row: what the data say of a parameter."""

    parameter: str = field(metadata=column("", "dotted key"))
    low: float = field(metadata=column("of the parameter", "lower end of the range before"))
    high: float = field(metadata=column("of the parameter", "upper end of the range before"))
    scale: str = field(metadata=column("", "linear or log: on which all values of the range are equally likely"))
    q05: float = field(metadata=column("of the parameter", "5 % quantile after"))
    median: float = field(metadata=column("of the parameter", "median after"))
    q95: float = field(metadata=column("of the parameter", "95 % quantile after"))
    width: float = field(metadata=column("ratio", "90 % interval after over that before, on the scale of the range"))
    told: float = field(metadata=column("share", "variance that patterns tell, over the range of the last wave"))
    informed: bool = field(metadata=column("", f"whether the width is below {UNINFORMED:g}; else the range is kept"))


@dataclass(frozen=True)
class Check:
    """One row: whether runs of the draws have a pattern."""

    pattern: str = field(metadata=column("", "zone or group, and what of it"))
    observed: float = field(metadata=column("of the pattern", "in the record"))
    before_q05: float = field(metadata=column("of the pattern", "5 % quantile of runs over the ranges"))
    before_q95: float = field(metadata=column("of the pattern", "95 % quantile of them"))
    q05: float = field(metadata=column("of the pattern", "5 % quantile of runs of the draws"))
    median: float = field(metadata=column("of the pattern", "median of them"))
    q95: float = field(metadata=column("of the pattern", "95 % quantile of them"))
    inside: bool = field(metadata=column("", "whether the record lies within the 90 % band of the draws"))


@dataclass(frozen=True)
class Rank:
    """One row: whether the intervals of a parameter are honest."""

    parameter: str = field(metadata=column("", "dotted key"))
    tests: int = field(metadata=column("runs", "taken for the record, one after the other"))
    p_value: float = field(metadata=column("probability", "of ranks as uneven as these (Kolmogorov-Smirnov)"))
    covered_90: float = field(metadata=column("share", "of 90 % intervals that hold the true value"))


def learnt(ranges: Mapping[str, Range], draws: Mapping[str, Floats], told: Mapping[str, float]) -> list[Learnt]:
    """What was learnt of each parameter."""
    rows = []
    for path, one in ranges.items():
        low, median, high = np.quantile(draws[path], [0.05, 0.5, 0.95])
        width = float(np.diff(one.to_unit(np.array([low, high])))[0] / BAND)
        shown = (float(low), float(median), float(high))
        rows.append(Learnt(path, one.low, one.high, one.scale, *shown, width, told[path], width < UNINFORMED))
    return rows


def predictive(names: tuple[str, ...], observed: Floats, before: Floats, after: Floats) -> list[Check]:
    """Whether the record [M] lies in the band of runs of the draws [A, M]; `before`: runs over the ranges [N, M]."""
    rows = []
    for k, name in enumerate(names):
        seen = float(observed[k])
        first, last = (float(q) for q in np.quantile(before[:, k], [0.05, 0.95]))
        low, median, high = (float(q) for q in np.quantile(after[:, k], [0.05, 0.5, 0.95]))
        rows.append(Check(name, seen, first, last, low, median, high, low <= seen <= high))
    return rows


def ranks(
    ranges: Mapping[str, Range],
    values: Mapping[str, Floats],
    patterns: Floats,
    projection: Projection,
    keep: int,
    tests: Ints,
) -> Floats:
    """Where the true values of runs lie in the posteriors that they themselves lead to [T, K]; even, if honest.

    Runs near the record are the tests that matter (Prangle, Blum, Popovic and Sisson 2014).
    """
    made = np.empty((len(tests), len(ranges)))
    logits, predictions = to_line(ranges, values), projection.of(patterns)
    for row, run in enumerate(tests):
        found = posterior(ranges, logits, predictions, predictions[run], projection, keep, but=int(run))
        below = [found.weights[found.values[path] < values[path][run]].sum() for path in ranges]
        made[row] = below
    return made


def judged(ranges: Mapping[str, Range], made: Floats) -> list[Rank]:
    """Ranks [T, K] judged parameter by parameter."""
    inside = ((made >= 0.05) & (made <= 0.95)).mean(axis=0)
    return [
        Rank(path, len(made), float(stats.kstest(made[:, k], "uniform").pvalue), float(inside[k]))
        for k, path in enumerate(ranges)
    ]
