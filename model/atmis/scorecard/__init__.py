"""The scorecard: every regularity of the facts ledger beside what runs give, failures first.

`targets` reads what is to be met, `runs` measures runs (`kenya`, `somalia`, `bases`, `handovers`, by the plain
functions of `shapes` and `excitation`), `rows` judges, `texts` and `leave` write. Nothing is fitted or chosen here.
"""

from atmis.scorecard.leave import leave
from atmis.scorecard.rows import FAIL, NEITHER, PASS, Scored, score
from atmis.scorecard.runs import HANDOVERS, PATTERNS, check, measure
from atmis.scorecard.targets import targets

__all__ = [
    "FAIL",
    "HANDOVERS",
    "NEITHER",
    "PASS",
    "PATTERNS",
    "Scored",
    "check",
    "leave",
    "measure",
    "score",
    "targets",
]
