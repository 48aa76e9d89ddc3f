"""Events counted by month and zone, for the zones and months in which they are recorded."""

from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.events import Events, possible_duplicates
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.places import ZoneFinder
from atmis.analysis.observed.record import Month, ObservedCounts, span, unrecorded
from atmis.analysis.observed.recording import Day, first_edge, last_edge, note_edge, without_far_dates
from atmis.kernel.arrays import AnyArray, Ints
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre

_KEYS_TOLD = 3  # of rows that may be one event

Bounds = tuple[Month | None, Month | None]


class _PlacedEvents(NamedTuple):
    """Events with their month, their zone and how it was found, and their country."""

    events: Events
    months: AnyArray  # [N] datetime64[M]
    zones: list[str]  # of the theatre
    zone: Ints  # [N] index into zones; -1: none
    reasons: dict[str, int]
    reason: Ints  # [N] index of the reason
    countries: list[str]  # of the theatre
    country: Ints  # [N] index into countries; -1: another one


def count_events(events: Events, bounds: Bounds, theatre: Theatre, import_log: ImportLog) -> ObservedCounts:
    """Count events by month and zone.

    Where the start of recording is not given, a country is recorded from the month of its first event; a country
    without any event is not recorded. Months of recording without an event are zero.

    Parameters
    ----------
    events : of a file
    bounds : first and last month in which its source recorded; None: as the file shows, see `recording`
    theatre : whose zones are counted
    import_log : takes note of what becomes of each event

    Returns
    -------
    ObservedCounts
        For the zones of the countries that have events.

    Raises
    ------
    InputError
        When no event is in any country of the theatre.
    """
    placed = _place(events, theatre)
    starts, last = _recording_months(placed, bounds, import_log)
    if not starts:
        countries = " or ".join(sorted({zone.country for zone in theatre.zones.values()}))
        raise InputError(f"no event of the actor in {countries}; actor=any takes events of all")
    months = span(min(starts.values()), max(last, min(starts.values())))
    zones = tuple(name for name, zone in theatre.zones.items() if zone.country in starts)
    counts = unrecorded(zones, months, import_log, "zone")
    for column, zone in enumerate(zones):
        recorded = months >= starts[theatre.zones[zone].country]
        for table in (counts.events, counts.deaths, counts.lethal):
            table[recorded, column] = 0.0
    _note_duplicates(events, import_log)
    _add_events(placed, counts)
    return counts


def _note_duplicates(events: Events, import_log: ImportLog) -> None:
    for rows in possible_duplicates(events):
        keys = " and ".join(map(events.open_rows.describe, rows[:_KEYS_TOLD]))
        more = f" and {len(rows) - _KEYS_TOLD:,} more" if len(rows) > _KEYS_TOLD else ""
        import_log.note("perhaps one event: the same day, place, parties and deaths; all are counted", keys + more)


def _place(events: Events, theatre: Theatre) -> _PlacedEvents:
    """Find the zone and country of each location once."""
    zone_finder, zones, reasons = ZoneFinder(theatre), list(theatre.zones), dict[str, int]()
    countries: list[str] = sorted({zone.country for zone in theatre.zones.values()})
    found = np.zeros((len(events.locations.rows) or 1, 3), dtype=np.int16)
    for k, location in enumerate(events.locations):
        placement = zone_finder(location)
        zone = -1 if placement.zone is None else zones.index(placement.zone)
        country = zone_finder.country(location, placement)
        reason = reasons.setdefault(placement.reason, len(reasons))
        found[k] = zone, reason, countries.index(country) if country else -1
    index, months = events.locations.index, events.starts.astype("datetime64[M]")
    return _PlacedEvents(events, months, zones, found[index, 0], reasons, found[index, 1], countries, found[index, 2])


def _recording_months(placed: _PlacedEvents, bounds: Bounds, import_log: ImportLog) -> tuple[dict[str, Month], Month]:
    """The first month of each country with events, and the last of all: as bounds say, else as the dates show."""
    rows, days = placed.events.open_rows, placed.events.starts
    if not rows.mask.any():
        return {}, None
    dates = np.sort(days[~np.isnat(days)])
    near = without_far_dates(dates)
    _drop_far(placed, (near if bounds[0] is None else dates)[0], (near if bounds[1] is None else dates)[-1])
    begin, end = first_edge(near), last_edge(near)
    first, last = _or(bounds[0], begin.month + (not begin.is_whole)), _or(bounds[1], end.month - (not end.is_whole))
    starts = _first_months(placed, first, last, bounds[0])
    others = bool(starts)  # months than those of the edges
    if not others:
        first, last = _or(bounds[0], begin.month), _or(bounds[1], end.month)
        starts = _first_months(placed, first, last, bounds[0])
    if bounds[0] is None and starts and min(starts.values()) <= begin.month + 1:
        note_edge(begin, begin.is_whole or not others, len(days), import_log)
    if bounds[1] is None:
        note_edge(end, end.is_whole or not others, len(days), import_log)
    return starts, last


def _or(month: Month | None, otherwise: Month) -> Month:
    return otherwise if month is None else month


def _first_months(placed: _PlacedEvents, first: Month, last: Month, stated: Month | None) -> dict[str, Month]:
    """The first month of recording of each country: the stated one, or that of its first event within two months."""
    rows = placed.events.open_rows.mask & (placed.months <= last)
    within = rows & (placed.months >= first)
    starts = {}
    for code in sorted(set(placed.country[rows].tolist()) - {-1}):
        country, months = placed.countries[code], placed.months[within & (placed.country == code)]
        if stated is not None or len(months):
            starts[country] = _or(stated, months.min() if len(months) else first)
    return starts


def _drop_far(placed: _PlacedEvents, first: Day, last: Day) -> None:
    """Drop the events that stand far before the first day or after the last."""
    rows, days = placed.events.open_rows, placed.events.starts
    with rows.described_by(lambda row: str(days[row])):
        far = (days < first) | (days > last)
        rows.drop(far, f"more than a year from all other dates, {first} to {last}; start= or end= keeps them")


def _add_events(placed: _PlacedEvents, counts: ObservedCounts) -> None:
    """Count the events that are left, each in its month and zone."""
    events, rows = placed.events, placed.events.open_rows
    outside = (placed.months < counts.months[0]) | (placed.months > counts.months[-1])
    with rows.described_by(lambda row: str(placed.months[row])):
        rows.drop(outside, "outside the months of recording")
    columns = np.array([*(counts.zones.index(zone) if zone in counts.zones else -1 for zone in placed.zones), -1])
    column = columns[placed.zone]
    kept = np.flatnonzero(rows.mask & (column >= 0))
    cells = ((placed.months[kept] - counts.months[0]).astype(int), column[kept])
    deaths = events.deaths[kept]
    for table, values in ((counts.events, 1), (counts.deaths, deaths), (counts.lethal, deaths > 0)):
        np.add.at(table, cells, values)
    rows.note(events.is_lasting & (column >= 0), "last into another month; counted in the month of their first day")
    _close(placed)


def _close(placed: _PlacedEvents) -> None:
    """Put each event that is left into the line that says how it was placed, or why not."""
    rows = placed.events.open_rows
    with rows.described_by(lambda row: "".join(placed.events.locations.of(row).names[:1])):
        for reason, code in placed.reasons.items():
            rows.keep((placed.reason == code) & (placed.zone >= 0), f"placed {reason}")
            rows.drop((placed.reason == code) & (placed.zone < 0), reason)
