"""Two ensembles on the page: bands by month, and paired differences with verdicts, in words."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from atmis.analysis.comparison import INDICATORS, Difference, Span, compare
from atmis.analysis.comparison.indicators import GROUPS
from atmis.analysis.comparison.spans import first_difference, span_between
from atmis.explore.quick_ensembles import EnsemblePair
from atmis.kernel.arrays import Floats
from atmis.plots.common import words
from atmis.plots.common.bands import quantile_bands
from atmis.plots.common.dates import format_date
from atmis.report.sentences import FormattedDifference, describe_difference
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group

# Indicators shown by month; indicators and groups whose differences are shown, in this order.
MONTHLY = ("attacks", "recorded_attacks", "deaths_without_group", "displaced", "overruns")
ROWS: tuple[tuple[str, Group], ...] = (
    ("attacks", "all"), ("attacks", "kenyan_border"), ("attacks", "jubaland"), ("deaths_without_group", "all"),
    ("deaths_mission", "all"), ("deaths_civilians", "all"), ("overruns", "all"),
    ("displaced", "all"), ("host_shortfall", "all"),
    ("border_could_open_share", "kenyan_border"), ("border_all_open_months", "kenyan_border"),
)  # fmt: skip


def describe_pair(pair: EnsemblePair, labels: tuple[str, str]) -> dict[str, Any]:
    """All that the page shows of two ensembles, as plain data."""
    rows = {(row.indicator, row.group): row for row in paired_differences(pair, labels)}
    since = first_difference(*pair)
    return {
        "replicates": pair[0].replicates,
        "held": words.uncertainty_included([ensemble.scenario for ensemble in pair]),
        "same_until": None if since is None else format_date(since, day_known=False),
        "months": [str(month) for month in pair[0].months],
        "bands": _bands(pair),
        "rows": [describe_row(rows[key]) for key in ROWS if key in rows],
    }


def paired_differences(pair: EnsemblePair, labels: tuple[str, str]) -> list[Difference]:
    """Paired differences over the whole run."""
    indicators = list(dict.fromkeys(indicator for indicator, _ in ROWS))
    return compare(dict(zip(labels, pair, strict=True)), labels[0], indicators)


def describe_row(row: Difference) -> dict[str, Any]:
    """A difference as plain data: its numbers as they are, and formatted for readers."""
    formatted = FormattedDifference(row)
    numbers = {
        name: getattr(row, name) for name in ("mean_baseline", "mean_scenario", "mean_difference", "low_95", "high_95")
    }
    return {
        "indicator": row.indicator,
        "group": row.group,
        "heading": formatted.heading,
        "verdict": row.verdict,
        "worse": row.worse,
        "probability_worse": row.probability_worse,
        **numbers,
        "text": {
            "a": _format_number(formatted, "mean_baseline", formatted.unit),
            "b": _format_number(formatted, "mean_scenario", formatted.unit),
            "difference": _format_number(formatted, "mean_difference", formatted.step, "signed"),
            "sentence": "".join(part if isinstance(part, str) else part.text for part in describe_difference(row)),
        },
    }


def _format_number(formatted: FormattedDifference, column: str, unit: str, form: Any = "plain") -> str:
    """A number of a difference with its unit."""
    if getattr(formatted.row, column) is None:
        return "not defined"
    return formatted.number(column, form).text + unit


def _bands(pair: EnsemblePair) -> dict[str, dict[str, Any]]:
    """By indicator: heading, unit and, by group, the quantiles (5, 25, 50, 75, 95 %) by month of both ensembles."""
    months = list(_months(pair[0]))
    by_indicator: dict[str, dict[str, Any]] = {}
    for name in MONTHLY:
        sides = [_by_month(ensemble, name, months) for ensemble in pair]
        by_indicator[name] = {
            "heading": words.capitalise(words.indicator_name(name)),
            "unit": INDICATORS[name].unit,
            "groups": {group: [_quantiles(side[group]) for side in sides] for group in GROUPS if group != "somalia"},
        }
    return by_indicator


def _by_month(ensemble: Ensemble, name: str, months: list[Span]) -> dict[Group, Floats]:
    """An indicator [replicates, months] by group."""
    by_month = [INDICATORS[name].function(ensemble, month) for month in months]
    return {group: np.stack([values[group] for values in by_month], axis=1) for group in by_month[0]}


def _months(ensemble: Ensemble) -> Iterator[Span]:
    """The months of an ensemble as spans."""
    for month in ensemble.months:
        first: date = month.astype("datetime64[D]").item()
        next_first: date = (month + np.timedelta64(1, "M")).astype("datetime64[D]").item()
        yield span_between(ensemble, str(month), first, next_first - timedelta(days=1))


def _quantiles(values: Floats) -> list[list[float]]:
    """Rounded quantiles over replicates, a list for each."""
    return [np.round(line, 2).tolist() for line in quantile_bands(values)[:5]]
