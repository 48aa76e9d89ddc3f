"""ODD 7.11b Border: segments stay closed until attacks on the Kenyan side stay below a threshold."""

from atmis.kernel.compiled import inlined
from atmis.kernel.recorder import DAILY_ATTACKS
from atmis.kernel.rules.presence import THOUSAND
from atmis.kernel.state import KENYA


@inlined
def friction(params, state, pair):
    """What hinders a cell between two zones: nothing within a country, else a closed border and the troops along it."""
    segment = state.pairs.border[pair]
    if segment < 0:
        return 0.0
    p = params.opposition.attacks
    closed = 0.0 if state.segments.open[segment] > 0 else p.closed_border
    more = (state.segments.troops[segment] - state.segments.reference[segment]) / THOUSAND
    return closed + p.border_troops * more


@inlined
def review(params, state, record, day):
    """Open a segment on its date if the Kenyan side was quiet enough; if not, try again later."""
    policy = params.kenya.reopening
    for zone in range(state.zones.size):
        if state.zones.country[zone] == KENYA:
            state.run.border_attacks += record.daily[DAILY_ATTACKS, day, zone]
            if day >= policy.window_days:
                state.run.border_attacks -= record.daily[DAILY_ATTACKS, day - policy.window_days, zone]
    judged = day + 1 >= policy.window_days
    quiet = judged and state.run.border_attacks < policy.threshold
    record.days.could_open[day] = int(quiet) if judged else -1
    for segment in range(state.segments.size):
        if state.segments.open[segment] == 0 and day >= state.segments.next_try[segment]:
            if quiet or policy.unconditional:
                state.segments.open[segment] = 1
            else:
                state.segments.next_try[segment] = day + policy.postponed_days
        record.days.open_segments[day] += state.segments.open[segment]
