"""ODD 7.11b Border: segments stay closed until attacks on the Kenyan side stay below a threshold."""

from atmis.compiled import rule
from atmis.recorder import DAILY_ATTACKS
from atmis.rules.presence import THOUSAND
from atmis.theatre import KENYA


@rule
def friction(world, state, pair):
    """What hinders a cell between two zones: nothing inside a country; a closed border and the troops along it else."""
    segment = world.ground.pair_border[pair]
    if segment < 0:
        return 0.0
    parameters, mission = world.opposition.attacks, state.mission
    closed = 0.0 if mission.segment_open[segment] > 0 else parameters.closed_border
    more = (mission.segment_troops[segment] - mission.segment_reference[segment]) / THOUSAND
    return closed + parameters.border_troops * more


@rule
def review(world, state, record, day):
    """On its date a segment opens if the Kenyan side was quiet enough; if not, it is tried again later."""
    mission, policy = state.mission, world.kenya.reopening
    for zone in range(world.ground.country.size):
        if world.ground.country[zone] == KENYA:
            mission.border_attacks[0] += record.daily[DAILY_ATTACKS, day, zone]
            if day >= policy.window_days:
                mission.border_attacks[0] -= record.daily[DAILY_ATTACKS, day - policy.window_days, zone]
    quiet = mission.border_attacks[0] < policy.threshold
    record.could_open[day] = 1 if quiet and day + 1 >= policy.window_days else 0
    for segment in range(mission.segment_open.size):
        if mission.segment_open[segment] == 0 and day >= mission.segment_try[segment]:
            if quiet or policy.unconditional:
                mission.segment_open[segment] = 1
            else:
                mission.segment_try[segment] = day + policy.postponed_days
        record.open_segments[day] += mission.segment_open[segment]
