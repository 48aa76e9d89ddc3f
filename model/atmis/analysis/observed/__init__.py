"""Observed events: read from UCDP GED, ACLED or tables of counts, assigned to zones and counted by month.

>>> from atmis import load
>>> from atmis.analysis import observed
>>> counts = observed.shipped("kenya_border_counties", load("history").theatre)
"""

from atmis.analysis.observed.outputs import name_of, write_outputs
from atmis.analysis.observed.reading import ACTOR, read, shipped, shipped_names
from atmis.analysis.observed.record import FREEZE, ObservedCounts

__all__ = ["ACTOR", "FREEZE", "ObservedCounts", "name_of", "read", "shipped", "shipped_names", "write_outputs"]
