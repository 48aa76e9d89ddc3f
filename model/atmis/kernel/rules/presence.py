"""ODD 7.3 Presence: the effective troops of each zone."""

import math

from atmis.kernel.compiled import fill, inlined
from atmis.kernel.rules.drawdown import stands
from atmis.kernel.state import HOME, HOST, MISSION

THOUSAND = 1000.0  # units: per 1,000 troops, per 1,000 people


@inlined
def update_effective_troops(params, state):
    """Effective troops of a zone: garrison x readiness x effect of the holder x reach, over all bases."""
    bases, zones = state.bases, state.zones
    for zone in range(zones.size):
        for whose in range(HOME + 1):
            state.troops[whose, zone] = 0.0
            zones.stationed[zone, whose] = 0.0
    fill(state.segments.troops, 0.0)
    for base in range(bases.size):
        if stands(bases, base):
            whose = side_of(state, bases.holder[base])
            zones.stationed[bases.zone[base], whose] += bases.garrison[base]
            power = bases.garrison[base] * bases.readiness[base] * effect_of(params, whose)
            for zone in range(state.zones.size):
                state.troops[whose, zone] += power * params.reach[base, zone]
            if bases.segment[base] >= 0:
                state.segments.troops[bases.segment[base]] += bases.garrison[base] * bases.readiness[base]
    update_cut_memory(params, state)


@inlined
def update_cut_memory(params, state):
    """Update the fading memory of cuts in effective troops."""
    zones = state.zones
    decay_excitation = math.exp(-1.0 / params.evidence.spike_days)
    for zone in range(state.zones.size):
        now = state.troops[MISSION, zone] + state.troops[HOST, zone] + state.troops[HOME, zone]
        zones.cut[zone] = decay_excitation * zones.cut[zone] + max(zones.effective[zone] - now, 0.0) / THOUSAND
        zones.effective[zone] = now


@inlined
def side_of(state, holder):
    """Whether a holder is a contingent, a host force or Kenya at home."""
    if holder < state.contingents.size:
        return MISSION
    return HOST if holder < state.contingents.size + state.forces.size else HOME


@inlined
def effect_of(params, whose):
    """Effect of a ready soldier relative to one of the mission."""
    if whose == MISSION:
        return 1.0
    return params.host.effect if whose == HOST else params.kenya.home.effect


@inlined
def saturation(params, state, zone, effective):
    """Presence felt by people: from 0 without troops toward 1, one half at the given density."""
    half = params.society.presence.half * state.zones.population[zone] / THOUSAND
    return effective / (effective + half) if effective + half > 0.0 else 0.0
