"""Observed counts by month and zone. NaN means not recorded, which is not zero."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from atmis.analysis.observed.import_log import ImportLog
from atmis.kernel.arrays import AnyArray, Bools, Floats

FREEZE = np.datetime64("2022-03", "M")  # nothing is ever fitted to a later month
Month = Any  # np.datetime64[M], which NumPy versions type differently
Months = AnyArray  # datetime64[M]


@dataclass(frozen=True)
class ObservedCounts:
    """Counts for M consecutive months and Z zones, or countries in place of zones."""

    zones: tuple[str, ...]
    months: Months  # [M]
    events: Floats  # [M, Z] attacks
    deaths: Floats  # [M, Z] people, best estimate, all sides
    lethal: Floats  # [M, Z] attacks that killed
    kind: Literal["zone", "country"] = "zone"  # of what `zones` holds
    about: dict[str, Any] = field(default_factory=dict)  # source, version, licence, citation, file
    import_log: ImportLog = field(default_factory=ImportLog)

    def between(self, first: Month | None = None, last: Month | None = None) -> "ObservedCounts":
        """The months from `first` to `last`, both included; None: no bound."""
        inside = np.ones(len(self.months), dtype=bool)
        if first is not None:
            inside &= self.months >= first
        if last is not None:
            inside &= self.months <= last
        return self._select(inside, np.ones(len(self.zones), dtype=bool))

    def only(self, zones: Sequence[str]) -> "ObservedCounts":
        """Some of the zones, in the order of this table."""
        return self._select(np.ones(len(self.months), dtype=bool), np.isin(self.zones, list(zones)))

    def recording(self, zone: str) -> tuple[Month, Month] | None:
        """First and last month in which anything is recorded for a zone; None where nothing is."""
        column = self.zones.index(zone)
        recorded = ~(np.isnan(self.events[:, column]) & np.isnan(self.deaths[:, column]))
        return (self.months[recorded][0], self.months[recorded][-1]) if recorded.any() else None

    def _select(self, months: Bools, zones: Bools) -> "ObservedCounts":
        tables = {name: getattr(self, name)[months][:, zones] for name in ("events", "deaths", "lethal")}
        names = tuple(name for name, selected in zip(self.zones, zones, strict=True) if selected)
        return replace(self, months=self.months[months], zones=names, **tables)


def unrecorded(
    zones: Sequence[str], months: Months, import_log: ImportLog, kind: Literal["zone", "country"]
) -> ObservedCounts:
    """A table in which nothing is recorded yet: all NaN."""
    events, deaths, lethal = (np.full((len(months), len(zones)), np.nan) for _ in range(3))
    return ObservedCounts(tuple(zones), months, events, deaths, lethal, kind, import_log=import_log)


def span(first: Month, last: Month) -> Months:
    """All months from the first to the last, both included."""
    return np.arange(first, last + np.timedelta64(1, "M"))
