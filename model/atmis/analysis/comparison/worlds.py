"""Scenarios over many states of the world: points of a design, under each reading of the contested evidence.

The input has a row for each run, as in `summary.parquet` of a sweep. A reading is a choice of the group `evidence`
(single numbers of it that are varied count as parameters); a point is everything else that is varied. Values are arrays
[readings, points, replicates].
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from atmis.kernel.arrays import Floats, Ints
from atmis.runs.summary import HEADLINES
from atmis.sweep.chunk_tables import KEYS

EVIDENCE = "evidence"
NUMBERS = tuple(headline.name for headline in HEADLINES if headline.unit != "date")
Point = tuple[tuple[str, Any], ...]  # names and values of what is varied


@dataclass(frozen=True)
class Worlds:
    """Every numeric headline of each scenario, in the same states of the world and replicates."""

    readings: tuple[str, ...]  # of the evidence; a single one without a name where it is not varied
    points: tuple[Point, ...]  # what else is varied, the same under each reading
    replicates: tuple[int, ...]
    values: Mapping[str, Mapping[str, Floats]]  # by scenario and headline [readings, points, replicates]

    @classmethod
    def of_runs(cls, table: pa.Table, scenarios: Sequence[str]) -> "Worlds":
        """Arrange a table of runs by scenario, reading, point and replicate.

        Parameters
        ----------
        table : pyarrow.Table
            A row for each run: scenario, point, replicate, what is varied, and the headlines.
        scenarios : sequence of str
            Names of the scenarios, in the order to keep; all runs are of one of them.

        Raises
        ------
        ValueError
            When no replicate succeeded in all scenarios, at all points.
        """
        varied = [name for name in table.column_names if name not in KEYS and not _is_headline(name)]
        place, readings, points = _locate_points(table, varied)
        runs = np.unique(table["replicate"].to_numpy())
        at = (
            np.array([scenarios.index(name) for name in table["scenario"].to_pylist()]),
            *place[table["point"].to_numpy()].T,
            np.searchsorted(runs, table["replicate"].to_numpy()),
        )
        shape = (len(scenarios), len(readings), len(points), len(runs))
        present = np.zeros(shape, dtype=bool)
        present[at] = True
        common = present.all(axis=(0, 1, 2))
        if not common.any():
            raise ValueError("its scenarios have no replicates in common at all points")
        values: dict[str, dict[str, Floats]] = {name: {} for name in scenarios}
        for headline in NUMBERS:
            column = np.zeros(shape)
            column[at] = table[headline].to_numpy()
            for scenario, numbers in zip(scenarios, column[..., common], strict=True):
                values[scenario][headline] = numbers
        return cls(readings, points, tuple(runs[common].tolist()), values)

    def groups(self) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """States of the world that differ in a choice of a group: a name, and its indices of reading and point."""
        groups: dict[str, list[tuple[int, int]]] = {}
        for e, reading in enumerate(self.readings):
            for p, point in enumerate(self.points):
                chosen = [reading, *(str(value) for name, value in point if "." not in name)]
                groups.setdefault(" · ".join(name for name in chosen if name), []).append((e, p))
        yield from groups.items()


def _is_headline(name: str) -> bool:
    return any(headline.name == name for headline in HEADLINES)


def _locate_points(table: pa.Table, varied: Sequence[str]) -> tuple[Ints, tuple[str, ...], tuple[Point, ...]]:
    """Index of the reading and of the point of each point number [numbers, 2]; the readings; the points.

    Where the points differ between readings, evidence cannot be separated from parameters: then all are points.
    """
    numbers, first = np.unique(table["point"].to_numpy(), return_index=True)
    rows = table.select(varied).take(pa.array(first)).to_pylist() if varied else [{} for _ in numbers]
    states = {
        number: (str(row.get(EVIDENCE) or ""), _without_evidence(row)) for number, row in zip(numbers.tolist(), rows)
    }
    readings = tuple(dict.fromkeys(reading for reading, _ in states.values()))
    points = tuple(dict.fromkeys(point for _, point in states.values()))
    if len(states) != len(readings) * len(points):
        states = {number: ("", tuple(row.items())) for number, row in zip(numbers.tolist(), rows)}
        readings, points = ("",), tuple(point for _, point in states.values())
    index = {point: p for p, point in enumerate(points)}
    place = np.zeros((int(numbers.max()) + 1, 2), dtype=np.int64)
    for number, (reading, point) in states.items():
        place[number] = readings.index(reading), index[point]
    return place, readings, points


def _without_evidence(row: Mapping[str, Any]) -> Point:
    return tuple((name, value) for name, value in row.items() if name != EVIDENCE)
