"""Counts that come as a table: by month and zone, a row for each or a column for each zone; or by month and country."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from atmis.analysis.observed.dates import month
from atmis.analysis.observed.events import whole
from atmis.analysis.observed.import_log import Account
from atmis.analysis.observed.names import folded, place_name, zone_names
from atmis.analysis.observed.record import Month, Observed, span, unrecorded
from atmis.analysis.observed.table import Table, rows
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.scenario.ground import Theatre

ISO = {"ken": "kenya", "som": "somalia"}
VALUES = ("events", "deaths", "lethal_events")


class Cell(NamedTuple):
    """What is recorded of a month and a zone or country; None: nothing."""

    line: int
    month: Month
    zone: str
    values: tuple[int | None, int | None, int | None]  # events, deaths, lethal events


def tidy(table: Table, theatre: Theatre, account: Account) -> Observed:
    """`month,zone,events` with or without `deaths` and `lethal_events`; a row that is not there is not recorded."""
    names, known = [name for name in VALUES if name in table.by_name], zone_names(theatre)
    return _laid(_of_rows(table, "zone", names, known, account), "zone", list(theatre.zones), account)


def by_country(table: Table, theatre: Theatre, account: Account) -> Observed:
    """The same with `country` in place of `zone`."""
    names, known = [name for name in VALUES if name in table.by_name], _countries(theatre)
    return _laid(_of_rows(table, "country", names, known, account), "country", sorted(set(known.values())), account)


def country_months(table: Table, theatre: Theatre, account: Account) -> Observed:
    """Deaths by month and country as UCDP counts them: `isocode,month,deaths_best_all_violence`."""
    known = _countries(theatre)
    cells = _of_rows(table, "isocode", ["deaths_best_all_violence"], known, account)
    turned = (cell._replace(values=(None, cell.values[0], None)) for cell in cells)
    return _laid(turned, "country", sorted(set(known.values())), account)


def wide(table: Table, theatre: Theatre, account: Account) -> Observed:
    """`month` and a column of events for each zone; an empty cell is not recorded."""
    known = zone_names(theatre)
    zones = {name: known[place_name(name)] for name in table.by_name if name != "month" and place_name(name) in known}
    for name in table.by_name:
        if name != "month" and name not in zones:
            account.note("columns that are no zone of the theatre, left out", name)
    return _laid(_of_columns(table, zones, account), "zone", list(theatre.zones), account)


def _countries(theatre: Theatre) -> dict[str, str]:
    countries = {zone.country for zone in theatre.zones.values()}
    return {
        name: country for name, country in [*ISO.items(), *((one, one) for one in countries)] if country in countries
    }


def _of_rows(table: Table, of: str, names: list[str], known: dict[str, str], account: Account) -> Iterator[Cell]:
    """Cells of a table with a row for each month and zone."""
    lookup = place_name if of == "zone" else folded
    for line, row in enumerate(rows(table.columns(["month", of, *names])), start=2):
        account.read += 1
        zone = known.get(lookup(row[of]))
        if zone is None:
            account.drop(
                f"of what is no {'zone' if of == 'zone' else 'country'} of the theatre", _unknown(row[of], known)
            )
            continue
        found = [_number(row[name], name, table, line) for name in names]
        values = dict(zip(names, found, strict=True)) if names[0] in VALUES else {"events": found[0]}
        events, deaths, lethal = (values.get(name) for name in VALUES)
        yield Cell(line, _month(row["month"], table, line), zone, (events, deaths, lethal))


def _unknown(name: str, known: dict[str, str]) -> str:
    hint = nearest(name.lower(), set(known.values()))
    return shortened(name) + (hint if "did you mean" in hint else "")


def _of_columns(table: Table, zones: dict[str, str], account: Account) -> Iterator[Cell]:
    for line, row in enumerate(rows(table.columns(["month", *zones])), start=2):
        account.read += 1
        when = _month(row["month"], table, line)
        for name, zone in zones.items():
            yield Cell(line, when, zone, (_number(row[name], name, table, line), None, None))


def _laid(cells: Iterator[Cell], of: Literal["zone", "country"], order: list[str], account: Account) -> Observed:
    """Cells laid out by month and zone; only zones of which there are any."""
    seen: dict[tuple[Month, str], Cell] = {}
    for cell in cells:
        twin = seen.setdefault((cell.month, cell.zone), cell)
        if twin is not cell:
            raise InputError(f"lines {twin.line} and {cell.line} are both of {cell.zone} in {cell.month}")
    if not seen:
        reasons = [f"{what}: {', '.join(account.examples.get(what, []))}" for what in account.dropped]
        raise InputError("; ".join(["no row can be used", *reasons]))
    account.kept = account.read - account.dropped.total()
    months = span(min(month for month, _ in seen), max(month for month, _ in seen))
    zones = tuple(zone for zone in order if any(zone == one for _, one in seen))
    made = unrecorded(zones, months, account, of)
    for (when, zone), cell in seen.items():
        place = int((when - months[0]).astype(int)), zones.index(zone)
        for value, values in zip(cell.values, (made.events, made.deaths, made.lethal), strict=True):
            values[place] = np.nan if value is None else value
    account.note("months of zones without a value: not recorded, which is not zero", rows=_blanks(made))
    return made


def _blanks(made: Observed) -> int:
    return int((np.isnan(made.events) & np.isnan(made.deaths)).sum())


def _month(text: str, table: Table, line: int) -> Month:
    found = month(text)
    if found is None:
        raise InputError(f"{table.path}, line {line}: '{shortened(text)}' is not a month; allowed: such as 2022-03")
    return found


def _number(text: str, name: str, table: Table, line: int) -> int | None:
    """A count, None for an empty cell. Raises InputError for what is neither."""
    if not text.strip() or text.strip().lower() in ("na", "nan", "null"):
        return None
    found = whole(text)
    if found is None:
        allowed = "a whole number from 0 up, or nothing where nothing is recorded"
        raise InputError(f"{table.path}, line {line}: {name}: '{shortened(text)}' is not a count; allowed: {allowed}")
    return found
