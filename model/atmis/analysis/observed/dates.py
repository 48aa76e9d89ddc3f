"""Dates and months in the formats that data sets use."""

import re
from datetime import date, datetime

import numpy as np

from atmis.analysis.observed.record import Month
from atmis.scenario.errors import InputError, shorten

# 2022-03-30 and 2022-03-30 00:00:00.000; 30 March 2022, 30-Mar-22, 30/03/2022 (day first, as ACLED writes it).
_DATE_FORMATS = ("%d %B %Y", "%d-%B-%Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y", "%Y/%m/%d")
_MONTH = re.compile(r"(\d{4})[-/.mM]?(\d{1,2})(?:[-/.]\d{1,2})?(?:[T ].*)?")
_MONTH_FORMATS = ("%B %Y", "%b %Y", "%b-%Y", "%B-%Y", "%m/%Y")


def parse_date(text: str) -> date | None:
    """A date; None when it cannot be read."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        parsed = _parse(text, _DATE_FORMATS)
        return parsed.date() if parsed else None


def parse_month(text: str) -> Month | None:
    """A month from 2022-03, 2022-03-01, 2022m3, 202203 or March 2022; None when it cannot be read."""
    match = _MONTH.fullmatch(text.strip())
    if match and 1 <= int(match[2]) <= 12 and int(match[1]) > 0:
        return np.datetime64(f"{match[1]}-{int(match[2]):02d}", "M")
    parsed = _parse(text, _MONTH_FORMATS)
    return np.datetime64(f"{parsed:%Y-%m}", "M") if parsed else None


def month_of_key(key: str, text: str) -> Month:
    """A month that a user gives under a key. Raises InputError when it is not a month."""
    month = parse_month(text)
    if month is None:
        raise InputError(f"{key}: '{shorten(text)}' is not a month; allowed: a month such as 2022-03")
    return month


def _parse(text: str, formats: tuple[str, ...]) -> datetime | None:
    """A date in the first of the formats that fits."""
    for date_format in formats:
        try:
            return datetime.strptime(text.strip(), date_format)
        except ValueError:
            continue
    return None
