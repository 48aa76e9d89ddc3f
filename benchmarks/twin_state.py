"""The part of the twin that its agents see: the scenario, the day, the map, and the group's common state.

It knows no class of agents, so that imports run one way: ground, state, agents, plan, twin.
"""

from math import exp, floor
from typing import Any

import mesa
from twin_ground import Ground

BASE_SIDES = {"mission_base": "mission", "host_base": "host", "border_base": "home"}
TARGETS = ("mission_base", "host_base", "border_base", "security", "civilians")
MODES = ("clash", "ied", "raid", "suicide")
MODE_COUNTS = {"clash": "clashes", "ied": "ieds", "raid": "raids", "suicide": "suicides"}


class TwinState(mesa.Model):
    """A scenario, its map, and what holds for all zones and cells alike."""

    def __init__(self, scenario: Any, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.inputs = scenario  # Mesa 3.5 has a `scenario` of its own
        self.day = -1
        self.ground = Ground(scenario.theatre, scenario.society.presence.reach_km)
        self.capability, self.loot, self.funds = 1.0, 0.0, 1.0
        group = scenario.opposition
        self.excitation_kept = exp(-1 / group.excitation.memory_days)
        self.excitation_per_attack = group.excitation.branching * (1 - self.excitation_kept) / self.excitation_kept
        self.target_weights = {True: group.targets.kenya.model_dump(), False: group.targets.somalia.model_dump()}
        self.lethality = {}
        for target in TARGETS:
            for kenyan, country in ((True, "kenya"), (False, "somalia")):
                record = getattr(group.severity, target if target in BASE_SIDES else f"{target}_{country}")
                self.lethality[target, kenyan] = record.lethal, record.median

    def round(self, x: float) -> int:
        """Stochastic rounding."""
        whole = floor(x)
        return whole + 1 if self.random.random() < x - whole else whole
