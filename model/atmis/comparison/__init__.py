"""Scenarios compared: differences between pairs of runs that share their luck, and the headlines made of them.

Replicate k of one scenario pairs with replicate k of another: both have the same seed and so the same draws (common
random numbers). An interval here holds chance only, and only as much of it as so many replicates leave.
"""

from atmis.comparison.differences import COLUMNS, Difference, compare
from atmis.comparison.indicators import INDICATORS, Indicator
from atmis.comparison.openings import STAGES, Opening, Stage, openings
from atmis.comparison.paired import Paired, Verdict, paired
from atmis.comparison.regret import Regret, regret
from atmis.comparison.spans import Span, pair, spans
from atmis.comparison.spillover import Spillover, spillovers
from atmis.comparison.survival import Curve, Held, curves, holding
from atmis.comparison.tables import table

__all__ = [
    "COLUMNS",
    "INDICATORS",
    "STAGES",
    "Curve",
    "Difference",
    "Held",
    "Indicator",
    "Opening",
    "Paired",
    "Regret",
    "Span",
    "Spillover",
    "Stage",
    "Verdict",
    "compare",
    "curves",
    "holding",
    "openings",
    "pair",
    "paired",
    "regret",
    "spans",
    "spillovers",
    "table",
]
