"""Deaths by side and month near the border and away from it. For the full width of a page."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.plots.kit.bands import band_legend, bands, draw_bands, head_panel
from atmis.plots.kit.dates import date_axis, incomplete, month_edges
from atmis.plots.kit.groups import Group, near_and_far
from atmis.plots.kit.sheet import about, sheet
from atmis.plots.kit.style import BLACK, BLUE, GREEN, PAGE_IN, PURPLE, SMALL_PT, TEXT_PT, VERMILION
from atmis.runs.ensemble import Ensemble

SIDES = (
    ("deaths_mission", "Mission", BLUE),
    ("deaths_host", "Somali forces", GREEN),
    ("deaths_kenya", "Kenyan forces at home", VERMILION),
    ("deaths_civilians", "Civilians", PURPLE),
    ("deaths_group", "Armed group", BLACK),
)
_LEFT, _GAP, _PANEL, _PITCH, _HEAD = 0.62, 0.38, 0.78, 1.03, 0.46


def figure(ensemble: Ensemble) -> Figure:
    """A row for each side, a column for each group of zones."""
    groups = near_and_far(ensemble.scenario.theatre)
    width = (PAGE_IN - _LEFT - 0.12 - _GAP * (len(groups) - 1)) / len(groups)
    made = sheet(
        (PAGE_IN, _HEAD + len(SIDES) * _PITCH + 0.12),
        "Deaths by side and month, near the border and away from it",
        about(ensemble, "each panel has a vertical scale of its own"),
        [
            "Armed group: fighters killed in attacks, without those lost to offensives.",
            *incomplete(ensemble.scenario.period),
        ],
    )
    made.legend(*band_legend(ensemble.replicates), top=0.02)
    for column, group in enumerate(groups):
        left = _LEFT + column * (width + _GAP)
        made.text(left + width / 2, 0.22, group.name, fontsize=TEXT_PT, fontweight="bold", ha="center")
        for row, side in enumerate(SIDES):
            axes = made.axes(left, _HEAD + row * _PITCH + 0.1, width, _PANEL)
            _panel(axes, ensemble, group, (side, width))
            date_axis(axes, ensemble.scenario.period, width, labelled=row == len(SIDES) - 1)
            if column == 0:
                axes.set_ylabel("deaths per month", fontsize=SMALL_PT)
                axes.yaxis.set_label_coords(-0.42 / width, 0.5)
    return made.figure


def _panel(axes: Axes, ensemble: Ensemble, group: Group, what: tuple[tuple[str, str, str], float]) -> None:
    (indicator, name, colour), width = what
    shown = bands(ensemble.indicator(indicator)[:, :, group.zones].sum(axis=2))
    draw_bands(axes, shown, month_edges(ensemble), colour)
    head_panel(axes, name, shown, width)
