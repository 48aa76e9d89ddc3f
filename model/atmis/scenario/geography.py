"""Where the places of a theatre may lie: all of them near its middle, a base near its zone.

Kenya and Somalia lie where latitude and longitude differ most, so points in the order of GeoJSON (longitude first), in
radians, or left at [0, 0], are thousands of kilometres away.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import median

from atmis.scenario.ground import Theatre

FAR_KM = 1500  # from the middle of the theatre; the borderlands measure 900 from theirs, Kenya and Somalia 1,400
BASE_KM = 300  # of a base from the centroid or the nearest corner of its zone
BORDERLANDS = (2.5, 42.5)  # the middle of a theatre that is read from files: Kenya and Somalia
EARTH_KM = 6371.0

Point = Sequence[float]


def misplaced(theatre: Theatre, middle: Point | None = None) -> str:
    """A sentence about the first place of a theatre that lies too far away; '' where there is none.

    `middle`: latitude and longitude; None: the median of centroids and bases.
    """
    middle = middle or _middle(theatre)
    for key, point in _places(theatre):
        if not _is_near(point, [middle], FAR_KM):
            return (
                f"{key}: {_text(point)} lies {km(point, middle):,.0f} km from {_text(middle)}, the middle of the "
                f"theatre; allowed: [latitude, longitude] in degrees, at most {FAR_KM:,} km from it"
                f"{_hint(point, middle)}"
            )
    for name, base in theatre.bases.items():
        zone = theatre.zones[base.zone]
        if not _is_near(base.at, [zone.centroid, *zone.outline], BASE_KM):
            distance = min(km(base.at, point) for point in (zone.centroid, *zone.outline))
            return (
                f"theatre.bases.{name}.at: {_text(base.at)} lies {distance:,.0f} km from its zone '{base.zone}', "
                f"around {_text(zone.centroid)}; allowed: at most {BASE_KM} km from its centroid or nearest corner"
            )
    return ""


def _is_near(point: Point, others: Sequence[Point], limit_km: float) -> bool:
    """Whether a point lies within a distance of one of others. No degree is longer than one along a meridian."""
    lat, lon = point
    degrees = limit_km / (EARTH_KM * math.pi / 180)
    if any(abs(other[0] - lat) + abs(other[1] - lon) <= degrees for other in others):
        return True
    return any(km(point, other) <= limit_km for other in others)


def km(first: Point, second: Point) -> float:
    """Kilometres between two points, along a great circle.

    Examples
    --------
    >>> round(km((0, 0), (0, 90)))  # a quarter of the equator
    10008
    """
    (lat, lon), (other_lat, other_lon) = (tuple(map(math.radians, point)) for point in (first, second))
    across = math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(math.sin((other_lat - lat) / 2) ** 2 + across, 1.0)))


def _places(theatre: Theatre) -> Iterator[tuple[str, Point]]:
    """Every point with its key."""
    for name, zone in theatre.zones.items():
        yield f"theatre.zones.{name}.centroid", zone.centroid
        for point in zone.outline:
            yield f"theatre.zones.{name}.outline", point
    for name, base in theatre.bases.items():
        yield f"theatre.bases.{name}.at", base.at


def _middle(theatre: Theatre) -> Point:
    points = [zone.centroid for zone in theatre.zones.values()] + [base.at for base in theatre.bases.values()]
    return median(lat for lat, _ in points), median(lon for _, lon in points)


def _hint(point: Point, middle: Point) -> str:
    """What may have been meant, to end a sentence with."""
    swapped, degrees = (point[1], point[0]), tuple(map(math.degrees, point))
    if abs(swapped[0]) <= 90 and km(swapped, middle) <= FAR_KM:
        return f"; did you mean {_text(swapped)}? GeoJSON has longitude first"
    if abs(degrees[0]) <= 90 and km(degrees, middle) <= FAR_KM:
        return f"; did you mean {_text([round(angle, 3) for angle in degrees])}? These are radians"
    return ""


def _text(point: Point) -> str:
    return f"[{', '.join(f'{angle:.10g}' for angle in point)}]"
