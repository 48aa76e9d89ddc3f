"""Labels of parameters: their description in the records of a scenario, after the block that they belong to."""

import re
from typing import NamedTuple

from atmis.scenario.quantities import find_quantity

_ASIDE = re.compile(r" *\([^)]*\)")


class ParameterLabel(NamedTuple):
    """Description and unit of a parameter."""

    words: str
    unit: str


def parameter_label(path: str) -> ParameterLabel:
    """Label of a dotted key or a group: `attacks: weight of a neighbouring zone ...`, ratio."""
    parts = path.split(".")
    known = find_quantity(parts)
    if known is None:
        return ParameterLabel(" ".join(parts).replace("_", " "), "")
    block = " ".join(parts[1:-1] or parts[:1]).replace("_", " ")
    unit = "" if known.unit in ("-", "") else known.unit
    return ParameterLabel(f"{block}: {_ASIDE.sub('', known.what)}", unit)
