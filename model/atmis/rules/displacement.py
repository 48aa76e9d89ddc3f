"""ODD 7.11c Displacement: attacks, falling bases and offensives drive people away; some cross the border or return.

People are conserved: home + displaced + abroad + killed = population of the first day.
"""

from atmis import recorder
from atmis.compiled import rule
from atmis.state import BY_ATTACKS, BY_OFFENSIVE, BY_OVERRUNS


@rule
def displace(world, state, record, day):
    """People leave their homes by cause, and return."""
    parameters, zones, month = world.society.displacement, state.zones, world.diary.month[day]
    for zone in range(zones.size):
        attacks = record.daily[recorder.DAILY_ATTACKS, day, zone]
        overruns = record.daily[recorder.DAILY_OVERRUNS, day, zone]
        go_home(parameters, zones, record, zone, month)
        leave(world, state, record, zone, month, BY_ATTACKS, parameters.per_attack * attacks)
        leave(world, state, record, zone, month, BY_OVERRUNS, parameters.per_overrun * overruns)
        pressed = min(parameters.offensive * zones.pressure[zone], 1.0) * zones.home[zone]
        leave(world, state, record, zone, month, BY_OFFENSIVE, pressed)


@rule
def go_home(parameters, zones, record, zone, month):
    """A share of the displaced returns each day, from inside the country and from abroad."""
    for cause in range(BY_OFFENSIVE + 1):
        returning = parameters.returns * zones.displaced[zone, cause]
        zones.displaced[zone, cause] -= returning
        zones.home[zone] += returning
        record.monthly[month, zone, recorder.RETURNED] += returning
    returning = parameters.returns * zones.abroad[zone]
    zones.abroad[zone] -= returning
    zones.home[zone] += returning
    record.monthly[month, zone, recorder.RETURNED] += returning


@rule
def leave(world, state, record, zone, month, cause, people):
    """People leave for one cause: no more than are at home; those who can cross the border do by its state."""
    zones = state.zones
    people = min(people, zones.home[zone])
    crossing = people * crossing_share(world, state, zone)
    zones.home[zone] -= people
    zones.displaced[zone, cause] += people - crossing
    zones.abroad[zone] += crossing
    record.monthly[month, zone, recorder.DISPLACED_ATTACKS + cause] += people
    record.monthly[month, zone, recorder.CROSSED] += crossing


@rule
def crossing_share(world, state, zone):
    """Share of the newly displaced who cross: that of its most passable border segment; none without one."""
    parameters = world.society.displacement
    best = 0.0
    for segment in range(state.segments.size):
        if state.segments.somalia[segment] == zone:
            passable = 1.0 if state.segments.open[segment] > 0 else parameters.closed
            best = max(best, passable)
    return parameters.crossing * best
