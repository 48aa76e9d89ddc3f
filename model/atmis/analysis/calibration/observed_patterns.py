"""What runs are fitted to: the patterns of a record of events, and mean levels of attacks from the facts ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from atmis import facts
from atmis.analysis.observed import FREEZE, ObservedCounts
from atmis.kernel.arrays import Floats
from atmis.runs.patterns import Patterns, Window, of_levels, of_record
from atmis.scenario.calibration import Calibration, Levels
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.ground import Theatre
from atmis.scenario.scenario import Period, Scenario


@dataclass(frozen=True)
class ObservedPatterns:
    """The patterns to compare, and their values in the record."""

    patterns: Patterns
    values: dict[str, float]

    def in_order(self, names: tuple[str, ...]) -> Floats:
        """The values [M] in the order of some names."""
        return np.array([self.values[name] for name in names])


def observed_patterns(calibration: Calibration, record: ObservedCounts, scenario: Scenario) -> ObservedPatterns:
    """The patterns of a record that a calibration fits.

    Parameters
    ----------
    calibration : says which months, and which levels of the facts ledger
    record : observed counts; zones with a gap in the window are left out
    scenario : must run through all these months

    Returns
    -------
    ObservedPatterns
        Of the record, and of the levels if any.

    Raises
    ------
    InputError
        When months are not run, not recorded or too late to be fitted to, or the ledger holds no such levels.
    """
    period, theatre = scenario.period, scenario.theatre
    _check_months(calibration, period)
    first, last = calibration.window.first, calibration.window.last
    counts = record.between(np.datetime64(first, "M"), np.datetime64(last, "M")).only(
        _complete_zones(calibration, record)
    )
    values = of_record(counts.zones, *(table[None] for table in (counts.events, counts.lethal, counts.deaths)))
    levels = None
    if calibration.levels is not None:
        levels, means = _levels(calibration.levels, theatre)
        values |= of_levels(levels.zones, means, levels.months)
    patterns = Patterns(Window(first, last, counts.zones), levels)
    return ObservedPatterns(patterns, {name: float(value[0]) for name, value in values.items()})


def _check_months(calibration: Calibration, period: Period) -> None:
    """Raise InputError for months that must not be fitted to, and months that are not run."""
    start, end = (np.datetime64(day, "M") for day in (period.start, period.end))
    for key, months in (("window", calibration.window), ("levels", calibration.levels)):
        if months is None:
            continue
        first, last = np.datetime64(months.first, "M"), np.datetime64(months.last, "M")
        if last > FREEZE:
            raise InputError(
                f"calibration.{key}: last is {last}; allowed: {FREEZE} at the latest, nothing later is fitted to"
            )
        if first < start or last > end:
            raise InputError(
                f"calibration.{key}: {first} to {last} is not within the months that are run, {start} to {end} "
                "(period.start, period.end)"
            )


def _complete_zones(calibration: Calibration, record: ObservedCounts) -> tuple[str, ...]:
    """Zones for which events and deaths are recorded in every month of the window."""
    first, last = (np.datetime64(month, "M") for month in (calibration.window.first, calibration.window.last))
    inside = record.between(first, last)
    complete = np.asarray(~np.isnan(np.stack([inside.events, inside.lethal, inside.deaths])).any(axis=(0, 1)))
    zones = tuple(zone for zone, is_complete in zip(record.zones, complete.tolist()) if is_complete)
    if len(inside.months) < int((last - first).astype(int)) + 1 or not zones:
        raise InputError(
            f"calibration.window: no zone of '{calibration.observed}' has a record of every month from "
            f"{calibration.window.first} to {calibration.window.last}"
        )
    return zones


def _levels(levels: Levels, theatre: Theatre) -> tuple[Window, Floats]:
    """Zones and mean levels [1, Z] of a fact."""
    keys = {zone.name: key for key, zone in theatre.zones.items()}
    ledger = {key: fact.value for key, fact in facts.facts().items() if _is_by_zone(fact.value, keys)}
    if levels.fact not in ledger:
        raise InputError(
            f"calibration.levels.fact: the ledger holds no levels '{levels.fact}'{suggest(levels.fact, ledger)}"
        )
    means = {keys[name]: float(value) for name, value in ledger[levels.fact].items() if name in keys}
    return Window(levels.first, levels.last, tuple(means)), np.array([list(means.values())])


def _is_by_zone(value: Any, names: Mapping[str, str]) -> bool:
    return isinstance(value, Mapping) and any(name in names for name in value)
