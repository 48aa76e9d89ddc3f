"""Counts that come as a table: by month and zone (long or wide form), or by month and country."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from atmis.analysis.observed.dates import parse_month
from atmis.analysis.observed.events import parse_count
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.names import normalise, place_name, zone_names
from atmis.analysis.observed.record import Month, ObservedCounts, span, unrecorded
from atmis.analysis.observed.table import Table, rows
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.ground import Theatre

ISO = {"ken": "kenya", "som": "somalia"}
VALUES = ("events", "deaths", "lethal_events")


class Count(NamedTuple):
    """What is recorded for a month and a zone or country; None: not recorded."""

    line: int
    month: Month
    zone: str
    values: tuple[int | None, int | None, int | None]  # events, deaths, lethal events


def tidy(table: Table, theatre: Theatre, import_log: ImportLog) -> ObservedCounts:
    """Read `month,zone,events` with or without `deaths` and `lethal_events`; a missing row is not recorded."""
    names, known = [name for name in VALUES if name in table.by_name], zone_names(theatre)
    return _tabulate(_from_rows(table, "zone", names, known, import_log), "zone", list(theatre.zones), import_log)


def by_country(table: Table, theatre: Theatre, import_log: ImportLog) -> ObservedCounts:
    """Read the same with `country` in place of `zone`."""
    names, known = [name for name in VALUES if name in table.by_name], _countries(theatre)
    counts = _from_rows(table, "country", names, known, import_log)
    return _tabulate(counts, "country", sorted(set(known.values())), import_log)


def country_months(table: Table, theatre: Theatre, import_log: ImportLog) -> ObservedCounts:
    """Read deaths by month and country as UCDP counts them: `isocode,month,deaths_best_all_violence`."""
    known = _countries(theatre)
    counts = _from_rows(table, "isocode", ["deaths_best_all_violence"], known, import_log)
    deaths = (count._replace(values=(None, count.values[0], None)) for count in counts)
    return _tabulate(deaths, "country", sorted(set(known.values())), import_log)


def wide(table: Table, theatre: Theatre, import_log: ImportLog) -> ObservedCounts:
    """Read `month` and a column of events for each zone; an empty cell is not recorded."""
    known = zone_names(theatre)
    zones = {name: known[place_name(name)] for name in table.by_name if name != "month" and place_name(name) in known}
    for name in table.by_name:
        if name != "month" and name not in zones:
            import_log.note("columns that are no zone of the theatre, left out", name)
    return _tabulate(_from_columns(table, zones, import_log), "zone", list(theatre.zones), import_log)


def _countries(theatre: Theatre) -> dict[str, str]:
    countries = {zone.country for zone in theatre.zones.values()}
    names = [*ISO.items(), *((country, country) for country in countries)]
    return {name: country for name, country in names if country in countries}


def _from_rows(
    table: Table, kind: str, names: list[str], known: dict[str, str], import_log: ImportLog
) -> Iterator[Count]:
    """Counts of a table with a row for each month and zone."""
    normalise_name = place_name if kind == "zone" else normalise
    for line, row in enumerate(rows(table.columns(["month", kind, *names])), start=2):
        import_log.read += 1
        zone = known.get(normalise_name(row[kind]))
        if zone is None:
            reason = f"of what is no {'zone' if kind == 'zone' else 'country'} of the theatre"
            import_log.drop(reason, _unknown(row[kind], known))
            continue
        numbers = [_number(row[name], name, table, line) for name in names]
        values = dict(zip(names, numbers, strict=True)) if names[0] in VALUES else {"events": numbers[0]}
        events, deaths, lethal = (values.get(name) for name in VALUES)
        yield Count(line, _month(row["month"], table, line), zone, (events, deaths, lethal))


def _unknown(name: str, known: dict[str, str]) -> str:
    hint = suggest(name.lower(), set(known.values()))
    return shorten(name) + (hint if "did you mean" in hint else "")


def _from_columns(table: Table, zones: dict[str, str], import_log: ImportLog) -> Iterator[Count]:
    """Counts of a table with a row for each month and a column for each zone."""
    for line, row in enumerate(rows(table.columns(["month", *zones])), start=2):
        import_log.read += 1
        month = _month(row["month"], table, line)
        for name, zone in zones.items():
            yield Count(line, month, zone, (_number(row[name], name, table, line), None, None))


def _tabulate(
    counts: Iterator[Count], kind: Literal["zone", "country"], order: list[str], import_log: ImportLog
) -> ObservedCounts:
    """Counts as arrays by month and zone, for the zones that have any."""
    by_key = _by_month_and_zone(counts)
    if not by_key:
        reasons = [f"{reason}: {', '.join(import_log.examples.get(reason, []))}" for reason in import_log.dropped]
        raise InputError("; ".join(["no row can be used", *reasons]))
    import_log.kept = import_log.read - import_log.dropped.total()
    months = span(min(month for month, _ in by_key), max(month for month, _ in by_key))
    zones = tuple(zone for zone in order if any(zone == other for _, other in by_key))
    observed = unrecorded(zones, months, import_log, kind)
    for (month, zone), count in by_key.items():
        index = int((month - months[0]).astype(int)), zones.index(zone)
        for value, values in zip(count.values, (observed.events, observed.deaths, observed.lethal), strict=True):
            values[index] = np.nan if value is None else value
    import_log.note("months of zones without a value: not recorded, which is not zero", rows=_blanks(observed))
    return observed


def _by_month_and_zone(counts: Iterator[Count]) -> dict[tuple[Month, str], Count]:
    """Counts by month and zone. Raises InputError when two rows are of the same."""
    by_key: dict[tuple[Month, str], Count] = {}
    for count in counts:
        earlier = by_key.setdefault((count.month, count.zone), count)
        if earlier is not count:
            raise InputError(f"lines {earlier.line} and {count.line} are both of {count.zone} in {count.month}")
    return by_key


def _blanks(observed: ObservedCounts) -> int:
    return int((np.isnan(observed.events) & np.isnan(observed.deaths)).sum())


def _month(text: str, table: Table, line: int) -> Month:
    month = parse_month(text)
    if month is None:
        raise InputError(f"{table.path}, line {line}: '{shorten(text)}' is not a month; allowed: such as 2022-03")
    return month


def _number(text: str, name: str, table: Table, line: int) -> int | None:
    """A count; None for an empty cell. Raises InputError for anything else."""
    if not text.strip() or text.strip().lower() in ("na", "nan", "null"):
        return None
    number = parse_count(text)
    if number is None:
        allowed = "a whole number from 0 up, or nothing where nothing is recorded"
        raise InputError(f"{table.path}, line {line}: {name}: '{shorten(text)}' is not a count; allowed: {allowed}")
    return number
