"""The part `plan` of a scenario: what the mission decides, and how it reacts."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from atmis.scenario.fields import Date, Entries, Id, Number, Sourced, StrictRecord, Text, quantity_field

Days = Annotated[int, Field(ge=0, le=3650)]
Troops = Annotated[int, Field(ge=0, le=100_000)]


class Handover(StrictRecord):
    """A base handed over to a host force; those without a date are spread over the phase in order of their names."""

    to: Id | None = Field(default=None, description="host force that receives it; default: the zone's own")
    date: Date | None = None


class Closure(StrictRecord):
    """A base that is closed; those without a date are spread over the phase in order of their names."""

    date: Date | None = None


class Phase(Sourced):
    """One step of the drawdown: troops leave in equal daily parts from `start` to `date`."""

    start: Date
    date: Date
    first_planned: Date | None = Field(default=None, description="the date before it slipped, for the record")
    troops: Troops | dict[Id, Troops] | Literal["all"] = Field(
        description="troops that leave: a total, a number for each contingent, or all of the contingents in it"
    )
    contingents: list[Id] | None = Field(default=None, description="who takes part; default: all")
    shares: dict[Id, Annotated[Number, Field(ge=0, le=1e6)]] | None = Field(
        default=None, description="weights by which a total is divided; default: by strength"
    )
    police: Troops | Literal["all"] = 0
    handovers: Annotated[dict[Id, Handover], Entries] = Field(default_factory=dict)
    closures: Annotated[dict[Id, Closure], Entries] = Field(default_factory=dict)
    remaining: Literal["keep", "handover", "close"] = Field(
        default="keep", description="what becomes of the bases that its contingents still hold"
    )

    @model_validator(mode="after")
    def _check_order(self) -> "Phase":
        if self.start > self.date:
            raise ValueError(f"starts on {self.start}, after its date {self.date}")
        if self.shares is not None and sum(self.shares.values()) <= 0:
            raise ValueError("the shares are all 0")
        if self.shares is not None and not isinstance(self.troops, int):
            raise ValueError("shares divide a total, but its troops are not a number; change the one or the other")
        moves: dict[str, Handover | Closure] = {**self.handovers, **self.closures}
        for base, move in moves.items():
            if move.date is not None and not self.start <= move.date <= self.date:
                raise ValueError(f"'{base}' moves on {move.date}, outside the phase ({self.start} to {self.date})")
        twice = sorted(set(self.handovers) & set(self.closures))
        if twice:
            raise ValueError(f"base '{twice[0]}' is both handed over and closed")
        return self


class Pause(Sourced):
    """A pause: on a date the clock of some phases stops for a number of days."""

    start: Date
    days: Days
    phases: list[Id] = Field(description="the phases whose clock stops; the others keep their dates")


class DrawnDays(StrictRecord):
    """Days drawn evenly between two bounds, once for each replicate."""

    low: Days
    high: Days

    @model_validator(mode="after")
    def _check_order(self) -> "DrawnDays":
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) is above high ({self.high})")
        return self


class Slip(Sourced):
    """A delay of a whole phase by a fixed or a drawn number of days."""

    phase: Id
    days: Days | DrawnDays


class Condition(StrictRecord):
    """A condition on the state: a count over a moving window has been above a level for some days."""

    indicator: Literal["attacks", "deaths", "overruns"]
    zones: list[Id] = Field(min_length=1)
    window_days: Annotated[int, Field(ge=1, le=730)]
    above: Annotated[Number, Field(ge=0, le=1e6)]
    for_days: Annotated[int, Field(ge=1, le=730)]


class ReactiveRule(Sourced):
    """A rule that reacts to the state: while its condition holds, the clock of its phases stops or runs double."""

    when: Condition
    then: Literal["hold", "hasten"]
    phases: list[Id]
    at_most_days: Days = Field(description="days of holding or hastening after which the rule is spent")


class Successor(Sourced):
    """The mission that follows: on its date every contingent changes to its strength in that mission."""

    name: Text
    date: Date
    troops: dict[Id, Troops]
    police: Troops
    unassigned: Troops
    takes_over: dict[Id, Id] = Field(
        default_factory=dict, description="bases of a contingent that leaves pass to another; else to the host forces"
    )


class Redeployment(StrictRecord):
    """Troops that return home and reinforce the border bases on their own side."""

    contingent: Id
    share: Number = quantity_field(
        "share of returning troops that man the border bases", "share", "assumed", "judgement", ge=0, le=1
    )


class Incident(Sourced):
    """A documented assault, replayed on its date: the base is overrun and the number killed is known."""

    base: Id
    date: Date
    killed: Troops
    abandoned: bool = Field(description="the base is given up afterwards instead of being retaken")


class Plan(StrictRecord):
    """What the mission decides: phases, pauses, slips, rules, a successor, redeployment."""

    name: Id
    assumes: Text
    phases: Annotated[dict[Id, Phase], Entries]
    pauses: Annotated[dict[Id, Pause], Entries]
    slips: Annotated[dict[Id, Slip], Entries]
    rules: Annotated[dict[Id, ReactiveRule], Entries]
    successor: Successor | None
    redeployment: Redeployment
    incidents: Annotated[dict[Id, Incident], Entries]
    replacement_days: Annotated[int, Field(ge=0, le=3650)] = quantity_field(
        "days between rotations that make good the fallen (0: never)", "days", "assumed", "judgement"
    )

    @property
    def idle_pauses(self) -> list[str]:
        """Names of pauses without effect: they start when their phases are over, and nothing else delays these."""
        late = {slip.phase for slip in self.slips.values()}
        late |= {phase for rule in self.rules.values() for phase in rule.phases}
        idle = []
        for name, pause in self.pauses.items():
            others = {phase for other in self.pauses if other != name for phase in self.pauses[other].phases}
            if all(phase not in late | others and self.phases[phase].date < pause.start for phase in pause.phases):
                idle.append(name)
        return idle

    @model_validator(mode="after")
    def _check_phases(self) -> "Plan":
        from atmis.scenario.ground import check_known

        for pause in self.pauses.values():
            for name in pause.phases:
                check_known(name, self.phases, "phases of a pause")
        for rule in self.rules.values():
            for name in rule.phases:
                check_known(name, self.phases, "phases of a rule")
        for phase_id, phase in self.phases.items():
            if self.successor is not None and phase.date >= self.successor.date:
                raise ValueError(
                    f"plan.phases.{phase_id}: ends on {phase.date}, but {self.successor.name} follows on "
                    f"{self.successor.date}"
                )
        for slip in self.slips.values():
            check_known(slip.phase, self.phases, "phase of a slip")
        moved: dict[str, str] = {}
        for phase_id, phase in self.phases.items():
            for base in [*phase.handovers, *phase.closures]:
                if base in moved:
                    raise ValueError(
                        f"base '{base}' is handed over or closed twice: in {moved[base]} and in {phase_id}"
                    )
                moved[base] = phase_id
        return self
