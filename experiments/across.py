"""Comparisons over many states of the world: a sweep with several points, or a command that varies choices itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, nearest

from .composing import Composing
from .sides import Naming, Side, check_kin
from .sweep import labels_of

Job = tuple[dict[str, Any], Any]  # composed data and its origin
Simulated = Callable[[Sequence[Mapping[str, Side]]], Iterator[tuple[int, str, Any]]]  # point, name and ensemble


@dataclass(frozen=True)
class Found:
    """What is compared, and what the manifest tells of it."""

    across: Any
    configs: Mapping[str, Mapping[str, Any]]  # of the first case of each scenario
    from_folder: bool


# --- a folder ---


def of_folder(folder: Path, baseline: str) -> Found:
    """The scenarios of a sweep with several points, from its table of runs. Raises InputError for what cannot be."""
    import pyarrow.parquet as pq

    from atmis.sweep import collect

    study, _, manifest = collect.finished(folder)
    names = list(dict.fromkeys(source.scenario for source in study.sources))
    if baseline not in names:
        raise InputError(f"{folder} holds no scenario '{baseline}' to compare with{nearest(baseline, names)}")
    if len(names) == 1:
        raise InputError(f"{folder} holds no other scenario than '{baseline}', so there is nothing to compare it with")
    collect.check_tables(folder, manifest)
    table = _sample(folder, pq.read_table(folder / collect.SUMMARY))
    configs = {source.scenario: source.data for source in reversed(study.sources)}
    ordered = {name: configs[name] for name in [baseline, *(name for name in names if name != baseline)]}
    return _found(table, ordered, study.seed, folder)


def _sample(folder: Path, runs: Any) -> Any:
    """The runs at points that are a sample: those of a Sobol design without the ones that share columns."""
    import numpy as np
    import pyarrow as pa

    from atmis.scenario.build import checked
    from atmis.scenario.sweep import SweepSettings
    from atmis.sweep import design, identity

    study, stored = identity.load(folder)
    made = checked(SweepSettings, stored["settings"]).sweep
    if made.design == "morris":
        raise InputError(f"{folder} screens parameters, and its points are no sample of them; see atmis sensitivity")
    if made.design != "sobol":
        return runs
    kept = design.points(made, study.seed)[: 2 * made.points]
    wanted = {tuple(sorted(point.items())) for point in kept}
    cases = [{**study.labels_of(case), **study.values(case)} for case in range(study.cases)]
    inside = [tuple(sorted((path, case.get(path)) for path in made.parameters)) in wanted for case in cases]
    return runs.filter(pa.array(np.array(inside)[runs["run"].to_numpy() // study.replicates]))


# --- a command ---


def of_jobs(jobs: Sequence[Job], names: Sequence[str], settings: Any, own: Path | None, simulated: Simulated) -> Found:
    """The scenarios that are named, in each state of the world that the jobs of a multirun make."""
    import pyarrow as pa

    varied = labels_of([origin.words for _, origin in jobs])
    _check_varied(varied)
    worlds = [Naming(Composing(data, origin, own), settings)(names) for data, origin in jobs]
    for side in worlds[0].values():
        if side.folder is not None:
            raise InputError(f"{side.folder}: where choices vary, only scenarios can be named, and no folders")
    for world in worlds:
        check_kin(world)
    tables = [
        _rows(ensemble, {"scenario": name, "point": point, **varied[point]})
        for point, name, ensemble in simulated(worlds)
    ]
    first = worlds[0]
    configs = {name: side.config for name, side in first.items()}
    return _found(pa.concat_tables(tables), configs, settings.seed, None)


def _check_varied(varied: Sequence[Mapping[str, str]]) -> None:
    from atmis.scenario.scenario import Scenario

    for key in {key for told in varied for key in told}:
        if key.split(".")[0] not in Scenario.model_fields or key.split(".")[0] in ("scenario", "period"):
            raise InputError(f"-m: {key} cannot vary within a comparison; allowed: what a scenario assumes")


def _rows(ensemble: Any, keys: Mapping[str, Any]) -> Any:
    """A row for each run, as in the summary of a sweep."""
    import pyarrow as pa

    from atmis.runs.summary import columns

    found = {name: column for name, column in columns(ensemble).items() if name != "seed"}
    count = ensemble.replicates
    return pa.table({**{name: pa.array([value] * count) for name, value in keys.items()}, **found})


def _found(table: Any, configs: Mapping[str, Mapping[str, Any]], seed: int, folder: Path | None) -> Found:
    from atmis.analysis.comparison.outputs import Across
    from atmis.analysis.comparison.worlds import Worlds
    from atmis.scenario.build import build

    try:
        worlds = Worlds.of_runs(table, list(configs))
    except ValueError as error:
        raise InputError(f"{folder}: {error}" if folder else f"compare: {error}") from None
    scenarios = {name: build(config) for name, config in configs.items()}
    return Found(Across(worlds, scenarios, next(iter(configs)), seed), configs, folder is not None)
