"""The most frequent outcome of each base over the replicates of a run."""

from typing import Any, NamedTuple

import numpy as np

from atmis.kernel.arrays import Bools, Floats, Ints
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.runs.ensemble import Ensemble


class BaseOutcomes(NamedTuple):
    """For each base: its holders on the first and the last day, and its most frequent outcome [B]."""

    first: Ints  # holder on the first day
    last: Ints  # most frequent holder on the last day
    standing: Ints  # most frequent standing on the last day, see state.STANDINGS
    handed_over: Bools  # handed over in more than half of the replicates
    fell: Floats  # share of replicates in which it fell at least once


def base_outcomes(ensemble: Ensemble) -> BaseOutcomes:
    """The most frequent outcome of each base; ties go to the lower number."""
    theatre = ensemble.scenario.theatre
    holders = holder_ids(theatre)
    return BaseOutcomes(
        first=np.array([holders.index(base.holder) for base in theatre.bases.values()], dtype=np.int64),
        last=most_frequent(ensemble.bases.holder, len(holders)),
        standing=most_frequent(ensemble.bases.standing, len(STANDINGS)),
        handed_over=(ensemble.bases.handed >= 0).mean(axis=0) > 0.5,
        fell=(ensemble.base_histories.fell >= 0).mean(axis=0),
    )


def most_frequent(values: Any, kinds: int) -> Ints:
    """The most frequent of whole numbers [R, B] below `kinds`, for each base [B]."""
    return np.array([np.bincount(column, minlength=kinds).argmax() for column in values.T], dtype=np.int64)
