"""Forest plot of differences from the baseline: a panel for each headline, for the full width of a page."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import Difference
from atmis.plots.common import words
from atmis.plots.common.canvas import MARGIN, Canvas, legend_height, new_canvas, placeholder
from atmis.plots.common.dates import format_date
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.common.style import GREY, INK, LIGHT, PAGE_IN, SMALL_PT, TEXT_PT, text_width, tint, truncate
from atmis.runs.summary import Group

HEADLINES: tuple[tuple[str, Group], ...] = (
    ("attacks", "kenyan_border"),
    ("attacks", "jubaland"),
    ("attacks", "rest"),
    ("deaths_without_group", "all"),
    ("overruns", "all"),
    ("displaced", "all"),
    ("host_shortfall", "all"),
    ("border_all_open_months", "kenyan_border"),
    ("handed_over_bases_held_share", "all"),
)
COLUMNS = 3
_ROW, _HEAD, _AXIS, _GAP = 0.135, 0.31, 0.38, 0.22
_NO_DIFFERENCE: dict[str, Any] = {"marker": "x", "markersize": 3.6, "markeredgewidth": 0.9}
_POINT: dict[str, Any] = {"marker": "o", "markersize": 3.6, "markeredgewidth": 0.9}


WORLDS = (
    "chance and parameters, and reaches from the lowest to the highest end under any reading of the evidence "
    "or choice of a group"
)


def figure(
    rows: Sequence[Difference],
    period: str = "whole_run",
    headlines: Sequence[tuple[str, Group]] = HEADLINES,
    holds: str = "",
) -> Figure:
    """Mean paired differences with their 95 % interval, and the range of 90 % of the pairs.

    `rows`: from `compare` or from pooling over worlds; `holds`: which uncertainty the interval includes, for the notes.
    """
    period_rows = [row for row in rows if row.period == period]
    by_headline = [[row for row in period_rows if (row.indicator, row.group) == headline] for headline in headlines]
    panels = [panel for panel in by_headline if panel]
    if not panels:
        return placeholder(PAGE_IN, "Differences", "", "There is nothing to compare.").figure
    scenarios = list(dict.fromkeys(row.scenario for panel in panels for row in panel))
    handles, labels = _legend()
    head, pitch = legend_height(labels, PAGE_IN) + 0.06, _HEAD + _height(scenarios) + _AXIS
    canvas = new_canvas(
        (PAGE_IN, head + -(-len(panels) // COLUMNS) * pitch),
        f"Differences from {words.scenario_name(panels[0][0].baseline)}",
        _subtitle(panels),
        _notes(holds),
    )
    canvas.legend(handles, labels, top=0.02)
    _panels(canvas, panels, scenarios, head)
    return canvas.figure


def _height(scenarios: Sequence[str]) -> float:
    return _ROW * len(scenarios) + 0.06


def _panels(canvas: Canvas, panels: Sequence[Sequence[Difference]], scenarios: Sequence[str], top: float) -> None:
    """Draw a panel for each headline, with the names of the scenarios left of each row of panels."""
    names = [words.scenario_name(name) for name in scenarios]
    left = max(text_width(name, SMALL_PT) for name in names) + MARGIN + 0.2
    width, height = (PAGE_IN - left - 0.2 - (COLUMNS - 1) * _GAP) / COLUMNS, _height(scenarios)
    for k, panel in enumerate(panels):
        line, column = divmod(k, COLUMNS)
        corner = (left + column * (width + _GAP), top + line * (_HEAD + height + _AXIS))
        axes = _frame(canvas, panel[0], (*corner, width, height), len(scenarios))
        for row in panel:
            _draw_row(axes, row, scenarios.index(row.scenario))
        for index, name in enumerate(names if column == 0 else []):
            _write_name(axes, index, name, scenario_colour(scenarios[index]))


def _frame(canvas: Canvas, row: Difference, box: tuple[float, float, float, float], count: int) -> Axes:
    """An empty panel in a box of the canvas (left, top, width, height in inches)."""
    left, top, width, height = box
    title = truncate(words.capitalise(words.indicator_name(row.indicator)), 0.87 * width)  # bold is wider
    canvas.text(left, top, title, fontsize=TEXT_PT, fontweight="bold")
    canvas.text(left, top + 0.13, truncate(words.GROUP_NAMES[row.group], width, SMALL_PT), color=GREY)
    axes = canvas.axes(left, top + _HEAD, width, height)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for index in range(0, count, 2):
        axes.axhspan(index - 0.5, index + 0.5, color=tint(LIGHT, 0.35), linewidth=0, zorder=0)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: words.format_tick(value))
    worse = {"more": "; right is worse", "fewer": "; left is worse"}.get(row.worse, "")
    axes.set_xlabel(f"{row.unit}{worse}", fontsize=SMALL_PT, labelpad=1.0)
    return axes


def _draw_row(axes: Axes, row: Difference, index: int) -> None:
    """Draw a scenario: a thin line for 90 % of the pairs, a thick one for the interval of the mean, a point for it."""
    colour = scenario_colour(row.scenario)
    if row.mean_difference is None:
        axes.text(0.0, index, " undefined", fontsize=SMALL_PT, va="center", color=GREY)
        return
    level: list[float] = [index, index]
    line: dict[str, Any] = {"solid_capstyle": "butt"}
    if row.low_90 is not None and row.high_90 is not None:
        axes.plot([row.low_90, row.high_90], level, color=tint(colour, 0.6), linewidth=0.8, **line)
    if row.low_95 is not None and row.high_95 is not None:
        axes.plot([row.low_95, row.high_95], level, color=colour, linewidth=2.2, zorder=3, **line)
    is_clear = row.verdict in ("more", "fewer")
    point: dict[str, Any] = _NO_DIFFERENCE if row.verdict == "no difference" else _POINT
    style = {"markerfacecolor": colour if is_clear else "white", **point}
    axes.plot(row.mean_difference, index, linestyle="none", color=colour, zorder=4, **style)


def _write_name(axes: Axes, index: int, name: str, colour: str) -> None:
    axes.annotate(
        name, (0.0, index), xycoords=("axes fraction", "data"), xytext=(-6.0, 0.0), textcoords="offset points",
        ha="right", va="center", fontsize=SMALL_PT, color=colour, annotation_clip=False,
    )  # fmt: skip


def _legend() -> tuple[list[Any], list[str]]:
    point: dict[str, Any] = {"linestyle": "none", "color": GREY}
    handles = [
        Line2D([], [], **point, **_POINT),
        Line2D([], [], markerfacecolor="white", **point, **_POINT),
        Line2D([], [], **_NO_DIFFERENCE, **point),
        Line2D([], [], color=GREY, linewidth=2.2),
        Line2D([], [], color=tint(GREY, 0.6), linewidth=0.8),
    ]
    labels = [
        "mean difference",
        "cannot tell from zero",
        "no difference",
        "interval of the mean",
        "90 % of the pairs",
    ]
    return handles, labels


def _subtitle(panels: Sequence[Sequence[Difference]]) -> str:
    first, most = panels[0][0], max(row.replicates for panel in panels for row in panel)
    dates = f"{format_date(first.period_start)} to {format_date(first.period_end)}"
    return f"{dates} · {words.count_pairs(most)} · each panel has a scale of its own"


def _notes(holds: str) -> list[str]:
    return [
        "Scenario minus baseline, replicate by replicate: a pair shares all its luck. Right of zero: more than the "
        f"baseline. Interval: 95 %{f'; it holds {holds}' if holds else ''}, and one in twenty misses.",
    ]
