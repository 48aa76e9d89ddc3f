"""The part `host` of a scenario: host forces, how they grow, mature, attack and fall out."""

# fmt: off
from typing import Annotated

from pydantic import Field, model_validator

from atmis.scenario.fields import Date, Entries, Id, Number, Sourced, StrictRecord, Text, quantity_field

Q = quantity_field


class Generation(StrictRecord):
    """Recruits of a host force."""

    pool: Number = Q("trained troops not yet at a base on the first day", "troops", "assumed", "judgement", ge=0, le=100_000)
    rate: Number = Q("new troops less those who leave (0: off)", "troops/day", "assumed", "host_aim_2023", ge=0, le=1000)


class Readiness(StrictRecord):
    """Readiness of the bases that host forces hold."""

    start: Number = Q("readiness of a host base on the first day", "share", "assumed", "judgement", ge=0, le=1)
    handover: Number = Q("readiness just after a handover", "share", "assumed", "judgement", ge=0, le=1)
    ceiling: Number = Q("readiness that a host base grows to", "share", "assumed", "judgement", ge=0, le=1)
    growth_days: Number = Q("time constant of that growth", "days", "assumed", "judgement", ge=1, le=3650)


class Garrisons(StrictRecord):
    """Garrisons of bases that were handed over."""

    handover: Number = Q("garrison that a handed-over base needs", "troops", "assumed", "judgement", ge=0, le=5000)
    filling_days: Number = Q("time constant with which a garrison is filled", "days", "assumed", "judgement", ge=1, le=3650)


class Offensive(Sourced):
    """A dated Somali offensive."""

    name: Text
    zones: list[Id]
    start: Date
    end: Date
    intensity: Number = Q("pressure on the cells of the zones, full at 1", "share", "assumed", "judgement", ge=0, le=5)
    troops: dict[Id, Annotated[int, Field(ge=0, le=100_000)]] = Field(
        description="troops that host forces take from their pools while it lasts"
    )

    @model_validator(mode="after")
    def _check_order(self) -> "Offensive":
        if self.start > self.end:
            raise ValueError(f"starts on {self.start}, after its end {self.end}")
        return self


class OffensiveEffects(StrictRecord):
    """Effects of an offensive on the zones in which it takes place."""

    ramp_days: Number = Q("days until an offensive presses fully, and until it has ebbed away", "days", "assumed", "judgement", ge=1, le=365)
    attrition: Number = Q("fighters killed or captured under full pressure (0: off)", "1/day", "assumed", "judgement", ge=0, le=0.1)
    control: Number = Q("rise of control it works toward (log odds; 0: off)", "-", "assumed", "judgement", ge=0, le=10)
    attacks: Number = Q("change of attacks in the zone (log; 0: off)", "-", "assumed", "judgement", ge=-5, le=5)


class Shock(Sourced):
    """A political shock: a host force loses troops and readiness on a date."""

    name: Text
    date: Date
    force: Id
    troops: Annotated[int, Field(ge=0, le=100_000)]
    readiness: Number = Q("readiness lost at the force's bases", "share", "assumed", "judgement", ge=0, le=1)


class Host(StrictRecord):
    """Somali federal, Jubaland and other regional forces."""

    name: Id
    assumes: Text
    effect: Number = Q("effect of a ready host soldier against one of the mission", "ratio", "assumed", "judgement", ge=0, le=2)
    generation: Annotated[dict[Id, Generation], Entries]
    readiness: Readiness
    garrisons: Garrisons
    offensive: OffensiveEffects
    offensives: Annotated[dict[Id, Offensive], Entries]
    shocks: Annotated[dict[Id, Shock], Entries]
