"""A run under watch: all that it consists of as it stood after each dawn and at the end of each day."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import helpers
import numpy as np

from atmis.kernel import schedule as days
from atmis.kernel.state import State, memory
from atmis.scenario.scenario import Scenario

KEPT = ("zones", "segments", "regions", "contingents", "forces", "bases", "cells", "phases", "run", "histories")


class Course:
    """A run stepped day by day. `dawn.zones["control"]` is control [days, zones] on each morning; `dusk` the evenings.

    `prepare` may change the state before day 0; `histories` is the record of each base so far.
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
        self.params, self.state, self.record, stream = helpers.start(inputs, seed, replicate, events)
        prepare(self.state)
        self._views = {name: memory(self._table(name)) for name in KEPT if name != "run"}
        first = self._blank(1)
        self._keep(first, 0)
        self.first = self._read(first)
        count = inputs.period.days
        pages = self._blank(count), self._blank(count)
        for day in range(count):
            days.open_day(self.params, self.state, self.record, stream, day)
            self._keep(pages[0], day)
            days.act_all(self.params, self.state, self.record, stream, day)
            days.close_day(self.params, self.state, self.record, stream, day)
            self._keep(pages[1], day)
        self.morning, self.evening = map(self._read, pages)

    def _table(self, name: str) -> Any:
        return self.record.bases if name == "histories" else getattr(self.state, name)

    def _blank(self, count: int) -> dict[str, Any]:
        return {name: np.empty((count, self._table(name).nbytes), np.uint8) for name in KEPT}

    def _keep(self, page: dict[str, Any], day: int) -> None:
        for name, view in self._views.items():
            page[name][day] = view
        page["run"][day] = np.frombuffer(self.state.run.tobytes(), np.uint8)

    def _read(self, page: dict[str, Any]) -> SimpleNamespace:
        made = {}
        for name, rows in page.items():
            kind = np.asarray(self._table(name)).dtype
            found = rows.view(kind) if rows.shape[1] else np.empty(rows.shape, kind)
            made[name] = found[:, 0] if name == "run" else found
        return SimpleNamespace(**made)

    @property
    def events(self) -> Any:
        """What was logged [events, fields]."""
        return self.record.events[: int(self.record.event_count[0])]
