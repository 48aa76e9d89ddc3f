"""ODD 7.11c Displacement: attacks, falling bases and offensives displace people; some cross the border, some return.

People are conserved: home + displaced + abroad + killed = population of the first day.
"""

from atmis.kernel import recorder
from atmis.kernel.compiled import inlined
from atmis.kernel.state import BY_ATTACKS, BY_OFFENSIVE, BY_OVERRUNS


@inlined
def displace(params, state, record, day):
    """Displace people by cause, and let others return."""
    p, zones, month = params.society.displacement, state.zones, params.calendar.month[day]
    for zone in range(zones.size):
        attacks = record.daily[recorder.DAILY_ATTACKS, day, zone]
        overruns = record.daily[recorder.DAILY_OVERRUNS, day, zone]
        return_home(p, zones, record, zone, month)
        flee(params, state, record, zone, month, BY_ATTACKS, p.per_attack * attacks)
        flee(params, state, record, zone, month, BY_OVERRUNS, p.per_overrun * overruns)
        pressed = min(p.offensive * zones.pressure[zone], 1.0) * zones.home[zone]
        flee(params, state, record, zone, month, BY_OFFENSIVE, pressed)


@inlined
def return_home(p, zones, record, zone, month):
    """A share of the displaced returns each day, from inside the country and from abroad."""
    for cause in range(BY_OFFENSIVE + 1):
        returning = p.returns * zones.displaced[zone, cause]
        zones.displaced[zone, cause] -= returning
        zones.home[zone] += returning
        record.monthly[month, zone, recorder.RETURNED] += returning
    returning = p.returns * zones.abroad[zone]
    zones.abroad[zone] -= returning
    zones.home[zone] += returning
    record.monthly[month, zone, recorder.RETURNED] += returning


@inlined
def flee(params, state, record, zone, month, cause, people):
    """Displace people for one cause, no more than are at home; some cross the border, by its state."""
    zones = state.zones
    people = min(people, zones.home[zone])
    crossing = people * crossing_share(params, state, zone)
    zones.home[zone] -= people
    zones.displaced[zone, cause] += people - crossing
    zones.abroad[zone] += crossing
    record.monthly[month, zone, recorder.DISPLACED_ATTACKS + cause] += people
    record.monthly[month, zone, recorder.CROSSED] += crossing


@inlined
def crossing_share(params, state, zone):
    """Share of the newly displaced who cross: that of its most passable border segment; none without one."""
    p = params.society.displacement
    best = 0.0
    for segment in range(state.segments.size):
        if state.segments.somalia[segment] == zone:
            passable = 1.0 if state.segments.open[segment] > 0 else p.closed
            best = max(best, passable)
    return p.crossing * best
