"""What an analysis leaves on disk: tidy tables, and what is needed to make it again."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from atmis.comparison.tables import table
from atmis.files import put, put_bytes
from atmis.manifest import Provenance, manifest
from atmis.store import write_csv, write_parquet

Rows = tuple[Sequence[Any], type]  # of one dataclass


def leave(tables: Mapping[str, Rows], folder: Path, about: Mapping[str, Any], provenance: Provenance) -> list[Path]:
    """Write each table as name.csv and name.parquet, and the manifest last; returns the files."""
    written = write(tables, folder)
    put_bytes(folder / "manifest.json", manifest(about, written, provenance))
    return [*written, folder / "manifest.json"]


def write(tables: Mapping[str, Rows], folder: Path) -> list[Path]:
    """Write each table as name.csv and name.parquet; returns the files."""
    return [path for name, (rows, kind) in tables.items() for path in _table(folder / name, table(rows, kind))]


def _table(path: Path, made: pa.Table) -> list[Path]:
    columns = {name: np.array(made[name].to_pylist(), dtype=object) for name in made.column_names}
    put(path.with_suffix(".csv"), lambda file: write_csv(file, columns))
    put(path.with_suffix(".parquet"), lambda file: write_parquet(file, iter([made])))
    return [path.with_suffix(".csv"), path.with_suffix(".parquet")]
