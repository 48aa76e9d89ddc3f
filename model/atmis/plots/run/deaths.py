"""Deaths by side and month near the border and away from it, for the full width of a page."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.plots.common.bands import band_legend, draw_bands, label_panel, quantile_bands
from atmis.plots.common.canvas import new_canvas, run_subtitle
from atmis.plots.common.dates import date_axis, month_edges, partial_month_note
from atmis.plots.common.groups import ZoneGroup, border_groups
from atmis.plots.common.style import BLACK, BLUE, GREEN, PAGE_IN, PURPLE, SMALL_PT, TEXT_PT, VERMILION
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
    """A row of panels for each side, a column for each group of zones."""
    groups = border_groups(ensemble.scenario.theatre)
    width = (PAGE_IN - _LEFT - 0.12 - _GAP * (len(groups) - 1)) / len(groups)
    canvas = new_canvas(
        (PAGE_IN, _HEAD + len(SIDES) * _PITCH + 0.12),
        "Deaths by side and month, near the border and away from it",
        run_subtitle(ensemble, "each panel has a vertical scale of its own"),
        [
            "Armed group: fighters killed in attacks, without those lost to offensives.",
            *partial_month_note(ensemble.scenario.period),
        ],
    )
    canvas.legend(*band_legend(ensemble.replicates), top=0.02)
    for column, group in enumerate(groups):
        left = _LEFT + column * (width + _GAP)
        canvas.text(left + width / 2, 0.22, group.name, fontsize=TEXT_PT, fontweight="bold", ha="center")
        for row, side in enumerate(SIDES):
            axes = canvas.axes(left, _HEAD + row * _PITCH + 0.1, width, _PANEL)
            _panel(axes, ensemble, group, side, width)
            date_axis(axes, ensemble.scenario.period, width, labelled=row == len(SIDES) - 1)
            if column == 0:
                axes.set_ylabel("deaths per month", fontsize=SMALL_PT)
                axes.yaxis.set_label_coords(-0.42 / width, 0.5)
    return canvas.figure


def _panel(axes: Axes, ensemble: Ensemble, group: ZoneGroup, side: tuple[str, str, str], width: float) -> None:
    indicator, name, colour = side
    bands = quantile_bands(ensemble.indicator(indicator)[:, :, group.zones].sum(axis=2))
    draw_bands(axes, bands, month_edges(ensemble), colour)
    label_panel(axes, name, bands, width)
