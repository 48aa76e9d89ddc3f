"""Scenarios compared: differences between pairs of runs that share their luck, and the headlines made of them.

Replicate k of one scenario pairs with replicate k of another: both have the same seed and so the same draws (common
random numbers). An interval here holds chance only, and only as much of it as so many replicates leave.
"""

from atmis.comparison.differences import COLUMNS, Difference, compare
from atmis.comparison.indicators import INDICATORS, Indicator
from atmis.comparison.openings import STAGES, Opening, Stage, openings
from atmis.comparison.paired import Paired, Verdict, paired
from atmis.comparison.regret import Regret, regret
from atmis.comparison.shares import Components, Spread, components
from atmis.comparison.spans import Span, pair, spans
from atmis.comparison.spillover import Spillover, spillovers
from atmis.comparison.survival import Curve, Held, curves, holding
from atmis.comparison.tables import table
from atmis.comparison.worlds import Worlds

__all__ = [
    "COLUMNS",
    "INDICATORS",
    "STAGES",
    "Components",
    "Curve",
    "Difference",
    "Held",
    "Indicator",
    "Opening",
    "Paired",
    "Regret",
    "Span",
    "Spillover",
    "Spread",
    "Stage",
    "Verdict",
    "Worlds",
    "compare",
    "components",
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
