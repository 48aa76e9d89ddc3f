"""The patterns of the runs of a scenario. Each run is measured and then dropped, since its list of attacks is long."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from atmis.analysis.scorecard import attack_log, bases, handovers, kenya, somalia
from atmis.analysis.scorecard.rows import PatternValues
from atmis.runs import ensemble
from atmis.runs.ensemble import Ensemble
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

Measure = Callable[[Ensemble, attack_log.AttackLog], dict[str, float]]
PATTERNS: tuple[Measure, ...] = (kenya.measure_run, somalia.measure_run, bases.measure_run)
HANDOVERS: tuple[Measure, ...] = (handovers.measure_run,)


def measure(
    scenario: Scenario,
    measures: Sequence[Measure],
    replicates: int,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> PatternValues:
    """Measure the patterns of each run of a scenario.

    Parameters
    ----------
    scenario : what is simulated
    measures : PATTERNS, or HANDOVERS for a scenario with handovers
    replicates : number of runs
    seed : of the random numbers
    workers : processes; see `simulate`
    progress : called with the number of finished runs

    Returns
    -------
    PatternValues
        A value for each pattern and run.
    """

    def measure_run(run: Ensemble) -> Mapping[str, float]:
        attacks = attack_log.log_of_run(run)
        return {key: value for measured in measures for key, value in measured(run, attacks).items()}

    patterns = ensemble.reduced(scenario, measure_run, replicates, seed, workers, progress)
    values = {key: np.array([run[key] for run in patterns]) for key in patterns[0]}
    return PatternValues(scenario.scenario.name, scenario.draws.name, values)


def check(scenario: Scenario) -> None:
    """Raise InputError when a scenario lacks months or zones that the figures are about."""
    first, last = (np.datetime64(month, "M") for month in (somalia.LEVELS[0], kenya.LAST))
    start, end = np.datetime64(scenario.period.start), np.datetime64(scenario.period.end)
    name = scenario.scenario.name
    if start > first.astype("M8[D]") or end < (last + np.timedelta64(1, "M")).astype("M8[D]") - np.timedelta64(1, "D"):
        raise InputError(
            f"scenario: {name} runs from {start} to {end}, and the regularities are of {first} to {last}; "
            "take history, or set period.start and period.end"
        )
    names = {zone.name for zone in scenario.theatre.zones.values()}
    missing = [zone for zone in (*kenya.county_names(), *somalia.region_names()) if zone not in names]
    if missing:
        raise InputError(f"theatre: the regularities are of zones that it does not hold: {', '.join(missing)}")
