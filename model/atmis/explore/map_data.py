"""The data of maps and time line: outlines, border, bases and their symbols, documented dates; as plain data.

Outlines and positions are those of the maps of `atmis.plots`; lengths are in km, north is up (y is negated for the
screen).
"""

from collections.abc import Iterable
from typing import Any

import shapely

from atmis.explore.colours import SHADES
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.plots.common import basemap, documented, words
from atmis.plots.common.dates import format_date
from atmis.plots.common.groups import holder_names
from atmis.plots.common.label_placement import Basemap, place_labels
from atmis.plots.common.style import clean
from atmis.plots.run import symbols
from atmis.scenario.scenario import Scenario

_LETTER, _LINE = 0.62, 1.15  # width of a letter and height of a line, in letter heights
_LETTERS = 0.025  # letter height, in map widths


def describe_map(scenario: Scenario) -> dict[str, Any]:
    """Everything about the map and the time line that is the same for all futures."""
    base_map, theatre = basemap.build_basemap(scenario.theatre), scenario.theatre
    west, south, east, north = base_map.extent
    keys = documented.BORDER_DATES + documented.TROOP_DATES
    return {
        "frame": [_round(number) for number in (west, -north, east - west, north - south)],
        "letters": _round(_letters(base_map)),
        "zones": _zones(scenario, base_map),
        "borders": [_path(_lines(line)) for line, _ in basemap.border_lines(theatre, base_map.areas)],
        "bases": _bases(scenario, base_map),
        "holders": _holders(scenario),
        "standings": [name.replace("_", " ") for name in STANDINGS],
        "group_names": words.GROUP_NAMES,
        "start": scenario.period.start.isoformat(),
        "shades": [shade._asdict() for shade in SHADES],
        "dates": [
            {"date": event.date.isoformat(), "when": format_date(event.date, event.day_known), "text": event.text}
            for event in documented.dates(dict.fromkeys(keys))
            if scenario.period.start <= event.date <= scenario.period.end
        ],
    }


def zone_labels(scenario: Scenario) -> list[dict[str, Any]]:
    """Positions of the names of zones; for a name that does not fit inside, also the end of its leader line."""
    base_map, zones = basemap.build_basemap(scenario.theatre), scenario.theatre.zones.values()
    size = _letters(base_map)
    room = [(size * _LETTER * max(len(clean(zone.name, 24)), 4), 2 * size * _LINE) for zone in zones]
    at = place_labels(base_map._replace(inset=None), room)
    return [
        {
            "at": [_round(place.x), _round(-place.y)],
            "anchor": place.anchor and [_round(place.anchor[0]), _round(-place.anchor[1])],
        }
        for place in at
    ]


def _letters(base_map: Basemap) -> float:
    """Height of letters, in km."""
    return _LETTERS * (base_map.extent[2] - base_map.extent[0])


def _zones(scenario: Scenario, base_map: Basemap) -> list[dict[str, Any]]:
    regions = scenario.theatre.regions
    return [
        {
            "id": name,
            "name": zone.name,
            "country": zone.country,
            "region": regions[zone.region],
            "people": zone.population,
            "path": _path(_rings(area)),
        }
        for (name, zone), area in zip(scenario.theatre.zones.items(), base_map.areas, strict=True)
    ]


def _bases(scenario: Scenario, base_map: Basemap) -> list[dict[str, Any]]:
    zones = list(scenario.theatre.zones)
    return [
        {
            "id": name,
            "name": base.name,
            "kind": base.kind.replace("_", " "),
            "zone": zones.index(base.zone),
            "placed": base.placed,
            "at": [_round(x), _round(-y)],
        }
        for (name, base), (x, y) in zip(scenario.theatre.bases.items(), base_map.bases.tolist(), strict=True)
    ]


def _holders(scenario: Scenario) -> list[dict[str, Any]]:
    """Names of holders with the colours and shapes that they have in the figures."""
    markers = [
        symbols.holder_marker(scenario.theatre, number, True) for number in range(len(holder_ids(scenario.theatre)))
    ]
    return [
        {
            "name": name,
            "shape": marker["marker"],
            "fill": _hex(marker["markerfacecolor"]),
            "edge": _hex(marker["markeredgecolor"]),
        }
        for name, marker in zip(holder_names(scenario.theatre), markers, strict=True)
    ]


def _rings(area: Any) -> list[Any]:
    """The outlines of an area, as arrays of points."""
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return [shapely.get_coordinates(part.exterior) for part in parts]


def _lines(line: Any) -> list[Any]:
    """The parts of a line, as arrays of points."""
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
    return [points for points in parts if len(points) > 1]


def _path(parts: Iterable[Any]) -> str:
    """Lines as an SVG path."""
    return "".join("M" + "L".join(f"{x:.0f} {-y:.0f}" for x, y in points) for points in parts)


def _hex(parts: Iterable[float]) -> str:
    """A colour as #rrggbb."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def _round(number: float) -> float:
    return round(float(number), 1)
