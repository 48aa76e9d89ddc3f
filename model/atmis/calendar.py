"""Everything dated, as arrays of days of the run: the plan's moves, offensives, shocks, border steps, agreements.

P phases, W withdrawals, M moves of bases, L rules, O offensives, H shocks, S border segments, C contingents.
Days count from the run's first day, which is 0; NEVER stands for a day that does not come.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from atmis.scenario.opposition import Opposition
from atmis.scenario.plan import DrawnDays
from atmis.scenario.scenario import Scenario
from atmis.theatre import Floats, Ints, holder_ids

NEVER = 10**6
HANDOVER, CLOSURE, TRANSFER, INCIDENT = 0, 1, 2, 3
MOVES = {"handover": HANDOVER, "closure": CLOSURE, "transfer": TRANSFER, "incident": INCIDENT}
INDICATORS = ("attacks", "deaths", "overruns")


class Calendar(NamedTuple):
    """Arrays of all that is dated."""

    epoch: int  # ordinal of the run's first day
    days: int
    month: Ints  # [days] month of the run, from 0
    season: Floats  # [days] multiplier of attacks
    withdrawal_phase: Ints  # [W]
    withdrawal_contingent: Ints  # [W]
    withdrawal_troops: Ints  # [W]
    withdrawal_start: Ints  # [W]
    withdrawal_length: Ints  # [W] days
    move_day: Ints  # [M]
    move_phase: Ints  # [M] or -1: no phase, so nothing delays it
    move_kind: Ints  # [M]
    move_base: Ints  # [M]
    move_to: Ints  # [M] new holder or -1
    move_killed: Ints  # [M]
    move_abandoned: Ints  # [M]
    police_phase: Ints  # [P]
    police_day: Ints  # [P]
    police_leaving: Ints  # [P]
    pause_start: Ints
    pause_end: Ints  # first day after
    pause_holds: Ints  # [pauses, P]
    slip_phase: Ints
    slip_low: Ints
    slip_high: Ints
    rule_indicator: Ints  # [L]
    rule_zones: Ints  # [L, Z]
    rule_window: Ints  # [L] days
    rule_above: Floats  # [L]
    rule_for: Ints  # [L] days
    rule_step: Ints  # [L] 1 holds, -1 hastens
    rule_phases: Ints  # [L, P]
    rule_most: Ints  # [L] days
    successor_day: int
    successor_troops: Ints  # [C]
    successor_staff: Ints  # [2]
    redeployment_contingent: int
    redeployment_share: float
    replacement_days: int
    offensive_start: Ints  # [O]
    offensive_end: Ints  # [O]
    offensive_intensity: Floats  # [O]
    offensive_zones: Ints  # [O, Z]
    offensive_troops: Ints  # [O, F]
    shock_day: Ints  # [H]
    shock_force: Ints  # [H] host force, from 0
    shock_troops: Ints  # [H]
    shock_readiness: Floats  # [H]
    reopening_day: Ints  # [S]
    agreement_start: int
    agreement_end: int
    haiti_start: int
    haiti_end: int


def build(scenario: Scenario) -> Calendar:
    """Lay out all that is dated in a scenario as arrays."""
    start, plan, theatre = scenario.period.start, scenario.plan, scenario.theatre

    def day(when: date) -> int:
        return (when - start) // timedelta(days=1)

    phases, contingents, zones = list(plan.phases), list(theatre.contingents), list(theatre.zones)
    forces, bases, holders = list(theatre.host_forces), list(theatre.bases), holder_ids(theatre)
    table = scenario.timetable()
    dates = [scenario.date(d) for d in range(scenario.period.days)]
    offensives, shocks = list(scenario.host.offensives.values()), list(scenario.host.shocks.values())
    pauses, slips, rules = list(plan.pauses.values()), list(plan.slips.values()), list(plan.rules.values())
    bounds = [s.days if isinstance(s.days, DrawnDays) else DrawnDays(low=s.days, high=s.days) for s in slips]
    successor = plan.successor
    return Calendar(
        epoch=start.toordinal(),
        days=scenario.period.days,
        month=_ints((d.year - start.year) * 12 + d.month - start.month for d in dates),
        season=_season(scenario.opposition, dates),
        withdrawal_phase=_ints(phases.index(w.phase) for w in table.withdrawals),
        withdrawal_contingent=_ints(contingents.index(w.contingent) for w in table.withdrawals),
        withdrawal_troops=_ints(w.troops for w in table.withdrawals),
        withdrawal_start=_ints(day(w.start) for w in table.withdrawals),
        withdrawal_length=_ints(day(w.date) - day(w.start) + 1 for w in table.withdrawals),
        move_day=_ints(day(m.date) for m in table.moves),
        move_phase=_ints(phases.index(m.phase) if m.phase is not None else -1 for m in table.moves),
        move_kind=_ints(MOVES[m.kind] for m in table.moves),
        move_base=_ints(bases.index(m.base) for m in table.moves),
        move_to=_ints(holders.index(m.to) if m.to is not None else -1 for m in table.moves),
        move_killed=_ints(m.killed for m in table.moves),
        move_abandoned=_ints(int(m.abandoned) for m in table.moves),
        police_phase=_ints(phases.index(p.phase) for p in table.police),
        police_day=_ints(day(plan.phases[p.phase].date) for p in table.police),
        police_leaving=_ints(p.police for p in table.police),
        pause_start=_ints(day(p.start) for p in pauses),
        pause_end=_ints(day(p.start) + p.days for p in pauses),
        pause_holds=_mask([p.phases for p in pauses], phases),
        slip_phase=_ints(phases.index(s.phase) for s in slips),
        slip_low=_ints(b.low for b in bounds),
        slip_high=_ints(b.high for b in bounds),
        rule_indicator=_ints(INDICATORS.index(r.when.indicator) for r in rules),
        rule_zones=_mask([r.when.zones for r in rules], zones),
        rule_window=_ints(r.when.window_days for r in rules),
        rule_above=np.array([r.when.above for r in rules], dtype=np.float64),
        rule_for=_ints(r.when.for_days for r in rules),
        rule_step=_ints(1 if r.then == "hold" else -1 for r in rules),
        rule_phases=_mask([r.phases for r in rules], phases),
        rule_most=_ints(r.at_most_days for r in rules),
        successor_day=day(successor.date) if successor else NEVER,
        successor_troops=_ints(successor.troops.get(c, 0) if successor else 0 for c in contingents),
        successor_staff=_ints([successor.police, successor.unassigned] if successor else [0, 0]),
        redeployment_contingent=contingents.index(plan.redeployment.contingent),
        redeployment_share=plan.redeployment.share,
        replacement_days=plan.replacement_days,
        offensive_start=_ints(day(o.start) for o in offensives),
        offensive_end=_ints(day(o.end) for o in offensives),
        offensive_intensity=np.array([o.intensity for o in offensives], dtype=np.float64),
        offensive_zones=_mask([o.zones for o in offensives], zones),
        offensive_troops=np.array([[o.troops.get(f, 0) for f in forces] for o in offensives], dtype=np.int64).reshape(
            len(offensives), len(forces)
        ),
        shock_day=_ints(day(s.date) for s in shocks),
        shock_force=_ints(forces.index(s.force) for s in shocks),
        shock_troops=_ints(s.troops for s in shocks),
        shock_readiness=np.array([s.readiness for s in shocks], dtype=np.float64),
        reopening_day=_ints(
            day(scenario.kenya.reopening.steps[s]) if s in scenario.kenya.reopening.steps else NEVER
            for s in theatre.borders
        ),
        agreement_start=day(scenario.kenya.agreement.start),
        agreement_end=day(scenario.kenya.agreement.end),
        haiti_start=day(scenario.kenya.haiti.start),
        haiti_end=day(scenario.kenya.haiti.end),
    )


def _season(opposition: Opposition, dates: list[date]) -> Floats:
    return np.array([opposition.attacks.season[d.month - 1] for d in dates], dtype=np.float64)


def _mask(chosen: list[list[str]], names: list[str]) -> Ints:
    rows = [[int(name in row) for name in names] for row in chosen]
    return np.array(rows, dtype=np.int64).reshape(len(chosen), len(names))


def _ints(values: Any) -> Ints:
    return np.array(list(values), dtype=np.int64)


