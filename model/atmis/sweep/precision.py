"""The precision of a sweep so far: the widest interval of a difference from the baseline."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from atmis.runs.interval import half_width
from atmis.sweep import chunk_files
from atmis.sweep.study import Study


class WidestInterval(NamedTuple):
    """The widest 95 % interval of a mean paired difference from the baseline, over all cases."""

    half_width: float
    case: int | None  # of the scenario that is compared; None where there is nothing to compare


def widest_interval(folder: Path, study: Study, headline: str, baseline: str, replicates: int) -> WidestInterval:
    """The widest interval of the first replicates that are stored."""
    table = chunk_files.read(chunk_files.files(folder, chunk_files.SUMMARY), study.identity, ["run", headline])
    values = np.full(study.runs, np.nan)
    if table is not None:
        values[table["run"].to_numpy()] = table[headline].to_numpy()
    by_case = values.reshape(study.cases, study.replicates)[:, :replicates]
    differences = ((k, by_case[k] - by_case[b]) for k, b in pairs(study, baseline))
    widths = [WidestInterval(half_width(paired[~np.isnan(paired)]), k) for k, paired in differences]
    return max(widths, key=lambda interval: interval.half_width, default=WidestInterval(0.0, None))


def pairs(study: Study, baseline: str) -> list[tuple[int, int]]:
    """Each case with the case of the baseline at the same point."""
    of_baseline = {study.point_of[k]: k for k in range(study.cases) if study.scenario_of(k) == baseline}
    others = [k for k in range(study.cases) if study.scenario_of(k) != baseline]
    return [(k, of_baseline[study.point_of[k]]) for k in others if study.point_of[k] in of_baseline]
