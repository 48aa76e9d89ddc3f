"""Host forces, Kenya, society, evidence and the observer: the other groups of parameters."""

# fmt: off
from typing import Annotated

from pydantic import Field, model_validator

from atmis.scenario.fields import Date, Entries, Id, Number, Record, Sourced, Text, quantity

Q = quantity


class Generation(Record):
    pool: Number = Q("trained troops not yet at a base on the first day", "troops", "assumed", "judgement", ge=0, le=100_000)
    rate: Number = Q("new troops less those who leave (0: off)", "troops/day", "assumed", "host_aim_2023", ge=0, le=1000)


class Readiness(Record):
    start: Number = Q("readiness of a host base on the first day", "share", "assumed", "judgement", ge=0, le=1)
    handover: Number = Q("readiness just after a handover", "share", "assumed", "judgement", ge=0, le=1)
    ceiling: Number = Q("readiness that a host base grows to", "share", "assumed", "judgement", ge=0, le=1)
    growth_days: Number = Q("time constant of that growth", "days", "assumed", "judgement", gt=0, le=3650)


class Garrisons(Record):
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
    def _in_order(self) -> "Offensive":
        if self.start > self.end:
            raise ValueError(f"starts on {self.start}, after its end {self.end}")
        return self


class OffensiveEffects(Record):
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


class Host(Record):
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


class Agreement(Record):
    start: Date
    end: Date
    gain: Number = Q("gain of Kenya's capability once it has taken full effect (0: off)", "share", "assumed", "judgement", ge=0, le=5)
    ramp_days: Number = Q("days until full effect", "days", "assumed", "judgement", ge=1, le=3650)


class Haiti(Record):
    start: Date
    end: Date
    officers: int = Q("officers sent (0: off)", "people", "documented", "haiti_officers", ge=0, le=100_000)
    manpower: int = Q("officers from whom they are missing", "people", "assumed", "judgement", ge=1, le=1_000_000)


class Reopening(Record):
    steps: Annotated[dict[Id, Date], Entries] = Field(description="border segment -> date on which it is to open; none: never")
    threshold: Number = Q("attacks on the Kenyan side in the window, below which a segment may open", "attacks", "assumed", "judgement", ge=0, le=1e6)
    window_days: Annotated[int, Field(ge=1, le=365)] = Q("window", "days", "assumed", "judgement")
    postponed_days: Annotated[int, Field(ge=1, le=3650)] = Q("days until it is tried again", "days", "assumed", "judgement")
    unconditional: bool = Field(description="open on the date whatever happens")


class Home(Record):
    effect: Number = Q("effect of a soldier at a border base against one of the mission", "ratio", "assumed", "judgement", ge=0, le=2)
    readiness: Number = Q("readiness of the border bases", "share", "assumed", "judgement", ge=0, le=1)


class Kenya(Record):
    """Kenya's own side: capability, border policy, border bases."""

    name: Id
    assumes: Text
    agreement: Agreement
    haiti: Haiti
    reopening: Reopening
    home: Home

    @model_validator(mode="after")
    def _in_order(self) -> "Kenya":
        for what in ("agreement", "haiti"):
            span = getattr(self, what)
            if span.start > span.end:
                raise ValueError(f"{what} starts on {span.start}, after its end {span.end}")
        return self


class Presence(Record):
    reach_km: Number = Q("distance at which a base's weight falls to 1/e", "km", "assumed", "judgement", gt=0, le=1000)
    half: Number = Q("effective troops per 1,000 people at which control feels half of their effect", "troops per 1,000 people", "assumed", "force_density_yardstick", gt=0, le=1000)
    recovery_days: Number = Q("time constant with which a mission base recovers its readiness", "days", "assumed", "judgement", gt=0, le=3650)


class Control(Record):
    relaxation_days: Number = Q("time constant of control", "days", "assumed", "judgement", gt=0, le=36500)
    presence: Number = Q("effect of presence (log odds; 0: off)", "-", "assumed", "judgement", ge=0, le=20)
    fighters: Number = Q("effect of fighters, per log of their number (log odds; 0: off)", "-", "assumed", "judgement", ge=0, le=20)
    governance: Number = Q("share of an offensive's gain in control that government holds afterwards", "share", "assumed", "governance_condition", ge=0, le=1)
    tips: Number = Q("chance that an attack is foiled, at full control (0: off)", "probability", "assumed", "judgement", ge=0, le=1)


class Displacement(Record):
    per_attack: Number = Q("people displaced by an attack (0: off)", "people", "assumed", "judgement", ge=0, le=100_000)
    per_overrun: Number = Q("people displaced when a base falls (0: off)", "people", "assumed", "judgement", ge=0, le=1_000_000)
    offensive: Number = Q("people displaced under full pressure of an offensive (0: off)", "share/day", "assumed", "judgement", ge=0, le=0.1)
    returns: Number = Q("displaced people who return", "1/day", "assumed", "judgement", ge=0, le=1)
    crossing: Number = Q("displaced people who cross an open border next to their zone", "share", "assumed", "judgement", ge=0, le=1)
    closed: Number = Q("crossing of a closed border against an open one", "ratio", "assumed", "judgement", ge=0, le=1)


class Society(Record):
    """Presence, control and displacement."""

    name: Id
    assumes: Text
    presence: Presence
    control: Control
    displacement: Displacement


class Evidence(Sourced):
    """What troops do to attacks: a deep uncertainty, so a choice among studies."""

    name: Id
    assumes: Text
    attacks: Number = Q("fall of attacks in the zone (log; 0: none)", "per 1,000 effective troops", "documented", "hks2014_log_per_1000", ge=-5, le=5)
    civilians: Number = Q("further fall of attacks on civilians (log)", "per 1,000 effective troops", "documented", "fjelde2019", ge=-5, le=5)
    neighbours: Number = Q("fall of attacks with troops in the zones next door (log)", "per 1,000 effective troops", "documented", "kunkel2026", ge=-5, le=5)
    spike: Number = Q("passing rise of attacks after a cut (log)", "per 1,000 effective troops", "assumed", "smidt", ge=-5, le=5)
    spike_days: Number = Q("memory of the rise", "days", "assumed", "smidt", gt=0, le=3650)


class Detection(Record):
    lethal: Number = Q("chance that an attack that kills is recorded", "probability", "assumed", "r18_detection", ge=0, le=1)
    harmless: Number = Q("chance that an attack without deaths is recorded", "probability", "assumed", "r18_detection", ge=0, le=1)


class Reporting(Record):
    """What an event data set would see."""

    name: Id
    assumes: Text
    kenya: Detection
    somalia: Detection
    inflation: Number = Q("deaths of security forces as claimed by the group, against the true ones", "ratio", "assumed", "claims_inflation", ge=1, le=10)
