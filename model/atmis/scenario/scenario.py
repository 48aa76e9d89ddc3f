"""The scenario: all inputs of a run, except for seed and replicate."""

import datetime
from datetime import date

from pydantic import model_validator

from atmis.scenario.arguments import check_kind, whole_number
from atmis.scenario.draws import Draws
from atmis.scenario.evidence import Evidence
from atmis.scenario.fields import Date, Id, StrictRecord, Text, days_between
from atmis.scenario.ground import Theatre, check_known
from atmis.scenario.host import Host
from atmis.scenario.kenya import Kenya
from atmis.scenario.opposition import Opposition
from atmis.scenario.plan import Plan
from atmis.scenario.reporting import Reporting
from atmis.scenario.society import Society
from atmis.scenario.timetable import Timetable, build_timetable

_LONGEST_DAYS = 40 * 366


class About(StrictRecord):
    """The name of a scenario, and what it assumes in a sentence."""

    name: Id
    assumes: Text


class Period(StrictRecord):
    """The first and the last day of a run."""

    start: Date
    end: Date

    @model_validator(mode="after")
    def _check_order(self) -> "Period":
        if self.start > self.end:
            raise ValueError(f"starts on {self.start}, after its end {self.end}")
        if self.days > _LONGEST_DAYS:
            raise ValueError(f"is longer than {_LONGEST_DAYS} days")
        return self

    @property
    def days(self) -> int:
        """Number of days, including the first and the last."""
        return days_between(self.start, self.end) + 1


class Scenario(StrictRecord):
    """A scenario: the theatre, the plan, and the assumptions about the world.

    Scenarios are frozen; `load` makes them.

    Attributes
    ----------
    scenario : About
        Its name, and what it assumes in a sentence.
    period : Period
        First and last day of the run.
    theatre : Theatre
        Zones, borders, contingents, bases and host forces.
    plan : Plan
        Phases of the drawdown, pauses, slips, reactive rules, the successor.
    opposition : Opposition
        The armed group.
    host : Host
        Somali host forces, their offensives and political shocks.
    kenya : Kenya
        Capability, border policy and border bases of Kenya.
    society : Society
        Presence, control and displacement.
    evidence : Evidence
        Effect of troops on attacks, by one of several studies.
    reporting : Reporting
        Chance that attacks are recorded.
    draws : Draws
        Parameters that are drawn anew for each replicate.

    Examples
    --------
    >>> import atmis
    >>> scenario = atmis.load("planned")
    >>> scenario.period.days
    1371
    >>> str(scenario.date(0)), scenario.day(scenario.period.end)
    ('2022-04-01', 1370)
    """

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

    # Mesa's batch_run takes what can be iterated for the values of a parameter; pydantic would iterate the fields.
    __iter__ = None  # type: ignore[assignment]

    @model_validator(mode="after")
    def _check_names(self) -> "Scenario":
        zones, forces = self.theatre.zones, self.theatre.host_forces
        for force in self.host.generation:
            check_known(force, forces, "host.generation")
        for force in forces:
            check_known(force, self.host.generation, "host.generation lacks a force of the theatre")
        for name, offensive in self.host.offensives.items():
            for zone in offensive.zones:
                check_known(zone, zones, f"host.offensives.{name}.zones")
            for force in offensive.troops:
                check_known(force, forces, f"host.offensives.{name}.troops")
        for name, shock in self.host.shocks.items():
            check_known(shock.force, forces, f"host.shocks.{name}.force")
        for step in self.kenya.reopening.steps:
            check_known(step, self.theatre.borders, "kenya.reopening.steps")
        for name, rule in self.plan.rules.items():
            for zone in rule.when.zones:
                check_known(zone, zones, f"plan.rules.{name}.when.zones")
        check_known(self.plan.redeployment.contingent, self.theatre.contingents, "plan.redeployment.contingent")
        self.timetable()
        return self

    def timetable(self) -> Timetable:
        """Resolve the plan in the theatre.

        Returns
        -------
        Timetable
            Withdrawals of troops, moves of bases, and departures of police, before any slip.

        Raises
        ------
        ValueError
            When the plan asks for what the theatre does not have; not for a scenario that has been checked.
        """
        return build_timetable(self.plan, self.theatre)

    def date(self, day: int) -> date:
        """The calendar date of a day of the run.

        Parameters
        ----------
        day : int
            Days since the first day, which is 0.

        Returns
        -------
        datetime.date
            The date; days beyond the end of the run are allowed.
        """
        start = self.period.start.toordinal()
        return date.fromordinal(start + whole_number(day, "day", 1 - start, date.max.toordinal() - start))

    def day(self, when: "datetime.date") -> int:
        """The day of the run of a calendar date.

        Parameters
        ----------
        when : datetime.date
            The date.

        Returns
        -------
        int
            Days since the first day, which is 0; negative before it.
        """
        check_kind(when, datetime.date, "when", "datetime.date(2022, 4, 1)")
        return days_between(self.period.start, when)
