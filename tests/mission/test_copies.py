"""A copy of a Mission is live: its agents change its own state, and it runs on to the same bytes."""

import copy
import pickle
from collections.abc import Callable

import helpers
import numpy as np
import pytest

import atmis
from atmis.mission import Mission
from atmis.scenario.scenario import Scenario

Copier = Callable[[Mission], Mission]
COPIERS: dict[str, Copier] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda mission: pickle.loads(pickle.dumps(mission)),
}


@pytest.fixture(scope="module")
def inputs() -> Scenario:
    return atmis.load("planned", ["period.end=2022-05-31"])


@pytest.fixture(params=COPIERS)
def copier(request: pytest.FixtureRequest) -> Copier:
    return COPIERS[request.param]


def run_on(mission: Mission, days: int) -> Mission:
    for _ in range(days):
        mission.step()
    return mission


@pytest.mark.parametrize("day", [0, 1, 29, 61])
@pytest.mark.parametrize("activation", ["compiled", "shuffle_do"])
def test_it_runs_on_to_the_same_bytes(inputs: Scenario, copier: Copier, day: int, activation: str):
    original = run_on(Mission(inputs, rng=5, activation=activation), day)  # type: ignore[arg-type]
    branch = copier(original)
    rest = inputs.period.days - day
    run_on(branch, rest)
    assert (original.day, original.steps, branch.day, branch.steps) == (day, day, day + rest, day + rest)
    run_on(original, rest)
    assert helpers.differing(original.state, branch.state) == []
    assert helpers.differing(original.record, branch.record) == []


def test_its_agents_are_its_own(inputs: Scenario, copier: Copier):
    original = run_on(Mission(inputs, rng=5), 3)
    before = [table.tobytes() for table in map(np.asarray, original.state)]
    branch = copier(original)
    assert all(agent.model is branch for agent in branch.agents)
    assert branch.agents_by_type.keys() == original.agents_by_type.keys()
    for zone in branch.zones:
        zone.control = 0.0
    for cell in branch.cells:
        cell.fighters, cell.zone = 7, original.zones[2]  # a zone of the original stands for that of its name
    branch.bases[0].standing = "closed"
    assert not branch.state.zones.control.any()
    assert set(branch.state.cells.fighters) == {7.0}
    assert branch.cells[4].zone is branch.zones[2]
    assert branch.bases[0].standing == "closed"
    assert [table.tobytes() for table in map(np.asarray, original.state)] == before


def test_a_change_to_a_copy_is_that_change(inputs: Scenario, copier: Copier):
    """Attacks in 20 days where nobody governs: in a copy so many as in the original itself."""
    original = run_on(Mission(inputs, rng=5), 10)
    branch = copier(original)
    for mission in (branch, original):
        mission.agents_by_type[type(mission.zones[0])].set("control", 0.0)
        run_on(mission, 20)
    untouched = run_on(Mission(inputs, rng=5), 30)
    attacks = [int(mission.record.daily[0].sum()) for mission in (branch, original, untouched)]
    assert attacks[0] == attacks[1] != attacks[2]


def test_it_collects_for_itself(inputs: Scenario, copier: Copier):
    original = run_on(Mission(inputs, rng=5), 2)
    branch = run_on(copier(original), 3)
    assert [len(mission.datacollector.model_vars["attacks_total"]) for mission in (original, branch)] == [2, 5]
    assert branch.datacollector.model_vars["attacks_total"][-1] == branch.record.daily[0].sum()


def test_a_copy_goes_another_way_with_another_seed(inputs: Scenario):
    """From any day of the block of eight for which draws are looked up at once."""
    original = run_on(Mission(inputs, rng=5), 11)
    again, other, same = (copy.deepcopy(original) for _ in range(3))
    other.reset_rng(6)
    again.reset_rng(5)
    same.reset_rng()
    for mission in (original, again, other, same):
        run_on(mission, 1)
    assert helpers.differing(original.state, again.state) == helpers.differing(original.state, same.state) == []
    assert (original.seed, other.seed) == (5, 6)
    assert (original.state.uniforms != other.state.uniforms).all()
    fresh = run_on(Mission(inputs, rng=6), 12)
    assert (fresh.state.cells.key == other.state.cells.key).all()
    assert (fresh.state.uniforms == other.state.uniforms).all()  # those of the other seed on this date
