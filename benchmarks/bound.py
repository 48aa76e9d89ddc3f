"""What the compiled rules could gain at most: the same days in C, from the same numbers, to the same results.

`bound.c` holds what a day costs when no cell attacks, moves or changes. It is built twice, scalar and vectorised, and
timed against the same parts of the rules in rounds that alternate in one process.
"""

import ctypes
import gc
import math
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numba
import numpy as np

import atmis
from atmis import day as days
from atmis import recorder, world
from atmis.draws import Chance
from atmis.rules import attacks, control, drawdown, host_force, presence, recruitment
from atmis.state import State, copy

SOURCE = Path(__file__).with_suffix(".c")
SAME_NUMBERS = ("-std=gnu11", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fPIC", "-shared")
BUILDS = {
    "scalar C": (("-fno-tree-vectorize",),),
    "vectorised C": (  # with the vector functions of the C library, or without where there are none
        ("-DVECTORISED", "-fopenmp-simd", "-mprefer-vector-width=512", "-DVECTOR_MATH", "-lmvec"),
        ("-DVECTORISED", "-fopenmp-simd"),
    ),
}
PARTS = (
    "drawdown.share_out",
    "host_force.build",
    "presence.weigh",
    "recruitment.count",
    "attacks.weigh",
    "draw_luck",
    "wake",
    "control.relax",
)
ALL, SHARE_OUT, BUILD, PRESENCE, COUNT, WEIGH, LUCK, WAKE, RELAX = range(len(PARTS) + 1)
WIDTH = 16  # zones that bound.c takes together
TOLERANCE = 1e-9

# The fields of Model in bound.c, in order: whole numbers, real numbers, pointers by the kind of number they point to.
SIZES = ("zones", "pairs", "segments", "contingents", "forces", "bases", "cells", "commitments")
REALS = (
    "filling_days", "ceiling", "growth_days", "recovery_days", "host_effect", "home_effect", "spike_days", "rate",
    "raids", "opportunity", "spoiling", "closed_border", "border_troops", "evidence_attacks", "evidence_neighbours",
    "evidence_spike", "offensive_attacks", "spread", "relaxation_days", "half", "presence", "offensive_control",
    "fighters_effect", "redeployed_share",
)  # fmt: skip
KEYS = ("review_days", "redeployment_contingent", "seed", "replicate", "epoch")
Columns = dict[str, Any]


class Failure(Exception):
    """The bound cannot be built here; says why."""


class Start(NamedTuple):
    """Where the measured days begin."""

    world: Any
    state: State
    record: Any
    chance: Chance
    first: int
    end: int


# --- the rules -------------------------------------------------------------------------------------------------------


@numba.njit(nogil=True, error_model="numpy", _nrt=False)
def parts(world, state, record, chance, part, first, end):  # type: ignore[no-untyped-def]
    """One part of the days, or all, as day.dawn, day.wake and day.dusk have them; returns how often a cell was awake.

    A cell whose day of stock-taking comes puts it off and stays as it is, so that the lists are as long as in a run.
    """
    awake = 0
    for day in range(first, end):
        if part in (ALL, SHARE_OUT):
            drawdown.share_out(world, state)
        if part in (ALL, BUILD):
            host_force.build(world, state, record, day)
        if part in (ALL, PRESENCE):
            presence.weigh(world, state)
        if part in (ALL, COUNT):
            recruitment.count(state, day)
        if part in (ALL, WEIGH):
            attacks.weigh(world, state, day)
        if part in (ALL, LUCK):
            days.draw_luck(state, chance, day)
        if part in (ALL, WAKE):
            count = days.wake(state, chance, day)
            awake += count
            for place in range(count):
                cell = state.awake[place]
                if recruitment.takes_stock(state, cell, day):
                    state.cells.stock_day[cell] = day + world.opposition.recruitment.review_days
        if part in (ALL, RELAX):
            control.relax(world, state)
    return awake


def half_way(scenario: Any, seed: int = 1) -> Start:
    """The middle of a run: bases have changed hands, cells have moved and grown."""
    built, state = world.build(scenario)
    record = recorder.allocate(built, state)
    chance = Chance(seed, 0, int(built.dates.epoch))
    end = int(built.dates.days)
    days.begin(built, state, chance)
    for day in range(end // 2):
        for act in (days.dawn, days.cells_act, days.dusk):
            act(built, state, record, chance, day)
    return Start(built, state, record, chance, end // 2, end)


# --- the same in C ---------------------------------------------------------------------------------------------------


class Library:
    """One build of bound.c."""

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        self.fits, self.run = library.fits, library.run
        self.fits.argtypes = [ctypes.c_void_p]
        self.run.argtypes = [ctypes.c_void_p, *[ctypes.c_int64] * 3]
        self.run.restype = ctypes.c_int64


class Bound:
    """The state of a run in columns, for bound.c."""

    def __init__(self, start: Start) -> None:
        self.columns = {**_zones(start), **_ground(start), **_bases(start), **_cells(start)}
        self.model = _model(start, self.columns)
        self._first = {name: column.copy() for name, column in self.columns.items()}

    def rewind(self) -> None:
        """Back to the first day."""
        for name, column in self._first.items():
            self.columns[name][...] = column

    def run(self, library: Library, part: int, first: int, end: int) -> int:
        """Days of one part, or of all; returns how often a cell was awake."""
        return int(library.run(ctypes.addressof(self.model), part, first, end))


def _model(start: Start, columns: Columns) -> ctypes.Structure:
    width, stride = columns["reach"].shape[1], columns["luck"].shape[1]
    wholes = [len(getattr(start.state, name)) for name in SIZES]
    kinds = [
        *((name, ctypes.c_int64) for name in (*(f"n_{name}" for name in SIZES), "row", "stride")),
        *((name, ctypes.c_double) for name in REALS),
        *((name, ctypes.c_int64) for name in KEYS),
        *((name, ctypes.c_void_p) for name in columns),
    ]
    layout = type("Model", (ctypes.Structure,), {"_fields_": kinds})
    return layout(  # type: ignore[no-any-return]
        *wholes, width, stride, *_reals(start.world), *_keys(start), *(column.ctypes.data for column in columns.values())
    )


def _reals(built: Any) -> Iterator[float]:
    """In the order of REALS."""
    host, opposition, society, evidence = built.host, built.opposition, built.society, built.evidence
    yield from (host.garrisons.filling_days, host.readiness.ceiling, host.readiness.growth_days)
    yield from (society.presence.recovery_days, host.effect, built.kenya.home.effect, evidence.spike_days)
    acts = opposition.attacks
    yield from (acts.rate, acts.raids, acts.opportunity, acts.spoiling, acts.closed_border, acts.border_troops)
    yield from (evidence.attacks, evidence.neighbours, evidence.spike, host.offensive.attacks, opposition.tempo.spread)
    yield from (society.control.relaxation_days, society.presence.half, society.control.presence)
    yield from (host.offensive.control, society.control.fighters, built.dates.redeployment_share)


def _keys(start: Start) -> tuple[int, ...]:
    built = start.world
    return int(built.opposition.recruitment.review_days), int(built.dates.redeployment_contingent), *start.chance


def _column(values: Any, kind: Any) -> Any:
    """A column, with room behind it for what is taken together."""
    made = np.zeros(np.size(values) + WIDTH, dtype=kind)[: np.size(values)].reshape(np.shape(values))
    made[...] = values
    return made


def _real(values: Any) -> Any:
    return _column(values, np.float64)


def _whole(values: Any) -> Any:
    return _column(values, np.int64)


def _short(values: Any) -> Any:
    return _column(values, np.int32)


def _padded(rows: Any) -> Any:
    """Rows whose length is a multiple of what is taken together."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % WIDTH)))


def _zones(start: Start) -> Columns:
    zones, regions = start.state.zones, start.state.regions
    state = ("effective", "reference", "cut", "fighters", "fighters_reference", "strength", "pressure", "held", "control")
    return {
        **{name: _real(zones[name]) for name in ("population", "control_first", "odds_first", "exposure")},
        "stationed": _padded(zones.stationed.T),
        **{name: _real(zones[name]) for name in state},
        "spoiled": _real(zones.spoiling),
        **{name: _real(zones[name]) for name in ("lure", "landing", "excited", "pull", "hazard")},
        "tempo": _real(regions.tempo),
        "troops": _padded(start.state.troops),
        **{name: _whole(zones[name]) for name in ("pair_first", "pair_end", "region")},
    }


def _ground(start: Start) -> Columns:
    """Pairs of neighbours, segments of the border, troops."""
    state = start.state
    return {
        "to": _whole(state.pairs.to),
        "border": _whole(state.pairs.border),
        "raid": _real(state.pairs.raid),
        "segment_troops": _real(state.segments.troops),
        "segment_reference": _real(state.segments.reference),
        "open": _whole(state.segments.open),
        "deployed": _whole(state.contingents.deployed),
        "withdrawn": _whole(state.contingents.withdrawn),
        "share": _real(state.contingents.share),
        **{name: _real(state.forces[field]) for name, field in FORCES.items()},
        **{f"commitment_{name}": _whole(state.commitments[name]) for name in ("force", "start", "end")},
        "commitment_troops": _real(state.commitments.troops),
    }


FORCES = {"pool": "pool", "force_rate": "rate", "lacking": "lacking", "sending": "share"}


def _bases(start: Start) -> Columns:
    bases = start.state.bases
    return {
        "base_zone": _whole(bases.zone),
        **{name: _whole(bases[name]) for name in ("segment", "holder", "standing")},
        **{name: _real(bases[name]) for name in ("weight", "need", "garrison", "readiness")},
        "reach": _padded(start.world.reach),
    }


def _cells(start: Start) -> Columns:
    """Cells; days; single numbers."""
    state, cells = start.state, start.state.cells
    return {
        "key": _column(cells.key, np.uint64),
        "cell_fighters": _real(cells.fighters),
        "cell_strength": _real(cells.strength),
        "stock_day": _short(cells.stock_day),
        "rests": _short(cells.rests),
        "cell_zone": _short(cells.zone),
        "awake": _short(state.awake),
        "luck": _padded(state.luck),
        "season": _real(start.world.diary.season),
        "shortfall": _real(start.record.days.host_shortfall),
        "leaving": _real([state.run.leaving]),
        "border_garrisons": _real([state.run.border_troops]),
    }


def compile_all(folder: Path) -> dict[str, Library]:
    """Both builds, by name."""
    return {name: _compile(folder / f"{name.split()[0]}.so", tries) for name, tries in BUILDS.items()}


def _compile(path: Path, tries: tuple[tuple[str, ...], ...]) -> Library:
    said = ""
    for options in tries:
        command = [*_compiler(), *SAME_NUMBERS, str(SOURCE), "-o", str(path), *options, "-lm"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = done.stdout
        if done.returncode == 0:
            return Library(path)
    raise Failure(f"`{shlex.join(_compiler())}` did not compile {SOURCE.name}: {said.strip().splitlines()[:1]}")


def _compiler() -> list[str]:
    command = shlex.split(os.environ.get("CC") or "cc")
    if shutil.which(command[0]) is None:
        raise Failure(f"there is no C compiler here (`{command[0]}` was looked for; the variable CC names another)")
    return command


# --- do both give the same numbers? ----------------------------------------------------------------------------------

ZONE_RESULTS = ("hazard", "effective", "control", "lure", "landing", "pull", "cut", "fighters", "strength", "stationed")


def compare(start: Start, library: Library) -> float:
    """Both, day by day: the largest relative difference. Luck and the lists of cells awake must be equal."""
    state, bound, worst = copy(start.state), Bound(start), 0.0
    for day in range(start.first, start.end):
        awake = parts(start.world, state, start.record, start.chance, ALL, day, day + 1)
        in_c = bound.run(library, ALL, day, day + 1)
        if awake != in_c or not np.array_equal(state.awake[:awake], bound.columns["awake"][:awake]):
            raise Failure(f"the cells awake on day {day} differ")
        if not np.array_equal(state.luck, bound.columns["luck"][:, : len(state.cells)]):
            raise Failure(f"the luck of day {day} differs")
        worst = max(worst, _difference(state, bound, day))
    return worst


def _difference(state: State, bound: Bound, day: int) -> float:
    worst = 0.0
    for name, ours, theirs in _results(state, bound):
        scale = np.maximum(np.abs(ours), np.abs(theirs))
        apart = float(np.max(np.abs(ours - theirs) / np.where(scale > 0.0, scale, 1.0)))
        if not apart <= TOLERANCE:
            raise Failure(f"{name} differs on day {day} by {apart:.1g}")
        worst = max(worst, apart)
    return worst


def _results(state: State, bound: Bound) -> Iterator[tuple[str, Any, Any]]:
    columns = bound.columns
    for name in ZONE_RESULTS:
        yield name, state.zones[name].T, columns[name][..., : len(state.zones)]
    yield "garrison", state.bases.garrison, columns["garrison"]
    yield "readiness", state.bases.readiness, columns["readiness"]
    yield "pool", state.forces.pool, columns["pool"]
    yield "raid", state.pairs.raid, columns["raid"]


# --- which is faster? ------------------------------------------------------------------------------------------------


def section(name: str = "planned", rounds: int = 31) -> str:
    """The comparison as a section in Markdown; where it cannot be made, a sentence why."""
    heading = "## Against C\n\n"
    try:
        with tempfile.TemporaryDirectory() as folder:
            return heading + _compared(name, compile_all(Path(folder)), rounds)
    except Failure as failure:
        return f"{heading}Not measured: {failure}."


def _compared(name: str, libraries: dict[str, Library], rounds: int) -> str:
    scenario = atmis.load(name)
    start = half_way(scenario)
    if not all(library.fits(ctypes.addressof(Bound(start).model)) for library in libraries.values()):
        raise Failure(f"scenario {name} is larger than bound.c allows")
    worst = max(compare(start, library) for library in libraries.values())
    taken = _rounds(start, libraries, rounds)
