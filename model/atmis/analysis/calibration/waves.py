"""A wave of runs: a study in which every replicate has its own parameters."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from atmis.analysis.calibration.priors import UniformPrior, latin_hypercube
from atmis.kernel.arrays import Floats
from atmis.runs.inputs import RunInputs, is_direct
from atmis.runs.patterns import Patterns
from atmis.scenario.errors import InputError
from atmis.scenario.source import ScenarioSource
from atmis.sweep import chunk_files, identity, lock, loop
from atmis.sweep.study import Study


def check(source: ScenarioSource, priors: Mapping[str, UniformPrior]) -> None:
    """Raise InputError for a parameter that does not exist, or whose values cannot share one build of the scenario."""
    plain = RunInputs.of(source.with_values({}))
    for path, prior in priors.items():
        for value in (prior.low, prior.high):
            if not is_direct(plain, path, value, RunInputs.of(source.with_values({path: value}))):
                raise InputError(f"calibration.parameters: '{path}' cannot be drawn run by run; leave it out")


def study(
    name: str, source: ScenarioSource, priors: Mapping[str, UniformPrior], patterns: Patterns, runs: int, seed: int
) -> Study:
    """The study of a wave: runs of a Latin hypercube over the priors, each with its own random numbers."""
    return study_of_values(name, source, latin_hypercube(priors, runs, seed), patterns, seed)


def study_of_values(
    name: str, source: ScenarioSource, values: Mapping[str, Floats], patterns: Patterns, seed: int
) -> Study:
    """A study with a run for each of N values of the parameters."""
    return Study(
        name=name,
        seed=seed,
        replicates=len(next(iter(values.values()))),
        sources=[source],
        source_of=[0],
        point_of=[0],
        columns={},
        drawn={path: column.tolist() for path, column in values.items()},
        patterns=patterns,
    )


def run(
    folder: Path,
    wave: Study,
    settings: Any,
    executors: loop.Executors,
    config: Mapping[str, Any],
    progress: Callable[[loop.Progress], object] = lambda progress: None,
) -> None:
    """Run what is missing of a wave. Raises InputError when the folder holds another study, or a run has failed."""
    with lock.hold(folder):
        identity.prepare(folder, wave, settings, config)
        outcome = loop.run(folder, wave, settings, executors, progress)
    if outcome.failures is not None:
        first = outcome.failures.to_pylist()[0]
        raise InputError(f"{folder}: run {first['run']} has failed: {first['message']}")


def read_patterns(folder: Path, wave: Study) -> tuple[tuple[str, ...], Floats]:
    """Names of the M patterns, and their values [N, M] in the order of the runs.

    Raises IncompleteError when a run is not there.
    """
    table = chunk_files.read(chunk_files.files(folder, chunk_files.PATTERNS), wave.identity)
    rows = 0 if table is None else table.num_rows
    if table is None or rows != wave.runs:
        raise chunk_files.incomplete(folder, f"{wave.runs - rows:,} of {wave.runs:,} runs are missing")
    table = table.sort_by("run").drop_columns(["run"])
    return tuple(table.column_names), np.stack([column.to_numpy() for column in table.columns], axis=1)
