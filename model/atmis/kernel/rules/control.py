"""ODD 7.11a Control: government control drifts toward the balance of presence, governance and armed strength."""

import math

from atmis.kernel.compiled import inlined
from atmis.kernel.rules.presence import saturation


@inlined
def relax(params, state):
    """Move control, over months, toward the value that today's balance implies; on the first day the two are equal."""
    zones, step = state.zones, 1.0 / params.society.control.relaxation_days
    for zone in range(zones.size):
        aim = logistic(zones.odds_first[zone] + balance(params, state, zone))
        zones.control[zone] += (aim - zones.control[zone]) * step


@inlined
def balance(params, state, zone):
    """Change since the first day, in log odds: presence and ground gained and held, less fighters."""
    p, zones = params.society.control, state.zones
    felt = saturation(params, state, zone, zones.effective[zone]) - saturation(
        params, state, zone, zones.reference[zone]
    )
    gained = params.host.offensive.control * max(zones.pressure[zone], zones.held[zone])
    fighters = math.log((zones.fighters[zone] + 1.0) / (zones.fighters_reference[zone] + 1.0))
    return p.presence * felt + gained - p.fighters * fighters


@inlined
def initialise(state):
    """Store the control of the first day as log odds."""
    for zone in range(state.zones.size):
        share = state.zones.control_first[zone]
        state.zones.odds_first[zone] = math.log(share / (1.0 - share))


@inlined
def logistic(x):
    """The share with given log odds."""
    return 1.0 / (1.0 + math.exp(-x))
