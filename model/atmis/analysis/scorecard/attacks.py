"""The attacks of one run, one by one, as columns; what is asked of them is asked by masks. E attacks."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from atmis.kernel import recorder
from atmis.kernel.arrays import Bools, Ints
from atmis.runs.ensemble import Ensemble
from atmis.scenario.ground import Theatre


@dataclass(frozen=True)
class Attacks:
    """Attacks that took place."""

    theatre: Theatre
    day: Ints  # [E] days since 1970
    zone: Ints  # [E] number of the zone in the theatre
    target: Ints  # [E] see rules.attacks
    mode: Ints  # [E]
    base: Ints  # [E] number of the base in the theatre, -1: none
    overrun: Ints  # [E] 1: the base fell
    recorded: Ints  # [E] 1: an event data set would hold it
    deaths: Ints  # [E] people, all sides

    def __len__(self) -> int:
        return len(self.day)

    def where(self, chosen: Bools) -> "Attacks":
        """Some of them."""
        columns = {one.name: getattr(self, one.name)[chosen] for one in fields(self) if one.name != "theatre"}
        return replace(self, **columns)

    def within(self, first: Any, last: Any) -> "Attacks":
        """Those in the months from the first to the last."""
        start, end = days(first, last)
        return self.where((start <= self.day) & (self.day <= end))

    def in_zones(self, zones: Collection[str]) -> "Attacks":
        """Those in some zones."""
        return self.where(np.isin(self.zone, [k for k, one in enumerate(self.theatre.zones) if one in zones]))

    def on_bases(self, bases: Collection[str]) -> "Attacks":
        """Those on some bases."""
        return self.where(np.isin(self.base, [k for k, one in enumerate(self.theatre.bases) if one in bases]))

    def share(self, chosen: Bools) -> float:
        """The share of them that some are."""
        return float(chosen.mean()) if len(self) else np.nan


def of_run(one: Ensemble) -> Attacks:
    """The attacks of an ensemble's first replicate."""
    columns = dict(zip(recorder.EVENT_FIELDS, one.events.T))
    start = np.datetime64(one.scenario.period.start, "D").astype(int)
    deaths = one.events[:, recorder.EVENT_DEATHS :].sum(axis=1)
    names = ("zone", "target", "mode", "base", "overrun", "recorded")
    kept = {name: columns[name] for name in names}
    return Attacks(one.scenario.theatre, columns["day"] + start, **kept, deaths=deaths)


def days(first: Any, last: Any) -> tuple[int, int]:
    """First and last day, since 1970, of some months."""
    start, after = (
        np.datetime64(first, "M").astype("M8[D]"),
        (np.datetime64(last, "M") + np.timedelta64(1, "M")).astype("M8[D]"),
    )
    return int(start.astype(int)), int(after.astype(int)) - 1
