"""Shared parts of Kaplan-Meier figures: curves with their bands, the axes, the numbers at risk below."""

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import KaplanMeierCurve
from atmis.plots.common.canvas import MARGIN, Canvas, line_height
from atmis.plots.common.style import COLUMN_IN, SMALL_PT, tint

TITLE = "How long bases hold after a handover"
LEFT, RIGHT = 0.5, 0.15  # inches beside the axes
WIDTH = COLUMN_IN - LEFT - RIGHT
LineStyle = dict[str, Any]  # keyword arguments of Line2D


def draw_curve(axes: Axes, curve: KaplanMeierCurve, line: LineStyle) -> None:
    """Draw a Kaplan-Meier curve with its interval."""
    band = tint(line["color"], 0.3)
    axes.fill_between(curve.days, curve.low, curve.high, step="post", color=band, linewidth=0, alpha=0.6)
    axes.step(curve.days, curve.share, where="post", **line)


def set_axes(axes: Axes, longest: float, lowest: float) -> None:
    """Set the axes: days up to `longest`, shares from `lowest` to one."""
    axes.set_xlim(0.0, max(longest, 1.0))
    axes.set_ylim(lowest, 1.0 + 0.02 * (1.0 - lowest))
    axes.set_ylabel("share of bases that never fell")
    axes.set_xlabel("days since handover")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def write_at_risk(canvas: Canvas, axes: Axes, curves: Iterable[tuple[KaplanMeierCurve, LineStyle]], top: float) -> None:
    """Write the numbers at risk below the ticks, as in medical journals; `top` in inches from the top of the canvas."""
    low, high = axes.get_xlim()
    canvas.text(MARGIN, top - 0.02, "At risk (bases × replicates)", fontstyle="italic")
    for row, (curve, line) in enumerate(curves):
        y = top + (row + 1) * line_height(SMALL_PT)
        ends = [MARGIN / canvas.width, 0.3 / canvas.width]
        level = [canvas.y_fraction(y + 0.42 * line_height(SMALL_PT))] * 2
        canvas.figure.add_artist(Line2D(ends, level, **line))
        for tick in axes.get_xticks():
            if low <= tick <= high:
                canvas.text(LEFT + WIDTH * (tick - low) / (high - low), y, f"{curve.at_risk(tick):,}", ha="center")
