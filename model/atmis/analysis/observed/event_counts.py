"""Events counted by month and zone, for the zones and months in which they are recorded."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.events import Event, possible_duplicates
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.names import normalise
from atmis.analysis.observed.places import ZoneFinder
from atmis.analysis.observed.record import Month, ObservedCounts, span, unrecorded
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre


class EventLog(NamedTuple):
    """Events of a file, and the months in which its source recorded, as far as these are known."""

    events: Sequence[Event]
    first: Month | None  # None: the month of the first event of each country
    last: Month | None


def count_events(event_log: EventLog, theatre: Theatre, import_log: ImportLog) -> ObservedCounts:
    """Count events by month and zone.

    Where the start of recording is not given, a country is recorded from the month of its first event; a country
    without any event is not recorded. Months of recording without an event are zero.

    Parameters
    ----------
    event_log : the events and the months of recording
    theatre : whose zones are counted
    import_log : takes note of the events that are dropped

    Returns
    -------
    ObservedCounts
        For the zones of the countries that have events.

    Raises
    ------
    InputError
        When no event is in any country of the theatre.
    """
    starts = _recording_starts(event_log, {zone.country for zone in theatre.zones.values()})
    months = span(
        min(starts.values()), event_log.last or max(np.datetime64(event.start, "M") for event in event_log.events)
    )
    zones = tuple(name for name, zone in theatre.zones.items() if zone.country in starts)
    counts = unrecorded(zones, months, import_log, "zone")
    for column, zone in enumerate(zones):
        recorded = months >= starts[theatre.zones[zone].country]
        for table in (counts.events, counts.deaths, counts.lethal):
            table[recorded, column] = 0.0
    _add_events(event_log.events, counts, ZoneFinder(theatre))
    for keys in possible_duplicates(event_log.events):
        remark = "perhaps one event: the same day, place, parties and deaths; all are counted"
        import_log.note(remark, " and ".join(keys))
    return counts


def _recording_starts(event_log: EventLog, countries: set[str]) -> dict[str, Month]:
    """First recorded month of each country that has events."""
    starts: dict[str, Month] = {}
    for event in event_log.events:
        country, month = normalise(event.location.country), np.datetime64(event.start, "M")
        if country in countries:
            starts[country] = event_log.first or min(month, starts.get(country, month))
    if not starts:
        raise InputError(f"no event of the actor in {' or '.join(sorted(countries))}; actor=any takes events of all")
    return starts


def _add_events(events: Sequence[Event], counts: ObservedCounts, zone_finder: ZoneFinder) -> None:
    log = counts.import_log
    for event in events:
        placement, month = zone_finder(event.location), np.datetime64(event.start, "M")
        if not counts.months[:1] <= month <= counts.months[-1:]:
            log.drop("outside the months of recording", f"{event.key}: {month}")
            continue
        if placement.zone is None:
            log.drop(placement.reason, ": ".join([event.key, *event.location.names[:1]]))
            continue
        log.kept += 1
        log.note(f"placed {placement.reason}")
        if f"{event.start:%Y-%m}" != f"{event.end:%Y-%m}":
            log.note("last into another month; counted in the month of their first day", event.key)
        row, column = int(np.searchsorted(counts.months, month)), counts.zones.index(placement.zone)
        counts.events[row, column] += 1
        counts.deaths[row, column] += event.deaths
        counts.lethal[row, column] += event.deaths > 0
