"""Variance components: how much of the variance of a headline is chance, parameters and contested evidence.

By the law of total variance, the components are the mean variance over replicates within a point (chance); the variance
over points of the mean over replicates, averaged over the readings of the evidence (parameters); and the variance over
readings of the mean over points and replicates (evidence). Replicate k has the same draws everywhere, and points are
the same under each reading, so all three factors cross. What each component owes to the noise of the others is taken
off by the mean squares of their interactions: unbiased method-of-moments estimates (Searle, Casella and McCulloch 1992,
chapter 4). Points are taken as a sample of what could be, readings as all there are, with equal weights.
"""

import math
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from atmis.analysis.comparison.worlds import Worlds
from atmis.kernel.arrays import Floats
from atmis.runs.summary import HEADLINES
from atmis.storage.tables import column

Quantity = Literal["level", "difference"]
READINGS, POINTS, REPLICATES = range(3)  # axes
_OF_UNIT = "see the column unit"


class VarianceComponents(NamedTuple):
    """Estimated variances. None: not varied. Below zero: a variance of zero, underestimated by chance."""

    chance: float | None
    parameters: float | None
    evidence: float | None


@dataclass(frozen=True)
class VarianceShares:
    """Standard deviations and shares of variance of a headline. None: not varied, or no variance at all."""

    scenario: str = field(metadata=column("", "which scenario"))
    baseline: str = field(metadata=column("", "what the difference is from"))
    quantity: Quantity = field(
        metadata=column("", "level: of the scenario; difference: from the baseline at the same point and replicate")
    )
    headline: str = field(metadata=column("", "name of the headline, as in summary.parquet"))
    unit: str = field(metadata=column("", "unit of the headline, and of all columns that say so"))
    readings: int = field(metadata=column("readings", "readings of the evidence"))
    points: int = field(metadata=column("points", "points of the design under each of them"))
    replicates: int = field(metadata=column("replicates", "replicates at each point"))
    mean: float = field(metadata=column(_OF_UNIT, "mean over all"))
    deviation: float = field(metadata=column(_OF_UNIT, "standard deviation: root of the three variances added up"))
    deviation_chance: float | None = field(metadata=column(_OF_UNIT, "of this over replicates within a point"))
    deviation_parameters: float | None = field(metadata=column(_OF_UNIT, "of this over points within a reading"))
    deviation_evidence: float | None = field(metadata=column(_OF_UNIT, "of this over readings"))
    share_chance: float | None = field(metadata=column("share", "share of the variance that is chance"))
    share_parameters: float | None = field(metadata=column("share", "share of the variance that is parameters"))
    share_evidence: float | None = field(metadata=column("share", "share of the variance that is evidence"))
    set_to_zero: str = field(metadata=column("", "components whose estimate was below zero, and is shown as zero"))


def mean_square(values: Floats, *axes: int) -> float:
    """Mean square of an analysis of variance.

    Of a single axis it is that of the means along it, of several that of their interaction; 0 without degrees of
    freedom.
    """
    others = tuple(axis for axis in range(values.ndim) if axis not in axes)
    rest = values.mean(axis=others, keepdims=True)
    for axis in axes:
        rest = rest - rest.mean(axis=axis, keepdims=True)
    freedom = math.prod(values.shape[axis] - 1 for axis in axes)
    weight = math.prod(values.shape[axis] for axis in others)
    return weight * float((rest**2).sum()) / freedom if freedom else 0.0


def estimate_components(values: Floats) -> VarianceComponents:
    """Variance components by the method of moments (Searle, Casella and McCulloch 1992).

    Parameters
    ----------
    values : array of float, [readings, points, replicates]
        A headline, or a paired difference of it, in its unit.

    Returns
    -------
    VarianceComponents
        Variances in the unit squared; None for a factor with a single level.

    Examples
    --------
    Two points of two replicates under one reading:

    >>> import numpy as np
    >>> estimate_components(np.array([[[1.0, 3.0], [5.0, 9.0]]]))
    VarianceComponents(chance=5.0, parameters=12.0, evidence=None)
    """
    readings, points, replicates = values.shape
    chance = float(values.var(axis=REPLICATES, ddof=1).mean()) if replicates > 1 else None
    parameters = evidence = None
    if points > 1:
        within = [mean_square(reading, 0) - mean_square(reading, 0, 1) for reading in values]
        parameters = float(np.mean(within)) / replicates
    if readings > 1:
        noise = mean_square(values, READINGS, POINTS) + mean_square(values, READINGS, REPLICATES)
        noise -= mean_square(values, READINGS, POINTS, REPLICATES)
        # All readings, and not a sample of them: their variance has no degree of freedom less.
        evidence = (mean_square(values, READINGS) - noise) / (points * replicates) * (readings - 1) / readings
    return VarianceComponents(chance, parameters, evidence)


def variance_shares(worlds: Worlds, baseline: str) -> list[VarianceShares]:
    """Split the variance of each headline of the summary into chance, parameters and evidence.

    Parameters
    ----------
    worlds : Worlds
        Headlines of each scenario [readings, points, replicates].
    baseline : str
        The scenario from which differences are taken.

    Returns
    -------
    list of VarianceShares
        Rows by headline (those that are dates are left out) and scenario: of its level, and of its difference from the
        baseline at the same reading, point and replicate.
    """
    rows = []
    for headline in HEADLINES:
        if headline.unit != "date":
            base = worlds.values[baseline][headline.name]
            for scenario in worlds.values:
                values = worlds.values[scenario][headline.name]
                rows.append(_row((scenario, baseline, "level", headline.name, headline.unit), values))
                if scenario != baseline:
                    rows.append(_row((scenario, baseline, "difference", headline.name, headline.unit), values - base))
    return rows


def _row(key: tuple[str, str, Quantity, str, str], values: Floats) -> VarianceShares:
    """Row of one quantity from its values [readings, points, replicates]; negative estimates count as zero."""
    estimates = estimate_components(values)
    variances = [None if variance is None else max(variance, 0.0) for variance in estimates]
    total = sum(variance for variance in variances if variance is not None)
    deviations = [None if variance is None else math.sqrt(variance) for variance in variances]
    shares = [variance / total if variance is not None and total > 0.0 else None for variance in variances]
    negative = [name for name, variance in estimates._asdict().items() if variance is not None and variance < 0.0]
    sizes: tuple[int, int, int] = values.shape
    moments = (float(values.mean()), math.sqrt(total))
    return VarianceShares(*key, *sizes, *moments, *deviations, *shares, " and ".join(negative))  # type: ignore[arg-type, call-arg]
