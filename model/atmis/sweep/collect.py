"""The finished tables of a sweep: one file each, the same bytes however the work was divided and distributed."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from atmis.scenario.errors import InputError
from atmis.storage.files import read_sealed_json, remove, write_bytes, write_file
from atmis.storage.folders import MANIFEST
from atmis.storage.manifest import Provenance, file_faults, write_manifest
from atmis.storage.tables import save_csv, save_parquet, write_csv
from atmis.sweep import chunk_files, chunk_tables, identity
from atmis.sweep.loop import SweepOutcome
from atmis.sweep.study import Study, code_hash

SUMMARY, CASES, BANDS, FAILURES = "summary.parquet", "cases.csv", "bands.parquet", "failures.csv"
_ROWS_AT_ONCE = 5_000  # of summary.csv
_FILES_AT_ONCE = 20  # files of counts added up at a time


def collect(folder: Path, study: Study, outcome: SweepOutcome, provenance: Provenance) -> list[Path]:
    """Write the finished tables, and the manifest last; returns the files. Raises InputError."""
    remove(folder / MANIFEST)
    written = [folder / SUMMARY, folder / "summary.csv", folder / CASES, folder / BANDS, folder / FAILURES]
    table = summary(folder, study)
    save_parquet(written[0], iter([table]))
    write_file(written[1], lambda file: _write_in_parts(file, table))
    save_csv(written[2], _case_columns(study))
    save_parquet(written[3], iter([bands(folder)]))
    write_failures(folder, outcome)
    entries = {
        "sweep": study.name,
        "identity": study.identity,
        "code": code_hash(),
        "scenarios": list(dict.fromkeys(source.scenario for source in study.sources)),
        "seed": study.seed,
        "cases": study.cases,
        "replicates": outcome.replicates,
        "runs": table.num_rows,
        "failed": 0 if outcome.failures is None else outcome.failures.num_rows,
        "half_width": outcome.half_width,
    }
    return write_manifest(folder, "sweep", entries, written, provenance)


def read_finished(folder: Path) -> tuple[Study, dict[str, Any], dict[str, Any]]:
    """The study of a finished sweep, the settings stored with it, and its manifest. Raises InputError."""
    study, stored = identity.load(folder)
    if not (folder / MANIFEST).is_file():
        raise InputError(f"{folder} is not finished; `atmis resume {folder}` goes on with it")
    return study, stored, read_sealed_json(folder / MANIFEST)


def check_tables(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raise InputError when a table of a finished sweep is missing or damaged."""
    faults = file_faults(folder, manifest)
    if faults:
        raise InputError(f"{folder / faults[0]}; `atmis resume {folder}` writes it again")


def _write_in_parts(file: BinaryIO, table: pa.Table) -> None:
    """Write a long table as CSV, some rows at a time: Python's numbers take much memory."""
    for part in range(0, max(table.num_rows, 1), _ROWS_AT_ONCE):
        rows = table.slice(part, _ROWS_AT_ONCE)
        write_csv(file, {name: _csv_column(rows[name]) for name in table.column_names}, heading=part == 0)


def write_failures(folder: Path, outcome: SweepOutcome) -> None:
    """Write the table of failed runs, even if it is empty."""
    write_bytes(folder / FAILURES, _failures_csv(outcome.failures))


def summary(folder: Path, study: Study) -> pa.Table:
    """A row for each run, in order: its keys, its parameters, and every headline."""
    table = chunk_files.read(chunk_files.files(folder, chunk_files.SUMMARY))
    if table is None:
        raise ValueError("no run has succeeded")
    table = chunk_tables.decode_dictionaries(table).sort_by("run")
    case = table["run"].to_numpy() // study.replicates
    index = len(chunk_tables.KEYS)
    for name, column in {**study.labels, **study.columns}.items():
        table = table.add_column(index, name, pa.array(column).take(pa.array(case)))
        index += 1
    return table.combine_chunks()


def bands(folder: Path) -> pa.Table:
    """Quantiles over the runs of each scenario by month, zone group and indicator."""
    total: pa.Table | None = None
    files = chunk_files.files(folder, chunk_files.COUNTS)
    for start in range(0, len(files), _FILES_AT_ONCE):
        part = chunk_files.read(files[start : start + _FILES_AT_ONCE])
        total = chunk_tables.merge_counts([table for table in (total, part) if table is not None])
    assert total is not None
    return chunk_tables.bands(total)


def _case_columns(study: Study) -> dict[str, Any]:
    """The columns of the table of cases."""
    columns: dict[str, Sequence[Any]] = {
        "case": range(study.cases),
        "scenario": [study.scenario_of(case) for case in range(study.cases)],
        "point": study.point_of,
        **study.labels,
        **study.columns,
    }
    return {name: np.array(list(column), dtype=object) for name, column in columns.items()}


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
