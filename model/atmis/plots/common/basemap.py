"""The base map: outlines and border in km, labels of zones, an inset, degrees along the edges, a scale bar."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedFormatter, FixedLocator

from atmis.kernel.theatre import KM_PER_DEGREE, to_km
from atmis.plots.common.inset import Extent, Inset, corner_boxes, land_share, place_inset
from atmis.plots.common.label_placement import Basemap, LabelPlacement
from atmis.plots.common.style import BLACK, INK, SMALL_PT, clean, text_width, wrap
from atmis.scenario.ground import Theatre

LABEL_PT = 5.5
OPEN_LINE: dict[str, Any] = {"linestyle": (0, (1.5, 1)), "linewidth": 1.4}
CLOSED_LINE: dict[str, Any] = {"linestyle": "-", "linewidth": 1.4}
_TOUCH_KM = 3.0  # outlines of neighbours closer than this share a border
_MARGIN = 0.03  # share of the map's longer side
_ROUND_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_DEGREES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


def build_basemap(theatre: Theatre) -> Basemap:
    """The base map of a theatre: outlines, bases and border, projected to km, true to scale at its mean latitude."""
    latitude = mid_latitude(theatre)
    areas = [shapely.make_valid(shapely.Polygon(to_km(zone.outline, latitude))) for zone in theatre.zones.values()]
    bases = to_km([base.at for base in theatre.bases.values()], latitude)
    west, south, east, north = shapely.total_bounds(np.array([*areas, *shapely.points(bases)]))
    margin = _MARGIN * max(east - west, north - south)
    extent = _limit_aspect((float(west - margin), float(south - margin), float(east + margin), float(north + margin)))
    lines = shapely.union_all([line for line, _ in border_lines(theatre, areas)])
    inset = place_inset(areas, bases, extent)
    return Basemap(areas, bases, lines, extent, _scale_bar_box(extent, areas, inset), inset)


def mid_latitude(theatre: Theatre) -> float:
    """The latitude at which the maps are true to scale."""
    return float(np.mean([zone.centroid[0] for zone in theatre.zones.values()]))


def border_lines(theatre: Theatre, areas: Sequence[Any]) -> list[tuple[Any, bool]]:
    """The line of each border segment, and whether it is open on the first day."""
    zones = list(theatre.zones)
    segments = []
    for segment in theatre.borders.values():
        kenya, somalia = areas[zones.index(segment.kenya)], areas[zones.index(segment.somalia)]
        line = shapely.intersection(shapely.boundary(kenya), shapely.buffer(somalia, _TOUCH_KM))
        segments.append((shapely.line_merge(line), segment.open))
    return segments


def draw_border(axes: Axes, theatre: Theatre, basemap: Basemap) -> None:
    """Border segments with a bar at each end; solid where closed on the first day, dashed where open."""
    for line, is_open in border_lines(theatre, basemap.areas):
        style = OPEN_LINE if is_open else CLOSED_LINE
        for part in shapely.get_parts(line):
            points = shapely.get_coordinates(part)
            if len(points) > 1:
                axes.plot(*points.T, color=BLACK, zorder=3, solid_capstyle="butt", **style)
                axes.plot(*points[[0, -1]].T, color=BLACK, zorder=3, linestyle="none", marker="|", markersize=5)


def label_lines(name: str, rate: float) -> list[str]:
    """The label of a zone: its wrapped name, and its attacks per month below."""
    return [*wrap(clean(name, 24), 0.62, LABEL_PT), f"{rate:.1f}"]


def label_size(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of a label in inches."""
    return max(text_width(line, LABEL_PT) for line in lines), len(lines) * 1.15 * LABEL_PT / 72


def draw_labels(axes: Axes, labels: Sequence[Sequence[str]], placements: Sequence[LabelPlacement]) -> None:
    """Labels of zones, with a leader line to each zone that has no room for its own."""
    halo = [withStroke(linewidth=1.4, foreground="white")]
    for lines, placement in zip(labels, placements, strict=True):
        if placement.anchor is not None:
            x, y = placement.anchor
            axes.plot([placement.x, x], [placement.y, y], color=INK, linewidth=0.5, zorder=5)
        axes.text(
            placement.x, placement.y, "\n".join(lines), fontsize=LABEL_PT, ha="center", va="center", linespacing=1.0,
            zorder=6, path_effects=halo, color=BLACK,
        )  # fmt: skip


def indicate_inset(axes: Axes, inset_axes: Axes, inset: Inset) -> None:
    """Set the limits of an inset map, and outline on the main map the square that it shows."""
    west, south, east, north = inset.view
    inset_axes.set_xlim(west, east)
    inset_axes.set_ylim(south, north)
    inset_axes.set_xticks([])
    inset_axes.set_yticks([])
    inset_axes.spines[:].set_visible(True)
    axes.plot([west, east, east, west, west], [south, south, north, north, south], color=INK, linewidth=0.6, zorder=5.5)
    axes.plot([east, inset.position[2]], [south, inset.position[3]], color=INK, linewidth=0.4, zorder=2)
    axes.plot([west, inset.position[0]], [south, inset.position[3]], color=INK, linewidth=0.4, zorder=2)


def finish_map(axes: Axes, theatre: Theatre, basemap: Basemap) -> None:
    """Limits and frame of a map, degrees along two sides, and the scale bar."""
    west, south, east, north = basemap.extent
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.spines[:].set_visible(True)
    km_x = KM_PER_DEGREE * math.cos(math.radians(mid_latitude(theatre)))
    for axis, low, high, km, suffixes in (
        (axes.xaxis, west, east, km_x, ("°W", "°", "°E")),
        (axes.yaxis, south, north, KM_PER_DEGREE, ("°S", "°", "°N")),
    ):
        ticks = _round_degrees(low / km, high / km)
        axis.set_major_locator(FixedLocator([km * tick for tick in ticks]))
        axis.set_major_formatter(FixedFormatter([f"{abs(t):g}{suffixes[1 + (t > 0) - (t < 0)]}" for t in ticks]))
    _draw_scale_bar(axes, basemap)


def _round_degrees(low: float, high: float) -> list[float]:
    step = next((step for step in _DEGREES if (high - low) / step <= 6), 20.0)
    return [float(step * k) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _scale_bar_box(extent: Extent, areas: Sequence[Any], inset: Inset | None) -> Extent:
    """The box of the scale bar: the emptiest corner without the inset."""
    west, south, east, north = extent
    size = (0.02 * (east - west) + _scale_bar_km(extent), 0.08 * (north - south))
    boxes = corner_boxes(extent, *size, 0.03 * (east - west))
    if inset is not None:
        boxes = [box for box in boxes if not shapely.box(*box).intersects(shapely.box(*inset.position))]
    return min(boxes, key=lambda box: land_share(box, areas))


def _scale_bar_km(extent: Extent) -> float:
    width = extent[2] - extent[0]
    return float(max((km for km in _ROUND_KM if km <= 0.25 * width), default=0.2 * width))


def _draw_scale_bar(axes: Axes, basemap: Basemap) -> None:
    x, y, length = basemap.scale_bar[0], basemap.scale_bar[1], _scale_bar_km(basemap.extent)
    height = basemap.scale_bar[3] - y
    ends, level = [x, x + length], [y + 0.3 * height] * 2
    axes.plot(ends, level, color=BLACK, linewidth=1.4, solid_capstyle="butt", zorder=7)
    axes.plot(ends, level, color=BLACK, linestyle="none", marker="|", markersize=4, zorder=7)
    axes.text(sum(ends) / 2, y + 0.5 * height, f"{length:g} km", ha="center", va="bottom", fontsize=SMALL_PT)


def _limit_aspect(extent: Extent) -> Extent:
    """An extent widened so that it is neither much wider than high nor much higher than wide."""
    west, south, east, north = extent
    missing_y = max(0.5 * (east - west) - (north - south), 0.0)
    missing_x = max((north - south) / 1.6 - (east - west), 0.0)
    return (west - missing_x / 2, south - missing_y / 2, east + missing_x / 2, north + missing_y / 2)
