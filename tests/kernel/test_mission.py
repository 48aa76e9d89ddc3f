"""The interface for Mesa: a model as Mesa's users expect it, whose agents are views on the state."""

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


@pytest.mark.parametrize("rng", [None, 1.5, "one", True, -1, np.random.default_rng(1)])
def test_the_seed_must_be_a_whole_number(inputs: Scenario, rng: object):
    with pytest.raises(TypeError, match="rng is the seed"):
        Mission(inputs, rng=rng)  # type: ignore[arg-type]


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
    contingent.deployed = 11
    assert mission.zones[int(mission.state.cells.zone[0])].name == "gedo"
    assert mission.state.cells.posture[0] == 1
    assert (base.standing, base.holder) == ("closed", "federal_army")
    assert mission.state.zones.control[0] == 0.25
    assert mission.state.contingents.deployed[0] == 11


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


def test_fighters_cannot_be_negative(mission: Mission):
    with pytest.raises(ValueError, match="at least 0"):
        mission.cells[0].fighters = -1


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
