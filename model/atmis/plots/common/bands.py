"""Quantile bands over replicates: the middle 50 % and 90 %, the median and the mean."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, StepPatch
from matplotlib.ticker import MaxNLocator

from atmis.kernel.arrays import Floats
from atmis.plots.common.style import GREY, INK, SMALL_PT, TEXT_PT, shade, text_width, tint, truncate


class Bands(NamedTuple):
    """Quantiles and mean over replicates, each [T]."""

    low90: Floats
    low50: Floats
    median: Floats
    high50: Floats
    high90: Floats
    mean: Floats
    largest: float
    replicates: int


def quantile_bands(values: Floats) -> Bands:
    """Bands of values [R, T]."""
    low90, low50, median, high50, high90 = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    largest = float(values.max(initial=0.0))
    return Bands(low90, low50, median, high50, high90, values.mean(axis=0), largest, len(values))


def stairs(axes: Axes, values: Floats, edges: Floats, baseline: Floats | float | None = None, **style: Any) -> None:
    """Steps like those of `Axes.stairs`, for axes whose limits are set anyway.

    `Axes.stairs` computes the data limits of thousands of steps, which took a sixth of the time of all drawing.
    """
    patch = StepPatch(values, edges, baseline=baseline, **{"fill": False} | style)  # type: ignore[arg-type]
    axes.add_artist(patch)


def draw_bands(axes: Axes, bands: Bands, edges: Floats, colour: str) -> None:
    """Draw bands over the intervals between `edges`, on an axis from zero; for one replicate a line alone."""
    if bands.replicates > 1:
        stairs(axes, bands.high90, edges, baseline=bands.low90, fill=True, color=tint(colour, 0.22), linewidth=0)
        stairs(axes, bands.high50, edges, baseline=bands.low50, fill=True, color=tint(colour, 0.5), linewidth=0)
        stairs(axes, bands.mean, edges, color=INK, linewidth=0.7, linestyle=(0, (1, 1)))
    stairs(axes, bands.median, edges, color=shade(colour), linewidth=1.1, zorder=3, clip_on=False)
    count_axis(axes, float(max(bands.high90.max(), bands.mean.max())))
    if bands.largest == 0.0:
        text = "none" if bands.replicates == 1 else "none in any replicate"
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=GREY, fontsize=SMALL_PT)


def label_panel(axes: Axes, name: str, bands: Bands, width: float) -> None:
    """Write above a panel its name, on the left, and the mean over all, on the right; `width` in inches."""
    position: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom"}
    mean, text = float(bands.mean.mean()), ""
    if bands.largest > 0.0:
        text = f"mean {mean:,.1f}" if mean >= 0.1 else f"mean {mean:.2f}" if mean >= 0.005 else "mean < 0.01"
    axes.text(0.0, 1.05, truncate(name, width - text_width(text, SMALL_PT) - 0.06), fontsize=TEXT_PT, **position)
    if text:
        axes.text(1.0, 1.05, text, fontsize=SMALL_PT, ha="right", color=GREY, **position)


def count_axis(axes: Axes, highest: float) -> None:
    """Set a vertical axis of counts, from zero to above the highest, with few ticks at whole numbers."""
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
