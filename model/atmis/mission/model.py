"""`Mission`: a run as a Mesa model, a day for each step."""

import copy
import datetime
from collections.abc import Sequence
from typing import Any, Literal

import mesa

from atmis.kernel import recorder, schedule, state
from atmis.kernel.parameters import Parameters
from atmis.kernel.rng import Stream
from atmis.kernel.state import State
from atmis.mission.agents import Base, Cell, Contingent, View, Zone
from atmis.mission.attributes import position
from atmis.mission.collector import HeadlineCollector
from atmis.mission.seeds import REPLICATES, replicate_of, seed_of
from atmis.runs.ensemble import Ensemble
from atmis.runs.inputs import DrawnInputs, RunInputs
from atmis.scenario.arguments import described, whole_number
from atmis.scenario.compose import load
from atmis.scenario.scenario import Scenario

Activation = Literal["compiled", "do", "shuffle_do"]
Collected = Literal["headlines", "agents", "nothing"]
DailyCount = Literal["attacks", "deaths", "overruns"]
_ACTIVATIONS: tuple[Activation, ...] = ("compiled", "do", "shuffle_do")
_COLLECTED: tuple[Collected, ...] = ("headlines", "agents", "nothing")
_DAILY: tuple[DailyCount, ...] = ("attacks", "deaths", "overruns")
_EVENTS = 10**8  # at most


class Mission(mesa.Model):
    """The mission, the armed group and the ground between them, as a Mesa model: one step is one day.

    Parameters
    ----------
    inputs : Scenario or str
        What is run: a scenario, or the name of one.
    rng : int, sequence of int, SeedSequence, Generator or None
        Seed of all random numbers; see `atmis.mission.seeds.seed_of`. None: a new one, which `seed` tells.
    replicate : int, optional
        Which of the runs with this seed. Each has its own random numbers and its own draw of parameters. Not given: the
        first, or any one with a new seed; in older versions of Mesa the iteration of batch_run.
    activation : {"compiled", "do", "shuffle_do"}
        How the cells act: in one compiled loop, one by one, or one by one in random order. The bytes are the same.
    keep_events : int
        How many attacks to log one by one, in `record.events`.
    overrides : sequence of str, or str
        With the name of a scenario: overrides as `atmis.load` takes them; a text is one override.
    collect : {"headlines", "agents", "nothing"}
        What `datacollector` collects after each day: headlines; agents by kind as well; or nothing, which saves time.
    seed : as `rng`
        The name that `rng` has in older versions of Mesa; give one of the two.

    Attributes
    ----------
    agents_by_type : AgentSet by class
        Contingent, Base, Cell and Zone. Reading or writing an attribute of an agent reads or writes the state.
        Derived daily values (effective troops, hazard) are renewed at the start of each day.
    datacollector : mesa.DataCollector
        What Mesa's batch_run makes its rows of. Put your own in its place and collect when you like.
    state, record, params : named tuples of tables
        The state after the last day, what has been recorded so far, and the parameters.

    Raises
    ------
    TypeError, ValueError
        For an argument of a wrong type, or out of its range.
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

    # `seed` comes last but is there by name: without it Mesa 3.5 puts None in place of each `rng` of batch_run's
    # parameters.
    def __init__(
        self,
        inputs: Scenario | str = "planned",
        rng: Any = None,
        replicate: int | None = None,
        activation: Activation = "compiled",
        keep_events: int = 100_000,
        overrides: Sequence[str] | str = (),
        collect: Collected = "headlines",
        seed: Any = None,
    ) -> None:
        if rng is not None and seed is not None:
            raise ValueError("rng and seed both give the seed of all draws; give one of them")
        given, name = (rng, "rng") if seed is None else (seed, "seed")
        number = seed_of(given, name)
        replicate = (
            replicate_of(given) if replicate is None else whole_number(replicate, "replicate", 0, REPLICATES - 1)
        )
        keep_events = whole_number(keep_events, "keep_events", 0, _EVENTS)
        position(activation, _ACTIVATIONS, "activation")
        position(collect, _COLLECTED, "collect")
        super().__init__(rng=number)
        self._inputs = _scenario(inputs, overrides)
        self.activation = activation
        self._day, self._is_open = 0, False
        drawn = DrawnInputs(RunInputs.of(self.inputs)).of(replicate)
        self.params: Parameters = drawn.params
        self.state: State = state.copy(drawn.start)
        self.record = recorder.allocate(self.params, self.state, keep_events)
        self.stream = Stream(number, replicate, int(self.params.dates.epoch))
        schedule.begin(self.params, self.state, self.stream)
        self._add_agents()
        if collect != "nothing":
            self.datacollector: mesa.DataCollector = HeadlineCollector(agents=collect == "agents")

    def _add_agents(self) -> None:
        theatre = self.inputs.theatre
        self._complete = False
        # Tuples, as they are found by number: who would sort or shuffle them takes a list of them.
        self.zones = tuple(Zone(self, index, name) for index, name in enumerate(theatre.zones))
        self.contingents = tuple(Contingent(self, index, name) for index, name in enumerate(theatre.contingents))
        self.bases = tuple(Base(self, index, name) for index, name in enumerate(theatre.bases))
        self.cells = tuple(Cell(self, index, str(index)) for index in range(len(self.state.cells)))
        self._complete = True

    def register_agent(self, agent: Any) -> None:
        """Take an agent in, as each does when it is made.

        Raises
        ------
        RuntimeError
            For one more zone, contingent, base or cell than the state has rows; agents of your own are welcome.
        """
        if isinstance(agent, View) and self._complete:
            raise RuntimeError(f"{agent} cannot be added: there is an agent for each row of the state, and no more")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Let an agent go.

        Raises
        ------
        RuntimeError
            For a zone, contingent, base or cell; agents of your own can go.
        """
        if isinstance(agent, View):
            raise RuntimeError(f"{agent} cannot be removed: it is a row of the state; {agent.INSTEAD}")
        super().deregister_agent(agent)

    def __copy__(self) -> "Mission":
        """A copy for itself: a shallow one would step, and write into, the Mission that it was made from."""
        return copy.deepcopy(self)

    @property
    def inputs(self) -> Scenario:
        """The scenario that is run."""
        return self._inputs

    @property
    def day(self) -> int:
        """Number of days that have passed."""
        return self._day

    @property
    def last_day(self) -> datetime.date | None:
        """Calendar date of the last day that was run; None before the first."""
        return self.inputs.date(self.day - 1) if self.day else None

    @property
    def seed(self) -> int:
        """Seed of all random numbers: `Mission(inputs, rng=seed, replicate=replicate)` is the same run."""
        return self.stream.seed

    @property
    def replicate(self) -> int:
        """Which of the runs with this seed it is."""
        return self.stream.replicate

    @property
    def date(self) -> datetime.date:
        """Calendar date of the day that comes next."""
        return self.inputs.date(self.day)

    def step(self) -> None:
        """Run one day.

        Raises
        ------
        RuntimeError
            When the period of the scenario has ended.
        """
        position(self.activation, _ACTIVATIONS, "activation")
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
            When the period of the scenario has ended, the day is open, or `agents_by_type` lacks agents.
        """
        if self.day >= self.inputs.period.days:
            raise RuntimeError(f"the run has ended: its last day was {self.inputs.period.end}")
        self.check_day(is_open=False)
        self._check_agents()
        schedule.open_day(self.params, self.state, self.record, self.stream, self.day)
        self._is_open = True

    def close_day(self) -> None:
        """Do what follows from the acts of the cells: attacks, control, the border, displacement.

        Raises
        ------
        RuntimeError
            When the day is not open.
        """
        self.check_day(is_open=True)
        schedule.close_day(self.params, self.state, self.record, self.stream, self.day)
        self._day, self._is_open = self.day + 1, False
        self.running = self.day < self.inputs.period.days
        collector = getattr(self, "datacollector", None)
        if isinstance(collector, HeadlineCollector):  # whoever put an own one in its place collects with it
            collector.collect(self)

    def _check_agents(self) -> None:
        """Raise RuntimeError when an agent was taken out of `agents_by_type`: its row would go on without it."""
        for kind in (Zone, Contingent, Base, Cell):
            rows, found = len(getattr(self.state, kind.TABLE)), len(self.agents_by_type.get(kind, ()))
            if found != rows:
                raise RuntimeError(
                    f"agents_by_type[{kind.__name__}] holds {found} agents for {rows} rows of the state; none can be "
                    f"added or removed: {kind.INSTEAD}, or use another AgentSet, such as select without inplace makes"
                )

    def check_day(self, is_open: bool) -> None:
        """Raise RuntimeError when the day is not open, or when it is, and should not be."""
        if self._is_open != is_open:
            now = "already open" if self._is_open else "still not open"
            raise RuntimeError(
                f"{self.date} is {now}: a day is open_day(), then the cells, then close_day(); step() does all"
            )

    def reset_rng(self, rng: Any = None) -> None:
        """Go on with another seed: a copy of a Mission goes another way from the next day on.

        Parameters
        ----------
        rng : as in `Mission`
            The seed. None leaves the draws as they are, for they are looked up by seed, replicate and date.
        """
        if rng is None:
            super().reset_rng(self.seed)
            return
        self.stream = self.stream._replace(seed=seed_of(rng))
        super().reset_rng(self.seed)
        schedule.draw_again(self.state, self.stream, self.day)

    def ensemble(self) -> Ensemble:
        """What has been recorded so far, as an ensemble of one run that ends with the last day that was run.

        Raises
        ------
        RuntimeError
            Before the first day.
        """
        if not self.day:
            raise RuntimeError("nothing has been recorded: no day was run yet")
        last = self.day - 1
        period = self.inputs.period.model_copy(update={"end": self.last_day})
        record = self.record._replace(monthly=self.record.monthly[: self.params.calendar.month[last] + 1].copy())
        schedule.record_stocks(self.params, self.state, record, last)
        return Ensemble(
            scenario=self.inputs.model_copy(update={"period": period}),
            seed=self.seed,
            monthly=record.monthly[None],
            deployed=record.deployed[None, : self.day],
            days=record.days[None, : self.day],
            contingents=self.state.contingents[None],
            base_histories=record.bases[None],
            bases=self.state.bases[None],
            events=record.events,
            event_count=record.event_count,
        ).without_empty_events()

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
        number = position(indicator, _DAILY, "today")
        return int(self.record.daily[number, self.day - 1].sum()) if self.day else 0


def _scenario(inputs: Any, overrides: Any) -> Scenario:
    """The scenario that a user gave, or named."""
    if isinstance(inputs, str):
        return load(inputs, overrides)
    if not isinstance(inputs, Scenario):
        raise TypeError(f"inputs must be a scenario or the name of one, not {described(inputs)}")
    if overrides:
        raise ValueError("overrides go with the name of a scenario; give them to atmis.load")
    return inputs
