"""ODD 7.3 Presence: what the troops at the bases amount to in each zone."""

import math

from atmis.compiled import rule
from atmis.rules.drawdown import stands
from atmis.state import HOME, HOST, MISSION

THOUSAND = 1000.0  # units: per 1,000 troops, per 1,000 people


@rule
def weigh(world, state):
    """Effective troops of a zone: garrison x readiness x effect of the holder x reach, over all bases."""
    ground, bases, zones, mission = world.ground, state.bases, state.zones, state.mission
    zones.troops[:] = 0.0
    zones.stationed[:] = 0.0
    mission.segment_troops[:] = 0.0
    for base in range(bases.holder.size):
        if stands(bases, base):
            whose = side_of(ground, mission, bases.holder[base])
            zones.stationed[whose, ground.base_zone[base]] += bases.garrison[base]
            power = bases.garrison[base] * bases.readiness[base] * effect_of(world, whose)
            for zone in range(ground.country.size):
                zones.troops[whose, zone] += power * ground.base_reach[base, zone]
            if ground.base_segment[base] >= 0:
                mission.segment_troops[ground.base_segment[base]] += bases.garrison[base] * bases.readiness[base]
    remember_cuts(world, state)


@rule
def remember_cuts(world, state):
    """A cut in effective troops is remembered for a while."""
    zones = state.zones
    fade = math.exp(-1.0 / world.evidence.spike_days)
    for zone in range(world.ground.country.size):
        now = zones.troops[MISSION, zone] + zones.troops[HOST, zone] + zones.troops[HOME, zone]
        zones.cut[zone] = fade * zones.cut[zone] + max(zones.effective[zone] - now, 0.0) / THOUSAND
        zones.effective[zone] = now


@rule
def side_of(ground, mission, holder):
    """Whether a holder is a contingent, a host force or Kenya at home."""
    if holder < ground.troops.size:
        return MISSION
    return HOST if holder < ground.troops.size + mission.pool.size else HOME


@rule
def effect_of(world, whose):
    """Effect of a ready soldier against one of the mission."""
    if whose == MISSION:
        return 1.0
    return world.host.effect if whose == HOST else world.kenya.home.effect


@rule
def saturation(world, zone, effective):
    """Presence felt by people: from 0 without troops toward 1, one half at the given density."""
    half = world.society.presence.half * world.ground.population[zone] / THOUSAND
    return effective / (effective + half) if effective + half > 0.0 else 0.0


