"""The scorecard: every regularity of the facts ledger beside the results of runs, failures first.

`regularities` reads the figures to reproduce, `measurement` measures runs (`kenya`, `somalia`, `bases`, `handovers`, by
the plain functions of `metrics` and `hawkes`), `rows` gives the verdicts, `markdown` and `outputs` write. Nothing is
fitted or chosen here.
"""

from atmis.analysis.scorecard.measurement import HANDOVERS, PATTERNS, check, measure
from atmis.analysis.scorecard.outputs import write_outputs
from atmis.analysis.scorecard.regularities import regularity_figures
from atmis.analysis.scorecard.rows import FAIL, NOT_COMPARED, PASS, ScorecardRow, score

__all__ = [
    "FAIL",
    "HANDOVERS",
    "NOT_COMPARED",
    "PASS",
    "PATTERNS",
    "ScorecardRow",
    "check",
    "measure",
    "regularity_figures",
    "score",
    "write_outputs",
]
