"""What Mesa's tools collect of a Mission: its headlines each day, and on demand its agents by kind."""

from datetime import date
from operator import attrgetter
from typing import Any

import mesa
import numpy as np

from atmis.mission.agents import Base, Cell, Contingent, Zone
from atmis.runs import summary

# attrgetter and not a text: Mesa makes a text a local function, which cannot be pickled.
_AGENTS: dict[type, tuple[str, ...]] = {
    Zone: ("name", "control", "fighters", "effective_troops", "displaced", "attacks_today"),
    Contingent: ("name", "deployed", "withdrawn", "killed"),
    Base: ("name", "zone.name", "holder", "standing", "garrison", "readiness"),
    Cell: ("name", "zone.name", "posture", "fighters"),
}
AGENT_REPORTERS = {
    kind: {name.replace(".name", ""): attrgetter(name) for name in names} for kind, names in _AGENTS.items()
}


class HeadlineCollector(mesa.DataCollector):
    """Mesa's collector of the headlines of `atmis.HEADLINES`, after each day, of the days so far.

    `batch_run` takes its rows from it: seed and replicate of the run, the last day that was run, and each headline.
    """

    def __init__(self, agents: bool) -> None:
        names = [headline.name for headline in summary.HEADLINES]
        super().__init__(
            model_reporters={
                "seed": "seed",
                "replicate": "replicate",
                "last_day": "last_day",
                **{name: [self._value, [name]] for name in names},
            },
            agenttype_reporters=AGENT_REPORTERS if agents else None,
        )
        self._values: dict[str, float | date | None] = {}

    def collect(self, model: Any) -> None:
        """Collect the headlines of a Mission; all are computed at once."""
        ensemble = model.ensemble()
        self._values = {one.name: _plain(one.function(ensemble)[0]) for one in summary.HEADLINES}
        super().collect(model)

    def _value(self, name: str) -> float | date | None:
        return self._values[name]


def _plain(value: Any) -> float | date | None:
    """A headline as a plain number, or as a date; None: never."""
    plain: float | date | None = value.item() if isinstance(value, np.datetime64) else float(value)
    return plain
