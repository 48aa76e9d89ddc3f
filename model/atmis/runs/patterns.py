"""Patterns by which runs and a record of events are compared: levels, quiet months, swings, memory, who dies.

All are made of the same tables of events, lethal events and deaths by month and zone, simulated (as an event data set
would see them) or observed. R runs, M months, Z zones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import Ensemble


@dataclass(frozen=True)
class Window:
    """Months and zones in which something is counted; months as YYYY-MM, both ends included."""

    first: str
    last: str
    zones: tuple[str, ...]

    def of(self, ensemble: Ensemble, indicator: str) -> Floats:
        """An indicator [R, M, Z] in this window."""
        months, zones = np.array(ensemble.months), list(ensemble.scenario.theatre.zones)
        inside = (np.datetime64(self.first, "M") <= months) & (months <= np.datetime64(self.last, "M"))
        return ensemble.indicator(indicator)[:, inside][..., [zones.index(zone) for zone in self.zones]]

    @property
    def months(self) -> int:
        """Number of months."""
        return int(np.datetime64(self.last, "M") - np.datetime64(self.first, "M")) + 1


@dataclass(frozen=True)
class Patterns:
    """What is compared: events on record in a window, and mean levels of attacks that took place in another."""

    record: Window
    levels: Window | None = None

    def content(self) -> dict[str, Any]:
        """As plain data."""
        windows = {"record": self.record, "levels": self.levels}
        return {name: {"first": w.first, "last": w.last, "zones": list(w.zones)} for name, w in windows.items() if w}

    @classmethod
    def of_content(cls, content: Mapping[str, Any]) -> "Patterns":
        """Patterns read back."""
        made = {name: Window(w["first"], w["last"], tuple(w["zones"])) for name, w in content.items()}
        return cls(**made)

    def of(self, ensemble: Ensemble) -> dict[str, Floats]:
        """Every pattern of each run [R], by name."""
        seen = [self.record.of(ensemble, f"recorded_{what}") for what in ("attacks", "lethal", "deaths")]
        found = of_record(self.record.zones, *seen)
        if self.levels:
            attacks = self.levels.of(ensemble, "attacks").mean(axis=1)
            found |= of_levels(self.levels.zones, attacks, self.levels.months)
        return found


def of_record(zones: Sequence[str], events: Floats, lethal: Floats, deaths: Floats) -> dict[str, Floats]:
    """Patterns [R] of events, lethal events and deaths [R, M, Z] on record."""
    together, months = events.sum(axis=2), events.shape[1]
    found = of_levels(zones, events.mean(axis=1), months)
    for k, zone in enumerate(zones):
        found[f"{zone}.quiet"] = (events[..., k] == 0).mean(axis=1)
        found[f"{zone}.dispersion"] = dispersion(events[..., k])
    found["together.dispersion"] = dispersion(together)
    for lag in (1, 2):
        found[f"together.memory_{lag}"] = autocorrelation(together, lag)
    found["together.lethal"] = _share(lethal.sum(axis=(1, 2)), events.sum(axis=(1, 2)))
    found["together.deaths"] = _typical_deaths(lethal, deaths)
    return found


def of_levels(zones: Sequence[str], means: Floats, months: int) -> dict[str, Floats]:
    """Log of mean counts a month [R, Z]; half an event in all stands for none."""
    return {f"{zone}.level": np.log(np.maximum(means[:, k], 0.5 / months)) for k, zone in enumerate(zones)}


def dispersion(counts: Floats) -> Floats:
    """Variance over mean [R] of counts [R, M]; 1, as of a Poisson process, where there is none."""
    mean = counts.mean(axis=1)
    return np.where(mean > 0, counts.var(axis=1, ddof=1) / np.where(mean > 0, mean, 1.0), 1.0)


def autocorrelation(counts: Floats, lag: int) -> Floats:
    """Autocorrelation [R] of counts [R, M] at a lag of months; 0 where they do not vary."""
    apart = counts - counts.mean(axis=1, keepdims=True)
    whole = (apart**2).sum(axis=1)
    return np.where(whole > 0, (apart[:, lag:] * apart[:, :-lag]).sum(axis=1) / np.where(whole > 0, whole, 1.0), 0.0)


def _share(part: Floats, whole: Floats) -> Floats:
    return part / np.maximum(whole, 1.0)


def _typical_deaths(lethal: Floats, deaths: Floats) -> Floats:
    """Median [R], over months and zones with a lethal event, of the deaths of one; 0 where there is none.

    A median, for one massacre would outweigh all else (Garissa University, 2 April 2015).
    """
    each = np.where(lethal > 0, deaths / np.maximum(lethal, 1.0), np.nan).reshape(len(lethal), -1)
    found = np.zeros(len(each))
    some = ~np.isnan(each).all(axis=1)
    found[some] = np.nanmedian(each[some], axis=1)
    return found
