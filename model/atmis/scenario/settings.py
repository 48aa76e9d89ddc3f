"""The settings of the verbs: replicates, seed, workers, outputs."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from atmis.scenario.fields import Date, Id, StrictRecord, Text

SEEDS = 2**63  # seeds are smaller
MOST_REPLICATES, MOST_WORKERS = 1_000_000, 1024


class Settings(StrictRecord):
    """Settings of `atmis run`."""

    replicates: Annotated[int, Field(ge=1, le=MOST_REPLICATES)] = Field(
        description="runs that differ in their draws only"
    )
    seed: Annotated[int, Field(ge=0, lt=SEEDS)] = Field(description="seed of all draws")
    workers: Annotated[int, Field(ge=0, le=MOST_WORKERS)] = Field(description="threads; 0: one for each core")
    results: Annotated[str, Field(min_length=1, max_length=1000)] = Field(description="folder under which outputs go")
    figures: bool = Field(description="draw the figures")


class CompareSettings(Settings):
    """Settings of `atmis compare`."""

    baseline: Text = Field(description="scenario or folder that the others are compared with")
    report: bool = Field(description="write the report")


class WholeMonths(StrictRecord):
    """Whole months, from the first day of a month to the last day of a month."""

    start: Date
    end: Date

    @model_validator(mode="after")
    def _check_whole(self) -> "WholeMonths":
        for day, name, expected in ((self.start, "start", "first"), (self.end + timedelta(days=1), "end", "last")):
            if day.day != 1:
                raise ValueError(f"{name} must be the {expected} day of a month")
        if self.end < self.start:
            raise ValueError(f"end, {self.end}, lies before start, {self.start}")
        return self


class AttributeSettings(Settings):
    """Settings of `atmis attribute`."""

    indicator: Text = Field(description="what is attributed")
    group: Literal["all", "kenyan_border", "jubaland", "rest", "somalia"] = Field(description="group of zones")
    window: WholeMonths = Field(description="months that are to be explained")
    reference: WholeMonths | None = Field(
        description="earlier months to set them against; null: the same, without events"
    )
    mechanisms: Annotated[list[Id], Field(min_length=1, max_length=20)] = Field(description="what may explain it")
    exact_up_to: Annotated[int, Field(ge=1, le=12)] = Field(
        description="mechanisms up to which all coalitions are run; beyond, random orders"
    )
    orders: Annotated[int, Field(ge=2, le=10_000)] = Field(description="random orders, each also taken backwards")


class BacktestSettings(Settings):
    """Settings of `atmis backtest`."""

    observed: Text = Field(description="file of observed counts, or a name of counts that come with atmis")
    actor: Text = Field(description="whose events count")
    window: Text = Field(description="first and last month that are scored")
    fit_to: Text | None = Field(description="last month that baselines know")
    history: Text = Field(description="what baselines know where observed holds nothing up to fit_to")
    origins: list[Text] = Field(description="last months before several windows", max_length=100)
    months: Annotated[int, Field(ge=1, le=480)] = Field(description="length of each of several windows")
    block: Annotated[int, Field(ge=1, le=60)] = Field(description="months drawn together in the bootstrap")
    resamples: Annotated[int, Field(ge=100, le=1_000_000)] = Field(description="resamples of the bootstrap")


class ScorecardSettings(Settings):
    """Settings of `atmis scorecard`."""

    handovers: Id | None = Field(description="scenario whose handovers R17 is compared with; null: none")
