"""Observed events: read from UCDP GED, ACLED or tables of counts, placed into zones, counted by month.

>>> from atmis import load, observed
>>> made = observed.shipped("kenya_border_counties", load("history").theatre)
"""

from atmis.observed.leave import leave, name_of
from atmis.observed.reading import ACTOR, read, shipped, shipped_names
from atmis.observed.record import FREEZE, Observed

__all__ = ["ACTOR", "FREEZE", "Observed", "leave", "name_of", "read", "shipped", "shipped_names"]
