"""ODD 7.1 Drawdown: the mission leaves by its plan, later where a pause, a slip or a reactive rule delays it."""

import math

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import copy, fill, inlined
from atmis.kernel.state import CLOSED, CLOSURE, HANDED_OVER, HANDOVER, INCIDENT, OPEN, OVERRUN, RETAKEN, TRANSFER

HOLD, HASTEN = 1, -1


@inlined
def advance(params, state, record, day):
    """The mission's day: clocks, successor, withdrawals, bases, rotation, garrisons."""
    stop_clocks(state, record, day)
    begin_successor(params, state, day)
    withdraw(state, day)
    move_bases(params, state, record, day)
    retake(params, state, record, day)
    rotate(params, state, day)
    man_bases(params, state)
    record_troops(state, record, day)


@inlined
def draw_slips(state, stream):
    """Delay phases by their slips: a fixed number of days, or one drawn for the replicate."""
    slips = state.slips
    for slip in range(slips.size):
        u, _, _, _ = rng.at_tick(stream, rng.SLIP, slips.key[slip], 0)
        span = slips.high[slip] - slips.low[slip] + 1
        state.phases.delay[slips.phase[slip]] += slips.low[slip] + math.floor(u * span)


@inlined
def stop_clocks(state, record, day):
    """Stop the clock of the phases that a pause, or a reactive rule whose condition holds, delays."""
    count_windows(state, record, day)
    for phase in range(state.phases.size):
        if is_paused(state, phase, day) or is_moved(state, phase, HOLD):
            state.phases.delay[phase] += 1
        elif is_moved(state, phase, HASTEN):
            state.phases.delay[phase] -= 1
    for trigger in range(state.triggers.size):
        if is_acting(state.triggers, trigger):
            state.triggers.spent[trigger] += 1


@inlined
def is_paused(state, phase, day):
    """Whether a dated pause stops the clock of a phase today."""
    pauses = state.pauses
    for k in range(pauses.size):
        if pauses.phase[k] == phase and pauses.start[k] <= day < pauses.end[k]:
            return True
    return False


@inlined
def is_moved(state, phase, step):
    """Whether a reactive rule holds or hastens a phase today."""
    reactions = state.reactions
    for k in range(reactions.size):
        trigger = reactions.trigger[k]
        if reactions.phase[k] == phase and state.triggers.step[trigger] == step and is_acting(state.triggers, trigger):
            return True
    return False


@inlined
def is_acting(triggers, k):
    """Whether a reactive rule acts: its condition has held long enough, and it is not used up."""
    return triggers.days[k] >= triggers.lasting[k] and triggers.spent[k] < triggers.most[k]


@inlined
def count_windows(state, record, day):
    """Count the events that reactive rules watch, over the days before today."""
    triggers, watches = state.triggers, state.watches
    for k in range(watches.size):
        trigger, zone = watches.trigger[k], watches.zone[k]
        newest, oldest = day - 1, day - 1 - triggers.window[trigger]
        if newest >= 0:
            triggers.count[trigger] += record.daily[triggers.indicator[trigger], newest, zone]
        if oldest >= 0:
            triggers.count[trigger] -= record.daily[triggers.indicator[trigger], oldest, zone]
    for trigger in range(triggers.size):
        triggers.days[trigger] = triggers.days[trigger] + 1 if triggers.count[trigger] > triggers.above[trigger] else 0


@inlined
def begin_successor(params, state, day):
    """On the day of the successor mission every contingent changes to its strength there."""
    if state.run.succeeded > 0 or day < params.dates.successor_day:
        return
    state.run.succeeded = 1
    troops = state.contingents
    for contingent in range(troops.size):
        target = troops.successor[contingent]
        troops.authorised[contingent] = target
        if target > troops.deployed[contingent]:
            troops.sent[contingent] += target - troops.deployed[contingent]
        else:
            troops.withdrawn[contingent] += troops.deployed[contingent] - target
        troops.deployed[contingent] = target
    state.run.police = params.dates.successor_police
    state.run.unassigned = params.dates.successor_unassigned
    copy(state.withdrawals.done, state.withdrawals.troops)
    copy(state.police.done, state.police.leaving)


@inlined
def withdraw(state, day):
    """Each contingent's part of a phase leaves in equal daily steps, the vacancies of those killed first."""
    troops = state.contingents
    for k in range(state.withdrawals.size):
        if state.withdrawals.done[k] >= state.withdrawals.troops[k]:
            continue
        elapsed = day - state.phases.delay[state.withdrawals.phase[k]] - state.withdrawals.start[k] + 1
        length = state.withdrawals.length[k]
        gone = state.withdrawals.troops[k] * min(max(elapsed, 0), length) // length
        leaving = max(gone - state.withdrawals.done[k], 0)
        state.withdrawals.done[k] += leaving
        contingent = state.withdrawals.contingent[k]
        troops.authorised[contingent] -= leaving
        surplus = max(troops.deployed[contingent] - troops.authorised[contingent], 0)
        troops.deployed[contingent] -= surplus
        troops.withdrawn[contingent] += surplus
    for k in range(state.police.size):
        if state.police.done[k] == 0 and day - state.phases.delay[state.police.phase[k]] >= state.police.day[k]:
            state.police.done[k] = state.police.leaving[k]
            state.run.police -= state.police.leaving[k]


@inlined
def move_bases(params, state, record, day):
    """Bases whose day has come are handed over, closed or passed on."""
    for k in range(state.moves.size):
        phase = state.moves.phase[k]
        delay = state.phases.delay[phase] if phase >= 0 else 0
        if state.moves.done[k] == 0 and day - delay >= state.moves.day[k]:
            state.moves.done[k] = 1
            move_base(params, state, record, k, day)


@inlined
def move_base(params, state, record, k, day):
    """One base changes hands. A base that has fallen and is not yet retaken goes to its recipient as it is: closed."""
    bases = state.bases
    base = state.moves.site[k]
    if bases.standing[base] == CLOSED:
        return
    kind = state.moves.kind[k]
    if kind == INCIDENT:
        apply_incident(params, state, record, k, day)
    elif kind == TRANSFER:
        bases.holder[base] = state.moves.to[k]
    elif kind == HANDOVER and bases.standing[base] != OVERRUN:
        bases.holder[base] = state.moves.to[k]
        bases.standing[base] = HANDED_OVER
        bases.handed[base] = day
        bases.garrison[base] = 0.0
        bases.readiness[base] = params.host.readiness.handover
    elif kind == CLOSURE or kind == HANDOVER:
        close(state, record, base, day)


@inlined
def apply_incident(params, state, record, k, day):
    """A documented assault takes place on its date: the base falls, and as many die as were there at the most."""
    bases, base, assault = state.bases, state.moves.site[k], params.opposition.assault
    zone, by_mission = bases.zone[base], bases.holder[base] < state.contingents.size
    killed = apply_incident_deaths(state, base, state.moves.killed[k])
    counts = record.monthly[params.calendar.month[day], zone]
    counts[recorder.DEATHS_MISSION if by_mission else recorder.DEATHS_HOST] += killed
    counts[recorder.OVERRUNS] += 1.0
    record.daily[recorder.DAILY_DEATHS, day, zone] += killed
    record.daily[recorder.DAILY_OVERRUNS, day, zone] += 1
    record.bases.overruns[base] += 1
    record.bases.deaths[base] += killed
    if record.bases.fell[base] < 0:
        record.bases.fell[base] = day
    fall(state, base, day + math.ceil(assault.retaken_mission_days if by_mission else assault.retaken_host_days))
    if state.moves.abandoned[k] > 0:
        close(state, record, base, day)


@inlined
def apply_incident_deaths(state, base, killed):
    """Take the dead of an incident from its holder; the survivors of a host force return to its pool."""
    bases, troops, forces, holder = state.bases, state.contingents, state.forces, state.bases.holder[base]
    if holder < troops.size:
        dead = min(killed, troops.deployed[holder])
        troops.deployed[holder] -= dead
        troops.killed[holder] += dead
        return dead
    dead = min(killed, int(bases.garrison[base]))
    forces.pool[holder - troops.size] += bases.garrison[base] - dead
    bases.garrison[base] = 0.0
    return dead


@inlined
def close(state, record, base, day):
    """A closed base leaves nothing behind."""
    state.bases.standing[base] = CLOSED
    state.bases.garrison[base] = 0.0
    state.bases.back[base] = -1
    record.bases.closed[base] = day


@inlined
def retake(params, state, record, day):
    """A base that fell is retaken when its day comes."""
    bases = state.bases
    if day < state.run.next_back:
        return
    state.run.next_back = params.dates.days
    for base in range(bases.size):
        if bases.standing[base] == OVERRUN and 0 <= bases.back[base] <= day:
            bases.standing[base] = RETAKEN
            bases.back[base] = -1
            record.bases.retaken[base] = day
            if bases.holder[base] >= state.contingents.size:
                bases.readiness[base] = params.host.readiness.handover
        elif bases.standing[base] == OVERRUN and bases.back[base] > day:
            state.run.next_back = min(state.run.next_back, bases.back[base])


@inlined
def fall(state, base, back):
    """A base falls, until a day."""
    state.bases.standing[base] = OVERRUN
    state.bases.back[base] = back
    state.run.next_back = min(state.run.next_back, back)


@inlined
def rotate(params, state, day):
    """At each rotation the fallen are replaced."""
    every = params.dates.replacement_days
    if every == 0 or (day + 1) % every != 0:
        return
    troops = state.contingents
    for contingent in range(troops.size):
        missing = troops.authorised[contingent] - troops.deployed[contingent]
        troops.sent[contingent] += missing
        troops.deployed[contingent] += missing


@inlined
def man_bases(params, state):
    """A contingent's troops man the bases it holds by weight; returned troops reinforce the border bases."""
    bases, troops = state.bases, state.contingents
    fill(troops.share, 0.0)
    border_weight = 0.0
    for base in range(bases.size):
        if bases.segment[base] >= 0:
            border_weight += bases.weight[base]
        elif bases.holder[base] < troops.size and stands(bases, base):
            troops.share[bases.holder[base]] += bases.weight[base]
    for contingent in range(troops.size):
        weight = troops.share[contingent]
        troops.share[contingent] = troops.deployed[contingent] / weight if weight > 0.0 else 0.0
    redeployed = returned_troops(params, state) / border_weight if border_weight > 0.0 else 0.0
    state.run.border_troops = 0.0
    for base in range(bases.size):
        holder = bases.holder[base]
        if bases.segment[base] >= 0:
            bases.garrison[base] = bases.need[base] + redeployed * bases.weight[base]
            state.run.border_troops += bases.garrison[base]
        elif holder < troops.size:
            bases.garrison[base] = troops.share[holder] * bases.weight[base] if stands(bases, base) else 0.0


@inlined
def record_troops(state, record, day):
    """Record the day's troops by contingent, the ceiling, and the troops at the border bases."""
    troops = state.contingents
    for contingent in range(troops.size):
        record.deployed[day, contingent] = troops.deployed[contingent]
        record.days.ceiling[day] += troops.authorised[contingent]
    record.days.ceiling[day] += state.run.police + state.run.unassigned
    record.days.border_troops[day] = state.run.border_troops


@inlined
def returned_troops(params, state):
    """Troops who returned and now man the border bases."""
    home = state.contingents.withdrawn[params.dates.redeployment_contingent]
    return math.floor(params.dates.redeployment_share * home)


@inlined
def stands(bases, base):
    """Whether a base can have a garrison: neither closed nor fallen."""
    standing = bases.standing[base]
    return standing == OPEN or standing == HANDED_OVER or standing == RETAKEN
