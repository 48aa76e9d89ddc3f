"""The known formats of files; the format of a file is recognised by its columns alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed import count_tables, events
from atmis.analysis.observed.event_counts import EventLog, count_events
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.names import place_name, zone_names
from atmis.analysis.observed.record import Month, ObservedCounts
from atmis.analysis.observed.table import Table
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre


class ReadRequest(NamedTuple):
    """What to take from a file."""

    theatre: Theatre
    actor: str  # of events
    first: Month | None = None  # months in which its source recorded
    last: Month | None = None


_Reader = Callable[[Table, ReadRequest, ImportLog], ObservedCounts]


class Format(NamedTuple):
    """A format of files."""

    name: str
    required: tuple[str, ...]  # columns
    read: _Reader
    licence: str
    citation: str


def _event_reader(event_format: events.EventFormat) -> _Reader:
    def read(table: Table, request: ReadRequest, import_log: ImportLog) -> ObservedCounts:
        selected, last_date = events.read_events(table, event_format, request.actor, import_log)
        last = request.last or (None if last_date is None else np.datetime64(last_date, "M"))
        return count_events(EventLog(selected, request.first, last), request.theatre, import_log)

    return read


def _count_reader(reader: Callable[[Table, Theatre, ImportLog], ObservedCounts]) -> _Reader:
    def read(table: Table, request: ReadRequest, import_log: ImportLog) -> ObservedCounts:
        counts = reader(table, request.theatre, import_log)
        selected = counts.between(request.first, request.last)
        if not len(selected.months):
            raise InputError(f"start, end: the months of the file are {counts.months[0]} to {counts.months[-1]}")
        return selected

    return read


_UCDP = ("CC BY 4.0", "Davies, Engström, Pettersson & Öberg 2024 and Sundberg & Melander 2013, or as the release says")
_ACLED = ("rows may not be redistributed; see the terms of use of ACLED", "as the terms of use of ACLED say")
_OWN = ("not known", "not known")
FORMATS = (
    Format("UCDP GED", events.UCDP.required, _event_reader(events.UCDP), *_UCDP),
    Format("ACLED", events.ACLED.required, _event_reader(events.ACLED), *_ACLED),
    Format("UCDP country months", ("isocode", "month", "deaths_best_all_violence"),
           _count_reader(count_tables.country_months), *_UCDP),
    Format("tidy zone months", ("month", "zone", "events"), _count_reader(count_tables.tidy), *_OWN),
    Format("tidy country months", ("month", "country", "deaths"), _count_reader(count_tables.by_country), *_OWN),
)  # fmt: skip
WIDE = Format("wide zone months", ("month",), _count_reader(count_tables.wide), *_OWN)


def format_of(table: Table, theatre: Theatre) -> Format:
    """The format of a table. Raises InputError, which says which columns the nearest format lacks."""
    names = set(table.by_name)
    for known in FORMATS:
        if set(known.required) <= names:
            return known
    if "month" in names and "zone" not in names and {place_name(name) for name in names} & set(zone_names(theatre)):
        return WIDE
    nearest = max(FORMATS, key=lambda known: len(set(known.required) & names) / len(known.required))
    missing = [name for name in nearest.required if name not in names]
    raise InputError(
        f"{table.path}: its columns are those of no known table; nearest is {nearest.name}, of which it lacks "
        f"{_enumerate(missing)} (known: {', '.join(known.name for known in (*FORMATS, WIDE))})"
    )


def _enumerate(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
