"""What is kept of a run: indicators by month and zone, troops by day, the fate of each base, and an event log.

Rules write here and never read, but for the daily counts, which conditions over moving windows look back on.
"""

from typing import Any, NamedTuple

import numpy as np

from atmis.kernel.compiled import entry_point, fill
from atmis.kernel.parameters import Parameters
from atmis.kernel.state import Real, State, Whole, rows, table

# Indicators by month and zone. The order is that of INDICATORS.
ATTACKS, ATTACKS_MISSION_BASE, ATTACKS_HOST_BASE, ATTACKS_BORDER_BASE, ATTACKS_SECURITY, ATTACKS_CIVILIANS = range(6)
CLASHES, IEDS, RAIDS, SUICIDES, OVER_BORDER, FOILED, ASSAULTS, OVERRUNS = range(6, 14)
DEATHS_MISSION, DEATHS_HOST, DEATHS_KENYA, DEATHS_CIVILIANS, DEATHS_GROUP = range(14, 19)
RECORDED_ATTACKS, RECORDED_LETHAL, RECORDED_DEATHS, CLAIMED_DEATHS = range(19, 23)
RECRUITED, LEFT, KILLED_BY_OFFENSIVE, MOVES_IN = range(23, 27)
DISPLACED_ATTACKS, DISPLACED_OVERRUNS, DISPLACED_OFFENSIVE, RETURNED, CROSSED = range(27, 32)
FIGHTERS, CONTROL, TROOPS_MISSION, TROOPS_HOST, TROOPS_HOME, DISPLACED, ABROAD = range(32, 39)

INDICATORS: tuple[tuple[str, str, str], ...] = (
    ("attacks", "attacks", "attacks that took place"),
    ("attacks_mission_base", "attacks", "of these on bases of the mission"),
    ("attacks_host_base", "attacks", "of these on bases of host forces"),
    ("attacks_border_base", "attacks", "of these on Kenya's border bases"),
    ("attacks_security", "attacks", "of these on other security forces"),
    ("attacks_civilians", "attacks", "of these on civilians"),
    ("clashes", "attacks", "armed clashes"),
    ("ieds", "attacks", "improvised explosive devices"),
    ("raids", "attacks", "raids"),
    ("suicides", "attacks", "suicide attacks"),
    ("attacks_over_border", "attacks", "attacks by cells based on the other side of the border"),
    ("foiled", "attacks", "attacks that were foiled"),
    ("assaults", "assaults", "massed assaults on bases"),
    ("overruns", "bases", "bases that fell"),
    ("deaths_mission", "people", "troops of the mission killed"),
    ("deaths_host", "people", "Somali security forces killed"),
    ("deaths_kenya", "people", "Kenyan security forces at home killed"),
    ("deaths_civilians", "people", "civilians killed"),
    ("deaths_group", "people", "fighters killed in attacks"),
    ("recorded_attacks", "attacks", "attacks that an event data set would hold"),
    ("recorded_lethal", "attacks", "of these with deaths on any side"),
    ("recorded_deaths", "people", "deaths in the recorded attacks, all sides"),
    ("claimed_deaths", "people", "deaths of security forces that the group would claim"),
    ("recruited", "people", "fighters who joined"),
    ("left", "people", "fighters who left"),
    ("fighters_lost_offensive", "people", "fighters killed or captured by offensives"),
    ("cells_arrived", "cells", "cells that moved in"),
    ("displaced_attacks", "people", "people newly displaced by attacks"),
    ("displaced_overruns", "people", "people newly displaced by bases that fell"),
    ("displaced_offensive", "people", "people newly displaced by offensives"),
    ("returned", "people", "displaced people who returned"),
    ("crossed", "people", "displaced people who crossed the border from here"),
    ("fighters", "people", "fighters at the end of the month"),
    ("control", "share", "government control at the end of the month"),
    ("troops_mission", "effective troops", "effective troops of the mission at the end of the month"),
    ("troops_host", "effective troops", "effective host troops at the end of the month"),
    ("troops_home", "effective troops", "effective Kenyan troops at home at the end of the month"),
    ("displaced", "people", "people displaced at the end of the month"),
    ("abroad", "people", "people from here across the border at the end of the month"),
)
NAMES = tuple(name for name, _, _ in INDICATORS)
STOCKS = ("fighters", "control", "troops_mission", "troops_host", "troops_home", "displaced", "abroad")

# Counts by day that conditions look back on.
DAILY_ATTACKS, DAILY_DEATHS, DAILY_OVERRUNS = 0, 1, 2

EVENT_DAY, EVENT_ZONE, EVENT_ORIGIN, EVENT_CELL, EVENT_TARGET, EVENT_MODE, EVENT_BASE = range(7)
EVENT_ASSAULT, EVENT_OVERRUN, EVENT_RECORDED, EVENT_DEATHS = range(7, 11)
EVENT_FIELDS = (
    "day", "zone", "origin", "cell", "target", "mode", "base", "assault", "overrun", "recorded",
    "deaths_mission", "deaths_host", "deaths_kenya", "deaths_civilians", "deaths_group",
)  # fmt: skip


DAY = table(
    ceiling=Whole,  # uniformed personnel authorised
    border_troops=Real,  # troops at the border bases
    host_shortfall=Real,  # troops that host bases lack
    open_segments=Whole,
    could_open=Whole,  # 1: few enough attacks on the Kenyan side for the border policy; -1: too early to say
)
BASE_HISTORY = table(
    attacks=Whole,
    assaults=Whole,
    overruns=Whole,
    attacks_since=Whole,  # attacks since its handover
    deaths=Whole,  # of its holder
    closed=Whole,  # day, -1: never
    fell=Whole,  # day on which it first fell
    fell_after=Whole,  # day on which it first fell after its handover
    retaken=Whole,  # day on which it was last retaken
)


class Record(NamedTuple):
    """What is kept of a run."""

    monthly: Any  # [months, Z, indicators]
    deployed: Any  # [days, C] troops
    days: Any  # [days] rows of DAY
    bases: Any  # [B] rows of BASE_HISTORY
    events: Any  # [capacity, fields]
    event_count: Any  # [1] events that happened, also beyond the capacity
    daily: Any  # [3, days, Z] attacks, deaths, overruns


def allocate(params: Parameters, state: State, event_capacity: int = 0) -> Record:
    """An empty record of a run. `event_capacity`: events kept one by one (0: none)."""
    days, n_zones = int(params.dates.days), len(state.zones)
    months = int(params.calendar.month[-1]) + 1
    events, event_count = blank_events(event_capacity)
    record = Record(
        monthly=np.zeros((months, n_zones, len(INDICATORS))),
        deployed=np.zeros((days, len(state.contingents)), dtype=np.int64),
        days=rows(DAY, days),
        bases=rows(BASE_HISTORY, len(state.bases)),
        events=events,
        event_count=event_count,
        daily=blank_daily(params, state),
    )
    clear(record)
    return record


def blank_events(capacity: int) -> tuple[Any, Any]:
    """Room for some events kept one by one, and their count."""
    return np.zeros((capacity, len(EVENT_FIELDS)), dtype=np.int64), np.zeros(1, dtype=np.int64)


def blank_daily(params: Parameters, state: State) -> Any:
    """Room for the counts by day."""
    return np.zeros((3, int(params.dates.days), len(state.zones)), dtype=np.int32)


@entry_point
def add_zones(monthly, group, sums):
    """Add the zones of monthly [runs, months, Z, indicators] up to sums [runs, months, groups, indicators].

    Zone after zone: NumPy's own sums round in an order that changes with the number of runs.
    """
    for run in range(monthly.shape[0]):
        for month in range(monthly.shape[1]):
            for zone in range(monthly.shape[2]):
                one, total = monthly[run, month, zone], sums[run, month, group[zone]]
                for k in range(one.size):
                    total[k] += one[k]


@entry_point
def pick(monthly, runs, indicators, columns):
    """Copy some indicators of some runs into columns [indicators, runs, months, Z], as numbers of their kind.

    `monthly` is [all runs, months, Z, all indicators]; it is gone through once.
    """
    for row in range(runs.size):
        for month in range(monthly.shape[1]):
            for k in range(indicators.size):
                for zone in range(monthly.shape[2]):
                    columns[k, row, month, zone] = monthly[runs[row], month, zone, indicators[k]]


@entry_point
def clear(record):
    """Make a record empty, for the next run to use its memory; troops by contingent are written anew each day."""
    for month in range(record.monthly.shape[0]):
        for zone in range(record.monthly.shape[1]):
            fill(record.monthly[month, zone], 0.0)
    for kind in range(record.daily.shape[0]):
        for day in range(record.daily.shape[1]):
            fill(record.daily[kind, day], 0)
    days, bases = record.days, record.bases
    for added in (days.ceiling, days.open_segments):
        fill(added, 0)
    fill(days.host_shortfall, 0.0)
    for count in (bases.attacks, bases.assaults, bases.overruns, bases.attacks_since, bases.deaths):
        fill(count, 0)
    for never in (bases.closed, bases.fell, bases.fell_after, bases.retaken):
        fill(never, -1)
    record.event_count[0] = 0
