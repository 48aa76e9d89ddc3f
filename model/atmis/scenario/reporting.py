"""What an event data set would see."""

# fmt: off
from atmis.scenario.fields import Id, Number, Record, Text, quantity

Q = quantity


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
