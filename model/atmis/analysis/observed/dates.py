"""Dates and months in the forms in which data sets write them."""

import re
from datetime import date, datetime

import numpy as np

from atmis.analysis.observed.record import Month
from atmis.scenario.errors import InputError, shortened

# 2022-03-30 and 2022-03-30 00:00:00.000; 30 March 2022, 30-Mar-22, 30/03/2022 (day first, as ACLED writes it).
_FORMS = ("%d %B %Y", "%d-%B-%Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y", "%Y/%m/%d")
_MONTH = re.compile(r"(\d{4})[-/.mM]?(\d{1,2})(?:[-/.]\d{1,2})?(?:[T ].*)?")
_MONTH_FORMS = ("%B %Y", "%b %Y", "%b-%Y", "%B-%Y", "%m/%Y")


def day(text: str) -> date | None:
    """A date, None when it cannot be read."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        found = _by_forms(text, _FORMS)
        return found.date() if found else None


def month(text: str) -> Month | None:
    """A month from 2022-03, 2022-03-01, 2022m3, 202203 or March 2022; None when it cannot be read."""
    found = _MONTH.fullmatch(text.strip())
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) > 0:
        return np.datetime64(f"{found[1]}-{int(found[2]):02d}", "M")
    named = _by_forms(text, _MONTH_FORMS)
    return np.datetime64(f"{named:%Y-%m}", "M") if named else None


def month_of_key(key: str, text: str) -> Month:
    """A month that a user gives under a key. Raises InputError."""
    found = month(text)
    if found is None:
        raise InputError(f"{key}: '{shortened(text)}' is not a month; allowed: a month such as 2022-03")
    return found


def _by_forms(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None
