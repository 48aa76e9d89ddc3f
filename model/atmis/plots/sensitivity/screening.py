"""Which parameters can matter: mean size of their elementary effects against what chance alone makes."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.sensitivity import Analysed, Index
from atmis.plots.kit import words
from atmis.plots.kit.sheet import legend_height
from atmis.plots.kit.style import BLUE, GREY, INK, PAGE_IN, SMALL_PT, VERMILION
from atmis.plots.sensitivity import rows

_WIDTH = PAGE_IN - rows.LEFT - 0.2
_MORE: dict[str, Any] = {"color": VERMILION}
_FEWER: dict[str, Any] = {"color": BLUE}
_CHANCE: dict[str, Any] = {"color": GREY, "linewidth": 1.0, "linestyle": (0, (3, 2))}
_MEAN: dict[str, Any] = {"marker": "D", "color": INK, "markersize": 3.2, "markerfacecolor": "white"}


def figure(one: Analysed) -> Figure:
    """The effect of each parameter, that with the largest first."""
    shown = one.most[: rows.MOST]
    handles, labels = _legend(shown[0])
    head = legend_height(labels, PAGE_IN) + 0.06
    made = rows.frame(one, shown, head, _notes())
    made.legend(handles, labels, top=0.02)
    axes = rows.panel(made, (rows.LEFT, head, _WIDTH), "Effect of going through the whole range", len(shown))
    for place, index in enumerate(shown):
        _effect(axes, index, place)
    if shown[0].mu_star_by_chance is not None:
        axes.axvline(shown[0].mu_star_by_chance, zorder=1, **_CHANCE)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: words.tick(value))
    axes.set_xlabel(one.target.unit, fontsize=SMALL_PT, labelpad=1.0)
    return made.figure


def _effect(axes: Axes, index: Index, place: int) -> None:
    assert index.mu is not None
    assert index.mu_star is not None
    axes.barh(place, index.mu_star, height=0.5, zorder=2, alpha=0.75, **(_MORE if index.mu > 0 else _FEWER))
    ends: Any = [index.mu_star_low, index.mu_star_high]
    axes.plot(ends, [place, place], color=INK, linewidth=0.9, zorder=3)
    axes.plot(index.mu, place, linestyle="none", zorder=4, **_MEAN)


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
