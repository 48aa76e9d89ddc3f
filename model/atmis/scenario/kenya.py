"""The part `kenya` of a scenario: capability, border policy, border bases."""

# fmt: off
from typing import Annotated

from pydantic import Field, model_validator

from atmis.scenario.fields import Date, Entries, Id, Number, StrictRecord, Text, quantity_field

Q = quantity_field


class Agreement(StrictRecord):
    """The US-Kenya defence agreement."""

    start: Date
    end: Date
    gain: Number = Q("gain of Kenya's capability once it has taken full effect (0: off)", "share", "assumed", "judgement", ge=0, le=5)
    ramp_days: Number = Q("days until full effect", "days", "assumed", "judgement", ge=1, le=3650)


class Haiti(StrictRecord):
    """Kenyan police officers sent to Haiti."""

    start: Date
    end: Date
    officers: int = Q("officers sent (0: off)", "people", "documented", "haiti_officers", ge=0, le=100_000)
    manpower: int = Q("officers from whom they are missing", "people", "assumed", "judgement", ge=1, le=1_000_000)


class Reopening(StrictRecord):
    """Reopening of the border, segment by segment."""

    steps: Annotated[dict[Id, Date], Entries] = Field(description="border segment -> date on which it is to open; none: never")
    threshold: Number = Q("attacks on the Kenyan side in the window, below which a segment may open", "attacks", "assumed", "judgement", ge=0, le=1e6)
    window_days: Annotated[int, Field(ge=1, le=365)] = Q("window", "days", "assumed", "judgement")
    postponed_days: Annotated[int, Field(ge=1, le=3650)] = Q("days until it is tried again", "days", "assumed", "judgement")
    unconditional: bool = Field(description="open on the date whatever happens")


class Home(StrictRecord):
    """Kenya's own bases along the border."""

    effect: Number = Q("effect of a soldier at a border base against one of the mission", "ratio", "assumed", "judgement", ge=0, le=2)
    readiness: Number = Q("readiness of the border bases", "share", "assumed", "judgement", ge=0, le=1)


class Kenya(StrictRecord):
    """Kenya's own side: capability, border policy, border bases."""

    name: Id
    assumes: Text
    agreement: Agreement
    haiti: Haiti
    reopening: Reopening
    home: Home

    @model_validator(mode="after")
    def _check_order(self) -> "Kenya":
        for block in ("agreement", "haiti"):
            span = getattr(self, block)
            if span.start > span.end:
                raise ValueError(f"{block} starts on {span.start}, after its end {span.end}")
        return self
