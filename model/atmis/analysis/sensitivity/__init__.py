"""What drives a result: indices of the level of a scenario, and of the paired difference between two, on a sweep.

Points are those of the design of a finished sweep; replicate k of every point and scenario has the same draws.
"""

from atmis.analysis.sensitivity.discovery import QUARTER, Discovery, Found, Step, discover
from atmis.analysis.sensitivity.finished import HEADLINES, Finished, check_name, read
from atmis.analysis.sensitivity.indices import COLUMNS, Analysed, Index, Target, analysed, check_design, targets

__all__ = [
    "COLUMNS",
    "HEADLINES",
    "QUARTER",
    "Analysed",
    "Discovery",
    "Finished",
    "Found",
    "Index",
    "Step",
    "Target",
    "analysed",
    "check_design",
    "check_name",
    "discover",
    "read",
    "targets",
]
