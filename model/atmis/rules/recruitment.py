"""ODD 7.6 Recruitment: once a month a cell takes stock: it grows toward what its zone can feed."""

import math

from atmis import luck, recorder
from atmis.compiled import fill, rule
from atmis.state import RESIDENT, SOMALIA


@rule
def count(state, day):
    """Fighters and active strength of each zone at the start of the day."""
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


@rule
def raise_funds(world, state):
    """The group's funds follow the people it can tax, and what it loots; what they let it feed, less than in step."""
    control = state.zones.control
    now, at_first = 0.0, 0.0
    for zone in range(state.zones.size):
        if state.zones.country[zone] == SOMALIA:
            now += (1.0 - control[zone]) * state.zones.population[zone]
            at_first += (1.0 - state.zones.control_first[zone]) * state.zones.population[zone]
    state.run.funds = (now / at_first if at_first > 0.0 else 1.0) + state.run.loot
    state.run.means = math.pow(state.run.funds, world.opposition.recruitment.funds)


@rule
def capacity(world, state, zone):
    """Fighters that a zone can feed: those of the first day, fewer under control or an offensive, more with funds."""
    parameters, zones = world.opposition.recruitment, state.zones
    share = 1.0 - parameters.control * (zones.control[zone] - state.zones.control_first[zone])
    share *= 1.0 - parameters.offensive * min(zones.pressure[zone], 1.0)
    return max(share * state.run.means, 0.0) * zones.fighters_reference[zone]


@rule
def feed(world, state):
    """What each zone can feed today."""
    for zone in range(state.zones.size):
        state.zones.capacity[zone] = capacity(world, state, zone)


@rule
def takes_stock(state, cell, day):
    """Each cell has its own day, so that the work and the numbers spread evenly."""
    return day >= state.cells.stock_day[cell]


@rule
def take_stock(world, state, record, chance, cell, day):
    """Fighters join or leave by the room that is left in the zone; an offensive has killed and captured some."""
    parameters, zone = world.opposition.recruitment, state.cells.zone[cell]
    fighters = state.cells.fighters[cell]
    u, v, _, _ = luck.uniforms(chance, luck.STOCK, state.cells.key[cell], day)
    state.cells.stock_day[cell] = day + parameters.review_days
    room = 1.0 - state.zones.fighters[zone] / max(state.zones.capacity[zone], 1.0)
    change = (
        max(fighters, parameters.remnant) * parameters.growth * parameters.review_days * max(room, -parameters.crowding)
    )
    taken = world.host.offensive.attrition * parameters.review_days * state.zones.pressure[zone]
    lost = luck.whole(fighters * min(taken, 1.0), v)
    joined = luck.whole(change, u) if change > 0.0 else 0.0
    left = min(luck.whole(-change, u), fighters - lost) if change < 0.0 else 0.0
    if joined != left + lost:
        set_fighters(world, state, cell, fighters + joined - left - lost)
    month = world.diary.month[day]
    record.monthly[month, zone, recorder.RECRUITED] += joined
    record.monthly[month, zone, recorder.LEFT] += left
    record.monthly[month, zone, recorder.KILLED_BY_OFFENSIVE] += lost


@rule
def set_fighters(world, state, cell, fighters):
    """A cell's strength follows its fighters: (fighters / mean size) to a power."""
    state.cells.fighters[cell] = fighters
    size = fighters / world.opposition.cells.mean_size
    state.cells.strength[cell] = math.pow(size, world.opposition.attacks.strength)


@rule
def form(world, state, chance):
    """On the first day every cell has a size of its own, lognormal round the mean."""
    parameters = world.opposition.cells
    spread = parameters.size_spread
    for cell in range(state.cells.size):
        u, v, w, _ = luck.at_tick(chance, luck.CELL_SIZE, state.cells.key[cell], 0)
        size = parameters.mean_size * math.exp(spread * luck.normal(u, v) - spread * spread / 2.0)
        set_fighters(world, state, cell, max(luck.whole(size, w), 1.0))
        state.cells.posture[cell] = RESIDENT
