"""ODD 7.7 Attacks: the daily hazard of a cell, and the zone, target and mode of its attacks."""

import math
from typing import NamedTuple

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import fill, inlined
from atmis.kernel.rules.border import friction
from atmis.kernel.rules.drawdown import stands
from atmis.kernel.rules.presence import THOUSAND, side_of
from atmis.kernel.state import HOME, HOST, INCIDENT, KENYA, MISSION

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


@inlined
def update_tempo(params, state, stream, day):
    """Lulls and surges that no mechanism explains: a slow multiplier by region (log Ornstein-Uhlenbeck), weekly."""
    p, tempo = params.opposition.tempo, state.regions.tempo
    if day % WEEK != 0:
        return
    keep = math.exp(-WEEK / p.memory_days) if day > 0 else 0.0
    for region in range(tempo.size):
        u, v, _, _ = rng.uniforms(stream, rng.TEMPO, state.regions.key[region], day)
        tempo[region] = keep * tempo[region] + p.spread * math.sqrt(1.0 - keep * keep) * rng.normal(u, v)


@inlined
def mark_announced_events(params, state, day):
    """Mark zones in which, near in time, a base changes hands or closes by plan, or a border segment is due to open."""
    spoiling = state.zones.spoiling
    window = params.opposition.attacks.spoiling_days
    fill(spoiling, 0.0)
    if params.opposition.attacks.spoiling == 0.0:
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


@inlined
def update_hazard(params, state, day):
    """Update the attractiveness of each zone, and the chance that a mean cell based there attacks today."""
    p, zones = params.opposition.attacks, state.zones
    for pair in range(state.pairs.size):
        state.pairs.raid[pair] = raid_weight(params, state, pair)
    for zone in range(zones.size):
        zones.attractiveness[zone] = attractiveness(params, state, zone, day)
        zones.background_rate[zone] = 0.0
    for zone in range(zones.size):
        rate = p.rate * zones.strength[zone]
        zones.background_rate[zone] += rate * zones.attractiveness[zone]
        for pair in range(state.zones.pair_first[zone], state.zones.pair_end[zone]):
            there = state.pairs.to[pair]
            zones.background_rate[there] += rate * state.pairs.raid[pair] * zones.attractiveness[there]
    for zone in range(zones.size):
        zones.excited_attractiveness[zone] = zones.attractiveness[zone] * excitation_factor(zones, zone)
    for zone in range(zones.size):
        hazard = zones.excited_attractiveness[zone]
        for pair in range(state.zones.pair_first[zone], state.zones.pair_end[zone]):
            hazard += state.pairs.raid[pair] * zones.excited_attractiveness[state.pairs.to[pair]]
        zones.hazard[zone] = p.rate * hazard


@inlined
def attractiveness(params, state, zone, day):
    """Exposure x opportunity x effect of troops x offensive x tempo x season x spoiling."""
    p, evidence, zones = params.opposition.attacks, params.evidence, state.zones
    spread = params.opposition.tempo.spread
    log = p.opportunity * (state.zones.control_first[zone] - zones.control[zone])
    log -= evidence.attacks * change_in_troops(zones, zone)
    log -= evidence.neighbours * change_in_troops_next_door(state, zone)
    log += evidence.spike * zones.cut[zone]
    log += params.host.offensive.attacks * min(zones.pressure[zone], 1.0)
    log += state.regions.tempo[state.zones.region[zone]] - spread * spread / 2.0
    spoiled = 1.0 + p.spoiling * zones.spoiling[zone]
    return state.zones.exposure[zone] * math.exp(log) * params.calendar.season[day] * spoiled


@inlined
def change_in_troops(zones, zone):
    """Effective troops above those of the first day, in thousands."""
    return (zones.effective[zone] - zones.reference[zone]) / THOUSAND


@inlined
def change_in_troops_next_door(state, zone):
    """The same for the neighbouring zones, on average."""
    first, end = state.zones.pair_first[zone], state.zones.pair_end[zone]
    total = 0.0
    for pair in range(first, end):
        total += change_in_troops(state.zones, state.pairs.to[pair])
    return total / (end - first) if end > first else 0.0


@inlined
def raid_weight(params, state, pair):
    """Weight of a raid into a neighbouring zone against an attack in the cell's own."""
    hindrance = friction(params, state, pair)
    return params.opposition.attacks.raids * (math.exp(-hindrance) if hindrance != 0.0 else 1.0)


@inlined
def excitation_factor(zones, zone):
    """Factor by which recent attacks raise those on a zone: expected attacks with excitation over those without."""
    return 1.0 + zones.excited[zone] / zones.background_rate[zone] if zones.background_rate[zone] > 0.0 else 1.0


@inlined
def decay_excitation(params, state):
    """Excitation decays; today's attacks add to that of the days to come."""
    keep = math.exp(-1.0 / params.opposition.excitation.memory_days)
    zones = state.zones
    for zone in range(zones.size):
        zones.excited[zone] = keep * (zones.excited[zone] + zones.new_excitation[zone])
        zones.new_excitation[zone] = 0.0


@inlined
def add_excitation(params, state, zone):
    """Add the excitation of one attack: over the days to come as many attacks as the branching ratio says."""
    keep = math.exp(-1.0 / params.opposition.excitation.memory_days)
    state.zones.new_excitation[zone] += params.opposition.excitation.branching * (1.0 - keep) / keep


@inlined
def will_attack(params, state, cell, u, day):
    """Whether a cell attacks today."""
    cells = state.cells
    if cells.rests[cell] > day:
        return False
    probability = state.zones.hazard[cells.zone[cell]] * cells.strength[cell]
    return u < min(probability, params.opposition.attacks.highest)


@inlined
def choose_zone(params, state, origin, u):
    """Choose the zone: the cell's own or, for a raid, a neighbouring one."""
    zones = state.zones
    left = u * zones.hazard[origin] / params.opposition.attacks.rate
    left -= zones.excited_attractiveness[origin]
    if left < 0.0:
        return origin
    last = origin
    for pair in range(state.zones.pair_first[origin], state.zones.pair_end[origin]):
        weight = state.pairs.raid[pair] * zones.excited_attractiveness[state.pairs.to[pair]]
        if weight > 0.0:
            last = state.pairs.to[pair]
            left -= weight
            if left < 0.0:
                break
    return last


@inlined
def target_weight(params, state, zone, target):
    """Weight of a kind of target in a zone; bases weigh by the troops stationed there."""
    weights = params.opposition.targets.somalia
    if state.zones.country[zone] == KENYA:
        weights = params.opposition.targets.kenya
    zones = state.zones
    if target == MISSION_BASE:
        return weights.mission_base * zones.stationed[zone, MISSION] / THOUSAND
    if target == HOST_BASE:
        return weights.host_base * zones.stationed[zone, HOST] / THOUSAND
    if target == BORDER_BASE:
        return weights.border_base * zones.stationed[zone, HOME] / THOUSAND
    if target == SECURITY:
        return weights.security
    return weights.civilians * math.exp(-params.evidence.civilians * change_in_troops(zones, zone))


@inlined
def choose_target(params, state, zone, u):
    """Choose the kind of target."""
    total = 0.0
    for target in range(MISSION_BASE, CIVILIANS + 1):
        total += target_weight(params, state, zone, target)
    left = u * total
    chosen = SECURITY
    for target in range(MISSION_BASE, CIVILIANS + 1):
        weight = target_weight(params, state, zone, target)
        if weight > 0.0:
            chosen = target
            left -= weight
            if left < 0.0:
                break
    return chosen


@inlined
def choose_base(state, zone, target, other_than, u):
    """Choose a base by the exposure of the bases; -1 when there is none."""
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


@inlined
def without_base(target, base):
    """Without a manned base of the kind, the attack hits security forces in the field."""
    return SECURITY if base < 0 and target < SECURITY else target


@inlined
def is_candidate(state, base, target):
    """Whether a base is manned and of the kind attacked."""
    if not stands(state.bases, base) or state.bases.garrison[base] <= 0.0:
        return False
    return side_of(state, state.bases.holder[base]) == target


@inlined
def choose_mode(params, target, u):
    """Choose clash, explosive device, raid or suicide attack, by the kind of target."""
    mix = params.opposition.mix.mission_base
    if target == HOST_BASE:
        mix = params.opposition.mix.host_base
    elif target == BORDER_BASE:
        mix = params.opposition.mix.border_base
    elif target == SECURITY:
        mix = params.opposition.mix.security
    elif target == CIVILIANS:
        mix = params.opposition.mix.civilians
    if u < mix.clash:
        return CLASH
    if u < mix.clash + mix.ied:
        return IED
    return RAID if u < mix.clash + mix.ied + mix.raid else SUICIDE


@inlined
def is_foiled(params, state, zone, u):
    """Whether tips from people under government control foil an attack; on the Kenyan side by Kenya's capability."""
    ability = state.run.capability if state.zones.country[zone] == KENYA else 1.0
    return u < params.society.control.tips * state.zones.control[zone] * ability


@inlined
def draw_base_exposures(params, state, stream):
    """Draw the exposure of each base, lognormal around 1: few bases take most attacks."""
    spread = params.opposition.attacks.base_spread
    for base in range(state.bases.size):
        u, v, _, _ = rng.at_tick(stream, rng.EXPOSURE, state.bases.key[base], 0)
        state.bases.exposure[base] = math.exp(spread * rng.normal(u, v))


@inlined
def count_attack(params, state, record, attack, day):
    """Count an attack by zone, target and mode."""
    month = params.calendar.month[day]
    counts = record.monthly[month, attack.zone]
    counts[recorder.ATTACKS] += 1.0
    counts[recorder.ATTACKS_MISSION_BASE + attack.target] += 1.0
    counts[recorder.CLASHES + attack.mode] += 1.0
    if state.zones.country[attack.origin] != state.zones.country[attack.zone]:
        counts[recorder.OVER_BORDER] += 1.0
    record.daily[recorder.DAILY_ATTACKS, day, attack.zone] += 1
    if attack.base >= 0:
        record.bases.attacks[attack.base] += 1
