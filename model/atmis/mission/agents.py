"""Agents of a Mission: views on the rows of its state, so that reading or writing one reads or writes the state."""

from datetime import date
from typing import Any, ClassVar

import mesa

from atmis.kernel import recorder, schedule
from atmis.kernel.state import POSTURES, STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.mission.attributes import Field, FixedZone, Tally, Word, ZoneField, checked_number, position

_PEOPLE, _TROOPS, _RATIO, _ATTACKS = 100_000_000, 100_000, 1000, 1000  # largest numbers of each in a scenario


class View(mesa.Agent):
    """A row of a table of the state: it lives as long as the Mission, whose state it reads and writes."""

    TABLE: ClassVar[str]  # of the state
    INSTEAD: ClassVar[str]  # what to do for want of removing one

    def __init__(self, model: Any, index: int, name: str) -> None:
        self._index, self._name = index, name
        super().__init__(model)

    def __str__(self) -> str:
        return f"{type(self).__name__.lower()} {self.name}"

    @property
    def index(self) -> int:
        """Number of its row."""
        return self._index

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def row(self) -> Any:
        """Its row in the state of its model."""
        return getattr(self.model.state, self.TABLE)[self.index]


class Zone(View):
    """A zone. Rule: control drifts toward the balance of presence, governance and armed strength.

    Attributes
    ----------
    control : float
        Government control, a share.
    fighters : float
        Fighters at the start of the day, people.
    effective_troops : float
        Troops weighted by readiness, reach and effect (ODD 7.3).
    pressure : float
        Pressure of offensives, 0 without any.
    excited : float
        Attacks expected from excitation, 1/day.
    hazard : float
        Attacks of a cell of mean strength, 1/day.
    people_at_home, people_abroad : float
        People at home, and people from here across the border.
    """

    TABLE = "zones"
    INSTEAD = "set its attributes"
    control = Field("control", 1)
    fighters = Field("fighters", _PEOPLE)
    effective_troops = Field("effective", _PEOPLE)
    pressure = Field("pressure", 1)
    excited = Field("excited", _ATTACKS)
    hazard = Field("hazard", _ATTACKS)
    people_at_home = Field("home", _PEOPLE, whole=True)
    people_abroad = Field("abroad", _PEOPLE, whole=True)

    @property
    def displaced(self) -> float:
        """People displaced from here, within the country."""
        return float(self.row["displaced"].sum())

    @property
    def attacks_today(self) -> int:
        """Attacks in the zone on the last day that was run."""
        model = self.model
        if not model.day:
            return 0
        return int(model.record.daily[recorder.DAILY_ATTACKS, model.day - 1, self.index])


class Contingent(View):
    """The troops of a country. Rule: they leave by the plan; deployed + withdrawn + killed = sent, on every day.

    Attributes
    ----------
    authorised : int
        Troops that it may have.
    deployed, withdrawn, killed : int
        Troops. When one of them is set, `sent` follows.
    """

    TABLE = "contingents"
    INSTEAD = "set deployed = 0"
    authorised = Field("authorised", _TROOPS, whole=True, kind=int)
    deployed = Tally("deployed")
    withdrawn = Tally("withdrawn")
    killed = Tally("killed")

    @property
    def sent(self) -> int:
        """All troops who ever came."""
        return int(self.row["sent"])


class Base(View):
    """A base. Rule: its holder mans it; it may be handed over, closed, overrun and retaken.

    Attributes
    ----------
    zone : Zone
        Where it is; cannot be changed.
    standing : {"open", "handed_over", "closed", "overrun", "retaken"}
        What has become of it.
    garrison : float
        Troops. A base of the mission, or of Kenya at home, is manned anew each morning; one of a host force keeps them.
    readiness : float
        Share of the garrison that is ready.
    exposure : float
        Relative chance to be the base that is attacked.
    """

    TABLE = "bases"
    INSTEAD = "set standing = 'closed'"
    zone = FixedZone("zone")
    standing = Word("standing", STANDINGS)
    garrison = Field("garrison", _TROOPS)
    readiness = Field("readiness", 1)
    exposure = Field("exposure", _RATIO)

    @property
    def holder(self) -> str:
        """Name of the contingent or force that holds it; may be set."""
        return holder_ids(self.model.inputs.theatre)[int(self.row["holder"])]

    @holder.setter
    def holder(self, name: str) -> None:
        self.row["holder"] = position(name, tuple(holder_ids(self.model.inputs.theatre)), f"{self}: holder")

    @property
    def handed_over(self) -> date | None:
        """Date of its handover; None before."""
        day = int(self.row["handed"])
        handover: date | None = self.model.inputs.date(day) if day >= 0 else None
        return handover


class Cell(View):
    """A cell of the armed group. Rule: each day it moves, attacks or rests; once a month its strength is reviewed.

    Attributes
    ----------
    zone, home : Zone
        Where it is, and where it comes from.
    posture : {"resident", "displaced", "recalled"}
        Where it stands toward its home.
    strength : float
        Relative to a cell of mean size.
    """

    TABLE = "cells"
    INSTEAD = "set fighters = 0"
    zone = ZoneField("zone")
    home = ZoneField("home")
    posture = Word("posture", POSTURES)
    strength = Field("strength", _RATIO)

    @property
    def fighters(self) -> int:
        """Fighters, people. Setting them sets the strength that goes with them."""
        return int(self.row["fighters"])

    @fighters.setter
    def fighters(self, people: int) -> None:
        number = checked_number(people, f"{self}: fighters", _TROOPS, whole=True)
        schedule.resize(self.model.params, self.model.state, self.index, number)

    @property
    def rests(self) -> bool:
        """Whether it rests after losses, and so does not attack."""
        return int(self.row["rests"]) > int(self.model.day)

    def step(self) -> None:
        """Act for one day: between `Mission.open_day` and `Mission.close_day`, in any order of the cells.

        Raises
        ------
        RuntimeError
            At any other time.
        """
        model = self.model
        model.check_day(is_open=True)
        schedule.act_one(model.params, model.state, model.record, model.stream, self.index, model.day)
