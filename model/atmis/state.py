"""What changes during a run: one record of arrays, grouped by what they belong to.

Mesa's agents are views on rows of these arrays. Counts of people are whole numbers, kept as float64 where they enter
products. Day -1 stands for "not yet".
"""

from typing import NamedTuple

import numpy as np

from atmis.theatre import Floats, Ints
from atmis.world import World

# What has become of a base.
OPEN, HANDED_OVER, CLOSED, OVERRUN, RETAKEN = 0, 1, 2, 3, 4
STANDINGS = ("open", "handed_over", "closed", "overrun", "retaken")
# Where a cell stands toward its home.
RESIDENT, DISPLACED, RECALLED = 0, 1, 2
POSTURES = ("resident", "displaced", "recalled")
# Why people were displaced.
BY_ATTACKS, BY_OVERRUNS, BY_OFFENSIVE = 0, 1, 2
CAUSES = ("attacks", "overruns", "offensive")
# Whose troops.
MISSION, HOST, HOME = 0, 1, 2

_LUCK_DAYS = 4  # a Philox block holds the daily draws of a cell for four days


class Contingents(NamedTuple):
    """Troops by contingent. deployed + withdrawn + killed = sent, on every day."""

    authorised: Ints  # [C] ceiling
    deployed: Ints  # [C]
    sent: Ints  # [C] all who ever came
    withdrawn: Ints  # [C]
    killed: Ints  # [C]


class Bases(NamedTuple):
    """Bases of all kinds."""

    holder: Ints  # [B] index of the holder
    standing: Ints  # [B]
    garrison: Floats  # [B] troops
    readiness: Floats  # [B] share
    exposure: Floats  # [B] relative chance to be the base that is hit
    handed: Ints  # [B] day of its handover or -1
    back: Ints  # [B] day on which it is retaken, or -1


class Cells(NamedTuple):
    """Cells of the armed group."""

    home: Ints  # [N] zone
    zone: Ints  # [N] zone
    fighters: Floats  # [N] people
    strength: Floats  # [N] (fighters / mean)^exponent
    posture: Ints  # [N]
    rests: Ints  # [N] first day on which it is active again
    strikes: Ints  # [N] 1 when it has decided to attack today
    luck: Floats  # [4, N] daily draws of four days


class Zones(NamedTuple):
    """Zones."""

    troops: Floats  # [3, Z] effective troops of mission, host forces and Kenya at home
    stationed: Floats  # [3, Z] garrisons in the zone, troops
    effective: Floats  # [Z] all effective troops
    reference: Floats  # [Z] effective troops on the first day
    cut: Floats  # [Z] fading memory of cuts, 1,000 effective troops
    fighters: Floats  # [Z] people
    fighters_reference: Floats  # [Z] people on the first day
    strength: Floats  # [Z] sum over active cells
    pressure: Floats  # [Z] of offensives
    held: Floats  # [Z] gain of offensives that government has made its own
    control: Floats  # [Z] share
    spoiling: Floats  # [Z] announced events near in time
    lure: Floats  # [Z] attacks that land here, per unit of strength, without excitation
    landing: Floats  # [Z] attacks expected to land here, without excitation, 1/day
    excited: Floats  # [Z] further attacks expected from excitation, 1/day
    hazard: Floats  # [Z] chance that a cell of mean strength based here attacks today
    leave_home: Floats  # [Z] chance that a cell at home here moves today
    leave_away: Floats  # [Z] chance that a cell away from home here moves today
    recall: Floats  # [Z] part of both that answers a recall
    home: Floats  # [Z] people at home
    displaced: Floats  # [3, Z] people displaced from here, by cause
    abroad: Floats  # [Z] people from here who crossed the border
    dead: Floats  # [Z] civilians from here killed


class Mission(NamedTuple):
    """The mission as a whole, and single numbers of the run, each an array of length 1 where not said otherwise."""

    staff: Ints  # [2] police, other uniformed personnel
    withdrawal_done: Ints  # [W] troops who have left
    move_done: Ints  # [M]
    police_done: Ints  # [P]
    delay: Ints  # [phases] days by which the clock of a phase is late
    rule_count: Ints  # [L] window sums
    rule_days: Ints  # [L] days in a row
    rule_spent: Ints  # [L] days
    pool: Floats  # [F] host troops not at a base
    tempo: Floats  # [R] log of the regional multiplier
    funds: Floats  # of the group, 1 on the first day
    loot: Floats
    capability: Floats  # of Kenya, 1 without agreement and Haiti
    segment_open: Ints  # [S]
    segment_try: Ints  # [S] day of the next try to open
    segment_troops: Floats  # [S] effective troops at the border bases
    segment_reference: Floats  # [S] the same on the first day
    border_attacks: Ints  # attacks in the Kenyan zones in the window of the border policy


class State(NamedTuple):
    """All that changes."""

    contingents: Contingents
    bases: Bases
    cells: Cells
    zones: Zones
    mission: Mission


def allocate(world: World) -> State:
    """Fresh arrays for a run: the first day's data, before any draw."""
    g, c = world.ground, world.calendar
    n_zones, n_cells = g.country.size, g.cell_zone.size
    host = g.base_kind == 1

    def zeros(*shape: int) -> Floats:
        return np.zeros(shape)

    def whole(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    readiness = np.where(host, world.host.readiness.start, np.where(g.base_kind == 0, 1.0, world.kenya.home.readiness))
    return State(
        Contingents(g.troops.copy(), g.troops.copy(), g.troops.copy(), whole(g.troops.size), whole(g.troops.size)),
        Bases(
            holder=g.base_holder.copy(),
            standing=whole(g.base_zone.size),
            garrison=np.where(g.base_kind == 0, 0.0, g.base_need),
            readiness=readiness,
            exposure=np.ones(g.base_zone.size),
            handed=np.full(g.base_zone.size, -1),
            back=np.full(g.base_zone.size, -1),
        ),
        Cells(
            home=g.cell_zone.copy(),
            zone=g.cell_zone.copy(),
            fighters=zeros(n_cells),
            strength=zeros(n_cells),
            posture=whole(n_cells),
            rests=whole(n_cells),
            strikes=whole(n_cells),
            luck=zeros(_LUCK_DAYS, n_cells),
        ),
        Zones(
            **{
                name: zeros(3, n_zones) if name in ("troops", "stationed", "displaced") else zeros(n_zones)
                for name in Zones._fields
                if name not in ("control", "home")
            },
            control=g.control.copy(),
            home=g.population.copy(),
        ),
        Mission(
            staff=g.staff.copy(),
            withdrawal_done=whole(c.withdrawal_troops.size),
            move_done=whole(c.move_day.size),
            police_done=whole(c.police_day.size),
            delay=whole(c.rule_phases.shape[1]),
            rule_count=whole(c.rule_window.size),
            rule_days=whole(c.rule_window.size),
            rule_spent=whole(c.rule_window.size),
            pool=g.force_pool.copy(),
            tempo=zeros(g.region_key.size),
            funds=np.ones(1),
            loot=zeros(1),
            capability=np.ones(1),
            segment_open=g.segment_open.copy(),
            segment_try=c.reopening_day.copy(),
            segment_troops=zeros(g.segment_open.size),
            segment_reference=zeros(g.segment_open.size),
            border_attacks=whole(1),
        ),
    )
