"""What differs from the baseline, scenario by scenario: a panel for each headline. For the full width of a page."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import Difference
from atmis.plots.kit import words
from atmis.plots.kit.dates import in_words
from atmis.plots.kit.looks import colour
from atmis.plots.kit.sheet import EDGE, Sheet, legend_height, message, sheet
from atmis.plots.kit.style import GREY, INK, LIGHT, PAGE_IN, SMALL_PT, TEXT_PT, fit, text_width, tint
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
_SAME: dict[str, Any] = {"marker": "x", "markersize": 3.6, "markeredgewidth": 0.9}
_POINT: dict[str, Any] = {"marker": "o", "markersize": 3.6, "markeredgewidth": 0.9}


WORLDS = (
    "chance and parameters, and reaches from the lowest to the highest end under any reading of the evidence "
    "or choice of a group"
)


def figure(
    rows: Sequence[Difference],
    period: str = "whole_run",
    what: Sequence[tuple[str, Group]] = HEADLINES,
    holds: str = "",
) -> Figure:
    """Mean paired differences with their 95 % interval, and where 90 % of the pairs lie.

    `rows`: of comparison.compare or pooled; `holds`: what the interval holds, for the notes; nothing: not told.
    """
    kept = [row for row in rows if row.period == period]
    shown = [panel for one in what if (panel := [row for row in kept if (row.indicator, row.group) == one])]
    if not shown:
        return message(PAGE_IN, "Differences", "", "There is nothing to compare.").figure
    scenarios = list(dict.fromkeys(row.scenario for panel in shown for row in panel))
    handles, labels = _legend()
    head, pitch = legend_height(labels, PAGE_IN) + 0.06, _HEAD + _height(scenarios) + _AXIS
    made = sheet(
        (PAGE_IN, head + -(-len(shown) // COLUMNS) * pitch),
        f"Differences from {words.scenario(shown[0][0].baseline)}",
        _about(shown),
        _notes(holds),
    )
    made.legend(handles, labels, top=0.02)
    _panels(made, shown, scenarios, head)
    return made.figure


def _height(scenarios: Sequence[str]) -> float:
    return _ROW * len(scenarios) + 0.06


def _panels(made: Sheet, shown: Sequence[Sequence[Difference]], scenarios: Sequence[str], top: float) -> None:
    """A panel for each headline, in rows; the names of the scenarios stand left of the first of a row."""
    names = [words.scenario(name) for name in scenarios]
    left = max(text_width(name, SMALL_PT) for name in names) + EDGE + 0.2
    width, height = (PAGE_IN - left - 0.2 - (COLUMNS - 1) * _GAP) / COLUMNS, _height(scenarios)
    for k, panel in enumerate(shown):
        line, column = divmod(k, COLUMNS)
        at = (left + column * (width + _GAP), top + line * (_HEAD + height + _AXIS))
        axes = _frame(made, panel[0], (*at, width, height), len(scenarios))
        for row in panel:
            _draw(axes, row, scenarios.index(row.scenario))
        for place, name in enumerate(names if column == 0 else []):
            _name(axes, place, name, colour(scenarios[place]))


def _frame(made: Sheet, row: Difference, box: tuple[float, float, float, float], count: int) -> Axes:
    """An empty panel in a box of the sheet (left, top, width, height in inches)."""
    left, top, width, height = box
    title = fit(words.first_up(words.indicator(row.indicator)), 0.87 * width)  # bold is wider
    made.text(left, top, title, fontsize=TEXT_PT, fontweight="bold")
    made.text(left, top + 0.13, fit(words.GROUPS[row.group], width, SMALL_PT), color=GREY)
    axes = made.axes(left, top + _HEAD, width, height)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for place in range(0, count, 2):
        axes.axhspan(place - 0.5, place + 0.5, color=tint(LIGHT, 0.35), linewidth=0, zorder=0)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: words.tick(value))
    worse = {"more": "; right is worse", "fewer": "; left is worse"}.get(row.worse, "")
    axes.set_xlabel(f"{row.unit}{worse}", fontsize=SMALL_PT, labelpad=1.0)
    return axes


def _draw(axes: Axes, row: Difference, place: int) -> None:
    """A scenario: 90 % of the pairs as a thin line, the interval of the mean as a thick one, the mean as a point."""
    hue = colour(row.scenario)
    if row.mean_difference is None:
        axes.text(0.0, place, " undefined", fontsize=SMALL_PT, va="center", color=GREY)
        return
    level: list[float] = [place, place]
    line: dict[str, Any] = {"solid_capstyle": "butt"}
    if row.low_90 is not None and row.high_90 is not None:
        axes.plot([row.low_90, row.high_90], level, color=tint(hue, 0.6), linewidth=0.8, **line)
    if row.low_95 is not None and row.high_95 is not None:
        axes.plot([row.low_95, row.high_95], level, color=hue, linewidth=2.2, zorder=3, **line)
    told = row.verdict in ("more", "fewer")
    point: dict[str, Any] = _SAME if row.verdict == "no difference" else _POINT
    face = hue if told else "white"
    axes.plot(row.mean_difference, place, linestyle="none", color=hue, zorder=4, **{"markerfacecolor": face, **point})


def _name(axes: Axes, place: int, name: str, hue: str) -> None:
    axes.annotate(
        name, (0.0, place), xycoords=("axes fraction", "data"), xytext=(-6.0, 0.0), textcoords="offset points",
        ha="right", va="center", fontsize=SMALL_PT, color=hue, annotation_clip=False,
    )  # fmt: skip


def _legend() -> tuple[list[Any], list[str]]:
    point: dict[str, Any] = {"linestyle": "none", "color": GREY}
    handles = [
        Line2D([], [], **point, **_POINT),
        Line2D([], [], markerfacecolor="white", **point, **_POINT),
        Line2D([], [], **_SAME, **point),
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


def _about(shown: Sequence[Sequence[Difference]]) -> str:
    one, most = shown[0][0], max(row.replicates for panel in shown for row in panel)
    dates = f"{in_words(one.period_start)} to {in_words(one.period_end)}"
    return f"{dates} · {words.pairs(most)} · each panel has a scale of its own"


def _notes(holds: str) -> list[str]:
    return [
        "Scenario minus baseline, replicate by replicate: a pair shares all its luck. Right of zero: more than the "
        f"baseline. Interval: 95 %{f'; it holds {holds}' if holds else ''}, and one in twenty misses.",
    ]
