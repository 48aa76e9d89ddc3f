"""What a worker keeps from run to run of a study: the inputs of its cases, and memory for results."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from atmis.runs import ensemble
from atmis.runs.ensemble import Ensemble, Scratch
from atmis.runs.inputs import AT_ONCE, DrawnInputs, RunInputs
from atmis.scenario.sweep import Value
from atmis.sweep.study import Study, given

_KEPT_INPUTS = 16


class WorkerContext:
    """Runs any range of the runs of a study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._direct = [(path, column) for path, column in study.columns.items() if path in study.direct]
        self._rest = [(path, column) for path, column in study.columns.items() if path not in study.direct]
        self._more = {path: np.asarray(column) for path, column in study.drawn.items()}
        self._kept: dict[tuple[Any, ...], RunInputs] = {}
        self._memory: tuple[Ensemble, Scratch] | None = None

    def inputs(self, case: int) -> DrawnInputs:
        """The inputs of a case: what is varied on purpose is not drawn."""
        direct: dict[str, Value] = given(self._direct, case)
        base = self._base(case).with_values(direct) if direct else self._base(case)
        varied = {*self.study.values(case), *self._more}
        return DrawnInputs(base, varied, self._more, min(self.study.replicates, AT_ONCE))

    def _base(self, case: int) -> RunInputs:
        """The inputs of a case but for the parameters that are put straight into the tables."""
        study = self.study
        key = (study.source_of[case], *(column[case] for _, column in self._rest))
        if key not in self._kept:
            if len(self._kept) >= _KEPT_INPUTS:
                del self._kept[next(iter(self._kept))]
            scenario = study.sources[study.source_of[case]].with_values(given(self._rest, case))
            self._kept[key] = RunInputs.of(scenario)
        return self._kept[key]

    def run(self, runs: range) -> Iterator[tuple[range, Ensemble]]:
        """Runs of one scenario, as ensembles of those that share inputs; memory of one is used for the next."""
        study, first = self.study, runs.start
        while first < runs.stop:
            scenario, last = self._base(first // study.replicates).scenario, first
            while last < runs.stop and self._base(last // study.replicates).scenario is scenario:
                last += 1
            part = range(first, last)
            yield part, self._simulate(part)
            first = last

    def _simulate(self, runs: range) -> Ensemble:
        results, scratch = self._space(self._base(runs.start // self.study.replicates), len(runs))
        case, inputs = -1, None
        for row, run in enumerate(runs):
            if run // self.study.replicates != case:
                case = run // self.study.replicates
                inputs = self.inputs(case)
            assert inputs is not None
            replicate = run % self.study.replicates
            ensemble.run_into(results, row, inputs.of(replicate), replicate, scratch)
        return replace(results)  # the same memory, without sums of the last time

    def _space(self, inputs: RunInputs, runs: int) -> tuple[Ensemble, Scratch]:
        """Memory for results, that of the last time where it fits."""
        fits = self._memory and self._memory[0].scenario is inputs.scenario and self._memory[0].replicates == runs
        if self._memory is None or not fits:
            self._memory = ensemble.blank(inputs, self.study.seed, runs), Scratch(inputs)
        return self._memory
