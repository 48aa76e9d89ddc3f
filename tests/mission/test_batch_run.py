"""Mesa's own tools over a Mission: seeds of every kind, batch_run, and the headlines in its rows."""

import inspect
import pickle
from typing import Any

import mesa
import numpy as np
import pytest

import atmis
from atmis.mission import Base, Cell, Contingent, Mission, Zone
from atmis.mission.seeds import seed_of
from atmis.runs import summary
from atmis.scenario.scenario import Scenario

SEEDS_ARE_GIVEN = "rng" in inspect.signature(mesa.batch_run).parameters  # from Mesa 3.5 on
DAYS = 5


@pytest.fixture(scope="module")
def inputs() -> Scenario:
    return atmis.load("planned", ["period.end=2022-04-05"])


def batch(model: type[Mission] = Mission, iterations: int = 1, **parameters: Any) -> list[dict[str, Any]]:
    """Rows of batch_run, with so many iterations as the version of Mesa says it."""
    times: dict[str, Any] = {"rng": [None] * iterations} if SEEDS_ARE_GIVEN else {"iterations": iterations}
    rows: list[dict[str, Any]] = mesa.batch_run(model, parameters, **times, display_progress=False)
    return rows


# --- seeds ---


SEEDS = {
    "int": (7, 7),
    "of numpy": (np.uint32(7), 7),
    "the largest": (2**63 - 1, 2**63 - 1),
    "0-d": (np.array(7), 7),
    "128 bits": (2**127 + 1, seed_of(2**127 + 1)),
    "sequence": (np.random.SeedSequence(5), seed_of(np.random.SeedSequence(5))),
    "list": ([1, 2], seed_of(np.array([1, 2]))),
    "recipe": (np.random.SeedSequence(5).generate_state(4), seed_of(np.random.SeedSequence(5).generate_state(4))),
}


@pytest.mark.parametrize(("rng", "seed"), SEEDS.values(), ids=SEEDS)
@pytest.mark.parametrize("name", ["rng", "seed"])
def test_seeds_of_every_kind(inputs: Scenario, rng: Any, seed: int, name: str):
    mission = Mission(inputs, **{name: rng})
    assert (mission.seed, mission.stream.seed, mission.replicate) == (seed, seed, 0)
    assert 0 <= seed < 2**63


def test_seeds_that_differ_are_different_runs():
    found = [seed_of(rng) for rng in (1, 2, 2**64 + 1, 2**64 + 2, [1], [1, 2], [2, 1])]
    found += [seed_of(one) for one in np.random.SeedSequence(1).spawn(3)]
    assert len(set(found)) == len(found)


def test_a_generator_gives_one_seed_after_the_other():
    generator, twin = np.random.default_rng(3), np.random.default_rng(3)
    first, second = seed_of(generator), seed_of(generator)
    assert first != second
    assert seed_of(twin.bit_generator) == first


def test_no_seed_is_a_new_one_that_is_told(inputs: Scenario):
    one, other = Mission(inputs), Mission(inputs)
    assert (one.seed, one.replicate) != (other.seed, other.replicate)
    again = Mission(inputs, rng=one.seed, replicate=one.replicate)
    for mission in (one, again):
        mission.step()
    assert one.record.daily.tobytes() == again.record.daily.tobytes()
    assert one.state.cells.tobytes() == again.state.cells.tobytes()


@pytest.mark.parametrize("rng", [1.5, "one", True, -1, [], [1, -2], [1.5], np.array([[1, 2]]), [True], {1}, {}])
@pytest.mark.parametrize("name", ["rng", "seed"])
def test_what_is_no_seed_is_refused(inputs: Scenario, rng: Any, name: str):
    with pytest.raises(TypeError, match=f"{name} is the seed of all draws and must be a whole number from 0 on"):
        Mission(inputs, **{name: rng})


# --- batch_run ---


def test_rows_hold_the_headlines_of_the_run(inputs: Scenario):
    (row,) = batch(inputs=[inputs], replicate=3, **({} if SEEDS_ARE_GIVEN else {"rng": 9}))
    columns = summary.columns(atmis.simulate(inputs, replicates=4, seed=row["seed"]))
    assert row["last_day"] == inputs.period.end
    for headline in summary.HEADLINES:
        expected = columns[headline.name][3]
        assert row[headline.name] == (expected.item() if headline.unit == "date" else expected), headline.name


@pytest.mark.parametrize("days", [1, 17, 30, 40])
def test_headlines_of_any_day_are_those_of_a_run_that_ends_there(days: int):
    whole = atmis.load("planned", ["period.end=2022-05-31"])
    until = atmis.load("planned", [f"period.end={whole.date(days - 1)}"])
    mission = Mission(whole, rng=4)
    for _ in range(days):
        mission.step()
    columns = summary.columns(atmis.simulate(until, replicates=1, seed=4))
    for headline in summary.HEADLINES:
        value = mission.datacollector.model_vars[headline.name][-1]
        expected = columns[headline.name][0]
        assert value == (expected.item() if headline.unit == "date" else expected), headline.name


def test_iterations_differ(inputs: Scenario):
    rows = batch(inputs=[inputs], iterations=3)
    assert len(rows) == 3
    assert len({row["seed"] for row in rows}) == 3
    assert len({(row["attacks_total"], row["fighters_end_people"], row["displaced_end_people"]) for row in rows}) == 3


class Seeded(Mission):
    """A model of a user, with a seed and a collector of his own."""

    def __init__(self, inputs: Scenario, rng: Any = 1) -> None:
        super().__init__(inputs, rng=rng)
        self.datacollector = mesa.DataCollector(
            {"attacks": lambda model: model.today("attacks"), "run": "replicate", "seed": "seed"}
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_iterations_of_a_model_with_one_seed_differ(inputs: Scenario):
    """Before Mesa 3.5 they are its replicates; later Mesa itself gives each a seed."""
    rows = batch(Seeded, inputs=[inputs], iterations=3)
    assert len({(row["seed"], row["run"]) for row in rows}) == 3


def test_its_own_collector_is_the_users(inputs: Scenario):
    mission = Seeded(inputs)
    for _ in range(DAYS):
        mission.step()
    assert mission.datacollector.model_vars["attacks"] == mission.record.daily[0].sum(axis=1).tolist()


@pytest.mark.parametrize("given", ["name", "scenario", "scenarios"])
def test_a_scenario_is_a_parameter(inputs: Scenario, given: str):
    """One that is no list is one value: Mesa would iterate a record of pydantic."""
    value = {"name": "planned", "scenario": inputs, "scenarios": [inputs, inputs]}[given]
    end = {"overrides": "period.end=2022-04-02"} if given == "name" else {}
    rows = batch(inputs=value, replicate=[0, 1], **end)
    assert len(rows) == (4 if given == "scenarios" else 2)


def test_overrides_are_a_parameter():
    rows = batch(overrides=["period.end=2022-04-01", ["period.end=2022-04-02", "host=weak"]])
    assert [row["last_day"].day for row in rows] == [1, 2]


def test_agents_are_collected_by_kind_on_demand(inputs: Scenario):
    mission = Mission(inputs, rng=1, collect="agents")
    mission.step()
    mission.step()
    tables = {kind: mission.datacollector.get_agenttype_vars_dataframe(kind) for kind in (Zone, Contingent, Base, Cell)}
    assert {kind: len(table) for kind, table in tables.items()} == {
        Zone: 2 * len(mission.zones),
        Contingent: 2 * len(mission.contingents),
        Base: 2 * len(mission.bases),
        Cell: 2 * len(mission.cells),
    }
    assert tables[Zone]["attacks_today"].sum() == mission.record.daily[0].sum()
    assert tables[Base]["zone"].iloc[0] == mission.bases[0].zone.name
    assert pickle.loads(pickle.dumps(mission)).datacollector.model_vars == mission.datacollector.model_vars


def test_nothing_is_collected_for_who_says_so(inputs: Scenario):
    mission = Mission(inputs, rng=1, collect="nothing")
    mission.step()
    assert not hasattr(mission, "datacollector")
