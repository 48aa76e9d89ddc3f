"""Comparison of scenarios by paired differences between runs with common random numbers.

Replicate k of one scenario is paired with replicate k of another: both have the same seed and so the same draws. An
interval here covers chance only, and only as much of it as the number of replicates leaves.
"""

from atmis.analysis.comparison.differences import COLUMNS, Difference, compare
from atmis.analysis.comparison.indicators import INDICATORS, Indicator
from atmis.analysis.comparison.openings import STAGES, Opening, Stage, openings
from atmis.analysis.comparison.paired import Paired, Verdict, paired, verdict
from atmis.analysis.comparison.regret import Regret, regret
from atmis.analysis.comparison.spans import Span, pair, spans
from atmis.analysis.comparison.spillover import Spillover, spillovers
from atmis.analysis.comparison.survival import KaplanMeierCurve, SurvivalRow, survival_curves, survival_rows
from atmis.analysis.comparison.variance_components import VarianceComponents, VarianceShares, estimate_components
from atmis.analysis.comparison.worlds import Worlds
from atmis.storage.tables import table

__all__ = [
    "COLUMNS",
    "INDICATORS",
    "STAGES",
    "Difference",
    "Indicator",
    "KaplanMeierCurve",
    "Opening",
    "Paired",
    "Regret",
    "Span",
    "Spillover",
    "Stage",
    "SurvivalRow",
    "VarianceComponents",
    "VarianceShares",
    "Verdict",
    "Worlds",
    "compare",
    "estimate_components",
    "openings",
    "pair",
    "paired",
    "regret",
    "spans",
    "spillovers",
    "survival_curves",
    "survival_rows",
    "table",
    "verdict",
]
