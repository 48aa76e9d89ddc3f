"""What a comparison leaves on disk: tidy tables, and what is needed to make them again.

results/compare/<baseline>_and_<n>_more/<time>/ holds

| File | What |
|---|---|
| `comparison.csv`, `.parquet` | a row for each scenario, indicator, zone group and period, see `differences.COLUMNS`; every number that a sentence or figure gives of a difference stands here |
| `spillover.csv`, `openings.csv`, `survival.csv` | a row for each `Spillover`, `Opening` and `Held` |
| `figures/*.png`, `*.svg` | the figures, see `atmis.plots.compared` |
| `figures/figures.json` | the figures in the order to show them: a list of `{"file": name without suffix, "title", "caption": explains bands and marks, "alt": what it shows, in numbers}` |
| `manifest.json` | written last: command, versions, the composed configuration, `baseline` (a name), and `compared` |

`compared` in the manifest tells of each name under which something is compared, in the order of the tables, the
baseline first: `scenario` (its name), `seed`, `replicates`, `config` (as composed, without the block `theatre`, to be
set against that of `planned`), `from_folder` (whether a folder of results was named, and not the scenario).
"""  # noqa: E501

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from atmis.comparison.differences import Difference, compare
from atmis.comparison.openings import Opening, openings
from atmis.comparison.spillover import Spillover, spillovers
from atmis.comparison.survival import Held, holding
from atmis.comparison.tables import table
from atmis.ensemble import Ensemble
from atmis.files import put, put_bytes
from atmis.manifest import Provenance, manifest, shareable_config
from atmis.store import write_csv, write_parquet


@dataclass(frozen=True)
class Source:
    """Where one of the ensembles comes from."""

    config: Mapping[str, Any]  # as composed
    from_folder: bool = False


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


def leave(comparison: Comparison, folder: Path, provenance: Provenance, sources: Mapping[str, Source]) -> list[Path]:
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
        "compared": {name: _told(one, sources[name]) for name, one in comparison.ensembles.items()},
    }
    put_bytes(folder / "manifest.json", manifest(about, written, provenance))
    return [*written, folder / "manifest.json"]


def _told(ensemble: Ensemble, source: Source) -> dict[str, Any]:
    """What the manifest says of an ensemble."""
    config = {key: value for key, value in source.config.items() if key != "theatre"}
    return {
        "scenario": ensemble.scenario.scenario.name,
        "seed": ensemble.seed,
        "replicates": ensemble.replicates,
        "config": shareable_config(config),
        "from_folder": source.from_folder,
    }
