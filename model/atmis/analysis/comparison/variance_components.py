"""How much of the spread of a number is chance, how much parameters, how much contested evidence.

By the law of total variance: the variance over replicates within a point, on average (chance); the variance over points
of the mean over replicates, within a reading of the evidence, on average (parameters); the variance over readings of
the mean over points and replicates (evidence). Replicate k has the same draws everywhere and points are the same under
each reading, so all three cross, and what each owes to the noise of the others is taken off by the mean squares of
their interactions: unbiased method-of-moments estimates (Searle, Casella and McCulloch 1992, chapter 4). Points are
taken as a sample of what could be, readings as all there are, with equal weights.
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


class Components(NamedTuple):
    """Estimated variances; None: not varied. Below zero: that of nothing, but for luck."""

    chance: float | None
    parameters: float | None
    evidence: float | None


@dataclass(frozen=True)
class Spread:
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
    """Mean square of the interaction of some axes, or of the means along a single one; 0 without degrees of freedom."""
    others = tuple(axis for axis in range(values.ndim) if axis not in axes)
    rest = values.mean(axis=others, keepdims=True)
    for axis in axes:
        rest = rest - rest.mean(axis=axis, keepdims=True)
    freedom = math.prod(values.shape[axis] - 1 for axis in axes)
    weight = math.prod(values.shape[axis] for axis in others)
    return weight * float((rest**2).sum()) / freedom if freedom else 0.0


def components(values: Floats) -> Components:
    """Estimates from values [readings, points, replicates]."""
    readings, points, replicates = values.shape
    chance = float(values.var(axis=REPLICATES, ddof=1).mean()) if replicates > 1 else None
    parameters = evidence = None
    if points > 1:
        within = [mean_square(one, 0) - mean_square(one, 0, 1) for one in values]
        parameters = float(np.mean(within)) / replicates
    if readings > 1:
        noise = mean_square(values, READINGS, POINTS) + mean_square(values, READINGS, REPLICATES)
        noise -= mean_square(values, READINGS, POINTS, REPLICATES)
        # All readings, and not a sample of them: their variance has no degree of freedom less.
        evidence = (mean_square(values, READINGS) - noise) / (points * replicates) * (readings - 1) / readings
    return Components(chance, parameters, evidence)


def spread(worlds: Worlds, baseline: str) -> list[Spread]:
    """Rows for each number of the summary: the level of each scenario, and its difference from the baseline."""
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


def _row(what: tuple[str, str, Quantity, str, str], values: Floats) -> Spread:
    found = components(values)
    kept = [None if one is None else max(one, 0.0) for one in found]
    total = sum(one for one in kept if one is not None)
    deviations = [None if one is None else math.sqrt(one) for one in kept]
    shares = [one / total if one is not None and total > 0.0 else None for one in kept]
    below = [name for name, one in found._asdict().items() if one is not None and one < 0.0]
    sizes: tuple[int, int, int] = values.shape
    counted = (float(values.mean()), math.sqrt(total))
    return Spread(*what, *sizes, *counted, *deviations, *shares, " and ".join(below))  # type: ignore[arg-type, call-arg]
