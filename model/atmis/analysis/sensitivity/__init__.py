"""Sensitivity analysis of a sweep: which parameters drive the level of a headline, or a difference between scenarios.

The points are those of the design of a finished sweep; replicate k of every point and scenario has the same draws.
"""

from atmis.analysis.sensitivity.discovery import QUARTER, BoxRow, Discovery, Step, discover
from atmis.analysis.sensitivity.finished_sweep import HEADLINES, FinishedSweep, check_name, read_sweep
from atmis.analysis.sensitivity.indices import (
    COLUMNS,
    Index,
    IndexTarget,
    TargetIndices,
    analyse_targets,
    check_design,
    targets,
)

__all__ = [
    "COLUMNS",
    "HEADLINES",
    "QUARTER",
    "BoxRow",
    "Discovery",
    "FinishedSweep",
    "Index",
    "IndexTarget",
    "Step",
    "TargetIndices",
    "analyse_targets",
    "check_design",
    "check_name",
    "discover",
    "read_sweep",
    "targets",
]
