"""The runs of a scorecard: each is measured and then forgotten, for its list of attacks is long."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from atmis.analysis.scorecard import attacks, bases, handovers, kenya, somalia
from atmis.analysis.scorecard.rows import Runs
from atmis.runs import ensemble
from atmis.runs.ensemble import Ensemble
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

Measure = Callable[[Ensemble, attacks.Attacks], dict[str, float]]
PATTERNS: tuple[Measure, ...] = (kenya.measured, somalia.measured, bases.measured)
HANDOVERS: tuple[Measure, ...] = (handovers.measured,)


def measure(
    scenario: Scenario,
    measures: Sequence[Measure],
    replicates: int,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> Runs:
    """What each run of a scenario gives."""

    def of_run(one: Ensemble) -> Mapping[str, float]:
        made = attacks.of_run(one)
        return {key: value for measured in measures for key, value in measured(one, made).items()}

    found = ensemble.reduced(scenario, of_run, replicates, seed, workers, progress)
    values: dict[str, Any] = {key: np.array([one[key] for one in found]) for key in found[0]}
    return Runs(scenario.scenario.name, scenario.draws.name, values)


def check(scenario: Scenario) -> None:
    """Raise InputError when the figures are of other months or zones than a scenario has."""
    first, last = (np.datetime64(month, "M") for month in (somalia.LEVELS[0], kenya.LAST))
    start, end = np.datetime64(scenario.period.start), np.datetime64(scenario.period.end)
    name = scenario.scenario.name
    if start > first.astype("M8[D]") or end < (last + np.timedelta64(1, "M")).astype("M8[D]") - np.timedelta64(1, "D"):
        raise InputError(
            f"scenario: {name} runs from {start} to {end}, and the regularities are of {first} to {last}; "
            "take history, or set period.start and period.end"
        )
    there = {zone.name for zone in scenario.theatre.zones.values()}
    missing = [zone for zone in (*kenya.names(), *somalia.names()) if zone not in there]
    if missing:
        raise InputError(f"theatre: the regularities are of zones that it does not hold: {', '.join(missing)}")
