"""The facts ledger and its bibliography: every documented figure with unit, date, sourcing and source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.compose import conf_folder
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.fields import Id, Sources, Sourcing, StrictRecord, Text
from atmis.scenario.reading import read_yaml

Kind = Literal["press", "resolution", "report", "article", "dataset", "handbook", "background", "judgement"]
FLAGS = {
    "shape_check_only": "shape check only: measured over a window that overlaps the hold-out",
    "outcome_after_freeze": "outcome after March 2022: never read by the model",
}
_PLAIN_UNITS = ("year", "date", "text", "degrees")  # no thousands separator in these
_R = TypeVar("_R", bound=BaseModel)


def _freeze(value: Any) -> Any:
    """A value of a fact made immutable: lists become tuples, blocks read-only mappings."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: _freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_freeze(item) for item in value)
    if value is None or value == "" or not isinstance(value, str | int | float | date):
        raise ValueError("is not a number, a date, a text, or a list or block of these")
    if isinstance(value, float) and value - value != 0.0:
        raise ValueError("is not finite")
    return value


def _date_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# A number, a date or a text, a tuple of them, or a read-only mapping.
FactValue = Annotated[Any, BeforeValidator(_freeze)]
When = Annotated[str, BeforeValidator(_date_text), Field(min_length=1, max_length=100)]


class Alternate(StrictRecord):
    """A figure that differs from the one in use."""

    value: FactValue
    source: Sources
    note: Text | None = None


class Fact(StrictRecord):
    """A figure in the ledger."""

    key: Id
    what: Text
    value: FactValue
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    date: When = Field(description="of the figure, as its source gives it")
    sourcing: Sourcing = Field(alias="class")
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


class BibliographyEntry(StrictRecord):
    """An entry in the bibliography."""

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
    def _check_date(self) -> "BibliographyEntry":
        if (self.date is None) == (self.year is None):
            raise ValueError("needs either a date or a year")
        return self


@dataclass(frozen=True)
class FactRow:
    """A fact as a row of a table, all fields as text."""

    key: str
    what: str
    value: str
    unit: str
    date: str
    sourcing: str
    source: str
    flags: str


@cache
def facts() -> Mapping[str, Fact]:
    """The ledger by key, in the order of the file. Raises InputError when the file is not valid."""
    return read_ledger(conf_folder() / "facts" / "ledger.yaml", bibliography())


@cache
def bibliography() -> Mapping[str, BibliographyEntry]:
    """The bibliography by key, in the order of the file. Raises InputError when the file is not valid."""
    return _records(conf_folder() / "facts" / "bibliography.yaml", BibliographyEntry)


def find(pattern: str = "") -> list[Fact]:
    """Facts with every word of the pattern in their key, description, value, unit, date, class, source or note."""
    words = pattern.casefold().split()
    return [fact for fact in facts().values() if all(word in _searchable_text(fact) for word in words)]


def table(entries: Iterable[Fact]) -> list[FactRow]:
    """Facts as rows of a table."""
    return [
        FactRow(
            key=fact.key,
            what=fact.what,
            value=format_value(fact.value, fact.unit),
            unit="" if fact.unit in ("-", "text") else fact.unit,
            date=fact.date,
            sourcing=fact.sourcing,
            source=", ".join(fact.source),
            flags="; ".join(FLAGS[flag] for flag in fact.flags),
        )
        for fact in entries
    ]


def format_value(value: Any, unit: str) -> str:
    """A value as a reader would write it: 19,626 for troops, but 2011 for a year."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {format_value(item, unit)}" for name, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(format_value(item, unit) for item in value)
    if isinstance(value, int) and not isinstance(value, bool) and unit not in _PLAIN_UNITS:
        return f"{value:,}"
    return str(value)


def citation(source: BibliographyEntry) -> str:
    """An entry of the bibliography on one line."""
    parts = [
        ", ".join(source.authors),
        str(source.year or source.date or ""),
        source.title,
        source.where,
        source.licence,
    ]
    return ". ".join(part for part in parts if part)


def read_ledger(path: AnyPath, sources: Mapping[str, BibliographyEntry]) -> Mapping[str, Fact]:
    """Read a ledger. Raises InputError when it is not valid, or a source is not in the bibliography."""
    ledger = _records(as_path(path, "path"), Fact)
    for fact in ledger.values():
        for key in [*fact.source, *(key for other in fact.alternates for key in other.source)]:
            if key not in sources:
                raise InputError(
                    f"{path}: {fact.key}: source '{key}' is not in the bibliography{suggest(key, sources)}"
                )
    return ledger


def _searchable_text(fact: Fact) -> str:
    parts = [
        fact.key,
        fact.what,
        format_value(fact.value, fact.unit),
        str(fact.value),
        fact.unit,
        fact.date,
        fact.sourcing,
    ]
    return " ".join([*parts, *fact.source, *fact.flags, fact.note or "", fact.held_by or ""]).casefold()


def _records(path: Path, kind: type[_R]) -> Mapping[str, _R]:
    read_yaml(path)  # every key once, no tags
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(data, dict) or not data:
        raise InputError(f"{path}: is not a block of keys")
    entries: dict[str, _R] = {}
    for key, entry in data.items():
        try:
            if not isinstance(entry, dict) or "key" in entry:
                raise InputError(f"{path}: {key} is not a block of known keys")
            entries[key] = kind.model_validate({"key": key, **entry})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in (key, *first["loc"]))
            raise InputError(f"{path}: {place}: {first['msg']}") from None
    return MappingProxyType(entries)
