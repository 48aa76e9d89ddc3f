"""Numbers formatted by one rule, each with its place in the table that it comes from.

The numbers of a row are rounded alike: to two digits of the width of its interval, or more where a bound that excludes
zero would otherwise read as zero.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from atmis.analysis.comparison import Paired
from atmis.plots.common import words
from atmis.storage.tables import cell

Form = Literal["plain", "size", "signed", "part"]


@dataclass(frozen=True)
class Number:
    """A number in a sentence or a table of the report."""

    text: str  # as displayed
    value: str  # as in the table
    form: str
    digits: int  # decimals of the text; negative for tens, hundreds and so on
    scale: int  # 100 where a share is displayed in percent
    place: Mapping[str, str] = field(default_factory=dict)  # table, and the columns that identify the row


@dataclass(frozen=True)
class Name:
    """The name of a scenario."""

    text: str


Part = str | Number | Name
Sentence = tuple[Part, ...]


def number(place: Mapping[str, str], value: float, form: Form, digits: int = 0, scale: int = 1) -> Number:
    """A number of a table in one of the forms: plain, absolute size, with its sign, or part of a whole."""
    digits = digits if value else 0
    formats = {"plain": _format_plain, "size": _format_size, "signed": _format_signed, "part": _format_part}
    return Number(formats[form](scale * value, digits), cell(value), form, digits, scale, place)


def percent(place: Mapping[str, str], share: float, digits: int = 0) -> Number:
    """A share of a whole in percent."""
    return number(place, share, "part", digits, 100)


def digits_of(row: Paired) -> int:
    """Decimals to which the numbers of a row are rounded."""
    if row.low_95 is None or row.high_95 is None or row.verdict == "no difference":
        return _two_digits(row.mean_difference or (row.mean_baseline or 100.0) / 10.0)
    return digits_between(row.low_95, row.high_95)


def digits_between(low: float, high: float) -> int:
    """Decimals to which the bounds of an interval, and numbers in it, are rounded."""
    if low == high:
        return _two_digits(low or 10.0)
    nearest = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    return _two_digits(min(high - low, 10.0 * nearest or math.inf))


def digits_of_level(largest: float) -> int:
    """Decimals of numbers of zero or more among others up to `largest`, which gets three digits."""
    return 1 + _two_digits(largest or 100.0)


def _two_digits(size: float) -> int:
    """Decimals that give a number of this size two digits."""
    return 1 - math.floor(math.log10(abs(size)))


def _format_plain(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{max(digits, 0)}f}"


def _format_size(value: float, digits: int) -> str:
    return _format_plain(abs(value), digits)


def _format_signed(value: float, digits: int) -> str:
    return words.format_signed(round(value, digits), max(digits, 0))


def _format_part(value: float, digits: int) -> str:
    """A percentage; one that is neither 0 nor 100 is not rounded to either."""
    text, smallest = _format_size(value, digits), 10.0**-digits
    if value and float(text) == 0.0:
        return f"less than {_format_plain(smallest, digits)}\N{NO-BREAK SPACE}%"
    if abs(value) < 100.0 and float(text) == 100.0:
        return f"more than {_format_plain(100.0 - smallest, digits)}\N{NO-BREAK SPACE}%"
    return f"{text}\N{NO-BREAK SPACE}%"
