"""Counts that come as a table: by month and area (long or wide form); see `dialects`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from atmis.analysis.observed.cells import is_missing, parse_count
from atmis.analysis.observed.dates import read_months
from atmis.analysis.observed.dialects import PanelDialect, find_columns
from atmis.analysis.observed.import_log import ImportLog, OpenRows
from atmis.analysis.observed.names import country_names, normalise, place_name, zone_names
from atmis.analysis.observed.places import OTHER_COUNTRY
from atmis.analysis.observed.record import Month, ObservedCounts, span, unrecorded
from atmis.analysis.observed.table import Column, Records, Table
from atmis.kernel.arrays import AnyArray, Bools, Floats
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.ground import Theatre

VALUES = ("events", "deaths", "lethal_events")


class _Cells(NamedTuple):
    """Counts of some rows: month, area and value of each; NaN: not recorded."""

    lines: AnyArray  # [K]
    months: AnyArray  # [K]
    areas: AnyArray  # [K] texts
    values: Mapping[str, Floats]  # [K] of some of VALUES


def read_panel(
    table: Table, dialect: PanelDialect, theatre: Theatre, stated_dates: str | None, import_log: ImportLog
) -> ObservedCounts:
    """Read a table with a row for each month and area, or part of one; a missing row is not recorded.

    Raises InputError, with the line, for a month or number that is none, and for two rows of one month and area.
    """
    columns = find_columns(dialect.required, table.names) | find_columns(dialect.optional, table.names)
    records = table.records(columns, import_log)
    fields = records.columns
    rows = OpenRows(len(records.lines), import_log, lambda row: f"line {records.lines[row]}")
    if dialect.remark:
        import_log.note(dialect.remark, rows=len(records.lines))
    _drop_other_countries(rows, fields, theatre)
    for field, kept in dialect.only.items():
        with rows.described_by(fields[field].text):
            rows.drop(~np.isin(fields[field].map(_value), list(kept)), f"of another {field}")
    areas = _areas(rows, fields["area"], dialect, theatre)
    months = _months(table, records, rows, stated_dates)
    values = {name: _numbers(table, records, name, rows) for name in VALUES if name in fields}
    hits = np.flatnonzero(rows.mask)
    selected = {name: numbers[hits] for name, numbers in values.items()}
    cells = _Cells(records.lines[hits], months[hits], areas[hits], selected)
    rows.keep(rows.mask, "counted" if not dialect.summed else f"added to the counts of its {dialect.kind}")
    order = list(theatre.zones) if dialect.kind == "zone" else sorted(set(country_names(theatre).values()))
    return _tabulate(cells, dialect, order, import_log)


def read_wide(table: Table, theatre: Theatre, stated_dates: str | None, import_log: ImportLog) -> ObservedCounts:
    """Read `month` and a column of events for each zone; an empty cell is not recorded. Raises InputError."""
    known, names = zone_names(theatre), table.names
    zones = {name: known[place_name(name)] for name in names if name != "month" and place_name(name) in known}
    records = table.records({name: name for name in ("month", *zones)}, import_log)
    for name in names:
        if name and name != "month" and name not in zones:
            import_log.note("columns that are no zone of the theatre, left out", name)
    rows = OpenRows(len(records.lines), import_log, lambda row: f"line {records.lines[row]}")
    months = _months(table, records, rows, stated_dates)
    numbers = [_numbers(table, records, name, rows) for name in zones]
    cells = _Cells(
        np.tile(records.lines, len(zones)),
        np.tile(months, len(zones)),
        np.repeat(np.array([*zones.values()], dtype=object), len(records.lines)),
        {"events": np.concatenate(numbers)},
    )
    rows.keep(rows.mask, "counted")
    return _tabulate(cells, WIDE, list(theatre.zones), import_log)


WIDE = PanelDialect("wide zone months", "zone", required={"month": ("month",)})


def _drop_other_countries(rows: OpenRows, fields: Mapping[str, Column], theatre: Theatre) -> None:
    if "country" in fields:
        known = country_names(theatre)
        with rows.described_by(fields["country"].text):
            rows.drop(~fields["country"].map(lambda text: normalise(text) in known, bool), OTHER_COUNTRY)


def _areas(rows: OpenRows, column: Column, dialect: PanelDialect, theatre: Theatre) -> AnyArray:
    """The zone or country of each row [N]; drops rows of others."""
    is_zone = dialect.kind == "zone"
    known = zone_names(theatre) if is_zone else country_names(theatre)
    areas = column.map(lambda text: known.get(place_name(text) if is_zone else normalise(text)))
    with rows.described_by(lambda row: _unknown(column.text(row), known)):
        rows.drop(_is_none(areas), f"of what is no {dialect.kind} of the theatre")
    return areas


def _is_none(values: AnyArray) -> Bools:
    return np.array([value is None for value in values], dtype=bool)


def _unknown(name: str, known: Mapping[str, str]) -> str:
    hint = suggest(name.lower(), set(known.values()))
    return shorten(name) + (hint if "did you mean" in hint else "")


def _value(text: str) -> str:
    """A value to compare: 2, 2.0 and 02 are one."""
    number = parse_count(text)
    return normalise(text) if number is None else str(number)


def _months(table: Table, records: Records, rows: OpenRows, stated: str | None) -> AnyArray:
    """The month of each row [N]. Raises InputError for a row that is open and has none."""
    column = records.columns["month"]
    if "year" in records.columns:
        column = _with_year(column, records.columns["year"])
    by_text, remarks = read_months(column.distinct(), stated)
    for remark in remarks:
        rows.log.note(remark, rows=len(records.lines))
    months = column.map(by_text.__getitem__)
    for row in np.flatnonzero(rows.mask & _is_none(months))[:1]:
        text = shorten(column.text(row))
        raise InputError(f"{table.path}, line {records.lines[row]}: '{text}' is not a month; allowed: such as 2022-03")
    return months


def _with_year(months: Column, years: Column) -> Column:
    """Months with the year of a column beside them: March and 2019 are 2019 March."""
    pairs = np.column_stack([months.codes, years.codes])
    distinct, codes = np.unique(pairs, axis=0, return_inverse=True)
    joined = [_joined(months.texts[int(month)].as_py(), years.texts[int(year)].as_py()) for month, year in distinct]
    return Column(codes.reshape(-1), pa.array(joined, pa.string()))


def _joined(month: str, year: str) -> str:
    whole, number = parse_count(year), parse_count(month)
    return month if whole is None or len(month.strip()) > 9 else f"{whole} {month if number is None else number}"


def _numbers(table: Table, records: Records, name: str, rows: OpenRows) -> Floats:
    """Counts [N], NaN for an empty cell. Raises InputError for anything else in a row that is open."""
    column = records.columns[name]
    numbers = column.map(parse_count)
    bad = rows.mask & _is_none(numbers) & ~column.map(is_missing, bool)
    for row in np.flatnonzero(bad)[:1]:
        line, text = records.lines[row], shorten(column.text(row))
        allowed = "a whole number from 0 up, or nothing where nothing is recorded"
        raise InputError(f"{table.path}, line {line}: {name}: '{text}' is not a count; allowed: {allowed}")
    return np.array([np.nan if number is None else number for number in numbers], dtype=float)


def _tabulate(cells: _Cells, dialect: PanelDialect, order: list[str], import_log: ImportLog) -> ObservedCounts:
    """Counts as arrays by month and area, for the areas that have any."""
    if not len(cells.lines):
        reasons = [f"{reason}: {', '.join(import_log.examples.get(reason, []))}" for reason in import_log.dropped]
        raise InputError("; ".join(["no row can be used", *reasons]))
    months = span(min(cells.months), max(cells.months))
    zones = tuple(zone for zone in order if zone in set(cells.areas))
    observed = unrecorded(zones, months, import_log, dialect.kind)
    at = np.array([(int((month - months[0]).astype(int)), zones.index(area))
                   for month, area in zip(cells.months, cells.areas, strict=True)])  # fmt: skip
    if not dialect.summed:
        _check_once(cells, at)
    for name, target in zip(VALUES, (observed.events, observed.deaths, observed.lethal), strict=True):
        if name in cells.values:
            recorded = ~np.isnan(cells.values[name])
            target[at[recorded, 0], at[recorded, 1]] = 0.0
            np.add.at(target, (at[recorded, 0], at[recorded, 1]), cells.values[name][recorded])
    blank = int((np.isnan(observed.events) & np.isnan(observed.deaths)).sum())
    import_log.note(f"months of {dialect.kind}s without a value: not recorded, which is not zero", rows=blank)
    return observed


def _check_once(cells: _Cells, at: AnyArray) -> None:
    """Raise InputError when two rows are of the same month and area."""
    earlier: dict[tuple[Any, ...], int] = {}
    for index, key in enumerate(map(tuple, at)):
        before = earlier.setdefault(key, index)
        if before != index:
            lines = f"lines {cells.lines[before]} and {cells.lines[index]}"
            month: Month = cells.months[index]
            raise InputError(f"{lines} are both of {cells.areas[index]} in {month}")
