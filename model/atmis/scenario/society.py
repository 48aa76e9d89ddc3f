"""The part `society` of a scenario: presence, control and displacement."""

# fmt: off
from atmis.scenario.fields import Id, Number, StrictRecord, Text, quantity_field

Q = quantity_field


class Presence(StrictRecord):
    """Presence of troops in zones."""

    reach_km: Number = Q("distance at which a base's weight falls to 1/e", "km", "assumed", "judgement", gt=0, le=1000)
    half: Number = Q("effective troops per 1,000 people at which control feels half of their effect", "troops per 1,000 people", "assumed", "force_density_yardstick", gt=0, le=1000)
    recovery_days: Number = Q("time constant with which a mission base recovers its readiness", "days", "assumed", "judgement", ge=1, le=3650)


class Control(StrictRecord):
    """Control of zones by the government."""

    relaxation_days: Number = Q("time constant of control", "days", "assumed", "judgement", ge=1, le=36500)
    presence: Number = Q("effect of presence (log odds; 0: off)", "-", "assumed", "judgement", ge=0, le=20)
    fighters: Number = Q("effect of fighters, per log of their number (log odds; 0: off)", "-", "assumed", "judgement", ge=0, le=20)
    governance: Number = Q("share of an offensive's gain in control that government holds afterwards", "share", "assumed", "governance_condition", ge=0, le=1)
    tips: Number = Q("chance that an attack is foiled, at full control (0: off)", "probability", "assumed", "judgement", ge=0, le=1)


class Displacement(StrictRecord):
    """Displacement of people, and their return."""

    per_attack: Number = Q("people displaced by an attack (0: off)", "people", "assumed", "judgement", ge=0, le=100_000)
    per_overrun: Number = Q("people displaced when a base falls (0: off)", "people", "assumed", "judgement", ge=0, le=1_000_000)
    offensive: Number = Q("people displaced under full pressure of an offensive (0: off)", "share/day", "assumed", "judgement", ge=0, le=0.1)
    returns: Number = Q("displaced people who return", "1/day", "assumed", "judgement", ge=0, le=1)
    crossing: Number = Q("displaced people who cross an open border next to their zone", "share", "assumed", "judgement", ge=0, le=1)
    closed: Number = Q("crossing of a closed border against an open one", "ratio", "assumed", "judgement", ge=0, le=1)


class Society(StrictRecord):
    """Presence, control and displacement."""

    name: Id
    assumes: Text
    presence: Presence
    control: Control
    displacement: Displacement
