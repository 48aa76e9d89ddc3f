"""In which zone of a theatre an event took place: by its coordinates, and by the names that its source gives.

Outlines of a theatre are simplified, so that a town on a border may lie some kilometres on the wrong side; and a source
may know no more than the county. So the name has the last word where the point lies near the zone that it names, or is
coarse.
"""

from typing import Literal, NamedTuple

import numpy as np
import shapely

from atmis.analysis.observed.names import folded, place_name, zone_names
from atmis.kernel.theatre import to_km
from atmis.scenario.ground import Theatre

NEAR_KM = 15.0  # a point so far from the zone of its name still agrees with it
_POINT, _NAME = "by coordinates", "by name: the point is coarse, or just outside the simplified outline"
_BOTH, _FAR = "by coordinates and name", "by coordinates: the name is that of a zone far from them"

Precision = Literal["fine", "coarse", "country"]


class Place(NamedTuple):
    """What a source tells of where an event took place."""

    country: str
    names: tuple[str, ...]  # of areas, from the largest to the smallest
    at: tuple[float, float] | None  # latitude, longitude
    precision: Precision  # coarse: the point stands for an area; country: for a country


class Found(NamedTuple):
    """A zone, and how it was found; or no zone, and why."""

    zone: str | None
    how: str


class Placing:
    """Finds the zones of events on a theatre."""

    def __init__(self, theatre: Theatre) -> None:
        self.names, self.zones = zone_names(theatre), list(theatre.zones)
        self.countries = {zone: about.country for zone, about in theatre.zones.items()}
        self.latitude = float(np.mean([zone.centroid[0] for zone in theatre.zones.values()]))
        self.areas = [shapely.Polygon(to_km(zone.outline, self.latitude)) for zone in theatre.zones.values()]

    def __call__(self, place: Place) -> Found:
        """The zone of an event. Its country, when it is one of the theatre's, must be that of the zone."""
        country = folded(place.country)
        if country and country not in self.countries.values():
            return Found(None, "in another country")
        named = self._named(place, country)
        point = None if place.at is None else shapely.Point(to_km([place.at], self.latitude)[0])
        if point is None or place.precision != "fine":
            return Found(named, _NAME) if named else Found(None, _why_not(place))
        return self._fine(point, named, country)

    def _fine(self, point: shapely.Point, named: str | None, country: str) -> Found:
        inside = self._around(point, country)
        if named is not None and inside == named:
            return Found(named, _BOTH)
        if named is not None and shapely.distance(self.areas[self.zones.index(named)], point) <= NEAR_KM:
            return Found(named, _NAME)
        if inside is not None:
            return Found(inside, _POINT if named is None else _FAR)
        return Found(None, "outside the zones of the theatre" if named is None else "name and coordinates disagree")

    def _named(self, place: Place, country: str) -> str | None:
        zones = [self.names[place_name(name)] for name in place.names if place_name(name) in self.names]
        return next((zone for zone in zones if not country or self.countries[zone] == country), None)

    def _around(self, point: shapely.Point, country: str) -> str | None:
        """The zone whose outline holds a point."""
        around = [zone for zone, area in zip(self.zones, self.areas, strict=True) if area.covers(point)]
        return next((zone for zone in around if not country or self.countries[zone] == country), None)


def _why_not(place: Place) -> str:
    if place.precision == "country":
        return "known by country only"
    return "without coordinates or a known name" if place.at is None else "known by an area that is no zone"
