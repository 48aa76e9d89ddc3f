"""ODD 7.11a Control: government control drifts toward the balance of presence, governance and armed strength."""

import math

from atmis.compiled import rule
from atmis.rules.presence import saturation


@rule
def relax(world, state):
    """Control moves, over months, toward what today's balance would give; on the first day that is what it is."""
    zones, step = state.zones, 1.0 / world.society.control.relaxation_days
    for zone in range(zones.size):
        aim = logistic(zones.odds_first[zone] + balance(world, state, zone))
        zones.control[zone] += (aim - zones.control[zone]) * step


@rule
def balance(world, state, zone):
    """Change since the first day, in log odds: presence and ground gained and held, less fighters."""
    parameters, zones = world.society.control, state.zones
    felt = saturation(world, state, zone, zones.effective[zone]) - saturation(world, state, zone, zones.reference[zone])
    gained = world.host.offensive.control * max(zones.pressure[zone], zones.held[zone])
    fighters = math.log((zones.fighters[zone] + 1.0) / (zones.fighters_reference[zone] + 1.0))
    return parameters.presence * felt + gained - parameters.fighters * fighters


@rule
def set_out(state):
    """Keep the control of the first day as log odds."""
    for zone in range(state.zones.size):
        share = state.zones.control_first[zone]
        state.zones.odds_first[zone] = math.log(share / (1.0 - share))


@rule
def logistic(x):
    """The share with given log odds."""
    return 1.0 / (1.0 + math.exp(-x))
