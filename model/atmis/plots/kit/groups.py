"""Zones by side of the border, and by how they lie to it."""

from typing import NamedTuple

from atmis.plots.kit.style import clean
from atmis.scenario.ground import Theatre


class Group(NamedTuple):
    """Zones shown together, by their places in the theatre."""

    name: str
    zones: list[int]


def sides(theatre: Theatre) -> list[Group]:
    """The Kenyan and the Somali side, without a side that has no zones; regions along the border first."""
    at_border, regions = border_regions(theatre), list(theatre.regions)
    zones = list(theatre.zones.values())
    order = sorted(
        range(len(zones)), key=lambda z: (zones[z].region not in at_border, regions.index(zones[z].region), z)
    )
    kenya = Group("Kenyan side of the border", [z for z in order if zones[z].country == "kenya"])
    somalia = Group("Somali side of the border", [z for z in order if zones[z].country == "somalia"])
    return [side for side in (kenya, somalia) if side.zones]


def near_and_far(theatre: Theatre) -> list[Group]:
    """Kenyan border counties, the Somali regions along the border, and the rest of south-central Somalia."""
    zones, at_border = list(theatre.zones.values()), border_regions(theatre)
    near = [z for z, zone in enumerate(zones) if zone.country == "somalia" and zone.region in at_border]
    far = [z for z, zone in enumerate(zones) if zone.country == "somalia" and zone.region not in at_border]
    named = sorted({theatre.regions[zones[z].region] for z in near})
    groups = [
        Group("Kenyan border counties", kenyan(theatre)),
        Group(clean(named[0]) if len(named) == 1 else "Somali regions along the border", near),
        Group("Rest of south-central Somalia" if near else "Somalia", far),
    ]
    return [group for group in groups if group.zones]


def kenyan(theatre: Theatre) -> list[int]:
    """The Kenyan zones."""
    return [z for z, zone in enumerate(theatre.zones.values()) if zone.country == "kenya"]


def border_regions(theatre: Theatre) -> set[str]:
    """Regions of Somali zones that touch the border."""
    return {theatre.zones[border.somalia].region for border in theatre.borders.values()}


def holder_names(theatre: Theatre) -> list[str]:
    """Names of the holders of bases in the order of their numbers."""
    contingents = [f"{clean(c.name)} (mission)" for c in theatre.contingents.values()]
    forces = [clean(force.name) for force in theatre.host_forces.values()]
    return [*contingents, *forces, "Kenya, on its own side"]
