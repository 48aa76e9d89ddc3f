"""A finished sweep read from its folder: the design, and every headline by scenario, point and replicate."""

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
from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.build import build_record
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.sweep import Sweep, SweepSettings, Value
from atmis.sweep import collect, design
from atmis.sweep.study import Study

ROUND_OFF = 1e-12  # of two numbers: nearer ones are equal, and what differs is how they were added up
# Headlines that can be analysed, and their units: those that are numbers.
HEADLINES = {headline.name: headline.unit for headline in summary.HEADLINES if headline.unit != "date"}


@dataclass(frozen=True)
class FinishedSweep:
    """A finished sweep: its study, its design, and a table of its runs."""

    folder: Path
    study: Study
    sweep: Sweep
    table: pa.Table  # a row for each run that succeeded

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order of the sweep."""
        return list(dict.fromkeys(source.scenario for source in self.study.sources))

    @cached_property
    def points(self) -> list[dict[str, Value]]:
        """Values of the parameters and groups at each point, by the number of the point."""
        values: dict[int, dict[str, Value]] = {}
        for case in range(self.study.cases):
            values.setdefault(self.study.point_of[case], {**self.study.labels_of(case), **self.study.values(case)})
        return [values[point] for point in range(len(values))]

    def rows_of_design(self) -> list[int]:
        """Number of the point of each row of a sampled design; equal rows are one point.

        Raises InputError when a row has no point.
        """
        number = {_key(point): k for k, point in enumerate(self.points)}
        rows = [number.get(_key(point)) for point in design.points(self.sweep, self.study.seed)]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            raise InputError(
                f"{self.folder}: its points are not those of its design alone; allowed: one design, without -m, "
                "made by the same version of atmis"
            )
        return known

    def level(self, scenario: str, headline: str) -> Floats:
        """Values of a headline of a scenario [points, replicates]; NaN where a run failed."""
        runs = self.table.filter(pc.equal(self.table["scenario"], scenario))
        values = np.full((len(self.points), self.study.replicates), np.nan)
        place = runs["point"].to_numpy(), runs["replicate"].to_numpy()
        values[place] = runs[headline].to_numpy().astype(float)
        return values

    def difference(self, scenario: str, baseline: str, headline: str) -> Floats:
        """Paired differences of a headline, scenario less baseline [points, replicates]."""
        one, other = self.level(scenario, headline), self.level(baseline, headline)
        return np.where(np.isclose(one, other, rtol=ROUND_OFF, atol=0.0), 0.0, one - other)


def read_sweep(folder: AnyPath) -> FinishedSweep:
    """Read a finished sweep from its folder.

    Raises
    ------
    InputError
        When the folder holds no finished sweep, or a file of it is damaged.
    """
    folder = as_path(folder)
    study, stored, manifest = collect.read_finished(folder)
    collect.check_tables(folder, manifest)
    settings = build_record(SweepSettings, stored["settings"])
    return FinishedSweep(folder, study, settings.sweep, pq.read_table(folder / collect.SUMMARY))


def complete(values: Floats) -> Floats:
    """Values [points, replicates] without the replicates in which any run failed. Raises InputError if none is left."""
    usable = values[:, np.isfinite(values).all(axis=0)]
    if not usable.shape[1]:
        raise InputError("in every replicate a run has failed; run the sweep again, or look at its failures.csv")
    return usable


def check_name(what: str, name: str, known: Sequence[str]) -> None:
    """Raise InputError when a name is not among the known ones; `what` says what it names."""
    if name not in known:
        raise InputError(f"{what}: there is no '{shorten(name)}'{suggest(name, known)}")


def _key(point: dict[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(point.items()))
