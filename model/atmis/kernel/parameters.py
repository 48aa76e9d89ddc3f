"""A scenario as the rules read it: parameter records, maps and the calendar. Nothing here changes during a run.

Each parameter record of the scenario has a NumPy record here with the same field names, so that a rule reads
`world.opposition.attacks.rate` just as the YAML writes `opposition.attacks.rate`. Names, dates and texts stay behind.
"""

from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

import numpy as np
from pydantic import BaseModel

from atmis.kernel import calendar, theatre
from atmis.kernel.state import State
from atmis.scenario.scenario import Scenario


class Parameters(NamedTuple):
    """All that does not change during a run."""

    opposition: Any
    host: Any
    kenya: Any
    society: Any
    evidence: Any
    reporting: Any
    dates: Any  # one row of calendar.DATES
    calendar: Any  # [days] rows of calendar.CALENDAR
    reach: Any  # [B, Z] weight of a base's troops in each zone, 1 at home
    steps: Any  # [Z, Z] fewest borders to cross


def build(scenario: Scenario) -> tuple[Parameters, State]:
    """A scenario as the rules read it, and the state before its first day and before any draw."""
    params = Parameters(
        opposition=freeze(scenario.opposition),
        host=freeze(scenario.host),
        kenya=freeze(scenario.kenya),
        society=freeze(scenario.society),
        evidence=freeze(scenario.evidence),
        reporting=freeze(scenario.reporting),
        dates=calendar.dates(scenario),
        calendar=calendar.days(scenario),
        reach=theatre.reach(scenario.theatre, scenario.society.presence.reach_km),
        steps=theatre.steps(scenario.theatre),
    )
    return params, State(**theatre.tables(scenario), **calendar.tables(scenario))


def freeze(record: BaseModel) -> Any:
    """The numbers of a record as a NumPy record of the same shape."""
    made = np.zeros(1, dtype=_layout(type(record))).view(np.recarray)
    made[0] = _values(record)
    return made[0]


@cache
def _layout(record: type[BaseModel]) -> np.dtype:
    fields: list[Any] = []
    for name, info in record.model_fields.items():
        kind = _kind(info.annotation, info.metadata)
        if kind is not None:
            fields.append((name, *kind))
    return np.dtype((np.record, fields))


def _kind(annotation: Any, metadata: Any) -> tuple[Any, ...] | None:
    """NumPy's kind of a field, None when it is not a number."""
    if annotation in (int, bool):
        return ("i8",)
    if annotation is float:
        return ("f8",)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        layout = _layout(annotation)
        return (layout,) if layout.names else None
    if get_origin(annotation) is list and (get_args(get_args(annotation)[0]) or (None,))[0] is float:
        return ("f8", (next(item.max_length for item in metadata if hasattr(item, "max_length")),))
    return None


def _values(record: BaseModel) -> tuple[Any, ...]:
    names = _layout(type(record)).names or ()
    found = (getattr(record, name) for name in names)
    return tuple(_values(value) if isinstance(value, BaseModel) else value for value in found)
