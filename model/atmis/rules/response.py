"""ODD 7.10 Response: an attack costs its cell fighters, and a cell that lost many lies low."""

from atmis import luck, recorder
from atmis.compiled import rule
from atmis.rules.presence import THOUSAND
from atmis.rules.recruitment import set_fighters
from atmis.state import KENYA


@rule
def set_capability(world, state, day):
    """Kenya's capability: 1, more with the agreement as it takes effect, less the share of officers in Haiti."""
    dates, agreement, haiti = world.dates, world.kenya.agreement, world.kenya.haiti
    capability = 1.0
    if dates.agreement_start <= day <= dates.agreement_end:
        capability += agreement.gain * min((day - dates.agreement_start) / agreement.ramp_days, 1.0)
    if dates.haiti_start <= day <= dates.haiti_end:
        capability -= min(haiti.officers / haiti.manpower, 1.0)
    state.run.capability = max(capability, 0.0)


@rule
def strike_back(world, state, record, chance, attack, day):
    """Losses of the cell that attacked, more with troops near; on the Kenyan side by Kenya's capability."""
    response, cells, cell = world.opposition.response, state.cells, attack.cell
    u, v, _, _ = luck.uniforms(chance, luck.LOSSES, state.cells.key[cell], day)
    force = 1.0 + response.per_troops * state.zones.effective[attack.zone] / THOUSAND
    if state.zones.country[attack.zone] == KENYA:
        force *= state.run.capability
    fighters = cells.fighters[cell]
    lost = min(luck.whole(2.0 * u * response.losses * force * fighters, v), fighters)
    if lost > 0.0:
        set_fighters(world, state, cell, fighters - lost)
        if lost >= response.rest_share * fighters:
            cells.rests[cell] = day + 1 + response.rest_days
    record.monthly[world.diary.month[day], attack.zone, recorder.DEATHS_GROUP] += lost
    return lost
