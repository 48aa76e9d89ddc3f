"""Baselines: forecasts of a target that know only its past counts, up to the month of the freeze.

H months of history, without those that were not recorded; M months to forecast.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from atmis.analysis.backtest import negative_binomial, scores
from atmis.analysis.observed.record import Month, Months
from atmis.kernel.arrays import Bools, Floats


class History(NamedTuple):
    """The counts of a target that were recorded up to the freeze."""

    months: Months  # [H]
    counts: Floats  # [H]
    fit_to: Month

    def last(self, months: int) -> Floats:
        """The counts recorded in the last so many months up to the freeze."""
        recent: Bools = self.months > self.fit_to - np.timedelta64(months, "M")
        return self.counts[recent]


class BaselineForecast(NamedTuple):
    """The forecast of a baseline for some months."""

    means: Floats  # [M]
    crps: Callable[[Floats], Floats]  # given observed counts [M], of each month [M]


Baseline = Callable[[History, Months], BaselineForecast | None]  # None: too little history


def _climatology(select: Callable[[History], Floats]) -> Baseline:
    """The empirical distribution of some past counts, each equally likely."""

    def baseline(history: History, months: Months) -> BaselineForecast | None:
        values = select(history)
        if not len(values):
            return None
        means = np.full(len(months), values.mean())
        return BaselineForecast(means, lambda observed: scores.crps_empirical(observed, values))

    return baseline


def _persistence(history: History, months: Months) -> BaselineForecast | None:
    """A Poisson distribution with the last recorded count as its mean."""
    if not len(history.counts):
        return None
    mean = float(history.counts[-1])
    return BaselineForecast(np.full(len(months), mean), lambda observed: scores.crps_poisson(observed, mean))


_MIN_MONTHS = 24  # of history, from which a season is fitted


def _seasonal(history: History, months: Months) -> BaselineForecast | None:
    """A negative binomial distribution with a season, fitted to the whole history."""
    if len(history.counts) < _MIN_MONTHS:
        return None
    fitted = negative_binomial.fit(history.counts, history.months)
    means = fitted.means(months)
    return BaselineForecast(means, lambda observed: scores.crps_negative_binomial(observed, means, fitted.size))


BASELINES: dict[str, Baseline] = {
    "last_12_months": _climatology(lambda history: history.last(12)),
    "last_24_months": _climatology(lambda history: history.last(24)),
    "all_history": _climatology(lambda history: history.counts),
    "last_month": _persistence,
    "negative_binomial": _seasonal,
}
