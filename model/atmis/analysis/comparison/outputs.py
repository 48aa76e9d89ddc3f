"""What a comparison leaves on disk: tidy tables, and what is needed to make them again.

results/compare/<baseline>_and_<n>_more/<time>/ holds

| File | What |
|---|---|
| `comparison.csv`, `.parquet` | a row for each scenario, indicator, zone group and period, see `differences.COLUMNS`; every number that a sentence or figure gives of a difference stands here |
| `spillover.csv`, `openings.csv`, `survival.csv` | a row for each `Spillover`, `Opening` and `Held`; none where states of the world are compared, see below |
| `spread.csv`, `regret.csv` | of a comparison over states of the world: a row for each `Spread` and `Lost` |
| `figures/*.png`, `*.svg` | the figures, see `atmis.plots.comparison.figures` |
| `figures/figures.json` | the figures in the order to show them: a list of `{"file": name without suffix, "title", "caption": explains bands and marks, "alt": what it shows, in numbers}` |
| `manifest.json` | written last: command, versions, the composed configuration, `baseline` (a name), and `compared` |

`compared` in the manifest tells of each name under which something is compared, in the order of the tables, the
baseline first: `scenario` (its name), `seed`, `replicates`, `config` (as composed, without the block `theatre`, to be
set against that of `planned`), `from_folder` (whether a folder of results was named, and not the scenario).

Where readings of the evidence or parameters vary too (a sweep with several points, or `evidence=all`), intervals of
`comparison.csv` hold these as well, see `pooled`; `config` is that of the first case. The manifest has `worlds` then:
`readings` of the evidence, the number of `points`, and the names of what is `varied` between these.
"""  # noqa: E501

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from atmis.analysis.comparison.differences import Difference, compare
from atmis.analysis.comparison.openings import Opening, openings
from atmis.analysis.comparison.pooled import pooled, regrets
from atmis.analysis.comparison.regret import Lost, Regret, cells
from atmis.analysis.comparison.spillover import Spillover, spillovers
from atmis.analysis.comparison.survival import Held, holding
from atmis.analysis.comparison.variance_components import Spread, spread
from atmis.analysis.comparison.worlds import Worlds
from atmis.runs.ensemble import Ensemble
from atmis.scenario.scenario import Scenario
from atmis.storage.manifest import Provenance, shareable_config, write_manifest
from atmis.storage.tables import CSV, PARQUET, save_tables, table


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

    @property
    def about(self) -> dict[str, Any]:
        """What the manifest tells of each ensemble."""
        return {name: _told(one.scenario, one.seed, one.replicates) for name, one in self.ensembles.items()}

    def tables(self) -> dict[str, pa.Table]:
        """The tables by name."""
        return {
            "comparison": table(self.differences, Difference),
            "spillover": table(self.spillovers, Spillover),
            "openings": table(self.openings, Opening),
            "survival": table(self.held, Held),
        }


@dataclass(frozen=True)
class Across:
    """Scenarios compared over many states of the world."""

    worlds: Worlds
    scenarios: Mapping[str, Scenario]  # of the first case
    baseline: str
    seed: int

    @property
    def about(self) -> dict[str, Any]:
        """What the manifest tells of each scenario."""
        return {name: _told(one, self.seed, len(self.worlds.replicates)) for name, one in self.scenarios.items()}

    @cached_property
    def differences(self) -> list[Difference]:
        """Paired differences over all states of the world."""
        period = self.scenarios[self.baseline].period
        return pooled(self.worlds, self.baseline, (period.start, period.end))

    @cached_property
    def spread(self) -> list[Spread]:
        """What of the spread is chance, parameters and evidence."""
        return spread(self.worlds, self.baseline)

    @cached_property
    def regrets(self) -> list[Regret]:
        """Regret across readings of the evidence and other choices of groups."""
        return regrets(self.worlds)

    def tables(self) -> dict[str, pa.Table]:
        """The tables by name; those that take whole ensembles are empty."""
        return {
            "comparison": table(self.differences, Difference),
            "spread": table(self.spread, Spread),
            "regret": table(cells(self.regrets), Lost),
            "spillover": table([], Spillover),
            "openings": table([], Opening),
            "survival": table([], Held),
        }


def write_outputs(
    comparison: Comparison | Across, folder: Path, provenance: Provenance, sources: Mapping[str, Source]
) -> list[Path]:
    """Write the tables as CSV, the differences as Parquet too, and the manifest last; returns the files."""
    written = []
    for name, content in comparison.tables().items():
        suffixes = (CSV, PARQUET) if name == "comparison" else (CSV,)
        written += save_tables(folder, {name: content}, suffixes)
    about = {
        "baseline": comparison.baseline,
        "compared": {name: told | _from(sources[name]) for name, told in comparison.about.items()},
        **({"worlds": _varied(comparison.worlds)} if isinstance(comparison, Across) else {}),
    }
    return write_manifest(folder, "compare", about, written, provenance)


def _told(scenario: Scenario, seed: int, replicates: int) -> dict[str, Any]:
    return {"scenario": scenario.scenario.name, "seed": seed, "replicates": replicates}


def _from(source: Source) -> dict[str, Any]:
    config = {key: value for key, value in source.config.items() if key != "theatre"}
    return {"config": shareable_config(config), "from_folder": source.from_folder}


def _varied(worlds: Worlds) -> dict[str, Any]:
    varied = sorted({name for point in worlds.points for name, _ in point})
    return {"readings": [name for name in worlds.readings if name], "points": len(worlds.points), "varied": varied}
