"""Attacks by month in each zone. For the full width of a page; further pages where zones are many."""

from collections.abc import Iterator
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.plots.kit.bands import band_legend, bands, draw_bands, head_panel
from atmis.plots.kit.dates import date_axis, incomplete, month_edges
from atmis.plots.kit.groups import Group, sides
from atmis.plots.kit.sheet import EDGE, Sheet, about, sheet
from atmis.plots.kit.style import BLUE, PAGE_IN, SMALL_PT, TEXT_PT, VERMILION, clean
from atmis.runs.ensemble import Ensemble

COLUMNS, ROWS_A_PAGE = 4, 7
_LEFT, _WIDTH, _GAP = 0.50, 1.34, 0.34
_TOP, _HEAD, _PANEL, _PITCH, _FOOT = 0.26, 0.06, 0.72, 0.98, 0.34
_COLOURS = {"kenya": VERMILION, "somalia": BLUE}


class Row(NamedTuple):
    """A row of panels."""

    heading: str  # of the first row of a side
    zones: list[int]
    below: int  # panels of the same side in the next row


def figures(ensemble: Ensemble) -> list[Figure]:
    """Small multiples of monthly attacks, a panel for each zone, Kenyan and Somali side apart."""
    pages = list(_pages(sides(ensemble.scenario.theatre)))
    return [_page(ensemble, rows, k, len(pages)) for k, rows in enumerate(pages)]


def _pages(groups: list[Group]) -> Iterator[list[Row]]:
    """Rows of panels, so many a page; a page that begins within a side repeats its heading."""
    rows = [(group.name, group.zones[k : k + COLUMNS]) for group in groups for k in range(0, len(group.zones), COLUMNS)]
    for first in range(0, len(rows), ROWS_A_PAGE):
        page = [("", []), *rows[first : first + ROWS_A_PAGE], ("", [])]
        yield [
            Row(name if name != before else "", zones, len(after) if name == next_name else 0)
            for (before, _), (name, zones), (next_name, after) in zip(page, page[1:], page[2:], strict=False)
        ]


def _page(ensemble: Ensemble, rows: list[Row], page: int, pages: int) -> Figure:
    period = ensemble.scenario.period
    heads = sum(1 for row in rows if row.heading)
    which = f" (page {page + 1} of {pages})" if pages > 1 else ""
    made = sheet(
        (PAGE_IN, _TOP + heads * (_HEAD + _FOOT) + len(rows) * _PITCH - 0.14),
        f"Attacks by month in each zone{which}",
        about(ensemble, "each panel has a vertical scale of its own"),
        incomplete(period),
    )
    made.legend(*band_legend(ensemble.replicates), top=0.02)
    top = _TOP
    for row in rows:
        if row.heading:
            made.text(EDGE, top, row.heading, fontsize=TEXT_PT, fontweight="bold")
            top += _HEAD
        _row(made, ensemble, row, top)
        top += _PITCH + (0.0 if row.below else _FOOT)
    return made.figure


def _row(made: Sheet, ensemble: Ensemble, row: Row, top: float) -> None:
    for column, zone in enumerate(row.zones):
        axes = made.axes(_LEFT + column * (_WIDTH + _GAP), top + _PITCH - _PANEL, _WIDTH, _PANEL)
        _panel(axes, ensemble, zone)
        date_axis(axes, ensemble.scenario.period, _WIDTH, labelled=column >= row.below)
        if column == 0:
            axes.set_ylabel("attacks per month", fontsize=SMALL_PT)
            axes.yaxis.set_label_coords(-0.27, 0.5)


def _panel(axes: Axes, ensemble: Ensemble, zone: int) -> None:
    what = list(ensemble.scenario.theatre.zones.values())[zone]
    shown = bands(ensemble.indicator("attacks")[:, :, zone])
    draw_bands(axes, shown, month_edges(ensemble), _COLOURS[what.country])
    head_panel(axes, clean(what.name), shown, _WIDTH)
