"""Every parameter has an effect: each number, date and switch that can be set changes something that is recorded.

What there is to set is read off the records themselves, so a new field that no rule reads fails here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args

import helpers
import numpy as np
import pytest
from pydantic import BaseModel
from settable_values import SettableValue, settable_values, values_below

import atmis
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario import drawn
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

# Field -> why it may have no effect, by record and field: a field is dead everywhere or nowhere.
DEAD = {
    "Phase.first_planned": "for the record: the date before a slip",
    "ZoneRecord.area_km2": "documented size, for the reader",
    "Border.length_km": "documented size, for the reader",
    "mission_base.garrison": "a mission base is manned by its contingent's strength and its weight",
    "host_base.weight": "a host base asks for its garrison; a weight divides a contingent's or returning troops",
}


def others(setting: SettableValue) -> Iterator[Any]:
    """Other values to try, the nearest first."""
    value = setting.value
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, date):
        yield from (str(value + timedelta(days=days)) for days in (3, -3, 40, -40, 150, -150))
    else:
        tries = [value * 1.3 + 0.01, value * 0.7, setting.low, value * 3 + 1, setting.high, value + 1, value - 1]
        candidates = [min(max(number, setting.low), setting.high) for number in tries]
        candidates = [round(number) for number in candidates] if isinstance(value, int) else candidates
        yield from (number for number in dict.fromkeys(candidates) if number != value)


def changes(setting: SettableValue, other: Any) -> dict[str, Any]:
    """The changes to make: the value and, where shares must add up to one, another share to balance it."""
    changed = {setting.path: other}
    record, _, field = setting.owner.partition(".")
    if record == "Mix":
        parent = setting.path.rpartition(".")[0]
        rest = "clash" if field != "clash" else "ied"
        whole = helpers.everything()
        for part in parent.split("."):
            whole = whole[part]
        changed[f"{parent}.{rest}"] = whole[rest] + setting.value - other
    return changed


@pytest.fixture(scope="module")
def data() -> helpers.Data:
    return helpers.everything()


class Baseline(NamedTuple):
    """A scenario in which parameters are tried: its data, its settable values by path, and its record."""

    data: helpers.Data
    settable_values: dict[str, SettableValue]
    expected: Any


@pytest.fixture(scope="module")
def baselines(data):
    """Forty days in which everything happens, and a scenario of four years for what has no effect so soon."""
    return [_baseline(helpers.eventful()), _baseline(data)]


def _baseline(data: helpers.Data) -> Baseline:
    return Baseline(
        data, {setting.path: setting for setting in settable_values(helpers.build(data))}, helpers.run(data)[1]
    )


def is_alive(path: str, baselines: list[Baseline]) -> bool:
    """Whether another value of a setting changes anything, in the first scenario or else in the next."""
    return any(_is_alive(baseline.settable_values[path], baseline) for baseline in baselines)


def _is_alive(setting: SettableValue, baseline: Baseline) -> bool:
    tried = 0
    for other in others(setting):
        try:
            inputs = helpers.build(helpers.change(baseline.data, changes(setting, other)))
        except InputError:
            continue
        tried += 1
        if helpers.differing(helpers.run(inputs)[1], baseline.expected):
            return True
    assert tried, f"no other value of {setting.path} is allowed"
    return False


GROUPS = [name for name in Scenario.model_fields if name not in ("scenario", "draws")]


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_has_an_effect(group, data, baselines):
    settings = list(values_below(getattr(helpers.build(data), group), group, group))
    assert settings, "nothing to set"
    dead = [setting.path for setting in settings if setting.owner not in DEAD and not is_alive(setting.path, baselines)]
    assert dead == []


def test_every_column_of_the_draws_has_an_effect(data, baselines):
    """When its lowest or highest number alone replaces the value of the parameter."""
    planned, inputs = atmis.load("planned"), helpers.build(data)
    base, columns = RunInputs.of(inputs), drawn.columns(planned)
    assert len(columns) == len(planned.draws.instead_of) > 30

    def moves(path: str, number: float) -> bool:
        run = ensemble.run_one(base.with_values({path: number}), 1, 0)
        return bool(helpers.differing(run[1], baselines[-1].expected))

    ends = {path: (column.max(), column.min()) for path, column in columns.items()}
    assert [path for path, numbers in ends.items() if not any(moves(path, number) for number in numbers)] == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_value_that_is_allowed_is_safe(group, data):
    """With any one number at its lowest or highest allowed value, all stays finite and shares stay shares."""
    shorter = helpers.change(data, {"period.end": "2022-12-31"})
    broken = []
    for setting in values_below(getattr(helpers.build(data), group), group, group):
        for bound in (setting.low, setting.high) if type(setting.value) in (int, float) else ():
            try:
                inputs = helpers.build(helpers.change(shorter, changes(setting, type(setting.value)(bound))))
            except InputError:
                continue
            violations = list(faults(*helpers.run(inputs)))
            broken += (
                [f"{setting.path}={bound:g}: {violations[0]} (and {len(violations) - 1} more)"] if violations else []
            )
    assert broken == []


def faults(state: Any, record: Any) -> Iterator[str]:
    """Names of values that are not finite, negative, or no share."""
    for name, array in helpers.arrays(state, record).items():
        for field in array.dtype.names or (None,):
            column = np.asarray(array[field] if field else array, dtype=float)
            if not np.isfinite(column).all():
                yield f"{name}.{field} is not finite"
    shares = {"control": state.zones.control, "readiness": state.bases.readiness}
    yield from (f"{name} is no share" for name, share in shares.items() if not ((share >= 0) & (share <= 1)).all())
    counts = {"monthly": record.monthly, "garrison": state.bases.garrison, "home": state.zones.home}
    counts |= {"fighters": state.cells.fighters, "pool": state.forces.pool, "funds": state.run.funds}
    yield from (f"{name} is negative" for name, count in counts.items() if not (count >= -1e-9).all())


def test_listed_exceptions_have_no_effect(data, baselines):
    """Otherwise the exception and its reason are wrong."""
    settings = {
        setting.owner: setting.path for setting in settable_values(helpers.build(data)) if setting.owner in DEAD
    }
    assert set(settings) == set(DEAD)
    assert [owner for owner, path in settings.items() if is_alive(path, baselines)] == []


def test_all_records_are_searched(data):
    """Guards this test itself: all fields that `quantity_field` declares are found."""
    settings = {setting.owner for setting in settable_values(helpers.build(data))}
    missing = {
        f"{record.__name__}.{name}"
        for record in records(Scenario)
        for name, info in record.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and "unit" in info.json_schema_extra
    } - settings
    assert {name for name in missing if not name.startswith("BaseRecord.")} == set()
    assert {"mission_base.weight", "border_base.weight", "border_base.garrison", "host_base.garrison"} <= settings
    assert len(settings) > 150


def records(record: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A record type and all types below it."""
    yield record
    for info in record.model_fields.values():
        for part in flatten(info.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from records(part)


def flatten(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from flatten(part)
