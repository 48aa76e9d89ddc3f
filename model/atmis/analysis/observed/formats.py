"""Which kind of table a file is: told by its columns alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed import counts, events
from atmis.analysis.observed.counting import Log, count
from atmis.analysis.observed.import_log import Account
from atmis.analysis.observed.names import place_name, zone_names
from atmis.analysis.observed.record import Month, Observed
from atmis.analysis.observed.table import Table
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre


class Asked(NamedTuple):
    """What is wanted of a file."""

    theatre: Theatre
    actor: str  # of events
    first: Month | None = None  # months in which its source recorded
    last: Month | None = None


_Reader = Callable[[Table, Asked, Account], Observed]


class Format(NamedTuple):
    """A kind of table."""

    name: str
    needed: tuple[str, ...]
    read: _Reader
    licence: str
    citation: str


def _of_events(dialect: events.Dialect) -> _Reader:
    def read(table: Table, asked: Asked, account: Account) -> Observed:
        found, last = events.read_events(table, dialect, asked.actor, account)
        log = Log(found, asked.first, asked.last or (None if last is None else np.datetime64(last, "M")))
        return count(log, asked.theatre, account)

    return read


def _of_counts(reader: Callable[[Table, Theatre, Account], Observed]) -> _Reader:
    def read(table: Table, asked: Asked, account: Account) -> Observed:
        made = reader(table, asked.theatre, account)
        kept = made.between(asked.first, asked.last)
        if not len(kept.months):
            raise InputError(f"start, end: the months of the file are {made.months[0]} to {made.months[-1]}")
        return kept

    return read


_UCDP = ("CC BY 4.0", "Davies, Engström, Pettersson & Öberg 2024 and Sundberg & Melander 2013, or as the release says")
_ACLED = ("rows may not be redistributed; see the terms of use of ACLED", "as the terms of use of ACLED say")
_OWN = ("not known", "not known")
FORMATS = (
    Format("UCDP GED", events.UCDP.needed, _of_events(events.UCDP), *_UCDP),
    Format("ACLED", events.ACLED.needed, _of_events(events.ACLED), *_ACLED),
    Format("UCDP country months", ("isocode", "month", "deaths_best_all_violence"),
           _of_counts(counts.country_months), *_UCDP),
    Format("tidy zone months", ("month", "zone", "events"), _of_counts(counts.tidy), *_OWN),
    Format("tidy country months", ("month", "country", "deaths"), _of_counts(counts.by_country), *_OWN),
)  # fmt: skip
WIDE = Format("wide zone months", ("month",), _of_counts(counts.wide), *_OWN)


def format_of(table: Table, theatre: Theatre) -> Format:
    """The format of a table. Raises InputError, which says what the nearest lacks."""
    there = set(table.by_name)
    for one in FORMATS:
        if set(one.needed) <= there:
            return one
    if "month" in there and "zone" not in there and {place_name(name) for name in there} & set(zone_names(theatre)):
        return WIDE
    nearest = max(FORMATS, key=lambda one: len(set(one.needed) & there) / len(one.needed))
    missing = [name for name in nearest.needed if name not in there]
    raise InputError(
        f"{table.path}: its columns are those of no known table; nearest is {nearest.name}, of which it lacks "
        f"{_listed(missing)} (known: {', '.join(one.name for one in (*FORMATS, WIDE))})"
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
