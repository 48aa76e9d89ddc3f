"""What a worker keeps between runs of a study: the inputs of its cases, and memory for results."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from atmis.runs import ensemble
from atmis.runs.ensemble import Ensemble, Scratch
from atmis.runs.inputs import AT_ONCE, DrawnInputs, RunInputs
from atmis.scenario.sweep import Value
from atmis.sweep.study import Study, case_values

_CACHED_INPUTS = 16


class WorkerContext:
    """Runs any range of the runs of a study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._direct = [(path, column) for path, column in study.columns.items() if path in study.direct]
        self._indirect = [(path, column) for path, column in study.columns.items() if path not in study.direct]
        self._drawn = {path: np.asarray(column) for path, column in study.drawn.items()}
        self._cache: dict[tuple[Any, ...], RunInputs] = {}
        self._memory: tuple[Ensemble, Scratch] | None = None

    def inputs(self, case: int) -> DrawnInputs:
        """The inputs of a case: parameters varied by the study are not drawn."""
        direct: dict[str, Value] = case_values(self._direct, case)
        base = self._base(case).with_values(direct) if direct else self._base(case)
        varied = {*self.study.values(case), *self._drawn}
        return DrawnInputs(base, varied, self._drawn, min(self.study.replicates, AT_ONCE))

    def _base(self, case: int) -> RunInputs:
        """The inputs of a case without the parameters that are written straight into the tables."""
        study = self.study
        key = (study.source_of[case], *(column[case] for _, column in self._indirect))
        if key not in self._cache:
            if len(self._cache) >= _CACHED_INPUTS:
                del self._cache[next(iter(self._cache))]
            scenario = study.sources[study.source_of[case]].with_values(case_values(self._indirect, case))
            self._cache[key] = RunInputs.of(scenario)
        return self._cache[key]

    def run(self, runs: range) -> Iterator[tuple[range, Ensemble]]:
        """Run a range of runs; yields an ensemble for each part with the same scenario, all in the same memory."""
        study, first = self.study, runs.start
        while first < runs.stop:
            scenario, last = self._base(first // study.replicates).scenario, first
            while last < runs.stop and self._base(last // study.replicates).scenario is scenario:
                last += 1
            part = range(first, last)
            yield part, self._simulate(part)
            first = last

    def _simulate(self, runs: range) -> Ensemble:
        """Run a range of runs of one scenario."""
        results, scratch = self._allocate(self._base(runs.start // self.study.replicates), len(runs))
        case, inputs = -1, None
        for row, run in enumerate(runs):
            if run // self.study.replicates != case:
                case = run // self.study.replicates
                inputs = self.inputs(case)
            assert inputs is not None
            replicate = run % self.study.replicates
            ensemble.run_into(results, row, inputs.of(replicate), replicate, scratch)
        return replace(results)  # the same memory, without cached sums of the last time

    def _allocate(self, inputs: RunInputs, runs: int) -> tuple[Ensemble, Scratch]:
        """Memory for results, reused from the last time where it fits."""
        fits = self._memory and self._memory[0].scenario is inputs.scenario and self._memory[0].replicates == runs
        if self._memory is None or not fits:
            self._memory = ensemble.blank(inputs, self.study.seed, runs), Scratch(inputs)
        return self._memory
