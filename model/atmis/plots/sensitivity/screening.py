"""Screening by the method of Morris: mean size of elementary effects against that made by chance alone."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.sensitivity import Index, TargetIndices
from atmis.plots.common import words
from atmis.plots.common.canvas import legend_height
from atmis.plots.common.style import BLUE, GREY, INK, PAGE_IN, SMALL_PT, VERMILION
from atmis.plots.sensitivity import rows

_WIDTH = PAGE_IN - rows.LEFT - 0.2
_MORE: dict[str, Any] = {"color": VERMILION}
_FEWER: dict[str, Any] = {"color": BLUE}
_CHANCE: dict[str, Any] = {"color": GREY, "linewidth": 1.0, "linestyle": (0, (3, 2))}
_MEAN: dict[str, Any] = {"marker": "D", "color": INK, "markersize": 3.2, "markerfacecolor": "white"}


def figure(indices: TargetIndices) -> Figure:
    """The elementary effects of each parameter, the largest first."""
    rows_shown = indices.ranked[: rows.MOST_PARAMETERS]
    handles, labels = _legend(rows_shown[0])
    head = legend_height(labels, PAGE_IN) + 0.06
    canvas = rows.parameter_canvas(indices, rows_shown, head, _notes())
    canvas.legend(handles, labels, top=0.02)
    axes = rows.panel(canvas, (rows.LEFT, head, _WIDTH), "Effect of going through the whole range", len(rows_shown))
    for y, index in enumerate(rows_shown):
        _draw_effect(axes, index, y)
    if rows_shown[0].mu_star_by_chance is not None:
        axes.axvline(rows_shown[0].mu_star_by_chance, zorder=1, **_CHANCE)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: words.format_tick(value))
    axes.set_xlabel(indices.target.unit, fontsize=SMALL_PT, labelpad=1.0)
    return canvas.figure


def _draw_effect(axes: Axes, index: Index, y: int) -> None:
    assert index.mu is not None
    assert index.mu_star is not None
    axes.barh(y, index.mu_star, height=0.5, zorder=2, alpha=0.75, **(_MORE if index.mu > 0 else _FEWER))
    ends: Any = [index.mu_star_low, index.mu_star_high]
    if None not in ends:
        axes.plot(ends, [y, y], color=INK, linewidth=0.9, zorder=3)
    axes.plot(index.mu, y, linestyle="none", zorder=4, **_MEAN)


def _legend(index: Index) -> tuple[list[Any], list[str]]:
    handles: list[Any] = [
        Patch(alpha=0.75, **_MORE),
        Patch(alpha=0.75, **_FEWER),
        Line2D([], [], color=INK, linewidth=0.9),
    ]
    labels = ["mean size (mu*), more on average", "mean size, less on average", "95 % interval"]
    handles.append(Line2D([], [], linestyle="none", **_MEAN))
    labels.append("mean effect with its sign (mu)")
    if index.mu_star_by_chance is not None:
        handles.append(Line2D([], [], **_CHANCE))
        labels.append("mean size that chance alone makes")
    return handles, labels


def _notes() -> list[str]:
    return [
        "Elementary effects (Morris 1991): steps of two thirds of a range, scaled to the whole. Where mean size and "
        "mean effect differ, an effect changes its sign with the other parameters, or is chance. A parameter whose "
        "interval reaches down to what chance makes cannot be told from one that does nothing."
    ]
