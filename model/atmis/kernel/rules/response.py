"""ODD 7.10 Response: an attack costs its cell fighters, and a cell that lost many rests."""

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import inlined
from atmis.kernel.rules.presence import THOUSAND
from atmis.kernel.rules.recruitment import set_fighters
from atmis.kernel.state import KENYA


@inlined
def set_capability(params, state, day):
    """Kenya's capability: 1, more with the agreement as it takes effect, less the share of officers in Haiti."""
    dates, agreement, haiti = params.dates, params.kenya.agreement, params.kenya.haiti
    capability = 1.0
    if dates.agreement_start <= day <= dates.agreement_end:
        capability += agreement.gain * min((day - dates.agreement_start) / agreement.ramp_days, 1.0)
    if dates.haiti_start <= day <= dates.haiti_end:
        capability -= min(haiti.officers / haiti.manpower, 1.0)
    state.run.capability = max(capability, 0.0)


@inlined
def draw_losses(params, state, record, stream, attack, day):
    """Draw the losses of an attacking cell: more with troops near, and on the Kenyan side by Kenya's capability."""
    response, cells, cell = params.opposition.response, state.cells, attack.cell
    u, v, _, _ = rng.uniforms(stream, rng.LOSSES, state.cells.key[cell], day)
    force = 1.0 + response.per_troops * state.zones.effective[attack.zone] / THOUSAND
    if state.zones.country[attack.zone] == KENYA:
        force *= state.run.capability
    fighters = cells.fighters[cell]
    lost = min(rng.whole(2.0 * u * response.losses * force * fighters, v), fighters)
    if lost > 0.0:
        set_fighters(params, state, cell, fighters - lost)
        if lost >= response.rest_share * fighters:
            cells.rests[cell] = day + 1 + response.rest_days
    record.monthly[params.calendar.month[day], attack.zone, recorder.DEATHS_GROUP] += lost
    return lost
