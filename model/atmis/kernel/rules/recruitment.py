"""ODD 7.6 Recruitment: once a month the strength of a cell is reviewed: it grows toward what its zone can feed."""

import math

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import fill, inlined
from atmis.kernel.state import RESIDENT, SOMALIA


@inlined
def count_fighters(state, day):
    """Count the fighters and the active strength of each zone at the start of the day."""
    cells, zones = state.cells, state.zones
    fill(zones.fighters, 0.0)
    fill(zones.strength, 0.0)
    here, fighters, strength = 0, 0.0, 0.0
    for cell in range(cells.size):
        if cells.zone[cell] != here:  # most cells stand in the zone of the one before: add up first, store once
            zones.fighters[here] += fighters
            zones.strength[here] += strength
            here, fighters, strength = cells.zone[cell], 0.0, 0.0
        fighters += cells.fighters[cell]
        strength += cells.strength[cell] if cells.rests[cell] <= day else 0.0
    zones.fighters[here] += fighters
    zones.strength[here] += strength


@inlined
def update_funds(params, state):
    """Update the group's funds, which follow the people it can tax and its loot, and the means that they give it."""
    control = state.zones.control
    now, at_first = 0.0, 0.0
    for zone in range(state.zones.size):
        if state.zones.country[zone] == SOMALIA:
            now += (1.0 - control[zone]) * state.zones.population[zone]
            at_first += (1.0 - state.zones.control_first[zone]) * state.zones.population[zone]
    state.run.funds = (now / at_first if at_first > 0.0 else 1.0) + state.run.loot
    state.run.means = math.pow(state.run.funds, params.opposition.recruitment.funds)


@inlined
def capacity(params, state, zone):
    """Fighters that a zone can feed: those of the first day, fewer under control or an offensive, more with funds."""
    p, zones = params.opposition.recruitment, state.zones
    share = 1.0 - p.control * (zones.control[zone] - state.zones.control_first[zone])
    share *= 1.0 - p.offensive * min(zones.pressure[zone], 1.0)
    return max(share * state.run.means, 0.0) * zones.fighters_reference[zone]


@inlined
def update_capacity(params, state):
    """Update the number of fighters that each zone can feed today."""
    for zone in range(state.zones.size):
        state.zones.capacity[zone] = capacity(params, state, zone)


@inlined
def is_review_day(state, cell, day):
    """Whether a cell is due for review; each has its own day, so that reviews spread evenly over the month."""
    return day >= state.cells.review_day[cell]


@inlined
def review_strength(params, state, record, stream, cell, day):
    """Fighters join or leave by the room left in the zone; an offensive has killed or captured some."""
    p, zone = params.opposition.recruitment, state.cells.zone[cell]
    fighters = state.cells.fighters[cell]
    u, v, _, _ = rng.uniforms(stream, rng.STOCK, state.cells.key[cell], day)
    state.cells.review_day[cell] = day + p.review_days
    room = 1.0 - state.zones.fighters[zone] / max(state.zones.capacity[zone], 1.0)
    change = max(fighters, p.remnant) * p.growth * p.review_days * max(room, -p.crowding)
    taken = params.host.offensive.attrition * p.review_days * state.zones.pressure[zone]
    lost = rng.whole(fighters * min(taken, 1.0), v)
    joined = rng.whole(change, u) if change > 0.0 else 0.0
    left = min(rng.whole(-change, u), fighters - lost) if change < 0.0 else 0.0
    if joined != left + lost:
        set_fighters(params, state, cell, fighters + joined - left - lost)
    month = params.calendar.month[day]
    record.monthly[month, zone, recorder.RECRUITED] += joined
    record.monthly[month, zone, recorder.LEFT] += left
    record.monthly[month, zone, recorder.KILLED_BY_OFFENSIVE] += lost


@inlined
def set_fighters(params, state, cell, fighters):
    """Set the fighters of a cell, and its strength: (fighters / mean size) to a power."""
    state.cells.fighters[cell] = fighters
    size = fighters / params.opposition.cells.mean_size
    state.cells.strength[cell] = math.pow(size, params.opposition.attacks.strength)


@inlined
def form_cells(params, state, stream):
    """Draw the size of each cell on the first day, lognormal around the mean."""
    p = params.opposition.cells
    spread = p.size_spread
    for cell in range(state.cells.size):
        u, v, w, _ = rng.at_tick(stream, rng.CELL_SIZE, state.cells.key[cell], 0)
        size = p.mean_size * math.exp(spread * rng.normal(u, v) - spread * spread / 2.0)
        set_fighters(params, state, cell, max(rng.whole(size, w), 1.0))
        state.cells.posture[cell] = RESIDENT
