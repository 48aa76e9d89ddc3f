"""The months that are scored, and the month up to which baselines know anything."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.dates import month_of_key
from atmis.analysis.observed.record import FREEZE, Month, Months, span
from atmis.scenario.errors import InputError, shorten

_ONE = np.timedelta64(1, "M")


class ScoreWindow(NamedTuple):
    """Months from the first to the last, both included; baselines know what was observed up to `fit_to`."""

    first: Month
    last: Month
    fit_to: Month

    @property
    def months(self) -> Months:
        """The months of the window."""
        return span(self.first, self.last)


def parse_window(text: str, fit_to: str | None = None) -> ScoreWindow:
    """A window from a text.

    Parameters
    ----------
    text : two months, such as 2020-01..2022-03
    fit_to : month up to which baselines know anything; None: the month before the window, but not after the freeze

    Returns
    -------
    ScoreWindow
        Both months included.

    Raises
    ------
    InputError
        When a text cannot be read, or a month comes too late.
    """
    first_text, dots, last_text = text.partition("..")
    if not dots:
        raise InputError(f"window: '{shorten(text)}' is not a window; allowed: two months, such as 2020-01..2022-03")
    first, last = month_of_key("window", first_text), month_of_key("window", last_text)
    if first > last:
        raise InputError(f"window: {first} is after {last}")
    return ScoreWindow(first, last, _fit_to(fit_to, first))


def rolling_windows(origins: Sequence[str], months: int, last: Month) -> list[ScoreWindow]:
    """A window of so many months after each origin, up to the last month at most. Raises InputError."""
    windows = []
    for origin in sorted({month_of_key("origins", text) for text in origins}):
        end = min(origin + np.timedelta64(months, "M"), last)
        if end <= origin:
            raise InputError(f"origins: nothing is observed after {origin}")
        windows.append(ScoreWindow(origin + _ONE, end, min(origin, FREEZE)))
    return windows


def _fit_to(text: str | None, first: Month) -> Month:
    latest = min(first - _ONE, FREEZE)
    if text is None:
        return latest
    month = month_of_key("fit_to", text)
    if month > latest:
        raise InputError(
            f"fit_to: {month} is too late; allowed: {latest} at the latest, before the window and before April 2022"
        )
    return month
