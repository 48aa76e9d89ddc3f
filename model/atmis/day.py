"""The order of a day, written once. The sections of model/ODD.md have the same order; a test holds them together.

A day has three parts, so that the cells of a Mesa model can be activated one by one, in any order, to the same bytes:
before the cells act (`dawn`), each cell for itself (`cell_day`), and what follows from their acts (`dusk`).
"""

from atmis import luck, recorder
from atmis.compiled import copy, entry, part, rule
from atmis.rules import (
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
from atmis.state import LUCK_DAYS


@entry
def dawn(world, state, record, chance, day):
    """Before the cells act: plan, forces and pressure, and what they mean to each zone."""
    drawdown.advance(world, state, record, day)
    host_force.build(world, state, record, day)
    presence.weigh(world, state)
    offensive.press(world, state, day)
    relocation.weigh(world, state)
    recruitment.count(state, day)
    recruitment.raise_funds(world, state)
    recruitment.feed(world, state)
    attacks.set_tempo(world, state, chance, day)
    attacks.announce(world, state, day)
    attacks.weigh(world, state, day)
    response.set_capability(world, state, day)
    draw_luck(state, chance, day)


@rule
def cell_day(world, state, record, chance, cell, day):
    """Each cell for itself: it moves, or attacks, or lies low; and once in a while takes stock."""
    u = luck_of(state, chance, cell, day)
    if relocation.moves(state, cell, u):
        relocation.move(world, state, record, chance, cell, day)
    elif attacks.attacks(world, state, cell, u, day):
        enlist(state, cell)
    if recruitment.takes_stock(state, cell, day):
        recruitment.take_stock(world, state, record, chance, cell, day)


@rule
def wake(state, chance, day):
    """List the cells that may do something today, for most do nothing: a shortcut that changes nothing.

    A cell is always written and the list grows only past those awake: no branch, which processors would guess wrong.
    """
    cells, halves, awake = state.cells, state.luck[luck_lane(chance, day)], state.awake
    stays, count = 1.0 - state.run.leaving, 0
    for cell in range(cells.size):
        u = luck.unit_32(halves[cell])
        attacks_not = u >= state.zones.hazard[cells.zone[cell]] * cells.strength[cell]
        awake[count] = cell
        count += 1 - (attacks_not & (u <= stays) & (day < cells.stock_day[cell]))
    return count


@rule
def enlist(state, cell):
    """Note, once, that a cell attacks today: by its number, in whatever order the cells act."""
    strikers, place = state.strikers, state.run.striking
    while place > 0 and strikers[place - 1] > cell:
        place -= 1
    if place > 0 and strikers[place - 1] == cell:
        return
    for k in range(state.run.striking, place, -1):
        strikers[k] = strikers[k - 1]
    strikers[place] = cell
    state.run.striking += 1


@entry
def dusk(world, state, record, chance, day):
    """What follows: the attacks are carried out in the order of the cells; then control, border and people answer."""
    for place in range(state.run.striking):
        strike(world, state, record, chance, state.strikers[place], day)
    state.run.striking = 0
    attacks.fade(world, state)
    offensive.secure(world, state)
    control.relax(world, state)
    border.review(world, state, record, day)
    displacement.displace(world, state, record, day)
    reporting.close_month(world, state, record, day)


@entry
def cells_act(world, state, record, chance, day):
    """All cells, in the order of their numbers; any other order gives the same bytes."""
    for place in range(wake(state, chance, day)):
        cell_day(world, state, record, chance, state.awake[place], day)


@rule
def one_day(world, state, record, chance, day):
    """A whole day."""
    dawn(world, state, record, chance, day)
    cells_act(world, state, record, chance, day)
    dusk(world, state, record, chance, day)


@entry
def begin(world, state, chance):
    """What is drawn or derived once, before the first day."""
    drawdown.draw_slips(state, chance)
    drawdown.share_out(world, state)
    attacks.expose_bases(world, state, chance)
    recruitment.form(world, state, chance)
    recruitment.count(state, 0)
    presence.weigh(world, state)
    control.set_out(state)
    copy(state.zones.reference, state.zones.effective)
    copy(state.zones.fighters_reference, state.zones.fighters)
    copy(state.segments.reference, state.segments.troops)


@rule
def strike(world, state, record, chance, cell, day):
    """One cell attacks: where, whom, how; a second base perhaps; an assault perhaps."""
    origin = state.cells.zone[cell]
    key = state.cells.key[cell]
    u_zone, u_foiled, u_target, u_base = luck.uniforms(chance, luck.LANDING, key, day)
    u_mode, u_second, u_odds, u_massing = luck.uniforms(chance, luck.TACTIC, key, day)
    zone = attacks.landing_zone(world, state, origin, u_zone)
    if attacks.is_foiled(world, state, zone, u_foiled):
        record.monthly[world.diary.month[day], zone, recorder.FOILED] += 1.0
        return
    target = attacks.target_in(world, state, zone, u_target)
    base = attacks.base_in(state, zone, target, -1, u_base)
    target = attacks.in_the_field(target, base)
    mode = attacks.mode_of(world, target, u_mode)
    attack = attacks.Attack(cell, origin, zone, target, base, mode, 0)
    odds = assault.odds_of(world, u_odds)
    if assault.masses(world, state, attack, odds, u_massing):
        storm(world, state, record, chance, attack, odds, day)
        return
    harass(world, state, record, chance, attack, day)
    if base >= 0 and u_second < world.opposition.attacks.coordination:
        u_base, _, _, _ = luck.uniforms(chance, luck.SECOND_TARGET, key, day)
        other = attacks.base_in(state, zone, target, base, u_base)
        if other >= 0:
            harass(world, state, record, chance, attacks.Attack(cell, origin, zone, target, other, mode, 1), day)


@rule
def harass(world, state, record, chance, attack, day):
    """An attack that is not a massed assault."""
    attacks.note(world, state, record, attack, day)
    deaths = severity.bury(world, state, record, attack, severity.toll(world, state, chance, attack, day), day)
    lost = 0.0
    if attack.second == 0:
        lost = response.strike_back(world, state, record, chance, attack, day)
    finish(world, state, record, chance, attack, (0, 0, deaths, lost), day)


@part
def storm(world, state, record, chance, attack, odds, day):
    """A massed assault: the base holds or falls; both sides pay."""
    parameters = world.opposition.assault
    _, u_falls, u_killed, u_lost = luck.uniforms(chance, luck.ASSAULT, state.cells.key[attack.cell], day)
    attacks.note(world, state, record, attack, day)
    month = world.diary.month[day]
    record.monthly[month, attack.zone, recorder.ASSAULTS] += 1.0
    record.bases.assaults[attack.base] += 1
    falls = assault.falls(world, state, attack, odds, u_falls, day)
    massed = assault.attackers(state, attack, odds)
    mean = parameters.killed_overrun if falls else parameters.killed_repelled
    killed = assault.killed_share(mean, u_killed) * state.bases.garrison[attack.base]
    deaths = severity.bury(world, state, record, attack, float(int(killed)), day)
    lost = assault.spend(world, state, attack, assault.killed_share(parameters.attackers_lost, u_lost) * massed)
    record.monthly[month, attack.zone, recorder.DEATHS_GROUP] += lost
    if falls:
        assault.overrun(world, state, record, chance, attack, day)
    finish(world, state, record, chance, attack, (1, int(falls), deaths, lost), day)


@rule
def finish(world, state, record, chance, attack, result, day):
    """Every attack excites those to come, is seen or not, and is logged."""
    massed, fell, deaths, lost = result
    attacks.excite(world, state, attack.zone)
    recorded = reporting.observe(world, state, record, chance, attack, deaths, lost, day)
    reporting.log_event(state, record, attack, reporting.Outcome(massed, fell, deaths, lost, recorded), day)


@rule
def draw_luck(state, chance, day):
    """Look up the daily draws of all cells: a block of Philox holds eight days of one cell."""
    tick, lane = (chance.epoch + day) // LUCK_DAYS, luck_lane(chance, day)
    if day > 0 and lane > 0:
        return
    halves, key = state.luck, state.cells.key
    for cell in range(state.cells.size):
        words = luck.block(chance, luck.CELL_DAY, key[cell], tick)
        for k in range(LUCK_DAYS // 2):
            halves[2 * k, cell] = words[k] & luck.word(luck.LOW_HALF)
            halves[2 * k + 1, cell] = words[k] >> luck.word(luck.HALF)


@rule
def luck_of(state, chance, cell, day):
    """The number of the day of a cell."""
    return luck.unit_32(state.luck[luck_lane(chance, day), cell])


@rule
def luck_lane(chance, day):
    """Which of the eight."""
    return (chance.epoch + day) % LUCK_DAYS


@entry
def run(world, state, record, chance):
    """All days of a run, whatever its record held before."""
    recorder.clear(record)
    begin(world, state, chance)
    for day in range(world.dates.days):
        one_day(world, state, record, chance, day)


@entry
def act(world, state, record, chance, cell, day):
    """One cell's day, for a Mesa agent."""
    cell_day(world, state, record, chance, cell, day)


@entry
def resize(world, state, cell, fighters):
    """Give a cell another number of fighters, and the strength that goes with it."""
    recruitment.set_fighters(world, state, cell, fighters)
