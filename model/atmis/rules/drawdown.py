"""ODD 7.1 Drawdown: the mission leaves by its plan, late where a pause, a slip or a rule holds it."""

import math

from atmis import draws
from atmis.calendar import CLOSURE, HANDOVER, INCIDENT, TRANSFER
from atmis.compiled import rule
from atmis.state import CLOSED, HANDED_OVER, OPEN, OVERRUN, RETAKEN


@rule
def advance(world, state, record, day):
    """The mission's day: clocks, successor, withdrawals, bases, rotation, garrisons."""
    stop_clocks(world, state, record, day)
    succeed(world, state, day)
    withdraw(world, state, day)
    move_bases(world, state, record, day)
    retake(world, state, record, day)
    rotate(world, state, day)
    share_out(world, state)
    note(world, state, record, day)


@rule
def draw_slips(world, state, chance):
    """A slip puts a phase late by a fixed number of days or by one drawn for the replicate."""
    calendar, delay = world.calendar, state.mission.delay
    for slip in range(calendar.slip_phase.size):
        u, _, _, _ = draws.at_tick(chance, draws.SLIP, slip, 0)
        span = calendar.slip_high[slip] - calendar.slip_low[slip] + 1
        delay[calendar.slip_phase[slip]] += calendar.slip_low[slip] + math.floor(u * span)


@rule
def stop_clocks(world, state, record, day):
    """A pause, or a rule whose condition holds, keeps the clock of its phases from moving."""
    calendar, delay = world.calendar, state.mission.delay
    count_windows(world, state, record, day)
    for phase in range(delay.size):
        held, hastened = False, False
        for pause in range(calendar.pause_start.size):
            if calendar.pause_start[pause] <= day < calendar.pause_end[pause]:
                held = held or calendar.pause_holds[pause, phase] > 0
        for k in range(calendar.rule_window.size):
            if calendar.rule_phases[k, phase] > 0 and acts(calendar, state.mission, k):
                held = held or calendar.rule_step[k] > 0
                hastened = hastened or calendar.rule_step[k] < 0
        if held:
            delay[phase] += 1
        elif hastened:
            delay[phase] -= 1
    for k in range(calendar.rule_window.size):
        if acts(calendar, state.mission, k):
            state.mission.rule_spent[k] += 1


@rule
def acts(calendar, mission, k):
    """A rule acts when its condition has held long enough and it is not spent."""
    return mission.rule_days[k] >= calendar.rule_for[k] and mission.rule_spent[k] < calendar.rule_most[k]


@rule
def count_windows(world, state, record, day):
    """Count what rules watch over the days before today."""
    calendar, mission = world.calendar, state.mission
    for k in range(calendar.rule_window.size):
        oldest = day - 1 - calendar.rule_window[k]
        for zone in range(world.ground.country.size):
            if calendar.rule_zones[k, zone] > 0:
                counts = record.daily[calendar.rule_indicator[k]]
                if day > 0:
                    mission.rule_count[k] += counts[day - 1, zone]
                if oldest >= 0:
                    mission.rule_count[k] -= counts[oldest, zone]
        if mission.rule_count[k] > calendar.rule_above[k]:
            mission.rule_days[k] += 1
        else:
            mission.rule_days[k] = 0


@rule
def succeed(world, state, day):
    """On the day of the successor mission every contingent changes to its strength there."""
    if day != world.calendar.successor_day:
        return
    troops = state.contingents
    for contingent in range(troops.authorised.size):
        target = world.calendar.successor_troops[contingent]
        troops.authorised[contingent] = target
        if target > troops.deployed[contingent]:
            troops.sent[contingent] += target - troops.deployed[contingent]
        else:
            troops.withdrawn[contingent] += troops.deployed[contingent] - target
        troops.deployed[contingent] = target
    state.mission.staff[:] = world.calendar.successor_staff
    state.mission.withdrawal_done[:] = world.calendar.withdrawal_troops
    state.mission.police_done[:] = world.calendar.police_leaving


@rule
def withdraw(world, state, day):
    """Each contingent's part of a phase leaves in equal daily steps, the places of the fallen first."""
    calendar, mission, troops = world.calendar, state.mission, state.contingents
    for k in range(calendar.withdrawal_troops.size):
        elapsed = day - mission.delay[calendar.withdrawal_phase[k]] - calendar.withdrawal_start[k] + 1
        length = calendar.withdrawal_length[k]
        gone = calendar.withdrawal_troops[k] * min(max(elapsed, 0), length) // length
        leaving = max(gone - mission.withdrawal_done[k], 0)
        mission.withdrawal_done[k] += leaving
        contingent = calendar.withdrawal_contingent[k]
        troops.authorised[contingent] -= leaving
        surplus = max(troops.deployed[contingent] - troops.authorised[contingent], 0)
        troops.deployed[contingent] -= surplus
        troops.withdrawn[contingent] += surplus
    for k in range(calendar.police_day.size):
        if mission.police_done[k] == 0 and day - mission.delay[calendar.police_phase[k]] >= calendar.police_day[k]:
            mission.police_done[k] = calendar.police_leaving[k]
            mission.staff[0] -= calendar.police_leaving[k]


@rule
def move_bases(world, state, record, day):
    """Bases whose day has come are handed over, closed or passed on."""
    calendar, mission = world.calendar, state.mission
    for k in range(calendar.move_day.size):
        phase = calendar.move_phase[k]
        delay = mission.delay[phase] if phase >= 0 else 0
        if mission.move_done[k] == 0 and day - delay >= calendar.move_day[k]:
            mission.move_done[k] = 1
            move_base(world, state, record, k, day)


@rule
def move_base(world, state, record, k, day):
    """One base changes hands. A base that has fallen and is not yet retaken goes to its recipient as it is: closed."""
    calendar, bases = world.calendar, state.bases
    base = calendar.move_base[k]
    if bases.standing[base] == CLOSED:
        return
    kind = calendar.move_kind[k]
    if kind == INCIDENT:
        suffer_incident(world, state, record, k, day)
    elif kind == TRANSFER:
        bases.holder[base] = calendar.move_to[k]
    elif kind == HANDOVER and bases.standing[base] != OVERRUN:
        bases.holder[base] = calendar.move_to[k]
        bases.standing[base] = HANDED_OVER
        bases.handed[base] = day
        bases.garrison[base] = 0.0
        bases.readiness[base] = world.host.readiness.handover
    elif kind == CLOSURE or kind == HANDOVER:
        close(state, record, base, day)


@rule
def suffer_incident(world, state, record, k, day):
    """A documented assault takes place on its date."""
    calendar, bases, troops = world.calendar, state.bases, state.contingents
    base = calendar.move_base[k]
    holder = bases.holder[base]
    killed = min(calendar.move_killed[k], troops.deployed[holder])
    troops.deployed[holder] -= killed
    troops.killed[holder] += killed
    record.bases.overruns[base] += 1
    record.bases.deaths[base] += killed
    if record.bases.fell[base] < 0:
        record.bases.fell[base] = day
    bases.standing[base] = OVERRUN
    bases.back[base] = day + math.ceil(world.opposition.assault.retaken_mission_days)
    if calendar.move_abandoned[k] > 0:
        close(state, record, base, day)


@rule
def close(state, record, base, day):
    """A closed base leaves nothing behind."""
    state.bases.standing[base] = CLOSED
    state.bases.garrison[base] = 0.0
    state.bases.back[base] = -1
    record.bases.closed[base] = day


@rule
def retake(world, state, record, day):
    """A base that fell is retaken when its day comes."""
    bases = state.bases
    for base in range(bases.standing.size):
        if bases.standing[base] == OVERRUN and 0 <= bases.back[base] <= day:
            bases.standing[base] = RETAKEN
            bases.back[base] = -1
            record.bases.retaken[base] = day
            if bases.holder[base] >= world.ground.troops.size:
                bases.readiness[base] = world.host.readiness.handover


@rule
def rotate(world, state, day):
    """At each rotation the fallen are replaced."""
    every = world.calendar.replacement_days
    if every == 0 or (day + 1) % every != 0:
        return
    troops = state.contingents
    for contingent in range(troops.authorised.size):
        missing = troops.authorised[contingent] - troops.deployed[contingent]
        troops.sent[contingent] += missing
        troops.deployed[contingent] += missing


@rule
def share_out(world, state):
    """A contingent's troops man the bases it holds by weight; returned troops reinforce the border bases."""
    ground, bases, troops = world.ground, state.bases, state.contingents
    contingents = ground.troops.size
    redeployed = at_border(world, state)
    border_weight = 0.0
    for base in range(ground.base_zone.size):
        if ground.base_segment[base] >= 0:
            border_weight += ground.base_weight[base]
    for contingent in range(contingents):
        weight = 0.0
        for base in range(ground.base_zone.size):
            if bases.holder[base] == contingent and stands(bases, base):
                weight += ground.base_weight[base]
        for base in range(ground.base_zone.size):
            if bases.holder[base] == contingent:
                here = ground.base_weight[base] / weight if stands(bases, base) else 0.0
                bases.garrison[base] = troops.deployed[contingent] * here
    for base in range(ground.base_zone.size):
        if ground.base_segment[base] >= 0:
            extra = redeployed * ground.base_weight[base] / border_weight
            bases.garrison[base] = ground.base_need[base] + extra


@rule
def note(world, state, record, day):
    """Keep the day's troops by contingent, the ceiling, and the troops at the border bases."""
    troops = state.contingents
    for contingent in range(troops.deployed.size):
        record.deployed[day, contingent] = troops.deployed[contingent]
        record.ceiling[day] += troops.authorised[contingent]
    record.ceiling[day] += state.mission.staff[0] + state.mission.staff[1]
    for base in range(state.bases.garrison.size):
        if world.ground.base_segment[base] >= 0:
            record.border_bases[day] += state.bases.garrison[base]


@rule
def at_border(world, state):
    """Troops who came home and now man the border bases."""
    calendar = world.calendar
    home = state.contingents.withdrawn[calendar.redeployment_contingent]
    return math.floor(calendar.redeployment_share * home)


@rule
def stands(bases, base):
    """A base that has a garrison: neither closed nor fallen."""
    standing = bases.standing[base]
    return standing == OPEN or standing == HANDED_OVER or standing == RETAKEN
