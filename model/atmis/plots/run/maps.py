"""Maps of zones and bases on the first and on the last day of a run, for the full width of a page."""

from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from atmis.kernel.arrays import Floats
from atmis.plots.common.basemap import (
    CLOSED_LINE,
    OPEN_LINE,
    build_basemap,
    draw_border,
    draw_labels,
    finish_map,
    indicate_inset,
    label_lines,
    label_size,
)
from atmis.plots.common.canvas import MARGIN, Canvas, legend_height, line_height, new_canvas, run_subtitle
from atmis.plots.common.dates import format_date, format_span, month_edges
from atmis.plots.common.inset import Extent
from atmis.plots.common.label_placement import Basemap, LabelPlacement, place_labels
from atmis.plots.common.style import BLACK, GREY, PAGE_IN, SMALL_PT, TEXT_PT, shade
from atmis.plots.run import symbols
from atmis.plots.run.base_outcomes import BaseOutcomes, base_outcomes
from atmis.runs.ensemble import Ensemble

_CLASSES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # class bounds of the shading, attacks per month
_LIGHTEST, _DARKEST = 0.97, 0.60
_MONTH = 365.25 / 12  # days
_MOST_SIDE_BY_SIDE, _MOST_NAMED = 30, 150  # most zones for maps side by side, and for labels
_LEFT, _GAP, _HEAD, _AXIS = 0.34, 0.36, 0.34, 0.26


class MapWindow(NamedTuple):
    """The first or the last year of a run, or as much of it as there is."""

    day: date  # on which the bases are shown
    months: str
    rate: Floats  # attacks per month, mean over replicates [Z]


class MapData(NamedTuple):
    """What both maps share."""

    ensemble: Ensemble
    basemap: Basemap
    bounds: list[float]  # between the classes of the shading
    outcomes: BaseOutcomes
    labels: list[LabelPlacement]  # empty where zones are too many


def figure(ensemble: Ensemble) -> Figure:
    """Two maps: who holds the bases on the first and the last day; zones shaded by attacks per month in that year."""
    side_by_side = len(ensemble.scenario.theatre.zones) <= _MOST_SIDE_BY_SIDE
    width = (PAGE_IN - _LEFT - _GAP - MARGIN) / 2 if side_by_side else PAGE_IN - _LEFT - MARGIN
    basemap = build_basemap(ensemble.scenario.theatre)
    west, south, east, north = basemap.extent
    height = width * (north - south) / (east - west)
    windows = [_window(ensemble, after=False), _window(ensemble, after=True)]
    data = _map_data(ensemble, basemap, windows, (east - west) / width)
    legends = _legends(data)
    maps = _HEAD + height + _AXIS if side_by_side else 2 * (_HEAD + height + _AXIS)
    canvas = new_canvas(
        (PAGE_IN, maps + sum(_legend_height(labels) for _, _, labels in legends)), "Zones and bases, before and after",
        run_subtitle(ensemble, "below each name: attacks per month, mean over replicates"), _notes(ensemble),
    )  # fmt: skip
    for k, window in enumerate(windows):
        left, top = (_LEFT + k * (width + _GAP), 0.0) if side_by_side else (_LEFT, k * (_HEAD + height + _AXIS))
        canvas.text(left, top, f"Bases on {format_date(window.day)}", fontsize=TEXT_PT, fontweight="bold")
        canvas.text(left, top + line_height(TEXT_PT), f"attacks: {window.months}", color=GREY)
        _map(canvas, (left, top + _HEAD, width, height), data, window, after=k == 1)
    _write_legends(canvas, legends, maps)
    return canvas.figure


def _window(ensemble: Ensemble, after: bool) -> MapWindow:
    edges, months = month_edges(ensemble), ensemble.months
    part = slice(-12, None) if after else slice(None, 12)
    days = float(edges[1:][part][-1] - edges[:-1][part][0])
    attacks = ensemble.indicator("attacks")[:, part].sum(axis=1).mean(axis=0)
    first, last = (months[part][k].astype("datetime64[D]").astype(date) for k in (0, -1))
    period = ensemble.scenario.period
    return MapWindow(period.end if after else period.start, format_span(first, last), attacks * _MONTH / days)


def _map_data(ensemble: Ensemble, basemap: Basemap, windows: list[MapWindow], km_per_inch: float) -> MapData:
    theatre = ensemble.scenario.theatre
    highest = max(float(window.rate.max()) for window in windows)
    lowest = min(float(window.rate.min()) for window in windows)
    bounds = [bound for bound in _CLASSES if lowest < bound < highest]
    sizes = []
    for zone, rate in zip(theatre.zones.values(), np.maximum(windows[0].rate, windows[1].rate), strict=True):
        label_width, label_height = label_size(label_lines(zone.name, float(rate)))
        sizes.append((label_width * km_per_inch, label_height * km_per_inch))
    labels = place_labels(basemap, sizes) if len(sizes) <= _MOST_NAMED else []
    return MapData(ensemble, basemap, bounds, base_outcomes(ensemble), labels)


def _map(canvas: Canvas, box: Extent, data: MapData, window: MapWindow, after: bool) -> None:
    """One map in a box of the canvas (left, top, width, height in inches), with its inset if it has one."""
    theatre, basemap = data.ensemble.scenario.theatre, data.basemap
    axes = canvas.axes(*box)
    _fill(axes, data, window, after)
    zones = theatre.zones.values()
    labels = [label_lines(zone.name, float(rate)) for zone, rate in zip(zones, window.rate, strict=True)]
    draw_labels(axes, labels[: len(data.labels)], data.labels)
    finish_map(axes, theatre, basemap)
    if basemap.inset is not None:
        west, _, east, north = basemap.extent
        inch, (a, b, c, d) = box[2] / (east - west), basemap.inset.position
        left, top = box[0] + (a - west) * inch, box[1] + (north - d) * inch
        inset_axes = canvas.axes(left, top, (c - a) * inch, (d - b) * inch)
        _fill(inset_axes, data, window, after)
        indicate_inset(axes, inset_axes, basemap.inset)


def _fill(axes: Axes, data: MapData, window: MapWindow, after: bool) -> None:
    """Draw zones, border and bases."""
    shapes, shades = [], []
    for area, rate in zip(data.basemap.areas, window.rate, strict=True):
        for part in shapely.get_parts(area):
            if part.geom_type == "Polygon":
                shapes.append(shapely.get_coordinates(part.exterior))
                shades.append(_shade(data.bounds, int(np.searchsorted(data.bounds, rate, side="right"))))
    axes.add_collection(PolyCollection(shapes, facecolors=shades, edgecolors=shade(GREY), linewidths=0.5, zorder=1))
    theatre = data.ensemble.scenario.theatre
    draw_border(axes, theatre, data.basemap)
    symbols.draw(axes, data.basemap.bases, theatre, data.outcomes, after)


def _shade(bounds: list[float], k: int) -> str:
    """The grey of a class: the higher, the darker."""
    return str(round(_LIGHTEST - (_LIGHTEST - _DARKEST) * k / max(len(bounds), 1), 3))


def _legends(data: MapData) -> list[symbols.LegendGroup]:
    """Legends of bases, zones and border."""
    bounds, theatre = data.bounds, data.ensemble.scenario.theatre
    ends = [f"below {bound:g}" for bound in bounds[:1]] + [f"{a:g} to {b:g}" for a, b in pairwise(bounds)]
    labels = [*ends, f"{bounds[-1]:g} or more" if bounds else "the same in all zones"]
    handles: list[Any] = [
        Patch(facecolor=_shade(bounds, k), edgecolor=shade(GREY), linewidth=0.5) for k in range(len(labels))
    ]
    for is_open, style, word in ((False, CLOSED_LINE, "closed"), (True, OPEN_LINE, "open")):
        if any(border.open == is_open for border in theatre.borders.values()):
            handles.append(Line2D([], [], color=BLACK, **style))
            labels.append(f"border, {word} on the first day")
    return [*symbols.legend_groups(theatre, data.outcomes), ("Zones: attacks per month", handles, labels)]


def _write_legends(canvas: Canvas, legends: list[symbols.LegendGroup], top: float) -> None:
    for heading, handles, labels in legends:
        canvas.text(MARGIN, top, heading, fontstyle="italic")
        canvas.legend(handles, labels, top + line_height(SMALL_PT) + 0.02)
        top += _legend_height(labels)


def _legend_height(labels: list[str]) -> float:
    return line_height(SMALL_PT) + legend_height(labels, PAGE_IN) + 0.08


def _notes(ensemble: Ensemble) -> list[str]:
    theatre, count = ensemble.scenario.theatre, ensemble.days.open_segments[:, -1]
    notes = ["Zones are too many to be named here."] if len(theatre.zones) > _MOST_NAMED else []
    if theatre.borders:
        low, median, high = np.quantile(count, [0.05, 0.5, 0.95], method="nearest")
        spread = f" (90 % of replicates: {low:g} to {high:g})" if ensemble.replicates > 1 else ""
        notes.append(f"Border segments open on the last day: {median:g} of {len(theatre.borders)}{spread}.")
    return notes
