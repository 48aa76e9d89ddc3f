"""A run under watch: all that it consists of as it stood after each dawn and at the end of each day."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import helpers
import numpy as np

from atmis import day as days
from atmis.scenario.scenario import Scenario
from atmis.state import State, memory

KEPT = ("zones", "segments", "regions", "contingents", "forces", "bases", "cells", "phases", "run")


class Course:
    """A run stepped day by day. `dawn.zones["control"]` is control [days, zones] on each morning; `dusk` the evenings.

    `prepare` may change the state before day 0.
    """

    def __init__(
        self,
        inputs: Scenario,
        seed: int = 1,
        replicate: int = 0,
        events: int = 0,
        prepare: Callable[[State], None] = lambda state: None,
    ) -> None:
        self.inputs = inputs
        self.world, self.state, self.record, chance = helpers.start(inputs, seed, replicate, events)
        prepare(self.state)
        self.first = {name: np.array(getattr(self.state, name)) for name in KEPT}
        count = inputs.period.days
        pages = [{name: np.empty((count, _bytes(self.state, name).size), np.uint8) for name in KEPT} for _ in range(2)]
        for day in range(count):
            days.dawn(self.world, self.state, self.record, chance, day)
            self._keep(pages[0], day)
            days.cells_act(self.world, self.state, self.record, chance, day)
            days.dusk(self.world, self.state, self.record, chance, day)
            self._keep(pages[1], day)
        self.dawn, self.dusk = (SimpleNamespace(**{name: self._read(page, name) for name in KEPT}) for page in pages)

    def _keep(self, page: dict[str, Any], day: int) -> None:
        for name, rows in page.items():
            rows[day] = _bytes(self.state, name)

    def _read(self, page: dict[str, Any], name: str) -> Any:
        kind = np.asarray(getattr(self.state, name)).dtype
        rows = page[name]
        made = rows.view(kind) if rows.shape[1] else np.empty(rows.shape, kind)
        return made[:, 0] if name == "run" else made

    @property
    def events(self) -> Any:
        """What was logged [events, fields]."""
        return self.record.events[: int(self.record.event_count[0])]


def _bytes(state: State, name: str) -> Any:
    table = getattr(state, name)
    return np.frombuffer(table.tobytes(), np.uint8) if name == "run" else memory(table)
