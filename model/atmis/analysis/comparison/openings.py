"""Opening of the border: when it could open, when the first crossing opens, and when all agreed ones are open.

Days count from the first date agreed for reopening: quiet weeks before it open nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np

from atmis.kernel.arrays import Floats
from atmis.runs import summary
from atmis.runs.ensemble import Ensemble
from atmis.storage.tables import column

Stage = Literal["could_open", "first_open", "all_open"]
STAGES: dict[Stage, str] = {
    "could_open": "attacks in the Kenyan zones are below the threshold of the border policy",
    "first_open": "a border segment that was closed is open",
    "all_open": "all border segments that are agreed to reopen are open",
}


@dataclass(frozen=True)
class Opening:
    """First day on which a stage holds, over the replicates; read its month, not the day. None: never."""

    scenario: str = field(metadata=column("", "which scenario"))
    stage: Stage = field(metadata=column("", "; ".join(f"{name}: {what}" for name, what in STAGES.items())))
    replicates: int = field(metadata=column("replicates", "number of replicates"))
    median: date | None = field(metadata=column("date", "by this day it holds in half of the replicates"))
    low_90: date | None = field(metadata=column("date", "5 % quantile; never is later than any day"))
    high_90: date | None = field(metadata=column("date", "95 % quantile; never is later than any day"))
    share_never: float = field(metadata=column("share", "share of replicates in which it never holds in the run"))


def openings(ensembles: Mapping[str, Ensemble]) -> list[Opening]:
    """First day of each stage of the opening of the border, with its quantiles over the replicates.

    Parameters
    ----------
    ensembles : mapping of str to Ensemble
        Ensembles by the name under which each is shown.

    Returns
    -------
    list of Opening
        A row for each ensemble and each stage of `STAGES`.
    """
    return [_row(name, stage, ensemble) for name, ensemble in ensembles.items() for stage in STAGES]


def first_days(ensemble: Ensemble, stage: Stage) -> Floats:
    """Day of the run [R] on which a stage is first reached, from 0; NaN: never."""
    period, agreed = ensemble.scenario.period, ensemble.scenario.kenya.reopening.steps.values()
    start = max(min((ensemble.scenario.day(when) for when in agreed), default=period.days), 0)
    if start >= period.days:
        return np.full(ensemble.replicates, np.nan)
    reached = _reached(ensemble, stage)[:, start:]
    return np.where(reached.any(axis=1), start + reached.argmax(axis=1), np.nan)


def _reached(ensemble: Ensemble, stage: Stage) -> Any:
    """Whether a stage holds [R, days]."""
    if stage == "could_open":
        return np.asarray(ensemble.days["could_open"]) > 0
    borders, agreed = ensemble.scenario.theatre.borders, ensemble.scenario.kenya.reopening.steps
    first = sum(border.open for border in borders.values())
    more = 1 if stage == "first_open" else sum(not borders[name].open for name in agreed)
    return np.asarray(ensemble.days["open_segments"]) >= first + more


def _row(name: str, stage: Stage, ensemble: Ensemble) -> Opening:
    days = first_days(ensemble, stage)
    never = np.isnan(days)
    dates = np.datetime64(ensemble.scenario.period.start, "D") + np.where(never, 0, days).astype(np.int64)
    dates = np.where(never, np.datetime64("NaT", "D"), dates)
    row: Any = summary.over_replicates(summary.Headline(stage, "date", STAGES[stage], lambda _: dates), dates)
    return Opening(name, stage, len(days), row.median, row.low_90, row.high_90, float(never.mean()))
