"""Limits of a PRIM box on the ranges of its parameters: where a scenario makes things worse. For a page."""

from typing import Any

from matplotlib.figure import Figure

from atmis.analysis.sensitivity import BoxRow, Discovery
from atmis.plots.common import words
from atmis.plots.common.canvas import placeholder
from atmis.plots.common.style import GREY, INK, LIGHT, PAGE_IN, SMALL_PT, VERMILION, clean
from atmis.plots.sensitivity import rows

_QUASI_P_WIDTH = 0.8  # of the column of quasi-p values, inches
_LINE: dict[str, Any] = {"linewidth": 5.0, "solid_capstyle": "butt"}


def figure(discovery: Discovery) -> Figure:
    """A line for the range of each parameter that the box restricts, with the part inside the box marked."""
    first = discovery.rows[0]
    if first.parameter is None:
        return placeholder(PAGE_IN, _title(first), _subtitle(first), " ".join(discovery.sentences)).figure
    labels = [_row_label(row) for row in discovery.rows]
    canvas = rows.row_canvas(_title(first), _subtitle(first), labels, discovery.sentences[1:])
    width = PAGE_IN - rows.LEFT - _QUASI_P_WIDTH - 0.2
    axes = rows.panel(canvas, (rows.LEFT, 0.0, width), "Where it is so", len(discovery.rows))
    canvas.text(rows.LEFT + width + 0.1, 0.06, "quasi-p", fontweight="bold")
    for y, row in enumerate(discovery.rows):
        _draw_limit(axes, row, y)
        canvas.text(rows.LEFT + width + 0.1, rows.HEAD + (y + 0.5) * rows.ROW, _format_quasi_p(row), va="center")
    axes.set(xlim=(-0.06, 1.06), xticks=[])
    axes.spines["bottom"].set_visible(False)
    return canvas.figure


def _draw_limit(axes: Any, row: BoxRow, y: int) -> None:
    if row.choices is not None:
        axes.text(0.0, y, clean(row.choices, 60), fontsize=SMALL_PT, va="center", color=INK)
        return
    assert row.range_low is not None
    assert row.range_high is not None
    low, high = (row.range_low if row.low is None else row.low), (row.range_high if row.high is None else row.high)
    ends = [(end - row.range_low) / (row.range_high - row.range_low) for end in (low, high)]
    axes.plot([0.0, 1.0], [y, y], color=LIGHT, zorder=2, **_LINE)
    axes.plot(ends, [y, y], color=VERMILION, zorder=3, **_LINE)
    for x, value, is_limit in ((ends[0], low, row.low is not None), (ends[1], high, row.high is not None)):
        axes.text(x, y + 0.17, f"{value:.3g}", fontsize=SMALL_PT, ha="center", va="top",
                  color=INK if is_limit else GREY, fontweight="bold" if is_limit else "normal")  # fmt: skip


def _row_label(row: BoxRow) -> tuple[str, str]:
    return row.words or "", f"{row.range or ''} {row.parameter_unit or ''}".strip()


def _format_quasi_p(row: BoxRow) -> str:
    return "" if row.quasi_p is None else "below .001" if row.quasi_p < 0.001 else f"{row.quasi_p:.3f}"


def _title(row: BoxRow) -> str:
    difference = f"{words.scenario_name(row.scenario)} less {words.scenario_name(row.baseline)}"
    return f"{words.capitalise(rows.headline(row.headline))}: {difference} {row.sense} {row.threshold:.3g}"


def _subtitle(row: BoxRow) -> str:
    return f"{100 * row.share_bad:.0f} % of {row.cases:,} cases; box by PRIM (patient rule induction)"
