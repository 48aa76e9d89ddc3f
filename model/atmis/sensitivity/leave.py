"""What an analysis leaves on disk: a tidy table, and what is needed to make it again."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from atmis.comparison.tables import table
from atmis.files import put, put_bytes
from atmis.manifest import Provenance, manifest
from atmis.store import write_csv, write_parquet


def leave(
    name: str, rows: Sequence[Any], kind: type, folder: Path, about: Mapping[str, Any], provenance: Provenance
) -> list[Path]:
    """Write rows of one dataclass as name.csv and name.parquet, and the manifest last; returns the files."""
    made = table(rows, kind)
    columns = {column: np.array(made[column].to_pylist(), dtype=object) for column in made.column_names}
    written = [folder / f"{name}.csv", folder / f"{name}.parquet"]
    put(written[0], lambda file: write_csv(file, columns))
    put(written[1], lambda file: write_parquet(file, iter([made])))
    put_bytes(folder / "manifest.json", manifest(about, written, provenance))
    return [*written, folder / "manifest.json"]
