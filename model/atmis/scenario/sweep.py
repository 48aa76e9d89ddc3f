"""The settings of `atmis sweep`: scenarios, a design over parameters, and its execution."""

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from atmis.scenario.fields import Entries, Id, Number, StrictRecord, Text
from atmis.scenario.quantities import is_continuous
from atmis.scenario.settings import Settings

_MOST_VALUES = 100_000
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")

Value = bool | int | float | str


class Range(StrictRecord):
    """A range of a parameter; of whole numbers when both ends are written as whole numbers (but see `Sweep`)."""

    low: int | float
    high: int | float

    @model_validator(mode="after")
    def _check_order(self) -> "Range":
        if not self.low < self.high:
            raise ValueError(f"low is {self.low}, which must be less than high, {self.high}")
        return self

    @property
    def is_integer(self) -> bool:
        """Whether it holds whole numbers only."""
        return isinstance(self.low, int) and isinstance(self.high, int)


Values = Annotated[list[Value], Field(min_length=1, max_length=_MOST_VALUES)]


class Sweep(StrictRecord):
    """A design over parameters: dotted keys of the configuration, or groups such as `evidence`."""

    name: Id
    assumes: Text
    design: Literal["one", "grid", "zip", "list", "latin_hypercube", "sobol", "morris"]
    scenarios: Annotated[list[Id], Field(max_length=1000)] | Literal["all"] = Field(
        description="scenarios to run it over; all, or none listed: only that of scenario="
    )
    parameters: Annotated[dict[str, Range | Values], Entries] = Field(
        description="range (low and high) or list of values of each parameter"
    )
    points: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="points of a Latin hypercube; base points of a Sobol design; trajectories of a Morris design; "
        "steps of a range in a grid"
    )
    cases: Annotated[list[dict[str, Value]], Field(max_length=_MOST_VALUES)] = Field(
        description="for the design list: the values of each case"
    )

    @field_validator("parameters")
    @classmethod
    def _continue_ranges(cls, parameters: "dict[str, Range | Values]") -> "dict[str, Range | Values]":
        """Make ranges go through all numbers where a parameter need not be whole, also for `low: 0, high: 1`."""
        return {
            path: Range(low=float(spread.low), high=float(spread.high))
            if isinstance(spread, Range) and spread.is_integer and is_continuous(path.split("."))
            else spread
            for path, spread in parameters.items()
        }

    @model_validator(mode="after")
    def _check_design(self) -> "Sweep":
        for path in [*self.parameters, *(path for case in self.cases for path in case)]:
            if not _PATH.fullmatch(path):
                raise ValueError(
                    f"sweep.parameters: '{path}' is not a key; allowed: a key such as opposition.attacks.raids"
                )
        if self.design == "one" and (self.parameters or self.cases):
            raise ValueError(
                "sweep.design: 'one' has no parameters; allowed: grid, zip, list, latin_hypercube, sobol or morris"
            )
        if (self.design == "list") != bool(self.cases):
            says = "needs cases" if self.design == "list" else "has no cases; allowed with cases: list"
            raise ValueError(f"sweep.design: {self.design} {says}")
        if self.design not in ("one", "list") and not self.parameters:
            raise ValueError(f"sweep.design: {self.design} needs parameters")
        lists = {path: values for path, values in self.parameters.items() if isinstance(values, list)}
        if self.design == "zip":
            lengths = {len(values) for values in lists.values()}
            if len(lists) < len(self.parameters) or len(lengths) > 1:
                raise ValueError("sweep.parameters: design zip needs lists of values of one length")
        if self.design == "sobol" and self.points & (self.points - 1):
            raise ValueError(f"sweep.points: {self.points} is not a power of two, which a Sobol design needs")
        if self.design == "morris" and self.points < 2:
            raise ValueError("sweep.points: a Morris design needs at least 2 trajectories")
        return self


class Execution(StrictRecord):
    """The executor of a sweep, and its limits."""

    name: Literal["threads", "processes", "dask"]
    limit_seconds: Annotated[Number, Field(ge=0, le=1e6)] = Field(description="of one run; 0: none")
    memory_mib: Annotated[int, Field(ge=0, le=10**7)] = Field(description="of one worker process; 0: no limit")
    scheduler: Annotated[str, Field(max_length=500)] = Field(description="address of a Dask scheduler; empty: own")


class SweepSettings(Settings):
    """Settings of `atmis sweep`."""

    sweep: Sweep
    executor: Execution
    chunk: Annotated[int, Field(ge=0, le=100_000)] = Field(description="runs of a chunk; 0: chosen")
    series_runs: Annotated[int, Field(ge=0, le=10**7)] = Field(description="runs whose monthly series are kept")
    precision: Annotated[Number, Field(ge=0, le=1e9)] = Field(
        description="stop when no 95 % interval of a mean difference is wider to one side; 0: fixed replicates"
    )
    headline: Id = Field(description="column of the summary whose differences precision= is about")
    baseline: Id = Field(description="scenario that the others are compared with")
