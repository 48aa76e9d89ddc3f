"""Levers: what can be moved on the page of `atmis explore`; each stands for keys that a user could also set."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from atmis.scenario.fields import Id, Number, StrictRecord, Text
from atmis.scenario.settings import Settings

KEPT = 4  # futures whose runs are kept in memory at a time; 200 runs take about 80 MB

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=200)]


class Lever(StrictRecord):
    """A lever: a number by its key, a choice of a group, or the dates of a block."""

    label: Text
    what: Text = Field(description="what it does, in a sentence")
    unit: Text | None = None
    key: Key | None = None
    group: Id | None = None
    shift: Id | None = Field(default=None, description="block whose dates it moves, in days")
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    step: Annotated[Number, Field(gt=0)] | None = None
    absent: Number | None = Field(default=None, description="the value that stands for the block not being there")
    block: dict[Id, Any] = Field(default_factory=dict, description="what else the block of the key holds")

    @model_validator(mode="after")
    def _check_kind(self) -> "Lever":
        if sum(kind is not None for kind in (self.key, self.group, self.shift)) != 1:
            raise ValueError("needs exactly one of key, group and shift")
        if self.group is None and (self.range is None or self.step is None or self.unit is None):
            raise ValueError("needs range, step and unit")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise ValueError("has a range whose ends are not in order")
        return self

    @property
    def is_integer(self) -> bool:
        """Whether its values are whole numbers."""
        return all(number == int(number) for number in (*(self.range or ()), self.step or 0.5))


class ExploreSettings(Settings):
    """Settings of `atmis explore`."""

    port: Annotated[int, Field(ge=0, le=65535)] = Field(description="port on 127.0.0.1; 0: one that is free")
    open: bool = Field(description="open the browser")
    save_in: Annotated[str, Field(min_length=1, max_length=1000)] | None = Field(
        description="folder for scenarios that are saved"
    )
    levers: Annotated[dict[Id, Lever], Field(min_length=1, max_length=50)] = Field(description="what can be moved")
