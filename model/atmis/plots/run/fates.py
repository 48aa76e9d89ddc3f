"""What became of the bases over the replicates of a run."""

from typing import Any, NamedTuple

import numpy as np

from atmis.kernel.arrays import Bools, Floats, Ints
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.runs.ensemble import Ensemble


class Fates(NamedTuple):
    """For each base: who held it first and last, and what most often became of it."""

    first: Ints  # holder on the first day
    last: Ints  # most frequent holder on the last day
    standing: Ints  # most frequent standing on the last day, see state.STANDINGS
    handed: Bools  # handed over in more than half of the replicates
    fell: Floats  # share of replicates in which it fell at least once


def fates(ensemble: Ensemble) -> Fates:
    """The most frequent fate of each base. Ties go to the lower number."""
    theatre = ensemble.scenario.theatre
    holders = holder_ids(theatre)
    return Fates(
        first=np.array([holders.index(base.holder) for base in theatre.bases.values()], dtype=np.int64),
        last=most_frequent(ensemble.bases.holder, len(holders)),
        standing=most_frequent(ensemble.bases.standing, len(STANDINGS)),
        handed=(ensemble.bases.handed >= 0).mean(axis=0) > 0.5,
        fell=(ensemble.base_histories.fell >= 0).mean(axis=0),
    )


def most_frequent(values: Any, kinds: int) -> Ints:
    """The most frequent of whole numbers [replicates, bases] below `kinds`, for each base."""
    return np.array([np.bincount(column, minlength=kinds).argmax() for column in values.T], dtype=np.int64)
