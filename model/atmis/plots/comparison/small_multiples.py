"""Small multiples of all scenarios: an indicator by month in a group of zones, each against the baseline in grey.

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
from atmis.plots.common import words
from atmis.plots.common.bands import Bands, count_axis, quantile_bands, stairs
from atmis.plots.common.canvas import Canvas, legend_height, new_canvas
from atmis.plots.common.dates import date_axis, month_edges, partial_month_note
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.common.style import GREY, PAGE_IN, SMALL_PT, TEXT_PT, shade, tint, truncate
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group, group_of_zones
from atmis.scenario.scenario import Period

COLUMNS = 3
_LEFT, _GAP, _PANEL, _PITCH = 0.48, 0.3, 0.74, 1.2
_WIDTH = (PAGE_IN - _LEFT - (COLUMNS - 1) * _GAP - 0.1) / COLUMNS


class PanelPage(NamedTuple):
    """A page of small panels, one for each scenario."""

    title: str
    subtitle: str
    notes: list[str]
    legend: tuple[list[Any], list[str]]
    unit: str  # of the vertical axes
    captions: Mapping[str, str]  # by scenario, in the order of the panels
    set_x_axis: Callable[[Axes, bool], None]  # sets a horizontal axis, labelled or not

    def render(self, draw_panel: Callable[[Axes, str], None]) -> Figure:
        """Render the page; `draw_panel` draws into the axes of a scenario."""
        head, rows = legend_height(self.legend[1], PAGE_IN) + 0.06, -(-len(self.captions) // COLUMNS)
        canvas = new_canvas((PAGE_IN, head + rows * _PITCH + 0.04), self.title, self.subtitle, self.notes)
        canvas.legend(*self.legend, top=0.02)
        for index, (name, caption) in enumerate(self.captions.items()):
            column, row = index % COLUMNS, index // COLUMNS
            left, top = _LEFT + column * (_WIDTH + _GAP), head + row * _PITCH
            _write_heading(canvas, name, caption, (left, top))
            axes = canvas.axes(left, top + 0.3, _WIDTH, _PANEL)
            draw_panel(axes, name)
            self.set_x_axis(axes, index + COLUMNS >= len(self.captions))
            if column == 0:
                axes.set_ylabel(self.unit, fontsize=SMALL_PT)
                axes.yaxis.set_label_coords(-0.36 / _WIDTH, 0.5)
        return canvas.figure


def figure(
    ensembles: Mapping[str, Ensemble], baseline: str, indicator: str = "attacks", group: Group = "kenyan_border"
) -> Figure:
    """A panel for each ensemble, the baseline first; `indicator` is a monthly count of `recorder.INDICATORS`."""
    names = [baseline, *(name for name in ensembles if name != baseline)]
    pairs = {name: pair(ensembles[baseline], ensembles[name]) for name in names}
    values = {name: [_monthly(run, indicator, group) for run in both] for name, both in pairs.items()}
    bands = {name: [quantile_bands(monthly) for monthly in both] for name, both in values.items()}
    highest = max(float(band.high90.max()) for both in bands.values() for band in both)
    edges = month_edges(ensembles[baseline])
    totals = {name: [monthly.sum(axis=1) for monthly in both] for name, both in values.items()}
    captions = {name: words.format_difference(paired(*both)) for name, both in totals.items()}
    period = ensembles[baseline].scenario.period
    page = PanelPage(
        f"{words.heading(indicator, group)}, by month: each scenario against {words.scenario_name(baseline)}",
        _subtitle(ensembles[baseline], pairs), _notes(ensembles[baseline]), _legend(baseline),
        f"{words.indicator_unit(indicator)} per month", {**captions, baseline: "baseline"}, date_axis_setter(period),
    )  # fmt: skip

    def draw_panel(axes: Axes, name: str) -> None:
        _panel(axes, (baseline, name), bands[name], edges)
        count_axis(axes, highest)

    return page.render(draw_panel)


def date_axis_setter(period: Period) -> Callable[[Axes, bool], None]:
    """A function that sets the date axis of a panel."""
    return lambda axes, labelled: date_axis(axes, period, _WIDTH, labelled)


def _monthly(ensemble: Ensemble, indicator: str, group: Group) -> Floats:
    """Monthly values in a group of zones [R, months]."""
    monthly: Floats = ensemble.indicator(indicator)[:, :, group_of_zones(ensemble, group)].sum(axis=2)
    return monthly


def _panel(axes: Axes, names: tuple[str, str], both: list[Bands], edges: Floats) -> None:
    before, after = both
    baseline_colour, colour = (scenario_colour(name) for name in names)
    stairs(axes, before.high90, edges, baseline=before.low90, fill=True, color=tint(GREY, 0.2), linewidth=0)
    stairs(axes, before.high50, edges, baseline=before.low50, fill=True, color=tint(GREY, 0.4), linewidth=0)
    stairs(axes, before.mean, edges, color=baseline_colour, linewidth=0.9, zorder=2.5)
    for bound in (after.low90, after.high90):
        stairs(axes, bound, edges, color=colour, linewidth=0.5, zorder=3)
    stairs(axes, after.mean, edges, color=shade(colour, 0.9), linewidth=1.2, zorder=3.5)


def _write_heading(canvas: Canvas, name: str, caption: str, position: tuple[float, float]) -> None:
    """Write the name of a scenario above its panel, and a caption below the name."""
    left, top = position
    label = truncate(words.scenario_name(name), 0.85 * _WIDTH)
    canvas.text(left, top, label, fontsize=TEXT_PT, fontweight="bold", color=shade(scenario_colour(name), 0.9))
    canvas.text(left, top + 0.13, caption, color=GREY)


def _legend(baseline: str) -> tuple[list[Any], list[str]]:
    baseline_colour, colour = scenario_colour(baseline), "#D55E00"
    handles: list[Any] = [
        Line2D([], [], color=baseline_colour, linewidth=0.9),
        Patch(facecolor=tint(GREY, 0.4)),
        Patch(facecolor=tint(GREY, 0.2)),
        Line2D([], [], color=colour, linewidth=1.2),
        Line2D([], [], color=colour, linewidth=0.5),
    ]
    labels = [
        f"{words.scenario_name(baseline)}: mean",
        "middle 50 %",
        "middle 90 %",
        "scenario: mean",
        "bounds of 90 %",
    ]
    return handles, labels


def _subtitle(ensemble: Ensemble, pairs: Mapping[str, tuple[Ensemble, Ensemble]]) -> str:
    counts = sorted({run.replicates for run, _ in pairs.values()})
    return (
        f"{words.count_pairs(counts[0], counts[-1])} for each, seed {ensemble.seed} · all panels have the same scales"
    )


def _notes(ensemble: Ensemble) -> list[str]:
    return [
        "Below each name: mean difference over the whole run and its 95 % interval, from pairs that share all their "
        "luck; cannot tell: the interval spans zero.",
        f"Bands hold {words.uncertainty_included([ensemble.scenario])}.",
        *partial_month_note(ensemble.scenario.period),
    ]
