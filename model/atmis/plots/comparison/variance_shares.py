"""Shares of the variance of each headline due to chance, parameters and evidence, for levels and differences.

For the full width of a page.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from atmis.analysis.comparison import VarianceShares
from atmis.analysis.comparison.pooled import INDICATOR_HEADLINES
from atmis.plots.common import words
from atmis.plots.common.canvas import MARGIN, legend_height, new_canvas, placeholder
from atmis.plots.common.style import BLUE, GREY, INK, ORANGE, PAGE_IN, SMALL_PT, TEXT_PT, text_width, tint, truncate
from atmis.runs.summary import Group

COLUMNS = 3  # panels: a level, and two differences
SHOWN: tuple[tuple[str, Group], ...] = (
    ("attacks", "kenyan_border"), ("attacks", "jubaland"), ("attacks", "rest"), ("deaths_mission", "all"),
    ("deaths_host", "all"), ("deaths_civilians", "all"), ("overruns", "all"), ("displaced", "all"),
    ("host_shortfall", "all"), ("border_could_open_share", "kenyan_border"),
)  # fmt: skip
_ROW, _HEAD, _GAP, _AXIS = 0.2, 0.3, 0.42, 0.34
_PARTS: dict[str, dict[str, Any]] = {
    "chance": {"facecolor": tint(GREY, 0.35), "hatch": ""},
    "parameters": {"facecolor": tint(BLUE, 0.55), "hatch": "////"},
    "evidence": {"facecolor": tint(ORANGE, 0.75), "hatch": "...."},
}
_LEAST = 0.3  # least width of a bar that holds a number, inches


def figure(rows: Sequence[VarianceShares]) -> Figure:
    """Stacked bars of shares of the variance, with the standard deviation beside each."""
    panels = select_panels(rows)
    if not panels:
        return placeholder(PAGE_IN, "Spread", "", "There is no spread to split.").figure
    first = rows[0]
    names = [words.short_heading(*headline) for headline in SHOWN]
    left = max(text_width(name, SMALL_PT) for name in names) + MARGIN + 0.06
    width = (PAGE_IN - left - COLUMNS * _GAP) / COLUMNS
    handles = [Patch(edgecolor=INK, linewidth=0.3, **_PARTS[part]) for part in varied_parts(first)]
    head = legend_height(list(_PARTS), PAGE_IN) + 0.08
    canvas = new_canvas(
        (PAGE_IN, head + _HEAD + len(names) * _ROW + _AXIS),
        "What the spread is made of",
        _subtitle(first),
        _notes(panels, rows),
    )
    canvas.legend(handles, varied_parts(first), top=0.02)
    for column, (title, panel) in enumerate(panels.items()):
        at = left + column * (width + _GAP)
        canvas.text(at, head, truncate(title, 0.87 * (width + _GAP), TEXT_PT), fontsize=TEXT_PT, fontweight="bold")
        canvas.text(at + width + 0.05, head + 0.14, "σ", color=GREY)
        axes = canvas.axes(at, head + _HEAD, width, len(names) * _ROW)
        for index, row in enumerate(panel):
            _bar(axes, row, index, width)
        _set_axes(axes, len(names))
    for index, name in enumerate(names):
        canvas.text(left - 0.06, head + _HEAD + (index + 0.5) * _ROW, name, ha="right", va="center")
    return canvas.figure


def select_panels(rows: Sequence[VarianceShares]) -> dict[str, list[VarianceShares]]:
    """Rows of the panels by title: the level of the baseline, and the differences of the first scenarios from it."""
    by_key = {(row.scenario, str(row.quantity), row.headline): row for row in rows}
    if not rows:
        return {}
    baseline = rows[0].baseline
    others = list(dict.fromkeys(row.scenario for row in rows if row.quantity == "difference"))
    selected = [(baseline, "level"), *((name, "difference") for name in others[: COLUMNS - 1])]
    return {
        f"{words.capitalise(quantity)}: {words.scenario_name(name)}": [
            by_key[name, quantity, INDICATOR_HEADLINES[headline][0]] for headline in SHOWN
        ]
        for name, quantity in selected
    }


def varied_parts(row: VarianceShares) -> list[str]:
    """The sources of variance that were varied, in order."""
    return [part for part in _PARTS if getattr(row, f"deviation_{part}") is not None]


def _bar(axes: Axes, row: VarianceShares, index: int, width: float) -> None:
    left_end = 0.0
    for part in varied_parts(row):
        share = getattr(row, f"share_{part}")
        if share:
            axes.barh(index, share, 0.74, left=left_end, edgecolor=INK, linewidth=0.3, **_PARTS[part])
            if share * width >= _LEAST:
                box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
                text = f"{100 * share:.0f} %"
                axes.text(left_end + share / 2, index, text, ha="center", va="center", fontsize=SMALL_PT, bbox=box)
            left_end += share
    if not left_end:
        axes.text(0.02, index, "no spread", va="center", fontsize=SMALL_PT, color=GREY)
    axes.text(1.0 + 0.05 / width, index, words.format_plain(row.deviation), va="center", fontsize=SMALL_PT, color=GREY)


def _set_axes(axes: Axes, count: int) -> None:
    axes.set(xlim=(0.0, 1.0), ylim=(count - 0.5, -0.5), yticks=[])
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "50", "100 %"])
    axes.set_xlabel("share of the variance", fontsize=SMALL_PT, labelpad=1.0)
    axes.spines["left"].set_visible(False)


def _subtitle(row: VarianceShares) -> str:
    counts = ((row.readings, "reading of the evidence", "readings of the evidence"), (row.points, "point", "points"),
               (row.replicates, "replicate", "replicates"))  # fmt: skip
    return " × ".join(f"{count:,} {singular if count == 1 else plural}" for count, singular, plural in counts)


def _notes(panels: dict[str, list[VarianceShares]], rows: Sequence[VarianceShares]) -> list[str]:
    others = {row.scenario for row in rows if row.quantity == "difference"}
    left_out = len(others) - (COLUMNS - 1)
    zero = any(row.set_to_zero for panel in panels.values() for row in panel)
    return [
        "Chance: over replicates within a point, with the parameters that these draw. Parameters: over points within a "
        "reading of the evidence. Evidence: "
        "over readings, with equal weights. σ: standard deviation of all together, in the unit of the headline.",
        "A difference is from the baseline at the same point and replicate; what both share falls out of it.",
        *(
            ["Estimates below zero, of nothing but for luck, are shown as zero (spread.csv names them)."]
            if zero
            else []
        ),
        *([f"Of {left_out} more the shares are in spread.csv."] if left_out > 0 else []),
    ]
