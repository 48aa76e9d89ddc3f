"""The known formats of files; the format of a table is recognised by its columns alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from atmis.analysis.observed import panels
from atmis.analysis.observed.dialects import EVENTS, PANELS, REFUSED, EventDialect, Names, PanelDialect, find_columns
from atmis.analysis.observed.event_counts import count_events
from atmis.analysis.observed.events import read_events
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
    dates: str | None = None  # how dates are written, where they do not tell


class Format(NamedTuple):
    """A format of tables."""

    name: str
    required: Names  # columns by field
    read: Callable[[Table, ReadRequest, ImportLog], ObservedCounts]
    licence: str
    citation: str
    has_actors: bool = False


def format_of(table: Table, theatre: Theatre) -> Format:
    """The format of a table. Raises InputError, which says which columns the nearest format lacks."""
    names = table.names
    for refused, (columns, reason) in REFUSED.items():
        if columns <= set(names):
            raise InputError(f"{table.path}: its columns are those of {refused}: {reason}")
    for known in _FORMATS:
        if not _missing(known, names):
            return known
    if "month" in names and "zone" not in names and {place_name(name) for name in names} & set(zone_names(theatre)):
        return _WIDE
    nearest = max(_FORMATS, key=lambda known: 1 - len(_missing(known, names)) / len(known.required))
    raise InputError(
        f"{table.path}: its columns are those of no known table; nearest is {nearest.name}, of which it lacks "
        f"{_enumerate(_missing(nearest, names))} (known: {', '.join(known.name for known in (*_FORMATS, _WIDE))})"
    )


def _missing(known: Format, names: Sequence[str]) -> list[str]:
    """The usual names of the columns that a format needs and a table does not have."""
    found = find_columns(known.required, names)
    return [columns[0] for field, columns in known.required.items() if field not in found]


def _event_format(dialect: EventDialect) -> Format:
    def read(table: Table, request: ReadRequest, import_log: ImportLog) -> ObservedCounts:
        events = read_events(table, dialect, request.actor, request.dates, import_log)
        return count_events(events, (request.first, request.last), request.theatre, import_log)

    return Format(dialect.name, dialect.required, read, dialect.licence, dialect.citation, has_actors=True)


def _panel_format(dialect: PanelDialect) -> Format:
    def read(table: Table, request: ReadRequest, import_log: ImportLog) -> ObservedCounts:
        return _within(panels.read_panel(table, dialect, request.theatre, request.dates, import_log), request)

    return Format(dialect.name, dialect.required, read, dialect.licence, dialect.citation)


def _read_wide(table: Table, request: ReadRequest, import_log: ImportLog) -> ObservedCounts:
    return _within(panels.read_wide(table, request.theatre, request.dates, import_log), request)


def _within(counts: ObservedCounts, request: ReadRequest) -> ObservedCounts:
    """Counts of the months that are asked for. Raises InputError when there are none."""
    selected = counts.between(request.first, request.last)
    if not len(selected.months):
        raise InputError(f"start, end: the months of the file are {counts.months[0]} to {counts.months[-1]}")
    return selected


_FORMATS = (*map(_event_format, EVENTS), *map(_panel_format, PANELS))
_WIDE = Format(panels.WIDE.name, panels.WIDE.required, _read_wide, panels.WIDE.licence, panels.WIDE.citation)


def _enumerate(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
