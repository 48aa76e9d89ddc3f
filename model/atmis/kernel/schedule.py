"""The order of events in a day, written once; section 3 of model/ODD.md lists the same, and a test compares the two.

A day has three parts, so that the cells of a Mesa model can be activated one by one, in any order, to the same bytes:
before the cells act (`open_day`), each cell for itself (`act`), and what follows from their acts (`close_day`).
"""

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import copy, entry_point, inlined, internal
from atmis.kernel.rules import (
    assault,
    attacks,
    border,
    control,
    displacement,
    drawdown,
    host_force,
    offensive,
    presence,
    recruitment,
    relocation,
    reporting,
    response,
    severity,
)
from atmis.kernel.state import DRAW_DAYS


@entry_point
def open_day(params, state, record, stream, day):
    """Update all that cells respond to: the plan, forces, offensives, and the hazard of attacks in each zone."""
    drawdown.advance(params, state, record, day)
    host_force.advance(params, state, record, day)
    presence.update_effective_troops(params, state)
    offensive.update_pressure(params, state, day)
    relocation.update_departure_chances(params, state)
    recruitment.count_fighters(state, day)
    recruitment.update_funds(params, state)
    recruitment.update_capacity(params, state)
    attacks.update_tempo(params, state, stream, day)
    attacks.mark_announced_events(params, state, day)
    attacks.update_hazard(params, state, day)
    response.set_capability(params, state, day)
    draw_uniforms(state, stream, day)


@inlined
def act(params, state, record, stream, cell, day):
    """One cell moves, attacks or rests; from time to time its strength is reviewed."""
    u = uniform_of(state, stream, cell, day)
    if relocation.moves(state, cell, u):
        relocation.move(params, state, record, stream, cell, day)
    elif attacks.will_attack(params, state, cell, u, day):
        queue_attack(state, cell)
    if recruitment.is_review_day(state, cell, day):
        recruitment.review_strength(params, state, record, stream, cell, day)


@inlined
def active_cells(state, stream, day):
    """List the cells that may do something today and return their number; nine in ten do nothing, and are skipped.

    Without branches: each cell is written to the next slot, which advances only if the cell is active.
    """
    cells, halves, active = state.cells, state.uniforms[lane_of_day(stream, day)], state.active
    stays, count = 1.0 - state.run.leaving, 0
    for cell in range(cells.size):
        u = rng.unit_32(halves[cell])
        attacks_not = u >= state.zones.hazard[cells.zone[cell]] * cells.strength[cell]
        active[count] = cell
        count += 1 - (attacks_not & (u <= stays) & (day < cells.review_day[cell]))
    return count


@inlined
def queue_attack(state, cell):
    """Add a cell to the queue of today's attacks, once, in the order of cell numbers whatever the order of acting."""
    queue, place = state.queue, state.run.queued
    while place > 0 and queue[place - 1] > cell:
        place -= 1
    if place > 0 and queue[place - 1] == cell:
        return
    for k in range(state.run.queued, place, -1):
        queue[k] = queue[k - 1]
    queue[place] = cell
    state.run.queued += 1


@entry_point
def close_day(params, state, record, stream, day):
    """Resolve the queued attacks in the order of cells; then update excitation, control, border and displacement."""
    for place in range(state.run.queued):
        resolve_attack(params, state, record, stream, state.queue[place], day)
    state.run.queued = 0
    attacks.decay_excitation(params, state)
    offensive.hold_ground(params, state)
    control.relax(params, state)
    border.review(params, state, record, day)
    displacement.displace(params, state, record, day)
    reporting.close_month(params, state, record, day)


@entry_point
def act_all(params, state, record, stream, day):
    """Let all cells act in the order of their numbers; any other order gives the same bytes."""
    for place in range(active_cells(state, stream, day)):
        act(params, state, record, stream, state.active[place], day)


@inlined
def one_day(params, state, record, stream, day):
    """Run a whole day."""
    open_day(params, state, record, stream, day)
    act_all(params, state, record, stream, day)
    close_day(params, state, record, stream, day)


@entry_point
def begin(params, state, stream):
    """Draw and derive what is set once, before the first day."""
    drawdown.draw_slips(state, stream)
    drawdown.man_bases(params, state)
    attacks.draw_base_exposures(params, state, stream)
    recruitment.form_cells(params, state, stream)
    recruitment.count_fighters(state, 0)
    presence.update_effective_troops(params, state)
    control.initialise(state)
    copy(state.zones.reference, state.zones.effective)
    copy(state.zones.fighters_reference, state.zones.fighters)
    copy(state.segments.reference, state.segments.troops)


@inlined
def resolve_attack(params, state, record, stream, cell, day):
    """Resolve the attack of one cell: zone, target, base and mode; perhaps a massed assault or a second base."""
    origin = state.cells.zone[cell]
    key = state.cells.key[cell]
    u_zone, u_foiled, u_target, u_base = rng.uniforms(stream, rng.LANDING, key, day)
    u_mode, u_second, u_odds, u_massing = rng.uniforms(stream, rng.TACTIC, key, day)
    zone = attacks.choose_zone(params, state, origin, u_zone)
    if attacks.is_foiled(params, state, zone, u_foiled):
        record.monthly[params.calendar.month[day], zone, recorder.FOILED] += 1.0
        return
    target = attacks.choose_target(params, state, zone, u_target)
    base = attacks.choose_base(state, zone, target, -1, u_base)
    target = attacks.without_base(target, base)
    mode = attacks.choose_mode(params, target, u_mode)
    attack = attacks.Attack(cell, origin, zone, target, base, mode, 0)
    odds = assault.draw_odds(params, u_odds)
    if assault.can_mass(params, state, attack, odds, u_massing):
        massed_assault(params, state, record, stream, attack, odds, day)
        return
    ordinary_attack(params, state, record, stream, attack, day)
    if base >= 0 and u_second < params.opposition.attacks.coordination:
        u_base, _, _, _ = rng.uniforms(stream, rng.SECOND_TARGET, key, day)
        other = attacks.choose_base(state, zone, target, base, u_base)
        if other >= 0:
            ordinary_attack(
                params, state, record, stream, attacks.Attack(cell, origin, zone, target, other, mode, 1), day
            )


@inlined
def ordinary_attack(params, state, record, stream, attack, day):
    """Resolve an attack that is not a massed assault: its deaths, and the losses of the cell."""
    attacks.count_attack(params, state, record, attack, day)
    deaths = severity.apply_deaths(
        params, state, record, attack, severity.draw_deaths(params, state, stream, attack, day), day
    )
    lost = 0.0
    if attack.second == 0:
        lost = response.draw_losses(params, state, record, stream, attack, day)
    conclude_attack(params, state, record, stream, attack, (0, 0, deaths, lost), day)


@internal
def massed_assault(params, state, record, stream, attack, odds, day):
    """Resolve a massed assault: the base holds or falls, and both sides lose people."""
    p = params.opposition.assault
    _, u_falls, u_killed, u_lost = rng.uniforms(stream, rng.ASSAULT, state.cells.key[attack.cell], day)
    attacks.count_attack(params, state, record, attack, day)
    month = params.calendar.month[day]
    record.monthly[month, attack.zone, recorder.ASSAULTS] += 1.0
    record.bases.assaults[attack.base] += 1
    falls = assault.falls(params, state, attack, odds, u_falls, day)
    massed = assault.attackers(state, attack, odds)
    mean = p.killed_overrun if falls else p.killed_repelled
    killed = assault.draw_share_killed(mean, u_killed) * state.bases.garrison[attack.base]
    deaths = severity.apply_deaths(params, state, record, attack, float(int(killed)), day)
    lost = assault.apply_losses(params, state, attack, assault.draw_share_killed(p.attackers_lost, u_lost) * massed)
    record.monthly[month, attack.zone, recorder.DEATHS_GROUP] += lost
    if falls:
        assault.overrun(params, state, record, stream, attack, day)
    conclude_attack(params, state, record, stream, attack, (1, int(falls), deaths, lost), day)


@inlined
def conclude_attack(params, state, record, stream, attack, result, day):
    """Add the excitation of an attack, let the observer record it or not, and log it."""
    massed, fell, deaths, lost = result
    attacks.add_excitation(params, state, attack.zone)
    recorded = reporting.observe(params, state, record, stream, attack, deaths, lost, day)
    reporting.log_event(state, record, attack, reporting.Outcome(massed, fell, deaths, lost, recorded), day)


@inlined
def draw_uniforms(state, stream, day):
    """Fill the daily uniforms of all cells, once in eight days: one Philox block holds eight days of one cell."""
    tick, lane = (stream.epoch + day) // DRAW_DAYS, lane_of_day(stream, day)
    if day > 0 and lane > 0:
        return
    halves, key = state.uniforms, state.cells.key
    for cell in range(state.cells.size):
        words = rng.block(stream, rng.DAILY, key[cell], tick)
        for k in range(DRAW_DAYS // 2):
            halves[2 * k, cell] = words[k] & rng.word(rng.LOW_HALF)
            halves[2 * k + 1, cell] = words[k] >> rng.word(rng.HALF)


@inlined
def uniform_of(state, stream, cell, day):
    """The uniform number of a cell for today."""
    return rng.unit_32(state.uniforms[lane_of_day(stream, day), cell])


@inlined
def lane_of_day(stream, day):
    """Which of the eight days of a block today is."""
    return (stream.epoch + day) % DRAW_DAYS


@entry_point
def run(params, state, record, stream):
    """Clear the record, then run all days."""
    recorder.clear(record)
    begin(params, state, stream)
    for day in range(params.dates.days):
        one_day(params, state, record, stream, day)


@entry_point
def act_one(params, state, record, stream, cell, day):
    """Let one cell act, for a Mesa agent."""
    act(params, state, record, stream, cell, day)


@entry_point
def resize(params, state, cell, fighters):
    """Set the fighters of a cell, and the strength that goes with them."""
    recruitment.set_fighters(params, state, cell, fighters)


@entry_point
def draw_again(state, stream, day):
    """Fill the daily uniforms anew within a block of eight days, for a Mesa model that goes on with another seed."""
    draw_uniforms(state, stream, day - lane_of_day(stream, day))


@entry_point
def record_stocks(params, state, record, day):
    """Record the stocks as on the last day of a month, for a Mesa model that is asked for its headlines on any day."""
    reporting.record_stocks(params, state, record, day)
