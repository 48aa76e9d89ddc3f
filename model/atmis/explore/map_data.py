"""What the maps and the time line stand on: outlines, border, bases and their signs, documented dates; as plain data.

Outlines and places are those of the maps of `atmis.plots`; lengths are km, north is up (y is turned for the screen).
"""

from collections.abc import Iterable
from typing import Any

import shapely

from atmis.explore.colours import SHADES
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.plots.kit import basemap, documented, words
from atmis.plots.kit.dates import in_words
from atmis.plots.kit.groups import holder_names
from atmis.plots.kit.label_placement import Ground, places
from atmis.plots.kit.style import clean
from atmis.plots.run import symbols
from atmis.scenario.scenario import Scenario

_LETTER, _LINE = 0.62, 1.15  # width of a letter and height of a line, in heights of letters
_LETTERS = 0.025  # height of letters, in widths of the map


def told(scenario: Scenario) -> dict[str, Any]:
    """All that does not change while one explores."""
    laid, theatre = basemap.lay(scenario.theatre), scenario.theatre
    west, south, east, north = laid.frame
    keys = documented.BORDER_DATES + documented.TROOP_DATES
    return {
        "frame": [_round(number) for number in (west, -north, east - west, north - south)],
        "letters": _round(_letters(laid)),
        "zones": _zones(scenario, laid),
        "borders": [_path(_lines(line)) for line, _ in basemap.border(theatre, laid.areas)],
        "bases": _bases(scenario, laid),
        "holders": _holders(scenario),
        "standings": [name.replace("_", " ") for name in STANDINGS],
        "group_names": words.GROUPS,
        "start": scenario.period.start.isoformat(),
        "shades": [one._asdict() for one in SHADES],
        "dates": [
            {"date": one.date.isoformat(), "when": in_words(one.date, one.day_known), "text": one.text}
            for one in documented.dates(dict.fromkeys(keys))
            if scenario.period.start <= one.date <= scenario.period.end
        ],
    }


def labels(scenario: Scenario) -> list[dict[str, Any]]:
    """Where the names of zones stand, and the point to which a line leads from those that have no room inside."""
    laid, zones = basemap.lay(scenario.theatre), scenario.theatre.zones.values()
    size = _letters(laid)
    room = [(size * _LETTER * max(len(clean(zone.name, 24)), 4), 2 * size * _LINE) for zone in zones]
    at = places(laid._replace(closer=None), room)
    return [
        {
            "at": [_round(place.x), _round(-place.y)],
            "anchor": place.anchor and [_round(place.anchor[0]), _round(-place.anchor[1])],
        }
        for place in at
    ]


def _letters(laid: Ground) -> float:
    """Height of letters in km."""
    return _LETTERS * (laid.frame[2] - laid.frame[0])


def _zones(scenario: Scenario, laid: Ground) -> list[dict[str, Any]]:
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
        for (name, zone), area in zip(scenario.theatre.zones.items(), laid.areas, strict=True)
    ]


def _bases(scenario: Scenario, laid: Ground) -> list[dict[str, Any]]:
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
        for (name, base), (x, y) in zip(scenario.theatre.bases.items(), laid.bases.tolist(), strict=True)
    ]


def _holders(scenario: Scenario) -> list[dict[str, Any]]:
    """Names of holders, and the colour and shape that they have in the figures."""
    looks = [symbols.sign(scenario.theatre, number, True) for number in range(len(holder_ids(scenario.theatre)))]
    return [
        {
            "name": name,
            "shape": look["marker"],
            "fill": _hex(look["markerfacecolor"]),
            "edge": _hex(look["markeredgecolor"]),
        }
        for name, look in zip(holder_names(scenario.theatre), looks, strict=True)
    ]


def _rings(area: Any) -> list[Any]:
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return [shapely.get_coordinates(part.exterior) for part in parts]


def _lines(line: Any) -> list[Any]:
    found = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
    return [points for points in found if len(points) > 1]


def _path(parts: Iterable[Any]) -> str:
    """Lines as a path of SVG."""
    return "".join("M" + "L".join(f"{x:.0f} {-y:.0f}" for x, y in points) for points in parts)


def _hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def _round(number: float) -> float:
    return round(float(number), 1)
