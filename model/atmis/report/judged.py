"""What the reports of folders have in common that judge the model: a scorecard, a backtest, a calibration."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.plots.kit import looks
from atmis.report import about, figures
from atmis.report.folder import manifest, scenario
from atmis.report.numbers import Number, Sentence, number
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

Cell = str | Number | Sentence | None


@dataclass(frozen=True)
class Shown:
    """A table of the page."""

    name: str  # of its caption, in the page
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Page:
    """What such a page says of its own."""

    title: str
    asked: str
    answer: Sequence[Sentence]
    tables: Sequence[Shown]
    drawn: Mapping[str, tuple[str, str]]  # figures by the beginning of their name: title, and what there is to see


def told(folder: Path, page: Page) -> dict[str, Any]:
    """What the page shows. Raises InputError when the folder is not complete."""
    made = manifest(folder)
    try:
        told_of = {key: made["config"][key] for key in Scenario.model_fields}
        config = scenario(told_of, told_of["theatre"])
        name, seed = str(config["scenario"]["name"]), int(made["config"]["seed"])
        replicates = int(made["config"]["replicates"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{folder} was not left by this version of atmis; make it again") from None
    return {
        "page": page,
        "name": name,
        "config": config,
        "sides": [({"name": name, "replicates": replicates, "seed": seed}, looks.colour(name))],
        "period": about.period(config),
        "worlds": None,
        "differences": about.differences({name: config}),
        "inputs": about.inputs([config]),
        "drawn": about.drawn([config]),
        "making": about.making(made),
        "figures": figures.inlined(folder / "figures", _drawn(folder / "figures", page.drawn)),
    }


def _drawn(folder: Path, told: Mapping[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    """The figures that were drawn, in their order; some take several pages."""
    for stem, (title, caption) in told.items():
        for path in sorted(folder.glob(f"{stem}*.png")):
            alt = f"{title}. {caption} The numbers stand in the tables."
            yield {"file": path.stem, "title": title, "caption": caption, "alt": alt}


def shown(place: Mapping[str, str], row: Any, column: str, beside: Sequence[float | None] = ()) -> Number | None:
    """A number of a row in three digits of the largest beside it, a count as it is, nothing where there is none."""
    value = getattr(row, column)
    if value is None:
        return None
    if isinstance(value, int):
        return number({**place, "column": column}, value, "plain")
    largest = max(abs(one) for one in (value, *beside) if one is not None)
    digits = 2 - math.floor(math.log10(largest)) if largest else 0
    return number({**place, "column": column}, value, "plain", min(digits, 6))


def written(place: Mapping[str, str], row: Any, column: str) -> Number | None:
    """A number of a row with as many decimals as it has."""
    value = getattr(row, column)
    _, _, decimals = f"{value:g}".partition(".") if value is not None else ("", "", "")
    return None if value is None else number({**place, "column": column}, value, "plain", len(decimals))


def interval(place: Mapping[str, str], row: Any, low: str, high: str) -> Cell:
    """Two numbers of a row with `to` between them; one where both are the same, nothing where there are none."""
    values = getattr(row, low), getattr(row, high)
    return _from_to(*(shown(place, row, column, values) for column in (low, high)))


def written_interval(place: Mapping[str, str], row: Any, low: str, high: str) -> Cell:
    """The same with as many decimals as they have."""
    return _from_to(*(written(place, row, column) for column in (low, high)))


def _from_to(first: Number | None, last: Number | None) -> Cell:
    if first is None or last is None:
        return None
    return first if first.value == last.value else (first, " to ", last)
