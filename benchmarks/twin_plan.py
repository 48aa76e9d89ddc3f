"""The drawdown of the twin: clocks, successor, departures, moves of bases, retaking, garrisons (ODD, 7.1)."""

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin import Twin
    from twin_agents import Base, Contingent


@dataclass
class Departure:
    """Troops of a contingent that leave in equal daily parts."""

    phase: str
    contingent: "Contingent"
    troops: int
    start: int
    days: int
    gone: int = 0


@dataclass
class Due:
    """A move of a base that is still to come, or has come."""

    base: "Base"
    day: int
    move: Any
    done: bool = False


@dataclass
class Watch:
    """A rule that reacts to the state, and its memory."""

    rule: Any
    run: int = 0
    acted: int = 0


class Drawdown:
    """The plan at work."""

    def __init__(self, model: "Twin") -> None:
        inputs, plan = model.inputs, model.inputs.plan
        table = inputs.timetable()
        self.model, self.plan = model, plan
        self.delay = dict.fromkeys(plan.phases, 0)
        self.departures = [
            Departure(
                phase=leaving.phase,
                contingent=model.contingents[leaving.contingent],
                troops=leaving.troops,
                start=inputs.day(leaving.start),
                days=(leaving.date - leaving.start).days + 1,
            )
            for leaving in table.withdrawals
        ]
        self.moves = [Due(model.bases[move.base], inputs.day(move.date), move) for move in table.moves]
        self.police_steps = [(s.phase, s.police, inputs.day(plan.phases[s.phase].date)) for s in table.police]
        self.pauses = [(inputs.day(pause.start), pause) for pause in plan.pauses.values()]
        self.watches = [Watch(rule) for rule in plan.rules.values()]
        self.succession = None if plan.successor is None else inputs.day(plan.successor.date)
        self.police = inputs.theatre.mission.police
        self.unassigned = inputs.theatre.mission.unassigned
        self.border_bases = [base for base in model.bases.values() if base.holder.side == "home"]
        self.border_weight = sum(base.weight for base in self.border_bases)
        for slip in plan.slips.values():
            low, high = (slip.days, slip.days) if isinstance(slip.days, int) else (slip.days.low, slip.days.high)
            self.delay[slip.phase] += low + floor(model.random.random() * (high - low + 1))

    @property
    def ceiling(self) -> int:
        """Uniformed personnel authorised."""
        return sum(c.authorised for c in self.model.contingents.values()) + self.police + self.unassigned

    def due_day(self, due: Due) -> int:
        """Day of a move as the delays now stand."""
        return due.day + self.delay.get(due.move.phase, 0)

    def advance(self, t: int) -> None:
        """One day of the plan."""
        self._run_clocks(t)
        if self.succession is not None and t >= self.succession:
            self._succeed()
            self.succession = None
        self._depart(t)
        for due in self.moves:
            if not due.done and t >= self.due_day(due):
                due.done = True
                self._move(due, t)
        for base in self.model.bases.values():
            if base.standing == "overrun" and base.back <= t:
                base.become("retaken")
                if base.holder.side == "host":
                    base.readiness = self.model.inputs.host.readiness.handover
        if self.plan.replacement_days and (t + 1) % self.plan.replacement_days == 0:
            for contingent in self.model.contingents.values():
                contingent.deployed = contingent.authorised
        self.man_bases()

    def _run_clocks(self, t: int) -> None:
        acting = []
        for watch in self.watches:
            when = watch.rule.when
            first = max(t - when.window_days, 0)
            count = sum(sum(self.model.zones[name].past[when.indicator][first:t]) for name in when.zones)
            watch.run = watch.run + 1 if count > when.above else 0
            if watch.run >= when.for_days and watch.acted < watch.rule.at_most_days:
                acting.append(watch)
        held = {phase for watch in acting if watch.rule.then == "hold" for phase in watch.rule.phases}
        held |= {phase for start, pause in self.pauses if start <= t < start + pause.days for phase in pause.phases}
        hastened = {phase for watch in acting if watch.rule.then == "hasten" for phase in watch.rule.phases}
        for phase in self.delay:
            if phase in held:
                self.delay[phase] += 1
            elif phase in hastened:
                self.delay[phase] -= 1
        for watch in acting:
            watch.acted += 1

    def _succeed(self) -> None:
        successor = self.plan.successor
        for name, contingent in self.model.contingents.items():
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
        for contingent in self.model.contingents.values():
            home = max(contingent.deployed - contingent.authorised, 0)
            contingent.deployed -= home
            contingent.withdrawn += home
        for step in [step for step in self.police_steps if t - self.delay[step[0]] >= step[2]]:
            self.police -= step[1]
            self.police_steps.remove(step)

    def _move(self, due: Due, t: int) -> None:
        base, move, host = due.base, due.move, self.model.inputs.host
        if base.standing == "closed":
            return
        if move.kind == "transfer":
            base.pass_to(self.model.contingents[move.to])
        elif move.kind == "incident":
            self._play(base, move, t)
        elif move.kind == "closure" or base.standing == "overrun":
            base.become("closed")
        else:
            base.pass_to(self.model.forces[move.to])
            base.become("handed over")
            base.handed, base.garrison, base.readiness = t, 0.0, host.readiness.handover

    def _play(self, base: "Base", move: Any, t: int) -> None:
        """A documented assault."""
        holder, zone, rules = base.holder, base.zone, self.model.inputs.opposition.assault
        if holder.side == "mission":
            killed, away = min(move.killed, holder.deployed), rules.retaken_mission_days
            holder.lose(killed)
        else:
            killed, away = min(move.killed, floor(base.garrison)), rules.retaken_host_days
            base.garrison -= killed
            base.disband()
        zone.today["deaths"] += killed
        zone.today["overruns"] += 1
        zone.book[f"deaths_{holder.side}"] += killed
        zone.book["overruns"] += 1
        base.become("closed" if move.abandoned else "overrun")
        base.back = t + ceil(away)

    def man_bases(self) -> None:
        """Divide deployed troops over bases; border bases have their own, and those who came home."""
        for contingent in self.model.contingents.values():
            standing = [base for base in contingent.bases if base.stands]
            weight = sum(base.weight for base in standing)
            for base in standing:
                base.garrison = contingent.deployed * base.weight / weight
        again = self.plan.redeployment
        returned = floor(again.share * self.model.contingents[again.contingent].withdrawn)
        for base in self.border_bases:
            base.garrison = base.own + returned * base.weight / self.border_weight
