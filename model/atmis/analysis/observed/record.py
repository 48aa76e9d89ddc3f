"""Counts that were observed, by month and zone. NaN: not recorded, which is not zero."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from atmis.analysis.observed.import_log import Account
from atmis.kernel.arrays import AnyArray, Bools, Floats

FREEZE = np.datetime64("2022-03", "M")  # nothing after it is ever fitted to
Month = Any  # np.datetime64[M], which NumPy versions type differently
Months = AnyArray  # datetime64[M]


@dataclass(frozen=True)
class Observed:
    """M months without a gap, Z zones; or countries in their place."""

    zones: tuple[str, ...]
    months: Months  # [M]
    events: Floats  # [M, Z] attacks
    deaths: Floats  # [M, Z] people, best estimate, all sides
    lethal: Floats  # [M, Z] attacks that killed
    of: Literal["zone", "country"] = "zone"
    about: dict[str, Any] = field(default_factory=dict)  # source, version, licence, citation, file
    account: Account = field(default_factory=Account)

    def between(self, first: Month | None = None, last: Month | None = None) -> "Observed":
        """The months from `first` to `last`, both included."""
        inside = np.ones(len(self.months), dtype=bool)
        if first is not None:
            inside &= self.months >= first
        if last is not None:
            inside &= self.months <= last
        return self._cut(inside, np.ones(len(self.zones), dtype=bool))

    def only(self, zones: Sequence[str]) -> "Observed":
        """Some of the zones, in the order of this table."""
        return self._cut(np.ones(len(self.months), dtype=bool), np.isin(self.zones, list(zones)))

    def recording(self, zone: str) -> tuple[Month, Month] | None:
        """First and last month in which anything of a zone is recorded."""
        column = self.zones.index(zone)
        known = ~(np.isnan(self.events[:, column]) & np.isnan(self.deaths[:, column]))
        return (self.months[known][0], self.months[known][-1]) if known.any() else None

    def _cut(self, months: Bools, zones: Bools) -> "Observed":
        kept = {name: getattr(self, name)[months][:, zones] for name in ("events", "deaths", "lethal")}
        names = tuple(name for name, kept_ in zip(self.zones, zones, strict=True) if kept_)
        return replace(self, months=self.months[months], zones=names, **kept)


def unrecorded(zones: Sequence[str], months: Months, account: Account, of: Literal["zone", "country"]) -> Observed:
    """A table in which nothing is recorded yet."""
    events, deaths, lethal = (np.full((len(months), len(zones)), np.nan) for _ in range(3))
    return Observed(tuple(zones), months, events, deaths, lethal, of, account=account)


def span(first: Month, last: Month) -> Months:
    """All months from the first to the last."""
    return np.arange(first, last + np.timedelta64(1, "M"))
