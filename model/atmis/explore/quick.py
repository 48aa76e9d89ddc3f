"""A quick ensemble of two futures under the same luck: runs kept from change to change, results as they come in."""

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import Future as Job
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import fields, replace
from typing import Any

import numpy as np

from atmis.analysis.comparison.spans import first
from atmis.runs import ensemble as ensembles
from atmis.runs.ensemble import Ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario.levers import KEPT
from atmis.scenario.source import Source
from atmis.sweep.context import WorkerContext
from atmis.sweep.study import Study

Both = tuple[Ensemble, Ensemble]

_BATCH = 10  # runs that a thread does at once
_SHOWN = (20, 80)  # replicates after which results are shown before all are in


class Runs:
    """Runs of one future, in any order; each depends on the seed and its replicate alone."""

    def __init__(self, name: str, data: Mapping[str, Any], seed: int, replicates: int) -> None:
        source = Source(name, data)
        self._study = Study("explore", seed, replicates, [source], [0], [0], {})
        self._have = np.zeros(replicates, dtype=bool)
        self._made = ensembles.blank(RunInputs.of(source.with_values({})), seed, replicates)
        self._thread = threading.local()

    @property
    def done(self) -> int:
        """Replicates that are there, from the first on without a gap."""
        return len(self._have) if self._have.all() else int(self._have.argmin())

    def missing(self, replicates: int) -> list[range]:
        """Batches that are still to be run for so many replicates."""
        starts = range(self.done, replicates, _BATCH)
        return [range(start, min(start + _BATCH, replicates)) for start in starts]

    def run(self, batch: range) -> None:
        """Run a batch."""
        if not hasattr(self._thread, "context"):
            self._thread.context = WorkerContext(self._study)
        for part, made in self._thread.context.run(batch):
            for name in _OF_RUNS:
                getattr(self._made, name)[part.start : part.stop] = getattr(made, name)
        self._have[batch.start : batch.stop] = True

    def ensemble(self, replicates: int) -> Ensemble:
        """The first replicates."""
        return replace(first(self._made, replicates))  # without sums of the last time


_OF_RUNS = [one.name for one in fields(Ensemble) if one.name not in ("scenario", "seed", "events", "event_count")]


class Quick:
    """Runs of the futures that were asked for last, on all cores."""

    def __init__(self, workers: int = 0) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1)
        self._kept: OrderedDict[str, Runs] = OrderedDict()
        self._turn = threading.Lock()

    def runs(self, name: str, data: Mapping[str, Any], seed: int, replicates: int) -> Runs:
        """The runs of a future, kept or new."""
        rest = {key: value for key, value in data.items() if key != "scenario"}  # a name and a sentence change nothing
        text = json.dumps([seed, replicates, rest], sort_keys=True, default=str)
        key = hashlib.sha256(text.encode()).hexdigest()
        with self._turn:
            if key not in self._kept:
                self._kept[key] = Runs(name, data, seed, replicates)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]

    def both(self, one: Runs, two: Runs, replicates: int) -> Iterator[int | Both]:
        """Run both; yields how many of the runs are done, and both ensembles as far as they are at some points."""
        total = 2 * replicates
        for goal in (*(shown for shown in _SHOWN if shown < replicates), replicates):
            if min(one.done, two.done) >= goal and goal < replicates:
                continue
            jobs = self._submit(one, two, goal)
            try:
                for _ in as_completed(jobs):
                    yield min(one.done + two.done, total)
                for job in jobs:
                    job.result()
            finally:
                for job in jobs:
                    job.cancel()
            yield one.ensemble(goal), two.ensemble(goal)

    def all(self, runs: Runs, replicates: int) -> Ensemble:
        """All the runs of one future."""
        for job in [self._pool.submit(runs.run, batch) for batch in runs.missing(replicates)]:
            job.result()
        return runs.ensemble(replicates)

    def _submit(self, one: Runs, two: Runs, goal: int) -> list[Job[None]]:
        """Batches in turn, so that pairs are there together."""
        sides = [one] if one is two else [one, two]
        batches = [(batch.start, side.run, batch) for side in sides for batch in side.missing(goal)]
        return [self._pool.submit(run, batch) for _, run, batch in sorted(batches, key=lambda entry: entry[0])]

    def close(self) -> None:
        """End what is at work."""
        self._pool.shutdown(wait=False, cancel_futures=True)
