"""The course of one run, day by day: what a Mission holds in the evening of each day, kept compactly."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atmis.explore.events import Evening, Happening, of_day, of_plan
from atmis.kernel import recorder
from atmis.kernel.arrays import Ints
from atmis.mission import Mission
from atmis.scenario.scenario import Scenario


@dataclass(frozen=True)
class Course:
    """One run. D days, Z zones, B bases."""

    scenario: Scenario
    attacks: Ints  # [D, Z]
    control: Ints  # [D, Z] share, in thousandths
    troops: Ints  # [D, Z] effective troops of all holders
    cells: Ints  # [D, Z] cells with fighters
    deployed: Ints  # [D] troops of the mission
    holders: Ints  # [D, B] number of the holder, see theatre.holder_ids
    standings: Ints  # [D, B] number in state.STANDINGS
    open_segments: Ints  # [D, S] 1 where the border is open
    attacked: list[tuple[int, int]]  # day and base of each attack on a base
    happenings: list[Happening]

    def told(self) -> dict[str, Any]:
        """The course as plain data, each table as what changes: columns of first values, then (day, place, value)."""
        return {
            "start": self.scenario.period.start.isoformat(),
            "days": len(self.attacks),
            "attacks": _sparse(self.attacks),
            **{name: _changes(getattr(self, name)) for name in ("control", "troops", "cells", "holders", "standings")},
            "open_segments": _changes(self.open_segments),
            "deployed": self.deployed.tolist(),
            "attacked": self.attacked,
            "happenings": [one.told() for one in self.happenings],
        }


def run(scenario: Scenario, seed: int, replicate: int) -> Course:
    """One run to its end."""
    mission = Mission(scenario, rng=seed, replicate=replicate)
    before, evenings = Evening.of(mission), []
    happenings = list(of_plan(scenario))
    while mission.running:
        mission.step()
        evening = Evening.of(mission)
        happenings += of_day(mission, before, evening)
        evenings.append(evening)
        before = evening
    kept = recorder.DAILY_ATTACKS
    events = mission.record.events[: int(mission.record.event_count[0])]
    at_bases = events[events[:, recorder.EVENT_BASE] >= 0]
    return Course(
        scenario=scenario,
        attacks=mission.record.daily[kept].astype(np.int64),
        attacked=at_bases[:, [recorder.EVENT_DAY, recorder.EVENT_BASE]].tolist(),
        happenings=sorted(happenings, key=lambda one: one.day),
        **{name: np.array([getattr(one, name) for one in evenings]) for name in Evening.TABLES},
    )


def _sparse(table: Ints) -> list[list[int]]:
    """(day, place, value) of what is not zero."""
    days, places = np.nonzero(table)
    return np.stack([days, places, table[days, places]], axis=1).tolist()  # type: ignore[no-any-return]


def _changes(table: Ints) -> dict[str, Any]:
    """The first row, and (day, place, value) of each change after it."""
    days, places = np.nonzero(table[1:] != table[:-1])
    later = np.stack([days + 1, places, table[days + 1, places]], axis=1)
    return {"first": table[0].tolist(), "later": later.tolist()}
