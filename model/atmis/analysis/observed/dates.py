"""Dates and months in the forms that data sets and spreadsheets use.

How the dates of a column are written is decided for the column as a whole: 1/12/2019 is January or December, and a day
above 12 elsewhere tells which; 43528 is a day of Excel, Stata or R, and only one of them lies in the years of the file.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.cells import is_missing
from atmis.analysis.observed.record import Month
from atmis.scenario.errors import InputError, shorten

_TIME = r"(?:[T ]\d.*)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_NAMED_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*([A-Za-z]{{3,9}})\.?,?[-/. ]*(\d{{4}}|\d{{2}}){_TIME}"
)
_NAMED_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_TWO_NUMBERS = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){_TIME}")
_SERIAL = re.compile(r"(\d{5})(?:\.\d*)?")  # the days of 1954 to 2173 in the longest count

_MONTH = re.compile(r"(\d{4})[-/. ]?[mM]?(\d{1,2})")
_NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[-/. ]*(\d{4}|\d{2})")
_YEAR_NAMED_MONTH = re.compile(r"(\d{4})[-/. ]*([A-Za-z]{3,9})")
_MONTH_OF_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
_EPOCHS = {"excel": date(1899, 12, 30), "stata": date(1960, 1, 1), "r": date(1970, 1, 1)}  # days are counted from
STATED = (DAY_FIRST, MONTH_FIRST, *_EPOCHS)  # what a user can say of the dates of a file
_FIRST_YEAR = 1989  # of the oldest data set of events

_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip


class DatesRead(NamedTuple):
    """The dates of some texts, None where a text is no date, and in which order or from which day they count."""

    by_text: dict[str, date | None]
    remarks: list[str]


def parse_month(text: str) -> Month | None:
    """A month from 2022-03, 2022-03-01, 2022m3, 202203, March 2022 or Mar-22; None when it cannot be read."""
    plain = text.strip()
    if match := _MONTH.fullmatch(plain):
        return _to_month(int(match[1]), int(match[2]))
    if match := _NAMED_MONTH.fullmatch(plain):
        return _to_month(_year(match[2]), _number_of_month(match[1]))
    if match := _YEAR_NAMED_MONTH.fullmatch(plain):
        return _to_month(int(match[1]), _number_of_month(match[2]))
    if match := _MONTH_OF_YEAR.fullmatch(plain):
        return _to_month(int(match[2]), int(match[1]))
    day = _plain_date(plain)
    return None if day is None else _to_month(day.year, day.month)


def month_of_key(key: str, text: str) -> Month:
    """A month that a user gives under a key. Raises InputError when it is not a month."""
    month = parse_month(text)
    if month is None:
        raise InputError(f"{key}: '{shorten(text)}' is not a month; allowed: a month such as 2022-03")
    return month


def read_months(texts: Iterable[str], stated: str | None = None) -> tuple[dict[str, Month | None], list[str]]:
    """Months of some texts, and remarks. First days of months in one of the two orders settle the order."""
    distinct = list(texts)
    months = {text: parse_month(text) for text in distinct}
    rest = [text for text, month in months.items() if month is None]
    pairs = [match for text in rest if (match := _TWO_NUMBERS.fullmatch(text.strip()))]
    if stated is None and pairs:
        firsts = [order for order, group in ((DAY_FIRST, 1), (MONTH_FIRST, 3)) if {int(m[group]) for m in pairs} == {1}]
        stated = firsts[0] if len(firsts) == 1 else None
    dates = read_dates(rest, stated)
    return months | {text: day and _to_month(day.year, day.month) for text, day in dates.by_text.items()}, dates.remarks


def read_dates(texts: Iterable[str], stated: str | None = None, years: Collection[int] = ()) -> DatesRead:
    """Read the dates of a column.

    Parameters
    ----------
    texts : what stands in the column, each distinct text once
    stated : one of STATED, what the user says of the dates; None: the texts tell
    years : of the file, where it has a column of them

    Returns
    -------
    DatesRead
        A date or None for each text.

    Raises
    ------
    InputError
        When days and months, or the day from which numbers count, cannot be told.
    """
    distinct = [text for text in texts if not is_missing(text)]
    rest = [text for text in distinct if _plain_date(text) is None]
    pairs = {text: match for text in rest if (match := _TWO_NUMBERS.fullmatch(text.strip()))}
    serials = {text: int(match[1]) for text in rest if (match := _SERIAL.fullmatch(text.strip()))}
    order, pair_remarks = _order(pairs, stated)
    epoch, serial_remarks = _epoch(serials, stated, years)
    by_text = {text: _plain_date(text) for text in distinct}
    by_text |= {text: _from_pair(match, order) for text, match in pairs.items()}
    by_text |= {text: _EPOCHS[epoch] + timedelta(days) for text, days in serials.items()}
    return DatesRead(by_text, [*pair_remarks, *serial_remarks])


def _plain_date(text: str) -> date | None:
    """A date in a form that can be read one way only; None when it is in no such form."""
    plain = text.strip()
    for form, read in _PLAIN_FORMS:
        if match := form.fullmatch(plain):
            return read(match)
    return None


def _to_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_PLAIN_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_ISO, lambda match: _to_date(int(match[1]), int(match[2]), int(match[3]))),
    (_COMPACT, lambda match: _to_date(int(match[1]), int(match[2]), int(match[3]))),
    (_DAY_NAMED_MONTH, lambda match: _to_date(_year(match[3]), _number_of_month(match[2]), int(match[1]))),
    (_NAMED_MONTH_DAY, lambda match: _to_date(int(match[3]), _number_of_month(match[1]), int(match[2]))),
)


def _order(pairs: Mapping[str, re.Match[str]], stated: str | None) -> tuple[str, list[str]]:
    """Which of day and month comes first, told by numbers above 12."""
    if not pairs:
        return DAY_FIRST, []
    day_first = next((text for text, match in pairs.items() if int(match[1]) > 12), None)
    month_first = next((text for text, match in pairs.items() if int(match[3]) > 12), None)
    if day_first and month_first:
        raise InputError(f"dates are in both orders, '{shorten(day_first)}' and '{shorten(month_first)}'")
    told = {text: order for text, order in ((day_first, DAY_FIRST), (month_first, MONTH_FIRST)) if text}
    if stated in (DAY_FIRST, MONTH_FIRST):
        for text, order in told.items():
            if order != stated:
                raise InputError(f"dates={stated} was said, but '{shorten(text)}' has the {order.replace('_', ' ')}")
        return stated, [f"dates such as {shorten(next(iter(pairs)))}: {stated.replace('_', ' ')}, as was said"]
    for text, order in told.items():
        return order, [f"dates are written with the {order.replace('_', ' ')}, as {shorten(text)} tells"]
    example = shorten(next(iter(pairs)))
    if {match[2] for match in pairs.values()} == {"."}:  # no country writes the month first with points
        return DAY_FIRST, [f"dates such as {example}: day first, as is usual with points"]
    raise InputError(
        f"dates such as '{example}' do not tell day from month, as no number is above 12; say dates={DAY_FIRST} or "
        f"dates={MONTH_FIRST} to atmis data import"
    )


def _from_pair(match: re.Match[str], order: str) -> date | None:
    day, month = (match[1], match[3]) if order == DAY_FIRST else (match[3], match[1])
    return _to_date(_year(match[4]), int(month), int(day))


def _epoch(serials: Mapping[str, int], stated: str | None, years: Collection[int]) -> tuple[str, list[str]]:
    """From which day numbers count, told by the years that they come to."""
    if not serials:
        return "excel", []
    if stated in _EPOCHS:
        return stated, [f"dates are numbers of days as {stated.capitalize()} counts them, as was said"]
    possible = [name for name, start in _EPOCHS.items() if _is_plausible(serials.values(), start, years)]
    example = shorten(next(iter(serials)))
    if len(possible) == 1:
        return possible[0], [f"dates such as {example} are numbers of days as {possible[0].capitalize()} counts them"]
    raise InputError(
        f"dates such as '{example}' are numbers of days, and their years do not tell from which day; say "
        f"{' or '.join(f'dates={name}' for name in possible or _EPOCHS)} to atmis data import"
    )


def _is_plausible(days: Collection[int], start: date, years: Collection[int]) -> bool:
    first, last = start + timedelta(min(days)), start + timedelta(max(days))
    if years:
        return {(start + timedelta(day)).year for day in days} <= set(years)
    return first.year >= _FIRST_YEAR and last <= datetime.now().date()


def _to_month(year: int, month: int) -> Month | None:
    return np.datetime64(f"{year:04d}-{month:02d}", "M") if 1 <= month <= 12 and year > 0 else None


def _year(text: str) -> int:
    """A year of four digits, or of two in the hundred years to 2068."""
    return int(text) if len(text) == 4 else datetime.strptime(text, "%y").year


def _number_of_month(name: str) -> int:
    """The number of a month by its English name, whole or cut; 0 when there is none."""
    plain = name.lower()
    hits = [number for number, whole in enumerate(_MONTH_NAMES, start=1) if whole.startswith(plain)]
    return hits[0] if len(hits) == 1 else 9 if plain == "sept" else 0
