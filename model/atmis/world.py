"""A scenario as the rules read it: nested named tuples of numbers and arrays.

Each parameter record has a twin here with the same field names, so that a rule reads `world.opposition.attacks.rate`
just as the YAML writes `opposition.attacks.rate`. Names, dates and texts stay behind.
"""

from collections import namedtuple
from typing import Any, NamedTuple, get_args, get_origin

import numpy as np
from pydantic import BaseModel

from atmis import calendar, theatre
from atmis.scenario.opposition import Opposition
from atmis.scenario.others import Evidence, Host, Kenya, Reporting, Society
from atmis.scenario.scenario import Scenario


class World(NamedTuple):
    """All that does not change during a run."""

    ground: theatre.Ground
    calendar: calendar.Calendar
    opposition: Any
    host: Any
    kenya: Any
    society: Any
    evidence: Any
    reporting: Any


_TWINS: dict[type[BaseModel], Any] = {}


def _twin(record: type[BaseModel]) -> Any:
    """The named tuple with the numeric fields of a record. It is a module-level name, so that numba can cache it."""
    fields = [name for name, info in record.model_fields.items() if _numeric(info.annotation)]
    tuple_class = namedtuple(record.__name__, fields, module=__name__)  # type: ignore[misc]  # noqa: PYI024
    globals()[record.__name__] = tuple_class
    _TWINS[record] = tuple_class
    for name in fields:
        annotation = record.model_fields[name].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in _TWINS:
            _twin(annotation)
    return tuple_class


def _numeric(annotation: Any) -> bool:
    if annotation in (int, float, bool):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(_numeric(info.annotation) for info in annotation.model_fields.values())
    if get_origin(annotation) is list:
        item = get_args(annotation)[0]
        return (get_args(item) or (item,))[0] is float
    return False


for _group in (Opposition, Host, Kenya, Society, Evidence, Reporting):
    _twin(_group)


def freeze(record: BaseModel) -> Any:
    """A record as its twin."""
    tuple_class = _TWINS[type(record)]
    return tuple_class(*(_value(getattr(record, name)) for name in tuple_class._fields))


def _value(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return freeze(value)
    if isinstance(value, list):
        return np.array(value, dtype=np.float64)
    return value


def build(scenario: Scenario) -> World:
    """A scenario as the rules read it."""
    return World(
        ground=theatre.build(scenario),
        calendar=calendar.build(scenario),
        opposition=freeze(scenario.opposition),
        host=freeze(scenario.host),
        kenya=freeze(scenario.kenya),
        society=freeze(scenario.society),
        evidence=freeze(scenario.evidence),
        reporting=freeze(scenario.reporting),
    )
