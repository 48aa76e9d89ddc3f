"""The finished tables of a sweep: one file each, the same bytes however the work was divided and distributed."""

import csv
import io
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.errors import InputError
from atmis.storage.files import read_sealed_json, remove, write_bytes, write_file
from atmis.storage.folders import MANIFEST
from atmis.storage.manifest import Provenance, file_faults, write_manifest
from atmis.storage.tables import save_parquet, save_tables, write_csv
from atmis.sweep import chunk_files, chunk_tables, identity
from atmis.sweep.chunk_files import ChunkFile
from atmis.sweep.faults import ChunkFaults
from atmis.sweep.loop import SweepOutcome
from atmis.sweep.study import Study, code_hash

SUMMARY, CASES, BANDS, FAILURES = "summary.parquet", "cases", "bands.parquet", "failures.csv"
_ROWS_AT_ONCE = 5_000  # of summary.csv
_FILES_AT_ONCE = 20  # files of counts added up at a time


def collect(folder: Path, study: Study, outcome: SweepOutcome, provenance: Provenance) -> list[Path]:
    """Write the finished tables, and the manifest last; returns the files.

    Raises
    ------
    InputError
        When a file cannot be written.
    IncompleteError
        When the stored runs and those that failed are not all runs.
    """
    remove(folder / MANIFEST)
    files = chunk_files.files(folder)  # one listing for all tables
    if not _of_kind(files, chunk_files.SUMMARY) or not _of_kind(files, chunk_files.COUNTS):
        raise chunk_files.incomplete(folder, "no run is stored")
    table, failed = summary(files, study), _of_kind(files, chunk_files.FAILURES)
    _check_runs(folder, study, table, sum(len(file.runs) for file in failed), outcome.replicates)
    counted = bands(files, study)
    _check_bands(folder, table, counted)
    written = [save_parquet(folder / SUMMARY, iter([table])), folder / "summary.csv"]
    write_file(written[1], lambda file: _write_in_parts(file, table))
    written += save_tables(folder, {CASES: _cases(study)})
    written += [save_parquet(folder / BANDS, iter([counted])), folder / FAILURES]
    write_bytes(written[-1], _failures_csv(chunk_files.read(failed, study.identity)))
    entries = {
        "sweep": study.name,
        "identity": study.identity,
        "code": code_hash(),
        "scenarios": list(dict.fromkeys(source.scenario for source in study.sources)),
        "seed": study.seed,
        "cases": study.cases,
        "replicates": outcome.replicates,
        "runs": table.num_rows,
        "failed": sum(len(file.runs) for file in failed),
        "half_width": outcome.widest and outcome.widest.half_width,
    }
    return write_manifest(folder, "sweep", entries, written, provenance)


def _check_runs(folder: Path, study: Study, table: pa.Table, failed: int, replicates: int) -> None:
    """Raise IncompleteError when the rows, each run once, and the failed runs are not all runs."""
    expected, stored = study.cases * replicates, len(np.unique(table["run"].to_numpy()))
    if table.num_rows != stored or stored + failed != expected:
        what = f"{stored:,} runs are stored and {failed:,} have failed, of {expected:,}"
        raise chunk_files.incomplete(folder, what)


def _check_bands(folder: Path, table: pa.Table, counted: pa.Table) -> None:
    """Raise IncompleteError when a quantile is not over all stored runs of its scenario."""
    by_scenario = table.group_by("scenario").aggregate([("run", "count")]).to_pylist()
    runs = {row["scenario"]: row["run_count"] for row in by_scenario}
    expected = np.array([runs.get(name, 0) for name in counted["scenario"].to_pylist()])
    if not np.array_equal(counted["runs"].to_numpy(), expected):
        raise chunk_files.incomplete(folder, f"{BANDS} would not be over all runs that {SUMMARY} holds")


def confirm(folder: Path, study: Study, every: int) -> None:
    """Check, at the very end, that a finished folder holds all that its manifest stands for.

    `every`: for every how many replicates the series are kept. Raises IncompleteError when it does not; then the
    folder is not finished, and has no manifest.
    """
    manifest = read_sealed_json(folder / MANIFEST)
    faults = ChunkFaults(folder, study, every)
    missing = faults.missing_runs(manifest["replicates"])
    lacks = [f"{missing:,} runs are missing since it was finished"] if missing else []
    lacks += [*faults.sentences, *file_faults(folder, manifest)]
    if lacks:
        remove(folder / MANIFEST)
        raise chunk_files.incomplete(folder, lacks[0])


def read_finished(folder: AnyPath) -> tuple[Study, dict[str, Any], dict[str, Any]]:
    """The study of a finished sweep, the settings stored with it, and its manifest.

    Raises InputError when it is not finished, or lacks runs.
    """
    folder = as_path(folder)
    study, stored = identity.load(folder)
    if not (folder / MANIFEST).is_file():
        raise InputError(f"{folder} is not finished; `atmis resume {shlex.quote(str(folder))}` goes on with it")
    manifest = read_sealed_json(folder / MANIFEST)
    expected, known = study.cases * manifest["replicates"], manifest["runs"] + manifest["failed"]
    if known != expected:
        raise chunk_files.incomplete(folder, f"its tables hold {known:,} of {expected:,} runs")
    return study, stored, manifest


def check_tables(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raise InputError when a table of a finished sweep is missing or damaged."""
    faults = file_faults(folder, manifest)
    if faults:
        raise InputError(f"{folder / faults[0]}; `atmis resume {shlex.quote(str(folder))}` writes it again")


def _write_in_parts(file: BinaryIO, table: pa.Table) -> None:
    """Write a long table as CSV, some rows at a time: Python's numbers take much memory."""
    for part in range(0, max(table.num_rows, 1), _ROWS_AT_ONCE):
        rows = table.slice(part, _ROWS_AT_ONCE)
        write_csv(file, {name: _csv_column(rows[name]) for name in table.column_names}, heading=part == 0)


def write_failures(folder: Path, outcome: SweepOutcome) -> None:
    """Write the table of failed runs, even if it is empty."""
    write_bytes(folder / FAILURES, _failures_csv(outcome.failures))


def summary(files: Sequence[ChunkFile], study: Study) -> pa.Table:
    """A row for each run of some chunks, in order: its keys, its parameters, and every headline."""
    table = chunk_files.read(_of_kind(files, chunk_files.SUMMARY), study.identity)
    assert table is not None
    table = chunk_tables.decode_dictionaries(table).sort_by("run")
    case = table["run"].to_numpy() // study.replicates
    index = len(chunk_tables.KEYS)
    for name, column in {**study.labels, **study.columns}.items():
        table = table.add_column(index, name, pa.array(column).take(pa.array(case)))
        index += 1
    return table.combine_chunks()


def bands(files: Sequence[ChunkFile], study: Study) -> pa.Table:
    """Quantiles over the runs of each scenario in some chunks, by month, zone group and indicator."""
    total: pa.Table | None = None
    counts = _of_kind(files, chunk_files.COUNTS)
    for start in range(0, len(counts), _FILES_AT_ONCE):
        part = chunk_files.read(counts[start : start + _FILES_AT_ONCE], study.identity)
        total = chunk_tables.merge_counts([table for table in (total, part) if table is not None])
    assert total is not None
    return chunk_tables.bands(total)


def _of_kind(files: Sequence[ChunkFile], kind: str) -> list[ChunkFile]:
    return [file for file in files if file.kind == kind]


def _cases(study: Study) -> pa.Table:
    """The table of cases: what is varied in each."""
    columns: dict[str, Sequence[Any]] = {
        "case": range(study.cases),
        "scenario": [study.scenario_of(case) for case in range(study.cases)],
        "point": study.point_of,
        **study.labels,
        **study.columns,
    }
    return pa.table({name: pa.array(column) for name, column in columns.items()})


def _failures_csv(table: pa.Table | None) -> bytes:
    """The failed runs as CSV; only the heading when there are none."""
    names = ["run", "scenario", "point", "replicate", "parameters", "kind", "message", "replay"]
    if table is None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(names)
        return text.getvalue().encode()
    buffer = io.BytesIO()
    write_csv(buffer, {name: _csv_column(table[name]) for name in names})
    return buffer.getvalue()


def _csv_column(column: pa.ChunkedArray) -> Any:
    """A column as `write_csv` takes it."""
    is_number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    return column.to_numpy() if is_number and not column.null_count else np.array(column.to_pylist(), dtype=object)
