"""What is calibrated, on what, and how: the settings of `atmis calibrate`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from atmis.scenario.fields import Entries, Id, Month, Number, Record, Text
from atmis.scenario.sweep import SweepSettings


class Prior(Record):
    """A range within which every value of a parameter, or its logarithm, is held equally likely."""

    low: Number
    high: Number
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _in_order(self) -> "Prior":
        if not self.low < self.high:
            raise ValueError(f"low is {self.low}, which must be less than high, {self.high}")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low is {self.low}; allowed on a log scale: above 0")
        return self


class Months(Record):
    """Months of a record that are used, both ends included."""

    first: Month
    last: Month

    @model_validator(mode="after")
    def _in_order(self) -> "Months":
        if self.first > self.last:
            raise ValueError(f"first is {self.first}, which must not be after last, {self.last}")
        return self


class Levels(Months):
    """Mean levels by zone that the facts ledger holds."""

    fact: Text = Field(description="key of conf/facts/ledger.yaml; its value holds attacks a month by name of zone")


class Calibration(Record):
    """A calibration."""

    name: Id
    observed: Text = Field(description="record of events: one that atmis ships, or a file that atmis data import reads")
    window: Months
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
