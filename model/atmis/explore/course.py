"""The course of one run: the state of a Mission at the end of each day, in compact form."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atmis.explore.events import CourseEvent, DayEnd, day_events, plan_events
from atmis.kernel import recorder
from atmis.kernel.arrays import Ints
from atmis.mission import Mission
from atmis.scenario.scenario import Scenario


@dataclass(frozen=True)
class Course:
    """One run, day by day. D days, Z zones, B bases, S border segments."""

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
    events: list[CourseEvent]

    def to_dict(self) -> dict[str, Any]:
        """The course as plain data; each table as its first row and its changes, (day, column, value)."""
        return {
            "start": self.scenario.period.start.isoformat(),
            "days": len(self.attacks),
            "attacks": _sparse(self.attacks),
            **{name: _changes(getattr(self, name)) for name in ("control", "troops", "cells", "holders", "standings")},
            "open_segments": _changes(self.open_segments),
            "deployed": self.deployed.tolist(),
            "attacked": self.attacked,
            "happenings": [event.to_dict() for event in self.events],
        }


def run(scenario: Scenario, seed: int, replicate: int) -> Course:
    """Simulate one replicate to its end."""
    mission = Mission(scenario, rng=seed, replicate=replicate, collect="nothing")
    before, days = DayEnd.of(mission), []
    events = list(plan_events(scenario))
    while mission.running:
        mission.step()
        after = DayEnd.of(mission)
        events += day_events(mission, before, after)
        days.append(after)
        before = after
    attacks = mission.record.events[: int(mission.record.event_count[0])]
    at_bases = attacks[attacks[:, recorder.EVENT_BASE] >= 0]
    return Course(
        scenario=scenario,
        attacks=mission.record.daily[recorder.DAILY_ATTACKS].astype(np.int64),
        attacked=at_bases[:, [recorder.EVENT_DAY, recorder.EVENT_BASE]].tolist(),
        events=sorted(events, key=lambda event: event.day),
        **{name: np.array([getattr(day, name) for day in days]) for name in DayEnd.TABLES},
    )


def _sparse(table: Ints) -> list[list[int]]:
    """The nonzero values: (day, column, value)."""
    days, columns = np.nonzero(table)
    entries: list[list[int]] = np.stack([days, columns, table[days, columns]], axis=1).tolist()
    return entries


def _changes(table: Ints) -> dict[str, Any]:
    """The first row, and each change after it: (day, column, value)."""
    days, columns = np.nonzero(table[1:] != table[:-1])
    later = np.stack([days + 1, columns, table[days + 1, columns]], axis=1)
    return {"first": table[0].tolist(), "later": later.tolist()}
