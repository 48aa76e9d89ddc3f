"""The ground of the maps: outlines and border in km, names, degrees around, a scale bar."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedFormatter, FixedLocator

from atmis.kernel.theatre import KM_PER_DEGREE, to_km
from atmis.plots.kit.inset import Frame, Inset, busy, corners, inset
from atmis.plots.kit.label_placement import Ground, Place
from atmis.plots.kit.style import BLACK, INK, SMALL_PT, clean, text_width, wrap
from atmis.scenario.ground import Theatre

NAME_PT = 5.5
OPEN: dict[str, Any] = {"linestyle": (0, (1.5, 1)), "linewidth": 1.4}
CLOSED: dict[str, Any] = {"linestyle": "-", "linewidth": 1.4}
_TOUCH_KM = 3.0  # outlines of neighbours that run so close share a border
_MARGIN = 0.03
_NICE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_DEGREES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


def lay(theatre: Theatre) -> Ground:
    """Outlines, bases and border in km on a plane that is true at the theatre's middle latitude."""
    latitude = middle(theatre)
    areas = [shapely.make_valid(shapely.Polygon(to_km(zone.outline, latitude))) for zone in theatre.zones.values()]
    bases = to_km([base.at for base in theatre.bases.values()], latitude)
    west, south, east, north = shapely.total_bounds(np.array([*areas, *shapely.points(bases)]))
    margin = _MARGIN * max(east - west, north - south)
    frame = _not_flat((float(west - margin), float(south - margin), float(east + margin), float(north + margin)))
    lines = shapely.union_all([line for line, _ in border(theatre, areas)])
    closer = inset(areas, bases, frame)
    return Ground(areas, bases, lines, frame, _bar(frame, areas, closer), closer)


def middle(theatre: Theatre) -> float:
    """The latitude at which the maps are true."""
    return float(np.mean([zone.centroid[0] for zone in theatre.zones.values()]))


def border(theatre: Theatre, areas: Sequence[Any]) -> list[tuple[Any, bool]]:
    """The line of each border segment, and whether it is open on the first day."""
    zones = list(theatre.zones)
    segments = []
    for segment in theatre.borders.values():
        kenya, somalia = areas[zones.index(segment.kenya)], areas[zones.index(segment.somalia)]
        line = shapely.intersection(shapely.boundary(kenya), shapely.buffer(somalia, _TOUCH_KM))
        segments.append((shapely.line_merge(line), segment.open))
    return segments


def draw_border(axes: Axes, theatre: Theatre, ground: Ground) -> None:
    """Border segments with a bar at each end; solid where closed on the first day, broken where open."""
    for line, opened in border(theatre, ground.areas):
        for part in shapely.get_parts(line):
            points = shapely.get_coordinates(part)
            if len(points) > 1:
                axes.plot(*points.T, color=BLACK, zorder=3, solid_capstyle="butt", **(OPEN if opened else CLOSED))
                axes.plot(*points[[0, -1]].T, color=BLACK, zorder=3, linestyle="none", marker="|", markersize=5)


def name_lines(name: str, rate: float) -> list[str]:
    """A zone's label: its name in lines of some length, and its attacks a month."""
    return [*wrap(clean(name, 24), 0.62, NAME_PT), f"{rate:.1f}"]


def name_size(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of a label in inches."""
    return max(text_width(line, NAME_PT) for line in lines), len(lines) * 1.15 * NAME_PT / 72


def draw_names(axes: Axes, labels: Sequence[Sequence[str]], at: Sequence[Place]) -> None:
    """Names of zones, with a line to those that have no room inside."""
    halo = [withStroke(linewidth=1.4, foreground="white")]
    for lines, place in zip(labels, at, strict=True):
        if place.anchor is not None:
            axes.plot([place.x, place.anchor[0]], [place.y, place.anchor[1]], color=INK, linewidth=0.5, zorder=5)
        axes.text(
            place.x, place.y, "\n".join(lines), fontsize=NAME_PT, ha="center", va="center", linespacing=1.0, zorder=6,
            path_effects=halo, color=BLACK,
        )  # fmt: skip


def connect(axes: Axes, small: Axes, closer: Inset) -> None:
    """A closer view and, on the map, the square that it shows."""
    west, south, east, north = closer.seen
    small.set_xlim(west, east)
    small.set_ylim(south, north)
    small.set_xticks([])
    small.set_yticks([])
    small.spines[:].set_visible(True)
    axes.plot([west, east, east, west, west], [south, south, north, north, south], color=INK, linewidth=0.6, zorder=5.5)
    axes.plot([east, closer.at[2]], [south, closer.at[3]], color=INK, linewidth=0.4, zorder=2)
    axes.plot([west, closer.at[0]], [south, closer.at[3]], color=INK, linewidth=0.4, zorder=2)


def dress(axes: Axes, theatre: Theatre, ground: Ground) -> None:
    """Frame, degrees along two sides, and a scale bar in the emptiest corner."""
    west, south, east, north = ground.frame
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.spines[:].set_visible(True)
    km_x = KM_PER_DEGREE * math.cos(math.radians(middle(theatre)))
    for axis, low, high, km, words in (
        (axes.xaxis, west, east, km_x, ("°W", "°", "°E")),
        (axes.yaxis, south, north, KM_PER_DEGREE, ("°S", "°", "°N")),
    ):
        ticks = _round_degrees(low / km, high / km)
        axis.set_major_locator(FixedLocator([km * tick for tick in ticks]))
        axis.set_major_formatter(FixedFormatter([f"{abs(t):g}{words[1 + (t > 0) - (t < 0)]}" for t in ticks]))
    _scale_bar(axes, ground)


def _round_degrees(low: float, high: float) -> list[float]:
    step = next((step for step in _DEGREES if (high - low) / step <= 6), 20.0)
    return [float(step * k) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _bar(frame: Frame, areas: Sequence[Any], closer: Inset | None) -> Frame:
    """Where a scale bar stands: the emptiest corner that is free."""
    west, south, east, north = frame
    size = (0.02 * (east - west) + _bar_km(frame), 0.08 * (north - south))
    rooms = corners(frame, *size, 0.03 * (east - west))
    if closer is not None:
        rooms = [room for room in rooms if not shapely.box(*room).intersects(shapely.box(*closer.at))]
    return min(rooms, key=lambda room: busy(room, areas))


def _bar_km(frame: Frame) -> float:
    width = frame[2] - frame[0]
    return float(max((km for km in _NICE if km <= 0.25 * width), default=0.2 * width))


def _scale_bar(axes: Axes, ground: Ground) -> None:
    x, y, length = ground.bar[0], ground.bar[1], _bar_km(ground.frame)
    height = ground.bar[3] - y
    ends, level = [x, x + length], [y + 0.3 * height] * 2
    axes.plot(ends, level, color=BLACK, linewidth=1.4, solid_capstyle="butt", zorder=7)
    axes.plot(ends, level, color=BLACK, linestyle="none", marker="|", markersize=4, zorder=7)
    axes.text(sum(ends) / 2, y + 0.5 * height, f"{length:g} km", ha="center", va="bottom", fontsize=SMALL_PT)


def _not_flat(frame: Frame) -> Frame:
    """A frame that is neither much wider than high nor much higher than wide."""
    west, south, east, north = frame
    lack_y, lack_x = max(0.5 * (east - west) - (north - south), 0.0), max((north - south) / 1.6 - (east - west), 0.0)
    return (west - lack_x / 2, south - lack_y / 2, east + lack_x / 2, north + lack_y / 2)
