"""What the page shows of two ensembles: bands by month, and paired differences with their verdicts, in words."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from atmis.analysis.comparison import INDICATORS, Difference, Span, compare
from atmis.analysis.comparison.indicators import GROUPS
from atmis.analysis.comparison.spans import first_difference, part
from atmis.explore.quick import Both
from atmis.kernel.arrays import Floats
from atmis.plots.kit import words
from atmis.plots.kit.bands import bands
from atmis.plots.kit.dates import in_words
from atmis.report.sentences import Told, finding
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group

# What is shown by month, and what differences are told of, in this order.
BY_MONTH = ("attacks", "recorded_attacks", "deaths_without_group", "displaced", "overruns")
TOLD: tuple[tuple[str, Group], ...] = (
    ("attacks", "all"), ("attacks", "kenyan_border"), ("attacks", "jubaland"), ("deaths_without_group", "all"),
    ("deaths_mission", "all"), ("deaths_civilians", "all"), ("overruns", "all"),
    ("displaced", "all"), ("host_shortfall", "all"),
    ("border_could_open_share", "kenyan_border"), ("border_all_open_months", "kenyan_border"),
)  # fmt: skip


def shown(both: Both, labels: tuple[str, str]) -> dict[str, Any]:
    """All that the page shows of two ensembles, as plain data."""
    rows = {(row.indicator, row.group): row for row in compared(both, labels)}
    since = first_difference(*both)
    return {
        "replicates": both[0].replicates,
        "held": words.held([ensemble.scenario for ensemble in both]),
        "same_until": None if since is None else in_words(since, known=False),
        "months": [str(month) for month in both[0].months],
        "bands": _bands(both),
        "rows": [row_told(rows[what]) for what in TOLD if what in rows],
    }


def compared(both: Both, labels: tuple[str, str]) -> list[Difference]:
    """Paired differences over the whole run."""
    only = list(dict.fromkeys(indicator for indicator, _ in TOLD))
    return compare(dict(zip(labels, both, strict=True)), labels[0], only)


def row_told(row: Difference) -> dict[str, Any]:
    """A difference: numbers as they are, and as a reader sees them."""
    told = Told(row)
    number = {
        name: getattr(row, name) for name in ("mean_baseline", "mean_scenario", "mean_difference", "low_95", "high_95")
    }
    return {
        "indicator": row.indicator,
        "group": row.group,
        "heading": told.heading,
        "verdict": row.verdict,
        "worse": row.worse,
        "probability_worse": row.probability_worse,
        **number,
        "text": {
            "a": _text(told, "mean_baseline", told.unit),
            "b": _text(told, "mean_scenario", told.unit),
            "difference": _text(told, "mean_difference", told.step, "signed"),
            "sentence": "".join(part if isinstance(part, str) else part.text for part in finding(row)),
        },
    }


def _text(told: Told, column: str, unit: str, form: Any = "plain") -> str:
    if getattr(told.row, column) is None:
        return "not defined"
    return told.number(column, form).text + unit


def _bands(both: Both) -> dict[str, dict[str, Any]]:
    """By indicator and group: unit, and quantiles (5, 25, 50, 75, 95 %) by month of either."""
    months = list(_months(both[0]))
    made: dict[str, dict[str, Any]] = {}
    for name in BY_MONTH:
        sides = [_by_month(ensemble, name, months) for ensemble in both]
        made[name] = {
            "heading": words.first_up(words.indicator(name)),
            "unit": INDICATORS[name].unit,
            "groups": {group: [_quantiles(side[group]) for side in sides] for group in GROUPS if group != "somalia"},
        }
    return made


def _by_month(ensemble: Ensemble, name: str, months: list[Span]) -> dict[Group, Floats]:
    """An indicator [replicates, months] by group."""
    found = [INDICATORS[name].function(ensemble, month) for month in months]
    return {group: np.stack([values[group] for values in found], axis=1) for group in found[0]}


def _months(ensemble: Ensemble) -> Iterator[Span]:
    for month in ensemble.months:
        first: date = month.astype("datetime64[D]").item()
        later: date = (month + np.timedelta64(1, "M")).astype("datetime64[D]").item()
        yield part(ensemble, str(month), first, later - timedelta(days=1))


def _quantiles(values: Floats) -> list[list[float]]:
    return [np.round(line, 2).tolist() for line in bands(values)[:5]]
