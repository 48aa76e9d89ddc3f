"""A study: scenarios x points of a design x replicates, numbered consecutively as runs.

A case is a scenario at a point of the design. Run number: case x replicates + replicate. A study is plain data: another
process or machine can rebuild it from its folder and run any range of runs to the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from atmis.runs.patterns import Patterns
from atmis.scenario.source import ScenarioSource
from atmis.scenario.sweep import Value

V = TypeVar("V")

# Source files and folders that the numbers of a sweep depend on.
_SOURCES = (
    "kernel",
    "scenario",
    "runs",
    "sweep/design.py",
    "sweep/study.py",
    "sweep/context.py",
    "sweep/chunk_tables.py",
)


@dataclass(frozen=True)
class Study:
    """What is to be run."""

    name: str
    seed: int
    replicates: int  # of each case; with a precision: at most
    sources: Sequence[ScenarioSource]
    source_of: Sequence[int]  # of each case
    point_of: Sequence[int]  # of each case: number of its point in the design
    columns: Mapping[str, Sequence[Value | None]]  # value of each parameter in each case; None: as composed
    labels: Mapping[str, Sequence[str | None]] = field(default_factory=dict)  # choices of groups, by case
    direct: frozenset[str] = field(default_factory=frozenset)  # parameters that can be written straight into the tables
    drawn: Mapping[str, Sequence[float]] = field(default_factory=dict)  # by replicate, repeated in turn; direct too
    patterns: Patterns | None = None  # stored for each run, if any

    @property
    def cases(self) -> int:
        """Number of cases."""
        return len(self.source_of)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.cases * self.replicates

    def values(self, case: int) -> dict[str, Value]:
        """The parameters of a case."""
        return case_values(self.columns.items(), case)

    def labels_of(self, case: int) -> dict[str, str]:
        """The choices of groups of a case."""
        return case_values(self.labels.items(), case)

    def scenario_of(self, case: int) -> str:
        """Name of the scenario of a case."""
        return self.sources[self.source_of[case]].scenario

    def content(self) -> dict[str, Any]:
        """Everything that its numbers depend on except the code, as plain data."""
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
        """Hash of the study and of the code that its numbers depend on: 16 hexadecimal digits."""
        text = json.dumps(self.content(), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(f"{code_hash()}\n{text}".encode()).hexdigest()[:16]

    @classmethod
    def of_content(cls, name: str, content: Mapping[str, Any]) -> "Study":
        """A study from its `content`."""
        sources = [ScenarioSource(source["scenario"], source["data"]) for source in content["sources"]]
        keys = ("seed", "replicates", "source_of", "point_of", "columns", "labels", "drawn")
        rest = {key: content[key] for key in keys}
        patterns = Patterns.of_content(content["patterns"]) if content["patterns"] else None
        return cls(name=name, sources=sources, direct=frozenset(content["direct"]), patterns=patterns, **rest)


def case_values(columns: Iterable[tuple[str, Sequence[V | None]]], case: int) -> dict[str, V]:
    """The values that a case sets, by name of the column."""
    values = ((name, column[case]) for name, column in columns)
    return {name: value for name, value in values if value is not None}


def source_files(path: Path) -> Iterable[Path]:
    """A source file, or all source files of a folder."""
    return path.rglob("*.py") if path.is_dir() else [path]


@cache
def code_hash(*more: str) -> str:
    """Hash of all source files that the numbers of a sweep depend on, and of `more` packages: 16 hexadecimal digits."""
    digest, package = hashlib.sha256(), Path(__file__).parents[1]
    for path in sorted(file for name in (*_SOURCES, *more) for file in source_files(package / name)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
