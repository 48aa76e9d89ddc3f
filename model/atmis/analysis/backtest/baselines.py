"""What a forecaster would say who knows only the past counts of a zone, up to the month of the freeze.

H months of history; months that were not recorded are not in it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from atmis.analysis.backtest import negative_binomial, scores
from atmis.analysis.observed.record import Month, Months
from atmis.kernel.arrays import Floats


class History(NamedTuple):
    """What was recorded of a target before its window."""

    months: Months  # [H]
    counts: Floats  # [H]
    fit_to: Month

    def last(self, months: int) -> Floats:
        """Counts of what is recorded of the last so many months up to the freeze."""
        return self.counts[self.months > self.fit_to - np.timedelta64(months, "M")]


class Said(NamedTuple):
    """The forecast of a baseline for some months."""

    means: Floats  # [M]
    crps: Callable[[Floats], Floats]  # of observed counts [M], for each month


Baseline = Callable[[History, Months], Said | None]  # None: too little history


def _values(pick: Callable[[History], Floats]) -> Baseline:
    """Each past count of some months as likely as any other."""

    def baseline(history: History, months: Months) -> Said | None:
        values = pick(history)
        if not len(values):
            return None
        return Said(np.full(len(months), values.mean()), lambda observed: scores.of_values(observed, values))

    return baseline


def _last_month(history: History, months: Months) -> Said | None:
    """The last recorded count as the mean of a Poisson distribution."""
    if not len(history.counts):
        return None
    mean = float(history.counts[-1])
    return Said(np.full(len(months), mean), lambda observed: scores.of_poisson(observed, mean))


_FEWEST = 24  # months from which a season is fitted


def _season(history: History, months: Months) -> Said | None:
    if len(history.counts) < _FEWEST:
        return None
    fitted = negative_binomial.fit(history.counts, history.months)
    means = fitted.means(months)
    return Said(means, lambda observed: scores.of_negative_binomial(observed, means, fitted.size))


BASELINES: dict[str, Baseline] = {
    "last_12_months": _values(lambda history: history.last(12)),
    "last_24_months": _values(lambda history: history.last(24)),
    "all_history": _values(lambda history: history.counts),
    "last_month": _last_month,
    "negative_binomial": _season,
}
