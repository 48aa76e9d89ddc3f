"""Scenarios over many states of the world: points of a design, under each reading of the contested evidence.

What is read: a row for each run, as in `summary.parquet` of a sweep. A reading is a choice of the group `evidence` (its
numbers, where they are varied by themselves, count as parameters); a point is all else that is varied. Values stand in
arrays [readings, points, replicates].
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from atmis.kernel.arrays import Floats
from atmis.runs.summary import HEADLINES
from atmis.sweep.chunk_tables import KEYS

EVIDENCE = "evidence"
NUMBERS = tuple(headline.name for headline in HEADLINES if headline.unit != "date")
Point = tuple[tuple[str, Any], ...]  # names and values of what is varied


@dataclass(frozen=True)
class Worlds:
    """Every number of the summary, of each scenario in the same states of the world and replicates."""

    readings: tuple[str, ...]  # of the evidence; a single one without a name where it is not varied
    points: tuple[Point, ...]  # what else is varied, the same under each reading
    replicates: tuple[int, ...]
    values: Mapping[str, Mapping[str, Floats]]  # by scenario and headline [readings, points, replicates]

    @classmethod
    def of_runs(cls, table: pa.Table, scenarios: Sequence[str]) -> "Worlds":
        """Read from rows of runs of some scenarios. Raises ValueError when these have no replicates in common."""
        told = [name for name in table.column_names if name not in KEYS and not _is_headline(name)]
        place, readings, points = _places(table, told)
        runs = np.unique(table["replicate"].to_numpy())
        at = (
            np.array([scenarios.index(name) for name in table["scenario"].to_pylist()]),
            *place[table["point"].to_numpy()].T,
            np.searchsorted(runs, table["replicate"].to_numpy()),
        )
        shape = (len(scenarios), len(readings), len(points), len(runs))
        there = np.zeros(shape, dtype=bool)
        there[at] = True
        common = there.all(axis=(0, 1, 2))
        if not common.any():
            raise ValueError("its scenarios have no replicates in common at all points")
        values: dict[str, dict[str, Floats]] = {name: {} for name in scenarios}
        for headline in NUMBERS:
            column = np.zeros(shape)
            column[at] = table[headline].to_numpy()
            for scenario, found in zip(scenarios, column[..., common], strict=True):
                values[scenario][headline] = found
        return cls(readings, points, tuple(runs[common].tolist()), values)

    def groups(self) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """States of the world that differ in a choice of a group: their name, and places of reading and point."""
        found: dict[str, list[tuple[int, int]]] = {}
        for e, reading in enumerate(self.readings):
            for p, point in enumerate(self.points):
                chosen = [reading, *(str(value) for name, value in point if "." not in name)]
                found.setdefault(" · ".join(name for name in chosen if name), []).append((e, p))
        yield from found.items()


def _is_headline(name: str) -> bool:
    return any(headline.name == name for headline in HEADLINES)


def _places(table: pa.Table, told: Sequence[str]) -> tuple[Any, tuple[str, ...], tuple[Point, ...]]:
    """Places of each point number [numbers, 2] among readings and points; readings; points.

    Where the points are not the same under each reading, readings cannot be told apart: all is points then.
    """
    numbers, first = np.unique(table["point"].to_numpy(), return_index=True)
    rows = table.select(told).take(pa.array(first)).to_pylist() if told else [{} for _ in numbers]
    kinds = {number: (str(row.get(EVIDENCE) or ""), _rest(row)) for number, row in zip(numbers.tolist(), rows)}
    readings = tuple(dict.fromkeys(reading for reading, _ in kinds.values()))
    points = tuple(dict.fromkeys(point for _, point in kinds.values()))
    if len(kinds) != len(readings) * len(points):
        kinds = {number: ("", tuple(row.items())) for number, row in zip(numbers.tolist(), rows)}
        readings, points = ("",), tuple(point for _, point in kinds.values())
    index = {point: p for p, point in enumerate(points)}
    place = np.zeros((int(numbers.max()) + 1, 2), dtype=np.int64)
    for number, (reading, point) in kinds.items():
        place[number] = readings.index(reading), index[point]
    return place, readings, points


def _rest(row: Mapping[str, Any]) -> Point:
    return tuple((name, value) for name, value in row.items() if name != EVIDENCE)
