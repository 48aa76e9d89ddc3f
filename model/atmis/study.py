"""A study: scenarios x points of a design x replicates, numbered through as runs, and what a run of it needs.

A case is a scenario at a point of the design. Run number: case x replicates + replicate. A study is plain data: another
process or machine rebuilds it from its folder and runs any range of runs to the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from atmis import ensemble, state, world
from atmis.ensemble import Ensemble
from atmis.patterns import Patterns
from atmis.scenario.source import Source
from atmis.scenario.sweep import Value
from atmis.values import AT_ONCE, Built, Inputs, with_values

Values = dict[str, Value]
V = TypeVar("V")

# The modules that a number of a sweep goes through.
_NUMBERS = (
    "compiled", "luck", "state", "theatre", "calendar", "world", "recorder", "rules", "day", "scenario",
    "values", "ensemble", "patterns", "summary", "design", "study", "results",
)  # fmt: skip
_KEPT_BUILDS = 16


@dataclass(frozen=True)
class Study:
    """What is to be run."""

    name: str
    seed: int
    replicates: int  # of each case; with precision: at the most
    sources: Sequence[Source]
    source_of: Sequence[int]  # of each case
    point_of: Sequence[int]  # of each case: number of its point in the design
    columns: Mapping[str, Sequence[Value | None]]  # value of each parameter in each case; None: as composed
    labels: Mapping[str, Sequence[str | None]] = field(default_factory=dict)  # choices of groups, by case
    direct: frozenset[str] = field(default_factory=frozenset)  # parameters that can be put straight into the tables
    drawn: Mapping[str, Sequence[float]] = field(default_factory=dict)  # by replicate, over and over; direct too
    patterns: Patterns | None = None  # kept of each run, if any

    @property
    def cases(self) -> int:
        """Number of cases."""
        return len(self.source_of)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.cases * self.replicates

    def values(self, case: int) -> Values:
        """The parameters of a case."""
        return _given(self.columns.items(), case)

    def labels_of(self, case: int) -> dict[str, str]:
        """The choices of groups of a case."""
        return _given(self.labels.items(), case)

    def scenario_of(self, case: int) -> str:
        """Name of the scenario of a case."""
        return self.sources[self.source_of[case]].scenario

    def content(self) -> dict[str, Any]:
        """All that its numbers depend on but the code, as plain data."""
        return {
            "seed": self.seed,
            "replicates": self.replicates,
            "sources": [{"scenario": source.scenario, "data": source.data} for source in self.sources],
            "source_of": list(self.source_of),
            "point_of": list(self.point_of),
            "columns": {path: list(column) for path, column in self.columns.items()},
            "labels": {group: list(column) for group, column in self.labels.items()},
            "direct": sorted(self.direct),
            "drawn": {path: list(column) for path, column in self.drawn.items()},
            "patterns": self.patterns.content() if self.patterns else None,
        }

    @cached_property
    def identity(self) -> str:
        """Hash of the study and of the code that its numbers go through: 16 hexadecimal digits."""
        text = json.dumps(self.content(), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(f"{code_hash()}\n{text}".encode()).hexdigest()[:16]

    @classmethod
    def of_content(cls, name: str, content: Mapping[str, Any]) -> "Study":
        """A study read back."""
        sources = [Source(source["scenario"], source["data"]) for source in content["sources"]]
        kept = ("seed", "replicates", "source_of", "point_of", "columns", "labels", "drawn")
        rest = {key: content[key] for key in kept}
        patterns = Patterns.of_content(content["patterns"]) if content["patterns"] else None
        return cls(name=name, sources=sources, direct=frozenset(content["direct"]), patterns=patterns, **rest)


def _given(columns: Iterable[tuple[str, Sequence[V | None]]], case: int) -> dict[str, V]:
    """What a case says of each column."""
    told = ((name, column[case]) for name, column in columns)
    return {name: value for name, value in told if value is not None}


@cache
def code_hash(*more: str) -> str:
    """Hash of all source files that a number of a sweep goes through, and of `more` packages: 16 hexadecimal digits."""
    digest, package = hashlib.sha256(), Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if name.parts[0].removesuffix(".py") in (*_NUMBERS, *more):
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


# --- parameters ---


def built(source: Source, values: Mapping[str, Value]) -> Built:
    """A case as the rules read it. Raises InputError with the values that cannot be."""
    scenario = source.with_values(values)
    return scenario, *world.build(scenario)


# --- runs ---


class Desk:
    """What a worker keeps from run to run: builds of cases, and memory for results."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._direct = [(path, column) for path, column in study.columns.items() if path in study.direct]
        self._rest = [(path, column) for path, column in study.columns.items() if path not in study.direct]
        self._more = {path: np.asarray(column) for path, column in study.drawn.items()}
        self._builds: dict[tuple[Any, ...], Built] = {}
        self._room: Any = ()

    def inputs(self, case: int) -> Inputs:
        """A case as the rules read it: what is varied on purpose is not drawn."""
        direct: Values = _given(self._direct, case)
        made = with_values(self._build(case), direct) if direct else self._build(case)
        varied = {*self.study.values(case), *self._more}
        return Inputs(made, varied, self._more, min(self.study.replicates, AT_ONCE))

    def _build(self, case: int) -> Built:
        """A case but for the parameters that are put straight into the records."""
        study = self.study
        key = (study.source_of[case], *(column[case] for _, column in self._rest))
        if key not in self._builds:
            if len(self._builds) >= _KEPT_BUILDS:
                del self._builds[next(iter(self._builds))]
            self._builds[key] = built(study.sources[study.source_of[case]], _given(self._rest, case))
        return self._builds[key]

    def run(self, runs: range) -> Iterator[tuple[range, Ensemble]]:
        """Runs of one scenario, as ensembles of those that share a build; memory of one is used for the next."""
        study, first = self.study, runs.start
        while first < runs.stop:
            scenario, last = self._build(first // study.replicates)[0], first
            while last < runs.stop and self._build(last // study.replicates)[0] is scenario:
                last += 1
            part = range(first, last)
            yield part, self._simulate(part)
            first = last

    def _simulate(self, runs: range) -> Ensemble:
        made, scratch = self._space(self._build(runs.start // self.study.replicates), len(runs))
        case, inputs = -1, None
        for row, run in enumerate(runs):
            if run // self.study.replicates != case:
                case = run // self.study.replicates
                inputs = self.inputs(case)
            assert inputs is not None
            replicate = run % self.study.replicates
            _, world_, start = inputs.of(replicate)
            ensemble.run_into(made, row, world_, start, replicate, scratch)
        return replace(made)  # the same memory, without sums of the last time

    def _space(self, made: Built, runs: int) -> tuple[Ensemble, Any]:
        """Room for results, that of the last time where it fits."""
        scenario, world_, start = made
        if not self._room or self._room[0].scenario is not scenario or self._room[0].replicates != runs:
            room = ensemble.blank(scenario, self.study.seed, world_, start, runs)
            self._room = (room, ensemble.Scratch(world_, start))
        return self._room


def shape(made: Built) -> tuple[Any, ...]:
    """What the tables of results depend on: it must be the same for all cases of a scenario."""
    scenario, world_, start = made
    return (
        scenario.period.start,
        scenario.period.end,
        tuple(scenario.theatre.zones),
        tuple(scenario.theatre.bases),
        len(start.contingents),
        len(world_.diary),
        state.STANDINGS,
    )
