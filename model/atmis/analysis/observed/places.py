"""The zone of a theatre in which an event took place: by its coordinates, and by the names that its source gives.

Outlines of a theatre are simplified, so a town on a border may lie some kilometres on the wrong side; and a source may
know no more than the county. So the name decides where the point is coarse, or lies near the zone that is named.
"""

from typing import Literal, NamedTuple

import numpy as np
import shapely

from atmis.analysis.observed.names import country_names, normalise, place_name, zone_names
from atmis.kernel.theatre import to_km
from atmis.scenario.ground import Theatre

NEAR_KM = 15.0  # a point at most so far from the zone that is named still agrees with it
_BY_POINT, _BY_NAME = "by coordinates", "by name: the point is coarse, or just outside the simplified outline"
_BY_BOTH, _NAME_IS_FAR = "by coordinates and name", "by coordinates: the name is that of a zone far from them"

OTHER_COUNTRY = "in another country"

Precision = Literal["fine", "coarse", "country"]


class Location(NamedTuple):
    """What a source says about where an event took place."""

    country: str
    names: tuple[str, ...]  # of areas, from the largest to the smallest
    coordinates: tuple[float, float] | None  # latitude, longitude
    precision: Precision  # coarse: the point stands for an area; country: for a country


class Placement(NamedTuple):
    """A zone, and how it was found; or no zone, and why not."""

    zone: str | None
    reason: str


class ZoneFinder:
    """Finds the zones of events in a theatre."""

    def __init__(self, theatre: Theatre) -> None:
        self.names, self.zones = zone_names(theatre), list(theatre.zones)
        self.country_names = country_names(theatre)
        self.countries = {key: zone.country for key, zone in theatre.zones.items()}
        self.latitude = float(np.mean([zone.centroid[0] for zone in theatre.zones.values()]))
        self.areas = [shapely.Polygon(to_km(zone.outline, self.latitude)) for zone in theatre.zones.values()]
        shapely.prepare(self.areas)

    def __call__(self, location: Location) -> Placement:
        """The zone of an event. The country of the event, if it is one of the theatre's, must be that of the zone."""
        stated = normalise(location.country)
        country = self.country_names.get(stated, "")
        if stated and not country:
            return Placement(None, OTHER_COUNTRY)
        named = self._named_zone(location, country)
        coordinates = location.coordinates
        point = None if coordinates is None else shapely.Point(to_km([coordinates], self.latitude)[0])
        if point is None or location.precision != "fine":
            return Placement(named, _BY_NAME) if named else Placement(None, _failure(location))
        return self._place_point(point, named, country)

    def country(self, location: Location, placement: Placement) -> str:
        """The country of the theatre in which a location is, by its source or else by its zone; '' for any other."""
        stated = self.country_names.get(normalise(location.country), "")
        return stated or ("" if placement.zone is None else self.countries[placement.zone])

    def _place_point(self, point: shapely.Point, named: str | None, country: str) -> Placement:
        """The zone of a point of fine precision, given the zone that the event names."""
        containing = self._containing_zone(point, country)
        if named is not None and containing == named:
            return Placement(named, _BY_BOTH)
        if named is not None and shapely.distance(self.areas[self.zones.index(named)], point) <= NEAR_KM:
            return Placement(named, _BY_NAME)
        if containing is not None:
            return Placement(containing, _BY_POINT if named is None else _NAME_IS_FAR)
        return Placement(None, "outside the zones of the theatre" if named is None else "name and coordinates disagree")

    def _named_zone(self, location: Location, country: str) -> str | None:
        """The first zone that is named."""
        zones = [self.names[place_name(name)] for name in location.names if place_name(name) in self.names]
        return next((zone for zone in zones if not country or self.countries[zone] == country), None)

    def _containing_zone(self, point: shapely.Point, country: str) -> str | None:
        """The zone whose outline contains a point."""
        zones = [zone for zone, area in zip(self.zones, self.areas, strict=True) if area.covers(point)]
        return next((zone for zone in zones if not country or self.countries[zone] == country), None)


def _failure(location: Location) -> str:
    """Why no zone is found for an event without a point of fine precision."""
    if location.precision == "country":
        return "known by country only"
    no_point = location.coordinates is None
    return "without coordinates or a known name" if no_point else "known by an area that is no zone"
