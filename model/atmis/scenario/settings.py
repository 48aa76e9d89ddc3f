"""How a scenario is run: replicates, seed, workers, outputs."""

from typing import Annotated

from pydantic import Field

from atmis.scenario.fields import Record, Text

SEEDS = 2**63  # seeds are below


class Settings(Record):
    """Settings of `atmis run`."""

    replicates: Annotated[int, Field(ge=1, le=1_000_000)] = Field(description="runs that differ in their draws only")
    seed: Annotated[int, Field(ge=0, lt=SEEDS)] = Field(description="seed of all draws")
    workers: Annotated[int, Field(ge=0, le=1024)] = Field(description="threads; 0: one for each core")
    results: Annotated[str, Field(min_length=1, max_length=1000)] = Field(description="folder under which outputs go")
    figures: bool = Field(description="draw the figures")


class CompareSettings(Settings):
    """Settings of `atmis compare`."""

    baseline: Text = Field(description="scenario or folder that the others are compared with")
    report: bool = Field(description="write the report")
