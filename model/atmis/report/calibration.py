"""The report of a folder of `atmis calibrate`."""

from pathlib import Path
from typing import Any

from atmis.analysis.calibration.checks import PosteriorSummary, PredictiveCheck, RankCheck
from atmis.report import judged
from atmis.report.folder import read_rows
from atmis.report.judged import Cell, JudgedPage, PageTable, row_number
from atmis.report.numbers import Number, Sentence, number

_FIGURES = {
    "parameters": ("What the record tells of each parameter", "The 90 % interval after, within the range before."),
    "patterns": ("Do runs look like the record?", "Each pattern of the record against the bands of the runs."),
    "ranks": ("Are the intervals honest?", "Share of 90 % intervals that hold the true value."),
}


def page_data(folder: Path) -> dict[str, Any]:
    """Variables of the template for a calibration. Raises InputError if the folder is not complete."""
    learnt = read_rows(folder / "parameters.csv", PosteriorSummary)
    checks, ranks = read_rows(folder / "patterns.csv", PredictiveCheck), read_rows(folder / "ranks.csv", RankCheck)
    tables = [
        PageTable("patterns", "Patterns of the record, and runs of the draws", ("Pattern", "Record", "Median of runs",
              "90 % of runs", "Record is inside"), [_check_cells(row) for row in checks]),
        PageTable("parameters", "Parameters before and after", ("Parameter", "Range before", "Median after",
              "90 % interval after", "Informed"), [_parameter_cells(row) for row in learnt]),
        PageTable("ranks", "Runs taken for the record, one after the other", ("Parameter", "Runs",
              "90 % intervals that hold the true value", "p of ranks as uneven"), [_rank_cells(row) for row in ranks]),
    ]  # fmt: skip
    question = (
        "Which parameters make runs look like the record of these years, and what does the record not tell? What is "
        "not informed keeps the range that it had before."
    )
    return judged.page_data(folder, JudgedPage("Calibration", question, _answer(checks, learnt), tables, _FIGURES))


def _answer(checks: list[PredictiveCheck], learnt: list[PosteriorSummary]) -> list[Sentence]:
    inside = _count("patterns", "inside", sum(row.inside for row in checks))
    informed = _count("parameters", "informed", sum(row.informed for row in learnt))
    return [
        (inside, f" of {len(checks)} patterns of the record lie in the band that holds nine runs of the draws in ten."),
        ("The record informs ", informed, f" of {len(learnt)} parameters."),
    ]


def _count(table: str, column: str, count: int) -> Number:
    return number({"table": table, column: "true", "column": "count"}, count, "plain")


def _check_cells(row: PredictiveCheck) -> list[Cell]:
    place, beside = {"table": "patterns", "pattern": row.pattern}, (row.q05, row.q95)
    record, middle = (row_number(place, row, column, beside) for column in ("observed", "median"))
    return [row.pattern, record, middle, judged.row_interval(place, row, "q05", "q95"), "yes" if row.inside else "no"]


def _parameter_cells(row: PosteriorSummary) -> list[Cell]:
    place = {"table": "parameters", "parameter": row.parameter}
    before, after = judged.row_interval(place, row, "low", "high"), judged.row_interval(place, row, "q05", "q95")
    return [
        row.parameter,
        before,
        row_number(place, row, "median", (row.q05, row.q95)),
        after,
        "yes" if row.informed else "no",
    ]


def _rank_cells(row: RankCheck) -> list[Cell]:
    place = {"table": "ranks", "parameter": row.parameter}
    return [row.parameter, *(row_number(place, row, column) for column in ("tests", "covered_90", "p_value"))]
