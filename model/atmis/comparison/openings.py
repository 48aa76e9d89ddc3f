"""When the border could open: the first day on which the Kenyan side is quiet enough, over the replicates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from atmis import summary
from atmis.comparison.tables import column
from atmis.ensemble import Ensemble

_HEADLINE = next(one for one in summary.HEADLINES if one.name == "border_could_open_first_date")
DEFINITION = _HEADLINE.definition


@dataclass(frozen=True)
class Opening:
    """First day on which the border could open; its month is what to read. None: never in the run."""

    scenario: str = field(metadata=column("", "which scenario"))
    replicates: int = field(metadata=column("replicates", "number of replicates"))
    median: date | None = field(
        metadata=column("date", "median: by this day the border could have opened in half of the replicates")
    )
    low_90: date | None = field(metadata=column("date", "5 % quantile; never is later than any day"))
    high_90: date | None = field(metadata=column("date", "95 % quantile; never is later than any day"))
    share_never: float = field(
        metadata=column("share", "share of replicates in which it could not open in the whole run")
    )


def openings(ensembles: Mapping[str, Ensemble]) -> list[Opening]:
    """A row for each ensemble."""
    return [_opening(name, ensemble) for name, ensemble in ensembles.items()]


def _opening(name: str, ensemble: Ensemble) -> Opening:
    days = _HEADLINE.function(ensemble)
    row: Any = summary.over_replicates(_HEADLINE, days)
    return Opening(name, len(days), row.median, row.low_90, row.high_90, float(np.isnat(days).mean()))
