"""Numbers as a reader sees them, by one rule, each with its place in the table that it comes from.

The numbers of a row are rounded alike: to two digits of the width of its interval, and further where a bound that
leaves zero out would else read as zero.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from atmis.analysis.comparison import Paired
from atmis.plots.kit import words
from atmis.storage.tables import cell

Form = Literal["plain", "size", "signed", "part"]


@dataclass(frozen=True)
class Number:
    """A number in a sentence or a table of the report."""

    text: str  # as a reader sees it
    value: str  # as it stands in the table
    form: str
    digits: int  # decimals of the text, below zero tens, hundreds and so on
    scale: int  # 100 where a share is told in percent
    place: Mapping[str, str] = field(default_factory=dict)  # table, and the columns that name the row


@dataclass(frozen=True)
class Name:
    """The name of a scenario."""

    text: str


Part = str | Number | Name
Sentence = tuple[Part, ...]


def number(place: Mapping[str, str], value: float, form: Form, digits: int = 0, scale: int = 1) -> Number:
    """A number of a table in one of the forms: as it is, its size, with its sign, or how much of a whole it is."""
    digits = digits if value else 0
    shown = {"plain": _plain, "size": _size, "signed": _signed, "part": _part}[form](scale * value, digits)
    return Number(shown, cell(value), form, digits, scale, place)


def percent(place: Mapping[str, str], share: float, digits: int = 0) -> Number:
    """A share of a whole in percent."""
    return number(place, share, "part", digits, 100)


def digits_of(row: Paired) -> int:
    """Decimals to which the numbers of a row are rounded."""
    if row.low_95 is None or row.high_95 is None or row.verdict == "no difference":
        return _two_digits(row.mean_difference or (row.mean_baseline or 100.0) / 10.0)
    return digits_between(row.low_95, row.high_95)


def digits_between(low: float, high: float) -> int:
    """Decimals to which the bounds of an interval, and what lies in it, are rounded."""
    if low == high:
        return _two_digits(low or 10.0)
    nearest = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    return _two_digits(min(high - low, 10.0 * nearest or math.inf))


def digits_of_level(largest: float) -> int:
    """Decimals of numbers that are not below zero, beside others up to the largest, which has three digits."""
    return 1 + _two_digits(largest or 100.0)


def _two_digits(size: float) -> int:
    """Decimals that leave a number of this size two digits."""
    return 1 - math.floor(math.log10(abs(size)))


def _plain(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{max(digits, 0)}f}"


def _size(value: float, digits: int) -> str:
    return _plain(abs(value), digits)


def _signed(value: float, digits: int) -> str:
    return words.signed(round(value, digits), max(digits, 0))


def _part(value: float, digits: int) -> str:
    """A part of a hundred; what is neither nothing nor all does not read so."""
    shown, least = _size(value, digits), 10.0**-digits
    if value and float(shown) == 0.0:
        return f"less than {_plain(least, digits)}\N{NO-BREAK SPACE}%"
    if abs(value) < 100.0 and float(shown) == 100.0:
        return f"more than {_plain(100.0 - least, digits)}\N{NO-BREAK SPACE}%"
    return f"{shown}\N{NO-BREAK SPACE}%"
