"""ODD 7.4 Offensive: dated Somali offensives press on the cells of their zones."""

from atmis.kernel.compiled import fill, inlined


@inlined
def update_pressure(params, state, day):
    """The pressure on a zone is the sum of the offensives in it, each rising and ebbing over some days."""
    fronts, zones = state.fronts, state.zones
    ramp = params.host.offensive.ramp_days
    fill(zones.pressure, 0.0)
    for k in range(fronts.size):
        rising = min(max((day - fronts.start[k] + 1) / ramp, 0.0), 1.0)
        ebbing = min(max(1.0 - (day - fronts.end[k]) / ramp, 0.0), 1.0)
        zones.pressure[fronts.zone[k]] += fronts.intensity[k] * rising * ebbing


@inlined
def hold_ground(params, state):
    """Of the ground an offensive gains, government keeps the share that it can govern."""
    zones = state.zones
    for zone in range(zones.size):
        zones.held[zone] = max(zones.held[zone], params.society.control.governance * zones.pressure[zone])
