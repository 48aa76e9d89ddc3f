"""Scenarios compared: differences between pairs of runs that share their luck, and the headlines made of them.

Replicate k of one scenario pairs with replicate k of another: both have the same seed and so the same draws (common
random numbers). An interval here holds chance only, and only as much of it as so many replicates leave.
"""

from atmis.analysis.comparison.differences import COLUMNS, Difference, compare
from atmis.analysis.comparison.indicators import INDICATORS, Indicator
from atmis.analysis.comparison.openings import STAGES, Opening, Stage, openings
from atmis.analysis.comparison.paired import Paired, Verdict, paired
from atmis.analysis.comparison.regret import Regret, regret
from atmis.analysis.comparison.spans import Span, pair, spans
from atmis.analysis.comparison.spillover import Spillover, spillovers
from atmis.analysis.comparison.survival import Curve, Held, curves, holding
from atmis.analysis.comparison.variance_components import Components, Spread, components
from atmis.analysis.comparison.worlds import Worlds
from atmis.storage.tables import table

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
