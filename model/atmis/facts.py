"""The ledger of facts and its bibliography: every documented figure with unit, date, class and source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from atmis.scenario.compose import conf_folder
from atmis.scenario.errors import InputError, nearest
from atmis.scenario.fields import Id, Record, Sources, Standing, Text
from atmis.scenario.reading import read

Kind = Literal["press", "resolution", "report", "article", "dataset", "handbook", "background", "judgement"]
FLAGS = {
    "shape_check_only": "shape check only: measured over a window that overlaps the hold-out",
    "outcome_after_freeze": "outcome after March 2022: never read by the model",
}
_PLAIN_UNITS = ("year", "date", "text", "degrees")  # no thousands separator in these
_R = TypeVar("_R", bound=BaseModel)


def _frozen(value: Any) -> Any:
    """A value of a fact that cannot be changed: lists become tuples, blocks read-only mappings."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    if value is None or value == "" or not isinstance(value, str | int | float | date):
        raise ValueError("is not a number, a date, a text, or a list or block of these")
    if isinstance(value, float) and value - value != 0.0:
        raise ValueError("is not finite")
    return value


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# A number, a date or a text, a tuple of them, or a read-only mapping.
FactValue = Annotated[Any, BeforeValidator(_frozen)]
When = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=100)]


class Alternate(Record):
    """A figure that disagrees with the one in use."""

    value: FactValue
    source: Sources
    note: Text | None = None


class Fact(Record):
    """A figure of the ledger."""

    key: Id
    what: Text
    value: FactValue
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    date: When = Field(description="of the figure, as its source gives it")
    standing: Standing = Field(alias="class")
    source: Sources = Field(description="keys of the bibliography")
    alternates: tuple[Alternate, ...] = Field(default=(), strict=False)
    note: Text | None = None
    held_by: Text | None = Field(default=None, description="contingent that held the base")
    shape_check_only: bool = False
    outcome_after_freeze: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """Names of the flags that keep the figure away from fitting."""
        return tuple(flag for flag in FLAGS if getattr(self, flag))


class Source(Record):
    """An entry of the bibliography."""

    key: Id
    title: Text
    kind: Kind
    where: Text
    date: When | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    authors: tuple[Text, ...] = Field(default=(), strict=False)
    licence: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _dated(self) -> "Source":
        if (self.date is None) == (self.year is None):
            raise ValueError("needs either a date or a year")
        return self


@dataclass(frozen=True)
class FactRow:
    """A fact as the terminal shows it, all texts."""

    key: str
    what: str
    value: str
    unit: str
    date: str
    standing: str
    source: str
    flags: str


@cache
def facts() -> Mapping[str, Fact]:
    """The ledger by key, in the order of the file. Raises InputError when it is not in order."""
    return read_ledger(conf_folder() / "facts" / "ledger.yaml", bibliography())


@cache
def bibliography() -> Mapping[str, Source]:
    """The bibliography by key, in the order of the file. Raises InputError when it is not in order."""
    return _records(conf_folder() / "facts" / "bibliography.yaml", Source)


def find(pattern: str = "") -> list[Fact]:
    """Facts that hold every word of the pattern in their key, description, value, unit, date, class, source or note."""
    words = pattern.casefold().split()
    return [fact for fact in facts().values() if all(word in _searched(fact) for word in words)]


def table(found: Iterable[Fact]) -> list[FactRow]:
    """Facts as rows of a table."""
    return [
        FactRow(
            key=fact.key,
            what=fact.what,
            value=shown(fact.value, fact.unit),
            unit="" if fact.unit in ("-", "text") else fact.unit,
            date=fact.date,
            standing=fact.standing,
            source=", ".join(fact.source),
            flags="; ".join(FLAGS[flag] for flag in fact.flags),
        )
        for fact in found
    ]


def shown(value: Any, unit: str) -> str:
    """A value as a reader would write it: 19,626 troops, but the year 2011."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {shown(item, unit)}" for name, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(shown(item, unit) for item in value)
    if isinstance(value, int) and not isinstance(value, bool) and unit not in _PLAIN_UNITS:
        return f"{value:,}"
    return str(value)


def citation(source: Source) -> str:
    """An entry of the bibliography in one line."""
    parts = [
        ", ".join(source.authors),
        str(source.year or source.date or ""),
        source.title,
        source.where,
        source.licence,
    ]
    return ". ".join(part for part in parts if part)


def read_ledger(path: Path, sources: Mapping[str, Source]) -> Mapping[str, Fact]:
    """A ledger whose every source stands in a bibliography. Raises InputError."""
    ledger = _records(path, Fact)
    for fact in ledger.values():
        for key in [*fact.source, *(key for other in fact.alternates for key in other.source)]:
            if key not in sources:
                raise InputError(
                    f"{path}: {fact.key}: source '{key}' is not in the bibliography{nearest(key, sources)}"
                )
    return ledger


def _searched(fact: Fact) -> str:
    parts = [fact.key, fact.what, shown(fact.value, fact.unit), str(fact.value), fact.unit, fact.date, fact.standing]
    return " ".join([*parts, *fact.source, *fact.flags, fact.note or "", fact.held_by or ""]).casefold()


def _records(path: Path, kind: type[_R]) -> Mapping[str, _R]:
    read(path)  # every key once, no tags
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(data, dict) or not data:
        raise InputError(f"{path}: is not a block of keys")
    found: dict[str, _R] = {}
    for key, entry in data.items():
        try:
            if not isinstance(entry, dict) or "key" in entry:
                raise InputError(f"{path}: {key} is not a block of known keys")
            found[key] = kind.model_validate({"key": key, **entry})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in (key, *first["loc"]))
            raise InputError(f"{path}: {place}: {first['msg']}") from None
    return MappingProxyType(found)
