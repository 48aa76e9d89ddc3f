"""ODD 7.12 Reporting: what an event data set would see of an attack, and what the group would claim."""

from typing import NamedTuple

from atmis.kernel import recorder, rng
from atmis.kernel.compiled import inlined
from atmis.kernel.rules import attacks
from atmis.kernel.rules.severity import deaths_indicator
from atmis.kernel.state import BY_ATTACKS, BY_OFFENSIVE, BY_OVERRUNS, HOME, HOST, KENYA, MISSION


class Outcome(NamedTuple):
    """What came of an attack."""

    assault: int  # 1: massed
    overrun: int  # 1: the base fell
    deaths: float  # on the side attacked
    deaths_group: float
    recorded: int  # 1: an event data set would hold it


@inlined
def observe(params, state, record, stream, attack, deaths, deaths_group, day):
    """Record an attack or not, with a probability by country and by whether it killed; returns 1 when recorded."""
    counts = record.monthly[params.calendar.month[day], attack.zone]
    if attack.target != attacks.CIVILIANS:
        counts[recorder.CLAIMED_DEATHS] += params.reporting.inflation * deaths
    detection = params.reporting.kenya if state.zones.country[attack.zone] == KENYA else params.reporting.somalia
    seen = detection.lethal if deaths + deaths_group > 0.0 else detection.harmless
    purpose = rng.SECOND_DETECTION if attack.second > 0 else rng.DETECTION
    u, _, _, _ = rng.uniforms(stream, purpose, state.cells.key[attack.cell], day)
    if u >= seen:
        return 0
    counts[recorder.RECORDED_ATTACKS] += 1.0
    if deaths + deaths_group > 0.0:
        counts[recorder.RECORDED_LETHAL] += 1.0
    counts[recorder.RECORDED_DEATHS] += deaths + deaths_group
    return 1


@inlined
def log_event(state, record, attack, outcome, day):
    """Log the event while there is room."""
    slot = record.event_count[0]
    record.event_count[0] += 1
    if slot < record.events.shape[0]:
        row = record.events[slot]
        row[recorder.EVENT_DAY] = day
        row[recorder.EVENT_ZONE] = attack.zone
        row[recorder.EVENT_ORIGIN] = attack.origin
        row[recorder.EVENT_CELL] = attack.cell
        row[recorder.EVENT_TARGET] = attack.target
        row[recorder.EVENT_MODE] = attack.mode
        row[recorder.EVENT_BASE] = attack.base
        row[recorder.EVENT_ASSAULT] = outcome.assault
        row[recorder.EVENT_OVERRUN] = outcome.overrun
        row[recorder.EVENT_RECORDED] = outcome.recorded
        row[recorder.EVENT_DEATHS + deaths_indicator(state, attack) - recorder.DEATHS_MISSION] = int(outcome.deaths)
        row[recorder.EVENT_DEATHS + recorder.DEATHS_GROUP - recorder.DEATHS_MISSION] = int(outcome.deaths_group)


@inlined
def close_month(params, state, record, day):
    """Record the stocks of each zone on the last day of a month and of the run."""
    if day + 1 < params.dates.days and params.calendar.month[day + 1] == params.calendar.month[day]:
        return
    record_stocks(params, state, record, day)


@inlined
def record_stocks(params, state, record, day):
    """Record the stocks of each zone in the month of a day."""
    zones = state.zones
    for zone in range(zones.size):
        stocks = record.monthly[params.calendar.month[day], zone]
        stocks[recorder.FIGHTERS] = 0.0
        stocks[recorder.CONTROL] = zones.control[zone]
        stocks[recorder.TROOPS_MISSION] = state.troops[MISSION, zone]
        stocks[recorder.TROOPS_HOST] = state.troops[HOST, zone]
        stocks[recorder.TROOPS_HOME] = state.troops[HOME, zone]
        stocks[recorder.DISPLACED] = (
            zones.displaced[zone, BY_ATTACKS] + zones.displaced[zone, BY_OVERRUNS] + zones.displaced[zone, BY_OFFENSIVE]
        )
        stocks[recorder.ABROAD] = zones.abroad[zone]
    for cell in range(state.cells.size):
        record.monthly[params.calendar.month[day], state.cells.zone[cell], recorder.FIGHTERS] += state.cells.fighters[
            cell
        ]
