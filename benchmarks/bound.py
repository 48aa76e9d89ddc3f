"""Upper bound on what faster rules could gain: the same days in C, from the same numbers, with the same results.

`bound.c` holds the parts of a day in which no cell attacks, moves or changes. It is built twice, scalar and vectorised,
and timed against the same parts of the rules in rounds that alternate in one process.
"""

import ctypes
import gc
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

import numpy as np

import atmis
from atmis.kernel import parameters, recorder
from atmis.kernel import schedule as days
from atmis.kernel.compiled import entry_point, inlined
from atmis.kernel.rng import Stream
from atmis.kernel.rules import attacks, control, drawdown, host_force, presence, recruitment
from atmis.kernel.state import State, copy
from atmis.runs.ensemble import Scratch, blank, run_into
from atmis.runs.inputs import RunInputs

SOURCE = Path(__file__).with_suffix(".c")
SAME_NUMBERS = (
    "-std=gnu11",
    "-O3",
    "-march=native",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fPIC",
    "-shared",
)
BUILDS = {
    "scalar C": (("-fno-tree-vectorize", "-fno-tree-slp-vectorize"),),
    "vectorised C": (  # with the vector functions of the C library, or without where there are none
        ("-DVECTORISED", "-fopenmp-simd", "-mprefer-vector-width=512", "-DVECTOR_MATH", "-lmvec"),
        ("-DVECTORISED", "-fopenmp-simd"),
    ),
}
WIDTH = 16  # zones that bound.c handles together
TOLERANCE = 1e-9
DIFFERS = "**C and the rules differ**"
RULES = "compiled rules"

# The fields of Model in bound.c, in order: whole numbers, real numbers, pointers by the kind of number they point to.
SIZES = ("zones", "pairs", "segments", "contingents", "forces", "bases", "cells", "commitments")
ZONE_ATTACKS = ("attractiveness", "background_rate", "excited", "excited_attractiveness", "hazard")
REALS = (
    "filling_days", "ceiling", "growth_days", "recovery_days", "host_effect", "home_effect", "spike_days", "rate",
    "raids", "opportunity", "spoiling", "closed_border", "border_troops", "evidence_attacks", "evidence_neighbours",
    "evidence_spike", "offensive_attacks", "spread", "relaxation_days", "half", "presence", "offensive_control",
    "fighters_effect", "redeployed_share",
)  # fmt: skip
KEYS = ("review_days", "redeployment_contingent", "seed", "replicate", "epoch")
Columns = dict[str, Any]


class Failure(Exception):
    """The bound cannot be measured here; says why."""


class Difference(Exception):
    """C and the rules do not agree; says where."""


class Start(NamedTuple):
    """Where the measured days begin."""

    params: Any
    state: State
    record: Any
    stream: Stream
    first: int
    end: int


# --- the rules -------------------------------------------------------------------------------------------------------


@inlined
def active_cells(params, state, stream, day):
    """As in the schedule; the review of a cell that is due is only put off, so that lists are as long as in a run."""
    count = days.active_cells(state, stream, day)
    for place in range(count):
        cell = state.active[place]
        if recruitment.is_review_day(state, cell, day):
            state.cells.review_day[cell] = day + params.opposition.recruitment.review_days
    return count


@entry_point
def all_parts(params, state, record, stream, first, end):
    """The parts in the order of a day; returns how often a cell was active."""
    active = 0
    for day in range(first, end):
        drawdown.man_bases(params, state)
        host_force.advance(params, state, record, day)
        presence.update_effective_troops(params, state)
        recruitment.count_fighters(state, day)
        attacks.update_hazard(params, state, day)
        days.draw_uniforms(state, stream, day)
        active += active_cells(params, state, stream, day)
        control.relax(params, state)
    return active


@entry_point
def only_man_bases(params, state, record, stream, first, end):
    """One part alone; each part has a function, since a switch would slow the loop."""
    for _ in range(first, end):
        drawdown.man_bases(params, state)


@entry_point
def only_advance(params, state, record, stream, first, end):
    for day in range(first, end):
        host_force.advance(params, state, record, day)


@entry_point
def only_update_effective_troops(params, state, record, stream, first, end):
    for _ in range(first, end):
        presence.update_effective_troops(params, state)


@entry_point
def only_count_fighters(params, state, record, stream, first, end):
    for day in range(first, end):
        recruitment.count_fighters(state, day)


@entry_point
def only_update_hazard(params, state, record, stream, first, end):
    for day in range(first, end):
        attacks.update_hazard(params, state, day)


@entry_point
def only_draw_uniforms(params, state, record, stream, first, end):
    for day in range(first, end):
        days.draw_uniforms(state, stream, day)


@entry_point
def only_active_cells(params, state, record, stream, first, end):
    for day in range(first, end):
        active_cells(params, state, stream, day)


@entry_point
def only_relax(params, state, record, stream, first, end):
    for _ in range(first, end):
        control.relax(params, state)


PARTS: dict[str, Callable[..., Any]] = {  # in the order of bound.c
    "all these": all_parts,
    "drawdown.man_bases": only_man_bases,
    "host_force.advance": only_advance,
    "presence.update_effective_troops": only_update_effective_troops,
    "recruitment.count_fighters": only_count_fighters,
    "attacks.update_hazard": only_update_hazard,
    "draw_uniforms": only_draw_uniforms,
    "active_cells": only_active_cells,
    "control.relax": only_relax,
}
ALL = 0


def middle_of_run(scenario: Any, seed: int = 1) -> Start:
    """The middle of a run: bases have changed hands, cells have moved and grown."""
    params, state = parameters.build(scenario)
    record = recorder.allocate(params, state)
    stream = Stream(seed, 0, int(params.dates.epoch))
    end = int(params.dates.days)
    days.begin(params, state, stream)
    for day in range(end // 2):
        for step in (days.open_day, days.act_all, days.close_day):
            step(params, state, record, stream, day)
    return Start(params, state, record, stream, end // 2, end)


# --- the same in C ---------------------------------------------------------------------------------------------------


class Library:
    """One build of bound.c."""

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        self.fits, self.by_hand, self.run = library.fits, library.by_hand, library.run
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
        """Go back to the first day."""
        for name, column in self._first.items():
            self.columns[name][...] = column

    def run(self, library: Library, part: int, first: int, end: int) -> int:
        """Days of one part, or of all; returns how often a cell was active."""
        return int(library.run(ctypes.addressof(self.model), part, first, end))


def _model(start: Start, columns: Columns) -> ctypes.Structure:
    width, stride = columns["reach"].shape[1], columns["uniforms"].shape[1]
    wholes = [len(getattr(start.state, name)) for name in SIZES]
    kinds = [
        *((name, ctypes.c_int64) for name in (*(f"n_{name}" for name in SIZES), "row", "stride")),
        *((name, ctypes.c_double) for name in REALS),
        *((name, ctypes.c_int64) for name in KEYS),
        *((name, ctypes.c_void_p) for name in columns),
    ]
    layout = type("Model", (ctypes.Structure,), {"_fields_": kinds})
    return layout(  # type: ignore[no-any-return]
        *wholes,
        width,
        stride,
        *_reals(start.params),
        *_keys(start),
        *(column.ctypes.data for column in columns.values()),
    )


def _reals(params: Any) -> Iterator[float]:
    """In the order of REALS."""
    host, opposition, society, evidence = params.host, params.opposition, params.society, params.evidence
    yield from (host.garrisons.filling_days, host.readiness.ceiling, host.readiness.growth_days)
    yield from (society.presence.recovery_days, host.effect, params.kenya.home.effect, evidence.spike_days)
    acts = opposition.attacks
    yield from (acts.rate, acts.raids, acts.opportunity, acts.spoiling, acts.closed_border, acts.border_troops)
    yield from (evidence.attacks, evidence.neighbours, evidence.spike, host.offensive.attacks, opposition.tempo.spread)
    yield from (society.control.relaxation_days, society.presence.half, society.control.presence)
    yield from (host.offensive.control, society.control.fighters, params.dates.redeployment_share)


def _keys(start: Start) -> tuple[int, ...]:
    params = start.params
    return int(params.opposition.recruitment.review_days), int(params.dates.redeployment_contingent), *start.stream


def _column(values: Any, kind: Any) -> Any:
    """A column, with room behind it for the values handled together."""
    column = np.zeros(np.size(values) + WIDTH, dtype=kind)[: np.size(values)].reshape(np.shape(values))
    column[...] = values
    return column


def _real(values: Any) -> Any:
    return _column(values, np.float64)


def _whole(values: Any) -> Any:
    return _column(values, np.int64)


def _short(values: Any) -> Any:
    return _column(values, np.int32)


def _padded(rows: Any) -> Any:
    """Rows padded to a multiple of the zones handled together."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % WIDTH)))


def _zones(start: Start) -> Columns:
    zones, regions = start.state.zones, start.state.regions
    state = (
        "effective",
        "reference",
        "cut",
        "fighters",
        "fighters_reference",
        "strength",
        "pressure",
        "held",
        "control",
    )
    return {
        **{name: _real(zones[name]) for name in ("population", "control_first", "odds_first", "exposure")},
        "stationed": _padded(zones.stationed.T),
        **{name: _real(zones[name]) for name in state},
        "announced": _real(zones.spoiling),
        **{name: _real(zones[name]) for name in ZONE_ATTACKS},
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
        "reach": _padded(start.params.reach),
    }


def _cells(start: Start) -> Columns:
    """Cells; days; single numbers."""
    state, cells = start.state, start.state.cells
    return {
        "key": _column(cells.key, np.uint64),
        "cell_fighters": _real(cells.fighters),
        "cell_strength": _real(cells.strength),
        "review_day": _short(cells.review_day),
        "rests": _short(cells.rests),
        "cell_zone": _short(cells.zone),
        "active": _short(state.active),
        "uniforms": _padded(state.uniforms),
        "season": _real(start.params.calendar.season),
        "shortfall": _real(start.record.days.host_shortfall),
        "leaving": _real([state.run.leaving]),
        "border_garrisons": _real([state.run.border_troops]),
    }


def compile_all(folder: Path) -> dict[str, Library]:
    """Both builds, by name."""
    return {name: _compile(folder / f"{name.split()[0]}.so", tries) for name, tries in BUILDS.items()}


def _compile(path: Path, tries: tuple[tuple[str, ...], ...]) -> Library:
    output = ""
    for options in tries:
        command = [*_compiler(), *SAME_NUMBERS, str(SOURCE), "-o", str(path), *options, "-lm"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        output = done.stdout
        if done.returncode == 0:
            return Library(path)
    why = (output.strip().splitlines() or ["it does not say why"])[0]
    raise Failure(f"`{shlex.join(_compiler())}` did not compile {SOURCE.name}: {why}")


def _compiler() -> list[str]:
    command = shlex.split(os.environ.get("CC") or "cc")
    if shutil.which(command[0]) is None:
        raise Failure(f"there is no C compiler here (`{command[0]}` was looked for; the variable CC names another)")
    return command


# --- do both give the same numbers? ----------------------------------------------------------------------------------

ZONE_RESULTS = (
    "hazard", "effective", "control", "attractiveness", "background_rate", "excited_attractiveness", "cut", "fighters",
    "strength", "stationed",
)  # fmt: skip


def compare(start: Start, library: Library) -> float:
    """Both, day by day: the largest relative difference. Random numbers and lists of active cells must be equal."""
    state, bound, worst = copy(start.state), Bound(start), 0.0
    for day in range(start.first, start.end):
        active = all_parts(start.params, state, start.record, start.stream, day, day + 1)
        in_c = bound.run(library, ALL, day, day + 1)
        if active != in_c or not np.array_equal(state.active[:active], bound.columns["active"][:active]):
            raise Difference(f"the active cells of day {day} differ")
        if not np.array_equal(state.uniforms, bound.columns["uniforms"][:, : len(state.cells)]):
            raise Difference(f"the random numbers of day {day} differs")
        worst = max(worst, _difference(state, bound, day))
    return worst


def _difference(state: State, bound: Bound, day: int) -> float:
    worst = 0.0
    for name, ours, theirs in _results(state, bound):
        scale = np.maximum(np.abs(ours), np.abs(theirs))
        apart = float(np.max(np.abs(ours - theirs) / np.where(scale > 0.0, scale, 1.0)))
        if not apart <= TOLERANCE:
            raise Difference(f"{name} differs on day {day} by {apart:.1g}")
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
    except Difference as difference:
        return f"{heading}{DIFFERS}: {difference}. What changed in one must change in the other."


def _compared(name: str, libraries: dict[str, Library], rounds: int) -> str:
    scenario = atmis.load(name)
    start = middle_of_run(scenario)
    if np.any(start.state.shocks.day >= start.first):
        raise Failure(f"scenario {name} has political shocks, which bound.c leaves out")
    model = Bound(start).model
    if not all(library.fits(ctypes.addressof(model)) for library in libraries.values()):
        raise Failure(f"scenario {name} has more zones or bases than bound.c takes")
    worst = {label: compare(start, library) for label, library in libraries.items()}
    times = _times(start, libraries, rounds)
    whole = _whole_run(scenario, start, rounds)
    return "\n".join([*_what(start, libraries), *_table(times, list(libraries)), "", *_meaning(times, whole, worst)])


def _times(start: Start, libraries: dict[str, Library], rounds: int, inner: int = 3) -> dict[tuple[int, str], Any]:
    """CPU time of a day in µs by part and contender, a value for each round; contenders alternate."""
    bound, span = Bound(start), start.end - start.first
    for _, run in _contenders(start, bound, libraries):
        for part in range(len(PARTS)):
            _timed(run, part)  # compiles, the first time
    times: dict[tuple[int, str], list[float]] = {}
    for _ in range(rounds):
        gc.collect()
        for part in range(len(PARTS)):
            for label, run in _contenders(start, bound, libraries):
                taken = sum(_timed(run, part) for _ in range(inner))
                times.setdefault((part, label), []).append(1e6 * taken / inner / span)
    return {key: np.array(values) for key, values in times.items()}


def _contenders(
    start: Start, bound: Bound, libraries: dict[str, Library]
) -> Iterator[tuple[str, Callable[[int], Callable[[], object]]]]:
    """By name: a function that prepares a run of one part, and returns it to be timed."""

    def rules(part: int) -> Callable[[], object]:
        state, step = copy(start.state), list(PARTS.values())[part]
        return lambda: step(start.params, state, start.record, start.stream, start.first, start.end)

    yield RULES, rules
    for label, library in libraries.items():

        def in_c(part: int, library: Library = library) -> Callable[[], object]:
            bound.rewind()
            return lambda: bound.run(library, part, start.first, start.end)

        yield label, in_c


def _timed(ready: Callable[[int], Callable[[], object]], part: int) -> float:
    run = ready(part)
    start_time = process_time()
    run()
    return process_time() - start_time


def _whole_run(scenario: Any, start: Start, rounds: int) -> float:
    """CPU time of a day of whole runs, in µs."""
    inputs = RunInputs.of(scenario)
    room, scratch, taken = blank(inputs, 1, 2), Scratch(inputs), []
    for replicate in range(rounds + 1):
        start_time = process_time()
        run_into(room, 1, inputs, replicate, scratch)
        taken.append(process_time() - start_time)
    return 1e6 * median(taken[1:]) / start.end


def _what(start: Start, libraries: dict[str, Library]) -> list[str]:
    zones, bases, cells = (len(getattr(start.state, name)) for name in ("zones", "bases", "cells"))
    by_hand = any(library.by_hand() for library in libraries.values())
    vectors = "vectorised by hand (AVX-512)" if by_hand else "vectorised by the compiler alone (there is no AVX-512)"
    output = subprocess.run([*_compiler(), "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return [
        f"What a day of {zones} zones, {bases} bases and {cells} cells costs when no cell attacks, moves or changes,",
        f"from the middle of a run on: the compiled rules against the same in C, scalar and {vectors}.",
        "CPU time, medians of rounds that alternate between the three in one process.",
        f"C compiler: {' '.join(output[:1])}.",
        "",
    ]


def _table(times: dict[tuple[int, str], Any], labels: list[str]) -> Iterator[str]:
    heads = ["part of a day, µs", RULES, *labels, *(f"rules / {label}" for label in labels)]
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{(len(heads) - 1) * '---:|'}"
    for part, name in [*list(enumerate(PARTS))[1:], (ALL, list(PARTS)[ALL])]:
        spent = [f"{np.median(times[part, label]):.2f}" for label in (RULES, *labels)]
        ratios = [f"{np.median(times[part, RULES] / times[part, label]):.2f}" for label in labels]
        if part == ALL:
            ratios = [f"**{ratio}**" for ratio in ratios]
        yield f"| {' | '.join([name, *spent, *ratios])} |"


def _meaning(times: dict[tuple[int, str], Any], whole: float, worst: dict[str, float]) -> list[str]:
    mine = float(np.median(times[ALL, RULES]))
    agree = ", ".join(f"{label} to {apart:.0e}" if apart else f"{label} to the bit" for label, apart in worst.items())
    return [
        "Checked on each of these days: random numbers and active cells are equal, other results agree",
        f"({agree}). These parts take {mine:.1f} of the {whole:.1f} µs of a day of a whole run; the rest is not in the",
        "bound: attacks, moves and reviews, the plan's events, funds, offensives, displacement, records. C holds",
        "columns where the rules hold rows, and works out once per zone or segment what the rules work out per pair of",
        "neighbours: it shows what code and layout could gain, not what another method could.",
    ]


if __name__ == "__main__":
    print(section())
