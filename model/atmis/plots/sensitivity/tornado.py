"""What a headline does as one parameter goes through its range, and the share of the variance that it makes."""

from collections.abc import Iterator, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from atmis.analysis.sensitivity import Analysed, Index
from atmis.plots.kit import words
from atmis.plots.kit.sheet import legend_height
from atmis.plots.kit.style import BLUE, GREY, INK, PAGE_IN, SMALL_PT, VERMILION, tint
from atmis.plots.sensitivity import rows

_WAY, _SHARE, _GAP = 2.35, 1.65, 0.2
_LOW: dict[str, Any] = {"marker": "o", "color": BLUE, "markersize": 4.0}
_HIGH: dict[str, Any] = {"marker": "s", "color": VERMILION, "markersize": 4.0}
_BETWEEN: dict[str, Any] = {"marker": "|", "color": GREY, "markersize": 4.0}
_FIRST: dict[str, Any] = {"marker": "o", "color": INK, "markersize": 3.6, "markerfacecolor": "white"}
_TOTAL: dict[str, Any] = {"marker": "o", "color": INK, "markersize": 3.6}


def figure(one: Analysed) -> Figure:
    """The way of each parameter through its range, that with the largest total index first."""
    shown = one.most[: rows.MOST]
    handles, labels = _legend()
    head = legend_height(labels, PAGE_IN) + 0.06
    made = rows.frame(one, shown, head, _notes())
    made.legend(handles, labels, top=0.02)
    way = rows.panel(made, (rows.LEFT, head, _WAY), "Mean along its range", len(shown))
    share = rows.panel(made, (rows.LEFT + _WAY + _GAP, head, _SHARE), "Share of the variance it makes", len(shown))
    for place, index in enumerate(shown):
        _way(way, one, index, place)
        _share(share, index, place)
    _axes(way, one)
    share.set(xlim=(-0.05, 1.05 if one.rows[0].trust == "none" else max([1.0, *_highest(shown)]) + 0.05))
    share.set_xlabel("first order and total index", fontsize=SMALL_PT, labelpad=1.0)
    return made.figure


def _way(axes: Axes, one: Analysed, index: Index, place: int) -> None:
    """A bar from the low to the high end, the intervals of both, and the parts between."""
    way = one.ways[one.rows.index(index)]
    axes.plot([index.mean_at_low, index.mean_at_high], [place, place], color=tint(GREY, 0.5), linewidth=5.0,
              solid_capstyle="butt", zorder=2)  # fmt: skip
    for end, look, level in ((0, _LOW, place - 0.12), (-1, _HIGH, place + 0.12)):
        axes.plot([way.lows[end], way.highs[end]], [level, level], color=look["color"], linewidth=1.0, zorder=3)
        axes.plot(way.means[end], level, linestyle="none", zorder=4, **look)
    between = way.means[1:-1]
    axes.plot(between, [place] * len(between), linestyle="none", zorder=3.5, **_BETWEEN)


def _highest(shown: Sequence[Index]) -> Iterator[float]:
    return (high for index in shown for high in (index.first_high, index.total_high) if high is not None)


def _share(axes: Axes, index: Index, place: int) -> None:
    if index.total is None or index.trust == "none":
        why = "nothing differs" if index.trust == "same" else "cannot tell: chance"
        axes.text(0.0, place, why, fontsize=SMALL_PT, va="center", color=GREY)
        return
    both: list[tuple[Any, Any, dict[str, Any], float]] = [
        (index.first, (index.first_low, index.first_high), _FIRST, place - 0.14),
        (index.total, (index.total_low, index.total_high), _TOTAL, place + 0.14),
    ]
    for value, ends, look, level in both:
        axes.plot(ends, [level, level], color=look["color"], linewidth=1.0, zorder=3)
        axes.plot(value, level, linestyle="none", zorder=4, **look)


def _axes(axes: Axes, one: Analysed) -> None:
    low, high = axes.get_xlim()
    if one.target.what == "difference" and low < 0 < high:
        axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.axvline(one.rows[0].mean, color=GREY, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    if one.target.what == "difference":
        axes.xaxis.set_major_formatter(lambda value, _: words.tick(value))
    axes.set_xlabel(one.target.unit, fontsize=SMALL_PT, labelpad=1.0)


def _legend() -> tuple[list[Any], list[str]]:
    looks = (_LOW, _HIGH, _BETWEEN, _FIRST, _TOTAL)
    handles: list[Any] = [Line2D([], [], linestyle="none", **look) for look in looks]
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
