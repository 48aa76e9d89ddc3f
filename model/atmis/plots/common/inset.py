"""Free corners of a map: for an inset map of the place where bases are densest, and for a scale bar."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from atmis.kernel.arrays import Floats

Extent = tuple[float, float, float, float]  # west, south, east, north, in km

_FEWEST_BASES = 6  # bases close together that call for an inset map
_REACH, _SIZE, _GAP = 0.08, 0.34, 0.012  # shares of the map's width: half the area shown, the inset, its gap
_MOST_LAND = 0.06  # largest share of a corner that land may cover


class Inset(NamedTuple):
    """An inset map: the extent that it shows, and the box of the main map that it occupies."""

    view: Extent
    position: Extent


def place_inset(areas: Sequence[Any], bases: Floats, extent: Extent) -> Inset | None:
    """An inset map in the emptiest corner; None where bases are nowhere dense or no corner is free."""
    west, south, east, north = extent
    reach, size, gap = (share * (east - west) for share in (_REACH, _SIZE, _GAP))
    near = np.all(np.abs(bases[:, None, :] - bases[None, :, :]) < reach, axis=2)
    if not len(bases) or near.sum(axis=1).max() < _FEWEST_BASES or size > 0.6 * (north - south):
        return None
    x, y = (float(part) for part in bases[near[int(near.sum(axis=1).argmax())]].mean(axis=0))
    boxes = corner_boxes(extent, size, size, gap)
    position = min(boxes, key=lambda box: land_share(box, areas))
    if land_share(position, areas) > _MOST_LAND:
        return None
    return Inset((x - reach, y - reach, x + reach, y + reach), position)


def corner_boxes(extent: Extent, width: float, height: float, gap: float) -> list[Extent]:
    """Boxes in the corners of a map, a gap away from its edges; lower right first."""
    west, south, east, north = extent
    return [
        (x, y, x + width, y + height)
        for y in (south + gap, north - gap - height)
        for x in (east - gap - width, west + gap)
    ]


def land_share(box: Extent, areas: Sequence[Any]) -> float:
    """Share of a box that is covered by land."""
    polygon = shapely.box(*box)
    return float(sum(shapely.area(shapely.intersection(area, polygon)) for area in areas) / polygon.area)
