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
from atmis.scenario.errors import suggest
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import SEEDS

Activation = Literal["compiled", "do", "shuffle_do"]
DailyCount = Literal["attacks", "deaths", "overruns"]
_DAILY: tuple[DailyCount, ...] = ("attacks", "deaths", "overruns")


class Mission(mesa.Model):
    """The mission, the armed group and the ground between them, as a Mesa model: one step is one day.

    Parameters
    ----------
    inputs : Scenario or str
        What is run: a scenario, or the name of one.
    rng : int
        Seed of all random numbers, 0 to 2**63 - 1.
    replicate : int
        Which of the runs with this seed. Each has its own random numbers and its own draw of parameters.
    activation : {"compiled", "do", "shuffle_do"}
        How the cells act: in one compiled loop, one by one, or one by one in random order. The bytes are the same.
    keep_events : int
        How many attacks to log one by one, in `record.events`.

    Attributes
    ----------
    agents_by_type : AgentSet by class
        Contingent, Base, Cell and Zone. Reading or writing an attribute of an agent reads or writes the state.
        Derived daily values (effective troops, hazard) are renewed at the start of each day.
    day : int
        Number of days that have passed.
    state, record, params : named tuples of tables
        The state after the last day, what has been recorded so far, and the parameters.

    Raises
    ------
    TypeError
        When `rng` is not an integer in its range.
    InputError
        When there is no scenario of that name.

    Examples
    --------
    >>> from atmis import Mission
    >>> mission = Mission("planned", rng=1)
    >>> mission.step()
    >>> mission.date.isoformat(), len(mission.zones)
    ('2022-04-02', 16)
    >>> kenya = next(one for one in mission.contingents if one.name == "kenya")
    >>> kenya.deployed + kenya.withdrawn + kenya.killed == kenya.sent
    True
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
        self.day = 0
        drawn = DrawnInputs(RunInputs.of(self.inputs)).of(replicate)
        self.params: Parameters = drawn.params
        self.state: State = copy(drawn.start)
        self.record = recorder.allocate(self.params, self.state, keep_events)
        self.stream = Stream(rng, replicate, int(self.params.dates.epoch))
        schedule.begin(self.params, self.state, self.stream)
        self._add_agents()

    def _add_agents(self) -> None:
        theatre, state = self.inputs.theatre, self.state
        self.zones = [Zone(self, row, name) for row, name in zip(state.zones, theatre.zones, strict=True)]
        self.contingents = [
            Contingent(self, row, name) for row, name in zip(state.contingents, theatre.contingents, strict=True)
        ]
        self.bases = [Base(self, row, name) for row, name in zip(state.bases, theatre.bases, strict=True)]
        self.cells = [Cell(self, row, index) for index, row in enumerate(state.cells)]

    @property
    def date(self) -> date:
        """Calendar date of the day that comes next."""
        return self.inputs.date(self.day)

    def step(self) -> None:
        """Run one day.

        Raises
        ------
        RuntimeError
            When the period of the scenario has ended.
        """
        self.open_day()
        if self.activation == "compiled":
            schedule.act_all(self.params, self.state, self.record, self.stream, self.day)
        else:
            getattr(self.agents_by_type[Cell], self.activation)("step")
        self.close_day()

    def open_day(self) -> None:
        """Do what comes before the cells act: the plan, host forces, offensives, hazards.

        Raises
        ------
        RuntimeError
            When the period of the scenario has ended.
        """
        if self.day >= self.inputs.period.days:
            raise RuntimeError(f"the run has ended: its last day was {self.inputs.period.end}")
        schedule.open_day(self.params, self.state, self.record, self.stream, self.day)

    def close_day(self) -> None:
        """Do what follows from the acts of the cells: attacks, control, the border, displacement."""
        schedule.close_day(self.params, self.state, self.record, self.stream, self.day)
        self.day += 1
        self.running = self.day < self.inputs.period.days

    def today(self, indicator: DailyCount) -> int:
        """Count of the last day that was run, over all zones.

        Parameters
        ----------
        indicator : {"attacks", "deaths", "overruns"}
            What is counted: attacks, people killed on the side attacked, or bases that fell.

        Returns
        -------
        int
            The count; 0 before the first day.
        """
        return int(self.record.daily[_DAILY.index(indicator), self.day - 1].sum()) if self.day else 0


class View(mesa.Agent):
    """An agent that is a row of a table of the state."""

    def __init__(self, model: Mission, row: Any, name: str) -> None:
        super().__init__(model)
        self.row = row
        self.name = name


class Field:
    """An attribute of a view: a field of its row, as a given type of number."""

    def __init__(self, name: str, kind: type = float) -> None:
        self.name, self.kind = name, kind

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else self.kind(agent.row[self.name])

    def __set__(self, agent: Any, value: Any) -> None:
        agent.row[self.name] = value


class Word:
    """An attribute of a view: one of some words, stored as its number."""

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        self.name, self.words = name, words

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else self.words[int(agent.row[self.name])]

    def __set__(self, agent: Any, value: str) -> None:
        agent.row[self.name] = position(value, self.words, self.name)


class ZoneField:
    """An attribute of a view: a zone, stored as its number; may be set to a zone or its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else agent.model.zones[int(agent.row[self.name])]

    def __set__(self, agent: Any, value: "Zone | str") -> None:
        name = value.name if isinstance(value, Zone) else value
        agent.row[self.name] = position(name, tuple(zone.name for zone in agent.model.zones), "zone")


def position(name: str, names: tuple[str, ...], what: str) -> int:
    """Index of a name among names; a ValueError with the nearest name when it is not there."""
    if name not in names:
        raise ValueError(f"{what}: '{name}' is not known{suggest(name, names)}")
    return names.index(name)


class Zone(View):
    """A zone. Rule: control drifts toward the balance of presence, governance and armed strength.

    Attributes
    ----------
    control : float
        Government control, a share.
    fighters : float
        Fighters at the start of the day, people.
    effective_troops : float
        Troops weighted by readiness, reach and effect (ODD 7.3).
    pressure : float
        Pressure of offensives, 0 without any.
    excited : float
        Attacks expected from excitation, 1/day.
    hazard : float
        Attacks of a cell of mean strength, 1/day.
    people_at_home, people_abroad : float
        People at home, and people from here across the border.
    """

    control = Field("control")
    fighters = Field("fighters")
    effective_troops = Field("effective")
    pressure = Field("pressure")
    excited = Field("excited")
    hazard = Field("hazard")
    people_at_home = Field("home")
    people_abroad = Field("abroad")

    @property
    def displaced(self) -> float:
        """People displaced from here, within the country."""
        return float(self.row["displaced"].sum())

    @property
    def attacks_today(self) -> int:
        """Attacks in the zone on the last day that was run."""
        model = self.model
        if not model.day:
            return 0
        return int(model.record.daily[recorder.DAILY_ATTACKS, model.day - 1, model.zones.index(self)])


class Contingent(View):
    """The troops of a country. Rule: they leave by the plan; deployed + withdrawn + killed = sent, on every day.

    Attributes
    ----------
    authorised, deployed, sent, withdrawn, killed : int
        Troops.
    """

    authorised = Field("authorised", int)
    deployed = Field("deployed", int)
    sent = Field("sent", int)
    withdrawn = Field("withdrawn", int)
    killed = Field("killed", int)


class Base(View):
    """A base. Rule: its holder mans it; it may be handed over, closed, overrun and retaken.

    Attributes
    ----------
    zone : Zone
        Where it is.
    standing : {"open", "handed_over", "closed", "overrun", "retaken"}
        What has become of it.
    garrison : float
        Troops.
    readiness : float
        Share of the garrison that is ready.
    exposure : float
        Relative chance to be the base that is attacked.
    """

    zone = ZoneField("zone")
    standing = Word("standing", STANDINGS)
    garrison = Field("garrison")
    readiness = Field("readiness")
    exposure = Field("exposure")

    @property
    def holder(self) -> str:
        """Name of the contingent or force that holds it; may be set."""
        return holder_ids(self.model.inputs.theatre)[int(self.row["holder"])]

    @holder.setter
    def holder(self, name: str) -> None:
        self.row["holder"] = position(name, tuple(holder_ids(self.model.inputs.theatre)), "holder")

    @property
    def handed_over(self) -> date | None:
        """Date of its handover; None before."""
        day = int(self.row["handed"])
        handover: date | None = self.model.inputs.date(day) if day >= 0 else None
        return handover


class Cell(View):
    """A cell of the armed group. Rule: each day it moves, attacks or rests; once a month its strength is reviewed.

    Attributes
    ----------
    zone, home : Zone
        Where it is, and where it comes from.
    posture : {"resident", "displaced", "recalled"}
        Where it stands toward its home.
    strength : float
        Relative to a cell of mean size.
    """

    zone = ZoneField("zone")
    home = ZoneField("home")
    posture = Word("posture", POSTURES)
    strength = Field("strength")

    def __init__(self, model: Mission, row: Any, index: int) -> None:
        super().__init__(model, row, f"cell {index}")
        self.index = index

    @property
    def fighters(self) -> int:
        """Fighters, people. Setting them sets the strength that goes with them."""
        return int(self.row["fighters"])

    @fighters.setter
    def fighters(self, people: int) -> None:
        if people < 0:
            raise ValueError(f"fighters must be at least 0, not {people}")
        schedule.resize(self.model.params, self.model.state, self.index, float(people))

    @property
    def rests(self) -> bool:
        """Whether it rests after losses, and so does not attack."""
        return int(self.row["rests"]) > int(self.model.day)

    def step(self) -> None:
        """Act for one day: between `Mission.open_day` and `Mission.close_day`, in any order of the cells."""
        model = self.model
        schedule.act_one(model.params, model.state, model.record, model.stream, self.index, model.day)
