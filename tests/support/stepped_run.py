"""A run stepped day by day: its tables as they were after the opening of each day and at the end of it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import helpers
import numpy as np

from atmis.kernel import schedule as days
from atmis.kernel.state import State, memory
from atmis.scenario.scenario import Scenario

TABLES = ("zones", "segments", "regions", "contingents", "forces", "bases", "cells", "phases", "run", "histories")


class SteppedRun:
    """A run and the history of its tables.

    `morning.zones["control"]` is control [days, zones] once each day is opened, `evening` the same once it is closed,
    `first` the state before day 0. `prepare` may change that state; `histories` is the record of each base so far.
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
        self._views = {name: memory(self._table(name)) for name in TABLES if name != "run"}
        first = self._blank(1)
        self._save(first, 0)
        self.first = self._as_tables(first)
        count = inputs.period.days
        pages = self._blank(count), self._blank(count)
        for day in range(count):
            days.open_day(self.params, self.state, self.record, stream, day)
            self._save(pages[0], day)
            days.act_all(self.params, self.state, self.record, stream, day)
            days.close_day(self.params, self.state, self.record, stream, day)
            self._save(pages[1], day)
        self.morning, self.evening = map(self._as_tables, pages)

    def _table(self, name: str) -> Any:
        return self.record.bases if name == "histories" else getattr(self.state, name)

    def _blank(self, count: int) -> dict[str, Any]:
        return {name: np.empty((count, self._table(name).nbytes), np.uint8) for name in TABLES}

    def _save(self, page: dict[str, Any], day: int) -> None:
        for name, view in self._views.items():
            page[name][day] = view
        page["run"][day] = np.frombuffer(self.state.run.tobytes(), np.uint8)

    def _as_tables(self, page: dict[str, Any]) -> SimpleNamespace:
        tables = {}
        for name, rows in page.items():
            dtype = np.asarray(self._table(name)).dtype
            table = rows.view(dtype) if rows.shape[1] else np.empty(rows.shape, dtype)
            tables[name] = table[:, 0] if name == "run" else table
        return SimpleNamespace(**tables)

    @property
    def events(self) -> Any:
        """The log of events [events, fields]."""
        return self.record.events[: int(self.record.event_count[0])]
