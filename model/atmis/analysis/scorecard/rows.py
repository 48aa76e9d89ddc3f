"""The rows of a scorecard: a figure of a regularity beside what runs give, and the verdict. R runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from atmis.analysis.scorecard.reasons import note, why_not
from atmis.analysis.scorecard.targets import Target
from atmis.kernel.arrays import Floats
from atmis.storage.tables import column

Verdict = Literal["fail", "pass", "cannot be compared"]
FAIL: Verdict = "fail"
PASS: Verdict = "pass"
NEITHER: Verdict = "cannot be compared"
ORDER = (FAIL, PASS, NEITHER)  # failures first

BAND = (0.05, 0.95)
FEW = 0.5  # share of the runs, below which a pattern that most runs do not even have has failed


@dataclass(frozen=True)
class Scored:
    """A figure of a regularity, and whether runs have it."""

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
class Runs:
    """What runs of a scenario gave, by pattern [R]; NaN where a run does not have it."""

    scenario: str
    draws: str
    values: Mapping[str, Floats]


def score(targets: Sequence[Target], runs: Sequence[Runs]) -> list[Scored]:
    """A row for each target, failures first. A pattern belongs to the first runs that measure it."""
    rows = [_row(one, next((made for made in runs if one.pattern in made.values), None)) for one in targets]
    return sorted(rows, key=lambda row: ORDER.index(row.verdict))


def _row(target: Target, made: Runs | None) -> Scored:
    values = made.values[target.pattern] if made else np.array([])
    some = values[~np.isnan(values)]
    low, middle, high = np.quantile(some, (BAND[0], 0.5, BAND[1])).tolist() if len(some) else (None, None, None)
    verdict, why = judge(target, values)
    return Scored(
        regularity=f"R{target.number}",
        pattern=target.pattern,
        what=target.what,
        unit="" if target.unit in ("-", "text") else target.unit,
        target_low=target.low,
        target_high=target.high,
        facts=" ".join(target.facts),
        period=target.told[0].date,
        overlaps_hold_out=any(fact.shape_check_only for fact in target.told),
        scenario=made.scenario if made else "",
        draws=made.draws if made else "",
        runs=len(some),
        low=low,
        median=middle,
        high=high,
        verdict=verdict,
        why=why,
    )


def judge(target: Target, values: Floats) -> tuple[Verdict, str]:
    """The verdict on values [R] of a pattern, and why or what is not quite alike."""
    some = values[~np.isnan(values)]
    if reason := why_not(target.pattern) or ("" if len(values) else "no runs for it"):
        return NEITHER, reason
    if len(some) < max(FEW * len(values), 1):
        return FAIL, "most runs hold too few such events"
    low, high = np.quantile(some, BAND).tolist()
    return PASS if inside(target, low, high) else FAIL, note(target.pattern)


def inside(target: Target, low: float, high: float) -> bool:
    """Whether the figure, as precisely as it is given, lies in a band; of a range, whether any of it does."""
    assert target.low is not None
    assert target.high is not None
    return low <= target.high + rounding(target.high) and target.low - rounding(target.low) <= high


def rounding(figure: float) -> float:
    """Half a unit of the last digit of a figure: .45 stands for .445 to .455. Whole numbers are exact."""
    if isinstance(figure, int):
        return 0.0
    _, _, decimals = f"{figure!r}".partition(".")
    return 0.5 * 10.0 ** -len(decimals)
