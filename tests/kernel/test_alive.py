"""Every parameter is alive: each number, date and switch that can be set moves something that is recorded.

What there is to set is read off the records themselves, so a new field that no rule reads fails here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args

import helpers
import numpy as np
import pytest
from pydantic import BaseModel
from settable_values import Leaf, leaves, values

import atmis
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario import drawn
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

# Field -> why it may be dead. By record and field, for a field is dead everywhere or nowhere.
DEAD = {
    "Phase.first_planned": "for the record: the date before a slip",
    "Zone.area_km2": "documented size, for the reader",
    "Border.length_km": "documented size, for the reader",
    "mission_base.garrison": "a mission base is manned by its contingent's strength and its weight",
    "host_base.weight": "a host base asks for its garrison; a weight divides a contingent's or returning troops",
}


def others(leaf: Leaf) -> Iterator[Any]:
    """Other values to try, the nearest first."""
    value = leaf.value
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, date):
        yield from (str(value + timedelta(days=days)) for days in (3, -3, 40, -40, 150, -150))
    else:
        tries = [value * 1.3 + 0.01, value * 0.7, leaf.low, value * 3 + 1, leaf.high, value + 1, value - 1]
        made = [min(max(number, leaf.low), leaf.high) for number in tries]
        made = [round(number) for number in made] if isinstance(value, int) else made
        yield from (number for number in dict.fromkeys(made) if number != value)


def changes(leaf: Leaf, other: Any) -> dict[str, Any]:
    """What to change: the value, and where shares must add up to one, another that makes room for it."""
    made = {leaf.path: other}
    record, _, field = leaf.owner.partition(".")
    if record == "Mix":
        parent = leaf.path.rpartition(".")[0]
        rest = "clash" if field != "clash" else "ied"
        whole = helpers.everything()
        for part in parent.split("."):
            whole = whole[part]
        made[f"{parent}.{rest}"] = whole[rest] + leaf.value - other
    return made


@pytest.fixture(scope="module")
def data() -> helpers.Data:
    return helpers.everything()


class Ground(NamedTuple):
    """A scenario in which to look for life: its data, its leaves by path, what it leaves as it is."""

    data: helpers.Data
    leaves: dict[str, Leaf]
    expected: Any


@pytest.fixture(scope="module")
def grounds(data):
    """Forty days in which all that can happen does, and what does not show there in four years."""
    return [_ground(helpers.eventful()), _ground(data)]


def _ground(data: helpers.Data) -> Ground:
    return Ground(data, {leaf.path: leaf for leaf in leaves(helpers.build(data))}, helpers.run(data)[1])


def is_alive(path: str, grounds: list[Ground]) -> bool:
    """Whether another value of a leaf moves anything, in the first scenario or else in the next."""
    return any(_is_alive(ground.leaves[path], ground) for ground in grounds)


def _is_alive(leaf: Leaf, ground: Ground) -> bool:
    tried = 0
    for other in others(leaf):
        try:
            inputs = helpers.build(helpers.change(ground.data, changes(leaf, other)))
        except InputError:
            continue
        tried += 1
        if helpers.differing(helpers.run(inputs)[1], ground.expected):
            return True
    assert tried, f"no other value of {leaf.path} is allowed"
    return False


GROUPS = [name for name in Scenario.model_fields if name not in ("scenario", "draws")]


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_moves_something(group, data, grounds):
    found = list(values(getattr(helpers.build(data), group), group, group))
    assert found, "nothing to set"
    dead = [leaf.path for leaf in found if leaf.owner not in DEAD and not is_alive(leaf.path, grounds)]
    assert dead == []


def test_every_column_of_the_draws_moves_something(data, grounds):
    """Its least or its greatest number, put alone in the place of its value."""
    planned, inputs = atmis.load("planned"), helpers.build(data)
    base, columns = RunInputs.of(inputs), drawn.columns(planned)
    assert len(columns) == len(planned.draws.instead_of) > 30

    def moves(path: str, number: float) -> bool:
        run = ensemble.run_one(base.with_values({path: number}), 1, 0)
        return bool(helpers.differing(run[1], grounds[-1].expected))

    ends = {path: (column.max(), column.min()) for path, column in columns.items()}
    assert [path for path, numbers in ends.items() if not any(moves(path, number) for number in numbers)] == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_value_that_is_allowed_is_safe(group, data):
    """With any one number at the lowest or highest value it may have, all stays finite and shares stay shares."""
    shorter = helpers.change(data, {"period.end": "2022-12-31"})
    broken = []
    for leaf in values(getattr(helpers.build(data), group), group, group):
        for bound in (leaf.low, leaf.high) if type(leaf.value) in (int, float) else ():
            try:
                inputs = helpers.build(helpers.change(shorter, changes(leaf, type(leaf.value)(bound))))
            except InputError:
                continue
            found = list(faults(*helpers.run(inputs)))
            broken += [f"{leaf.path}={bound:g}: {found[0]} (and {len(found) - 1} more)"] if found else []
    assert broken == []


def faults(state: Any, record: Any) -> Iterator[str]:
    """What is not finite, negative, or no share."""
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


def test_what_is_said_to_be_dead_is_dead(data, grounds):
    """Otherwise it belongs to the living, and its reason is wrong."""
    found = {leaf.owner: leaf.path for leaf in leaves(helpers.build(data)) if leaf.owner in DEAD}
    assert set(found) == set(DEAD)
    assert [owner for owner, path in found.items() if is_alive(path, grounds)] == []


def test_the_records_are_searched_through(data):
    """A guard for this test itself: as many fields of numbers as `quantity` declares are found."""
    found = {leaf.owner for leaf in leaves(helpers.build(data))}
    missing = {
        f"{record.__name__}.{name}"
        for record in records(Scenario)
        for name, info in record.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and "unit" in info.json_schema_extra
    } - found
    assert {name for name in missing if not name.startswith("Base.")} == set()
    assert {"mission_base.weight", "border_base.weight", "border_base.garrison", "host_base.garrison"} <= found
    assert len(found) > 150


def records(record: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A kind of record and all kinds below it."""
    yield record
    for info in record.model_fields.values():
        for part in flatten(info.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from records(part)


def flatten(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from flatten(part)
