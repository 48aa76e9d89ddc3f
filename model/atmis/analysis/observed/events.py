"""Events one by one, from the data sets that hold them: UCDP GED and ACLED.

An event counts in the month in which it begins (`date_start`), also where it lasts into the next.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from atmis.analysis.observed.dates import day
from atmis.analysis.observed.import_log import Account
from atmis.analysis.observed.names import joined
from atmis.analysis.observed.places import Place, Precision
from atmis.analysis.observed.table import Table, rows

ANY = "any"  # actor: all events
_VIOLENT = ("battles", "explosions/remote violence", "violence against civilians")  # event types of ACLED


class Event(NamedTuple):
    """One event of a data set."""

    key: str
    start: date
    end: date
    place: Place
    parties: tuple[str, str]
    deaths: int  # best estimate, all sides


class Dialect(NamedTuple):
    """How a data set writes an event: its columns, and how a row of them is read."""

    needed: tuple[str, ...]
    more: tuple[str, ...]
    actors: tuple[str, ...]
    key: str
    when: str
    read: Callable[[dict[str, str], date], Event]


def read_events(table: Table, dialect: Dialect, actor: str, account: Account) -> tuple[list[Event], date | None]:
    """Events of an actor, each once, and the last day of which the file tells. Raises InputError."""
    names = [*dialect.needed, *(name for name in dialect.more if name in table.by_name)]
    made = table.columns(names)
    account.read = len(made)
    whole = [found for found in map(day, pc.unique(made[dialect.when]).to_pylist()) if found]
    ours = made if actor == ANY else made.filter(_is_party(made, dialect, actor))
    account.drop(f"of other actors than {actor}", rows=len(made) - len(ours))
    return list(_once(ours, dialect, account)), max(whole, default=None)


def _is_party(made: pa.Table, dialect: Dialect, actor: str) -> Any:
    """Rows in which one of the actors has a name that holds another."""
    sides = [made[column] for column in dialect.actors]
    wanted = {name for side in sides for name in pc.unique(side).to_pylist() if joined(actor) in joined(name)}
    found = [pc.is_in(side, pa.array(sorted(wanted), pa.string())) for side in sides]
    return pc.or_(*found)


def _once(made: pa.Table, dialect: Dialect, account: Account) -> Iterator[Event]:
    seen: set[str] = set()
    for row in rows(made):
        start = day(row[dialect.when])
        if row.get("event_type", _VIOLENT[0]).strip().lower() not in _VIOLENT:
            account.drop(f"not violent: {row['event_type'].strip().lower()[:40]}")
        elif row[dialect.key] in seen:
            account.drop("ids that stand twice", row[dialect.key])
        elif start is None:
            account.drop("without a date that can be read", f"{row[dialect.key]}: {row[dialect.when][:20]}")
        else:
            seen.add(row[dialect.key])
            yield dialect.read(row, start)


def perhaps_one(events: Sequence[Event]) -> list[list[str]]:
    """Keys of events that are perhaps one: the same day, place, parties and number of deaths, which is not zero."""
    alike: dict[Any, list[str]] = {}
    for event in events:
        if event.deaths and event.place.at and event.place.precision == "fine":
            alike.setdefault((event.start, event.place.at, event.parties, event.deaths), []).append(event.key)
    return [keys for keys in alike.values() if len(keys) > 1]


# --- UCDP GED ---


def _of_ucdp(row: dict[str, str], start: date) -> Event:
    precision: Precision = "country" if row.get("where_prec") in ("6", "7") else "fine"
    if row.get("where_prec") in ("4", "5"):  # a first-level area; a stretch such as a border or a road
        precision = "coarse"
    names = tuple(row[name] for name in ("adm_1", "county_assigned", "adm_2") if row.get(name))
    place = Place(row["country"], names, _at(row), precision)
    end = day(row.get("date_end", "")) or start
    return Event(row["id"], start, end, place, (row["side_a"], row["side_b"]), whole(row["best"]) or 0)


UCDP = Dialect(
    needed=("id", "side_a", "side_b", "date_start", "country", "latitude", "longitude", "best"),
    more=("date_end", "where_prec", "adm_1", "adm_2", "county_assigned"),
    actors=("side_a", "side_b"),
    key="id",
    when="date_start",
    read=_of_ucdp,
)


# --- ACLED ---


def _of_acled(row: dict[str, str], start: date) -> Event:
    coarse: Precision = "coarse" if row.get("geo_precision") == "3" else "fine"
    names = tuple(row[name] for name in ("admin1", "admin2") if row.get(name))
    place = Place(row["country"], names, _at(row), coarse)
    parties = (row["actor1"], row["actor2"])
    return Event(row["event_id_cnty"], start, start, place, parties, whole(row["fatalities"]) or 0)


ACLED = Dialect(
    needed=("event_id_cnty", "event_date", "event_type", "actor1", "actor2", "country", "latitude", "longitude",
            "fatalities"),
    more=("admin1", "admin2", "geo_precision"),
    actors=("actor1", "actor2"),
    key="event_id_cnty",
    when="event_date",
    read=_of_acled,
)  # fmt: skip


def whole(text: str) -> int | None:
    """A whole number that is not below zero, None when it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value >= 0 and value.is_integer() else None


def _at(row: dict[str, str]) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
