"""Everything dated, as tables: the plan's withdrawals and moves, pauses, slips, reactive rules, offensives, shocks.

Days count from the run's first day, which is 0.
"""

from typing import Any

import numpy as np

from atmis.kernel.state import (
    CLOSURE,
    COMMITMENT,
    FRONT,
    HANDOVER,
    INCIDENT,
    MOVE,
    PAUSE,
    PHASE,
    POLICE,
    REACTION,
    RUN,
    SHOCK,
    SLIP,
    TRANSFER,
    TRIGGER,
    WATCH,
    WITHDRAWAL,
    Real,
    Whole,
    rows,
    table,
)
from atmis.kernel.theatre import NEVER, holder_ids, stable_key
from atmis.scenario.plan import DrawnDays
from atmis.scenario.scenario import Scenario

MOVES = {"handover": HANDOVER, "closure": CLOSURE, "transfer": TRANSFER, "incident": INCIDENT}
TRIGGER_INDICATORS = ("attacks", "deaths", "overruns")

CALENDAR = table(month=Whole, season=Real)  # a row for each day: month of the run from 0; multiplier of attacks
DATES = table(
    epoch=Whole,  # ordinal of the run's first day
    days=Whole,
    successor_day=Whole,
    successor_police=Whole,
    successor_unassigned=Whole,
    redeployment_contingent=Whole,
    redeployment_share=Real,
    replacement_days=Whole,
    agreement_start=Whole,
    agreement_end=Whole,
    haiti_start=Whole,
    haiti_end=Whole,
)


def tables(scenario: Scenario) -> dict[str, Any]:
    """The tables of all that is dated, by name."""
    mission = scenario.theatre.mission
    return {
        "phases": rows(PHASE, len(scenario.plan.phases)),
        **_timetable(scenario),
        **_clocks(scenario),
        **_triggers(scenario),
        **_host(scenario),
        "run": rows(
            RUN,
            1,
            police=mission.police,
            unassigned=mission.unassigned,
            funds=1.0,
            capability=1.0,
            means=1.0,
        )[0],
    }


def _timetable(scenario: Scenario) -> dict[str, Any]:
    plan, theatre, day, made = scenario.plan, scenario.theatre, scenario.day, scenario.timetable()
    phases, contingents = list(plan.phases), list(theatre.contingents)
    bases, holders = list(theatre.bases), holder_ids(theatre)
    leaving, moves, police = made.withdrawals, made.moves, made.police
    return {
        "withdrawals": rows(
            WITHDRAWAL,
            len(leaving),
            phase=[phases.index(w.phase) for w in leaving],
            contingent=[contingents.index(w.contingent) for w in leaving],
            troops=[w.troops for w in leaving],
            start=[day(w.start) for w in leaving],
            length=[day(w.date) - day(w.start) + 1 for w in leaving],
        ),
        "moves": rows(
            MOVE,
            len(moves),
            day=[day(m.date) for m in moves],
            phase=[phases.index(m.phase) if m.phase is not None else -1 for m in moves],
            kind=[MOVES[m.kind] for m in moves],
            site=[bases.index(m.base) for m in moves],
            to=[holders.index(m.to) if m.to is not None else -1 for m in moves],
            killed=[m.killed for m in moves],
            abandoned=[int(m.abandoned) for m in moves],
        ),
        "police": rows(
            POLICE,
            len(police),
            phase=[phases.index(p.phase) for p in police],
            day=[day(plan.phases[p.phase].date) for p in police],
            leaving=[p.police for p in police],
        ),
    }


def _clocks(scenario: Scenario) -> dict[str, Any]:
    plan, day, phases = scenario.plan, scenario.day, list(scenario.plan.phases)
    held = [(phases.index(name), pause) for pause in plan.pauses.values() for name in pause.phases]
    slips = list(plan.slips.values())
    bounds = [s.days if isinstance(s.days, DrawnDays) else DrawnDays(low=s.days, high=s.days) for s in slips]
    return {
        "pauses": rows(
            PAUSE,
            len(held),
            phase=[phase for phase, _ in held],
            start=[day(pause.start) for _, pause in held],
            end=[day(pause.start) + pause.days for _, pause in held],
        ),
        "slips": rows(
            SLIP,
            len(slips),
            key=[stable_key(f"slip:{name}") for name in plan.slips],
            phase=[phases.index(s.phase) for s in slips],
            low=[b.low for b in bounds],
            high=[b.high for b in bounds],
        ),
    }


def _triggers(scenario: Scenario) -> dict[str, Any]:
    rules, phases, zones = list(scenario.plan.rules.values()), list(scenario.plan.phases), list(scenario.theatre.zones)
    watched = [(k, zones.index(zone)) for k, rule in enumerate(rules) for zone in dict.fromkeys(rule.when.zones)]
    moved = [(k, phases.index(phase)) for k, rule in enumerate(rules) for phase in dict.fromkeys(rule.phases)]
    return {
        "triggers": rows(
            TRIGGER,
            len(rules),
            indicator=[TRIGGER_INDICATORS.index(r.when.indicator) for r in rules],
            window=[r.when.window_days for r in rules],
            above=[r.when.above for r in rules],
            lasting=[r.when.for_days for r in rules],
            step=[1 if r.then == "hold" else -1 for r in rules],
            most=[r.at_most_days for r in rules],
        ),
        "watches": rows(WATCH, len(watched), trigger=[k for k, _ in watched], zone=[zone for _, zone in watched]),
        "reactions": rows(REACTION, len(moved), trigger=[k for k, _ in moved], phase=[phase for _, phase in moved]),
    }


def _host(scenario: Scenario) -> dict[str, Any]:
    day, zones, forces = scenario.day, list(scenario.theatre.zones), list(scenario.theatre.host_forces)
    offensives, shocks = list(scenario.host.offensives.values()), list(scenario.host.shocks.values())
    fronts = [(zones.index(zone), o) for o in offensives for zone in dict.fromkeys(o.zones)]
    kept = [(forces.index(force), troops, o) for o in offensives for force, troops in o.troops.items()]
    return {
        "fronts": rows(
            FRONT,
            len(fronts),
            zone=[zone for zone, _ in fronts],
            start=[day(o.start) for _, o in fronts],
            end=[day(o.end) for _, o in fronts],
            intensity=[o.intensity for _, o in fronts],
        ),
        "commitments": rows(
            COMMITMENT,
            len(kept),
            force=[force for force, _, _ in kept],
            troops=[troops for _, troops, _ in kept],
            start=[day(o.start) for _, _, o in kept],
            end=[day(o.end) for _, _, o in kept],
        ),
        "shocks": rows(
            SHOCK,
            len(shocks),
            day=[day(s.date) for s in shocks],
            force=[forces.index(s.force) for s in shocks],
            troops=[s.troops for s in shocks],
            readiness=[s.readiness for s in shocks],
        ),
    }


def dates(scenario: Scenario) -> Any:
    """Single dates and numbers of the plan and of Kenya: one row of DATES."""
    plan, kenya, day, successor = scenario.plan, scenario.kenya, scenario.day, scenario.plan.successor
    return rows(
        DATES,
        1,
        epoch=scenario.period.start.toordinal(),
        days=scenario.period.days,
        successor_day=day(successor.date) if successor else NEVER,
        successor_police=successor.police if successor else 0,
        successor_unassigned=successor.unassigned if successor else 0,
        redeployment_contingent=list(scenario.theatre.contingents).index(plan.redeployment.contingent),
        redeployment_share=plan.redeployment.share,
        replacement_days=plan.replacement_days,
        agreement_start=day(kenya.agreement.start),
        agreement_end=day(kenya.agreement.end),
        haiti_start=day(kenya.haiti.start),
        haiti_end=day(kenya.haiti.end),
    )[0]


def days(scenario: Scenario) -> Any:
    """A row of CALENDAR for each day of the run."""
    start, days = scenario.period.start, [scenario.date(d) for d in range(scenario.period.days)]
    season = scenario.opposition.attacks.season
    return rows(
        CALENDAR,
        len(days),
        month=np.array([(d.year - start.year) * 12 + d.month - start.month for d in days]),
        season=np.array([season[d.month - 1] for d in days]),
    )
