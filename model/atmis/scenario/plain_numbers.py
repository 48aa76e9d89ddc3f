"""Numbers as they are written: digits, a point, an exponent; not what YAML or Hydra would read as another number."""

import math
import re

# What a reader takes for one number or for a text, and YAML 1.1 or Hydra's grammar for another number.
_MISREAD = (
    (re.compile(r"[-+]?0[0-9]+"), "YAML reads a leading 0 as base 8; remove the 0"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "YAML reads : as base 60"),
    (re.compile(r"[-+]?0[bB][01_]+"), "0b marks base 2"),
    (re.compile(r"[-+]?0[oO][0-7_]+"), "0o marks base 8"),
    (re.compile(r"[-+]?0[xX][0-9a-fA-F_]+"), "0x marks base 16"),
    (re.compile(r"[-+]?(?=[0-9.]*[0-9.]_)[0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9_]+)?"), "a _ between digits is left out"),
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_WITH_GAPS = re.compile(r"(?:^|[\[{(,:=])\s*([-+]?[0-9.]+_[0-9_.]*(?:[eE][-+]?[0-9]+)?)\s*(?=$|[\]}),:])")


def misreading(text: str) -> str:
    """Why a text without quotes would be read as another number than it seems, as a sentence ends; '' where it is not.

    Examples
    --------
    >>> misreading("1:30.5")
    'is not a plain number (YAML reads : as base 60); allowed: as in 90.5 or 1e3, or a text in quotes'
    >>> misreading("90.5"), misreading("2022-04-01"), misreading("phase_1")
    ('', '', '')
    """
    for pattern, why in _MISREAD:
        if pattern.fullmatch(text):
            return f"is not a plain number ({why}); allowed: as in 90.5 or 1e3, or a text in quotes"
    return ""


def misread_in_override(value: str) -> str:
    """The first number in the value of an override that Hydra would read as another one; '' where there is none.

    Hydra takes what else is no plain number for a text, which a record then refuses where it wants a number.
    """
    return next((word for word in _WITH_GAPS.findall(_QUOTED.sub("''", value)) if misreading(word)), "")


def parse_number(text: str) -> float | None:
    """The finite number that a text writes plainly; None for any other text."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and text.isascii() and "_" not in text else None
