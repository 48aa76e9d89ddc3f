"""The course of a calibration: waves, posterior, runs of the draws, ranks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from atmis.analysis.calibration import checks, waves
from atmis.analysis.calibration.projection import Projection, project
from atmis.analysis.calibration.ranges import Range, shrunk, to_line
from atmis.analysis.calibration.regression_abc import Posterior, posterior
from atmis.analysis.calibration.target import Target
from atmis.kernel.arrays import Floats, Ints
from atmis.scenario.calibration import CalibrateSettings
from atmis.scenario.source import Source
from atmis.sweep import loop
from atmis.sweep.study import Study

Run = Callable[[Path, Study], None]  # runs what is missing of a study


MANY = 5000  # draws that say where a range may be cut
NEAR = 2.5  # times the accepted runs, among which patterns are projected again
ROWS_EACH = 20  # runs at least for each term of the projection


@dataclass(frozen=True)
class Wave:
    """A finished wave: N runs, L of them near the record, K parameters, M patterns."""

    ranges: dict[str, Range]
    names: tuple[str, ...]
    patterns: Floats  # [N, M]
    near: Ints  # [L] runs near the record, among which the rest is found
    values: Mapping[str, Floats]  # [L] of each parameter
    projection: Projection
    found: Posterior
    keep: int


@dataclass(frozen=True)
class Calibrated:
    """What a calibration leaves."""

    draws: dict[str, Floats]  # [draws] of each parameter
    learnt: list[checks.Learnt]
    predicted: list[checks.Check]
    ranks: list[checks.Rank]
    waves: list[Wave]


def calibrate(folder: Path, source: Source, target: Target, settings: CalibrateSettings, run: Run) -> Calibrated:
    """Run what is missing of every wave, and draw parameters. `run`: see Run."""
    asked = settings.calibration
    ranges = {path: Range(prior.low, prior.high, prior.scale) for path, prior in asked.parameters.items()}
    waves.check(source, ranges)
    done: list[Wave] = []
    for number in range(1, asked.waves + 1):
        study = waves.study(f"wave_{number}", source, ranges, target.patterns, asked.runs, settings.seed + number)
        run(folder / study.name, study)
        done.append(wave(study, ranges, *waves.patterns_of(folder / study.name), target, asked.keep))
        ranges = shrunk(ranges, done[-1].found.sample(MANY, np.random.default_rng(settings.seed)))
    return _judged(folder, source, target, settings, run, done)


def wave(
    study: Study, ranges: dict[str, Range], names: tuple[str, ...], patterns: Floats, target: Target, share: float
) -> Wave:
    """What a wave tells. Near the record patterns are projected again: over all of a wave parameters bend them."""
    values = {path: np.asarray(column) for path, column in study.drawn.items()}
    seen, keep = target.of(names), max(int(share * len(patterns)), 100)
    whole = project(to_line(ranges, values), patterns)
    distances = whole.distances(whole.of(patterns), whole.of(seen[None])[0])
    near = np.argsort(distances, kind="stable")[: max(int(NEAR * keep), ROWS_EACH * whole.terms)]
    values = {path: column[near] for path, column in values.items()}
    logits = to_line(ranges, values)
    projection = project(logits, patterns[near])
    observed = projection.of(seen[None])[0]
    found = posterior(ranges, logits, projection.of(patterns[near]), observed, projection, keep)
    return Wave(ranges, names, patterns, near, values, projection, found, keep)


def _judged(
    folder: Path, source: Source, target: Target, settings: CalibrateSettings, run: Run, done: list[Wave]
) -> Calibrated:
    asked, last, rng = settings.calibration, done[-1], np.random.default_rng(settings.seed)
    draws = last.found.sample(asked.draws, rng)
    study = waves.of_values("draws", source, draws, target.patterns, settings.seed)
    run(folder / study.name, study)
    names, patterns = waves.patterns_of(folder / study.name)
    tests = rng.choice(last.found.runs, size=min(asked.tests, last.keep), replace=False)
    ranks = checks.ranks(last.ranges, last.values, last.patterns[last.near], last.projection, last.keep, tests)
    told = dict(zip(last.ranges, last.projection.told.tolist()))
    return Calibrated(
        draws=draws,
        learnt=checks.learnt(done[0].ranges, draws, told),
        predicted=checks.predictive(names, target.of(names), done[0].patterns, patterns),
        ranks=checks.judged(last.ranges, ranks),
        waves=done,
    )


def executed(
    settings: CalibrateSettings,
    executors: loop.Executors,
    config: Mapping[str, Any],
    progress: Callable[[str, loop.Progress], object],
) -> Run:
    """A Run by some executors. `progress` is told which wave it is, and how far."""

    def run(folder: Path, study: Study) -> None:
        waves.run(folder, study, settings, executors, config, lambda made: progress(study.name, made))

    return run
