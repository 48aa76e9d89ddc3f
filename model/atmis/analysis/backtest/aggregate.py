"""Scores aggregated to the rows of the tables: by window, by baseline and by month."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from atmis.analysis.backtest import scores
from atmis.analysis.backtest.baselines import BASELINES
from atmis.analysis.backtest.rows import NO_HISTORY, NO_SKILL, SKILL, BaselineComparison, MonthRow, Score
from atmis.analysis.backtest.scoring import TargetScores, pool_windows
from atmis.analysis.backtest.skill import Resampling, Skill, skill
from atmis.kernel.arrays import Floats

EVERY_ZONE, ALL_WINDOWS = "every_zone", "all"
_SHARES = (5, 25, 50, 75, 95)  # quantiles in the table of months, percent


class _PairedScores:
    """CRPS of the model and of the baselines over the same months: [M], or [M, zones] with NaN for not recorded."""

    def __init__(self, parts: Sequence[TargetScores]) -> None:
        shared = [name for name in BASELINES if all(name in part.baselines for part in parts)]
        months = sorted({key for part in parts for key in _month_keys(part)})
        self.model = _align(parts, months, [part.crps for part in parts])
        self.baselines = {name: _align(parts, months, [part.baselines[name] for part in parts]) for name in shared}

    def mean(self, name: str) -> float | None:
        """Mean CRPS of a baseline; None where it has too little history."""
        return float(np.nanmean(self.baselines[name])) if name in self.baselines else None

    @property
    def best(self) -> str | None:
        """The baseline with the smallest mean CRPS: the hardest to beat, chosen after the fact."""
        return min(self.baselines, key=lambda name: float(np.nanmean(self.baselines[name])), default=None)


def _align(parts: Sequence[TargetScores], months: Sequence[Any], values: Sequence[Floats]) -> Floats:
    """Values of several targets as columns of a table by month."""
    table = np.full((len(months), len(parts)), np.nan)
    for k, (part, column) in enumerate(zip(parts, values)):
        table[[months.index(key) for key in _month_keys(part)], k] = column
    return table


def _month_keys(part: TargetScores) -> list[tuple[Any, Any]]:
    """What distinguishes the entries of a scored target: the freeze and the month."""
    return list(zip(part.fit_to.tolist(), part.months.tolist()))


def score_rows(windows: Sequence[Sequence[TargetScores]], resampling: Resampling) -> list[Score]:
    """Rows for the targets and the mean over zones.

    Parameters
    ----------
    windows : scores of the targets of each window
    resampling : settings of the bootstrap

    Returns
    -------
    list of Score
        Of each window; of several windows, then over all of them.
    """
    rows = [row for parts in windows for row in _window_rows(parts, resampling)]
    return rows if len(windows) == 1 else rows + _window_rows(pool_by_target(windows), resampling, ALL_WINDOWS)


def pool_by_target(windows: Sequence[Sequence[TargetScores]]) -> list[TargetScores]:
    """Each target over all windows in which it is recorded."""
    by_target: dict[str, list[TargetScores]] = {}
    for part in (part for parts in windows for part in parts):
        by_target.setdefault(part.target.name, []).append(part)
    return [pool_windows(parts) for parts in by_target.values()]


def _window_rows(parts: Sequence[TargetScores], resampling: Resampling, fit_to: str | None = None) -> list[Score]:
    zones = [part for part in parts if part.target.kind == "zone"]
    rows = [_row(part.target.name, part.target.kind, [part], resampling, fit_to) for part in parts]
    return [*rows, _row(EVERY_ZONE, "mean", zones, resampling, fit_to)]


def _row(name: str, kind: str, parts: Sequence[TargetScores], resampling: Resampling, fit_to: str | None) -> Score:
    paired, counts = _PairedScores(parts), [len(part.months) for part in parts]
    best = paired.best
    gain = skill(paired.model, paired.baselines[best], resampling) if best else Skill(None, None, None)

    def mean(values: Sequence[float]) -> float:
        return float(np.average(values, weights=counts))

    return Score(
        **_period(parts, fit_to),
        zone=name,
        kind=kind,
        n_months=sum(counts),
        observed_mean=mean([part.observed.mean() for part in parts]),
        model_mean=mean([part.members.mean() for part in parts]),
        bias=mean([scores.bias(part.observed, part.members) for part in parts]),
        model_crps=float(np.nanmean(paired.model)),
        **{f"{name}_crps": paired.mean(name) for name in BASELINES},  # type: ignore[arg-type]
        coverage_50=mean([scores.coverage(part.observed, part.members, 0.5) for part in parts]),
        coverage_90=mean([scores.coverage(part.observed, part.members, 0.9) for part in parts]),
        best_baseline=best,
        skill=gain.value,
        skill_low_95=gain.low,
        skill_high_95=gain.high,
        verdict=_verdict(gain) if best else NO_HISTORY,
    )


def _verdict(gain: Skill) -> str:
    return SKILL if gain.low is not None and gain.low > 0.0 else NO_SKILL


def comparison_rows(windows: Sequence[Sequence[TargetScores]], resampling: Resampling) -> list[BaselineComparison]:
    """The model against every baseline, for the rows of `score_rows`."""
    rows = [row for parts in windows for row in _comparisons(parts, resampling)]
    return rows if len(windows) == 1 else rows + _comparisons(pool_by_target(windows), resampling, ALL_WINDOWS)


def _comparisons(
    parts: Sequence[TargetScores], resampling: Resampling, fit_to: str | None = None
) -> list[BaselineComparison]:
    zones = [part for part in parts if part.target.kind == "zone"]
    rows = []
    for name, members in [*((part.target.name, [part]) for part in parts), (EVERY_ZONE, zones)]:
        paired = _PairedScores(members)
        for baseline, crps in paired.baselines.items():
            gain, mean = skill(paired.model, crps, resampling), float(np.nanmean(crps))
            row = BaselineComparison(
                name,
                **_period(members, fit_to),
                baseline=baseline,
                baseline_crps=mean,
                skill=gain.value,
                skill_low_95=gain.low,
                skill_high_95=gain.high,
            )
            rows.append(row)
    return rows


def month_rows(windows: Sequence[Sequence[TargetScores]]) -> list[MonthRow]:
    """A row for each recorded month of each target."""
    return [_month_row(part, k) for parts in windows for part in parts for k in range(len(part.months))]


def _month_row(part: TargetScores, k: int) -> MonthRow:
    members = part.members[:, k]
    quantiles = np.quantile(members, np.array(_SHARES) / 100, method="inverted_cdf")
    forecast = {f"forecast_{share}": float(value) for share, value in zip(_SHARES, quantiles)}
    return MonthRow(
        zone=part.target.name,
        month=part.months[k].astype("datetime64[D]").item(),
        fit_to=str(part.window.fit_to),
        observed=float(part.observed[k]),
        forecast_mean=float(members.mean()),
        **forecast,
        model_crps=float(part.crps[k]),
        pit=float(part.pit[k]),
        **{f"{name}_crps": float(crps[k]) for name, crps in _baseline_crps(part).items()},
    )


def _baseline_crps(part: TargetScores) -> Mapping[str, Floats]:
    """CRPS [M] of every baseline; NaN for one without enough history."""
    return dict.fromkeys(BASELINES, np.full(len(part.months), np.nan)) | dict(part.baselines)


def _period(parts: Sequence[TargetScores], fit_to: str | None) -> Mapping[str, Any]:
    """The columns that say which months are scored: those of the window, or over all windows those with scores."""
    if fit_to is None:
        start, end = parts[0].window.first, parts[0].window.last
    else:
        start, end = min(part.months[0] for part in parts), max(part.months[-1] for part in parts)
    return {"window_start": str(start), "window_end": str(end), "fit_to": fit_to or str(parts[0].window.fit_to)}
