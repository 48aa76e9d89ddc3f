"""The part `theatre` of a scenario: zones, borders, contingents, bases, host forces."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from atmis.scenario.fields import Entries, Id, Number, Sourced, StrictRecord, Text, quantity_field


def _check_coordinates(point: list[float]) -> list[float]:
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        given = ", ".join(f"{angle:.10g}" for angle in point)
        raise ValueError(f"[{given}] is not [latitude (-90 to 90), longitude (-180 to 180)] in degrees")
    return point


Degrees = Annotated[list[Number], Field(min_length=2, max_length=2), AfterValidator(_check_coordinates)]


class ZoneRecord(Sourced):
    """A first-order administrative area with its state on the first day."""

    name: Text
    country: Literal["kenya", "somalia"]
    region: Id
    centroid: Degrees = Field(description="latitude and longitude, degrees")
    area_km2: Number = quantity_field("area", "km2", "documented", ["ocha_codab", "osm"], gt=0, le=1e6)
    population: int = quantity_field("people", "people", "documented", ["knbs2019", "pess2014"], ge=0, le=100_000_000)
    outline: list[Degrees] = Field(description="simplified outline, latitude and longitude", min_length=3)
    fighters: Number = quantity_field(
        "weight among the home areas of the armed group", "ratio", "assumed", "judgement", ge=0, le=1e6
    )
    control: Number = quantity_field(
        "control by government on the first day", "share", "assumed", "judgement", gt=0, lt=1
    )
    exposure: Number = quantity_field(
        "attacks landing here per unit of strength, relative", "ratio", "estimated", ["acled", "ucdp241"], ge=0, le=1000
    )
    host_force: Id | None = Field(description="who receives a base here")


class Border(Sourced):
    """A stretch of the Kenya-Somalia border between two zones."""

    kenya: Id
    somalia: Id
    length_km: Number = quantity_field("length", "km", "estimated", ["osm", "ocha_codab"], gt=0, le=2000)
    crossing: Text | None = Field(description="named crossing")
    open: bool = Field(default=False, description="open on the first day (closed since 2011)")


class Sector(StrictRecord):
    """A sector of the mission."""

    name: Text
    zones: list[Id]
    lead: Id
    source: list[Id]


class ContingentRecord(Sourced):
    """Troops of one contributing country."""

    name: Text
    troops: int = quantity_field("troops on the first day", "troops", "documented", "kenya_troops", ge=0, le=100_000)
    sectors: list[Id]


class MissionStaff(Sourced):
    """Uniformed personnel outside the contingents."""

    police: int = quantity_field("police on the first day", "police", "documented", "unsc2628", ge=0, le=10_000)
    unassigned: int = quantity_field("other uniformed personnel", "troops", "documented", "unsc2628", ge=0, le=10_000)


class HostForce(StrictRecord):
    """A Somali force that holds bases."""

    name: Text


class BaseRecord(Sourced):
    """A base: the mission's, Kenya's own on its side of the border, or a host force's."""

    name: Text
    kind: Literal["mission_base", "border_base", "host_base"]
    tier: Literal["forward_base", "outpost"] = "forward_base"
    holder: Id
    zone: Id
    at: Degrees = Field(description="latitude and longitude, degrees")
    placed: Literal["documented", "approximate", "synthetic"] = Field(description="how the place is known")
    weight: Number = quantity_field(
        "share of its holder's troops, relative to the holder's other bases",
        "ratio",
        "assumed",
        "judgement",
        gt=0,
        le=100,
        default=1.0,
    )
    garrison: int = quantity_field(
        "own troops of a border base or host base", "troops", "assumed", "judgement", ge=0, le=20_000, default=0
    )
    border: Id | None = Field(default=None, description="border segment that a border base watches")


KENYA_HOME = "kenya_home"


class Theatre(StrictRecord):
    """The theatre of a scenario: the places, borders, troops and bases on the first day."""

    name: Id
    assumes: Text
    regions: Annotated[dict[Id, Text], Entries]
    zones: Annotated[dict[Id, ZoneRecord], Entries] = Field(min_length=1, max_length=500)
    neighbours: list[Annotated[list[Id], Field(min_length=2, max_length=2)]]
    borders: Annotated[dict[Id, Border], Entries]
    sectors: Annotated[dict[Id, Sector], Entries]
    contingents: Annotated[dict[Id, ContingentRecord], Entries] = Field(min_length=1)
    mission: MissionStaff
    host_forces: Annotated[dict[Id, HostForce], Entries] = Field(min_length=1)
    bases: Annotated[dict[Id, BaseRecord], Entries] = Field(max_length=5000)

    @model_validator(mode="after")
    def _check_names(self) -> "Theatre":
        for zone in self.zones.values():
            check_known(zone.region, self.regions, "region")
            if zone.host_force is not None:
                check_known(zone.host_force, self.host_forces, "host_force")
        for pair in self.neighbours:
            for zone_id in pair:
                check_known(zone_id, self.zones, "neighbours")
        for border in self.borders.values():
            check_known(border.kenya, self.zones, "borders")
            check_known(border.somalia, self.zones, "borders")
        for sector in self.sectors.values():
            check_known(sector.lead, self.contingents, "lead")
            for zone_id in sector.zones:
                check_known(zone_id, self.zones, "sectors")
        for contingent in self.contingents.values():
            for sector_id in contingent.sectors:
                check_known(sector_id, self.sectors, "sectors of a contingent")
        for base in self.bases.values():
            self._check_base(base)
        return self

    def _check_base(self, base: BaseRecord) -> None:
        check_known(base.zone, self.zones, "zone")
        holders = {
            "mission_base": list(self.contingents),
            "host_base": list(self.host_forces),
            "border_base": [KENYA_HOME],
        }
        check_known(base.holder, holders[base.kind], f"holder of a {base.kind}")
        if (base.kind == "border_base") != (base.border is not None):
            raise ValueError(f"base '{base.name}': a border_base, and only that, names the border segment it watches")
        if base.border is not None:
            check_known(base.border, self.borders, "border")


def check_known(name: str, names: Collection[str], label: str) -> None:
    """Raise ValueError, with the nearest name, when a name that is referred to does not exist."""
    if name not in names:
        from atmis.scenario.errors import suggest

        raise ValueError(f"{label}: '{name}' is not known here{suggest(name, names)}")
