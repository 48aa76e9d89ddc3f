"""Single events of an actor, from the data sets that hold them (see `dialects`).

An event counts in the month in which it begins, even where it lasts into the next.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.actors import ANY, match_names
from atmis.analysis.observed.cells import is_missing, parse_count
from atmis.analysis.observed.dates import read_dates
from atmis.analysis.observed.dialects import EventDialect, find_columns
from atmis.analysis.observed.import_log import ImportLog, OpenRows
from atmis.analysis.observed.locations import Locations, fine_rows, read_locations
from atmis.analysis.observed.names import normalise
from atmis.analysis.observed.table import Column, Records, Table, joint_codes
from atmis.kernel.arrays import AnyArray, Bools, Ints
from atmis.scenario.errors import InputError, shorten

_NO_DATE = np.datetime64("NaT", "D")


class Events(NamedTuple):
    """The N rows of a table of events; those that `open_rows` has open are of the actor, violent and dated."""

    open_rows: OpenRows
    starts: AnyArray  # [N] datetime64[D]; NaT where a row has no date
    is_lasting: Bools  # [N] whether it ends in a later month than it begins
    locations: Locations
    is_fine: Bools  # [N] whether the point is that of the place itself
    parties: AnyArray  # [N] rows with equal numbers have the same parties
    deaths: AnyArray  # [N] people, best estimate, all sides; 0 where not known


def read_events(
    table: Table, dialect: EventDialect, actor: str, stated_dates: str | None, import_log: ImportLog
) -> Events:
    """Read the events of an actor, each once.

    Parameters
    ----------
    table : the file
    dialect : how it writes events
    actor : the name of a party or whole words of it, or ANY
    stated_dates : what the user says of the dates; see `read_dates`
    import_log : takes note of the rows that are dropped

    Returns
    -------
    Events
        In the order of the file.

    Raises
    ------
    InputError
        When the file cannot be read, or its dates are in no form that is known.
    """
    columns = find_columns(dialect.required, table.names) | find_columns(dialect.optional, table.names)
    records = table.records(columns, import_log)
    fields = records.columns
    starts, is_lasting = _dates(records, stated_dates, columns, import_log)
    rows = OpenRows(len(records.lines), import_log, lambda row: f"{fields['key'].text(row)}"[:40])
    _drop_unviolent(rows, fields, dialect)
    _drop_other_actors(rows, fields, actor, import_log)
    _drop_repeated(rows, fields["key"])
    starts = _drop_undated(rows, starts, fields["start"])
    _note_unclear(rows, fields)
    locations = read_locations(rows, fields, dialect)
    parties = joint_codes(fields[side].codes for side in ("party_a", "party_b")).astype(np.int32)
    is_fine = fine_rows(fields, dialect)
    return Events(rows, starts, is_lasting, locations, is_fine, parties, _deaths(rows, fields["deaths"]))


def possible_duplicates(events: Events) -> list[Ints]:
    """Rows that may be one event: equal day, coordinates, parties and number of deaths, which is not zero."""
    rows = np.flatnonzero(events.open_rows.mask & events.is_fine & (events.deaths > 0))
    points = events.locations.points()[events.locations.index[rows]]
    exact = ~np.isnan(points).any(axis=1)
    rows, points = rows[exact], points[exact]
    groups = joint_codes((events.starts[rows], points[:, 0], points[:, 1], events.parties[rows], events.deaths[rows]))
    sizes = np.bincount(groups)
    repeated = np.flatnonzero(sizes[groups] > 1)
    repeated = repeated[np.argsort(groups[repeated], kind="stable")]
    ends = np.cumsum(sizes[sizes > 1])
    return np.split(rows[repeated], ends[:-1]) if len(repeated) else []


def _drop_unviolent(rows: OpenRows, fields: Mapping[str, Column], dialect: EventDialect) -> None:
    if not dialect.violent:
        return
    kinds = fields["type"].map(normalise)
    for kind in sorted(set(kinds[rows.mask]) - dialect.violent):
        example = next(text for text in fields["type"].distinct() if normalise(text) == kind)
        rows.drop(kinds == kind, f"not violent: {shorten(example.strip().lower()) or 'without a type'}")


def _drop_other_actors(rows: OpenRows, fields: Mapping[str, Column], actor: str, import_log: ImportLog) -> None:
    """Drop the rows of other actors; remark which names were taken for the actor, and which were not."""
    if actor == ANY:
        return
    sides = [fields["party_a"], fields["party_b"]]
    matches = match_names([name for side in sides for name in side.distinct()], actor)
    if not matches.matched and rows.mask.any():
        raise InputError(_no_such_party(actor, sides))
    masks = [side.map(matches.matched.__contains__, bool) for side in sides]
    for names, remark in ((matches.matched, "name taken for the actor"), (matches.refused, "name of another actor")):
        for name in sorted(names):
            has_name = np.any([side.map(name.__eq__, bool) for side in sides], axis=0)
            import_log.note(f"{remark}: {shorten(name)}", rows=int((has_name & rows.mask).sum()))
    with rows.described_by(sides[0].text):
        rows.drop(~masks[0] & ~masks[1], f"of other actors than {actor}")


def _no_such_party(actor: str, sides: Sequence[Column]) -> str:
    """That no party has the name of the actor, and which parties are named most."""
    named: Counter[str] = Counter()
    for side in sides:
        for text, rows in zip(side.distinct(), np.bincount(side.codes, minlength=len(side.texts)), strict=True):
            named[text] += 0 if is_missing(text) else int(rows)
    most = ", ".join(f"'{shorten(name)}'" for name, _ in named.most_common(3))
    return f"actor: no party is called '{shorten(actor)}'; named most: {most}; actor={ANY} takes events of all"


def _drop_repeated(rows: OpenRows, key: Column) -> None:
    """Drop the rows whose id an open row before them has; rows without an id are told and stay."""
    missing = key.map(is_missing, bool)
    rows.note(missing, "without an id: not compared with other rows")
    candidates = np.flatnonzero(rows.mask & ~missing)
    first = np.zeros(len(rows.mask), dtype=bool)
    first[candidates[np.unique(key.codes[candidates], return_index=True)[1]]] = True
    rows.drop(~first & ~missing, "ids that stand twice")


def _drop_undated(rows: OpenRows, starts: AnyArray, column: Column) -> AnyArray:
    """Drop the rows without a date that can be; return the dates [N] without those after today."""
    later = starts > np.datetime64(date.today(), "D")
    with rows.described_by(column.text):
        rows.drop(np.isnat(starts), "without a date that can be read")
        rows.drop(later, "dated after today")
    return np.where(later, _NO_DATE, starts)


def _note_unclear(rows: OpenRows, fields: Mapping[str, Column]) -> None:
    """Remark on the events of a candidate release that its source has not cleared."""
    if "status" in fields:
        status = fields["status"]
        with rows.described_by(status.text):
            unclear = status.map(lambda text: not is_missing(text) and normalise(text) != "clear", bool)
            rows.note(unclear, "not cleared by its source yet, and counted")


def _dates(
    records: Records, stated: str | None, columns: Mapping[str, str], import_log: ImportLog
) -> tuple[AnyArray, Bools]:
    """First days [N], and whether the last one is in a later month. Raises InputError where no date can be read."""
    fields = records.columns
    texts = {text for field in ("start", "end") if field in fields for text in fields[field].distinct()}
    years = {year for text in fields["year"].distinct() if (year := parse_count(text))} if "year" in fields else set()
    read = read_dates(sorted(texts), stated, years)
    known = {text: np.datetime64(day, "D") for text, day in read.by_text.items() if day}
    starts = fields["start"].map(lambda text: known.get(text, _NO_DATE), "datetime64[D]")
    if len(starts) and np.isnat(starts).all():
        example = next((text for text in fields["start"].distinct() if not is_missing(text)), "")
        forms = "2019-03-04, 4 March 2019, 04-Mar-19, 04mar2019, 04/03/2019, or days as Excel, Stata or R count them"
        raise InputError(f"{columns['start']}: '{shorten(example)}' is in no known form of dates; known: {forms}")
    for remark in read.remarks:
        import_log.note(remark, rows=len(starts))
    if "end" not in fields:
        return starts, np.zeros(len(starts), dtype=bool)
    ends = fields["end"].map(lambda text: known.get(text, _NO_DATE), "datetime64[D]")
    return starts, ends.astype("datetime64[M]") > starts.astype("datetime64[M]")  # NaT is not later


def _deaths(rows: OpenRows, column: Column) -> AnyArray:
    """Deaths [N]; what is no number is told and counts as none."""
    counts = column.map(lambda text: -1 if (count := parse_count(text)) is None else count, np.int32)
    missing = column.map(is_missing, bool)
    rows.note(missing, "without a number of deaths: the event counts, with no death")
    with rows.described_by(column.text):
        rows.note((counts < 0) & ~missing, "deaths are no whole number from 0 up: the event counts, with no death")
    return np.maximum(counts, 0)
