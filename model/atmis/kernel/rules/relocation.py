"""ODD 7.5 Relocation: a cell moves to the neighbouring zone of highest utility, or goes to defend one."""

import math

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import inlined
from atmis.kernel.rules.border import friction
from atmis.kernel.rules.presence import THOUSAND
from atmis.kernel.state import DISPLACED, RECALLED, RESIDENT

HUNDRED_KM = 100.0


@inlined
def update_departure_chances(params, state):
    """Update the chance that a cell of each zone moves today: by itself, in flight, or recalled to defend."""
    p, zones = params.opposition.relocation, state.zones
    state.run.leaving = 0.0
    for zone in range(state.zones.size):
        most = 0.0
        for pair in range(state.zones.pair_first[zone], state.zones.pair_end[zone]):
            most = max(most, zones.pressure[state.pairs.to[pair]])
        zones.recall[zone] = p.recall * most if most > zones.pressure[zone] else 0.0
        moved = p.flight * zones.pressure[zone] + zones.recall[zone]
        zones.leave_home[zone] = min(p.rate + moved, 1.0)
        zones.leave_away[zone] = min(p.return_rate + moved, 1.0)
        state.run.leaving = max(state.run.leaving, zones.leave_home[zone], zones.leave_away[zone])


@inlined
def moves(state, cell, u):
    """Whether a cell moves today. Moves take the upper end of its daily draw, attacks the lower."""
    cells, zones = state.cells, state.zones
    zone = cells.zone[cell]
    leaving = zones.leave_home[zone] if zone == cells.home[cell] else zones.leave_away[zone]
    return u > 1.0 - leaving


@inlined
def move(params, state, record, stream, cell, day):
    """Move a cell: to the neighbour under most pressure when it is recalled, else to a zone chosen by utility."""
    cells, zones = state.cells, state.zones
    here = cells.zone[cell]
    u, v, _, _ = rng.uniforms(stream, rng.MOVE, state.cells.key[cell], day)
    leaving = zones.leave_home[here] if here == cells.home[cell] else zones.leave_away[here]
    there = to_defend(state, here) if u * leaving < zones.recall[here] else choose(params, state, cell, v)
    if there == here:
        return
    cells.zone[cell] = there
    if there == cells.home[cell]:
        cells.posture[cell] = RESIDENT
    else:
        cells.posture[cell] = RECALLED if zones.pressure[there] > zones.pressure[here] else DISPLACED
    record.monthly[params.calendar.month[day], there, recorder.MOVES_IN] += 1.0


@inlined
def to_defend(state, here):
    """The neighbouring zone under the strongest pressure."""
    zones = state.zones
    best = here
    for pair in range(state.zones.pair_first[here], state.zones.pair_end[here]):
        if zones.pressure[state.pairs.to[pair]] > zones.pressure[best]:
            best = state.pairs.to[pair]
    return best


@inlined
def choose(params, state, cell, u):
    """A zone among the cell's own and those next door, with chances by the exponential of what each offers."""
    here, home = state.cells.zone[cell], state.cells.home[cell]
    total = math.exp(utility(params, state, here, home))
    for pair in range(state.zones.pair_first[here], state.zones.pair_end[here]):
        total += math.exp(utility_next_door(params, state, pair, home))
    left = u * total - math.exp(utility(params, state, here, home))
    if left < 0.0:
        return here
    last = here
    for pair in range(state.zones.pair_first[here], state.zones.pair_end[here]):
        last = state.pairs.to[pair]
        left -= math.exp(utility_next_door(params, state, pair, home))
        if left < 0.0:
            break
    return last


@inlined
def utility(params, state, zone, home):
    """Utility of a zone to a cell: weak control, few troops, nearness to home, no offensive."""
    p, zones = params.opposition.relocation, state.zones
    return (
        p.opportunity * (1.0 - zones.control[zone])
        - p.presence * zones.effective[zone] / THOUSAND
        - p.home * params.steps[zone, home]
        - p.pressure * zones.pressure[zone]
    )


@inlined
def utility_next_door(params, state, pair, home):
    """The same for a neighbouring zone, less the cost of the way there."""
    cost = params.opposition.relocation.distance * state.pairs.km[pair] / HUNDRED_KM + friction(params, state, pair)
    return utility(params, state, state.pairs.to[pair], home) - cost
