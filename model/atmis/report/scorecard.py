"""The report of a folder of `atmis scorecard`, and the summary in all reports of the scorecard shipped with atmis."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atmis.analysis.scorecard import FAIL, NOT_COMPARED, PASS, ScorecardRow
from atmis.analysis.scorecard.markdown import IN_SAMPLE, STAR, TITLES, regularity_label
from atmis.analysis.scorecard.outputs import TABLE
from atmis.report import judged
from atmis.report.folder import read_rows
from atmis.report.judged import Cell, JudgedPage, PageTable
from atmis.report.numbers import Number, Sentence, number
from atmis.scenario.compose import conf_folder

_COLUMNS = ("Regularity", "Verdict", "What", "Figure", "Median of runs", "90 % of runs", "Unit", "Why, or what differs")
_CAPTION = "Each figure against the band of the runs, on the scale of the band."
_FIGURES = {
    "on_record": ("Events in time and their deaths", _CAPTION),
    "attacks": ("Deaths, levels, targets and bases", _CAPTION),
}
SHIPPED = conf_folder() / "scored" / f"{TABLE}.csv"


def shipped_rows() -> list[ScorecardRow]:
    """The rows of the scorecard that comes with atmis; empty if there is none."""
    return read_rows(SHIPPED, ScorecardRow) if SHIPPED.is_file() else []


def shipped_summary() -> dict[str, Any] | None:
    """Counts of the scorecard that comes with atmis, by regularity, failures first; None if there is none."""
    rows = shipped_rows()
    if not rows:
        return None
    by_number: dict[str, list[ScorecardRow]] = {}
    for row in rows:
        by_number.setdefault(row.regularity, []).append(row)
    first = next(row for row in rows if row.runs)
    return {
        "counts": _counts(rows),
        "scenario": first.scenario,
        "draws": first.draws,
        "rows": [(name, TITLES[name], _counts(part)) for name, part in by_number.items()],
    }


def _counts(rows: Sequence[ScorecardRow]) -> list[int]:
    return [sum(row.verdict == verdict for row in rows) for verdict in (FAIL, PASS, NOT_COMPARED)]


def page_data(folder: Path) -> dict[str, Any]:
    """Variables of the template for a scorecard. Raises InputError if the folder is not complete."""
    rows = read_rows(folder / f"{TABLE}.csv", ScorecardRow)
    note = (
        f"Pass: the figure, as precisely as it is given, lies in the band that holds nine runs in ten; of a range, "
        f"part of it does. {STAR}: measured on months that reach beyond March 2022, a check of shape. {IN_SAMPLE} "
        f"Nothing was tuned by this table."
    )
    table = PageTable("scored", "Regularities and runs, failures first", _COLUMNS, [_cells(row) for row in rows], note)
    question = (
        "Do runs look like what is known of these years: levels, quiet months, memory, deaths, targets, bases? Each "
        "figure of each regularity stands here, also where the model fails and where nothing can be compared."
    )
    return judged.page_data(folder, JudgedPage("Scorecard", question, [_answer(rows)], [table], _FIGURES))


def _answer(rows: Sequence[ScorecardRow]) -> Sentence:
    passed, failed, neither = (_count(rows, verdict) for verdict in (PASS, FAIL, NOT_COMPARED))
    return ("Of the figures ", passed, " pass, ", failed, " fail, and ", neither, " cannot be compared.")


def _count(rows: Sequence[ScorecardRow], verdict: str) -> Number:
    place = {"table": TABLE, "verdict": verdict, "column": "count"}
    return number(place, sum(row.verdict == verdict for row in rows), "plain")


def _cells(row: ScorecardRow) -> list[Cell]:
    place = {"table": TABLE, "pattern": row.pattern}
    figure = judged.exact_interval(place, row, "target_low", "target_high")
    middle = judged.row_number(place, row, "median", (row.low, row.high))
    band = judged.row_interval(place, row, "low", "high")
    return [regularity_label(row), row.verdict, row.what, figure, middle, band, row.unit, row.why]
