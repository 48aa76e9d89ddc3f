"""ODD 7.9 Assault: rarely, cells mass against one base, and it holds or falls."""

import math

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import inlined
from atmis.kernel.rules import attacks
from atmis.kernel.rules.drawdown import fall
from atmis.kernel.rules.recruitment import set_fighters

TINY = 1e-9  # keeps a division whole where nobody is ready


@inlined
def can_mass(params, state, attack, odds, u):
    """Whether an attack on a base becomes an assault: the fighters within reach must suffice."""
    if attack.base < 0 or attack.second > 0 or attack.target == attacks.BORDER_BASE:
        return False
    if u >= params.opposition.assault.massing:
        return False
    return 1.0 <= attackers(state, attack, odds) <= params.opposition.assault.commitment * within_reach(state, attack)


@inlined
def attackers(state, attack, odds):
    """Number of fighters who mass: a multiple of the garrison."""
    return math.floor(odds * state.bases.garrison[attack.base])


@inlined
def within_reach(state, attack):
    """Fighters in the zone of the base and in the zone from which the attack comes."""
    fighters = state.zones.fighters[attack.zone]
    return fighters if attack.origin == attack.zone else fighters + state.zones.fighters[attack.origin]


@inlined
def draw_odds(params, u):
    """Draw the ratio of attackers to garrison, uniform between its bounds."""
    assault = params.opposition.assault
    return assault.odds_low + u * (assault.odds_high - assault.odds_low)


@inlined
def falls(params, state, attack, odds, u, day):
    """A base falls with a chance logistic in the log of attackers over ready defenders; newly held ones more easily."""
    assault, bases = params.opposition.assault, state.bases
    ready = max(bases.readiness[attack.base], TINY)
    log_odds = assault.steepness * (math.log(odds / ready) - math.log(assault.even_odds))
    if bases.handed[attack.base] >= 0:
        log_odds += assault.newly_held * math.exp((bases.handed[attack.base] - day) / assault.newly_held_days)
    return u < 1.0 / (1.0 + math.exp(-log_odds))


@inlined
def draw_share_killed(mean, u):
    """Draw the share killed, uniform between none and twice the mean (at most all)."""
    return min(2.0 * mean * u, 1.0)


@inlined
def overrun(params, state, record, stream, attack, day):
    """Let a base fall: loot, the day on which it is retaken, and a shock to its holder's other bases in the zone."""
    assault, bases, base = params.opposition.assault, state.bases, attack.base
    u, _, _, _ = rng.uniforms(stream, rng.RETAKING, state.bases.key[base], day)
    mean = assault.retaken_mission_days if attack.target == attacks.MISSION_BASE else assault.retaken_host_days
    if attack.target == attacks.HOST_BASE:  # survivors of the mission man its other bases: see drawdown.share_out
        state.forces.pool[bases.holder[base] - state.contingents.size] += bases.garrison[base]
    fall(state, base, day + 1 + math.floor(-mean * math.log(1.0 - u)))
    bases.garrison[base] = 0.0
    state.run.loot += assault.loot
    for other in range(bases.size):
        if bases.holder[other] == bases.holder[base] and state.bases.zone[other] == attack.zone:
            bases.readiness[other] *= 1.0 - assault.shock
    record.bases.overruns[base] += 1
    if record.bases.fell[base] < 0:
        record.bases.fell[base] = day
    if bases.handed[base] >= 0 and record.bases.fell_after[base] < 0:
        record.bases.fell_after[base] = day
    record.monthly[params.calendar.month[day], attack.zone, recorder.OVERRUNS] += 1.0
    record.daily[recorder.DAILY_OVERRUNS, day, attack.zone] += 1


@inlined
def apply_losses(params, state, attack, lost):
    """Spread the losses over the cells of the zone of origin, by size; returns the number of fighters killed."""
    cells, before = state.cells, state.zones.fighters[attack.origin]
    share = lost / before if before > 0.0 else 0.0  # above 1: all
    due, killed = 0.0, 0.0
    for cell in range(cells.size):
        if cells.zone[cell] == attack.origin:
            due += share * cells.fighters[cell]
            dead = min(math.floor(due - killed), cells.fighters[cell])
            set_fighters(params, state, cell, cells.fighters[cell] - dead)
            killed += dead
    return killed
