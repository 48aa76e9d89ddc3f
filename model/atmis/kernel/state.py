"""The state of a run: one table for each kind of entity, one row for each entity.

A table is a NumPy record array, so that a rule writes `state.zones.control[zone]` and a Mesa agent is a view on a row.
Compiled functions take the tables by reference. Counts of people are whole numbers, kept as float64 where they enter
products. Day -1 stands for "not yet".
"""

from typing import Any, NamedTuple

import numpy as np

# What has become of a base.
OPEN, HANDED_OVER, CLOSED, OVERRUN, RETAKEN = 0, 1, 2, 3, 4
STANDINGS = ("open", "handed_over", "closed", "overrun", "retaken")
# Where a cell stands toward its home.
RESIDENT, DISPLACED, RECALLED = 0, 1, 2
POSTURES = ("resident", "displaced", "recalled")
# Why people were displaced.
BY_ATTACKS, BY_OVERRUNS, BY_OFFENSIVE = 0, 1, 2
# Whose troops.
MISSION, HOST, HOME = 0, 1, 2
SIDES = ("mission", "host", "home")
# Countries.
SOMALIA, KENYA = 0, 1
# What a plan does to a base.
HANDOVER, CLOSURE, TRANSFER, INCIDENT = 0, 1, 2, 3
# Days for which a cell's daily draws are looked up at once: a Philox block holds eight of 32 bits.
DRAW_DAYS = 8

Whole, Short, Real, Word = "i8", "i4", "f8", "u8"
Index, Small = "u4", "u2"  # without a sign: an index that could be negative costs more


def table(**fields: Any) -> np.dtype:
    """The row of a table: fields by name, each a number or a short array (kind, length)."""
    return np.dtype(
        (np.record, [(name, *kind) if isinstance(kind, tuple) else (name, kind) for name, kind in fields.items()])
    )


ZONE = table(
    country=Whole,
    region=Whole,
    population=Real,  # people on the first day
    control_first=Real,  # share, on the first day
    odds_first=Real,  # the same as log odds
    exposure=Real,  # relative attacks
    pair_first=Whole,  # rows of `pairs` of this zone: pair_first .. pair_end - 1
    pair_end=Whole,
    stationed=(Real, 3),  # garrisons in the zone, troops
    effective=Real,  # all effective troops
    reference=Real,  # effective troops on the first day
    cut=Real,  # fading memory of cuts, 1,000 effective troops
    fighters=Real,  # people, at the start of the day
    fighters_reference=Real,  # people on the first day
    capacity=Real,  # fighters that it can feed today
    site_first=Whole,  # rows of `sites` of this zone: site_first .. site_end - 1
    site_end=Whole,
    strength=Real,  # sum over active cells
    pressure=Real,  # of offensives
    held=Real,  # gain of offensives that government has made its own
    control=Real,  # share
    spoiling=Real,  # 1 while an announced event is near in time
    attractiveness=Real,  # attacks that land here, per unit of strength, without excitation
    background_rate=Real,  # attacks expected to land here, without excitation, 1/day
    excited=Real,  # further attacks expected from excitation, 1/day
    new_excitation=Real,  # what the attacks of today add to it at the end of the day
    excited_attractiveness=Real,  # attractiveness with excitation
    hazard=Real,  # chance that a cell of mean strength based here attacks today
    leave_home=Real,  # chance that a cell at home here moves today
    leave_away=Real,  # chance that a cell away from home here moves today
    recall=Real,  # part of both that answers a recall
    home=Real,  # people at home
    displaced=(Real, 3),  # people displaced from here, by cause
    abroad=Real,  # people from here who crossed the border
    dead=Real,  # civilians from here killed
)
PAIR = table(  # an ordered pair of neighbours
    to=Index,
    border=Whole,  # segment between them, or -1
    km=Real,  # between centroids
    raid=Real,  # weight of a raid against an attack in the own zone
)
SEGMENT = table(somalia=Whole, kenya=Whole, open=Whole, next_try=Whole, troops=Real, reference=Real)
REGION = table(key=Word, tempo=Real)  # tempo: log of the regional multiplier
CONTINGENT = table(
    authorised=Whole,
    deployed=Whole,
    sent=Whole,  # all who ever came: deployed + withdrawn + killed, on every day
    withdrawn=Whole,
    killed=Whole,
    successor=Whole,  # strength in the mission that follows
    share=Real,  # troops for each unit of weight of its manned bases
)
FORCE = table(
    pool=Real,  # host troops not at a base
    rate=Real,  # new troops a day
    lacking=Real,  # troops that its bases lack
    share=Real,  # part of it that is sent today
)
BASE = table(
    key=Word,
    zone=Index,
    segment=Short,  # border segment watched, or -1
    weight=Real,
    need=Real,  # garrison that it asks of a host force, or own troops of a border base
    holder=Short,  # contingents first, then host forces, then Kenya at home
    standing=Short,
    garrison=Real,  # troops
    readiness=Real,  # share
    exposure=Real,  # relative chance to be the base that is hit
    handed=Whole,  # day of its handover or -1
    back=Whole,  # day on which it is retaken, or -1
)
CELL = table(  # short fields, so that the cells of a run fit into the nearest memory
    key=Word,
    fighters=Real,  # people
    strength=Real,  # (fighters / mean)^exponent
    review_day=Short,  # day of its next review
    rests=Short,  # first day on which it is active again
    home=Small,
    zone=Small,
    posture=Short,
)
PHASE = table(delay=Whole)  # days by which its clock is late
WITHDRAWAL = table(phase=Whole, contingent=Whole, troops=Whole, start=Whole, length=Whole, done=Whole)
MOVE = table(day=Whole, phase=Whole, kind=Whole, site=Whole, to=Whole, killed=Whole, abandoned=Whole, done=Whole)
POLICE = table(phase=Whole, day=Whole, leaving=Whole, done=Whole)
PAUSE = table(phase=Whole, start=Whole, end=Whole)  # a row for each phase held; end: first day after
SLIP = table(key=Word, phase=Whole, low=Whole, high=Whole)
TRIGGER = table(
    indicator=Whole, window=Whole, above=Real, lasting=Whole, step=Whole, most=Whole,
    count=Whole, days=Whole, spent=Whole,
)  # fmt: skip
WATCH = table(trigger=Whole, zone=Whole)  # a row for each zone that a trigger watches
REACTION = table(trigger=Whole, phase=Whole)  # a row for each phase that a trigger holds or hastens
FRONT = table(zone=Whole, start=Whole, end=Whole, intensity=Real)  # a row for each zone of an offensive
COMMITMENT = table(force=Whole, start=Whole, end=Whole, troops=Real)  # a row for each force in an offensive
SHOCK = table(day=Whole, force=Whole, troops=Real, readiness=Real)
RUN = table(
    police=Whole,
    unassigned=Whole,
    succeeded=Whole,  # 1 once the successor mission has begun
    funds=Real,  # of the group, 1 on the first day
    means=Real,  # of the group to feed fighters, 1 on the first day
    loot=Real,
    next_back=Whole,  # no base is retaken before this day
    border_troops=Real,  # at the border bases
    capability=Real,  # of Kenya, 1 without agreement and Haiti
    leaving=Real,  # highest chance of any cell to move today
    queued=Whole,  # cells that attack today
    border_attacks=Whole,  # in the Kenyan zones, in the window of the border policy
)


class State(NamedTuple):
    """All tables of a run."""

    zones: Any
    troops: Any  # a matrix [3, Z]: effective troops of mission, host forces and Kenya at home
    pairs: Any
    segments: Any
    regions: Any
    contingents: Any
    forces: Any
    bases: Any
    sites: Any  # [B] bases by zone, and in each zone in their order
    cells: Any
    uniforms: Any  # a matrix [8, N]: daily draws of the cells for eight days
    active: Any  # [N] a list of the cells that may do something today
    queue: Any  # [N] a list of the cells that attack today, `run.queued` of them
    phases: Any
    withdrawals: Any
    moves: Any
    police: Any
    pauses: Any
    slips: Any
    triggers: Any
    watches: Any
    reactions: Any
    fronts: Any
    commitments: Any
    shocks: Any
    run: Any  # a single row


_LINE = 64  # bytes: each table starts where a line of the processor's memory does
LISTS = ("active", "queue")  # of a day: what they hold means nothing on the next


def rows(row: np.dtype, count: int | tuple[int, ...], **columns: Any) -> Any:
    """A table of `count` rows (or of a shape), zero but for the columns given."""
    made = np.zeros(count, dtype=row).view(np.recarray)
    for name, values in columns.items():
        made[name] = values
    return made


def memory(table: Any) -> Any:
    """The bytes of a table, those of its last axis side by side: NumPy itself copies field by field, much slower."""
    return table.view(np.ndarray).view(np.uint8)


def copy(state: State) -> State:
    """A copy that shares nothing."""
    return in_one_block(state)[0]


def in_one_block(state: State) -> tuple[State, Any]:
    """The same tables side by side in one block of memory [bytes]: whoever copies the block copies them all."""
    sizes = [-(-table.nbytes // _LINE) * _LINE for table in state]
    block = np.frombuffer(bytearray().join(t.tobytes().ljust(n, b"\0") for t, n in zip(state, sizes)), dtype=np.uint8)
    starts = np.cumsum([0, *sizes])[:-1].tolist()
    return State(*(_view(block[first : first + t.nbytes], t) for first, t in zip(starts, state))), block


def _view(memory: Any, table: Any) -> Any:
    """A stretch of memory as a table of the same shape and kind as another; a single row stays one."""
    made = memory.view(table.dtype).reshape(table.shape)
    return made.view(np.recarray)[()] if isinstance(table, np.record) else made.view(type(table))
