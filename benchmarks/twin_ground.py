"""Distances in km and steps between zones, for the twin (ODD, section 6)."""

from collections import deque
from math import cos, dist, exp, radians
from statistics import fmean
from typing import Any

from shapely.geometry import Point, Polygon

KM_PER_DEGREE = 111.195


class Ground:
    """The map of a theatre: neighbours of a zone in alphabetical order, distances, steps, reach of bases."""

    def __init__(self, theatre: Any, reach_km: float) -> None:
        zones = theatre.zones
        self._km_per_longitude = KM_PER_DEGREE * cos(radians(fmean(zone.centroid[0] for zone in zones.values())))
        self.neighbours: dict[str, list[str]] = {name: [] for name in zones}
        for one, other in theatre.neighbours:
            self.neighbours[one].append(other)
            self.neighbours[other].append(one)
        for names in self.neighbours.values():
            names.sort()
        centres = {name: self._point(zone.centroid) for name, zone in zones.items()}
        self.km = {(a, b): dist(centres[a], centres[b]) for a in zones for b in zones}
        self.steps = {(a, b): n for a in zones for b, n in self._steps_from(a).items()}
        outlines = {name: Polygon([self._point(at) for at in zone.outline]) for name, zone in zones.items()}
        self.reach = {
            name: [
                1.0 if zone == base.zone else exp(-outlines[zone].distance(Point(self._point(base.at))) / reach_km)
                for zone in zones
            ]
            for name, base in theatre.bases.items()
        }

    def _point(self, at: list[float]) -> tuple[float, float]:
        latitude, longitude = at
        return self._km_per_longitude * longitude, KM_PER_DEGREE * latitude

    def _steps_from(self, start: str) -> dict[str, int]:
        far = len(self.neighbours)
        steps = {**dict.fromkeys(self.neighbours, far), start: 0}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for there in self.neighbours[here]:
                if steps[there] == far:
                    steps[there] = steps[here] + 1
                    waiting.append(there)
        return steps
