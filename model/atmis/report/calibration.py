"""The report of a folder of `atmis calibrate`."""

from pathlib import Path
from typing import Any

from atmis.analysis.calibration.checks import Check, Learnt, Rank
from atmis.report import judged
from atmis.report.folder import rows
from atmis.report.judged import Cell, Page, Shown, shown
from atmis.report.numbers import Number, Sentence, number

_DRAWN = {
    "parameters": ("What the record tells of each parameter", "The 90 % interval after, within the range before."),
    "patterns": ("Do runs look like the record?", "Each pattern of the record against the bands of the runs."),
    "ranks": ("Are the intervals honest?", "Share of 90 % intervals that hold the true value."),
}


def told(folder: Path) -> dict[str, Any]:
    """What the page shows of a calibration. Raises InputError when the folder is not complete."""
    learnt = rows(folder / "parameters.csv", Learnt)
    checks, ranks = rows(folder / "patterns.csv", Check), rows(folder / "ranks.csv", Rank)
    tables = [
        Shown("patterns", "Patterns of the record, and runs of the draws", ("Pattern", "Record", "Median of runs",
              "90 % of runs", "Record is inside"), [_of_check(row) for row in checks]),
        Shown("parameters", "Parameters before and after", ("Parameter", "Range before", "Median after",
              "90 % interval after", "Informed"), [_of_learnt(row) for row in learnt]),
        Shown("ranks", "Runs taken for the record, one after the other", ("Parameter", "Runs",
              "90 % intervals that hold the true value", "p of ranks as uneven"), [_of_rank(row) for row in ranks]),
    ]  # fmt: skip
    asked = (
        "Which parameters make runs look like the record of these years, and what does the record not tell? What is "
        "not informed keeps the range that it had before."
    )
    return judged.told(folder, Page("Calibration", asked, _answer(checks, learnt), tables, _DRAWN))


def _answer(checks: list[Check], learnt: list[Learnt]) -> list[Sentence]:
    inside = _count("patterns", "inside", sum(row.inside for row in checks))
    informed = _count("parameters", "informed", sum(row.informed for row in learnt))
    return [
        (inside, f" of {len(checks)} patterns of the record lie in the band that holds nine runs of the draws in ten."),
        ("The record informs ", informed, f" of {len(learnt)} parameters."),
    ]


def _count(table: str, column: str, count: int) -> Number:
    return number({"table": table, column: "true", "column": "count"}, count, "plain")


def _of_check(row: Check) -> list[Cell]:
    place, beside = {"table": "patterns", "pattern": row.pattern}, (row.q05, row.q95)
    record, middle = (shown(place, row, column, beside) for column in ("observed", "median"))
    return [row.pattern, record, middle, judged.interval(place, row, "q05", "q95"), "yes" if row.inside else "no"]


def _of_learnt(row: Learnt) -> list[Cell]:
    place = {"table": "parameters", "parameter": row.parameter}
    before, after = judged.interval(place, row, "low", "high"), judged.interval(place, row, "q05", "q95")
    return [
        row.parameter,
        before,
        shown(place, row, "median", (row.q05, row.q95)),
        after,
        "yes" if row.informed else "no",
    ]


def _of_rank(row: Rank) -> list[Cell]:
    place = {"table": "ranks", "parameter": row.parameter}
    return [row.parameter, *(shown(place, row, column) for column in ("tests", "covered_90", "p_value"))]
