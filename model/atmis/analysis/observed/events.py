"""Single events from the data sets that hold them: UCDP GED and ACLED.

An event counts in the month in which it begins (`date_start`), even where it lasts into the next.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from atmis.analysis.observed.dates import parse_date
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.names import squash
from atmis.analysis.observed.places import Location, Precision
from atmis.analysis.observed.table import Table, rows

ANY = "any"  # actor: all events
_VIOLENT = ("battles", "explosions/remote violence", "violence against civilians")  # event types of ACLED


class Event(NamedTuple):
    """One event of a data set."""

    key: str
    start: date
    end: date
    location: Location
    parties: tuple[str, str]
    deaths: int  # best estimate, all sides


class EventFormat(NamedTuple):
    """How a data set writes an event: its columns, and how a row is read."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    actors: tuple[str, ...]  # columns with the names of the parties
    key: str
    start: str
    read: Callable[[dict[str, str], date], Event]


def read_events(
    table: Table, event_format: EventFormat, actor: str, import_log: ImportLog
) -> tuple[list[Event], date | None]:
    """Read the events of an actor, each once.

    Parameters
    ----------
    table : the file
    event_format : how it writes events
    actor : part of the name of a party, or ANY
    import_log : takes note of the rows that are dropped

    Returns
    -------
    list of Event
        In the order of the file.
    date or None
        The last date in the file, of whatever actor.

    Raises
    ------
    InputError
        When the file cannot be read as CSV.
    """
    names = [*event_format.required, *(name for name in event_format.optional if name in table.by_name)]
    records = table.columns(names)
    import_log.read = len(records)
    dates = [found for found in map(parse_date, pc.unique(records[event_format.start]).to_pylist()) if found]
    selected = records if actor == ANY else records.filter(_has_party(records, event_format, actor))
    import_log.drop(f"of other actors than {actor}", rows=len(records) - len(selected))
    return list(_unique_events(selected, event_format, import_log)), max(dates, default=None)


def _has_party(records: pa.Table, event_format: EventFormat, actor: str) -> Any:
    """Mask of the rows in which the name of a party contains that of the actor."""
    sides = [records[column] for column in event_format.actors]
    parties = {name for side in sides for name in pc.unique(side).to_pylist() if squash(actor) in squash(name)}
    masks = [pc.is_in(side, pa.array(sorted(parties), pa.string())) for side in sides]
    return pc.or_(*masks)


def _unique_events(records: pa.Table, event_format: EventFormat, import_log: ImportLog) -> Iterator[Event]:
    """Violent events that can be dated, each id once."""
    keys: set[str] = set()
    for row in rows(records):
        key, start = row[event_format.key], parse_date(row[event_format.start])
        if row.get("event_type", _VIOLENT[0]).strip().lower() not in _VIOLENT:
            import_log.drop(f"not violent: {row['event_type'].strip().lower()[:40]}")
        elif key in keys:
            import_log.drop("ids that stand twice", key)
        elif start is None:
            import_log.drop("without a date that can be read", f"{key}: {row[event_format.start][:20]}")
        else:
            keys.add(key)
            yield event_format.read(row, start)


def possible_duplicates(events: Sequence[Event]) -> list[list[str]]:
    """Keys of events that may be one event: equal day, coordinates, parties and number of deaths, which is not zero."""
    groups: dict[Any, list[str]] = {}
    for event in events:
        coordinates = event.location.coordinates
        if event.deaths and coordinates and event.location.precision == "fine":
            groups.setdefault((event.start, coordinates, event.parties, event.deaths), []).append(event.key)
    return [keys for keys in groups.values() if len(keys) > 1]


# --- UCDP GED ---


def _read_ucdp(row: dict[str, str], start: date) -> Event:
    precision: Precision = "country" if row.get("where_prec") in ("6", "7") else "fine"
    if row.get("where_prec") in ("4", "5"):  # a first-level area; a stretch such as a border or a road
        precision = "coarse"
    names = tuple(row[name] for name in ("adm_1", "county_assigned", "adm_2") if row.get(name))
    location = Location(row["country"], names, _coordinates(row), precision)
    end = parse_date(row.get("date_end", "")) or start
    return Event(row["id"], start, end, location, (row["side_a"], row["side_b"]), parse_count(row["best"]) or 0)


UCDP = EventFormat(
    required=("id", "side_a", "side_b", "date_start", "country", "latitude", "longitude", "best"),
    optional=("date_end", "where_prec", "adm_1", "adm_2", "county_assigned"),
    actors=("side_a", "side_b"),
    key="id",
    start="date_start",
    read=_read_ucdp,
)


# --- ACLED ---


def _read_acled(row: dict[str, str], start: date) -> Event:
    precision: Precision = "coarse" if row.get("geo_precision") == "3" else "fine"
    names = tuple(row[name] for name in ("admin1", "admin2") if row.get(name))
    location = Location(row["country"], names, _coordinates(row), precision)
    parties = (row["actor1"], row["actor2"])
    return Event(row["event_id_cnty"], start, start, location, parties, parse_count(row["fatalities"]) or 0)


ACLED = EventFormat(
    required=("event_id_cnty", "event_date", "event_type", "actor1", "actor2", "country", "latitude", "longitude",
              "fatalities"),
    optional=("admin1", "admin2", "geo_precision"),
    actors=("actor1", "actor2"),
    key="event_id_cnty",
    start="event_date",
    read=_read_acled,
)  # fmt: skip


def parse_count(text: str) -> int | None:
    """A whole number from 0 up; None when it is not one."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value >= 0 and value.is_integer() else None


def _coordinates(row: dict[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude; None where they are missing or impossible."""
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
