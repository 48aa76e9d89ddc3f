"""The attacks of one run as columns, one entry for each attack, selected by masks. E attacks."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from atmis.kernel import recorder
from atmis.kernel.arrays import Bools, Ints
from atmis.runs.ensemble import Ensemble
from atmis.scenario.ground import Theatre


@dataclass(frozen=True)
class AttackLog:
    """Attacks that took place."""

    theatre: Theatre
    day: Ints  # [E] days since 1970
    zone: Ints  # [E] index of the zone in the theatre
    target: Ints  # [E] see rules.attacks
    mode: Ints  # [E]
    base: Ints  # [E] index of the base in the theatre, -1: none
    overrun: Ints  # [E] 1: the base fell
    recorded: Ints  # [E] 1: an event data set would hold it
    deaths: Ints  # [E] people, all sides

    def __len__(self) -> int:
        return len(self.day)

    def where(self, mask: Bools) -> "AttackLog":
        """The attacks that a mask [E] selects."""
        columns = {field.name: getattr(self, field.name)[mask] for field in fields(self) if field.name != "theatre"}
        return replace(self, **columns)

    def within(self, first: Any, last: Any) -> "AttackLog":
        """The attacks in the months from the first to the last."""
        start, end = day_range(first, last)
        return self.where((start <= self.day) & (self.day <= end))

    def in_zones(self, zones: Collection[str]) -> "AttackLog":
        """The attacks in some zones."""
        return self.where(np.isin(self.zone, [k for k, zone in enumerate(self.theatre.zones) if zone in zones]))

    def on_bases(self, bases: Collection[str]) -> "AttackLog":
        """The attacks on some bases."""
        return self.where(np.isin(self.base, [k for k, base in enumerate(self.theatre.bases) if base in bases]))

    def share(self, mask: Bools) -> float:
        """The share of the attacks that a mask [E] selects; NaN without attacks."""
        return float(mask.mean()) if len(self) else np.nan


def log_of_run(run: Ensemble) -> AttackLog:
    """The attacks of an ensemble's first replicate."""
    columns = dict(zip(recorder.EVENT_FIELDS, run.events.T))
    start = np.datetime64(run.scenario.period.start, "D").astype(int)
    deaths = run.events[:, recorder.EVENT_DEATHS :].sum(axis=1)
    names = ("zone", "target", "mode", "base", "overrun", "recorded")
    selected = {name: columns[name] for name in names}
    return AttackLog(run.scenario.theatre, columns["day"] + start, **selected, deaths=deaths)


def day_range(first: Any, last: Any) -> tuple[int, int]:
    """First and last day, since 1970, of the months from the first to the last."""
    start = np.datetime64(first, "M").astype("M8[D]")
    after = (np.datetime64(last, "M") + np.timedelta64(1, "M")).astype("M8[D]")
    return int(start.astype(int)), int(after.astype(int)) - 1
