"""The report of a folder of `atmis compare`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.analysis.comparison import Difference, Held, Opening, Spillover
from atmis.analysis.comparison.spans import WHOLE_RUN
from atmis.plots.comparison.forest import HEADLINES
from atmis.plots.kit import looks
from atmis.plots.kit.dates import in_words
from atmis.report import about, figures, sentences, worlds
from atmis.report.folder import manifest, rows, scenario
from atmis.report.numbers import Number, number, percent
from atmis.report.sentences import Rows, Told
from atmis.report.worlds import Worlds
from atmis.scenario.errors import InputError
from atmis.storage.tables import cell

_GROUPED = ("attacks", "deaths_civilians", "displaced", "handed_over_bases_held_share")  # told by group of zones too


@dataclass(frozen=True)
class _Side:
    """One of the scenarios that are compared."""

    name: str  # as the tables have it
    config: Mapping[str, Any]
    replicates: int
    seed: int


def told(folder: Path) -> dict[str, Any]:
    """What the page shows of a comparison. Raises InputError when the folder is not complete."""
    made = manifest(folder)
    try:
        sides = [_side(name, one, made["config"]["theatre"]) for name, one in made["compared"].items()]
        baseline, across = cell(made["baseline"]), Worlds.of(made)
    except (KeyError, TypeError, AttributeError):
        raise InputError(f"{folder} holds no comparison of this version of atmis; compare again") from None
    configs = {side.name: side.config for side in sides}
    others = [side.name for side in sides if side.name != baseline]
    return {
        "baseline": baseline,
        "others": others,
        "sides": [(side, looks.colour(side.name)) for side in sides],
        "period": about.period(configs[baseline]),
        "differences": about.differences(configs, across),
        "inputs": about.inputs([configs[baseline], *(configs[name] for name in others)], across),
        "drawn": about.drawn(configs.values()),
        "worlds": across,
        "spread": worlds.spread(folder) if across else [],
        "regrets": worlds.regrets(folder) if across else [],
        "making": about.making(made),
        "figures": figures.listed(folder),
        **_found(folder, others),
    }


def _side(name: str, told: Mapping[str, Any], theatre: Mapping[str, Any]) -> _Side:
    return _Side(cell(name), scenario(told["config"], theatre), int(told["replicates"]), int(told["seed"]))


def _found(folder: Path, others: Sequence[str]) -> dict[str, Any]:
    """What came out: sentences and tables."""
    whole = [row for row in rows(folder / "comparison.csv", Difference) if row.period == WHOLE_RUN]
    found = {(row.scenario, row.indicator, row.group): row for row in whole}
    spills = [row for row in rows(folder / "spillover.csv", Spillover) if row.period == WHOLE_RUN]
    return {
        "answer": sentences.answer(found, others),
        "overview": _overview(found, others),
        "findings": {name: _findings(found, spills, name) for name in others},
        "details": {
            name: [Told(row) for row in whole if row.scenario == name and _is_headline(row)] for name in others
        },
        "openings": _openings(rows(folder / "openings.csv", Opening)),
        "held": [_held(row) for row in rows(folder / "survival.csv", Held) if row.by == "all"],
    }


def _overview(found: Rows, others: Sequence[str]) -> dict[str, Any]:
    """A row for each scenario, a column for each indicator of the answer."""
    columns = [what for what in sentences.ANSWER if (others[0], *what) in found]
    cells = {name: [Told(found[name, *what]) for what in columns] for name in others}
    return {"columns": [one.heading for one in cells[others[0]]], "cells": cells}


def _findings(found: Rows, spills: Sequence[Spillover], name: str) -> list[tuple[str, str, Any]]:
    """Heading, verdict and sentence of what is told of a scenario."""
    kept = [found[name, *what] for what in HEADLINES if (name, *what) in found]
    told = [(Told(row).heading, row.verdict, sentences.finding(row)) for row in kept]
    mine = [row for row in spills if (row.scenario, row.indicator, row.somali_side) == (name, "attacks", "somalia")]
    return told + [("Spill-over over the border, attacks", "", sentences.spillover(row)) for row in mine]


def _is_headline(row: Difference) -> bool:
    return row.group == "all" or row.indicator in _GROUPED or row.indicator.startswith("border_")


def _openings(found: Sequence[Opening]) -> dict[str, list[dict[str, Number]]]:
    """When the stages of the opening of the border are reached, by scenario."""
    names = dict.fromkeys(row.scenario for row in found)
    return {name: [_opening(row) for row in found if row.scenario == name] for name in names}


def _opening(row: Opening) -> dict[str, Number]:
    """Months, for the model resolves no days."""
    place = {"table": "openings", "scenario": row.scenario, "stage": row.stage}
    months = {column: _month(place, column, getattr(row, column)) for column in ("median", "low_90", "high_90")}
    return {**months, "never": percent(place | {"column": "share_never"}, row.share_never)}


def _month(place: dict[str, str], column: str, day: Any) -> Number:
    shown = "never" if day is None else in_words(day, known=False)
    return Number(shown, cell(day), "month", 0, 1, place | {"column": column})


def _held(row: Held) -> dict[str, Any]:
    """How many bases hold for a year after their handover."""
    place = {"table": "survival", "scenario": row.scenario, "by": row.by, "who": row.who}
    shares = {
        column: None if share is None else percent(place | {"column": column}, share, 1)
        for column, share in (("share", row.share), ("low_95", row.low_95), ("high_95", row.high_95))
    }
    return {"scenario": row.scenario, "bases": number(place | {"column": "bases"}, row.bases, "plain"), **shares}
