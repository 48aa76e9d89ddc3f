"""The settings of `atmis calibrate`: parameters, the record they are fitted to, and the method."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from atmis.scenario.fields import Entries, Id, Month, Number, StrictRecord, Text
from atmis.scenario.sweep import SweepSettings


class Prior(StrictRecord):
    """The range of a parameter: uniform on a linear or on a logarithmic scale."""

    low: Number
    high: Number
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _check_order(self) -> "Prior":
        if not self.low < self.high:
            raise ValueError(f"low is {self.low}, which must be less than high, {self.high}")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low is {self.low}; allowed on a log scale: above 0")
        return self


class MonthRange(StrictRecord):
    """Months of a record, both ends included."""

    first: Month
    last: Month

    @model_validator(mode="after")
    def _check_order(self) -> "MonthRange":
        if self.first > self.last:
            raise ValueError(f"first is {self.first}, which must not be after last, {self.last}")
        return self


class Levels(MonthRange):
    """Mean attacks a month by zone, from the facts ledger."""

    fact: Text = Field(description="key of conf/facts/ledger.yaml; its value holds attacks a month by name of zone")


class Calibration(StrictRecord):
    """Parameters to calibrate, the record, and the size of the computation."""

    name: Id
    observed: Text = Field(description="record of events: one that atmis ships, or a file that atmis data import reads")
    window: MonthRange
    levels: Levels | None = Field(description="mean levels of zones that no record covers; null: none")
    waves: Annotated[int, Field(ge=1, le=20)] = Field(description="waves of runs over ranges that shrink")
    runs: Annotated[int, Field(ge=200, le=1_000_000)] = Field(description="runs of a wave")
    keep: Annotated[Number, Field(gt=0, le=0.5)] = Field(description="share of the runs of a wave that is accepted")
    draws: Annotated[int, Field(ge=50, le=100_000)] = Field(description="draws of the result, each of all parameters")
    tests: Annotated[int, Field(ge=20, le=100_000)] = Field(description="runs taken for the record in turn, as a check")
    parameters: Annotated[dict[str, Prior], Entries]


class CalibrateSettings(SweepSettings):
    """Settings of `atmis calibrate`."""

    calibration: Calibration
