"""What is asked of a run: an indicator in a group of zones, month by month, and which months are set against which."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import numpy as np

from atmis.analysis.comparison import INDICATORS
from atmis.analysis.comparison.spans import part
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import Ensemble, blank
from atmis.runs.inputs import RunInputs
from atmis.runs.summary import Group
from atmis.scenario.errors import InputError, nearest
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import AttributeSettings, Months


@dataclass(frozen=True)
class Question:
    """An indicator, where, and in which months of the run it is looked at."""

    indicator: str
    group: Group
    window: Months
    reference: Months | None  # None: the same months without any dated event

    @classmethod
    def of(cls, settings: AttributeSettings) -> "Question":
        """The question of some settings."""
        return cls(settings.indicator, settings.group, settings.window, settings.reference)

    @property
    def end(self) -> date:
        """Last day that is looked at."""
        return max(months.end for months in (self.window, self.reference) if months)

    @property
    def unit(self) -> str:
        """Unit of the mean month: sums are for each month."""
        unit = INDICATORS[self.indicator].unit
        return unit if unit in ("troops", "share") else f"{unit}/month"

    def series(self, ensemble: Ensemble) -> Floats:
        """The indicator by replicate and month [R, months]."""
        months = [month.astype("datetime64[D]").item() for month in ensemble.months]
        spans = [part(ensemble, "month", first, _last_day(first)) for first in months]
        return np.stack([INDICATORS[self.indicator].function(ensemble, span)[self.group] for span in spans], axis=1)

    def mean(self, series: Floats, start: date, months: Months) -> Floats:
        """Mean [R] of a series from a first day on over some months."""
        first, stop = _number(months.start) - _number(start), _number(months.end) - _number(start) + 1
        return np.asarray(series[:, first:stop].mean(axis=1))

    def check(self, scenario: Scenario) -> None:
        """Raise InputError when runs of a scenario do not tell."""
        self._check_indicator(scenario)
        for name in ("window", "reference"):
            months: Months | None = getattr(self, name)
            if months is not None:
                _check_months(name, months, scenario)
        if self.reference and self.reference.start <= self.window.end and self.window.start <= self.reference.end:
            raise InputError(f"reference: {_shown(self.reference)} and the window, {_shown(self.window)}, overlap")

    def _check_indicator(self, scenario: Scenario) -> None:
        known = [name for name, one in INDICATORS.items() if not one.whole_run_only]
        if self.indicator not in known:
            raise InputError(f"indicator: '{self.indicator}' is none by month{nearest(self.indicator, known)}")
        empty = blank(RunInputs.of(scenario), 0, 1)
        groups = list(INDICATORS[self.indicator].function(empty, part(empty, "run", *_ends(scenario))))
        if self.group not in groups:
            raise InputError(f"group: {self.indicator} is not told for {self.group}{nearest(self.group, groups)}")


def _ends(scenario: Scenario) -> tuple[date, date]:
    return scenario.period.start, scenario.period.end


def _check_months(name: str, months: Months, scenario: Scenario) -> None:
    start, end = _ends(scenario)
    if months.start < start or months.end > end:
        raise InputError(f"{name}: {_shown(months)} lies outside the run; allowed: {start} to {end}")


def _shown(months: Months) -> str:
    return f"{months.start} to {months.end}"


def _number(day: date) -> int:
    """Months since the year 0."""
    return 12 * day.year + day.month - 1


def _last_day(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def in_words(months: Months) -> str:
    """A calendar year or a single month as such, else from month to month: 2023, 2022-04, or 2022-04 to 2022-07."""
    if months.start.year == months.end.year and (months.start.month, months.end.month) == (1, 12):
        return str(months.start.year)
    first, last = f"{months.start:%Y-%m}", f"{months.end:%Y-%m}"
    return first if first == last else f"{first} to {last}"
