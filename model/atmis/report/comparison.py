"""The report of a folder of `atmis compare`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.analysis.comparison import Difference, Opening, Spillover, SurvivalRow
from atmis.analysis.comparison.spans import WHOLE_RUN
from atmis.plots.common.dates import format_date
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.comparison.forest import HEADLINES
from atmis.report import about, figures, sentences, worlds
from atmis.report.folder import read_rows, scenario_config, verified_manifest
from atmis.report.numbers import Number, number, percent
from atmis.report.sentences import FormattedDifference, Rows
from atmis.report.worlds import WorldDesign
from atmis.scenario.difference import changed_parts
from atmis.scenario.errors import InputError
from atmis.storage.tables import cell

_GROUPED = ("attacks", "deaths_civilians", "displaced", "handed_over_bases_held_share")  # also shown by group of zones


@dataclass(frozen=True)
class _ComparedScenario:
    """A scenario of the comparison, the baseline included."""

    name: str  # as in the tables
    config: Mapping[str, Any]
    replicates: int
    seed: int


def page_data(folder: Path) -> dict[str, Any]:
    """Variables of the template for a comparison. Raises InputError if the folder is not complete."""
    manifest = verified_manifest(folder)
    try:
        sides = [
            _compared_scenario(name, entry, manifest["config"]["theatre"])
            for name, entry in manifest["compared"].items()
        ]
        baseline, design = cell(manifest["baseline"]), WorldDesign.of(manifest)
    except (KeyError, TypeError, AttributeError):
        raise InputError(f"{folder} holds no comparison of this version of atmis; compare again") from None
    configs = {side.name: side.config for side in sides}
    others = [side.name for side in sides if side.name != baseline]
    return {
        "baseline": baseline,
        "others": others,
        "sides": [(side, scenario_colour(side.name)) for side in sides],
        "period": about.period(configs[baseline]),
        "differences": about.differences(configs, design),
        "beyond": _beyond_plan(configs, baseline),
        "inputs": about.inputs([configs[baseline], *(configs[name] for name in others)], design),
        "drawn": about.count_drawn(configs.values()),
        "worlds": design,
        "spread": worlds.variance_rows(folder) if design else [],
        "regrets": worlds.regret_tables(folder) if design else [],
        "provenance": about.provenance(manifest),
        "figures": figures.listed_figures(folder),
        **_results(folder, others),
    }


def _compared_scenario(name: str, entry: Mapping[str, Any], theatre: Mapping[str, Any]) -> _ComparedScenario:
    config = scenario_config(entry["config"], theatre)
    return _ComparedScenario(cell(name), config, int(entry["replicates"]), int(entry["seed"]))


def _beyond_plan(configs: Mapping[str, Mapping[str, Any]], baseline: str) -> dict[str, list[str]]:
    """The parts apart from the plan in which scenarios differ from the baseline, of those that do."""
    parts = {name: changed_parts(configs[baseline], config) for name, config in configs.items()}
    return {name: beyond for name, changed in parts.items() if (beyond := [part for part in changed if part != "plan"])}


def _results(folder: Path, others: Sequence[str]) -> dict[str, Any]:
    """Sentences and tables of the results."""
    whole_run = [row for row in read_rows(folder / "comparison.csv", Difference) if row.period == WHOLE_RUN]
    rows = {(row.scenario, row.indicator, row.group): row for row in whole_run}
    spills = [row for row in read_rows(folder / "spillover.csv", Spillover) if row.period == WHOLE_RUN]
    return {
        "answer": sentences.answer_sentences(rows, others),
        "overview": _overview(rows, others),
        "findings": {name: _findings(rows, spills, name) for name in others},
        "details": {name: _details(whole_run, name) for name in others},
        "openings": _opening_table(read_rows(folder / "openings.csv", Opening)),
        "held": [_survival_row(row) for row in read_rows(folder / "survival.csv", SurvivalRow) if row.by == "all"],
    }


def _overview(rows: Rows, others: Sequence[str]) -> dict[str, Any]:
    """The overview table: a row for each scenario, a column for each indicator of the answer."""
    columns = [headline for headline in sentences.ANSWER if (others[0], *headline) in rows]
    cells = {name: [FormattedDifference(rows[name, *headline]) for headline in columns] for name in others}
    return {"columns": [difference.heading for difference in cells[others[0]]], "cells": cells}


def _findings(rows: Rows, spills: Sequence[Spillover], name: str) -> list[tuple[str, str, Any]]:
    """Heading, verdict and sentence of each finding on a scenario."""
    headline_rows = [rows[name, *headline] for headline in HEADLINES if (name, *headline) in rows]
    findings = [
        (FormattedDifference(row).heading, row.verdict, sentences.describe_difference(row)) for row in headline_rows
    ]
    own_spills = [
        row for row in spills if (row.scenario, row.indicator, row.somali_side) == (name, "attacks", "somalia")
    ]
    return findings + [
        ("Spill-over over the border, attacks", "", sentences.describe_spillover(row)) for row in own_spills
    ]


def _details(rows: Sequence[Difference], name: str) -> list[FormattedDifference]:
    """All headline differences of a scenario."""
    return [FormattedDifference(row) for row in rows if row.scenario == name and _is_headline(row)]


def _is_headline(row: Difference) -> bool:
    return row.group == "all" or row.indicator in _GROUPED or row.indicator.startswith("border_")


def _opening_table(rows: Sequence[Opening]) -> dict[str, list[dict[str, Number]]]:
    """When each stage of the border's opening is reached, by scenario."""
    names = dict.fromkeys(row.scenario for row in rows)
    return {name: [_opening(row) for row in rows if row.scenario == name] for name in names}


def _opening(row: Opening) -> dict[str, Number]:
    """A cell of that table, in months: the model does not resolve days."""
    place = {"table": "openings", "scenario": row.scenario, "stage": row.stage}
    months = {column: _month(place, column, getattr(row, column)) for column in ("median", "low_90", "high_90")}
    return {**months, "never": percent(place | {"column": "share_never"}, row.share_never)}


def _month(place: dict[str, str], column: str, day: Any) -> Number:
    text = "never" if day is None else format_date(day, day_known=False)
    return Number(text, cell(day), "month", 0, 1, place | {"column": column})


def _survival_row(row: SurvivalRow) -> dict[str, Any]:
    """Share of the bases handed over that hold for a year."""
    place = {"table": "survival", "scenario": row.scenario, "by": row.by, "who": row.who}
    shares = {
        column: None if share is None else percent(place | {"column": column}, share, 1)
        for column, share in (("share", row.share), ("low_95", row.low_95), ("high_95", row.high_95))
    }
    return {"scenario": row.scenario, "bases": number(place | {"column": "bases"}, row.bases, "plain"), **shares}
