"""Where to write the names of zones on a map: near their zone, off the bases and off each other."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from atmis.kernel.arrays import Floats
from atmis.plots.kit.inset import Frame, Inset

# What a place costs: a label over other zones, over the sea, on a base, away from its zone's middle.
_OTHER_ZONE, _SEA, _BASE, _AWAY, _LABEL, _LINE = 4.0, 1.6, 0.7, 0.6, 60.0, 1.5
_SIGN = 0.2  # half the size of a base's sign, in heights of a label
_FINE, _COARSE, _FEW = 31, 15, 30  # candidates a side, for few zones and for many
_AT_ONCE = 20  # candidates that are cut with the zones together


class Place(NamedTuple):
    """The middle of a label in km, and the point of its zone to which a line leads, if it stands outside."""

    x: float
    y: float
    anchor: tuple[float, float] | None


class Ground(NamedTuple):
    """What labels must keep clear of, in km."""

    areas: Sequence[Any]  # outlines of the zones
    bases: Floats  # points [n, 2]
    lines: Any  # the border
    frame: Frame
    bar: Frame  # where the scale bar stands
    closer: Inset | None


def places(ground: Ground, sizes: Sequence[tuple[float, float]]) -> list[Place]:
    """A place for the label of each zone; `sizes`: width and height in km. Small zones choose first."""
    found: dict[int, Place] = {}
    taken = [ground.bar, *([ground.closer.at] if ground.closer else [])]
    for zone in sorted(range(len(sizes)), key=lambda z: (ground.areas[z].area, z)):
        width, height = sizes[zone]
        points = _candidates(ground, zone, width, height)
        boxes = shapely.box(
            points[:, 0] - width / 2, points[:, 1] - height / 2, points[:, 0] + width / 2, points[:, 1] + height / 2
        )
        best = _cheapest(ground, zone, points, boxes, taken)
        taken.append(boxes[best].bounds)
        inside = shapely.area(shapely.intersection(boxes[best], ground.areas[zone])) / boxes[best].area
        x, y = (float(part) for part in points[best])
        found[zone] = Place(x, y, _anchor(ground.areas[zone], x, y) if inside < 0.25 else None)
    return [found[zone] for zone in range(len(sizes))]


def _anchor(area: Any, x: float, y: float) -> tuple[float, float]:
    """A point of a zone, somewhat inside, near a label that stands beside it."""
    inner = shapely.buffer(area, -0.12 * float(np.sqrt(area.area)))
    nearest = shapely.get_coordinates(shapely.shortest_line(inner if not inner.is_empty else area, shapely.Point(x, y)))
    return float(nearest[0, 0]), float(nearest[0, 1])


def _candidates(ground: Ground, zone: int, width: float, height: float) -> Floats:
    """Middles of labels on a grid over and around a zone, inside the frame."""
    frame, count = ground.frame, _FINE if len(ground.areas) <= _FEW else _COARSE
    west, south, east, north = ground.areas[zone].bounds
    x = np.linspace(west - width, east + width, count)
    y = np.linspace(south - 2 * height, north + 2 * height, count)
    x = np.clip(x, frame[0] + 0.6 * width, frame[2] - 0.6 * width)
    y = np.clip(y, frame[1] + 0.6 * height, frame[3] - 0.6 * height)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _cheapest(ground: Ground, zone: int, points: Floats, boxes: Any, taken: Sequence[Frame]) -> int:
    """The candidate that costs least; the cut with the zones, which takes long, only where it can still matter."""
    rest = _cost_beside(ground, zone, points, boxes, taken)
    around = shapely.box(*shapely.total_bounds(boxes))
    others = [area for area in ground.areas if area is not ground.areas[zone] and area.intersects(around)]
    cost = np.full(len(boxes), np.inf)
    for some in np.array_split(np.argsort(rest, kind="stable"), max(len(boxes) // _AT_ONCE, 1)):
        if rest[some[0]] > cost.min():
            break
        cost[some] = rest[some] + _cost_of_zones(boxes[some], ground.areas[zone], others)
    return int(np.argmin(cost))


def _cost_of_zones(boxes: Any, own: Any, others: Sequence[Any]) -> Floats:
    """What it costs to stand over other zones and over the sea."""
    over = np.sum([np.zeros(len(boxes)), *(_shared(boxes, other) for other in others)], axis=0) / shapely.area(boxes)
    land = over + _shared(boxes, own) / shapely.area(boxes)
    cost: Floats = _OTHER_ZONE * over + _SEA * np.maximum(1.0 - land, 0.0)
    return cost


def _cost_beside(ground: Ground, zone: int, points: Floats, boxes: Any, taken: Sequence[Frame]) -> Floats:
    """What each candidate costs but for the zones that it stands over."""
    area = shapely.area(boxes)
    cost = _LINE * shapely.intersects(boxes, ground.lines)
    if len(ground.bases):
        west, south, east, north = boxes[0].bounds
        sign = _SIGN * (north - south)
        half = np.array([(east - west) / 2 + sign, (north - south) / 2 + sign])
        on = np.abs(points[:, None, :] - ground.bases[None, :, :]) < half
        cost += _BASE * on.all(axis=2).sum(axis=1)
    for other in taken:
        cost += _LABEL * _overlap(boxes, other) / area
    middle = np.array([ground.areas[zone].representative_point().coords[0]])
    extent = max(float(np.sqrt(ground.areas[zone].area)), float(np.sqrt(area[0])))
    away: Floats = cost + _AWAY * np.hypot(*(points - middle).T) / extent
    return away


def _overlap(boxes: Any, room: Frame) -> Floats:
    """How much of each box lies in an upright rectangle."""
    bounds = shapely.bounds(boxes)
    lower, upper = np.maximum(bounds[:, :2], room[:2]), np.minimum(bounds[:, 2:], room[2:])
    overlap: Floats = np.maximum(upper - lower, 0.0).prod(axis=1)
    return overlap


def _shared(boxes: Any, area: Any) -> Floats:
    """How much of each box lies in an area; most lie all within or all without, which is told sooner than a cut."""
    shapely.prepare(area)
    shared: Floats = np.where(shapely.contains(area, boxes), shapely.area(boxes), 0.0)
    cut = shapely.intersects(area, boxes) & (shared == 0.0)
    shared[cut] = shapely.area(shapely.intersection(boxes[cut], area))
    return shared
