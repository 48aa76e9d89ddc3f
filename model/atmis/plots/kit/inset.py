"""Where a map has room for a closer view of the place where bases are densest, and for a scale bar."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from atmis.kernel.arrays import Floats

Frame = tuple[float, float, float, float]  # west, south, east, north

_FEWEST = 6  # bases that ask for a closer view
_SEEN, _SIZE, _EDGE = 0.08, 0.34, 0.012  # shares of the map's width: what is seen closer, the inset, the gap around
_BUSY = 0.06  # share of a corner that land may take


class Inset(NamedTuple):
    """A closer view: the part of the ground that it shows, and where on the map it stands, in km."""

    seen: Frame
    at: Frame


def inset(areas: Sequence[Any], bases: Floats, frame: Frame) -> Inset | None:
    """A closer view, if bases are dense somewhere and a corner of the map is empty."""
    west, south, east, north = frame
    seen, size, gap = (share * (east - west) for share in (_SEEN, _SIZE, _EDGE))
    near = np.all(np.abs(bases[:, None, :] - bases[None, :, :]) < seen, axis=2)
    if not len(bases) or near.sum(axis=1).max() < _FEWEST or size > 0.6 * (north - south):
        return None
    x, y = (float(part) for part in bases[near[int(near.sum(axis=1).argmax())]].mean(axis=0))
    rooms = corners(frame, size, size, gap)
    at = min(rooms, key=lambda room: busy(room, areas))
    if busy(at, areas) > _BUSY:
        return None
    return Inset((x - seen, y - seen, x + seen, y + seen), at)


def corners(frame: Frame, width: float, height: float, gap: float) -> list[Frame]:
    """Boxes in the corners of a map, a gap from its frame; lower right first."""
    west, south, east, north = frame
    return [
        (x, y, x + width, y + height)
        for y in (south + gap, north - gap - height)
        for x in (east - gap - width, west + gap)
    ]


def busy(room: Frame, areas: Sequence[Any]) -> float:
    """Share of a box that land takes."""
    box = shapely.box(*room)
    return float(sum(shapely.area(shapely.intersection(area, box)) for area in areas) / box.area)
