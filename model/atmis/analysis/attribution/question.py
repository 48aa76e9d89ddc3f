"""Question of an attribution: an indicator in a group of zones, and the months that are compared."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import numpy as np

from atmis.analysis.comparison import INDICATORS
from atmis.analysis.comparison.spans import span_between
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import Ensemble, blank
from atmis.runs.inputs import RunInputs
from atmis.runs.summary import Group
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import AttributeSettings, WholeMonths


@dataclass(frozen=True)
class Question:
    """An indicator, a group of zones, the months explained, and those that they are compared with."""

    indicator: str
    group: Group
    window: WholeMonths
    reference: WholeMonths | None  # None: the same months without any dated event

    @classmethod
    def of(cls, settings: AttributeSettings) -> "Question":
        """The question in the settings of the command."""
        return cls(settings.indicator, settings.group, settings.window, settings.reference)

    @property
    def end(self) -> date:
        """Last day of the window or the reference, whichever is later."""
        return max(months.end for months in (self.window, self.reference) if months)

    @property
    def unit(self) -> str:
        """Unit of the mean month; sums are per month."""
        unit = INDICATORS[self.indicator].unit
        return unit if unit in ("troops", "share") else f"{unit}/month"

    def series(self, ensemble: Ensemble) -> Floats:
        """The indicator by replicate and month [R, months]."""
        months = [month.astype("datetime64[D]").item() for month in ensemble.months]
        spans = [span_between(ensemble, "month", first, _last_day(first)) for first in months]
        return np.stack([INDICATORS[self.indicator].function(ensemble, span)[self.group] for span in spans], axis=1)

    def mean(self, series: Floats, start: date, months: WholeMonths) -> Floats:
        """Mean [R] over some months of a series [R, months] that begins in the month of `start`."""
        first, stop = (
            _month_number(months.start) - _month_number(start),
            _month_number(months.end) - _month_number(start) + 1,
        )
        return np.asarray(series[:, first:stop].mean(axis=1))

    def check(self, scenario: Scenario) -> None:
        """Raise InputError when runs of a scenario cannot answer the question."""
        self._check_indicator(scenario)
        for name in ("window", "reference"):
            months: WholeMonths | None = getattr(self, name)
            if months is not None:
                _check_months(name, months, scenario)
        if self.reference and self.reference.start <= self.window.end and self.window.start <= self.reference.end:
            raise InputError(f"reference: {_shown(self.reference)} and the window, {_shown(self.window)}, overlap")

    def _check_indicator(self, scenario: Scenario) -> None:
        known = [name for name, indicator in INDICATORS.items() if not indicator.whole_run_only]
        if self.indicator not in known:
            raise InputError(f"indicator: '{self.indicator}' is not counted by month{suggest(self.indicator, known)}")
        empty = blank(RunInputs.of(scenario), 0, 1)
        groups = list(INDICATORS[self.indicator].function(empty, span_between(empty, "run", *_ends(scenario))))
        if self.group not in groups:
            raise InputError(f"group: {self.indicator} is not counted for {self.group}{suggest(self.group, groups)}")


def _ends(scenario: Scenario) -> tuple[date, date]:
    return scenario.period.start, scenario.period.end


def _check_months(name: str, months: WholeMonths, scenario: Scenario) -> None:
    start, end = _ends(scenario)
    if months.start < start or months.end > end:
        raise InputError(f"{name}: {_shown(months)} lies outside the run; allowed: {start} to {end}")


def _shown(months: WholeMonths) -> str:
    return f"{months.start} to {months.end}"


def _month_number(day: date) -> int:
    """Months since the year 0."""
    return 12 * day.year + day.month - 1


def _last_day(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def months_text(months: WholeMonths) -> str:
    """Months as text: a calendar year, a single month, or a range: 2023, 2022-04, or 2022-04 to 2022-07."""
    if months.start.year == months.end.year and (months.start.month, months.end.month) == (1, 12):
        return str(months.start.year)
    first, last = f"{months.start:%Y-%m}", f"{months.end:%Y-%m}"
    return first if first == last else f"{first} to {last}"
