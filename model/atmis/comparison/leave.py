"""What a comparison leaves on disk: tidy tables, and what is needed to make them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from atmis.comparison.differences import Difference, compare
from atmis.comparison.openings import Opening, openings
from atmis.comparison.spillover import Spillover, spillovers
from atmis.comparison.survival import Held, holding
from atmis.comparison.tables import table
from atmis.ensemble import Ensemble
from atmis.files import put, put_bytes
from atmis.manifest import Provenance, manifest
from atmis.store import write_csv, write_parquet


@dataclass(frozen=True)
class Comparison:
    """Ensembles compared with a baseline: rows of every kind."""

    ensembles: Mapping[str, Ensemble]
    baseline: str
    differences: Sequence[Difference]
    spillovers: Sequence[Spillover]
    openings: Sequence[Opening]
    held: Sequence[Held]

    @classmethod
    def of(cls, ensembles: Mapping[str, Ensemble], baseline: str) -> "Comparison":
        """Compare. Raises ValueError when there are no replicates in common."""
        rows = compare(ensembles, baseline)
        return cls(ensembles, baseline, rows, spillovers(ensembles, baseline), openings(ensembles), holding(ensembles))

    def tables(self) -> dict[str, pa.Table]:
        """The tables by name."""
        return {
            "comparison": table(self.differences, Difference),
            "spillover": table(self.spillovers, Spillover),
            "openings": table(self.openings, Opening),
            "survival": table(self.held, Held),
        }


def leave(comparison: Comparison, folder: Path, provenance: Provenance) -> list[Path]:
    """Write the tables as CSV, the differences as Parquet too, and the manifest last; returns the files."""
    written = []
    for name, made in comparison.tables().items():
        columns = {column: np.array(made[column].to_pylist(), dtype=object) for column in made.column_names}
        written.append(folder / f"{name}.csv")
        put(written[-1], lambda file, columns=columns: write_csv(file, columns))  # type: ignore[misc]
        if name == "comparison":
            written.append(folder / f"{name}.parquet")
            put(written[-1], lambda file, made=made: write_parquet(file, iter([made])))  # type: ignore[misc]
    about = {
        "baseline": comparison.baseline,
        "compared": {name: one.scenario.scenario.name for name, one in comparison.ensembles.items()},
        "seed": comparison.ensembles[comparison.baseline].seed,
        "replicates": comparison.ensembles[comparison.baseline].replicates,
    }
    put_bytes(folder / "manifest.json", manifest(about, written, provenance))
    return [*written, folder / "manifest.json"]
