"""Attribution of a modelled change to mechanisms, switched off one by one and together under the same draws.

The change is split among the mechanisms by Shapley values. It explains the model under its assumptions, not the world.
"""

from atmis.analysis.attribution.game import Game, check_mechanisms
from atmis.analysis.attribution.question import Question
from atmis.analysis.attribution.results import (
    CAUTION,
    Attribution,
    Change,
    CoalitionPlan,
    Contribution,
    Interaction,
    attribute,
)
from atmis.analysis.attribution.run_cache import RunCache

__all__ = [
    "CAUTION",
    "Attribution",
    "Change",
    "CoalitionPlan",
    "Contribution",
    "Game",
    "Interaction",
    "Question",
    "RunCache",
    "attribute",
    "check_mechanisms",
]
