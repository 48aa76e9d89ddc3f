"""ODD 7.4 Offensive: dated Somali offensives press on the cells of their zones."""

from atmis.compiled import rule


@rule
def press(world, state, day):
    """The pressure on a zone is the sum of the offensives in it, each rising and ebbing over some days."""
    calendar, zones = world.calendar, state.zones
    ramp = world.host.offensive.ramp_days
    zones.pressure[:] = 0.0
    for k in range(calendar.offensive_start.size):
        rising = min(max((day - calendar.offensive_start[k] + 1) / ramp, 0.0), 1.0)
        ebbing = min(max(1.0 - (day - calendar.offensive_end[k]) / ramp, 0.0), 1.0)
        for zone in range(zones.pressure.size):
            if calendar.offensive_zones[k, zone] > 0:
                zones.pressure[zone] += calendar.offensive_intensity[k] * rising * ebbing


@rule
def secure(world, state):
    """Of the ground an offensive gains, government keeps the share that it can govern."""
    zones = state.zones
    for zone in range(zones.pressure.size):
        zones.held[zone] = max(zones.held[zone], world.society.control.governance * zones.pressure[zone])
