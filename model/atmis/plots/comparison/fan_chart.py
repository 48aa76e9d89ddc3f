"""A scenario against a baseline by month, in three groups of zones: levels, and what they add up to.

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
from atmis.plots.kit import documented, words
from atmis.plots.kit.bands import bands, count_axis
from atmis.plots.kit.dates import date_axis, incomplete, key_lines, mark_dates, month_edges, within
from atmis.plots.kit.documented import Dated
from atmis.plots.kit.looks import colour
from atmis.plots.kit.sheet import Sheet, legend_height, sheet
from atmis.plots.kit.style import GREY, INK, PAGE_IN, SMALL_PT, TEXT_PT, shade, tint
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
_WHITE: dict[str, Any] = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
Named = tuple[str, Ensemble]


class _Compared(NamedTuple):
    """What all panels share."""

    names: tuple[str, str]
    both: tuple[Ensemble, Ensemble]  # baseline, scenario
    indicator: str

    def monthly(self, group: Group) -> tuple[Floats, Floats]:
        """Values [R, months] of the baseline and of the scenario."""
        zones = group_of_zones(self.both[0], group)
        one, two = (each.indicator(self.indicator)[:, :, zones].sum(axis=2) for each in self.both)
        return one, two


def figure(baseline: Named, scenario: Named, indicator: str = "attacks") -> Figure:
    """Left: an indicator of recorder.INDICATORS by month; right: the difference of each pair, added up."""
    compared = _Compared((baseline[0], scenario[0]), pair(baseline[1], scenario[1]), indicator)
    groups = [group for group in _GROUPS if group_of_zones(baseline[1], group).any()]
    marks = within(documented.dates(_DATES), baseline[1].scenario.period)
    handles, labels = _legend(compared.names)
    legend = legend_height(labels, PAGE_IN)
    names = f"{words.scenario(scenario[0])} against {words.scenario(baseline[0])}"
    made = sheet(
        (PAGE_IN, legend + _HEAD + len(groups) * _PITCH),
        f"{words.first_up(words.indicator(indicator))}: {names}",
        f"{words.pairs(compared.both[0].replicates)}, seed {baseline[1].seed}"
        " · a pair shares all its luck · each panel has a vertical scale of its own",
        _notes(compared, marks),
    )
    made.legend(handles, labels, top=0.02)
    columns = [_column(made, compared, groups, side, legend + _HEAD) for side in (0, 1)]
    for panels in columns:
        mark_dates(panels, marks, (_WIDTH, _PANEL))
    return made.figure


def _column(made: Sheet, compared: _Compared, groups: Sequence[Group], side: int, top: float) -> list[Axes]:
    """Panels below each other: levels (side 0) or differences (1)."""
    panels, left, what = [], _LEFT + side * (_WIDTH + _GAP), words.first_up(words.indicator(compared.indicator))
    heading = (f"{what} per month", f"{what}: difference, added up since the first day")[side]
    made.text(left + _WIDTH / 2, top - _HEAD + 0.1, heading, fontsize=TEXT_PT, fontweight="bold", ha="center")
    for row, group in enumerate(groups):
        axes = made.axes(left, top + row * _PITCH + 0.12, _WIDTH, _PANEL)
        (_levels, _differences)[side](axes, compared, group)
        date_axis(axes, compared.both[0].scenario.period, _WIDTH, labelled=row == len(groups) - 1)
        above = 0.24 if row == 0 else 0.05  # room for the numbers of the dates
        made.text(left, top + row * _PITCH + 0.12 - above, words.first_up(words.GROUPS[group]), va="bottom")
        panels.append(axes)
    return panels


def _levels(axes: Axes, compared: _Compared, group: Group) -> None:
    edges, highest = month_edges(compared.both[0]), 0.0
    for name, values in zip(compared.names, compared.monthly(group), strict=True):
        shown = bands(values)
        _fan(axes, edges, [np.append(part, part[-1]) for part in shown[:5]], colour(name))
        highest = max(highest, float(shown.high90.max()))
    count_axis(axes, highest)
    axes.set_ylabel(f"{_unit(compared.indicator)} per month", fontsize=SMALL_PT)
    axes.yaxis.set_label_coords(-0.4 / _WIDTH, 0.5)


def _differences(axes: Axes, compared: _Compared, group: Group) -> None:
    before, after = compared.monthly(group)
    added = np.cumsum(np.pad(after - before, ((0, 0), (1, 0))), axis=1)
    shown = bands(added)
    edges = month_edges(compared.both[0])
    _fan(axes, edges, list(shown[:5]), colour(compared.names[1]), step=False)
    axes.plot(edges, shown.mean, color=INK, linewidth=0.8, linestyle=(0, (1, 1)), zorder=4)
    axes.axhline(0.0, color=colour(compared.names[0]), linewidth=0.8, zorder=2)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: words.tick(value))
    axes.set_ylabel(f"{_unit(compared.indicator)}, more or fewer", fontsize=SMALL_PT)
    axes.yaxis.set_label_coords(-0.44 / _WIDTH, 0.5)
    if not added.any():
        low, high = axes.get_xlim()
        axes.set_ylim(-1.0, 1.0)
        axes.text(
            (low + high) / 2, 0.2, "no difference in any pair", ha="center", fontsize=SMALL_PT, color=GREY, bbox=_WHITE
        )


def _fan(axes: Axes, edges: Floats, quantiles: list[Floats], hue: str, step: bool = True) -> None:
    """Bands and median (5, 25, 50, 75, 95 %) at the edges of the months."""
    low90, low50, median, high50, high90 = quantiles
    how: dict[str, Any] = {"step": "post"} if step else {}
    for low, high, alpha in ((low90, high90, _OUTER), (low50, high50, _INNER)):
        axes.fill_between(edges, low, high, color=hue, alpha=alpha, linewidth=0, zorder=2.5, **how)
    line: dict[str, Any] = {"drawstyle": "steps-post"} if step else {}
    axes.plot(edges, median, color=shade(hue), linewidth=1.1, zorder=3, **line)


def _legend(names: tuple[str, str]) -> tuple[list[Any], list[str]]:
    handles: list[Any] = [Line2D([], [], color=shade(colour(name)), linewidth=1.1) for name in names]
    handles += [Patch(facecolor=tint(colour(names[1]), share)) for share in (_INNER + _OUTER, _OUTER)]
    handles.append(Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (1, 1))))
    labels = [f"{words.scenario(name)}, median" for name in names]
    return handles, [*labels, "middle 50 %", "middle 90 %", "mean difference"]


def _unit(indicator: str) -> str:
    return next(unit for name, unit, _ in INDICATORS if name == indicator)


def _notes(compared: _Compared, marks: Sequence[Dated]) -> list[str]:
    return [
        *([f"Documented dates: {'; '.join(key_lines(marks))}."] if marks else []),
        "Left: both by month, each with bands in its colour. Right: scenario minus baseline, replicate by replicate; "
        "above zero the scenario has had more so far.",
        f"Bands hold 50 % and 90 % of the replicates: {words.held([compared.both[0].scenario])}.",
        *incomplete(compared.both[0].scenario.period),
    ]
