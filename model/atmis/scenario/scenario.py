"""The whole of what a run is given."""

import datetime
from datetime import date

from pydantic import model_validator

from atmis.scenario.draws import Draws
from atmis.scenario.evidence import Evidence
from atmis.scenario.fields import Date, Id, Record, Text, days_between
from atmis.scenario.ground import Theatre, known
from atmis.scenario.host import Host
from atmis.scenario.kenya import Kenya
from atmis.scenario.opposition import Opposition
from atmis.scenario.plan import Plan
from atmis.scenario.reporting import Reporting
from atmis.scenario.society import Society
from atmis.scenario.timetable import Timetable, lay

_LONGEST_DAYS = 40 * 366


class About(Record):
    """Name of a scenario, and what it assumes in a sentence."""

    name: Id
    assumes: Text


class Period(Record):
    """First and last day of a run, both included."""

    start: Date
    end: Date

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.start > self.end:
            raise ValueError(f"starts on {self.start}, after its end {self.end}")
        if self.days > _LONGEST_DAYS:
            raise ValueError(f"is longer than {_LONGEST_DAYS} days")
        return self

    @property
    def days(self) -> int:
        """Number of days, the first and the last included."""
        return days_between(self.start, self.end) + 1


class Scenario(Record):
    """One scenario: the theatre, the plan, and the state of the world."""

    scenario: About
    period: Period
    theatre: Theatre
    plan: Plan
    opposition: Opposition
    host: Host
    kenya: Kenya
    society: Society
    evidence: Evidence
    reporting: Reporting
    draws: Draws

    @model_validator(mode="after")
    def _hangs_together(self) -> "Scenario":
        zones, forces = self.theatre.zones, self.theatre.host_forces
        for force in self.host.generation:
            known(force, forces, "host.generation")
        for force in forces:
            known(force, self.host.generation, "host.generation lacks a force of the theatre")
        for name, offensive in self.host.offensives.items():
            for zone in offensive.zones:
                known(zone, zones, f"host.offensives.{name}.zones")
            for force in offensive.troops:
                known(force, forces, f"host.offensives.{name}.troops")
        for name, shock in self.host.shocks.items():
            known(shock.force, forces, f"host.shocks.{name}.force")
        for step in self.kenya.reopening.steps:
            known(step, self.theatre.borders, "kenya.reopening.steps")
        for name, rule in self.plan.rules.items():
            for zone in rule.when.zones:
                known(zone, zones, f"plan.rules.{name}.when.zones")
        known(self.plan.redeployment.contingent, self.theatre.contingents, "plan.redeployment.contingent")
        self.timetable()
        return self

    def timetable(self) -> Timetable:
        """The plan laid over the theatre."""
        return lay(self.plan, self.theatre)

    def date(self, day: int) -> date:
        """Calendar date of a day of the run (day 0 is the first)."""
        return date.fromordinal(self.period.start.toordinal() + day)

    def day(self, when: "datetime.date") -> int:
        """Day of the run of a calendar date; negative before the first."""
        return days_between(self.period.start, when)
