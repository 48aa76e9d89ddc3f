"""What runs are to look like: the patterns of a record of events, and levels that the facts ledger holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from atmis import facts
from atmis.analysis.observed import FREEZE, Observed
from atmis.kernel.arrays import Floats
from atmis.runs.patterns import Patterns, Window, of_levels, of_record
from atmis.scenario.calibration import Calibration, Levels
from atmis.scenario.errors import InputError, nearest
from atmis.scenario.ground import Theatre
from atmis.scenario.scenario import Period, Scenario


@dataclass(frozen=True)
class Target:
    """The patterns to look for, and their values in the record."""

    patterns: Patterns
    values: dict[str, float]

    def of(self, names: tuple[str, ...]) -> Floats:
        """The values [M] in the order of some names."""
        return np.array([self.values[name] for name in names])


def target(calibration: Calibration, record: Observed, scenario: Scenario) -> Target:
    """The target of a calibration. Raises InputError where the record or the ledger cannot serve."""
    period, theatre = scenario.period, scenario.theatre
    _check_months(calibration, period)
    window = Window(calibration.window.first, calibration.window.last, _recorded(calibration, record))
    kept = record.between(np.datetime64(window.first, "M"), np.datetime64(window.last, "M")).only(window.zones)
    window = Window(window.first, window.last, kept.zones)
    found = of_record(kept.zones, *(table[None] for table in (kept.events, kept.lethal, kept.deaths)))
    levels = None
    if calibration.levels is not None:
        levels, means = _levels(calibration.levels, theatre)
        found |= of_levels(levels.zones, means, levels.months)
    return Target(Patterns(window, levels), {name: float(value[0]) for name, value in found.items()})


def _check_months(calibration: Calibration, period: Period) -> None:
    """Raise InputError for months that nothing is fitted to, and months that are not run."""
    start, end = (np.datetime64(day, "M") for day in (period.start, period.end))
    for key, asked in (("window", calibration.window), ("levels", calibration.levels)):
        if asked is None:
            continue
        first, last = np.datetime64(asked.first, "M"), np.datetime64(asked.last, "M")
        if last > FREEZE:
            raise InputError(
                f"calibration.{key}: last is {last}; allowed: {FREEZE} at the latest, nothing later is fitted to"
            )
        if first < start or last > end:
            raise InputError(
                f"calibration.{key}: {first} to {last} is not within the months that are run, {start} to {end} "
                "(period.start, period.end)"
            )


def _recorded(calibration: Calibration, record: Observed) -> tuple[str, ...]:
    """Zones of which every month of the window is recorded, with the deaths."""
    first, last = (np.datetime64(month, "M") for month in (calibration.window.first, calibration.window.last))
    inside = record.between(first, last)
    whole = np.asarray(~np.isnan(np.stack([inside.events, inside.lethal, inside.deaths])).any(axis=(0, 1)))
    zones = tuple(zone for zone, is_whole in zip(record.zones, whole.tolist()) if is_whole)
    if len(inside.months) < int((last - first).astype(int)) + 1 or not zones:
        raise InputError(
            f"calibration.window: no zone of '{calibration.observed}' has a record of every month from "
            f"{calibration.window.first} to {calibration.window.last}"
        )
    return zones


def _levels(levels: Levels, theatre: Theatre) -> tuple[Window, Floats]:
    """Zones and mean levels [1, Z] of a fact."""
    names = {zone.name: key for key, zone in theatre.zones.items()}
    ledger = {key: fact.value for key, fact in facts.facts().items() if _is_of_zones(fact.value, names)}
    if levels.fact not in ledger:
        raise InputError(
            f"calibration.levels.fact: the ledger holds no levels '{levels.fact}'{nearest(levels.fact, ledger)}"
        )
    told = {names[name]: float(value) for name, value in ledger[levels.fact].items() if name in names}
    return Window(levels.first, levels.last, tuple(told)), np.array([list(told.values())])


def _is_of_zones(value: Any, names: Mapping[str, str]) -> bool:
    return isinstance(value, Mapping) and any(name in names for name in value)
