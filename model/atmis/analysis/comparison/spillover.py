"""Spill-over: the change on the Kenyan side of the border per additional event on the Somali side.

It is a ratio of two mean differences, with Fieller's (1954) interval, which is exact where these are normal. The
interval is bounded only where that of the denominator, at the same level, leaves out zero; elsewhere the ratio is not
defined.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from atmis.analysis.comparison.indicators import INDICATORS
from atmis.analysis.comparison.paired import verdict
from atmis.analysis.comparison.spans import SINCE_DIFFERENCE, Span, pair, spans
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import Ensemble
from atmis.runs.interval import mean_interval, quantile_of_t
from atmis.runs.summary import Group
from atmis.storage.tables import column

EVENTS = ("attacks", "recorded_attacks", "recorded_deaths")
SOMALI_SIDES: tuple[Group, ...] = ("somalia", "jubaland")
UNIT = "events on the Kenyan side per event on the Somali side"
DEFINITION = (
    "mean difference between scenario and baseline in the Kenyan zones, divided by that in the Somali zones: above "
    "zero both sides change together, below zero fewer on one side come with more on the other"
)


@dataclass(frozen=True)
class Spillover:
    """A spill-over ratio. None: not defined, as the change on the Somali side cannot be told from zero."""

    scenario: str = field(metadata=column("", "what is compared"))
    baseline: str = field(metadata=column("", "what it is compared with"))
    indicator: str = field(metadata=column("", "events: attacks, recorded_attacks, or recorded_deaths (people)"))
    somali_side: str = field(metadata=column("", "group of zones of the denominator: somalia or jubaland"))
    period: str = field(metadata=column("", "part of the run: whole_run or a calendar year"))
    replicates: int = field(metadata=column("pairs", "pairs of replicates"))
    kenyan_change: float = field(metadata=column("events", "mean difference in the Kenyan zones"))
    somali_change: float = field(metadata=column("events", "mean difference in the Somali zones"))
    ratio: float | None = field(metadata=column(UNIT, DEFINITION))
    low_95: float | None = field(metadata=column(UNIT, "lower end of the 95 % interval of the ratio (Fieller)"))
    high_95: float | None = field(metadata=column(UNIT, "upper end of the 95 % interval of the ratio (Fieller)"))


def spillovers(ensembles: Mapping[str, Ensemble], baseline: str) -> list[Spillover]:
    """Spill-over ratios of each ensemble but the baseline.

    Parameters
    ----------
    ensembles : mapping of str to Ensemble
        Ensembles by the name under which each is shown.
    baseline : str
        Name of the ensemble that the others are compared with.

    Returns
    -------
    list of Spillover
        A row for each ensemble, kind of event (`EVENTS`), Somali side (`SOMALI_SIDES`), and for the whole run and each
        calendar year.

    Raises
    ------
    ValueError
        When an ensemble has no replicates in common with the baseline.
    """
    rows = []
    for name in ensembles:
        if name != baseline:
            both = pair(ensembles[baseline], ensembles[name])
            rows += [
                _row((name, baseline, indicator, side), span, both)
                for indicator in EVENTS
                for side in SOMALI_SIDES
                for span in spans(*both)
                if span.name != SINCE_DIFFERENCE  # there the differences are those of the whole run
            ]
    return rows


def _row(key: tuple[str, str, str, Group], span: Span, both: tuple[Ensemble, Ensemble]) -> Spillover:
    *_, indicator, side = key
    before, after = (INDICATORS[indicator].function(ensemble, span) for ensemble in both)
    kenyan, somali = after["kenyan_border"] - before["kenyan_border"], after[side] - before[side]
    estimates = ratio(kenyan, somali) or (None, None, None)
    return Spillover(*key, span.name, len(kenyan), float(kenyan.mean()), float(somali.mean()), *estimates)


def ratio(numerator: Floats, denominator: Floats) -> tuple[float, float, float] | None:
    """Ratio of the means of pairs [R] with its 95 % Fieller interval; None where the denominator may be zero."""
    if verdict(denominator, mean_interval(denominator)) not in ("more", "fewer"):
        return None
    y, x = float(numerator.mean()), float(denominator.mean())
    (yy, xy), (_, xx) = quantile_of_t(len(numerator)) ** 2 / len(numerator) * np.cov(numerator, denominator)
    # All ratios r for which the mean of numerator - r × denominator cannot be told from zero lie between the roots of
    # (x² - xx) r² - 2 (x y - xy) r + (y² - yy) = 0.
    a, b, c = x * x - xx, x * y - xy, y * y - yy
    root = float(np.sqrt(max(b * b - a * c, 0.0)))
    return y / x, float((b - root) / a), float((b + root) / a)
