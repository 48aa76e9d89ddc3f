"""Attacks by month in each zone, for the full width of a page; several pages where zones are many."""

from collections.abc import Iterator
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.plots.common.bands import band_legend, draw_bands, label_panel, quantile_bands
from atmis.plots.common.canvas import MARGIN, Canvas, new_canvas, run_subtitle
from atmis.plots.common.dates import date_axis, month_edges, partial_month_note
from atmis.plots.common.groups import ZoneGroup, border_sides
from atmis.plots.common.style import BLUE, PAGE_IN, SMALL_PT, TEXT_PT, VERMILION, clean
from atmis.runs.ensemble import Ensemble

COLUMNS, ROWS_A_PAGE = 4, 7
_LEFT, _WIDTH, _GAP = 0.50, 1.34, 0.34
_TOP, _HEAD, _PANEL, _PITCH, _FOOT = 0.26, 0.06, 0.72, 0.98, 0.34
_COLOURS = {"kenya": VERMILION, "somalia": BLUE}


class PanelRow(NamedTuple):
    """A row of panels."""

    heading: str  # of the first row of a side
    zones: list[int]
    below: int  # panels of the same side in the next row


def figures(ensemble: Ensemble) -> list[Figure]:
    """Small multiples of monthly attacks: a panel for each zone, by side of the border; one figure per page."""
    pages = list(_pages(border_sides(ensemble.scenario.theatre)))
    return [_page(ensemble, rows, k, len(pages)) for k, rows in enumerate(pages)]


def _pages(groups: list[ZoneGroup]) -> Iterator[list[PanelRow]]:
    """Rows of panels by page; a page that begins within a side repeats the heading of the side."""
    rows = [(group.name, group.zones[k : k + COLUMNS]) for group in groups for k in range(0, len(group.zones), COLUMNS)]
    for first in range(0, len(rows), ROWS_A_PAGE):
        page = [("", []), *rows[first : first + ROWS_A_PAGE], ("", [])]
        yield [
            PanelRow(name if name != before else "", zones, len(after) if name == next_name else 0)
            for (before, _), (name, zones), (next_name, after) in zip(page, page[1:], page[2:], strict=False)
        ]


def _page(ensemble: Ensemble, rows: list[PanelRow], page: int, pages: int) -> Figure:
    period = ensemble.scenario.period
    headings = sum(1 for row in rows if row.heading)
    page_note = f" (page {page + 1} of {pages})" if pages > 1 else ""
    canvas = new_canvas(
        (PAGE_IN, _TOP + headings * (_HEAD + _FOOT) + len(rows) * _PITCH - 0.14),
        f"Attacks by month in each zone{page_note}",
        run_subtitle(ensemble, "each panel has a vertical scale of its own"),
        partial_month_note(period),
    )
    canvas.legend(*band_legend(ensemble.replicates), top=0.02)
    top = _TOP
    for row in rows:
        if row.heading:
            canvas.text(MARGIN, top, row.heading, fontsize=TEXT_PT, fontweight="bold")
            top += _HEAD
        _row(canvas, ensemble, row, top)
        top += _PITCH + (0.0 if row.below else _FOOT)
    return canvas.figure


def _row(canvas: Canvas, ensemble: Ensemble, row: PanelRow, top: float) -> None:
    for column, zone in enumerate(row.zones):
        axes = canvas.axes(_LEFT + column * (_WIDTH + _GAP), top + _PITCH - _PANEL, _WIDTH, _PANEL)
        _panel(axes, ensemble, zone)
        date_axis(axes, ensemble.scenario.period, _WIDTH, labelled=column >= row.below)
        if column == 0:
            axes.set_ylabel("attacks per month", fontsize=SMALL_PT)
            axes.yaxis.set_label_coords(-0.27, 0.5)


def _panel(axes: Axes, ensemble: Ensemble, zone: int) -> None:
    zone_data = list(ensemble.scenario.theatre.zones.values())[zone]
    bands = quantile_bands(ensemble.indicator("attacks")[:, :, zone])
    draw_bands(axes, bands, month_edges(ensemble), _COLOURS[zone_data.country])
    label_panel(axes, clean(zone_data.name), bands, _WIDTH)
