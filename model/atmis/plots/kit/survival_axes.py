"""What figures of Kaplan-Meier curves share: the steps and their band, the axes, the numbers at risk below."""

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import Curve
from atmis.plots.kit.sheet import EDGE, Sheet, line_height
from atmis.plots.kit.style import COLUMN_IN, SMALL_PT, tint

TITLE = "How long bases hold after a handover"
LEFT, RIGHT = 0.5, 0.15  # inches beside the axes
WIDTH = COLUMN_IN - LEFT - RIGHT
Line = dict[str, Any]  # colour, dash and width, as matplotlib has them


def draw(axes: Axes, curve: Curve, line: Line) -> None:
    """A curve, a step down for each fall, with its interval."""
    band = tint(line["color"], 0.3)
    axes.fill_between(curve.days, curve.low, curve.high, step="post", color=band, linewidth=0, alpha=0.6)
    axes.step(curve.days, curve.share, where="post", **line)


def finish(axes: Axes, longest: float, lowest: float) -> None:
    """Days to the longest seen across, shares from the lowest to one upwards."""
    axes.set_xlim(0.0, max(longest, 1.0))
    axes.set_ylim(lowest, 1.0 + 0.02 * (1.0 - lowest))
    axes.set_ylabel("share of bases that never fell")
    axes.set_xlabel("days since handover")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def at_risk(made: Sheet, axes: Axes, curves: Iterable[tuple[Curve, Line]], top: float) -> None:
    """Numbers at risk below the ticks, as in medical journals. `top`: inches from the foot of the sheet."""
    low, high = axes.get_xlim()
    made.text(EDGE, top - 0.02, "At risk (bases × replicates)", fontstyle="italic")
    for row, (curve, line) in enumerate(curves):
        at = top + (row + 1) * line_height(SMALL_PT)
        ends, level = [EDGE / made.width, 0.3 / made.width], [made.share(at + 0.42 * line_height(SMALL_PT))] * 2
        made.figure.add_artist(Line2D(ends, level, **line))
        for tick in axes.get_xticks():
            if low <= tick <= high:
                made.text(LEFT + WIDTH * (tick - low) / (high - low), at, f"{curve.at_risk(tick):,}", ha="center")
