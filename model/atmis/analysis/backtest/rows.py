"""The rows of the tables of a backtest."""

from dataclasses import dataclass, field
from datetime import date

from atmis.storage.tables import column

SKILL, NO_SKILL, NO_HISTORY = "skill over history", "no skill over history", "no history to compare with"


def _crps(what: str) -> dict[str, str]:
    return column("attacks", f"mean CRPS of {what}")


@dataclass(frozen=True)
class Score:
    """A zone, a sum of zones, or the mean over all zones, in a window."""

    zone: str
    kind: str  # zone, aggregate, mean
    window_start: str
    window_end: str
    fit_to: str
    n_months: int = field(metadata=column("months", "recorded months that are scored; of the mean zone-months"))
    observed_mean: float = field(metadata=column("attacks per month", "mean of what came"))
    model_mean: float = field(metadata=column("attacks per month", "mean of the forecast"))
    bias: float = field(metadata=column("attacks per month", "mean of the forecast less mean of what came"))
    model_crps: float = field(metadata=_crps("the model"))
    last_12_months_crps: float | None = field(metadata=_crps("the counts of the last 12 months, each as likely"))
    last_24_months_crps: float | None = field(metadata=_crps("the counts of the last 24 months, each as likely"))
    all_history_crps: float | None = field(metadata=_crps("all counts before the freeze, each as likely"))
    last_month_crps: float | None = field(metadata=_crps("the last count as the mean of a Poisson distribution"))
    negative_binomial_crps: float | None = field(metadata=_crps("a negative binomial distribution with a season"))
    coverage_50: float = field(
        metadata=column("share", "months in which the middle 50 % of the forecast hold the count")
    )
    coverage_90: float = field(
        metadata=column("share", "months in which the middle 90 % of the forecast hold the count")
    )
    best_baseline: str | None = field(metadata=column("-", "baseline with the smallest CRPS in this very window"))
    skill: float | None = field(metadata=column("share", "1 - CRPS of the model / CRPS of that baseline"))
    skill_low_95: float | None = field(metadata=column("share", "lower end of the 95 % interval of skill"))
    skill_high_95: float | None = field(metadata=column("share", "upper end of the 95 % interval of skill"))
    verdict: str = field(metadata=column("-", f"'{SKILL}': the whole interval lies above zero; '{NO_SKILL}': else"))


@dataclass(frozen=True)
class BaselineComparison:
    """The model against one baseline."""

    zone: str
    window_start: str
    window_end: str
    fit_to: str
    baseline: str
    baseline_crps: float
    skill: float | None
    skill_low_95: float | None
    skill_high_95: float | None


@dataclass(frozen=True)
class MonthRow:
    """A month of a zone or a sum of zones."""

    zone: str
    month: date
    fit_to: str
    observed: float
    forecast_mean: float
    forecast_5: float
    forecast_25: float
    forecast_50: float
    forecast_75: float
    forecast_95: float
    model_crps: float
    pit: float
    last_12_months_crps: float
    last_24_months_crps: float
    all_history_crps: float
    last_month_crps: float
    negative_binomial_crps: float
