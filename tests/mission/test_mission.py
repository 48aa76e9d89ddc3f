"""The interface for Mesa: a model as Mesa's users expect it, whose agents are views on the state."""

from typing import Any

import helpers
import mesa
import numpy as np
import pytest

import atmis
from atmis.mission import Base, Cell, Contingent, Mission, Zone
from atmis.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def inputs() -> Scenario:
    return atmis.load("planned", ["period.end=2022-05-31"])


@pytest.fixture
def mission(inputs: Scenario) -> Mission:
    return Mission(inputs, rng=5)


def test_it_is_a_mesa_model_that_needs_no_argument():
    mission = atmis.Mission()
    assert isinstance(mission, mesa.Model)
    assert mission.inputs.scenario.name == "planned"
    mission.step()
    assert mission.steps == 1
    assert str(mission.date) == "2022-04-02"


def test_agents_by_type(mission: Mission):
    counts = {kind.__name__: len(agents) for kind, agents in mission.agents_by_type.items()}
    theatre = mission.inputs.theatre
    assert counts == {
        "Zone": len(theatre.zones),
        "Contingent": len(theatre.contingents),
        "Base": len(theatre.bases),
        "Cell": len(mission.state.cells),
    }
    kenya = mission.agents_by_type[Contingent].select(lambda agent: agent.name == "kenya")
    assert [agent.deployed for agent in kenya] == [4000]


def test_views_read_the_state(mission: Mission):
    cell, base = mission.cells[7], mission.bases[3]
    assert cell.fighters == mission.state.cells.fighters[7]
    assert cell.zone is mission.zones[int(mission.state.cells.zone[7])]
    assert base.name == list(mission.inputs.theatre.bases)[3]
    assert base.zone.name == mission.inputs.theatre.bases[base.name].zone
    assert base.holder == mission.inputs.theatre.bases[base.name].holder
    assert (base.standing, base.handed_over) == ("open", None)


def test_views_write_the_state(mission: Mission):
    cell, base, zone, contingent = mission.cells[0], mission.bases[0], mission.zones[0], mission.contingents[0]
    cell.fighters = 38
    assert mission.state.cells.fighters[0] == 38
    strength = (38 / mission.inputs.opposition.cells.mean_size) ** mission.inputs.opposition.attacks.strength
    assert cell.strength == pytest.approx(strength, rel=1e-12)
    cell.zone = "gedo"
    cell.posture = "displaced"
    base.standing = "closed"
    base.holder = "federal_army"
    zone.control = 0.25
    contingent.deployed, contingent.killed = 11, 2
    assert mission.zones[int(mission.state.cells.zone[0])].name == "gedo"
    assert mission.state.cells.posture[0] == 1
    assert (base.standing, base.holder) == ("closed", "federal_army")
    assert mission.state.zones.control[0] == 0.25
    assert mission.state.contingents.deployed[0] == 11
    assert contingent.sent == 11 + 2 + contingent.withdrawn  # nobody is lost from the books


def test_changes_to_agents_take_effect(inputs: Scenario):
    quiet, loud = Mission(inputs, rng=5), Mission(inputs, rng=5)
    for cell in quiet.cells:
        cell.fighters = 0
    for cell in loud.cells:
        cell.fighters *= 5
    for mission in (quiet, loud):
        for _ in range(10):
            mission.step()
    assert quiet.record.monthly[..., 0].sum() < 5  # depleted cells form again, a few fighters at a time
    assert loud.record.monthly[..., 0].sum() > 50


@pytest.mark.parametrize(
    ("agent", "name", "value", "word"),
    [
        ("bases", "standing", "clossed", "closed"),
        ("bases", "holder", "kenia", "kenya"),
        ("cells", "zone", "geda", "gedo"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(mission: Mission, agent: str, name: str, value: str, word: str):
    with pytest.raises(ValueError, match=f"'{value}' is not known; did you mean '{word}'"):
        setattr(getattr(mission, agent)[0], name, value)


WRONG = {
    "zones": ("control", [np.nan, np.inf, 1.7, -0.1, "0.5", None, True, np.True_, [0.5], 1 + 0j, 10**400]),
    "bases": ("garrison", [-100, np.nan, 1e12, "10", False]),
    "contingents": ("deployed", [-1, 10.5, 1e12, np.nan, "all", True]),
    "cells": ("fighters", [-1, 2.5, np.nan, np.inf, 1e12, "10", True, None]),
}


@pytest.mark.parametrize(
    ("kind", "name", "value"), [(kind, name, value) for kind, (name, values) in WRONG.items() for value in values]
)
def test_a_wrong_number_is_refused_and_changes_nothing(mission: Mission, kind: str, name: str, value: object):
    agents = mission.agents_by_type[type(getattr(mission, kind)[0])]
    before = [table.tobytes() for table in map(np.asarray, mission.state)]
    with pytest.raises((TypeError, ValueError), match=f"{agents[0]}: {name} must be a .*number from 0 to .*, not "):
        agents.set(name, value)  # as Mesa sets many; the first is refused
    assert [table.tobytes() for table in map(np.asarray, mission.state)] == before


def settable() -> list[tuple[str, str]]:
    """Each attribute of an agent that can be written."""
    return [
        (kind, name)
        for kind, owner in {"zones": Zone, "contingents": Contingent, "bases": Base, "cells": Cell}.items()
        for name, value in vars(owner).items()
        if hasattr(type(value), "__set__") and (not isinstance(value, property) or value.fset)
    ]


@pytest.mark.parametrize(("kind", "name"), settable())
@pytest.mark.parametrize("value", [None, "nonsense", np.nan, True, -1, [1], object()])
def test_every_setter_refuses_nonsense(mission: Mission, kind: str, name: str, value: object):
    agent = getattr(mission, kind)[0]
    before = getattr(agent, name)
    with pytest.raises((TypeError, ValueError), match=name):
        setattr(agent, name, value)
    assert getattr(agent, name) == before


@pytest.mark.parametrize(("kind", "name"), settable())
def test_every_setter_takes_what_it_gave(mission: Mission, kind: str, name: str):
    for agent in getattr(mission, kind):
        setattr(agent, name, getattr(agent, name))


@pytest.mark.parametrize("number", [np.float32(0.25), np.int64(0), np.float64(1.0), 0.0])
def test_numbers_of_numpy_are_numbers(mission: Mission, number: float):
    mission.zones[0].control = number
    assert mission.state.zones.control[0] == number


def test_a_base_stays_where_it_is(mission: Mission):
    elsewhere = next(zone for zone in mission.zones if zone is not mission.bases[0].zone)
    with pytest.raises(ValueError, match=f"{mission.bases[0]}: zone cannot be changed"):
        mission.bases[0].zone = elsewhere


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"replicate": -1}, "replicate must be a whole number from 0"),
        ({"replicate": True}, "replicate must be a whole number from 0"),
        ({"replicate": "5"}, "replicate must be a whole number from 0"),
        ({"keep_events": -1}, "keep_events must be a whole number from 0"),
        ({"activation": "shuffle"}, "activation: 'shuffle' is not known; did you mean 'shuffle_do'"),
        ({"activation": None}, "activation must be a name, not None; known: compiled, do, shuffle_do"),
        ({"collect": "all"}, "collect: 'all' is not known; known: agents, headlines, nothing"),
        ({"inputs": 3}, "inputs must be a scenario or the name of one, not 3"),
        ({"overrides": ["host=weak"]}, "overrides go with the name of a scenario"),
        ({"rng": 1, "seed": 1}, "rng and seed both give the seed"),
    ],
)
def test_a_wrong_argument_is_refused(inputs: Scenario, more: dict[str, Any], words: str):
    with pytest.raises((TypeError, ValueError), match=words):
        Mission(**{"inputs": inputs, **more})


def test_what_is_set_on_the_model_is_checked(mission: Mission):
    with pytest.raises(AttributeError, match="day"):
        mission.day = 40  # type: ignore[misc]
    with pytest.raises(ValueError, match="today: 'atacks' is not known; did you mean 'attacks'"):
        mission.today("atacks")  # type: ignore[arg-type]
    mission.activation = "all"  # type: ignore[assignment]
    with pytest.raises(ValueError, match="activation: 'all' is not known"):
        mission.step()
    assert mission.day == 0


@pytest.mark.parametrize("kind", ["zones", "contingents", "bases", "cells"])
def test_an_agent_keeps_its_row_and_its_name(mission: Mission, kind: str):
    agents = getattr(mission, kind)
    for name in ("name", "index"):
        with pytest.raises(AttributeError, match=name):
            setattr(agents[0], name, getattr(agents[1], name))
    assert not hasattr(agents, "remove")  # found by number: a list that is shuffled would mix them up
    with pytest.raises(TypeError):
        mission.random.shuffle(agents)


def test_the_scenario_cannot_be_exchanged(mission: Mission):
    with pytest.raises(AttributeError, match="inputs"):
        mission.inputs = atmis.load("extended")  # type: ignore[misc]


@pytest.mark.parametrize("activation", ["compiled", "do"])
def test_an_agent_set_that_lacks_agents_is_refused(inputs: Scenario, activation: Any):
    mission = Mission(inputs, rng=5, activation=activation)
    mission.agents_by_type[Cell].shuffle(inplace=True)
    mission.step()
    mission.agents_by_type[Cell].select(at_most=40, inplace=True)
    with pytest.raises(RuntimeError, match="holds 40 agents for 500 rows of the state; none can be added or"):
        mission.step()
    mission = Mission(inputs, rng=5, activation=activation)
    mission.agents_by_type[Base].discard(mission.bases[0])
    with pytest.raises(RuntimeError, match="set standing = 'closed'"):
        mission.step()


def test_cells_act_in_an_open_day_only(mission: Mission):
    with pytest.raises(RuntimeError, match="2022-04-01 is still not open"):
        mission.cells[0].step()
    with pytest.raises(RuntimeError, match="not open"):
        mission.close_day()
    mission.open_day()
    with pytest.raises(RuntimeError, match="2022-04-01 is already open"):
        mission.open_day()
    mission.close_day()
    mission.step()


@pytest.mark.parametrize("kind", ["zones", "contingents", "bases", "cells"])
def test_an_agent_cannot_be_removed_or_added(mission: Mission, kind: str):
    agent = getattr(mission, kind)[0]
    with pytest.raises(RuntimeError, match=f"{agent} cannot be removed: it is a row of the state; set "):
        agent.remove()
    assert agent in mission.agents
    with pytest.raises(RuntimeError, match="cannot be removed"):
        mission.remove_all_agents()
    with pytest.raises(RuntimeError, match="one more cannot be added"):
        type(agent)(mission, 0, "one more")
    assert len(mission.agents_by_type[type(agent)]) == len(getattr(mission, kind))


def test_agents_of_ones_own_come_and_go(mission: Mission):
    own = mesa.Agent(mission)
    assert own in mission.agents
    own.remove()
    assert own not in mission.agents


def test_agent_sets_as_mesa_has_them(mission: Mission):
    bases = mission.agents_by_type[Base]
    bases.select(lambda base: base.holder == "kenya").set("readiness", 0.5)
    by_zone = mission.agents_by_type[Cell].groupby("zone")
    assert {base.readiness for base in mission.bases if base.holder == "kenya"} == {0.5}
    assert sum(len(cells) for _, cells in by_zone) == len(mission.cells)
    assert sorted(base.name for base in bases.shuffle()) == sorted(base.name for base in mission.bases)
    assert sum(mission.agents_by_type[Cell].get("fighters")) == mission.state.cells.fighters.sum()


def test_data_collector(mission: Mission):
    collector = mesa.DataCollector(
        model_reporters={"attacks": lambda model: model.today("attacks"), "day": "day"},
        agenttype_reporters={Zone: {"control": "control"}, Base: {"standing": "standing"}, Cell: {"where": "fighters"}},
    )
    for _ in range(5):
        mission.step()
        collector.collect(mission)
    table = collector.get_model_vars_dataframe()
    assert list(table["day"]) == [1, 2, 3, 4, 5]
    assert table["attacks"].sum() == mission.record.daily[0].sum()
    assert len(collector.get_agenttype_vars_dataframe(Zone)) == 5 * len(mission.zones)
    assert set(collector.get_agenttype_vars_dataframe(Base)["standing"]) == {"open"}


def test_it_ends_on_its_last_day(inputs: Scenario):
    mission = Mission(inputs, rng=5)
    while mission.running:
        mission.step()
    assert mission.day == inputs.period.days
    with pytest.raises(RuntimeError, match="2022-05-31"):
        mission.step()


def test_cells_can_be_activated_by_hand(inputs: Scenario):
    by_step, by_hand = Mission(inputs, rng=5), Mission(inputs, rng=5)
    for _ in range(20):
        by_step.step()
        by_hand.open_day()
        by_hand.agents_by_type[Cell].shuffle_do("step")
        by_hand.close_day()
    assert helpers.differing(by_step.state, by_hand.state) == []
