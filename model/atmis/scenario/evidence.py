"""The part `evidence` of a scenario: the effect of troops on attacks, by a choice among studies."""

# fmt: off
from atmis.scenario.fields import Id, Number, Sourced, Text, quantity_field

Q = quantity_field


class Evidence(Sourced):
    """The effect of troops on attacks: a deep uncertainty, so a choice among studies."""

    name: Id
    assumes: Text
    attacks: Number = Q("fall of attacks in the zone (log; 0: none)", "per 1,000 effective troops", "documented", "hks2014_log_per_1000", ge=-5, le=5)
    civilians: Number = Q("further fall of attacks on civilians (log)", "per 1,000 effective troops", "documented", "fjelde2019", ge=-5, le=5)
    neighbours: Number = Q("fall of attacks with troops in the zones next door (log)", "per 1,000 effective troops", "documented", "kunkel2026", ge=-5, le=5)
    spike: Number = Q("passing rise of attacks after a cut (log)", "per 1,000 effective troops", "assumed", "smidt", ge=-5, le=5)
    spike_days: Number = Q("memory of the rise", "days", "assumed", "smidt", ge=1, le=3650)
