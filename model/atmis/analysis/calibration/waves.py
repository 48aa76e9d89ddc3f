"""One wave of runs: a study in which every replicate has parameters of its own."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from atmis.analysis.calibration.ranges import Range, spread
from atmis.kernel.arrays import Floats
from atmis.runs.inputs import RunInputs, is_direct
from atmis.runs.patterns import Patterns
from atmis.scenario.errors import InputError
from atmis.scenario.source import Source
from atmis.sweep import chunk_files, identity, lock, loop
from atmis.sweep.study import Study


def check(source: Source, ranges: Mapping[str, Range]) -> None:
    """Raise InputError for a parameter that cannot be, or that takes a build of its own."""
    plain = RunInputs.of(source.with_values({}))
    for path, one in ranges.items():
        for value in (one.low, one.high):
            if not is_direct(plain, path, value, RunInputs.of(source.with_values({path: value}))):
                raise InputError(f"calibration.parameters: '{path}' cannot be drawn run by run; leave it out")


def study(name: str, source: Source, ranges: Mapping[str, Range], patterns: Patterns, runs: int, seed: int) -> Study:
    """The study of a wave: `runs` points, spread evenly over the ranges, each with luck of its own."""
    return of_values(name, source, spread(ranges, runs, seed), patterns, seed)


def of_values(name: str, source: Source, values: Mapping[str, Floats], patterns: Patterns, seed: int) -> Study:
    """The study of a run for each of some values [N] of the parameters."""
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
    """Run what is missing of a wave. Raises InputError when the folder holds another, or a run has failed."""
    with lock.held(folder):
        identity.prepare(folder, wave, settings, config)
        outcome = loop.run(folder, wave, settings, executors, progress)
    if outcome.failures is not None:
        first = outcome.failures.to_pylist()[0]
        raise InputError(f"{folder}: run {first['run']} has failed: {first['message']}")


def patterns_of(folder: Path) -> tuple[tuple[str, ...], Floats]:
    """Names of the patterns, and their values [N, M] in the order of the runs."""
    table = chunk_files.read(chunk_files.files(folder, chunk_files.PATTERNS))
    assert table is not None
    table = table.sort_by("run").drop_columns(["run"])
    return tuple(table.column_names), np.stack([column.to_numpy() for column in table.columns], axis=1)
