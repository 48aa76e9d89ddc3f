"""Where to write the names of zones on a map: near their zone, off the bases and off each other."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from atmis.kernel.arrays import Floats
from atmis.plots.common.inset import Extent, Inset

# Costs of a candidate position: over other zones, over the sea, on a base, away from the centre of its zone, on
# another label, across the border.
_OTHER_ZONE, _SEA, _BASE, _AWAY, _LABEL, _LINE = 4.0, 1.6, 0.7, 0.6, 60.0, 1.5
_MARKER = 0.2  # half the size of a base's marker, in heights of a label
_FINE, _COARSE, _FEW = 31, 15, 30  # candidates per side for few zones, for many, and what counts as few
_BATCH = 20  # candidates intersected with the zones in one call


class LabelPlacement(NamedTuple):
    """The centre of a label in km and, where it lies outside its zone, the point in it to which a leader line runs."""

    x: float
    y: float
    anchor: tuple[float, float] | None


class Basemap(NamedTuple):
    """The fixed parts of a map, which labels must keep clear of, in km."""

    areas: Sequence[Any]  # outlines of the zones
    bases: Floats  # points [n, 2]
    lines: Any  # the border
    extent: Extent
    scale_bar: Extent  # box that holds the scale bar
    inset: Inset | None


def place_labels(basemap: Basemap, sizes: Sequence[tuple[float, float]]) -> list[LabelPlacement]:
    """Position of the label of each zone; `sizes`: widths and heights in km. Small zones choose first."""
    placements: dict[int, LabelPlacement] = {}
    occupied = [basemap.scale_bar, *([basemap.inset.position] if basemap.inset else [])]
    for zone in sorted(range(len(sizes)), key=lambda z: (basemap.areas[z].area, z)):
        width, height = sizes[zone]
        points = _candidates(basemap, zone, width, height)
        boxes = shapely.box(
            points[:, 0] - width / 2, points[:, 1] - height / 2, points[:, 0] + width / 2, points[:, 1] + height / 2
        )
        best = _cheapest_candidate(basemap, zone, points, boxes, occupied)
        occupied.append(boxes[best].bounds)
        inside = shapely.area(shapely.intersection(boxes[best], basemap.areas[zone])) / boxes[best].area
        x, y = (float(part) for part in points[best])
        placements[zone] = LabelPlacement(x, y, _anchor(basemap.areas[zone], x, y) if inside < 0.25 else None)
    return [placements[zone] for zone in range(len(sizes))]


def _anchor(area: Any, x: float, y: float) -> tuple[float, float]:
    """A point slightly inside a zone, near a label that stands beside it."""
    inner = shapely.buffer(area, -0.12 * float(np.sqrt(area.area)))
    nearest = shapely.get_coordinates(shapely.shortest_line(inner if not inner.is_empty else area, shapely.Point(x, y)))
    return float(nearest[0, 0]), float(nearest[0, 1])


def _candidates(basemap: Basemap, zone: int, width: float, height: float) -> Floats:
    """Centres of candidate labels on a grid over and around a zone, inside the map [n, 2]."""
    extent, count = basemap.extent, _FINE if len(basemap.areas) <= _FEW else _COARSE
    west, south, east, north = basemap.areas[zone].bounds
    x = np.linspace(west - width, east + width, count)
    y = np.linspace(south - 2 * height, north + 2 * height, count)
    x = np.clip(x, extent[0] + 0.6 * width, extent[2] - 0.6 * width)
    y = np.clip(y, extent[1] + 0.6 * height, extent[3] - 0.6 * height)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _cheapest_candidate(basemap: Basemap, zone: int, points: Floats, boxes: Any, occupied: Sequence[Extent]) -> int:
    """Index of the candidate that costs least; the slow intersection with zones only where it can still matter."""
    fixed = _fixed_cost(basemap, zone, points, boxes, occupied)
    around = shapely.box(*shapely.total_bounds(boxes))
    others = [area for area in basemap.areas if area is not basemap.areas[zone] and area.intersects(around)]
    cost = np.full(len(boxes), np.inf)
    for batch in np.array_split(np.argsort(fixed, kind="stable"), max(len(boxes) // _BATCH, 1)):
        if fixed[batch[0]] > cost.min():
            break
        cost[batch] = fixed[batch] + _cost_of_zones(boxes[batch], basemap.areas[zone], others)
    return int(np.argmin(cost))


def _cost_of_zones(boxes: Any, own: Any, others: Sequence[Any]) -> Floats:
    """Cost of lying over other zones and over the sea, for each box."""
    overlaps = [np.zeros(len(boxes)), *(_overlap_with_area(boxes, other) for other in others)]
    over = np.sum(overlaps, axis=0) / shapely.area(boxes)
    land = over + _overlap_with_area(boxes, own) / shapely.area(boxes)
    cost: Floats = _OTHER_ZONE * over + _SEA * np.maximum(1.0 - land, 0.0)
    return cost


def _fixed_cost(basemap: Basemap, zone: int, points: Floats, boxes: Any, occupied: Sequence[Extent]) -> Floats:
    """Cost of each candidate, without that of the zones that it lies over."""
    area = shapely.area(boxes)
    cost = _LINE * shapely.intersects(boxes, basemap.lines)
    if len(basemap.bases):
        west, south, east, north = boxes[0].bounds
        marker = _MARKER * (north - south)
        half = np.array([(east - west) / 2 + marker, (north - south) / 2 + marker])
        covered = np.abs(points[:, None, :] - basemap.bases[None, :, :]) < half
        cost += _BASE * covered.all(axis=2).sum(axis=1)
    for other in occupied:
        cost += _LABEL * _overlap_with_box(boxes, other) / area
    middle = np.array([basemap.areas[zone].representative_point().coords[0]])
    extent = max(float(np.sqrt(basemap.areas[zone].area)), float(np.sqrt(area[0])))
    total: Floats = cost + _AWAY * np.hypot(*(points - middle).T) / extent
    return total


def _overlap_with_box(boxes: Any, box: Extent) -> Floats:
    """Area of the overlap of each box with an upright rectangle."""
    bounds = shapely.bounds(boxes)
    lower, upper = np.maximum(bounds[:, :2], box[:2]), np.minimum(bounds[:, 2:], box[2:])
    overlap: Floats = np.maximum(upper - lower, 0.0).prod(axis=1)
    return overlap


def _overlap_with_area(boxes: Any, area: Any) -> Floats:
    """Area of the overlap of each box with a polygon; boxes wholly inside or outside, which are most, skip the cut."""
    shapely.prepare(area)
    shared: Floats = np.where(shapely.contains(area, boxes), shapely.area(boxes), 0.0)
    cut = shapely.intersects(area, boxes) & (shared == 0.0)
    shared[cut] = shapely.area(shapely.intersection(boxes[cut], area))
    return shared
