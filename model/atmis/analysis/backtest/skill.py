"""Skill: the share of a baseline's score that the model saves, with an interval.

Months that follow each other are alike (R4: the memory of monthly counts is gone after two months), so the bootstrap
draws blocks of months, which run on from the end to the beginning (circular block bootstrap, Politis and Romano 1992).
"""

from typing import NamedTuple

import numpy as np

from atmis.kernel.arrays import Floats, Ints


class Resampling(NamedTuple):
    """How the bootstrap draws."""

    block: int  # months
    resamples: int
    seed: int


class Skill(NamedTuple):
    """1 - CRPS of the model / CRPS of a baseline, and its 95 % interval; None: undefined, or too few months."""

    value: float | None
    low: float | None
    high: float | None


def skill(model: Floats, baseline: Floats, how: Resampling) -> Skill:
    """Skill over scores [M] or [M, zones] of the same months; NaN where nothing is recorded."""
    both = np.stack([_by_month(model), _by_month(baseline)])
    total = both.sum(axis=1)
    if not total[1] > 0.0:
        return Skill(None, None, None)
    value, months = float(1.0 - total[0] / total[1]), both.shape[1]
    if months < 2 * how.block:
        return Skill(value, None, None)
    drawn = both[:, _blocks(months, how)].sum(axis=2)
    drawn = drawn[:, drawn[1] > 0.0]
    low, high = np.quantile(1.0 - drawn[0] / drawn[1], [0.025, 0.975])
    return Skill(value, float(low), float(high))


def _by_month(scores: Floats) -> Floats:
    """Sum of the scores of each month."""
    return np.nansum(scores.reshape(len(scores), -1), axis=1)


def _blocks(months: int, how: Resampling) -> Ints:
    """Months [resamples, months] in blocks that begin anywhere."""
    draw, count = np.random.default_rng(how.seed), -(-months // how.block)
    starts = draw.integers(months, size=(how.resamples, count, 1))
    return ((starts + np.arange(how.block)) % months).reshape(how.resamples, -1)[:, :months]
