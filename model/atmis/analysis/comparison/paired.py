"""Statistics of paired differences: the mean with its interval, quantiles, and a verdict.

The interval is Student's for paired differences. It is exact where these are normal, close for the sums over months and
zones that are compared here, needs no random numbers, and is suitably wide where replicates are few. A percentile
bootstrap would need a seed and is too narrow where replicates are few. One interval in twenty misses the true mean:
among many rows, some say `more` or `fewer` by chance.
"""

from dataclasses import dataclass, field, fields
from typing import Literal

import numpy as np

from atmis.kernel.arrays import Floats
from atmis.runs.interval import mean_interval
from atmis.storage.tables import column

Verdict = Literal["more", "fewer", "cannot tell", "no difference", "undefined"]
_UNIT = "see the column unit"


@dataclass(frozen=True)
class Paired:
    """Values of a baseline and of a scenario in the same replicates. None: not defined."""

    replicates: int = field(metadata=column("pairs", "pairs of replicates in which both have a value"))
    mean_baseline: float | None = field(metadata=column(_UNIT, "mean of the baseline over these replicates"))
    mean_scenario: float | None = field(metadata=column(_UNIT, "mean of the scenario over these replicates"))
    mean_difference: float | None = field(metadata=column(_UNIT, "mean over the pairs of scenario minus baseline"))
    low_95: float | None = field(metadata=column(_UNIT, "lower end of the 95 % interval of the mean difference"))
    high_95: float | None = field(metadata=column(_UNIT, "upper end of the 95 % interval of the mean difference"))
    relative_difference: float | None = field(
        metadata=column("share", "mean difference divided by the mean of the baseline; none where that is zero")
    )
    median_difference: float | None = field(metadata=column(_UNIT, "median of the differences"))
    low_90: float | None = field(metadata=column(_UNIT, "5 % quantile of the differences; 90 % lie from here"))
    high_90: float | None = field(metadata=column(_UNIT, "95 % quantile of the differences; 90 % lie up to here"))
    probability_more: float | None = field(
        metadata=column("share", "share of the pairs in which the scenario has more; ties count half")
    )
    verdict: Verdict = field(
        metadata=column(
            "",
            "more or fewer; cannot tell: the 95 % interval spans zero, or there is none, for one pair alone; "
            "no difference: all differences are exactly zero; undefined: no pair in which both have a value",
        )
    )


_NUMBERS = [item.name for item in fields(Paired) if item.name not in ("replicates", "verdict")]


def paired(baseline: Floats, scenario: Floats) -> Paired:
    """Statistics of the differences between two scenarios in the same replicates.

    Parameters
    ----------
    baseline, scenario : array of float, [R]
        Values of one quantity in the same replicates, in its unit. Pairs in which either is NaN (not defined) are left
        out.

    Returns
    -------
    Paired
        Means, differences (scenario less baseline) and their 95 % Student interval, in the unit of the values. Without
        any complete pair the verdict is `undefined`, and all numbers are None.

    Examples
    --------
    >>> import numpy as np
    >>> row = paired(np.array([10.0, 12.0, 11.0]), np.array([13.0, 14.0, 14.0]))
    >>> row.replicates, round(row.mean_difference, 2), row.verdict
    (3, 2.67, 'more')
    >>> round(row.low_95, 2), round(row.high_95, 2)
    (1.23, 4.1)
    """
    both = np.isfinite(baseline) & np.isfinite(scenario)
    if not both.any():
        return Paired(replicates=0, verdict="undefined", **dict.fromkeys(_NUMBERS))
    return _statistics(baseline[both], scenario[both])


def _statistics(before: Floats, after: Floats) -> Paired:
    """Statistics of complete pairs [R], one or more."""
    difference = after - before
    interval = mean_interval(difference)
    low_95, high_95 = interval or (None, None)
    low_90, median, high_90 = np.quantile(difference, [0.05, 0.5, 0.95]).tolist()
    return Paired(
        replicates=len(difference),
        mean_baseline=float(before.mean()),
        mean_scenario=float(after.mean()),
        mean_difference=float(difference.mean()),
        low_95=low_95,
        high_95=high_95,
        relative_difference=float(difference.mean() / before.mean()) if before.mean() else None,
        median_difference=median,
        low_90=low_90,
        high_90=high_90,
        probability_more=float((2 * (difference > 0).sum() + (difference == 0).sum()) / (2 * len(difference))),
        verdict=verdict(difference, interval),
    )


def verdict(difference: Floats, interval: tuple[float, float] | None) -> Verdict:
    """Verdict on differences of any shape, by the 95 % interval of their mean: on which side of zero it lies."""
    if not difference.any():
        return "no difference"
    if interval is None or interval[0] <= 0 <= interval[1]:
        return "cannot tell"
    return "more" if interval[0] > 0 else "fewer"
