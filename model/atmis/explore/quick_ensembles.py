"""Quick ensembles of two futures with the same random draws: runs are cached, results come in as they are made."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import Future as Job
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import fields, replace
from typing import Any

import numpy as np

from atmis.analysis.comparison.spans import first_replicates
from atmis.executors.cores import allowed_cores
from atmis.runs.ensemble import Ensemble, blank
from atmis.runs.inputs import RunInputs
from atmis.scenario.levers import KEPT
from atmis.scenario.source import ScenarioSource
from atmis.sweep.context import WorkerContext
from atmis.sweep.study import Study

EnsemblePair = tuple[Ensemble, Ensemble]

_BATCH = 10  # runs of a task
_INTERIM = (20, 80)  # replicates after which interim results are shown


class FutureRuns:
    """The runs of one future, run in any order; each depends only on the seed and its replicate."""

    def __init__(self, name: str, data: Mapping[str, Any], seed: int, replicates: int) -> None:
        source = ScenarioSource(name, data)
        self._study = Study("explore", seed, replicates, [source], [0], [0], {})
        self._is_done = np.zeros(replicates, dtype=bool)
        self._results = blank(RunInputs.of(source.with_values({})), seed, replicates)
        self._thread = threading.local()

    @property
    def done(self) -> int:
        """Number of replicates done without a gap, from the first on."""
        return len(self._is_done) if self._is_done.all() else int(self._is_done.argmin())

    def missing(self, replicates: int) -> list[range]:
        """Batches still to be run to complete so many replicates."""
        starts = range(self.done, replicates, _BATCH)
        return [range(start, min(start + _BATCH, replicates)) for start in starts]

    def run(self, batch: range) -> None:
        """Run a batch of replicates."""
        if not hasattr(self._thread, "context"):
            self._thread.context = WorkerContext(self._study)
        for part, ensemble in self._thread.context.run(batch):
            for name in _RUN_FIELDS:
                getattr(self._results, name)[part.start : part.stop] = getattr(ensemble, name)
        self._is_done[batch.start : batch.stop] = True

    def ensemble(self, replicates: int) -> Ensemble:
        """The ensemble of the first replicates."""
        return replace(first_replicates(self._results, replicates))  # without cached sums of the last time


_RUN_FIELDS = [
    field.name for field in fields(Ensemble) if field.name not in ("scenario", "seed", "events", "event_count")
]


class QuickEnsembles:
    """Runs futures on all cores, and keeps the runs of the last few."""

    def __init__(self, workers: int = 0) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers or allowed_cores())
        self._cache: OrderedDict[str, FutureRuns] = OrderedDict()
        self._lock = threading.Lock()

    def get_runs(self, name: str, data: Mapping[str, Any], seed: int, replicates: int) -> FutureRuns:
        """The runs of a future, cached or new."""
        rest = {key: value for key, value in data.items() if key != "scenario"}  # name and description change no number
        text = json.dumps([seed, replicates, rest], sort_keys=True, default=str)
        key = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            if key not in self._cache:
                self._cache[key] = FutureRuns(name, data, seed, replicates)
            self._cache.move_to_end(key)
            while len(self._cache) > KEPT:
                self._cache.popitem(last=False)
            return self._cache[key]

    def run_pair(self, first: FutureRuns, second: FutureRuns, replicates: int) -> Iterator[int | EnsemblePair]:
        """Run two futures; yields the number of runs done, and now and then both ensembles so far."""
        total = 2 * replicates
        for target in (*(interim for interim in _INTERIM if interim < replicates), replicates):
            if min(first.done, second.done) >= target and target < replicates:
                continue
            jobs = self._submit(first, second, target)
            try:
                for _ in as_completed(jobs):
                    yield min(first.done + second.done, total)
                for job in jobs:
                    job.result()
            finally:
                for job in jobs:
                    job.cancel()
            yield first.ensemble(target), second.ensemble(target)

    def run_all(self, runs: FutureRuns, replicates: int) -> Ensemble:
        """Run all replicates of one future."""
        for job in [self._pool.submit(runs.run, batch) for batch in runs.missing(replicates)]:
            job.result()
        return runs.ensemble(replicates)

    def _submit(self, first: FutureRuns, second: FutureRuns, target: int) -> list[Job[None]]:
        """Submit batches of both in turn, so that paired runs are done together."""
        sides = [first] if first is second else [first, second]
        batches = [(batch.start, side.run, batch) for side in sides for batch in side.missing(target)]
        return [self._pool.submit(run, batch) for _, run, batch in sorted(batches, key=lambda entry: entry[0])]

    def close(self) -> None:
        """Cancel what is not running yet, and take no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
