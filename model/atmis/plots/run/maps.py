"""Zones and bases on the first day and on the last. For the full width of a page."""

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
from atmis.plots.kit import basemap as grounds
from atmis.plots.kit.dates import in_words, month_edges, span
from atmis.plots.kit.inset import Frame
from atmis.plots.kit.label_placement import Ground, Place, places
from atmis.plots.kit.sheet import EDGE, Sheet, about, legend_height, line_height, sheet
from atmis.plots.kit.style import BLACK, GREY, PAGE_IN, SMALL_PT, TEXT_PT, shade
from atmis.plots.run import symbols
from atmis.plots.run.fates import Fates, fates
from atmis.runs.ensemble import Ensemble

_CLASSES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # attacks a month between shades
_LIGHTEST, _DARKEST = 0.97, 0.60
_MONTH = 365.25 / 12  # days
_MOST_BESIDE, _MOST_NAMED = 30, 150  # zones at the most for two maps beside each other, and for names
_LEFT, _GAP, _HEAD, _AXIS = 0.34, 0.36, 0.34, 0.26


class Window(NamedTuple):
    """A year at an end of the run, or as much of it as there is."""

    day: date  # of the bases
    months: str
    rate: Floats  # attacks a month in each zone, mean over replicates


class Chart(NamedTuple):
    """All that both maps share."""

    ensemble: Ensemble
    ground: Ground
    bounds: list[float]  # of the classes of shading
    fates: Fates
    names: list[Place]  # none where zones are too many


def figure(ensemble: Ensemble) -> Figure:
    """Two maps: who holds the bases before and after, zones shaded by monthly attacks in a year at either end."""
    beside = len(ensemble.scenario.theatre.zones) <= _MOST_BESIDE
    width = (PAGE_IN - _LEFT - _GAP - EDGE) / 2 if beside else PAGE_IN - _LEFT - EDGE
    ground = grounds.lay(ensemble.scenario.theatre)
    west, south, east, north = ground.frame
    height = width * (north - south) / (east - west)
    windows = [_window(ensemble, after=False), _window(ensemble, after=True)]
    chart = _chart(ensemble, ground, windows, (east - west) / width)
    keys = _keys(chart)
    maps = _HEAD + height + _AXIS if beside else 2 * (_HEAD + height + _AXIS)
    made = sheet(
        (PAGE_IN, maps + sum(_key_height(labels) for _, _, labels in keys)), "Zones and bases, before and after",
        about(ensemble, "below each name: attacks per month, mean over replicates"), _notes(ensemble),
    )  # fmt: skip
    for k, window in enumerate(windows):
        left, top = (_LEFT + k * (width + _GAP), 0.0) if beside else (_LEFT, k * (_HEAD + height + _AXIS))
        made.text(left, top, f"Bases on {in_words(window.day)}", fontsize=TEXT_PT, fontweight="bold")
        made.text(left, top + line_height(TEXT_PT), f"attacks: {window.months}", color=GREY)
        _map(made, (left, top + _HEAD, width, height), chart, window, after=k == 1)
    _write_keys(made, keys, maps)
    return made.figure


def _window(ensemble: Ensemble, after: bool) -> Window:
    edges, months = month_edges(ensemble), ensemble.months
    part = slice(-12, None) if after else slice(None, 12)
    days = float(edges[1:][part][-1] - edges[:-1][part][0])
    attacks = ensemble.indicator("attacks")[:, part].sum(axis=1).mean(axis=0)
    first, last = (months[part][k].astype("datetime64[D]").astype(date) for k in (0, -1))
    period = ensemble.scenario.period
    return Window(period.end if after else period.start, span(first, last), attacks * _MONTH / days)


def _chart(ensemble: Ensemble, ground: Ground, windows: list[Window], km_per_inch: float) -> Chart:
    theatre = ensemble.scenario.theatre
    highest = max(float(window.rate.max()) for window in windows)
    lowest = min(float(window.rate.min()) for window in windows)
    bounds = [bound for bound in _CLASSES if lowest < bound < highest]
    sizes = []
    for zone, rate in zip(theatre.zones.values(), np.maximum(windows[0].rate, windows[1].rate), strict=True):
        wide, high = grounds.name_size(grounds.name_lines(zone.name, float(rate)))
        sizes.append((wide * km_per_inch, high * km_per_inch))
    names = places(ground, sizes) if len(sizes) <= _MOST_NAMED else []
    return Chart(ensemble, ground, bounds, fates(ensemble), names)


def _map(made: Sheet, box: Frame, chart: Chart, window: Window, after: bool) -> None:
    """One map in a box of the sheet (left, top, width, height in inches), with a closer view where bases are dense."""
    theatre, ground = chart.ensemble.scenario.theatre, chart.ground
    axes = made.axes(*box)
    _fill(axes, chart, window, after)
    zones = theatre.zones.values()
    labels = [grounds.name_lines(zone.name, float(rate)) for zone, rate in zip(zones, window.rate, strict=True)]
    grounds.draw_names(axes, labels[: len(chart.names)], chart.names)
    grounds.dress(axes, theatre, ground)
    if ground.closer is not None:
        west, _, east, north = ground.frame
        inch, (a, b, c, d) = box[2] / (east - west), ground.closer.at
        left, top = box[0] + (a - west) * inch, box[1] + (north - d) * inch
        small = made.axes(left, top, (c - a) * inch, (d - b) * inch)
        _fill(small, chart, window, after)
        grounds.connect(axes, small, ground.closer)


def _fill(axes: Axes, chart: Chart, window: Window, after: bool) -> None:
    """Zones, border and bases."""
    shapes, shades = [], []
    for area, rate in zip(chart.ground.areas, window.rate, strict=True):
        for part in shapely.get_parts(area):
            if part.geom_type == "Polygon":
                shapes.append(shapely.get_coordinates(part.exterior))
                shades.append(_shade(chart.bounds, int(np.searchsorted(chart.bounds, rate, side="right"))))
    axes.add_collection(PolyCollection(shapes, facecolors=shades, edgecolors=shade(GREY), linewidths=0.5, zorder=1))
    theatre = chart.ensemble.scenario.theatre
    grounds.draw_border(axes, theatre, chart.ground)
    symbols.draw(axes, chart.ground.bases, theatre, chart.fates, after)


def _shade(bounds: list[float], k: int) -> str:
    """A grey, the darker the higher the class."""
    return str(round(_LIGHTEST - (_LIGHTEST - _DARKEST) * k / max(len(bounds), 1), 3))


def _keys(chart: Chart) -> list[symbols.Key]:
    """Legends: bases, zones and border."""
    bounds, theatre = chart.bounds, chart.ensemble.scenario.theatre
    ends = [f"below {bound:g}" for bound in bounds[:1]] + [f"{a:g} to {b:g}" for a, b in pairwise(bounds)]
    labels = [*ends, f"{bounds[-1]:g} or more" if bounds else "the same in all zones"]
    handles: list[Any] = [
        Patch(facecolor=_shade(bounds, k), edgecolor=shade(GREY), linewidth=0.5) for k in range(len(labels))
    ]
    for opened, look, word in ((False, grounds.CLOSED, "closed"), (True, grounds.OPEN, "open")):
        if any(border.open == opened for border in theatre.borders.values()):
            handles.append(Line2D([], [], color=BLACK, **look))
            labels.append(f"border, {word} on the first day")
    return [*symbols.keys(theatre, chart.fates), ("Zones: attacks per month", handles, labels)]


def _write_keys(made: Sheet, keys: list[symbols.Key], top: float) -> None:
    for heading, handles, labels in keys:
        made.text(EDGE, top, heading, fontstyle="italic")
        made.legend(handles, labels, top + line_height(SMALL_PT) + 0.02)
        top += _key_height(labels)


def _key_height(labels: list[str]) -> float:
    return line_height(SMALL_PT) + legend_height(labels, PAGE_IN) + 0.08


def _notes(ensemble: Ensemble) -> list[str]:
    theatre, count = ensemble.scenario.theatre, ensemble.days.open_segments[:, -1]
    notes = ["Zones are too many to be named here."] if len(theatre.zones) > _MOST_NAMED else []
    if theatre.borders:
        low, median, high = np.quantile(count, [0.05, 0.5, 0.95], method="nearest")
        spread = f" (90 % of replicates: {low:g} to {high:g})" if ensemble.replicates > 1 else ""
        notes.append(f"Border segments open on the last day: {median:g} of {len(theatre.borders)}{spread}.")
    return notes
