"""Many runs of one scenario: replicates that differ in their draws only, on all cores.

Compiled runs release Python's lock, so plain threads do. A run depends on (scenario, seed, replicate) alone: the number
of workers and the order of work change nothing.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any, NamedTuple, TypeVar

import numpy as np

from atmis.executors.cores import allowed_cores
from atmis.kernel import recorder, theatre
from atmis.kernel.arrays import Floats, Ints
from atmis.kernel.compiled import PLAIN_PYTHON
from atmis.kernel.recorder import Record
from atmis.kernel.rng import Stream
from atmis.kernel.state import BASE, CONTINGENT, State, copy, in_one_block, memory, rows
from atmis.runs.inputs import DrawnInputs, RunInputs
from atmis.scenario.arguments import check_kind, whole_number
from atmis.scenario.errors import format_input, suggest
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import MOST_REPLICATES, MOST_WORKERS, SEEDS

EVENT_CAPACITY = 200_000  # events kept of the first replicate

_R = TypeVar("_R")


@dataclass(frozen=True)
class Ensemble:
    """All replicates of one scenario. R replicates, M months, Z zones, K indicators, G zone groups.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed : int
        Seed of all random numbers; replicate r of every scenario with this seed shares its draws.
    monthly : array of float [R, M, Z, K]
        Indicators by month and zone, in the order of `atmis.INDICATORS`, which has their units.
    deployed : array of int [R, days, contingents]
        Troops deployed at the end of each day.
    days : record array [R, days]
        Ceiling (people), border_troops, host_shortfall (troops), open_segments, could_open (1 or 0; -1: not known).
    contingents, bases : record arrays [R, contingents], [R, bases]
        Rows of the state on the last day.
    base_histories : record array [R, bases]
        Attacks, assaults, overruns, deaths, and the days (-1: never) on which a base was closed, fell, was retaken.
    events : array of int [events, fields]
        Attacks of the first replicate one by one; fields are those of `atmis.kernel.recorder.EVENT_FIELDS`.
    event_count : array of int [1]
        Number of attacks of the first replicate, including any beyond the capacity of `events`.

    Examples
    --------
    >>> import atmis
    >>> spring = atmis.load("planned", ["period.end=2022-06-30"])
    >>> ensemble = atmis.simulate(spring, replicates=3, seed=1)
    >>> ensemble.indicator("attacks").shape  # replicates, months, zones
    (3, 3, 16)
    >>> str(ensemble.months[0])
    '2022-04'
    """

    scenario: Scenario
    seed: int
    monthly: Floats
    deployed: Ints
    days: Any
    contingents: Any
    base_histories: Any
    bases: Any
    events: Ints
    event_count: Ints

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.monthly)

    @property
    def events_beyond(self) -> int:
        """Number of attacks of the first replicate beyond the capacity of `events`."""
        return max(int(self.event_count[0]) - len(self.events), 0)

    def without_empty_events(self) -> "Ensemble":
        """The same ensemble without the unused rows of `events`."""
        return replace(self, events=self.events[: int(self.event_count[0])])

    def indicator(self, name: str) -> Floats:
        """One indicator by month and zone.

        Parameters
        ----------
        name : str
            One of `atmis.INDICATORS`.

        Returns
        -------
        array of float [R, M, Z]
            Flows are sums over the month, stocks the value on its last day; units are those of `atmis.INDICATORS`.

        Raises
        ------
        ValueError
            When there is no such indicator.
        """
        if name not in recorder.NAMES:
            raise ValueError(f"indicator: {format_input(name)} is not known{suggest(name, recorder.NAMES)}")
        return self.monthly[..., recorder.NAMES.index(name)]

    @cached_property
    def by_group(self) -> Floats:
        """Sums over the zones of each group, Kenyan border counties, Jubaland and the rest: [R, M, G, K]."""
        runs, months, _, indicators = self.monthly.shape
        sums = np.zeros((runs, months, len(theatre.GROUPS), indicators))
        recorder.add_zones(self.monthly, theatre.groups(self.scenario.theatre), sums)
        return sums

    @cached_property
    def totals(self) -> Floats:
        """Sums over zones and months by group [R, G, K]; meaningful for flows only."""
        return added(self.by_group[:, month] for month in range(self.by_group.shape[1]))

    @cached_property
    def slots(self) -> "list[Slot]":
        """Memory of each run, prepared in advance: right after a run, with a cold cache, Python is slow."""
        runs, nowhere = self.replicates, recorder.blank_events(0)  # events of the first run only
        events = [(self.events, self.event_count), *[nowhere] * (runs - 1)]
        days, histories = self.days, self.base_histories
        if not PLAIN_PYTHON:  # plain arrays are cut up much faster, but plain Python needs the names of columns
            days, histories = np.asarray(days), np.asarray(histories)
        records = zip(self.monthly, self.deployed, days, histories, events)
        last = zip(memory(self.contingents), memory(self.bases))
        return [Slot((*record, *log), ends) for (*record, log), ends in zip(records, last)]

    @property
    def months(self) -> list[np.datetime64]:
        """The months of the run, as datetime64[M]."""
        first = np.datetime64(self.scenario.period.start, "M")
        return [first + np.timedelta64(k, "M") for k in range(self.monthly.shape[1])]


class Slot(NamedTuple):
    """The memory of one run of an ensemble."""

    record: tuple[Any, ...]  # of recorder.Record, but for `daily`
    last: Sequence[Any]  # bytes of contingents and bases on the last day


def added(parts: Iterable[Floats]) -> Floats:
    """Arrays added one after the other: NumPy's own sums round in an order that changes with the number of runs."""
    return reduce(np.add, parts)


def simulate(
    scenario: Scenario,
    replicates: int = 100,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> Ensemble:
    """Run a scenario; replicate r has the same random numbers in every scenario with the same seed.

    Parameters
    ----------
    scenario : Scenario
        What to run. Unless it says `draws=none`, each replicate takes its own draw of calibrated parameters.
    replicates, seed, workers : int
        Number of runs, at least 1; seed of all random numbers; threads, 0 for one on each core, as you like.
    progress : callable
        Called with the number of runs done.

    Returns
    -------
    Ensemble
        Everything recorded of all runs.

    Raises
    ------
    TypeError, ValueError, InputError
        For an argument of a wrong type, or out of its range; for draws that cannot be used.

    Examples
    --------
    >>> import atmis
    >>> atmis.simulate(atmis.load("planned", ["period.end=2022-04-30"]), replicates=2).replicates
    2
    """
    check_kind(scenario, Scenario, "scenario", "atmis.load('planned')")
    check_kind(progress, Callable, "progress", "print")
    runs = whole_number(replicates, "replicates", 1, MOST_REPLICATES)
    number, threads = whole_number(seed, "seed", 0, SEEDS - 1), whole_number(workers, "workers", 0, MOST_WORKERS)
    return _simulate(scenario, runs, number, threads, progress)


def _simulate(
    scenario: Scenario, replicates: int, seed: int, workers: int, progress: Callable[[int], object]
) -> Ensemble:
    base = RunInputs.of(scenario)
    drawn = DrawnInputs(base)
    ensemble = blank(base, seed, replicates, EVENT_CAPACITY)
    thread = threading.local()

    def run(replicate: int) -> None:
        if not hasattr(thread, "scratch"):
            thread.scratch = Scratch(base)
        run_into(ensemble, replicate, drawn.of(replicate), replicate, thread.scratch)

    _map_replicates(run, replicates, workers, progress)
    return ensemble.without_empty_events()


def reduced(
    scenario: Scenario,
    take: Callable[[Ensemble], _R],
    replicates: int,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> list[_R]:
    """Apply `take` to each run, as an ensemble of one with its events, and return the results; memory is reused."""
    base = RunInputs.of(scenario)
    drawn = DrawnInputs(base)
    thread = threading.local()

    def run(replicate: int) -> _R:
        if not hasattr(thread, "memory"):
            thread.memory = blank(base, seed, 1, EVENT_CAPACITY), Scratch(base)
        single, scratch = thread.memory
        single.events[: single.event_count[0]] = 0  # rules write only what is not zero
        run_into(single, 0, drawn.of(replicate), replicate, scratch)
        return take(single.without_empty_events())

    return _map_replicates(run, replicates, workers, progress)


def _map_replicates(
    function: Callable[[int], _R], replicates: int, workers: int, progress: Callable[[int], object]
) -> list[_R]:
    """The result of a function for each replicate, by threads."""
    results = []
    with ThreadPoolExecutor(max_workers=workers or allowed_cores()) as pool:
        try:
            for done, job in enumerate([pool.submit(function, replicate) for replicate in range(replicates)], start=1):
                results.append(job.result())
                progress(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def blank(inputs: RunInputs, seed: int, runs: int, events: int = 0) -> Ensemble:
    """An empty ensemble for some runs, with room for `events` events of the first."""
    one = recorder.allocate(inputs.params, inputs.start, events)
    return Ensemble(
        scenario=inputs.scenario,
        seed=seed,
        monthly=np.zeros((runs, *one.monthly.shape)),
        deployed=np.zeros((runs, *one.deployed.shape), dtype=one.deployed.dtype),
        days=rows(recorder.DAY, (runs, len(one.days))),
        contingents=rows(CONTINGENT, (runs, len(inputs.start.contingents))),
        base_histories=rows(recorder.BASE_HISTORY, (runs, len(one.bases))),
        bases=rows(BASE, (runs, len(inputs.start.bases))),
        events=one.events,
        event_count=one.event_count,
    )


class Scratch:
    """Memory of one run, reused for the next of the same shape."""

    def __init__(self, inputs: RunInputs) -> None:
        self.daily, self.epoch = recorder.blank_daily(inputs.params, inputs.start), int(inputs.params.dates.epoch)
        self._state, self._block = in_one_block(inputs.start)
        self._first = self._block.copy()
        self.last = memory(self._state.contingents), memory(self._state.bases)

    def state(self, start: State) -> State:
        """A copy of the state before the first day, in the same memory each time.

        Of the inputs of one scenario only the zones differ, by their exposures (see `inputs`).
        """
        self._block[:] = self._first
        memory(self._state.zones)[:] = memory(start.zones)
        return self._state


def run_into(ensemble: Ensemble, row: int, inputs: RunInputs, replicate: int, scratch: Scratch) -> None:
    """Run one replicate and record it in a row of an ensemble."""
    from atmis.kernel.schedule import run

    state, slot = scratch.state(inputs.start), ensemble.slots[row]
    record = Record._make((*slot.record, scratch.daily))
    run(inputs.params, state, record, Stream(ensemble.seed, replicate, scratch.epoch))
    for kept, last in zip(slot.last, scratch.last):
        kept[:] = last


def load_rules(inputs: RunInputs) -> None:
    """Load the machine code of the rules, or compile it where there is none, by running no days."""
    dates = inputs.params.dates.copy()
    dates["days"] = 0
    run_one(inputs._replace(params=inputs.params._replace(dates=dates)), 0, 1)


def run_one(inputs: RunInputs, seed: int, replicate: int) -> tuple[State, Record]:
    """Run one replicate by itself; returns its state after the last day and its record, with events for replicate 0."""
    from atmis.kernel.schedule import run

    params, state = inputs.params, copy(inputs.start)
    record = recorder.allocate(params, state, EVENT_CAPACITY if replicate == 0 else 0)
    run(params, state, record, Stream(seed, replicate, int(params.dates.epoch)))
    return state, record
