"""The months in which the source of a file of events recorded, as far as the file shows them.

A file begins and ends with events, not with months: the month of its last date may hold three days of thirty-one. It
is left out where the silence after the last date is longer than any within the year before it, and so at the start.
Dates that stand far from all others, a slip of the pen or two, do not stretch the record.
"""

from typing import Any, NamedTuple

import numpy as np

from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.record import Month
from atmis.kernel.arrays import AnyArray

Day = Any  # np.datetime64[D]

_YEAR = np.timedelta64(365, "D")
_FEWEST_DATES = 20  # from which a date can be said to stand far from the others
_WORTH_TELLING = 7  # days of a month without an event at the edge of a file, from which on they are told
_FAR_SHARE = 0.01  # of the rows of a file that may stand so


class Edge(NamedTuple):
    """The outermost date of a file at one end, and what it says about its month."""

    which: str  # first or last
    day: Day
    silent_days: int  # of the month beyond that date
    usual_days: int  # the longest silence within the year next to it
    days: int  # of the month

    @property
    def month(self) -> Month:
        """The month of the date."""
        return self.day.astype("datetime64[M]")

    @property
    def is_whole(self) -> bool:
        """Whether the silence is nothing unusual, so that the month can count as a whole."""
        return self.silent_days <= self.usual_days


def without_far_dates(dates: AnyArray) -> AnyArray:
    """Sorted dates without the few that stand more than a year from all others."""
    if len(dates) < _FEWEST_DATES:
        return dates
    few, first, last = max(1, int(_FAR_SHARE * len(dates))), 0, len(dates)
    for gap in (np.flatnonzero(np.diff(dates) > _YEAR) + 1).tolist():
        if gap <= few:
            first = gap
        elif len(dates) - gap <= few:
            last = min(last, gap)
    return dates[first:last]


def first_edge(dates: AnyArray) -> Edge:
    """The start of sorted dates."""
    day = dates[0]
    start, end = _month_of(day)
    near = dates[dates <= day + _YEAR]
    return Edge("first", day, _days(day - start), _longest_silence(near), _days(end - start) + 1)


def last_edge(dates: AnyArray) -> Edge:
    """The end of sorted dates."""
    day = dates[-1]
    start, end = _month_of(day)
    near = dates[dates >= day - _YEAR]
    return Edge("last", day, _days(end - day), _longest_silence(near), _days(end - start) + 1)


def note_edge(edge: Edge, counts: bool, rows: int, import_log: ImportLog) -> None:
    """Remark on the month of an outermost date, if much of it is missing: how much, and whether it counts."""
    if counts and edge.silent_days < _WORTH_TELLING:
        return
    held = (
        f"the {edge.which} date is {edge.day}, so {edge.month} holds {edge.days - edge.silent_days} days of {edge.days}"
    )
    key = {"first": "start", "last": "end"}[edge.which]
    left_out = f"is left out; {key}={edge.month} keeps it"
    usual = f"counts as a whole: up to {edge.usual_days} days lie between its dates"
    only = f"counts as a whole, as no other month is left; {key}= says what the file holds"
    import_log.note(f"{held} and {(usual if edge.is_whole else only) if counts else left_out}", rows=rows)


def _month_of(day: Day) -> tuple[Day, Day]:
    """The first and last day of the month of a day."""
    month = day.astype("datetime64[M]")
    return month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]") - 1


def _longest_silence(dates: AnyArray) -> int:
    """The most days from one to the next of sorted dates."""
    return _days(np.diff(dates).max()) if len(dates) > 1 else 0


def _days(interval: Any) -> int:
    return int(interval.astype(int))
