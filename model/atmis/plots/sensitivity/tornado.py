"""Tornado figure of Sobol indices: mean of a headline along each parameter's range, and shares of the variance."""

from collections.abc import Iterator, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from atmis.analysis.sensitivity import Index, TargetIndices
from atmis.plots.common import words
from atmis.plots.common.canvas import legend_height
from atmis.plots.common.style import BLUE, GREY, INK, PAGE_IN, SMALL_PT, VERMILION, tint
from atmis.plots.sensitivity import rows

_EFFECT_WIDTH, _SHARE_WIDTH, _GAP = 2.35, 1.65, 0.2
_LOW: dict[str, Any] = {"marker": "o", "color": BLUE, "markersize": 4.0}
_HIGH: dict[str, Any] = {"marker": "s", "color": VERMILION, "markersize": 4.0}
_BETWEEN: dict[str, Any] = {"marker": "|", "color": GREY, "markersize": 4.0}
_FIRST: dict[str, Any] = {"marker": "o", "color": INK, "markersize": 3.6, "markerfacecolor": "white"}
_TOTAL: dict[str, Any] = {"marker": "o", "color": INK, "markersize": 3.6}


def figure(indices: TargetIndices) -> Figure:
    """Main effect and indices of each parameter, that with the largest total index first."""
    rows_shown = indices.ranked[: rows.MOST_PARAMETERS]
    handles, labels = _legend()
    head = legend_height(labels, PAGE_IN) + 0.06
    canvas = rows.parameter_canvas(indices, rows_shown, head, _notes())
    canvas.legend(handles, labels, top=0.02)
    effect = rows.panel(canvas, (rows.LEFT, head, _EFFECT_WIDTH), "Mean along its range", len(rows_shown))
    share = rows.panel(
        canvas,
        (rows.LEFT + _EFFECT_WIDTH + _GAP, head, _SHARE_WIDTH),
        "Share of the variance it makes",
        len(rows_shown),
    )
    for y, index in enumerate(rows_shown):
        _draw_effect(effect, indices, index, y)
        _draw_share(share, index, y)
    _set_axes(effect, indices)
    share.set(xlim=(-0.05, 1.05 if indices.rows[0].trust == "none" else max([1.0, *_highest(rows_shown)]) + 0.05))
    share.set_xlabel("first order and total index", fontsize=SMALL_PT, labelpad=1.0)
    return canvas.figure


def _draw_effect(axes: Axes, indices: TargetIndices, index: Index, y: int) -> None:
    """Draw a bar from the low to the high end of a range, the intervals of both, and the means between."""
    effect = indices.main_effects[indices.rows.index(index)]
    axes.plot([index.mean_at_low, index.mean_at_high], [y, y], color=tint(GREY, 0.5), linewidth=5.0,
              solid_capstyle="butt", zorder=2)  # fmt: skip
    for end, style, level in ((0, _LOW, y - 0.12), (-1, _HIGH, y + 0.12)):
        axes.plot([effect.lows[end], effect.highs[end]], [level, level], color=style["color"], linewidth=1.0, zorder=3)
        axes.plot(effect.means[end], level, linestyle="none", zorder=4, **style)
    between = effect.means[1:-1]
    axes.plot(between, [y] * len(between), linestyle="none", zorder=3.5, **_BETWEEN)


def _highest(rows_shown: Sequence[Index]) -> Iterator[float]:
    ends = ((index.first, index.total, index.first_high, index.total_high) for index in rows_shown)
    return (high for highs in ends for high in highs if high is not None)


def _draw_share(axes: Axes, index: Index, y: int) -> None:
    if index.total is None or index.trust == "none":
        reason = "nothing differs" if index.trust == "same" else "cannot tell: chance"
        axes.text(0.0, y, reason, fontsize=SMALL_PT, va="center", color=GREY)
        return
    orders: list[tuple[Any, Any, dict[str, Any], float]] = [
        (index.first, (index.first_low, index.first_high), _FIRST, y - 0.14),
        (index.total, (index.total_low, index.total_high), _TOTAL, y + 0.14),
    ]
    for value, ends, style, level in orders:
        if None not in ends:
            axes.plot(ends, [level, level], color=style["color"], linewidth=1.0, zorder=3)
        axes.plot(value, level, linestyle="none", zorder=4, **style)


def _set_axes(axes: Axes, indices: TargetIndices) -> None:
    low, high = axes.get_xlim()
    if indices.target.what == "difference" and low < 0 < high:
        axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.axvline(indices.rows[0].mean, color=GREY, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    if indices.target.what == "difference":
        axes.xaxis.set_major_formatter(lambda value, _: words.format_tick(value))
    axes.set_xlabel(indices.target.unit, fontsize=SMALL_PT, labelpad=1.0)


def _legend() -> tuple[list[Any], list[str]]:
    styles = (_LOW, _HIGH, _BETWEEN, _FIRST, _TOTAL)
    handles: list[Any] = [Line2D([], [], linestyle="none", **style) for style in styles]
    handles.append(Line2D([], [], color=GREY, linewidth=0.7, linestyle=(0, (3, 2))))
    return handles, [
        "at the low end of its range", "at the high end", "between", "first order: alone", "total: with others too",
        "mean over all points",
    ]  # fmt: skip


def _notes() -> list[str]:
    return [
        "Left: means over the points in each fifth of a parameter's range, all others going through theirs. Lines: "
        "95 % intervals. Right: share of the variance between points, by Sobol indices of what is expected over luck."
    ]
