"""Parameters by headlines: how much each parameter does to each. For a column, or a page where headlines are many."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from atmis.analysis.sensitivity import Analysed, Index
from atmis.plots.kit import words
from atmis.plots.kit.sheet import EDGE, Sheet, line_height, sheet
from atmis.plots.kit.style import BLACK, GREY, INK, PAGE_IN, SMALL_PT, clean, fit, wrap
from atmis.plots.sensitivity import rows

MOST = 8  # headlines on a page
_ROW, _LEFT, _ROWS = 0.17, 3.0, 40
_RAMP = LinearSegmentedColormap.from_list("share", ["#FFFFFF", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B"])
_DARK = 0.6  # share from which on a number is white


def figure(several: Sequence[Analysed]) -> Figure:
    """Total indices, or mean sizes of effects against the largest, of one scenario; those that matter most first."""
    shares = np.array([[_share(index, one) for index in one.rows] for one in several]).T  # [parameters, headlines]
    order = np.argsort(-np.nan_to_num(shares).max(axis=1), kind="stable")[:_ROWS]
    first = several[0].rows[0]
    lines = [
        wrap(words.first_up(rows.headline(one.target.headline)), _cell(several) - 0.06, SMALL_PT) for one in several
    ]
    head = 0.08 + line_height(SMALL_PT) * max(len(line) for line in lines)
    made = sheet(
        (PAGE_IN, head + _ROW * len(order) + 0.1),
        f"What drives {_kind(several)}: {rows.of_what(several[0].target)}",
        "total Sobol index: share of the variance that a parameter makes, alone and with others"
        if first.method == "sobol"
        else "mean size of the effects of a parameter (mu*) against the largest for that headline",
        _notes(several),
    )
    axes = made.axes(_LEFT, head, _cell(several) * len(several), _ROW * len(order))
    near = np.array([[_is_near(index) for index in one.rows] for one in several]).T
    _cells(axes, shares[order], near[order])
    for column, line in enumerate(lines):
        _heading(made, line, _LEFT + (column + 0.5) * _cell(several), head)
    for row, k in enumerate(order):
        name = fit(words.first_up(clean(first_words(several, int(k)), 150)), _LEFT - EDGE - 0.16, SMALL_PT)
        made.text(_LEFT - 0.06, head + (row + 0.5) * _ROW, name, ha="right", va="center")
    return made.figure


def first_words(several: Sequence[Analysed], k: int) -> str:
    """The words of the k-th parameter."""
    return several[0].rows[k].words


def _share(index: Index, one: Analysed) -> float:
    if index.method == "sobol":
        return float("nan") if index.total is None or index.trust == "none" else max(index.total, 0.0)
    if index.trust == "none":
        return float("nan")
    size, luck = index.mu_star or 0.0, index.mu_star_by_chance or 0.0
    return size / max(row.mu_star or 0.0 for row in one.rows) if size > luck else 0.0


def _cell(several: Sequence[Analysed]) -> float:
    return min((PAGE_IN - _LEFT - EDGE) / len(several), 1.0)


def _kind(several: Sequence[Analysed]) -> str:
    return "the differences" if several[0].target.what == "difference" else "the levels"


def _is_near(index: Index) -> bool:
    """Whether nothing tells an index from zero."""
    return index.total_low is not None and index.total_low <= 0


def _cells(axes: Axes, shares: np.ndarray, near: np.ndarray) -> None:
    count, columns = shares.shape
    axes.pcolormesh(np.nan_to_num(shares), cmap=_RAMP, vmin=0.0, vmax=1.0, edgecolors="white", linewidth=0.8)
    axes.set(xlim=(0, columns), ylim=(count, 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for column in np.flatnonzero(np.isnan(shares).all(axis=0)).tolist():
        axes.add_patch(Rectangle((column, 0), 1, count, hatch="////", facecolor="white", edgecolor=GREY, linewidth=0))
    for row, column in np.argwhere(np.nan_to_num(shares) >= 0.005):
        value, sign = float(shares[row, column]), "≈ " if near[row, column] else ""
        hue, at = "white" if value > _DARK else BLACK, (column + 0.5, row + 0.5)
        axes.text(*at, f"{sign}{value:.2f}", ha="center", va="center", fontsize=SMALL_PT, color=hue)


def _heading(made: Sheet, lines: Sequence[str], middle: float, bottom: float) -> None:
    for k, line in enumerate(reversed(lines)):
        made.text(middle, bottom - 0.03 - (k + 1) * line_height(SMALL_PT), line, ha="center", color=INK)


def _notes(several: Sequence[Analysed]) -> list[str]:
    empty = "below .005" if several[0].rows[0].method == "sobol" else "not larger than what chance alone makes"
    notes = [f"Empty: {empty}. Each parameter goes through its own range; see the table for the ranges."]
    if any(_is_near(index) for one in several for index in one.rows):
        notes.append("≈: its 95 % interval reaches down to zero.")
    if any(one.rows[0].trust == "none" for one in several):
        notes.append("Hatched: more than half of what differs between points is chance, so nothing can be read.")
    return notes
