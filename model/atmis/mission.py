"""The Mesa face: `Mission` is a mesa.Model, one step is one day, and its agents are views on the tables of the state.

There is no second implementation: `step` calls the compiled rules of `atmis.kernel.schedule`, so a run by steps, by
cells activated one by one in any order, and by the compiled loop of `atmis.simulate` leaves the same bytes.
"""

from datetime import date
from typing import Any, Literal

import mesa

from atmis.kernel import recorder, schedule
from atmis.kernel.parameters import Parameters
from atmis.kernel.rng import Stream
from atmis.kernel.state import POSTURES, STANDINGS, State, copy
from atmis.kernel.theatre import holder_ids
from atmis.runs.inputs import DrawnInputs, RunInputs
from atmis.scenario.compose import load
from atmis.scenario.errors import nearest
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import SEEDS

Activation = Literal["compiled", "do", "shuffle_do"]


class Mission(mesa.Model):
    """The mission, the armed group and the ground between them.

    Parameters: `inputs` - a Scenario, or the name of one; `rng` - the seed of all draws, an int; `replicate` - which of
    the runs with this seed; `activation` - how the cells act: in one compiled loop, one by one (`do`), or one by one in
    random order (`shuffle_do`); all three give the same bytes. `keep_events` - how many attacks to keep one by one.

    Agents, all in `agents_by_type`: Contingent, Base, Cell, Zone. Reading or writing their attributes reads or writes
    the state. Derived daily values (effective troops, hazard) are renewed at the start of each day.
    """

    def __init__(
        self,
        inputs: Scenario | str = "planned",
        rng: int = 1,
        replicate: int = 0,
        activation: Activation = "compiled",
        keep_events: int = 100_000,
    ) -> None:
        if not isinstance(rng, int) or isinstance(rng, bool) or not 0 <= rng < SEEDS:
            raise TypeError(f"rng is the seed of all draws and must be an int from 0 to {SEEDS - 1}, not {rng!r}")
        super().__init__(rng=rng)
        self.inputs = load(inputs) if isinstance(inputs, str) else inputs
        self.activation = activation
        self.day = 0  # days that have passed
        drawn = DrawnInputs(RunInputs.of(self.inputs)).of(replicate)
        self.params: Parameters = drawn.params
        self.state: State = copy(drawn.start)
        self.record = recorder.allocate(self.params, self.state, keep_events)
        self.stream = Stream(rng, replicate, int(self.params.dates.epoch))
        schedule.begin(self.params, self.state, self.stream)
        self._populate()

    def _populate(self) -> None:
        theatre, state = self.inputs.theatre, self.state
        self.zones = [Zone(self, row, name) for row, name in zip(state.zones, theatre.zones, strict=True)]
        self.contingents = [
            Contingent(self, row, name) for row, name in zip(state.contingents, theatre.contingents, strict=True)
        ]
        self.bases = [Base(self, row, name) for row, name in zip(state.bases, theatre.bases, strict=True)]
        self.cells = [Cell(self, row, index) for index, row in enumerate(state.cells)]

    @property
    def date(self) -> date:
        """The calendar date of the day that comes next."""
        return self.inputs.date(self.day)

    def step(self) -> None:
        """One day."""
        self.open_day()
        if self.activation == "compiled":
            schedule.act_all(self.params, self.state, self.record, self.stream, self.day)
        else:
            getattr(self.agents_by_type[Cell], self.activation)("step")
        self.close_day()

    def open_day(self) -> None:
        """What happens before the cells act."""
        if self.day >= self.inputs.period.days:
            raise RuntimeError(f"the run has ended: its last day was {self.inputs.period.end}")
        schedule.open_day(self.params, self.state, self.record, self.stream, self.day)

    def close_day(self) -> None:
        """What follows from the acts of the cells."""
        schedule.close_day(self.params, self.state, self.record, self.stream, self.day)
        self.day += 1
        self.running = self.day < self.inputs.period.days

    def today(self, indicator: Literal["attacks", "deaths", "overruns"]) -> int:
        """Count of the last day that was run, over all zones."""
        kind = ("attacks", "deaths", "overruns").index(indicator)
        return int(self.record.daily[kind, self.day - 1].sum()) if self.day else 0


class View(mesa.Agent):
    """An agent that is a row of a table."""

    def __init__(self, model: Mission, row: Any, name: str) -> None:
        super().__init__(model)
        self.row = row
        self.name = name


class Field:
    """An attribute of a view: a field of its row, as the given kind of number."""

    def __init__(self, name: str, kind: type = float) -> None:
        self.name, self.kind = name, kind

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else self.kind(agent.row[self.name])

    def __set__(self, agent: Any, value: Any) -> None:
        agent.row[self.name] = value


class Word:
    """An attribute of a view: one of some words, kept as its number."""

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        self.name, self.words = name, words

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else self.words[int(agent.row[self.name])]

    def __set__(self, agent: Any, value: str) -> None:
        agent.row[self.name] = position(value, self.words, self.name)


class Place:
    """An attribute of a view: a zone, kept as its number; may be set by zone or by name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else agent.model.zones[int(agent.row[self.name])]

    def __set__(self, agent: Any, value: "Zone | str") -> None:
        name = value.name if isinstance(value, Zone) else value
        agent.row[self.name] = position(name, tuple(zone.name for zone in agent.model.zones), "zone")


def position(name: str, names: tuple[str, ...], what: str) -> int:
    """Place of a name among names; a ValueError with the nearest when it is not there."""
    if name not in names:
        raise ValueError(f"{what}: '{name}' is not known{nearest(name, names)}")
    return names.index(name)


class Zone(View):
    """A zone. Summary of rule: control drifts toward the balance of presence, governance and armed strength."""

    control = Field("control")  # share
    fighters = Field("fighters")  # people, at the start of the day
    effective_troops = Field("effective")
    pressure = Field("pressure")  # of offensives
    excited = Field("excited")  # attacks expected from excitation, 1/day
    hazard = Field("hazard")  # attacks of a mean cell, 1/day
    people_at_home = Field("home")
    people_abroad = Field("abroad")

    @property
    def displaced(self) -> float:
        """People displaced from here."""
        return float(self.row["displaced"].sum())

    @property
    def attacks_today(self) -> int:
        """Attacks that landed here on the last day that was run."""
        model = self.model
        return (
            int(model.record.daily[recorder.DAILY_ATTACKS, model.day - 1, model.zones.index(self)]) if model.day else 0
        )


class Contingent(View):
    """Troops of a country. Summary of rule: they leave by the plan; deployed + withdrawn + killed = sent."""

    authorised = Field("authorised", int)  # troops
    deployed = Field("deployed", int)
    sent = Field("sent", int)
    withdrawn = Field("withdrawn", int)
    killed = Field("killed", int)


class Base(View):
    """A base. Summary of rule: it is manned by its holder; it may be handed over, closed, fall and be retaken."""

    zone = Place("zone")
    standing = Word("standing", STANDINGS)
    garrison = Field("garrison")  # troops
    readiness = Field("readiness")  # share
    exposure = Field("exposure")  # relative chance to be the one that is hit

    @property
    def holder(self) -> str:
        """Name of the contingent or force that holds it."""
        return holder_ids(self.model.inputs.theatre)[int(self.row["holder"])]

    @holder.setter
    def holder(self, name: str) -> None:
        self.row["holder"] = position(name, tuple(holder_ids(self.model.inputs.theatre)), "holder")

    @property
    def handed_over(self) -> date | None:
        """Date of its handover."""
        day = int(self.row["handed"])
        return self.model.inputs.date(day) if day >= 0 else None


class Cell(View):
    """A cell of the armed group. Summary of rule: daily it moves, attacks or rests; monthly it recruits."""

    zone = Place("zone")
    home = Place("home")
    posture = Word("posture", POSTURES)
    strength = Field("strength")  # relative to a mean cell

    def __init__(self, model: Mission, row: Any, index: int) -> None:
        super().__init__(model, row, f"cell {index}")
        self.index = index

    @property
    def fighters(self) -> int:
        """Fighters; setting them sets the strength that goes with them."""
        return int(self.row["fighters"])

    @fighters.setter
    def fighters(self, people: int) -> None:
        if people < 0:
            raise ValueError(f"fighters must be at least 0, not {people}")
        schedule.resize(self.model.params, self.model.state, self.index, float(people))

    @property
    def rests(self) -> bool:
        """Whether it lies low."""
        return int(self.row["rests"]) > self.model.day

    def step(self) -> None:
        """The cell's day: between `Mission.open_day` and `Mission.close_day`, in any order of the cells."""
        model = self.model
        schedule.act_one(model.params, model.state, model.record, model.stream, self.index, model.day)
