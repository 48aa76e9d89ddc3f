"""The peeling trajectory of a PRIM box: density against coverage. For the width of a column."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from atmis.analysis.sensitivity import Discovery
from atmis.plots.common import words
from atmis.plots.common.canvas import legend_height, new_canvas
from atmis.plots.common.style import COLUMN_IN, GREY, INK, LINE_COLOURS, SMALL_PT
from atmis.plots.sensitivity import rows

_MOST_LIMITS = 5  # numbers of limits with a colour of their own
_WIDTH, _HEIGHT, _LEFT = 2.8, 2.2, 0.55


def figure(discovery: Discovery) -> Figure:
    """Coverage and density of every box of the trajectory, by the number of parameters that it restricts."""
    first, box, peeling = discovery.rows[0], discovery.box, discovery.peeling
    assert peeling is not None
    numbers = sorted({min(number, _MOST_LIMITS) for number in peeling.limits.tolist()})
    labels = [*(_limit_label(number) for number in numbers), "taken"]
    head = legend_height(labels, COLUMN_IN) + 0.1
    difference = f"{words.scenario_name(first.scenario)} less {words.scenario_name(first.baseline)}"
    canvas = new_canvas(
        (COLUMN_IN, head + _HEIGHT + 0.35),
        "Boxes along the way",
        f"{rows.headline(first.headline)}: {difference}",
        ["A box is good that is dense and still holds most of the bad cases: up and to the right."],
    )
    axes = canvas.axes(_LEFT, head, _WIDTH, _HEIGHT)
    for number in numbers:
        mask = peeling.limits.clip(max=_MOST_LIMITS) == number
        axes.plot(peeling.coverage[mask], peeling.density[mask], linestyle="none", marker="o", markersize=3.4,
                  color=_colour(number))  # fmt: skip
    axes.plot(box.coverage, box.density, linestyle="none", marker="o", markersize=8.0, markerfacecolor="none",
              markeredgecolor=INK, markeredgewidth=1.3)  # fmt: skip
    axes.set(xlim=(0.0, 1.03), ylim=(0.0, 1.03))
    axes.set_xlabel("coverage: share of the bad cases inside", fontsize=SMALL_PT)
    axes.set_ylabel("density: share of the cases inside that are bad", fontsize=SMALL_PT)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    handles = [
        Line2D([], [], linestyle="none", marker="o", markersize=3.4, color=_colour(number)) for number in numbers
    ]
    handles.append(Line2D([], [], linestyle="none", marker="o", markersize=6.0, markerfacecolor="none",
                          markeredgecolor=INK, markeredgewidth=1.3))  # fmt: skip
    canvas.legend(handles, labels, top=0.02)
    axes.axhline(first.share_bad, color=GREY, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    axes.text(0.02, first.share_bad + 0.015, "all cases", fontsize=SMALL_PT, color=INK)
    return canvas.figure


def _colour(number: int) -> str:
    return GREY if number == 0 else LINE_COLOURS[(number - 1) % len(LINE_COLOURS)]


def _limit_label(number: int) -> str:
    noun = "limits" if number != 1 else "limit"
    return f"{number}{' or more' if number == _MOST_LIMITS else ''} {noun}" if number else "no limit"
