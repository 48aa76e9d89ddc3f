"""All scenarios on one page: an indicator by month in a group of zones, each against the baseline in grey.

For the full width of a page.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from atmis.analysis.comparison import pair, paired
from atmis.kernel.arrays import Floats
from atmis.plots.kit import words
from atmis.plots.kit.bands import Bands, bands, count_axis, stairs
from atmis.plots.kit.dates import date_axis, incomplete, month_edges
from atmis.plots.kit.looks import colour
from atmis.plots.kit.sheet import Sheet, legend_height, sheet
from atmis.plots.kit.style import GREY, PAGE_IN, SMALL_PT, TEXT_PT, fit, shade, tint
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group, group_of_zones
from atmis.scenario.scenario import Period

COLUMNS = 3
_LEFT, _GAP, _PANEL, _PITCH = 0.48, 0.3, 0.74, 1.2
_WIDTH = (PAGE_IN - _LEFT - (COLUMNS - 1) * _GAP - 0.1) / COLUMNS


class Page(NamedTuple):
    """A page of small panels, one for each scenario."""

    title: str
    about: str
    notes: list[str]
    legend: tuple[list[Any], list[str]]
    unit: str  # of the vertical axes
    below: Mapping[str, str]  # a line for each scenario, in their order
    across: Callable[[Axes, bool], None]  # makes a horizontal axis, labelled or not

    def laid(self, draw: Callable[[Axes, str], None]) -> Figure:
        """The page; `draw` fills the panel of a scenario."""
        head, rows = legend_height(self.legend[1], PAGE_IN) + 0.06, -(-len(self.below) // COLUMNS)
        made = sheet((PAGE_IN, head + rows * _PITCH + 0.04), self.title, self.about, self.notes)
        made.legend(*self.legend, top=0.02)
        for place, (name, below) in enumerate(self.below.items()):
            column, row = place % COLUMNS, place // COLUMNS
            left, top = _LEFT + column * (_WIDTH + _GAP), head + row * _PITCH
            _head(made, name, below, (left, top))
            axes = made.axes(left, top + 0.3, _WIDTH, _PANEL)
            draw(axes, name)
            self.across(axes, place + COLUMNS >= len(self.below))
            if column == 0:
                axes.set_ylabel(self.unit, fontsize=SMALL_PT)
                axes.yaxis.set_label_coords(-0.36 / _WIDTH, 0.5)
        return made.figure


def figure(
    ensembles: Mapping[str, Ensemble], baseline: str, indicator: str = "attacks", group: Group = "kenyan_border"
) -> Figure:
    """A panel for each ensemble, the baseline first; `indicator` is one of recorder.INDICATORS counted by month."""
    names = [baseline, *(name for name in ensembles if name != baseline)]
    pairs = {name: pair(ensembles[baseline], ensembles[name]) for name in names}
    values = {name: [_monthly(one, indicator, group) for one in both] for name, both in pairs.items()}
    shown = {name: [bands(one) for one in both] for name, both in values.items()}
    highest = max(float(one.high90.max()) for both in shown.values() for one in both)
    edges = month_edges(ensembles[baseline])
    found = {name: words.difference(paired(*(one.sum(axis=1) for one in both))) for name, both in values.items()}
    period = ensembles[baseline].scenario.period
    page = Page(
        f"{words.heading(indicator, group)}, by month: each scenario against {words.scenario(baseline)}",
        _about(ensembles[baseline], pairs), _notes(ensembles[baseline]), _legend(baseline),
        f"{words.unit(indicator)} per month", {**found, baseline: "baseline"}, dated(period),
    )  # fmt: skip

    def draw(axes: Axes, name: str) -> None:
        _panel(axes, (baseline, name), shown[name], edges)
        count_axis(axes, highest)

    return page.laid(draw)


def dated(period: Period) -> Callable[[Axes, bool], None]:
    """Makes an axis of dates."""
    return lambda axes, labelled: date_axis(axes, period, _WIDTH, labelled)


def _monthly(ensemble: Ensemble, indicator: str, group: Group) -> Floats:
    """Values [R, months]."""
    return ensemble.indicator(indicator)[:, :, group_of_zones(ensemble, group)].sum(axis=2)


def _panel(axes: Axes, names: tuple[str, str], both: list[Bands], edges: Floats) -> None:
    before, after = both
    grey, own = (colour(name) for name in names)
    stairs(axes, before.high90, edges, baseline=before.low90, fill=True, color=tint(GREY, 0.2), linewidth=0)
    stairs(axes, before.high50, edges, baseline=before.low50, fill=True, color=tint(GREY, 0.4), linewidth=0)
    stairs(axes, before.mean, edges, color=grey, linewidth=0.9, zorder=2.5)
    for bound in (after.low90, after.high90):
        stairs(axes, bound, edges, color=own, linewidth=0.5, zorder=3)
    stairs(axes, after.mean, edges, color=shade(own, 0.9), linewidth=1.2, zorder=3.5)


def _head(made: Sheet, name: str, found: str, at: tuple[float, float]) -> None:
    """Name of a scenario and, below it, its mean difference over the run."""
    left, top = at
    shown = fit(words.scenario(name), 0.85 * _WIDTH)
    made.text(left, top, shown, fontsize=TEXT_PT, fontweight="bold", color=shade(colour(name), 0.9))
    made.text(left, top + 0.13, found, color=GREY)


def _legend(baseline: str) -> tuple[list[Any], list[str]]:
    grey, own = colour(baseline), "#D55E00"
    handles: list[Any] = [
        Line2D([], [], color=grey, linewidth=0.9),
        Patch(facecolor=tint(GREY, 0.4)),
        Patch(facecolor=tint(GREY, 0.2)),
        Line2D([], [], color=own, linewidth=1.2),
        Line2D([], [], color=own, linewidth=0.5),
    ]
    labels = [f"{words.scenario(baseline)}: mean", "middle 50 %", "middle 90 %", "scenario: mean", "bounds of 90 %"]
    return handles, labels


def _about(ensemble: Ensemble, pairs: Mapping[str, tuple[Ensemble, Ensemble]]) -> str:
    counts = sorted({one.replicates for one, _ in pairs.values()})
    return f"{words.pairs(counts[0], counts[-1])} for each, seed {ensemble.seed} · all panels have the same scales"


def _notes(ensemble: Ensemble) -> list[str]:
    return [
        "Below each name: mean difference over the whole run and its 95 % interval, from pairs that share all their "
        "luck; cannot tell: the interval spans zero.",
        f"Bands hold {words.held([ensemble.scenario])}.",
        *incomplete(ensemble.scenario.period),
    ]
