"""ODD 7.8 Severity: most attacks kill nobody, some a few, very few many.

`draw_deaths` is for ordinary attacks; a massed assault kills a share of the garrison (see `schedule.massed_assault`).
"""

import math

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import inlined
from atmis.kernel.rules import attacks
from atmis.kernel.state import KENYA

ONE_HALF = 1.0 / 2.0  # to round to the nearest whole number


@inlined
def lethality(params, state, zone, target):
    """Chance to kill and median deaths, by whom the attack hits and in which country."""
    severity, home = params.opposition.severity, state.zones.country[zone] == KENYA
    if target == attacks.MISSION_BASE:
        return severity.mission_base
    if target == attacks.HOST_BASE:
        return severity.host_base
    if target == attacks.BORDER_BASE:
        return severity.border_base
    if target == attacks.SECURITY:
        return severity.security_kenya if home else severity.security_somalia
    return severity.civilians_kenya if home else severity.civilians_somalia


@inlined
def draw_deaths(params, state, stream, attack, day):
    """Draw the deaths on the side attacked: none, lognormal, or from a heavy tail (Pareto)."""
    severity = params.opposition.severity
    deadly = lethality(params, state, attack.zone, attack.target)
    purpose = rng.SECOND_DEATHS if attack.second > 0 else rng.DEATHS
    u, v, w, x = rng.uniforms(stream, purpose, state.cells.key[attack.cell], day)
    if u >= deadly.lethal:
        return 0.0
    if v < severity.tail:
        deaths = severity.tail_start * math.pow(1.0 - w, -1.0 / (severity.tail_exponent - 1.0))
    else:
        deaths = deadly.median * math.exp(severity.spread * rng.normal(w, x))
    return min(max(math.floor(deaths + ONE_HALF), 1.0), severity.highest)


@inlined
def deaths_indicator(state, attack):
    """Index of the indicator that counts the dead of the side attacked."""
    if attack.target == attacks.MISSION_BASE:
        return recorder.DEATHS_MISSION
    if attack.target == attacks.CIVILIANS:
        return recorder.DEATHS_CIVILIANS
    return recorder.DEATHS_KENYA if state.zones.country[attack.zone] == KENYA else recorder.DEATHS_HOST


@inlined
def apply_deaths(params, state, record, attack, deaths, day):
    """Subtract deaths from their side, never more than there are people; returns the number of dead."""
    bases, troops = state.bases, state.contingents
    if attack.base >= 0:
        deaths = min(deaths, math.floor(bases.garrison[attack.base]))
    if attack.target == attacks.MISSION_BASE:
        holder = bases.holder[attack.base]
        deaths = min(deaths, float(troops.deployed[holder]))
        troops.deployed[holder] -= int(deaths)
        troops.killed[holder] += int(deaths)
    elif attack.target == attacks.CIVILIANS:
        deaths = min(deaths, math.floor(state.zones.home[attack.zone]))
        state.zones.home[attack.zone] -= deaths
        state.zones.dead[attack.zone] += deaths
    if attack.base >= 0:
        bases.garrison[attack.base] -= deaths
        record.bases.deaths[attack.base] += int(deaths)
        record.bases.attacks_since[attack.base] += 1 if bases.handed[attack.base] >= 0 else 0
    record.monthly[params.calendar.month[day], attack.zone, deaths_indicator(state, attack)] += deaths
    record.daily[recorder.DAILY_DEATHS, day, attack.zone] += int(deaths)
    return deaths
