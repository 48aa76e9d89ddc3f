"""Checks of a calibration: simulation-based calibration of the intervals, posterior predictive checks of the runs.

N runs, K parameters, M patterns, T tests, A accepted runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from atmis.analysis.calibration.priors import UniformPrior, to_logits
from atmis.analysis.calibration.projection import Projection
from atmis.analysis.calibration.regression_abc import posterior
from atmis.kernel.arrays import Floats, Ints
from atmis.storage.tables import column

UNINFORMED = 0.9  # relative width of a posterior from which on a parameter counts as not informed
BAND = 0.9  # share of the prior within the 90 % interval, for relative widths


@dataclass(frozen=True)
class PosteriorSummary:
    """Row: what the record says about a parameter."""

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
class PredictiveCheck:
    """Row: a pattern of the record against runs of the draws."""

    pattern: str = field(metadata=column("", "zone or group, and what of it"))
    observed: float = field(metadata=column("of the pattern", "in the record"))
    before_q05: float = field(metadata=column("of the pattern", "5 % quantile of runs over the ranges"))
    before_q95: float = field(metadata=column("of the pattern", "95 % quantile of them"))
    q05: float = field(metadata=column("of the pattern", "5 % quantile of runs of the draws"))
    median: float = field(metadata=column("of the pattern", "median of them"))
    q95: float = field(metadata=column("of the pattern", "95 % quantile of them"))
    inside: bool = field(metadata=column("", "whether the record lies within the 90 % band of the draws"))


@dataclass(frozen=True)
class RankCheck:
    """Row: whether the intervals of a parameter are calibrated."""

    parameter: str = field(metadata=column("", "dotted key"))
    tests: int = field(metadata=column("runs", "taken for the record, one after the other"))
    p_value: float = field(metadata=column("probability", "of ranks as uneven as these (Kolmogorov-Smirnov)"))
    covered_90: float = field(metadata=column("share", "of 90 % intervals that hold the true value"))


def summarise_posterior(
    priors: Mapping[str, UniformPrior], draws: Mapping[str, Floats], r_squared: Mapping[str, float]
) -> list[PosteriorSummary]:
    """Summarise the draws of each parameter; `r_squared`: what patterns explain of it."""
    rows = []
    for path, prior in priors.items():
        low, median, high = np.quantile(draws[path], [0.05, 0.5, 0.95])
        width = float(np.diff(prior.to_unit(np.array([low, high])))[0] / BAND)
        quantiles = (float(low), float(median), float(high))
        before = (path, prior.low, prior.high, prior.scale)
        rows.append(PosteriorSummary(*before, *quantiles, width, r_squared[path], width < UNINFORMED))
    return rows


def check_predictions(names: tuple[str, ...], observed: Floats, before: Floats, after: Floats) -> list[PredictiveCheck]:
    """Whether the record [M] lies in the band of runs of the draws [A, M]; `before`: runs over the priors [N, M]."""
    rows = []
    for k, name in enumerate(names):
        value = float(observed[k])
        first, last = (float(q) for q in np.quantile(before[:, k], [0.05, 0.95]))
        low, median, high = (float(q) for q in np.quantile(after[:, k], [0.05, 0.5, 0.95]))
        rows.append(PredictiveCheck(name, value, first, last, low, median, high, low <= value <= high))
    return rows


def ranks(
    priors: Mapping[str, UniformPrior],
    values: Mapping[str, Floats],
    patterns: Floats,
    projection: Projection,
    accepted: int,
    tests: Ints,
) -> Floats:
    """Ranks of the true values of test runs in the posteriors given these runs; uniform if intervals are calibrated.

    Runs near the record are the tests that matter (Prangle, Blum, Popovic and Sisson 2014).

    Parameters
    ----------
    priors : by parameter
    values : [N] of each parameter
    patterns : [N, M] of the runs
    projection : fitted to the same runs
    accepted : number of runs in each posterior
    tests : [T] runs that are taken for the record in turn

    Returns
    -------
    array
        [T, K], from 0 to 1.
    """
    rank_table = np.empty((len(tests), len(priors)))
    logits, predictions = to_logits(priors, values), projection.predict(patterns)
    for row, run in enumerate(tests):
        fitted = posterior(priors, logits, predictions, predictions[run], projection, accepted, excluded=int(run))
        rank_table[row] = [fitted.weights[fitted.values[path] < values[path][run]].sum() for path in priors]
    return rank_table


def check_ranks(priors: Mapping[str, UniformPrior], ranks: Floats) -> list[RankCheck]:
    """Whether ranks [T, K] are uniform, by parameter."""
    inside = ((ranks >= 0.05) & (ranks <= 0.95)).mean(axis=0)
    return [
        RankCheck(path, len(ranks), float(stats.kstest(ranks[:, k], "uniform").pvalue), float(inside[k]))
        for k, path in enumerate(priors)
    ]
