"""The timetable of a plan in a theatre: who leaves when, and which base passes to whom, before any slip."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from atmis.scenario.fields import days_between
from atmis.scenario.ground import BaseRecord, Theatre, check_known
from atmis.scenario.plan import Phase, Plan


@dataclass(frozen=True)
class Withdrawal:
    """Troops of a contingent that leave in equal daily parts from one date to another, both included."""

    phase: str
    contingent: str
    troops: int
    start: date
    date: date


@dataclass(frozen=True)
class Move:
    """What happens to a base on a date. `to`: the new holder, None when the base closes."""

    phase: str | None
    base: str
    kind: Literal["handover", "closure", "transfer", "incident"]
    date: date
    to: str | None = None
    killed: int = 0
    abandoned: bool = False


@dataclass(frozen=True)
class PoliceStep:
    """Police who leave on the date of a phase."""

    phase: str
    police: int


@dataclass
class Timetable:
    """Everything that a plan fixes in advance."""

    withdrawals: list[Withdrawal] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    police: list[PoliceStep] = field(default_factory=list)


def build_timetable(plan: Plan, theatre: Theatre) -> Timetable:
    """Resolve a plan in a theatre.

    Raises ValueError when a phase withdraws more than there is, or moves a base that cannot be moved.
    """
    table = Timetable()
    strength = {name: contingent.troops for name, contingent in theatre.contingents.items()}
    police = theatre.mission.police
    held = {name: base.holder for name, base in theatre.bases.items() if base.kind == "mission_base"}
    for label, incident in plan.incidents.items():
        _check_movable(incident.base, theatre, f"plan.incidents.{label}")
        table.moves.append(
            Move(None, incident.base, "incident", incident.date, None, incident.killed, incident.abandoned)
        )
        if incident.abandoned:
            held.pop(incident.base, None)
    for name, phase in sorted(plan.phases.items(), key=lambda item: item[1].date):
        for contingent, troops in _apportion_troops(name, phase, strength, theatre).items():
            strength[contingent] -= troops
            if troops:
                table.withdrawals.append(Withdrawal(name, contingent, troops, phase.start, phase.date))
        leaving = police if phase.police == "all" else phase.police
        if leaving > police:
            raise ValueError(f"plan.phases.{name}.police: {leaving} police are to leave, but only {police} are there")
        police -= leaving
        if leaving:
            table.police.append(PoliceStep(name, leaving))
        table.moves.extend(_phase_moves(name, phase, held, theatre))
        for move in table.moves:
            if move.kind != "incident":
                held.pop(move.base, None)
    if plan.successor is not None:
        table.moves.extend(_succession_moves(plan, held, theatre))
    return table


def _apportion_troops(name: str, phase: Phase, strength: dict[str, int], theatre: Theatre) -> dict[str, int]:
    taking_part = phase.contingents if phase.contingents is not None else [c for c in strength if strength[c] > 0]
    for contingent in [*taking_part, *(phase.shares or {})]:
        check_known(contingent, theatre.contingents, f"plan.phases.{name}: contingent")
    if phase.troops == "all":
        return {c: strength[c] for c in taking_part}
    if isinstance(phase.troops, dict):
        for contingent, troops in phase.troops.items():
            check_known(contingent, theatre.contingents, f"plan.phases.{name}.troops: contingent")
            _check_enough(name, troops, strength[contingent], f" of {theatre.contingents[contingent].name}")
        return dict(phase.troops)
    _check_enough(name, phase.troops, sum(strength[c] for c in taking_part), "")
    weights = phase.shares or {c: float(strength[c]) for c in taking_part}
    parts = largest_remainder(phase.troops, weights)
    for contingent, troops in parts.items():
        _check_enough(name, troops, strength[contingent], f" of {theatre.contingents[contingent].name}")
    return parts


def _check_enough(phase: str, troops: int, present: int, whose: str) -> None:
    if troops > present:
        raise ValueError(
            f"plan.phases.{phase}.troops: {troops:,} troops{whose} are to leave, but only {present:,} are there by then"
        )


def largest_remainder(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Divide a whole number in proportion to weights, in whole numbers that add up to it (Hamilton's method)."""
    whole = sum(weights.values())
    if whole <= 0:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(weights, key=lambda name: (parts[name] - exact[name], name))
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def _phase_moves(name: str, phase: Phase, held: dict[str, str], theatre: Theatre) -> list[Move]:
    listed: dict[str, tuple[Literal["handover", "closure"], str | None, date | None]] = {}
    for base, handover in phase.handovers.items():
        _check_movable(base, theatre, f"plan.phases.{name}.handovers")
        if handover.to is not None:
            check_known(handover.to, theatre.host_forces, f"plan.phases.{name}.handovers.{base}.to")
        listed[base] = ("handover", handover.to or recipient(theatre.bases[base], theatre), handover.date)
    for base, closure in phase.closures.items():
        _check_movable(base, theatre, f"plan.phases.{name}.closures")
        listed[base] = ("closure", None, closure.date)
    for base in listed:
        if base not in held:
            raise ValueError(f"plan.phases.{name}: base '{base}' is no longer held by the mission then")
    if phase.remaining != "keep":
        taking_part = phase.contingents if phase.contingents is not None else list(theatre.contingents)
        for base, holder in held.items():
            if holder in taking_part and base not in listed:
                to = recipient(theatre.bases[base], theatre) if phase.remaining == "handover" else None
                listed[base] = ("handover" if to else "closure", to, None)
    undated = [base for base, (_, _, when) in listed.items() if when is None]
    spread = dict(zip(undated, _spread_dates(phase.start, phase.date, len(undated)), strict=True))
    return [Move(name, base, kind, when or spread[base], to) for base, (kind, to, when) in listed.items()]


def _spread_dates(start: date, end: date, n: int) -> list[date]:
    """N dates evenly spread over a phase, the last on its final date."""
    length = days_between(start, end)
    return [start + timedelta(days=length * (k + 1) // n) for k in range(n)]


def recipient(base: BaseRecord, theatre: Theatre) -> str:
    """The host force that receives bases in the zone of a base."""
    force = theatre.zones[base.zone].host_force
    return force if force is not None else next(iter(theatre.host_forces))


def _check_movable(base: str, theatre: Theatre, key: str) -> None:
    check_known(base, theatre.bases, key)
    if theatre.bases[base].kind != "mission_base":
        raise ValueError(f"{key}: base '{base}' is a {theatre.bases[base].kind}; only a mission_base can be moved")


def _succession_moves(plan: Plan, held: dict[str, str], theatre: Theatre) -> list[Move]:
    successor = plan.successor
    assert successor is not None
    for contingent in [*successor.troops, *successor.takes_over, *successor.takes_over.values()]:
        check_known(contingent, theatre.contingents, "plan.successor: contingent")
    for leaving, to in successor.takes_over.items():
        if successor.troops.get(to, 0) <= 0:
            raise ValueError(f"plan.successor.takes_over.{leaving}: {to} has no troops in {successor.name}")
    moves = []
    for base, holder in held.items():
        if successor.troops.get(holder, 0) > 0:
            continue
        heir = successor.takes_over.get(holder)
        if heir is not None:
            moves.append(Move(None, base, "transfer", successor.date, heir))
        else:
            moves.append(Move(None, base, "handover", successor.date, recipient(theatre.bases[base], theatre)))
    return moves
