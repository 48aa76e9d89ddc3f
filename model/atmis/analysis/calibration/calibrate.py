"""A whole calibration: waves of runs, the posterior, runs of the posterior draws, and the checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from atmis.analysis.calibration import checks, waves
from atmis.analysis.calibration.observed_patterns import ObservedPatterns
from atmis.analysis.calibration.priors import UniformPrior, to_logits, truncate
from atmis.analysis.calibration.projection import Projection, project
from atmis.analysis.calibration.regression_abc import Posterior, posterior
from atmis.kernel.arrays import Floats, Ints
from atmis.scenario.calibration import CalibrateSettings
from atmis.scenario.source import ScenarioSource
from atmis.sweep import loop
from atmis.sweep.study import Study

StudyRunner = Callable[[Path, Study], None]  # runs what is missing of a study in a folder


TRUNCATION_DRAWS = 5000  # draws that say where a prior may be cut
NEIGHBOURS = 2.5  # runs among which patterns are projected again, per accepted run
ROWS_PER_TERM = 20  # runs at least for each term of the projection


@dataclass(frozen=True)
class Wave:
    """A finished wave: N runs, L of them near the record, K parameters, M patterns."""

    priors: dict[str, UniformPrior]
    names: tuple[str, ...]  # of the patterns
    patterns: Floats  # [N, M]
    nearest: Ints  # [L] runs near the record, from which the posterior is made
    values: Mapping[str, Floats]  # [L] of each parameter
    projection: Projection
    posterior: Posterior
    accepted: int


@dataclass(frozen=True)
class CalibrationResult:
    """The draws of a calibration, the rows of its tables, and its waves."""

    draws: dict[str, Floats]  # [draws] of each parameter
    parameters: list[checks.PosteriorSummary]
    patterns: list[checks.PredictiveCheck]
    ranks: list[checks.RankCheck]
    waves: list[Wave]


def calibrate(
    folder: Path, source: ScenarioSource, observed: ObservedPatterns, settings: CalibrateSettings, run: StudyRunner
) -> CalibrationResult:
    """Run what is missing of every wave, draw parameters from the posterior, and check them.

    Parameters
    ----------
    folder : of the calibration; each wave has a folder in it
    source : the scenario that is calibrated
    observed : the patterns to fit
    settings : of the verb
    run : runs what is missing of a study; see `study_runner`

    Returns
    -------
    CalibrationResult
        What `outputs.write_outputs` writes.

    Raises
    ------
    InputError
        When a parameter cannot be drawn run by run, a run fails, or a prior would shrink to a point.
    """
    calibration = settings.calibration
    priors = {path: UniformPrior(prior.low, prior.high, prior.scale) for path, prior in calibration.parameters.items()}
    waves.check(source, priors)
    finished: list[Wave] = []
    for number in range(1, calibration.waves + 1):
        seed = settings.seed + number
        study = waves.study(f"wave_{number}", source, priors, observed.patterns, calibration.runs, seed)
        run(folder / study.name, study)
        found = waves.read_patterns(folder / study.name, study)
        finished.append(_fit_wave(study, priors, *found, observed, calibration.keep))
        rng = np.random.default_rng(settings.seed)
        priors = truncate(priors, finished[-1].posterior.sample(TRUNCATION_DRAWS, rng))
    return _check_draws(folder, source, observed, settings, run, finished)


def _fit_wave(
    study: Study,
    priors: dict[str, UniformPrior],
    names: tuple[str, ...],
    patterns: Floats,
    observed: ObservedPatterns,
    share: float,
) -> Wave:
    """The posterior of a wave, of which a share is accepted.

    Patterns are projected twice: over all runs, and again over those near the record, where the relation of patterns
    and parameters is closer to linear.
    """
    values = {path: np.asarray(column) for path, column in study.drawn.items()}
    record, accepted = observed.in_order(names), max(int(share * len(patterns)), 100)
    first = project(to_logits(priors, values), patterns)
    distances = first.distances(first.predict(patterns), first.predict(record[None])[0])
    nearest = np.argsort(distances, kind="stable")[: max(int(NEIGHBOURS * accepted), ROWS_PER_TERM * first.terms)]
    values = {path: column[nearest] for path, column in values.items()}
    logits = to_logits(priors, values)
    projection = project(logits, patterns[nearest])
    predictions, target = projection.predict(patterns[nearest]), projection.predict(record[None])[0]
    fitted = posterior(priors, logits, predictions, target, projection, accepted)
    return Wave(priors, names, patterns, nearest, values, projection, fitted, accepted)


def _check_draws(
    folder: Path,
    source: ScenarioSource,
    observed: ObservedPatterns,
    settings: CalibrateSettings,
    run: StudyRunner,
    finished: list[Wave],
) -> CalibrationResult:
    """Draw from the posterior of the last wave, run the draws, and check both."""
    calibration, last, rng = settings.calibration, finished[-1], np.random.default_rng(settings.seed)
    draws = last.posterior.sample(calibration.draws, rng)
    study = waves.study_of_values("draws", source, draws, observed.patterns, settings.seed)
    run(folder / study.name, study)
    names, patterns = waves.read_patterns(folder / study.name, study)
    tests = rng.choice(last.posterior.runs, size=min(calibration.tests, last.accepted), replace=False)
    ranks = checks.ranks(last.priors, last.values, last.patterns[last.nearest], last.projection, last.accepted, tests)
    r_squared = dict(zip(last.priors, last.projection.r_squared.tolist()))
    return CalibrationResult(
        draws=draws,
        parameters=checks.summarise_posterior(finished[0].priors, draws, r_squared),
        patterns=checks.check_predictions(names, observed.in_order(names), finished[0].patterns, patterns),
        ranks=checks.check_ranks(last.priors, ranks),
        waves=finished,
    )


def study_runner(
    settings: CalibrateSettings,
    executors: loop.Executors,
    config: Mapping[str, Any],
    progress: Callable[[str, loop.Progress], object],
) -> StudyRunner:
    """A function that runs studies.

    Parameters
    ----------
    settings : of the verb
    executors : makes the executor of a study
    config : the composed configuration, which is kept in the folder of each study
    progress : called with the name of the study and how far it is

    Returns
    -------
    StudyRunner
        Runs what is missing of a study in a folder. Raises InputError when a run fails.
    """

    def run(folder: Path, study: Study) -> None:
        waves.run(folder, study, settings, executors, config, lambda done: progress(study.name, done))

    return run
