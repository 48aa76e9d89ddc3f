"""Many runs of one scenario: replicates that differ in their draws only, on all cores.

Compiled runs release Python's lock, so plain threads do. A run depends on (scenario, seed, replicate) alone: the number
of workers and the order of work change nothing.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atmis import recorder
from atmis.draws import Chance
from atmis.recorder import Record
from atmis.scenario.scenario import Scenario
from atmis.state import State, copy
from atmis.world import World, build

EVENT_CAPACITY = 200_000  # events kept of the first replicate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ensemble:
    """All replicates of one scenario."""

    scenario: Scenario
    seed: int
    monthly: Floats  # [replicates, months, zones, indicators], see recorder.INDICATORS
    deployed: Ints  # [replicates, days, contingents] troops
    days: Any  # [replicates, days] rows of recorder.DAY
    contingents: Any  # [replicates, contingents] rows of state.CONTINGENT on the last day
    base_histories: Any  # [replicates, bases] rows of recorder.BASE_HISTORY
    bases: Any  # [replicates, bases] rows of state.BASE on the last day
    events: Ints  # [events, fields] of the first replicate, see recorder.EVENT_FIELDS
    events_beyond: int  # events of the first replicate that were not kept

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.monthly)

    def indicator(self, name: str) -> Floats:
        """One indicator [replicates, months, zones]."""
        names = [indicator for indicator, _, _ in recorder.INDICATORS]
        return self.monthly[..., names.index(name)]

    @property
    def months(self) -> list[np.datetime64]:
        """First day of each month of the run."""
        first = np.datetime64(self.scenario.period.start, "M")
        return [first + k for k in range(self.monthly.shape[1])]


def simulate(
    scenario: Scenario,
    replicates: int = 100,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> Ensemble:
    """Run a scenario. `workers`: threads, 0 for one on each core; `progress` is called with the number of runs done."""
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, not {replicates}")
    world, start = build(scenario)
    results: list[tuple[State, Record]] = []
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        try:
            jobs = [pool.submit(run_one, world, start, seed, replicate) for replicate in range(replicates)]
            for job in jobs:
                results.append(job.result())
                progress(len(results))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    states, records = [state for state, _ in results], [record for _, record in results]
    return Ensemble(
        scenario=scenario,
        seed=seed,
        monthly=np.stack([r.monthly for r in records]),
        deployed=np.stack([r.deployed for r in records]),
        days=np.stack([r.days for r in records]).view(np.recarray),
        contingents=np.stack([s.contingents for s in states]).view(np.recarray),
        base_histories=np.stack([r.bases for r in records]).view(np.recarray),
        bases=np.stack([s.bases for s in states]).view(np.recarray),
        events=records[0].events[: int(records[0].event_count[0])],
        events_beyond=max(int(records[0].event_count[0]) - len(records[0].events), 0),
    )


def run_one(world: World, start: State, seed: int, replicate: int) -> tuple[State, Record]:
    """One run: its state after the last day, and its record. Events are kept of the first replicate."""
    from atmis.day import run

    state = copy(start)
    record = recorder.allocate(world, state, EVENT_CAPACITY if replicate == 0 else 0)
    run(world, state, record, Chance(seed, replicate, int(world.dates.epoch)))
    return state, record
