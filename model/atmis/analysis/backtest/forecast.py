"""The model's forecast of recorded attacks: the one place where a backtest meets the simulation."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from atmis.analysis.backtest.window import ScoreWindow
from atmis.analysis.observed.record import Months
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import Ensemble, simulate
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

INDICATOR = "recorded_attacks"  # what an event data set would hold: like is compared with like


class Forecast(NamedTuple):
    """Recorded attacks of an ensemble of R members, by month and zone."""

    zones: tuple[str, ...]
    months: Months  # [T]
    members: Floats  # [R, T, Z]

    def within(self, window: ScoreWindow) -> Floats:
        """Members [R, M, Z] in the M months of a window."""
        first = int((window.first - self.months[0]).astype(int))
        return self.members[:, first : first + len(window.months)]


def forecast(
    scenario: Scenario,
    replicates: int,
    seed: int = 1,
    workers: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> Forecast:
    """Simulate a scenario, each replicate with its own draw of parameters.

    Parameters
    ----------
    scenario : what is simulated
    replicates : number of members
    seed : of the random numbers
    workers : processes; see `simulate`
    progress : called with the number of finished replicates

    Returns
    -------
    Forecast
        The recorded attacks.
    """
    return from_ensemble(simulate(scenario, replicates, seed, workers, progress))


def from_ensemble(ensemble: Ensemble) -> Forecast:
    """The recorded attacks of an ensemble as a forecast."""
    months = np.array(ensemble.months, dtype="datetime64[M]")
    return Forecast(tuple(ensemble.scenario.theatre.zones), months, ensemble.indicator(INDICATOR))


def check_within(scenario: Scenario, window: ScoreWindow) -> None:
    """Raise InputError when a scenario does not run through all days of a window."""
    first, after = (month.astype("datetime64[D]") for month in (window.first, window.last + np.timedelta64(1, "M")))
    last = after - np.timedelta64(1, "D")
    if not (scenario.period.start <= first.item() and last.item() <= scenario.period.end):
        raise InputError(
            f"window: {window.first}..{window.last} is not within {scenario.scenario.name}, which runs from "
            f"{scenario.period.start} to {scenario.period.end}; choose another, or set period.start or period.end"
        )
