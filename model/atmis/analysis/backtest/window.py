"""The months that are scored, and the month up to which baselines know anything."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.dates import month_of_key
from atmis.analysis.observed.record import FREEZE, Month, Months, span
from atmis.scenario.errors import InputError, shortened

_ONE = np.timedelta64(1, "M")


class Window(NamedTuple):
    """Months from the first to the last; baselines know what was observed up to `fit_to`."""

    first: Month
    last: Month
    fit_to: Month

    @property
    def months(self) -> Months:
        """The months of the window."""
        return span(self.first, self.last)


def window(text: str, fit_to: str | None = None) -> Window:
    """A window from 2020-01..2022-03. Raises InputError."""
    first_text, dots, last_text = text.partition("..")
    if not dots:
        raise InputError(f"window: '{shortened(text)}' is not a window; allowed: two months, such as 2020-01..2022-03")
    first, last = month_of_key("window", first_text), month_of_key("window", last_text)
    if first > last:
        raise InputError(f"window: {first} is after {last}")
    return Window(first, last, _fit_to(fit_to, first))


def rolling(origins: Sequence[str], months: int, last: Month) -> list[Window]:
    """A window of so many months after each origin, up to the last month at most. Raises InputError."""
    made = []
    for origin in sorted({month_of_key("origins", text) for text in origins}):
        end = min(origin + np.timedelta64(months, "M"), last)
        if end <= origin:
            raise InputError(f"origins: nothing is observed after {origin}")
        made.append(Window(origin + _ONE, end, min(origin, FREEZE)))
    return made


def _fit_to(text: str | None, first: Month) -> Month:
    latest = min(first - _ONE, FREEZE)
    if text is None:
        return latest
    found = month_of_key("fit_to", text)
    if found > latest:
        raise InputError(
            f"fit_to: {found} is too late; allowed: {latest} at the latest, before the window and before April 2022"
        )
    return found
