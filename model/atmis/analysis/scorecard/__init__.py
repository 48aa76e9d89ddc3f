"""The scorecard: every regularity of the facts ledger beside what runs give, failures first.

`targets` reads what is to be met, `runs` measures runs (`kenya`, `somalia`, `bases`, `handovers`, by the plain
functions of `shapes` and `excitation`), `rows` judges, `texts` and `outputs` write. Nothing is fitted or chosen here.
"""

from atmis.analysis.scorecard.outputs import write_outputs
from atmis.analysis.scorecard.rows import FAIL, NEITHER, PASS, Scored, score
from atmis.analysis.scorecard.runs import HANDOVERS, PATTERNS, check, measure
from atmis.analysis.scorecard.targets import targets

__all__ = [
    "FAIL",
    "HANDOVERS",
    "NEITHER",
    "PASS",
    "PATTERNS",
    "Scored",
    "check",
    "measure",
    "score",
    "targets",
    "write_outputs",
]
