"""What pairs of runs tell about a difference: its mean with an interval, its spread, and a verdict.

The interval is Student's for paired differences: exact for normal differences, close for the sums of many months and
zones that are compared here, without luck of its own, and wider, as it should be, where replicates are few. A
percentile bootstrap would need a seed and is too narrow where replicates are few.
"""

import warnings
from dataclasses import dataclass, field, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from atmis.comparison.tables import column

LEVEL = 0.95
OUTER = (0.05, 0.95)  # quantiles of the differences
Floats = NDArray[np.float64]
Verdict = Literal["more", "fewer", "cannot tell", "no difference", "undefined"]

_UNIT = "see unit"


@dataclass(frozen=True)
class Paired:
    """Values of a baseline and of a scenario in the same replicates. None: not defined."""

    replicates: int = field(metadata=column("pairs", "pairs of replicates in which both have a value"))
    mean_baseline: float | None = field(metadata=column(_UNIT, "mean over these replicates of the baseline"))
    mean_scenario: float | None = field(metadata=column(_UNIT, "mean over these replicates of the scenario"))
    mean_difference: float | None = field(metadata=column(_UNIT, "mean of scenario minus baseline over the pairs"))
    low_95: float | None = field(metadata=column(_UNIT, "lower end of the 95 % interval of the mean difference"))
    high_95: float | None = field(metadata=column(_UNIT, "upper end of the 95 % interval of the mean difference"))
    median_difference: float | None = field(metadata=column(_UNIT, "median of the differences"))
    low_90: float | None = field(
        metadata=column(_UNIT, "5 % quantile of the differences: 90 % of the pairs lie from here")
    )
    high_90: float | None = field(
        metadata=column(_UNIT, "95 % quantile of the differences: 90 % of the pairs lie up to here")
    )
    probability_more: float | None = field(
        metadata=column("share", "share of pairs in which the scenario has more; ties count half")
    )
    verdict: Verdict = field(
        metadata=column(
            "",
            "more or fewer; cannot tell: the 95 % interval spans zero, or there is none, for one pair alone; no difference: "
            "all differences are exactly zero; undefined: no pair in which both have a value",
        )
    )


def paired(baseline: Floats, scenario: Floats) -> Paired:
    """Compare values [R] of the same replicates; pairs in which one is NaN, not defined, are left out."""
    both = np.isfinite(baseline) & np.isfinite(scenario)
    if not both.any():
        return Paired(replicates=0, verdict="undefined", **dict.fromkeys(_NUMBERS))
    baseline, scenario = baseline[both], scenario[both]
    differences = scenario - baseline
    interval = mean_interval(differences)
    median, low_90, high_90 = (float(np.quantile(differences, share)) for share in (0.5, *OUTER))
    return Paired(
        replicates=len(differences),
        mean_baseline=float(baseline.mean()),
        mean_scenario=float(scenario.mean()),
        mean_difference=float(differences.mean()),
        low_95=interval[0] if interval else None,
        high_95=interval[1] if interval else None,
        median_difference=median,
        low_90=low_90,
        high_90=high_90,
        probability_more=float((differences > 0).mean() + (differences == 0).mean() / 2),
        verdict=verdict(differences),
    )


_NUMBERS = [one.name for one in fields(Paired) if one.name not in ("replicates", "verdict")]


def mean_interval(values: Floats) -> tuple[float, float] | None:
    """The 95 % interval of the mean of values [R]; none for a single one. Values that are all equal: that value."""
    if len(values) < 2:
        return None
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # values that are nearly the same
        found = stats.ttest_1samp(values, 0.0).confidence_interval(LEVEL)
    return float(found.low), float(found.high)


def verdict(differences: Floats) -> Verdict:
    """What differences [R] allow to say."""
    if not differences.any():
        return "no difference"
    interval = mean_interval(differences)
    if interval is None or interval[0] <= 0 <= interval[1]:
        return "cannot tell"
    return "more" if interval[0] > 0 else "fewer"
