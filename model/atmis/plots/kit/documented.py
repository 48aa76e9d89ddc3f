"""Documented ceilings and dates, from the ledger of facts: what was decided, never what came of it after March 2022."""

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
_CEILING = "ceiling_20"  # keys of the ledger that begin so are ceilings of uniformed personnel
_SUCCESSOR = ("aussom_start", "aussom_uniformed")


@dataclass(frozen=True)
class Ceiling:
    """Uniformed personnel authorised from a day on."""

    date: date
    people: int


@dataclass(frozen=True)
class Dated:
    """A documented date and what it stands for. `day_known`: false when only the month is."""

    date: date
    text: str
    day_known: bool = True
    assumed: bool = False


def usable() -> dict[str, Fact]:
    """The ledger of facts, without what happened after March 2022."""
    return {key: fact for key, fact in facts().items() if not fact.outcome_after_freeze}


def ceilings() -> list[Ceiling]:
    """Ceilings by date: those of the mission, then that of its successor."""
    ledger = usable()
    found = [Ceiling(_day(fact.date)[0], int(fact.value)) for key, fact in ledger.items() if key.startswith(_CEILING)]
    when, people = _SUCCESSOR
    if when in ledger and people in ledger:
        found.append(Ceiling(_day(ledger[when].value)[0], int(ledger[people].value)))
    return sorted(found, key=lambda ceiling: ceiling.date)


def dates(keys: Iterable[str]) -> list[Dated]:
    """Dates of the ledger by their keys, in order of time; keys that it lacks are passed over."""
    ledger = usable()
    found = []
    for key in keys:
        if key in ledger:
            day, known = _day(ledger[key].value)
            text = str(ledger[key].what)
            found.append(Dated(day, text[:1].upper() + text[1:], known, ledger[key].standing == "assumed"))
    return sorted(found, key=lambda dated: dated.date)


def _day(value: Any) -> tuple[date, bool]:
    """A date, and whether the day is known: the ledger holds days and months (2022-08)."""
    if isinstance(value, date):
        return value, True
    text = str(value)
    known = len(text) == len("2022-08-01")
    return date.fromisoformat(text if known else f"{text}-01"), known
