"""Skill: the share of a baseline's score that the model saves, with a bootstrap interval.

Successive months are correlated (R4: the memory of monthly counts is gone after two months), so the bootstrap draws
blocks of months, which wrap from the end to the beginning (circular block bootstrap, Politis and Romano 1992).
"""

from typing import NamedTuple

import numpy as np

from atmis.kernel.arrays import Floats, Ints


class Resampling(NamedTuple):
    """Settings of the bootstrap."""

    block: int  # months
    resamples: int
    seed: int


class Skill(NamedTuple):
    """1 - CRPS of the model / CRPS of a baseline, and its 95 % interval; None: undefined, or too few months."""

    value: float | None
    low: float | None
    high: float | None


def skill(model: Floats, baseline: Floats, resampling: Resampling) -> Skill:
    """Skill of a model over a baseline.

    Parameters
    ----------
    model, baseline : scores [M] or [M, zones] of the same months, NaN where nothing is recorded
    resampling : settings of the bootstrap

    Returns
    -------
    Skill
        Without an interval where there are fewer months than two blocks.
    """
    scores = np.stack([_sum_by_month(model), _sum_by_month(baseline)])
    total = scores.sum(axis=1)
    if not total[1] > 0.0:
        return Skill(None, None, None)
    value, months = float(1.0 - total[0] / total[1]), scores.shape[1]
    if months < 2 * resampling.block:
        return Skill(value, None, None)
    resampled = scores[:, _draw_blocks(months, resampling)].sum(axis=2)
    resampled = resampled[:, resampled[1] > 0.0]
    low, high = np.quantile(1.0 - resampled[0] / resampled[1], [0.025, 0.975])
    return Skill(value, float(low), float(high))


def _sum_by_month(scores: Floats) -> Floats:
    """Sum of the scores of each month."""
    return np.asarray(np.nansum(scores.reshape(len(scores), -1), axis=1))


def _draw_blocks(months: int, resampling: Resampling) -> Ints:
    """Indices of months [resamples, months] in blocks that begin anywhere."""
    rng, count = np.random.default_rng(resampling.seed), -(-months // resampling.block)
    starts = rng.integers(months, size=(resampling.resamples, count, 1))
    return ((starts + np.arange(resampling.block)) % months).reshape(resampling.resamples, -1)[:, :months]
