"""Ensembles read back from the series of a sweep, for figures by month and zone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atmis.kernel.recorder import NAMES
from atmis.runs.ensemble import Ensemble, blank
from atmis.sweep import chunk_files, chunk_tables
from atmis.sweep.context import WorkerContext
from atmis.sweep.study import Study


def read_ensembles(folder: Path, study: Study, most: int = 200) -> dict[str, Ensemble]:
    """Ensembles by scenario of a study with one point, all of the same replicates, at most `most`.

    Of the indicators only `chunk_tables.SERIES` are filled; days, bases and events are empty. The result is empty where
    the study has several points, or where no series are kept.
    """
    if len(set(study.point_of)) > 1 or study.labels or study.columns:
        return {}
    files = chunk_files.files(folder, chunk_files.MONTHLY)
    stored = [_replicates(study, files, case) for case in range(study.cases)]
    shared = sorted(set(stored[0]).intersection(*stored))[:most] if stored else []
    if not shared:
        return {}
    context = WorkerContext(study)
    return {study.scenario_of(case): _read(context, files, case, shared) for case in range(study.cases)}


def _replicates(study: Study, files: Sequence[chunk_files.ChunkFile], case: int) -> list[int]:
    """The replicates of a case whose series are stored."""
    table = chunk_files.read(_files_of_case(study, files, case), study.identity, ["run"])
    runs = [] if table is None else pc.unique(table["run"]).to_pylist()
    return [run % study.replicates for run in runs if run // study.replicates == case]


def _files_of_case(study: Study, files: Sequence[chunk_files.ChunkFile], case: int) -> list[chunk_files.ChunkFile]:
    """The files that hold runs of a case."""
    first, end = case * study.replicates, (case + 1) * study.replicates
    return [file for file in files if file.runs.start < end and file.runs.stop > first]


def _read(
    context: WorkerContext, files: Sequence[chunk_files.ChunkFile], case: int, replicates: Sequence[int]
) -> Ensemble:
    study = context.study
    ensemble = blank(context.inputs(case).base, study.seed, len(replicates))
    runs = np.array(replicates) + case * study.replicates
    table = chunk_files.read(_files_of_case(study, files, case), study.identity)
    assert table is not None
    rows = table.filter(pc.is_in(table["run"], pa.array(runs, table.schema.field("run").type)))
    shape = (len(replicates), *ensemble.monthly.shape[1:3])
    for name in chunk_tables.SERIES:
        ensemble.monthly[..., NAMES.index(name)] = rows[name].to_numpy().reshape(shape)
    return ensemble
