"""The spread over replicates: the middle 50 % and 90 %, the median and the mean."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, StepPatch
from matplotlib.ticker import MaxNLocator

from atmis.kernel.arrays import Floats
from atmis.plots.kit.style import GREY, INK, SMALL_PT, TEXT_PT, fit, shade, text_width, tint


class Bands(NamedTuple):
    """Quantiles over replicates, along time."""

    low90: Floats
    low50: Floats
    median: Floats
    high50: Floats
    high90: Floats
    mean: Floats
    largest: float
    replicates: int


def bands(values: Floats) -> Bands:
    """Bands of values [replicates, time]."""
    low90, low50, median, high50, high90 = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    largest = float(values.max(initial=0.0))
    return Bands(low90, low50, median, high50, high90, values.mean(axis=0), largest, len(values))


def stairs(axes: Axes, values: Floats, edges: Floats, baseline: Floats | float | None = None, **look: Any) -> None:
    """Steps as of Axes.stairs, for axes whose limits are given.

    That one asks each of thousands of steps how far it reaches, which took a sixth of the time of all drawing.
    """
    drawn = StepPatch(values, edges, baseline=baseline, **{"fill": False} | look)  # type: ignore[arg-type]
    axes.add_artist(drawn)


def draw_bands(axes: Axes, shown: Bands, edges: Floats, colour: str) -> None:
    """Bands over spans of time whose edges are given, from zero up. One replicate: a line alone."""
    if shown.replicates > 1:
        stairs(axes, shown.high90, edges, baseline=shown.low90, fill=True, color=tint(colour, 0.22), linewidth=0)
        stairs(axes, shown.high50, edges, baseline=shown.low50, fill=True, color=tint(colour, 0.5), linewidth=0)
        stairs(axes, shown.mean, edges, color=INK, linewidth=0.7, linestyle=(0, (1, 1)))
    stairs(axes, shown.median, edges, color=shade(colour), linewidth=1.1, zorder=3, clip_on=False)
    count_axis(axes, float(max(shown.high90.max(), shown.mean.max())))
    if shown.largest == 0.0:
        text = "none" if shown.replicates == 1 else "none in any replicate"
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=GREY, fontsize=SMALL_PT)


def head_panel(axes: Axes, name: str, shown: Bands, width: float) -> None:
    """What a panel (of a width in inches) shows on its upper left, the mean over all on its upper right."""
    place: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom"}
    mean, text = float(shown.mean.mean()), ""
    if shown.largest > 0.0:
        text = f"mean {mean:,.1f}" if mean >= 0.1 else f"mean {mean:.2f}" if mean >= 0.005 else "mean < 0.01"
    axes.text(0.0, 1.05, fit(name, width - text_width(text, SMALL_PT) - 0.06), fontsize=TEXT_PT, **place)
    if text:
        axes.text(1.0, 1.05, text, fontsize=SMALL_PT, ha="right", color=GREY, **place)


def count_axis(axes: Axes, highest: float) -> None:
    """A vertical axis of counts, from zero to above the highest, with few whole ticks."""
    axes.set_ylim(0.0, 1.06 * max(highest, 1.0))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def band_legend(replicates: int, colour: str = "#666666") -> tuple[list[Any], list[str]]:
    """Handles and labels that explain the bands."""
    line = Line2D([], [], color=shade(colour), linewidth=1.1)
    if replicates == 1:
        return [line], ["the only replicate (no band)"]
    handles = [
        line,
        Line2D([], [], color=INK, linewidth=0.7, linestyle=(0, (1, 1))),
        Patch(facecolor=tint(colour, 0.5)),
        Patch(facecolor=tint(colour, 0.22)),
    ]
    return handles, ["median", "mean", "middle 50 % of replicates", "middle 90 % of replicates"]
