"""The rows of a scorecard: a figure of a regularity beside the results of runs, and the verdict. R runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from atmis.analysis.scorecard.comparability import caveat, incomparable_reason
from atmis.analysis.scorecard.regularities import RegularityFigure
from atmis.kernel.arrays import Floats
from atmis.storage.tables import column

Verdict = Literal["fail", "pass", "cannot be compared"]
FAIL: Verdict = "fail"
PASS: Verdict = "pass"
NOT_COMPARED: Verdict = "cannot be compared"
ORDER = (FAIL, PASS, NOT_COMPARED)  # failures first

BAND = (0.05, 0.95)
MIN_SHARE = 0.5  # of the runs that must have a pattern, or it fails


@dataclass(frozen=True)
class ScorecardRow:
    """A figure of a regularity, and whether runs reproduce it."""

    regularity: str = field(metadata=column("", "R1 to R20"))
    pattern: str = field(metadata=column("", "key of the fact and entry of it"))
    what: str = field(metadata=column("", "what it says"))
    unit: str = field(metadata=column("", "unit of the figures"))
    target_low: float | None = field(metadata=column("of the unit", "the figure, or the lower end of a range"))
    target_high: float | None = field(metadata=column("of the unit", "the same figure, or the upper end"))
    facts: str = field(metadata=column("", "keys of the facts ledger, which holds the sources"))
    period: str = field(metadata=column("", "months that the figure is of"))
    overlaps_hold_out: bool = field(
        metadata=column("", "whether they reach beyond March 2022: a check of shape, which chooses nothing")
    )
    scenario: str = field(metadata=column("", "scenario of the runs"))
    draws: str = field(metadata=column("", "parameters of the runs: a set of draws, or none"))
    runs: int = field(metadata=column("runs", "that have the pattern"))
    low: float | None = field(metadata=column("of the unit", "5 % quantile of the runs"))
    median: float | None = field(metadata=column("of the unit", "median of the runs"))
    high: float | None = field(metadata=column("of the unit", "95 % quantile of the runs"))
    verdict: Verdict = field(metadata=column("", "pass: the figure, or part of its range, lies in the 90 % band"))
    why: str = field(metadata=column("", "why it cannot be compared, or what is not quite alike"))


@dataclass(frozen=True)
class PatternValues:
    """Values [R] of each pattern in the runs of a scenario; NaN where a run does not have it."""

    scenario: str
    draws: str
    values: Mapping[str, Floats]


def score(figures: Sequence[RegularityFigure], measured: Sequence[PatternValues]) -> list[ScorecardRow]:
    """Compare figures with runs.

    Parameters
    ----------
    figures : of the facts ledger
    measured : patterns of the runs of one or more scenarios; a pattern counts where it is measured first

    Returns
    -------
    list of ScorecardRow
        One for each figure, failures first.
    """
    rows = [
        _row(figure, next((runs for runs in measured if figure.pattern in runs.values), None)) for figure in figures
    ]
    return sorted(rows, key=lambda row: ORDER.index(row.verdict))


def _row(figure: RegularityFigure, runs: PatternValues | None) -> ScorecardRow:
    values = runs.values[figure.pattern] if runs else np.array([])
    present = values[~np.isnan(values)]
    low, median, high = np.quantile(present, (BAND[0], 0.5, BAND[1])).tolist() if len(present) else (None, None, None)
    verdict, why = judge(figure, values)
    return ScorecardRow(
        regularity=f"R{figure.number}",
        pattern=figure.pattern,
        what=figure.what,
        unit="" if figure.unit in ("-", "text") else figure.unit,
        target_low=figure.low,
        target_high=figure.high,
        facts=" ".join(figure.facts),
        period=figure.ledger_entries[0].date,
        overlaps_hold_out=any(fact.shape_check_only for fact in figure.ledger_entries),
        scenario=runs.scenario if runs else "",
        draws=runs.draws if runs else "",
        runs=len(present),
        low=low,
        median=median,
        high=high,
        verdict=verdict,
        why=why,
    )


def judge(figure: RegularityFigure, values: Floats) -> tuple[Verdict, str]:
    """The verdict on values [R] of a pattern, and the reason or a caveat."""
    present = values[~np.isnan(values)]
    if reason := incomparable_reason(figure.pattern) or ("" if len(values) else "no runs for it"):
        return NOT_COMPARED, reason
    if len(present) < max(MIN_SHARE * len(values), 1):
        return FAIL, "most runs hold too few such events"
    low, high = np.quantile(present, BAND).tolist()
    return PASS if is_inside(figure, low, high) else FAIL, caveat(figure.pattern)


def is_inside(figure: RegularityFigure, low: float, high: float) -> bool:
    """Whether the figure, as precisely as it is given, lies in a band; for a range, whether any of it does."""
    assert figure.low is not None
    assert figure.high is not None
    return low <= figure.high + rounding_error(figure.high) and figure.low - rounding_error(figure.low) <= high


def rounding_error(number: float) -> float:
    """Half a unit of the last digit of a number: .45 stands for .445 to .455. Whole numbers are exact."""
    if isinstance(number, int):
        return 0.0
    _, _, decimals = f"{number!r}".partition(".")
    return 0.5 * 10.0 ** -len(decimals)
