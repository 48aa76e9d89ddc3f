"""Heat map of parameters by headlines: how much each parameter affects each headline. For a page."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from atmis.analysis.sensitivity import Index, TargetIndices
from atmis.plots.common import words
from atmis.plots.common.canvas import MARGIN, Canvas, line_height, new_canvas
from atmis.plots.common.style import BLACK, GREY, INK, PAGE_IN, SMALL_PT, clean, truncate, wrap
from atmis.plots.sensitivity import rows

MOST_HEADLINES = 8  # on a page
_ROW, _LEFT, _ROWS = 0.17, 3.0, 40
_RAMP = LinearSegmentedColormap.from_list("share", ["#FFFFFF", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B"])
_DARK = 0.6  # numbers are white above this share


def figure(targets: Sequence[TargetIndices]) -> Figure:
    """Total indices, or mean sizes of effects relative to the largest, of one scenario; the largest rows first."""
    by_target = [[_share(index, indices) for index in indices.rows] for indices in targets]
    shares = np.array(by_target).T  # [parameters, headlines]
    order = np.argsort(-np.nan_to_num(shares).max(axis=1), kind="stable")[:_ROWS]
    first = targets[0].rows[0]
    lines = [
        wrap(words.capitalise(rows.headline(indices.target.headline)), _cell(targets) - 0.06, SMALL_PT)
        for indices in targets
    ]
    head = 0.08 + line_height(SMALL_PT) * max(len(line) for line in lines)
    canvas = new_canvas(
        (PAGE_IN, head + _ROW * len(order) + 0.1),
        f"What drives {_kind_noun(targets)}: {rows.describe_target(targets[0].target)}",
        "total Sobol index: share of the variance that a parameter makes, alone and with others"
        if first.method == "sobol"
        else "mean size of the effects of a parameter (mu*) against the largest for that headline",
        _notes(targets),
    )
    axes = canvas.axes(_LEFT, head, _cell(targets) * len(targets), _ROW * len(order))
    near_zero = np.array([[_is_near_zero(index) for index in indices.rows] for indices in targets]).T
    _cells(axes, shares[order], near_zero[order])
    for column, line in enumerate(lines):
        _heading(canvas, line, _LEFT + (column + 0.5) * _cell(targets), head)
    for row, k in enumerate(order):
        name = truncate(words.capitalise(clean(parameter_words(targets, int(k)), 150)), _LEFT - MARGIN - 0.16, SMALL_PT)
        canvas.text(_LEFT - 0.06, head + (row + 0.5) * _ROW, name, ha="right", va="center")
    return canvas.figure


def parameter_words(targets: Sequence[TargetIndices], k: int) -> str:
    """The name of the k-th parameter in words."""
    return targets[0].rows[k].words


def _share(index: Index, indices: TargetIndices) -> float:
    if index.method == "sobol":
        return float("nan") if index.total is None or index.trust == "none" else max(index.total, 0.0)
    if index.trust == "none":
        return float("nan")
    size, chance = index.mu_star or 0.0, index.mu_star_by_chance or 0.0
    return size / max(row.mu_star or 0.0 for row in indices.rows) if size > chance else 0.0


def _cell(targets: Sequence[TargetIndices]) -> float:
    return min((PAGE_IN - _LEFT - MARGIN) / len(targets), 1.0)


def _kind_noun(targets: Sequence[TargetIndices]) -> str:
    return "the differences" if targets[0].target.what == "difference" else "the levels"


def _is_near_zero(index: Index) -> bool:
    """Whether the interval of an index reaches down to zero."""
    return index.total_low is not None and index.total_low <= 0


def _cells(axes: Axes, shares: np.ndarray, near_zero: np.ndarray) -> None:
    count, columns = shares.shape
    axes.pcolormesh(np.nan_to_num(shares), cmap=_RAMP, vmin=0.0, vmax=1.0, edgecolors="white", linewidth=0.8)
    axes.set(xlim=(0, columns), ylim=(count, 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for column in np.flatnonzero(np.isnan(shares).all(axis=0)).tolist():
        axes.add_patch(Rectangle((column, 0), 1, count, hatch="////", facecolor="white", edgecolor=GREY, linewidth=0))
    for row, column in np.argwhere(np.nan_to_num(shares) >= 0.005):
        value, prefix = float(shares[row, column]), "≈ " if near_zero[row, column] else ""
        colour, centre = "white" if value > _DARK else BLACK, (column + 0.5, row + 0.5)
        axes.text(*centre, f"{prefix}{value:.2f}", ha="center", va="center", fontsize=SMALL_PT, color=colour)


def _heading(canvas: Canvas, lines: Sequence[str], middle: float, bottom: float) -> None:
    for k, line in enumerate(reversed(lines)):
        canvas.text(middle, bottom - 0.03 - (k + 1) * line_height(SMALL_PT), line, ha="center", color=INK)


def _notes(targets: Sequence[TargetIndices]) -> list[str]:
    empty_meaning = "below .005" if targets[0].rows[0].method == "sobol" else "not larger than what chance alone makes"
    notes = [f"Empty: {empty_meaning}. Each parameter goes through its own range; see the table for the ranges."]
    if any(_is_near_zero(index) for indices in targets for index in indices.rows):
        notes.append("≈: its 95 % interval reaches down to zero.")
    if any(indices.rows[0].trust == "none" for indices in targets):
        notes.append("Hatched: more than half of what differs between points is chance, so nothing can be read.")
    return notes
