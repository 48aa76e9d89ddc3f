"""Parameters in words: what the records of a scenario say of them, with the block that they stand in."""

import re
from typing import NamedTuple

from atmis.scenario.quantities import quantity

_ASIDE = re.compile(r" *\([^)]*\)")


class Named(NamedTuple):
    """A parameter in words."""

    words: str
    unit: str


def named(path: str) -> Named:
    """A parameter by its dotted key, or a group: `attacks: weight of a neighbouring zone ...`, ratio."""
    parts = path.split(".")
    known = quantity(parts)
    if known is None:
        return Named(" ".join(parts).replace("_", " "), "")
    block = " ".join(parts[1:-1] or parts[:1]).replace("_", " ")
    unit = "" if known.unit in ("-", "") else known.unit
    return Named(f"{block}: {_ASIDE.sub('', known.what)}", unit)
