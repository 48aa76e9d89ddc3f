"""Events counted by month and zone, where and when they are recorded."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.observed.events import Event, perhaps_one
from atmis.analysis.observed.import_log import Account
from atmis.analysis.observed.names import folded
from atmis.analysis.observed.places import Placing
from atmis.analysis.observed.record import Month, Observed, span, unrecorded
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre


class Log(NamedTuple):
    """Events of a file, and the months in which its source recorded as far as they are known."""

    events: Sequence[Event]
    first: Month | None  # None: that of the first event of each country
    last: Month | None


def count(log: Log, theatre: Theatre, account: Account) -> Observed:
    """Counts by month and zone of the theatre. Raises InputError when no event is of any of its countries.

    Where it is not said when recording began, a country is recorded from the month of its first event; one without any
    event is not. Months of recording without an event are zero.
    """
    starts = _starts(log, {about.country for about in theatre.zones.values()})
    months = span(min(starts.values()), log.last or max(np.datetime64(one.start, "M") for one in log.events))
    zones = tuple(zone for zone, about in theatre.zones.items() if about.country in starts)
    made = unrecorded(zones, months, account, "zone")
    for column, zone in enumerate(zones):
        since = months >= starts[theatre.zones[zone].country]
        for table in (made.events, made.deaths, made.lethal):
            table[since, column] = 0.0
    _add(log.events, made, Placing(theatre))
    for keys in perhaps_one(log.events):
        account.note("perhaps one event: the same day, place, parties and deaths; all are counted", " and ".join(keys))
    return made


def _starts(log: Log, countries: set[str]) -> dict[str, Month]:
    """First recorded month of each country of which there are events."""
    found: dict[str, Month] = {}
    for event in log.events:
        country, month = folded(event.place.country), np.datetime64(event.start, "M")
        if country in countries:
            found[country] = log.first or min(month, found.get(country, month))
    if not found:
        raise InputError(f"no event of the actor in {' or '.join(sorted(countries))}; actor=any takes events of all")
    return found


def _add(events: Sequence[Event], made: Observed, placing: Placing) -> None:
    account = made.account
    for event in events:
        found, month = placing(event.place), np.datetime64(event.start, "M")
        if not made.months[:1] <= month <= made.months[-1:]:
            account.drop("outside the months of recording", f"{event.key}: {month}")
            continue
        if found.zone is None:
            account.drop(found.how, ": ".join([event.key, *event.place.names[:1]]))
            continue
        account.kept += 1
        account.note(f"placed {found.how}")
        if f"{event.start:%Y-%m}" != f"{event.end:%Y-%m}":
            account.note("last into another month; counted in the month of their first day", event.key)
        row, column = int(np.searchsorted(made.months, month)), made.zones.index(found.zone)
        made.events[row, column] += 1
        made.deaths[row, column] += event.deaths
        made.lethal[row, column] += event.deaths > 0
