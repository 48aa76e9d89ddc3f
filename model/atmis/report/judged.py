"""Shared parts of the reports that judge the model: of a scorecard, a backtest, a calibration."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.plots.common.scenario_style import scenario_colour
from atmis.report import about, figures
from atmis.report.folder import scenario_config, verified_manifest
from atmis.report.numbers import Number, Sentence, number
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

Cell = str | Number | Sentence | None


@dataclass(frozen=True)
class PageTable:
    """A table of the page."""

    name: str  # part of the id of its caption
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class JudgedPage:
    """The parts of such a page that differ between them."""

    title: str
    question: str
    answer: Sequence[Sentence]
    tables: Sequence[PageTable]
    figure_texts: Mapping[str, tuple[str, str]]  # title and caption of figures, by the start of their file name


def page_data(folder: Path, page: JudgedPage) -> dict[str, Any]:
    """Variables of the template for a page. Raises InputError if the folder is not complete."""
    manifest = verified_manifest(folder)
    try:
        stored = {key: manifest["config"][key] for key in Scenario.model_fields}
        config = scenario_config(stored, stored["theatre"])
        name, seed = str(config["scenario"]["name"]), int(manifest["config"]["seed"])
        replicates = int(manifest["config"]["replicates"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{folder} was not left by this version of atmis; make it again") from None
    return {
        "page": page,
        "name": name,
        "config": config,
        "sides": [({"name": name, "replicates": replicates, "seed": seed}, scenario_colour(name))],
        "period": about.period(config),
        "worlds": None,
        "differences": about.differences({name: config}),
        "inputs": about.inputs([config]),
        "drawn": about.count_drawn([config]),
        "provenance": about.provenance(manifest),
        "figures": figures.inline_figures(folder / "figures", _drawn_figures(folder / "figures", page.figure_texts)),
    }


def _drawn_figures(folder: Path, texts: Mapping[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Entries of the figures that exist, in order; some have several pages."""
    for stem, (title, caption) in texts.items():
        for path in sorted(folder.glob(f"{stem}*.png")):
            alt = f"{title}. {caption} The numbers stand in the tables."
            yield {"file": path.stem, "title": title, "caption": caption, "alt": alt}


def row_number(place: Mapping[str, str], row: Any, column: str, beside: Sequence[float | None] = ()) -> Number | None:
    """A number of a row, to three digits of the largest in `beside`; counts are exact, None stays None."""
    value = getattr(row, column)
    if value is None:
        return None
    if isinstance(value, int):
        return number({**place, "column": column}, value, "plain")
    largest = max(abs(other) for other in (value, *beside) if other is not None)
    digits = 2 - math.floor(math.log10(largest)) if largest else 0
    return number({**place, "column": column}, value, "plain", min(digits, 6))


def exact_number(place: Mapping[str, str], row: Any, column: str) -> Number | None:
    """A number of a row with all its decimals; None stays None."""
    value = getattr(row, column)
    _, _, decimals = f"{value:g}".partition(".") if value is not None else ("", "", "")
    return None if value is None else number({**place, "column": column}, value, "plain", len(decimals))


def row_interval(place: Mapping[str, str], row: Any, low: str, high: str) -> Cell:
    """Two numbers of a row joined by `to`; one number where both are equal, None where one is missing."""
    values = getattr(row, low), getattr(row, high)
    return _from_to(*(row_number(place, row, column, values) for column in (low, high)))


def exact_interval(place: Mapping[str, str], row: Any, low: str, high: str) -> Cell:
    """The same with all decimals of both numbers."""
    return _from_to(*(exact_number(place, row, column) for column in (low, high)))


def _from_to(first: Number | None, last: Number | None) -> Cell:
    if first is None or last is None:
        return None
    return first if first.value == last.value else (first, " to ", last)
