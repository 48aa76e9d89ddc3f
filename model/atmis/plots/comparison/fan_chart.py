"""A scenario against a baseline by month, in three groups of zones: levels and cumulative differences.

For the full width of a page.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import pair
from atmis.kernel.arrays import Floats
from atmis.kernel.recorder import INDICATORS
from atmis.plots.common import documented, words
from atmis.plots.common.bands import count_axis, quantile_bands
from atmis.plots.common.canvas import Canvas, legend_height, new_canvas
from atmis.plots.common.dates import date_axis, date_key, dates_in_period, mark_dates, month_edges, partial_month_note
from atmis.plots.common.documented import DocumentedDate
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.common.style import GREY, INK, PAGE_IN, SMALL_PT, TEXT_PT, shade, tint
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group, group_of_zones

_GROUPS: tuple[Group, ...] = ("kenyan_border", "jubaland", "rest")
_DATES = (
    "somali_offensive_start", "phase_1_actual", "border_reopening_agreed", "border_reopening_postponed",
    "pause_requested", "pause_granted", "phase_2_actual", "phase_3_complete", "aussom_start",
)  # fmt: skip
_LEFT, _GAP, _PANEL, _PITCH, _HEAD = 0.52, 0.62, 1.15, 1.5, 0.5
_WIDTH = (PAGE_IN - _LEFT - _GAP - 0.12) / 2
_INNER, _OUTER = 0.45, 0.18  # tints of the bands
_WHITE_BOX: dict[str, Any] = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
Named = tuple[str, Ensemble]


class _Comparison(NamedTuple):
    """The two ensembles that all panels compare."""

    names: tuple[str, str]
    both: tuple[Ensemble, Ensemble]  # baseline, scenario
    indicator: str

    def monthly(self, group: Group) -> tuple[Floats, Floats]:
        """Monthly values of the baseline and of the scenario, each [R, months]."""
        zones = group_of_zones(self.both[0], group)
        before, after = (run.indicator(self.indicator)[:, :, zones].sum(axis=2) for run in self.both)
        return before, after


def figure(baseline: Named, scenario: Named, indicator: str = "attacks") -> Figure:
    """Left: an indicator of `recorder.INDICATORS` by month; right: the cumulative difference of the pairs."""
    comparison = _Comparison((baseline[0], scenario[0]), pair(baseline[1], scenario[1]), indicator)
    groups = [group for group in _GROUPS if group_of_zones(baseline[1], group).any()]
    marks = dates_in_period(documented.dates(_DATES), baseline[1].scenario.period)
    handles, labels = _legend(comparison.names)
    legend = legend_height(labels, PAGE_IN)
    names = f"{words.scenario_name(scenario[0])} against {words.scenario_name(baseline[0])}"
    canvas = new_canvas(
        (PAGE_IN, legend + _HEAD + len(groups) * _PITCH),
        f"{words.capitalise(words.indicator_name(indicator))}: {names}",
        f"{words.count_pairs(comparison.both[0].replicates)}, seed {baseline[1].seed}"
        " · a pair shares all its luck · each panel has a vertical scale of its own",
        _notes(comparison, marks),
    )
    canvas.legend(handles, labels, top=0.02)
    columns = [_column(canvas, comparison, groups, side, legend + _HEAD) for side in (0, 1)]
    for panels in columns:
        mark_dates(panels, marks, (_WIDTH, _PANEL))
    return canvas.figure


def _column(canvas: Canvas, comparison: _Comparison, groups: Sequence[Group], side: int, top: float) -> list[Axes]:
    """A column of panels: levels (side 0) or cumulative differences (side 1)."""
    panels, left, indicator = (
        [],
        _LEFT + side * (_WIDTH + _GAP),
        words.capitalise(words.indicator_name(comparison.indicator)),
    )
    heading = (f"{indicator} per month", f"{indicator}: difference, added up since the first day")[side]
    canvas.text(left + _WIDTH / 2, top - _HEAD + 0.1, heading, fontsize=TEXT_PT, fontweight="bold", ha="center")
    for row, group in enumerate(groups):
        axes = canvas.axes(left, top + row * _PITCH + 0.12, _WIDTH, _PANEL)
        (_levels, _differences)[side](axes, comparison, group)
        date_axis(axes, comparison.both[0].scenario.period, _WIDTH, labelled=row == len(groups) - 1)
        above = 0.24 if row == 0 else 0.05  # room for the numbers of the dates
        canvas.text(left, top + row * _PITCH + 0.12 - above, words.capitalise(words.GROUP_NAMES[group]), va="bottom")
        panels.append(axes)
    return panels


def _levels(axes: Axes, comparison: _Comparison, group: Group) -> None:
    edges, highest = month_edges(comparison.both[0]), 0.0
    for name, values in zip(comparison.names, comparison.monthly(group), strict=True):
        bands = quantile_bands(values)
        _fan(axes, edges, [np.append(part, part[-1]) for part in bands[:5]], scenario_colour(name))
        highest = max(highest, float(bands.high90.max()))
    count_axis(axes, highest)
    axes.set_ylabel(f"{_unit(comparison.indicator)} per month", fontsize=SMALL_PT)
    axes.yaxis.set_label_coords(-0.4 / _WIDTH, 0.5)


def _differences(axes: Axes, comparison: _Comparison, group: Group) -> None:
    before, after = comparison.monthly(group)
    cumulative = np.cumsum(np.pad(after - before, ((0, 0), (1, 0))), axis=1)
    bands = quantile_bands(cumulative)
    edges = month_edges(comparison.both[0])
    _fan(axes, edges, list(bands[:5]), scenario_colour(comparison.names[1]), step=False)
    axes.plot(edges, bands.mean, color=INK, linewidth=0.8, linestyle=(0, (1, 1)), zorder=4)
    axes.axhline(0.0, color=scenario_colour(comparison.names[0]), linewidth=0.8, zorder=2)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: words.format_tick(value))
    axes.set_ylabel(f"{_unit(comparison.indicator)}, more or fewer", fontsize=SMALL_PT)
    axes.yaxis.set_label_coords(-0.44 / _WIDTH, 0.5)
    if not cumulative.any():
        low, high = axes.get_xlim()
        axes.set_ylim(-1.0, 1.0)
        axes.text(
            (low + high) / 2,
            0.2,
            "no difference in any pair",
            ha="center",
            fontsize=SMALL_PT,
            color=GREY,
            bbox=_WHITE_BOX,
        )


def _fan(axes: Axes, edges: Floats, quantiles: list[Floats], colour: str, step: bool = True) -> None:
    """Draw bands and median from quantiles (5, 25, 50, 75, 95 %) at the edges of the months."""
    low90, low50, median, high50, high90 = quantiles
    fill_style: dict[str, Any] = {"step": "post"} if step else {}
    for low, high, alpha in ((low90, high90, _OUTER), (low50, high50, _INNER)):
        axes.fill_between(edges, low, high, color=colour, alpha=alpha, linewidth=0, zorder=2.5, **fill_style)
    line_style: dict[str, Any] = {"drawstyle": "steps-post"} if step else {}
    axes.plot(edges, median, color=shade(colour), linewidth=1.1, zorder=3, **line_style)


def _legend(names: tuple[str, str]) -> tuple[list[Any], list[str]]:
    handles: list[Any] = [Line2D([], [], color=shade(scenario_colour(name)), linewidth=1.1) for name in names]
    handles += [Patch(facecolor=tint(scenario_colour(names[1]), share)) for share in (_INNER + _OUTER, _OUTER)]
    handles.append(Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (1, 1))))
    labels = [f"{words.scenario_name(name)}, median" for name in names]
    return handles, [*labels, "middle 50 %", "middle 90 %", "mean difference"]


def _unit(indicator: str) -> str:
    return next(unit for name, unit, _ in INDICATORS if name == indicator)


def _notes(comparison: _Comparison, marks: Sequence[DocumentedDate]) -> list[str]:
    return [
        *([f"Documented dates: {'; '.join(date_key(marks))}."] if marks else []),
        "Left: both by month, each with bands in its colour. Right: scenario minus baseline, replicate by replicate; "
        "above zero the scenario has had more so far.",
        f"Bands hold 50 % and 90 % of the replicates: {words.uncertainty_included([comparison.both[0].scenario])}.",
        *partial_month_note(comparison.both[0].scenario.period),
    ]
