"""The drawdown of the twin: clocks, successor, departures, moves of bases, retaking, garrisons (ODD 7.1)."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from twin_agents import Base, Contingent, HostForce, Zone
from twin_state import TwinState


@dataclass
class Departure:
    """Troops of a contingent that leave in equal daily parts."""

    phase: str
    contingent: Contingent
    troops: int
    start: int
    days: int
    gone: int = 0


@dataclass
class ScheduledMove:
    """A move of a base, still to come or done."""

    base: Base
    day: int
    move: Any
    done: bool = False


@dataclass
class Trigger:
    """A rule of the plan that reacts to the state, and its memory."""

    rule: Any
    days_met: int = 0
    days_acted: int = 0


class Drawdown:
    """The plan, carried out day by day."""

    def __init__(
        self,
        model: TwinState,
        zones: dict[str, Zone],
        bases: dict[str, Base],
        contingents: dict[str, Contingent],
        forces: dict[str, HostForce],
    ) -> None:
        inputs, plan = model.inputs, model.inputs.plan
        table = inputs.timetable()
        self.inputs, self.plan = inputs, plan
        self.zones, self.bases, self.contingents, self.forces = zones, bases, contingents, forces
        self.delay = dict.fromkeys(plan.phases, 0)
        self.departures = [
            Departure(
                phase=leaving.phase,
                contingent=contingents[leaving.contingent],
                troops=leaving.troops,
                start=inputs.day(leaving.start),
                days=(leaving.date - leaving.start).days + 1,
            )
            for leaving in table.withdrawals
        ]
        self.moves = [ScheduledMove(bases[move.base], inputs.day(move.date), move) for move in table.moves]
        self.police_steps = [(s.phase, s.police, inputs.day(plan.phases[s.phase].date)) for s in table.police]
        self.pauses = [(inputs.day(pause.start), pause) for pause in plan.pauses.values()]
        self.triggers = [Trigger(rule) for rule in plan.rules.values()]
        self.succession = None if plan.successor is None else inputs.day(plan.successor.date)
        self.police = inputs.theatre.mission.police
        self.unassigned = inputs.theatre.mission.unassigned
        self.border_bases = [base for base in bases.values() if base.holder.side == "home"]
        self.border_weight = sum(base.weight for base in self.border_bases)
        for slip in plan.slips.values():
            low, high = (slip.days, slip.days) if isinstance(slip.days, int) else (slip.days.low, slip.days.high)
            self.delay[slip.phase] += low + floor(model.random.random() * (high - low + 1))

    @property
    def ceiling(self) -> int:
        """Uniformed personnel authorised."""
        return sum(c.authorised for c in self.contingents.values()) + self.police + self.unassigned

    def due_day(self, scheduled: ScheduledMove) -> int:
        """Day of a move as the delays now stand."""
        return scheduled.day + self.delay.get(scheduled.move.phase, 0)

    def advance(self, t: int) -> None:
        """One day of the plan."""
        self._advance_clocks(t)
        if self.succession is not None and t >= self.succession:
            self._bring_successor()
            self.succession = None
        self._depart(t)
        for scheduled in self.moves:
            if not scheduled.done and t >= self.due_day(scheduled):
                scheduled.done = True
                self._move(scheduled, t)
        for base in self.bases.values():
            if base.standing == "overrun" and base.retaken_day <= t:
                base.set_standing("retaken")
                if base.holder.side == "host":
                    base.readiness = self.inputs.host.readiness.handover
        if self.plan.replacement_days and (t + 1) % self.plan.replacement_days == 0:
            for contingent in self.contingents.values():
                contingent.deployed = contingent.authorised
        self.man_bases()

    def _advance_clocks(self, t: int) -> None:
        acting = []
        for trigger in self.triggers:
            when = trigger.rule.when
            first = max(t - when.window_days, 0)
            count = sum(sum(self.zones[name].past[when.indicator][first:t]) for name in when.zones)
            trigger.days_met = trigger.days_met + 1 if count > when.above else 0
            if trigger.days_met >= when.for_days and trigger.days_acted < trigger.rule.at_most_days:
                acting.append(trigger)
        held = {phase for trigger in acting if trigger.rule.then == "hold" for phase in trigger.rule.phases}
        held |= {phase for start, pause in self.pauses if start <= t < start + pause.days for phase in pause.phases}
        hastened = {phase for trigger in acting if trigger.rule.then == "hasten" for phase in trigger.rule.phases}
        for phase in self.delay:
            if phase in held:
                self.delay[phase] += 1
            elif phase in hastened:
                self.delay[phase] -= 1
        for trigger in acting:
            trigger.days_acted += 1

    def _bring_successor(self) -> None:
        successor = self.plan.successor
        for name, contingent in self.contingents.items():
            strength = successor.troops.get(name, 0)
            contingent.withdrawn += max(contingent.deployed - strength, 0)
            contingent.authorised = contingent.deployed = strength
        self.police, self.unassigned = successor.police, successor.unassigned
        self.departures.clear()
        self.police_steps.clear()

    def _depart(self, t: int) -> None:
        for leaving in self.departures:
            elapsed = t - self.delay[leaving.phase] - leaving.start + 1
            gone = leaving.troops * min(max(elapsed, 0), leaving.days) // leaving.days
            if gone > leaving.gone:
                leaving.contingent.authorised -= gone - leaving.gone
                leaving.gone = gone
        for contingent in self.contingents.values():
            home = max(contingent.deployed - contingent.authorised, 0)
            contingent.deployed -= home
            contingent.withdrawn += home
        for step in [step for step in self.police_steps if t - self.delay[step[0]] >= step[2]]:
            self.police -= step[1]
            self.police_steps.remove(step)

    def _move(self, scheduled: ScheduledMove, t: int) -> None:
        base, move, host = scheduled.base, scheduled.move, self.inputs.host
        if base.standing == "closed":
            return
        if move.kind == "transfer":
            base.change_hands(self.contingents[move.to])
        elif move.kind == "incident":
            self._apply_incident(base, move, t)
        elif move.kind == "closure" or base.standing == "overrun":
            base.set_standing("closed")
        else:
            base.change_hands(self.forces[move.to])
            base.set_standing("handed over")
            base.handed, base.garrison, base.readiness = t, 0.0, host.readiness.handover

    def _apply_incident(self, base: Base, move: Any, t: int) -> None:
        """A documented assault."""
        holder, zone, rules = base.holder, base.zone, self.inputs.opposition.assault
        if holder.side == "mission":
            killed, away = min(move.killed, holder.deployed), rules.retaken_mission_days
            holder.apply_deaths(killed)
        else:
            killed, away = min(move.killed, floor(base.garrison)), rules.retaken_host_days
            base.garrison -= killed
            base.disband()
        zone.today["deaths"] += killed
        zone.today["overruns"] += 1
        zone.counts[f"deaths_{holder.side}"] += killed
        zone.counts["overruns"] += 1
        base.set_standing("closed" if move.abandoned else "overrun")
        base.retaken_day = t + ceil(away)

    def man_bases(self) -> None:
        """Divide deployed troops over bases; border bases have their own troops and those who came home."""
        for contingent in self.contingents.values():
            standing = [base for base in contingent.bases if base.stands]
            weight = sum(base.weight for base in standing)
            for base in standing:
                base.garrison = contingent.deployed * base.weight / weight
        redeployment = self.plan.redeployment
        returned = floor(redeployment.share * self.contingents[redeployment.contingent].withdrawn)
        for base in self.border_bases:
            base.garrison = base.own + returned * base.weight / self.border_weight
