"""Cells of tables as spreadsheets, R and Stata write them: missing values, counts, coordinates, codes, headings."""

import re

MOST = 10**9  # no count is larger
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "nil", ".", "-", "--"))
_GROUPED = re.compile(r"\d{1,3}(?:(?:,\d{3})+|(?:[ \u00a0\u202f]\d{3})+)")  # 1,205
_COMMA = re.compile(r"\d+,0{1,2}")  # 3,0 where a comma stands for the point
_NUMBER = re.compile(r"\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")  # R writes 1e+05 for 100000
_DECIMAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().lower() in _MISSING


def parse_count(text: str) -> int | None:
    """A whole number from 0 to MOST, such as 1205, 1,205 or 1205.0; None when it is not one."""
    plain = text.strip()
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"\D", "", plain)
    elif _COMMA.fullmatch(plain):
        plain = plain.partition(",")[0]
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    return int(value) if value.is_integer() and value <= MOST else None


def parse_degrees(text: str, largest: float) -> float | None:
    """Degrees up to a largest number, with a point or a comma; None when it is no such number."""
    plain = text.strip().replace(",", ".")
    if not _DECIMAL.fullmatch(plain):
        return None
    value = float(plain)
    return value if abs(value) <= largest else None


def column_name(heading: str) -> str:
    """A heading without capitals and signs: `Admin2 Pcode`, as R writes it `Admin2.Pcode`, is admin2_pcode."""
    return "_".join(re.findall(r"\w+", heading.replace("_", " ").lower()))
