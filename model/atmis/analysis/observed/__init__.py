"""Observed events: read from UCDP GED, ACLED or tables of counts, placed into zones, counted by month.

>>> from atmis import load, observed
>>> made = observed.shipped("kenya_border_counties", load("history").theatre)
"""

from atmis.analysis.observed.outputs import name_of, write_outputs
from atmis.analysis.observed.reading import ACTOR, read, shipped, shipped_names
from atmis.analysis.observed.record import FREEZE, Observed

__all__ = ["ACTOR", "FREEZE", "Observed", "name_of", "read", "shipped", "shipped_names", "write_outputs"]
