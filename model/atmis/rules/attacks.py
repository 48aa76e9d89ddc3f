"""ODD 7.7 Attacks: a cell's daily hazard, and where, whom and how it strikes."""

import math
from typing import NamedTuple

from atmis import luck, recorder
from atmis.compiled import fill, rule
from atmis.rules.border import friction
from atmis.rules.drawdown import stands
from atmis.rules.presence import THOUSAND, side_of
from atmis.state import HOME, HOST, INCIDENT, KENYA, MISSION

# Targets, in the order of atmis.scenario.opposition.TARGETS.
MISSION_BASE, HOST_BASE, BORDER_BASE, SECURITY, CIVILIANS = 0, 1, 2, 3, 4
# Modes, in the order of atmis.scenario.opposition.MODES.
CLASH, IED, RAID, SUICIDE = 0, 1, 2, 3
WEEK = 7


class Attack(NamedTuple):
    """An attack that takes place."""

    cell: int
    origin: int  # zone in which the cell is based
    zone: int  # zone in which it lands
    target: int
    base: int  # or -1
    mode: int
    second: int  # 1 when it is the second base hit by the same cell on the day


@rule
def set_tempo(world, state, chance, day):
    """Lulls and surges that no mechanism explains: a slow multiplier by region (log Ornstein-Uhlenbeck), weekly."""
    parameters, tempo = world.opposition.tempo, state.regions.tempo
    if day % WEEK != 0:
        return
    keep = math.exp(-WEEK / parameters.memory_days) if day > 0 else 0.0
    for region in range(tempo.size):
        u, v, _, _ = luck.uniforms(chance, luck.TEMPO, state.regions.key[region], day)
        tempo[region] = keep * tempo[region] + parameters.spread * math.sqrt(1.0 - keep * keep) * luck.normal(u, v)


@rule
def announce(world, state, day):
    """Zones in which, near in time, a base changes hands or closes by the plan, or a border segment is to open."""
    spoiling = state.zones.spoiling
    window = world.opposition.attacks.spoiling_days
    fill(spoiling, 0.0)
    if world.opposition.attacks.spoiling == 0.0:
        return
    for k in range(state.moves.size):
        phase = state.moves.phase[k]
        due = state.moves.day[k] + (state.phases.delay[phase] if phase >= 0 else 0)
        if abs(day - due) <= window and state.moves.kind[k] != INCIDENT:
            spoiling[state.bases.zone[state.moves.site[k]]] = 1.0
    for segment in range(state.segments.size):
        if abs(day - state.segments.next_try[segment]) <= window:
            spoiling[state.segments.kenya[segment]] = 1.0
            spoiling[state.segments.somalia[segment]] = 1.0


@rule
def weigh(world, state, day):
    """How strongly each zone draws attacks today, and the chance that a mean cell based in each zone attacks."""
    parameters, zones = world.opposition.attacks, state.zones
    for pair in range(state.pairs.size):
        state.pairs.raid[pair] = raid_weight(world, state, pair)
    for zone in range(zones.size):
        zones.lure[zone] = lure(world, state, zone, day)
        zones.landing[zone] = 0.0
    for zone in range(zones.size):
        rate = parameters.rate * zones.strength[zone]
        zones.landing[zone] += rate * zones.lure[zone]
        for pair in range(state.zones.pair_first[zone], state.zones.pair_end[zone]):
            there = state.pairs.to[pair]
            zones.landing[there] += rate * state.pairs.raid[pair] * zones.lure[there]
    for zone in range(zones.size):
        zones.pull[zone] = zones.lure[zone] * excited(zones, zone)
    for zone in range(zones.size):
        hazard = zones.pull[zone]
        for pair in range(state.zones.pair_first[zone], state.zones.pair_end[zone]):
            hazard += state.pairs.raid[pair] * zones.pull[state.pairs.to[pair]]
        zones.hazard[zone] = parameters.rate * hazard


@rule
def lure(world, state, zone, day):
    """Exposure x opportunity x effect of troops x offensive x tempo x season x spoiling."""
    parameters, evidence, zones = world.opposition.attacks, world.evidence, state.zones
    spread = world.opposition.tempo.spread
    log = parameters.opportunity * (state.zones.control_first[zone] - zones.control[zone])
    log -= evidence.attacks * more_troops(zones, zone)
    log -= evidence.neighbours * more_troops_next_door(state, zone)
    log += evidence.spike * zones.cut[zone]
    log += world.host.offensive.attacks * min(zones.pressure[zone], 1.0)
    log += state.regions.tempo[state.zones.region[zone]] - spread * spread / 2.0
    spoiled = 1.0 + parameters.spoiling * zones.spoiling[zone]
    return state.zones.exposure[zone] * math.exp(log) * world.diary.season[day] * spoiled


@rule
def more_troops(zones, zone):
    """Effective troops above those of the first day, in thousands."""
    return (zones.effective[zone] - zones.reference[zone]) / THOUSAND


@rule
def more_troops_next_door(state, zone):
    """The same, on average over the neighbouring zones."""
    first, end = state.zones.pair_first[zone], state.zones.pair_end[zone]
    total = 0.0
    for pair in range(first, end):
        total += more_troops(state.zones, state.pairs.to[pair])
    return total / (end - first) if end > first else 0.0


@rule
def raid_weight(world, state, pair):
    """Weight of a raid into a neighbouring zone against an attack in the cell's own."""
    hindrance = friction(world, state, pair)
    return world.opposition.attacks.raids * (math.exp(-hindrance) if hindrance != 0.0 else 1.0)


@rule
def excited(zones, zone):
    """Rise of attacks on a zone by those of the days before: attacks expected with excitation, over those without."""
    return 1.0 + zones.excited[zone] / zones.landing[zone] if zones.landing[zone] > 0.0 else 1.0


@rule
def fade(world, state):
    """The attacks of the day raise those to come; all of it fades."""
    keep = math.exp(-1.0 / world.opposition.excitation.memory_days)
    zones = state.zones
    for zone in range(zones.size):
        zones.excited[zone] = keep * (zones.excited[zone] + zones.roused[zone])
        zones.roused[zone] = 0.0


@rule
def excite(world, state, zone):
    """An attack raises those to come: by as many in all, over the days, as the branching ratio says."""
    keep = math.exp(-1.0 / world.opposition.excitation.memory_days)
    state.zones.roused[zone] += world.opposition.excitation.branching * (1.0 - keep) / keep


@rule
def attacks(world, state, cell, u, day):
    """Whether a cell attacks today."""
    cells = state.cells
    if cells.rests[cell] > day:
        return False
    chance = state.zones.hazard[cells.zone[cell]] * cells.strength[cell]
    return u < min(chance, world.opposition.attacks.highest)


@rule
def landing_zone(world, state, origin, u):
    """The cell's own zone or, as a raid, a neighbouring one."""
    zones = state.zones
    left = u * zones.hazard[origin] / world.opposition.attacks.rate
    left -= zones.pull[origin]
    if left < 0.0:
        return origin
    last = origin
    for pair in range(state.zones.pair_first[origin], state.zones.pair_end[origin]):
        weight = state.pairs.raid[pair] * zones.pull[state.pairs.to[pair]]
        if weight > 0.0:
            last = state.pairs.to[pair]
            left -= weight
            if left < 0.0:
                break
    return last


@rule
def weight_of(world, state, zone, target):
    """Weight of a kind of target in a zone: bases by the troops stationed there."""
    weights = world.opposition.targets.somalia
    if state.zones.country[zone] == KENYA:
        weights = world.opposition.targets.kenya
    zones = state.zones
    if target == MISSION_BASE:
        return weights.mission_base * zones.stationed[zone, MISSION] / THOUSAND
    if target == HOST_BASE:
        return weights.host_base * zones.stationed[zone, HOST] / THOUSAND
    if target == BORDER_BASE:
        return weights.border_base * zones.stationed[zone, HOME] / THOUSAND
    if target == SECURITY:
        return weights.security
    return weights.civilians * math.exp(-world.evidence.civilians * more_troops(zones, zone))


@rule
def target_in(world, state, zone, u):
    """The kind of target that the cell strikes."""
    total = 0.0
    for target in range(MISSION_BASE, CIVILIANS + 1):
        total += weight_of(world, state, zone, target)
    left = u * total
    chosen = SECURITY
    for target in range(MISSION_BASE, CIVILIANS + 1):
        weight = weight_of(world, state, zone, target)
        if weight > 0.0:
            chosen = target
            left -= weight
            if left < 0.0:
                break
    return chosen


@rule
def base_in(state, zone, target, other_than, u):
    """The base that is hit, by how exposed the bases are; -1 when there is none."""
    first, end = state.zones.site_first[zone], state.zones.site_end[zone]
    total = 0.0
    for site in range(first, end):
        base = state.sites[site]
        if base != other_than and is_candidate(state, base, target):
            total += state.bases.exposure[base]
    left, chosen = u * total, -1
    for site in range(first, end):
        base = state.sites[site]
        if base != other_than and is_candidate(state, base, target):
            chosen = base
            left -= state.bases.exposure[base]
            if left < 0.0:
                break
    return chosen


@rule
def in_the_field(target, base):
    """Where no base of the kind is manned any more, the attack meets security forces in the field."""
    return SECURITY if base < 0 and target < SECURITY else target


@rule
def is_candidate(state, base, target):
    """A manned base of the kind that is struck."""
    if not stands(state.bases, base) or state.bases.garrison[base] <= 0.0:
        return False
    return side_of(state, state.bases.holder[base]) == target


@rule
def mode_of(world, target, u):
    """Clash, explosive device, raid or suicide attack, by the kind of target."""
    mix = world.opposition.mix.mission_base
    if target == HOST_BASE:
        mix = world.opposition.mix.host_base
    elif target == BORDER_BASE:
        mix = world.opposition.mix.border_base
    elif target == SECURITY:
        mix = world.opposition.mix.security
    elif target == CIVILIANS:
        mix = world.opposition.mix.civilians
    if u < mix.clash:
        return CLASH
    if u < mix.clash + mix.ied:
        return IED
    return RAID if u < mix.clash + mix.ied + mix.raid else SUICIDE


@rule
def is_foiled(world, state, zone, u):
    """Tips from people under control foil an attack before it happens; on the Kenyan side by Kenya's capability."""
    ability = state.run.capability if state.zones.country[zone] == KENYA else 1.0
    return u < world.society.control.tips * state.zones.control[zone] * ability


@rule
def expose_bases(world, state, chance):
    """Few bases take most attacks: each has an exposure of its own, lognormal round 1."""
    spread = world.opposition.attacks.base_spread
    for base in range(state.bases.size):
        u, v, _, _ = luck.at_tick(chance, luck.EXPOSURE, state.bases.key[base], 0)
        state.bases.exposure[base] = math.exp(spread * luck.normal(u, v))


@rule
def note(world, state, record, attack, day):
    """Count an attack by where it lands, whom it hits and how."""
    month = world.diary.month[day]
    counts = record.monthly[month, attack.zone]
    counts[recorder.ATTACKS] += 1.0
    counts[recorder.ATTACKS_MISSION_BASE + attack.target] += 1.0
    counts[recorder.CLASHES + attack.mode] += 1.0
    if state.zones.country[attack.origin] != state.zones.country[attack.zone]:
        counts[recorder.OVER_BORDER] += 1.0
    record.daily[recorder.DAILY_ATTACKS, day, attack.zone] += 1
    if attack.base >= 0:
        record.bases.attacks[attack.base] += 1
