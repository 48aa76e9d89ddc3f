"""The part `reporting` of a scenario: what an event data set would record."""

# fmt: off
from atmis.scenario.fields import Id, Number, StrictRecord, Text, quantity_field

Q = quantity_field


class Detection(StrictRecord):
    """Chances that attacks on one side of the border are recorded."""

    lethal: Number = Q("chance that an attack that kills is recorded", "probability", "assumed", "r18_detection", ge=0, le=1)
    harmless: Number = Q("chance that an attack without deaths is recorded", "probability", "assumed", "r18_detection", ge=0, le=1)


class Reporting(StrictRecord):
    """What an event data set would record."""

    name: Id
    assumes: Text
    kenya: Detection
    somalia: Detection
    inflation: Number = Q("deaths of security forces as claimed by the group, against the true ones", "ratio", "assumed", "claims_inflation", ge=1, le=10)
