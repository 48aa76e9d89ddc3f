"""The base class of all records, and the types of their fields."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Sourcing = Literal["documented", "estimated", "assumed"]

_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


class StrictRecord(BaseModel):
    """A frozen record: every key known and present, every number finite and in its range."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True, populate_by_name=True)


def quantity_field(what: str, unit: str, sourcing: Sourcing, source: str | list[str], **bounds: Any) -> Any:
    """A field for a number: its meaning, unit, sourcing, sources, and range (ge, gt, le, lt)."""
    sources = [source] if isinstance(source, str) else source
    return Field(
        description=what, json_schema_extra={"unit": unit, "class": sourcing, "source": list(sources)}, **bounds
    )


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _calendar_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != len("2022-04-01"):
        raise ValueError("is not a date of the form 2022-04-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day of the calendar (form 2022-04-01)") from None


def _in_range(value: date) -> date:
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError(f"must lie between {_EARLIEST} and {_LATEST}")
    return value


def _in_order_of_names(value: Any) -> Any:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        return value
    return {name: value[name] for name in sorted(value) if value[name] is not None}


Number = Annotated[float, BeforeValidator(_float)]
Date = Annotated[date, BeforeValidator(_calendar_date), AfterValidator(_in_range)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
MONTH, SHA256 = r"^(19|20)\d\d-(0[1-9]|1[0-2])$", "^[0-9a-f]{64}$"
Month = Annotated[str, Field(pattern=MONTH)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
# Entries by name. Their order in YAML has no meaning; an overlay removes an entry by writing null.
Entries = BeforeValidator(_in_order_of_names)
Sources = Annotated[list[Id], Field(min_length=1)]


class Sourced(StrictRecord):
    """A record whose numbers share one sourcing (`class` in YAML) and one list of sources."""

    sourcing: Sourcing = Field(alias="class", description="how the figures are known")
    source: Sources = Field(description="keys of conf/facts/bibliography.yaml or ledger.yaml")
    note: Text | None = Field(default=None, description="what a reader should know")


def days_between(first: date, second: date) -> int:
    """Days from the first date to the second."""
    return (second - first) // timedelta(days=1)
