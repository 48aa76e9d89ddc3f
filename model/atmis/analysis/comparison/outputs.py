"""Output files of a comparison: tidy tables, and a manifest with what is needed to make them again.

results/compare/<baseline>_and_<n>_more/<time>/ holds

| File | What |
|---|---|
| `comparison.csv`, `.parquet` | a row for each scenario, indicator, zone group and period, see `differences.COLUMNS`; it holds every number that a sentence or figure gives of a difference |
| `spillover.csv`, `openings.csv`, `survival.csv` | a row for each `Spillover`, `Opening` and `SurvivalRow`; empty where states of the world are compared, see below |
| `spread.csv`, `regret.csv` | for a comparison over states of the world: a row for each `VarianceShares` and `RegretRow` |
| `figures/*.png`, `*.svg` | the figures, see `atmis.plots.comparison.figures` |
| `figures/figures.json` | the figures in the order to show them: a list of `{"file": name without suffix, "title", "caption": explains bands and marks, "alt": what it shows, in numbers}` |
| `manifest.json` | written last: command, versions, the composed configuration, `baseline` (a name), and `compared` |

`compared` in the manifest has an entry for each name under which something is compared, in the order of the tables, the
baseline first: `scenario` (its name), `seed`, `replicates`, `config` (as composed, without a block `theatre` that is that of the baseline;
to be read against that of `planned`), and `from_folder` (whether a folder of results was named rather than a scenario).

Where readings of the evidence or parameters vary too (a sweep with several points, or `evidence=all`), the intervals of
`comparison.csv` cover these as well, see `pooled`, and `config` is that of the first case. The manifest then has
`worlds`: the `readings` of the evidence, the number of `points`, and the names of what is `varied` between them.
"""  # noqa: E501

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from atmis.analysis.comparison.differences import Difference, compare
from atmis.analysis.comparison.openings import Opening, openings
from atmis.analysis.comparison.pooled import pooled_differences, regrets
from atmis.analysis.comparison.regret import Regret, RegretRow, regret_rows
from atmis.analysis.comparison.spillover import Spillover, spillovers
from atmis.analysis.comparison.survival import SurvivalRow, survival_rows
from atmis.analysis.comparison.variance_components import VarianceShares, variance_shares
from atmis.analysis.comparison.worlds import Worlds
from atmis.runs.ensemble import Ensemble
from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.scenario import Scenario
from atmis.storage.manifest import Provenance, shareable_config, write_manifest
from atmis.storage.tables import save_tables, table


@dataclass(frozen=True)
class ComparedSource:
    """Origin of one of the ensembles compared."""

    config: Mapping[str, Any]  # as composed
    from_folder: bool = False


@dataclass(frozen=True)
class Comparison:
    """Ensembles compared with a baseline: the rows of every table."""

    ensembles: Mapping[str, Ensemble]
    baseline: str
    differences: Sequence[Difference]
    spillovers: Sequence[Spillover]
    openings: Sequence[Opening]
    survival: Sequence[SurvivalRow]

    @classmethod
    def of(cls, ensembles: Mapping[str, Ensemble], baseline: str) -> "Comparison":
        """Compare ensembles with the baseline. Raises ValueError when one has no replicates in common with it."""
        rows = compare(ensembles, baseline)
        ratios, stages, survival = spillovers(ensembles, baseline), openings(ensembles), survival_rows(ensembles)
        return cls(ensembles, baseline, rows, ratios, stages, survival)

    @property
    def entries(self) -> dict[str, Any]:
        """Entry of each ensemble in the manifest."""
        return {name: _entry(runs.scenario, runs.seed, runs.replicates) for name, runs in self.ensembles.items()}

    def tables(self) -> dict[str, pa.Table]:
        """Tables by name, as files are named."""
        return {
            "comparison": table(self.differences, Difference),
            "spillover": table(self.spillovers, Spillover),
            "openings": table(self.openings, Opening),
            "survival": table(self.survival, SurvivalRow),
        }


@dataclass(frozen=True)
class WorldsComparison:
    """Scenarios compared over many states of the world."""

    worlds: Worlds
    scenarios: Mapping[str, Scenario]  # of the first case
    baseline: str
    seed: int

    @property
    def entries(self) -> dict[str, Any]:
        """Entry of each scenario in the manifest."""
        replicates = len(self.worlds.replicates)
        return {name: _entry(scenario, self.seed, replicates) for name, scenario in self.scenarios.items()}

    @cached_property
    def differences(self) -> list[Difference]:
        """Paired differences pooled over all states of the world."""
        period = self.scenarios[self.baseline].period
        return pooled_differences(self.worlds, self.baseline, (period.start, period.end))

    @cached_property
    def variance_shares(self) -> list[VarianceShares]:
        """Shares of the variance that are chance, parameters and evidence."""
        return variance_shares(self.worlds, self.baseline)

    @cached_property
    def regrets(self) -> list[Regret]:
        """Regret matrices across readings of the evidence and other choices of groups."""
        return regrets(self.worlds)

    def tables(self) -> dict[str, pa.Table]:
        """Tables by name; those that need whole ensembles are empty."""
        return {
            "comparison": table(self.differences, Difference),
            "spread": table(self.variance_shares, VarianceShares),
            "regret": table(regret_rows(self.regrets), RegretRow),
            "spillover": table([], Spillover),
            "openings": table([], Opening),
            "survival": table([], SurvivalRow),
        }


def write_outputs(
    comparison: Comparison | WorldsComparison,
    folder: AnyPath,
    provenance: Provenance,
    sources: Mapping[str, ComparedSource],
) -> list[Path]:
    """Write the tables of a comparison and, last, its manifest.

    Parameters
    ----------
    comparison : Comparison or WorldsComparison
        What was compared.
    folder : str or path
        An existing folder.
    provenance : Provenance
        Command, configuration and start of the run, for the manifest.
    sources : mapping of str to ComparedSource
        Origin of each ensemble or scenario, by the name under which it is compared.

    Returns
    -------
    list of Path
        The files: all tables as CSV and Parquet, and the manifest.
    """
    folder = as_path(folder)
    written = save_tables(folder, comparison.tables())
    about = {
        "baseline": comparison.baseline,
        "compared": {
            name: entry | _source_entry(sources[name], sources[comparison.baseline])
            for name, entry in comparison.entries.items()
        },
        **({"worlds": _worlds_entry(comparison.worlds)} if isinstance(comparison, WorldsComparison) else {}),
    }
    return write_manifest(folder, "compare", about, written, provenance)


def _entry(scenario: Scenario, seed: int, replicates: int) -> dict[str, Any]:
    return {"scenario": scenario.scenario.name, "seed": seed, "replicates": replicates}


def _source_entry(source: ComparedSource, baseline: ComparedSource) -> dict[str, Any]:
    shared = "theatre" if source.config["theatre"] == baseline.config["theatre"] else None
    config = {key: value for key, value in source.config.items() if key != shared}
    return {"config": shareable_config(config), "from_folder": source.from_folder}


def _worlds_entry(worlds: Worlds) -> dict[str, Any]:
    varied = sorted({name for point in worlds.points for name, _ in point})
    return {"readings": [name for name in worlds.readings if name], "points": len(worlds.points), "varied": varied}
