"""Scored targets summed up: rows for windows, for baselines and for months."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from atmis.analysis.backtest import scores
from atmis.analysis.backtest.baselines import BASELINES
from atmis.analysis.backtest.rows import NONE, SOME, UNKNOWN, Against, MonthRow, Score
from atmis.analysis.backtest.scoring import Scored, pooled
from atmis.analysis.backtest.skill import Resampling, Skill, skill
from atmis.kernel.arrays import Floats

EVERY_ZONE, ALL_WINDOWS = "every_zone", "all"
_SHARES = (5, 25, 50, 75, 95)  # quantiles in the table of months, percent


class _Both:
    """Scores of the model and of the baselines over the same months: [M], or [M, zones] with NaN for not recorded."""

    def __init__(self, parts: Sequence[Scored]) -> None:
        shared = [name for name in BASELINES if all(name in part.baselines for part in parts)]
        months = sorted({when for part in parts for when in _entries(part)})
        self.model = _beside(parts, months, [part.crps for part in parts])
        self.baselines = {name: _beside(parts, months, [part.baselines[name] for part in parts]) for name in shared}

    def mean(self, name: str) -> float | None:
        """Mean CRPS of a baseline."""
        return float(np.nanmean(self.baselines[name])) if name in self.baselines else None

    @property
    def best(self) -> str | None:
        """The baseline with the smallest mean CRPS: the hardest to beat, chosen after the fact."""
        return min(self.baselines, key=lambda name: float(np.nanmean(self.baselines[name])), default=None)


def _beside(parts: Sequence[Scored], months: Sequence[Any], values: Sequence[Floats]) -> Floats:
    """Values by month of several targets, side by side."""
    made = np.full((len(months), len(parts)), np.nan)
    for k, (part, one) in enumerate(zip(parts, values)):
        made[[months.index(when) for when in _entries(part)], k] = one
    return made


def _entries(part: Scored) -> list[tuple[Any, Any]]:
    """What tells the entries of a scored target apart: the freeze and the month."""
    return list(zip(part.fit_to.tolist(), part.months.tolist()))


def score_rows(windows: Sequence[Sequence[Scored]], how: Resampling) -> list[Score]:
    """A row for each target and for the mean over zones in each window; of several windows, then over all of them."""
    rows = [row for parts in windows for row in _of_window(parts, how)]
    return rows if len(windows) == 1 else rows + _of_window(together(windows), how, ALL_WINDOWS)


def together(windows: Sequence[Sequence[Scored]]) -> list[Scored]:
    """Each target over all windows in which it is recorded."""
    by_target: dict[str, list[Scored]] = {}
    for one in (part for parts in windows for part in parts):
        by_target.setdefault(one.target.name, []).append(one)
    return [pooled(parts) for parts in by_target.values()]


def _of_window(parts: Sequence[Scored], how: Resampling, fit_to: str | None = None) -> list[Score]:
    zones = [part for part in parts if part.target.kind == "zone"]
    rows = [_row(part.target.name, part.target.kind, [part], how, fit_to) for part in parts]
    return [*rows, _row(EVERY_ZONE, "mean", zones, how, fit_to)]


def _row(name: str, kind: str, parts: Sequence[Scored], how: Resampling, fit_to: str | None) -> Score:
    both, counts = _Both(parts), [len(part.months) for part in parts]
    found = skill(both.model, both.baselines[both.best], how) if both.best else Skill(None, None, None)

    def mean(values: Sequence[float]) -> float:
        return float(np.average(values, weights=counts))

    return Score(
        **_when(parts, fit_to),
        zone=name,
        kind=kind,
        n_months=sum(counts),
        observed_mean=mean([part.observed.mean() for part in parts]),
        model_mean=mean([part.members.mean() for part in parts]),
        bias=mean([scores.bias(part.observed, part.members) for part in parts]),
        model_crps=float(np.nanmean(both.model)),
        **{f"{name}_crps": both.mean(name) for name in BASELINES},  # type: ignore[arg-type]
        coverage_50=mean([scores.covered(part.observed, part.members, 0.5) for part in parts]),
        coverage_90=mean([scores.covered(part.observed, part.members, 0.9) for part in parts]),
        best_baseline=both.best,
        skill=found.value,
        skill_low_95=found.low,
        skill_high_95=found.high,
        verdict=_verdict(found) if both.best else UNKNOWN,
    )


def _verdict(found: Skill) -> str:
    return SOME if found.low is not None and found.low > 0.0 else NONE


def against_rows(windows: Sequence[Sequence[Scored]], how: Resampling) -> list[Against]:
    """The model against every baseline, for the rows of `score_rows`."""
    rows = [row for parts in windows for row in _against(parts, how)]
    return rows if len(windows) == 1 else rows + _against(together(windows), how, ALL_WINDOWS)


def _against(parts: Sequence[Scored], how: Resampling, fit_to: str | None = None) -> list[Against]:
    zones = [part for part in parts if part.target.kind == "zone"]
    rows = []
    for name, some in [*((part.target.name, [part]) for part in parts), (EVERY_ZONE, zones)]:
        both = _Both(some)
        for baseline, crps in both.baselines.items():
            found, mean = skill(both.model, crps, how), float(np.nanmean(crps))
            rows.append(Against(name, **_when(some, fit_to), baseline=baseline, baseline_crps=mean, skill=found.value,
                                skill_low_95=found.low, skill_high_95=found.high))  # fmt: skip
    return rows


def month_rows(windows: Sequence[Sequence[Scored]]) -> list[MonthRow]:
    """A row for each recorded month of each target."""
    return [_month(part, k) for parts in windows for part in parts for k in range(len(part.months))]


def _month(part: Scored, k: int) -> MonthRow:
    members = part.members[:, k]
    quantiles = np.quantile(members, np.array(_SHARES) / 100, method="inverted_cdf")
    named = {f"forecast_{share}": float(value) for share, value in zip(_SHARES, quantiles)}
    return MonthRow(
        zone=part.target.name,
        month=part.months[k].astype("datetime64[D]").item(),
        fit_to=str(part.window.fit_to),
        observed=float(part.observed[k]),
        forecast_mean=float(members.mean()),
        **named,
        model_crps=float(part.crps[k]),
        pit=float(part.pit[k]),
        **{f"{name}_crps": float(crps[k]) for name, crps in _all(part).items()},
    )


def _all(part: Scored) -> Mapping[str, Floats]:
    """CRPS [M] of every baseline, NaN of one without enough history."""
    return dict.fromkeys(BASELINES, np.full(len(part.months), np.nan)) | dict(part.baselines)


def _when(parts: Sequence[Scored], fit_to: str | None) -> Mapping[str, Any]:
    first, last = min(part.months[0] for part in parts), max(part.months[-1] for part in parts)
    whole = fit_to is None
    start, end = (parts[0].window.first, parts[0].window.last) if whole else (first, last)
    return {"window_start": str(start), "window_end": str(end), "fit_to": fit_to or str(parts[0].window.fit_to)}
