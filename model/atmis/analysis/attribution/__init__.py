"""What explains a change in the model: its mechanisms switched off one by one and together, under the same draws.

The change is split among the mechanisms by Shapley values. It explains the model under its assumptions, not the world.
"""

from atmis.analysis.attribution.attributed import (
    CAUTION,
    Attribution,
    Change,
    Contribution,
    Interaction,
    Plan,
    attribute,
)
from atmis.analysis.attribution.game import Game, check_mechanisms
from atmis.analysis.attribution.months import Question
from atmis.analysis.attribution.runs import Runs

__all__ = [
    "CAUTION",
    "Attribution",
    "Change",
    "Contribution",
    "Game",
    "Interaction",
    "Plan",
    "Question",
    "Runs",
    "attribute",
    "check_mechanisms",
]
