"""Documented ceilings and dates from the ledger of facts: decisions only, never outcomes after March 2022."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from atmis.facts import Fact, facts

TROOP_DATES = ("somali_offensive_start", "pause_requested", "pause_granted", "aussom_start")
BORDER_DATES = (
    "somali_offensive_start",
    "border_reopening_agreed",
    "phase_1_actual",
    "border_reopening_postponed",
    "us_kenya_agreement_signed",
    "phase_2_actual",
    "phase_3_first_half",
    "phase_3_complete",
    "ras_kamboni_clash",
    "aussom_start",
)
_CEILING = "ceiling_20"  # prefix of the ledger's keys of ceilings of uniformed personnel
_SUCCESSOR = ("aussom_start", "aussom_uniformed")


@dataclass(frozen=True)
class Ceiling:
    """A ceiling of uniformed personnel, in force from a date on."""

    date: date
    personnel: int


@dataclass(frozen=True)
class DocumentedDate:
    """A documented date and what it stands for; `day_known` is false where only the month is known."""

    date: date
    text: str
    day_known: bool = True
    assumed: bool = False


def usable_facts() -> dict[str, Fact]:
    """The ledger of facts without outcomes after March 2022."""
    return {key: fact for key, fact in facts().items() if not fact.outcome_after_freeze}


def ceilings() -> list[Ceiling]:
    """Ceilings of the mission and that of its successor, by date."""
    ledger = usable_facts()
    rows = [
        Ceiling(_parse_day(fact.date)[0], int(fact.value)) for key, fact in ledger.items() if key.startswith(_CEILING)
    ]
    start, personnel = _SUCCESSOR
    if start in ledger and personnel in ledger:
        rows.append(Ceiling(_parse_day(ledger[start].value)[0], int(ledger[personnel].value)))
    return sorted(rows, key=lambda ceiling: ceiling.date)


def dates(keys: Iterable[str]) -> list[DocumentedDate]:
    """Dates of the ledger by their keys, in order of time; keys that are not in the ledger are skipped."""
    ledger = usable_facts()
    rows = []
    for key in keys:
        if key in ledger:
            day, day_known = _parse_day(ledger[key].value)
            text = str(ledger[key].what)
            rows.append(DocumentedDate(day, text[:1].upper() + text[1:], day_known, ledger[key].sourcing == "assumed"))
    return sorted(rows, key=lambda row: row.date)


def _parse_day(value: Any) -> tuple[date, bool]:
    """A date, and whether the day is known: the ledger holds days and months (2022-08)."""
    if isinstance(value, date):
        return value, True
    text = str(value)
    day_known = len(text) == len("2022-08-01")
    return date.fromisoformat(text if day_known else f"{text}-01"), day_known
