"""Groups of zones by side of the border and by distance from it, and names of the holders of bases."""

from typing import NamedTuple

from atmis.plots.common.style import clean
from atmis.scenario.ground import Theatre


class ZoneGroup(NamedTuple):
    """Zones that are shown together, as indices into the zones of the theatre."""

    name: str
    zones: list[int]


def border_sides(theatre: Theatre) -> list[ZoneGroup]:
    """The Kenyan and the Somali side, as far as they have zones; zones of regions along the border come first."""
    along_border, regions = border_regions(theatre), list(theatre.regions)
    zones = list(theatre.zones.values())
    order = sorted(
        range(len(zones)), key=lambda z: (zones[z].region not in along_border, regions.index(zones[z].region), z)
    )
    kenya = ZoneGroup("Kenyan side of the border", [z for z in order if zones[z].country == "kenya"])
    somalia = ZoneGroup("Somali side of the border", [z for z in order if zones[z].country == "somalia"])
    return [side for side in (kenya, somalia) if side.zones]


def border_groups(theatre: Theatre) -> list[ZoneGroup]:
    """The Kenyan border counties, the Somali regions along the border, and the rest of south-central Somalia."""
    zones, along_border = list(theatre.zones.values()), border_regions(theatre)
    near = [z for z, zone in enumerate(zones) if zone.country == "somalia" and zone.region in along_border]
    far = [z for z, zone in enumerate(zones) if zone.country == "somalia" and zone.region not in along_border]
    near_regions = sorted({theatre.regions[zones[z].region] for z in near})
    groups = [
        ZoneGroup("Kenyan border counties", kenyan_zones(theatre)),
        ZoneGroup(clean(near_regions[0]) if len(near_regions) == 1 else "Somali regions along the border", near),
        ZoneGroup("Rest of south-central Somalia" if near else "Somalia", far),
    ]
    return [group for group in groups if group.zones]


def kenyan_zones(theatre: Theatre) -> list[int]:
    """Indices of the Kenyan zones."""
    return [z for z, zone in enumerate(theatre.zones.values()) if zone.country == "kenya"]


def border_regions(theatre: Theatre) -> set[str]:
    """Keys of the regions whose zones touch the border on the Somali side."""
    return {theatre.zones[border.somalia].region for border in theatre.borders.values()}


def holder_names(theatre: Theatre) -> list[str]:
    """Names of the holders of bases, in the order of their ids."""
    contingents = [f"{clean(c.name)} (mission)" for c in theatre.contingents.values()]
    forces = [clean(force.name) for force in theatre.host_forces.values()]
    return [*contingents, *forces, "Kenya, on its own side"]
