"""A finished sweep read back: its design, and every headline by scenario, point and replicate."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atmis.kernel.arrays import Floats
from atmis.runs import summary
from atmis.scenario.build import checked
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.scenario.sweep import Sweep, SweepSettings, Value
from atmis.sweep import collect, design
from atmis.sweep.study import Study

# Headlines that can be analysed, and their units: those that are numbers.
HEADLINES = {one.name: one.unit for one in summary.HEADLINES if one.unit != "date"}


@dataclass(frozen=True)
class Finished:
    """A finished sweep."""

    folder: Path
    study: Study
    sweep: Sweep
    table: pa.Table  # a row for each run that succeeded

    @property
    def scenarios(self) -> list[str]:
        """Names of its scenarios, in its order."""
        return list(dict.fromkeys(source.scenario for source in self.study.sources))

    @cached_property
    def points(self) -> list[dict[str, Value]]:
        """What each point says of the parameters, groups too, by the number of the point."""
        found: dict[int, dict[str, Value]] = {}
        for case in range(self.study.cases):
            found.setdefault(self.study.point_of[case], {**self.study.labels_of(case), **self.study.values(case)})
        return [found[point] for point in range(len(found))]

    def rows_of_design(self) -> list[int]:
        """The number of the point that each row of a sampled design is. Raises InputError when one is missing.

        Rows that say the same are one point.
        """
        number = {_key(point): k for k, point in enumerate(self.points)}
        rows = [number.get(_key(point)) for point in design.points(self.sweep, self.study.seed)]
        found = [row for row in rows if row is not None]
        if len(found) < len(rows):
            raise InputError(
                f"{self.folder}: its points are not those of its design alone; allowed: one design, without -m, "
                "made by the same version of atmis"
            )
        return found

    def level(self, scenario: str, headline: str) -> Floats:
        """A headline of a scenario [points, replicates], NaN where a run failed."""
        mine = self.table.filter(pc.equal(self.table["scenario"], scenario))
        values = np.full((len(self.points), self.study.replicates), np.nan)
        place = mine["point"].to_numpy(), mine["replicate"].to_numpy()
        values[place] = mine[headline].to_numpy().astype(float)
        return values

    def difference(self, scenario: str, baseline: str, headline: str) -> Floats:
        """Scenario less baseline [points, replicates], pair by pair."""
        return self.level(scenario, headline) - self.level(baseline, headline)


def read(folder: Path) -> Finished:
    """The finished sweep of a folder. Raises InputError when there is none, or when a file of it is damaged."""
    study, stored, told = collect.finished(folder)
    collect.check_tables(folder, told)
    settings = checked(SweepSettings, stored["settings"])
    return Finished(folder, study, settings.sweep, pq.read_table(folder / collect.SUMMARY))


def complete(values: Floats) -> Floats:
    """Without the replicates in which any run failed [points, replicates]. Raises InputError when none is left."""
    kept = values[:, np.isfinite(values).all(axis=0)]
    if not kept.shape[1]:
        raise InputError("in every replicate a run has failed; run the sweep again, or look at its failures.csv")
    return kept


def check_name(what: str, name: str, known: Sequence[str]) -> None:
    """Raise InputError when a name is none of those that there are."""
    if name not in known:
        raise InputError(f"{what}: there is no '{shortened(name)}'{nearest(name, known)}")


def _key(point: dict[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(point.items()))
