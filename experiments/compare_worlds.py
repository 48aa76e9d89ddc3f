"""Comparisons over many states of the world: of a sweep with several points, or of a command that varies choices."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, suggest

from .recomposer import Recomposer
from .sides import Side, SideFinder, check_comparable
from .sweep import job_labels

Job = tuple[dict[str, Any], Any]  # composed data and its origin
Simulate = Callable[[Sequence[Mapping[str, Side]]], Iterator[tuple[int, str, Any]]]  # point, name and ensemble


@dataclass(frozen=True)
class ComparedWorlds:
    """A comparison over states of the world, and what the manifest says about it."""

    comparison: Any
    configs: Mapping[str, Mapping[str, Any]]  # of the first case of each scenario
    from_folder: bool


# --- a folder ---


def worlds_of_folder(folder: Path, baseline: str) -> ComparedWorlds:
    """The scenarios of a sweep with several points, from its table of runs. Raises InputError."""
    import pyarrow.parquet as pq

    from atmis.sweep import collect

    study, _, manifest = collect.read_finished(folder)
    names = list(dict.fromkeys(source.scenario for source in study.sources))
    if baseline not in names:
        raise InputError(f"{folder} holds no scenario '{baseline}' to compare with{suggest(baseline, names)}")
    if len(names) == 1:
        raise InputError(f"{folder} holds no other scenario than '{baseline}', so there is nothing to compare it with")
    collect.check_tables(folder, manifest)
    table = _select_sample(folder, pq.read_table(folder / collect.SUMMARY))
    configs = {source.scenario: source.data for source in reversed(study.sources)}
    ordered = {name: configs[name] for name in [baseline, *(name for name in names if name != baseline)]}
    return _build_worlds(table, ordered, study.seed, folder)


def _select_sample(folder: Path, runs: Any) -> Any:
    """The runs at the points that are a random sample; of a Sobol design those of its two base matrices."""
    import numpy as np
    import pyarrow as pa

    from atmis.scenario.build import build_record
    from atmis.scenario.sweep import SweepSettings
    from atmis.sweep import design, identity

    study, stored = identity.load(folder)
    sweep = build_record(SweepSettings, stored["settings"]).sweep
    if sweep.design == "morris":
        raise InputError(f"{folder} screens parameters, and its points are not a sample of them; see atmis sensitivity")
    if sweep.design != "sobol":
        return runs
    sample = design.points(sweep, study.seed)[: 2 * sweep.points]
    sampled = {tuple(sorted(point.items())) for point in sample}
    cases = [{**study.labels_of(case), **study.values(case)} for case in range(study.cases)]
    inside = [tuple(sorted((path, case.get(path)) for path in sweep.parameters)) in sampled for case in cases]
    return runs.filter(pa.array(np.array(inside)[runs["run"].to_numpy() // study.replicates]))


# --- a command ---


def worlds_of_jobs(
    jobs: Sequence[Job], names: Sequence[str], settings: Any, config_dir: Path | None, simulate: Simulate
) -> ComparedWorlds:
    """The named scenarios in each state of the world of a multirun. Raises InputError."""
    import pyarrow as pa

    varied = job_labels([origin.words for _, origin in jobs])
    _check_varied(varied)
    worlds = [SideFinder(Recomposer(data, origin, config_dir), settings)(names) for data, origin in jobs]
    for side in worlds[0].values():
        if side.folder is not None:
            raise InputError(f"{side.folder}: where choices vary, only scenarios can be named, not folders")
    for world in worlds:
        check_comparable(world)
    tables = [
        _run_rows(ensemble, {"scenario": name, "point": point, **varied[point]})
        for point, name, ensemble in simulate(worlds)
    ]
    first = worlds[0]
    configs = {name: side.config for name, side in first.items()}
    return _build_worlds(pa.concat_tables(tables), configs, settings.seed, None)


def _check_varied(varied: Sequence[Mapping[str, str]]) -> None:
    from atmis.scenario.scenario import Scenario

    for key in {key for labels in varied for key in labels}:
        if key.split(".")[0] not in Scenario.model_fields or key.split(".")[0] in ("scenario", "period"):
            raise InputError(f"-m: {key} cannot vary within a comparison; allowed: what a scenario assumes")


def _run_rows(ensemble: Any, keys: Mapping[str, Any]) -> Any:
    """A table with a row for each run, as in the summary of a sweep."""
    import pyarrow as pa

    from atmis.runs.summary import columns

    table = {name: column for name, column in columns(ensemble).items() if name != "seed"}
    count = ensemble.replicates
    return pa.table({**{name: pa.array([value] * count) for name, value in keys.items()}, **table})


def _build_worlds(
    table: Any, configs: Mapping[str, Mapping[str, Any]], seed: int, folder: Path | None
) -> ComparedWorlds:
    from atmis.analysis.comparison.outputs import WorldsComparison
    from atmis.analysis.comparison.worlds import Worlds
    from atmis.scenario.build import build

    try:
        worlds = Worlds.of_runs(table, list(configs))
    except ValueError as error:
        raise InputError(f"{folder}: {error}" if folder else f"compare: {error}") from None
    scenarios = {name: build(config) for name, config in configs.items()}
    return ComparedWorlds(WorldsComparison(worlds, scenarios, next(iter(configs)), seed), configs, folder is not None)
