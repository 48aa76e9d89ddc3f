"""The report of a folder of `atmis backtest`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atmis.analysis.backtest.rows import Score
from atmis.report import judged
from atmis.report.folder import read_rows
from atmis.report.judged import Cell, JudgedPage, PageTable
from atmis.report.numbers import Sentence

_COLUMNS = (
    "Zones", "Months", "Fit to", "Months scored", "Came, mean", "Bias", "CRPS of the model", "Best of five forecasts",
    "Skill over it", "95 % interval", "50 % band holds", "90 % band holds", "Verdict",
)  # fmt: skip
_FIGURES = {
    "observed": ("What came, and what the model says", "Counts by month against the bands of the runs."),
    "pit": ("Are the bands right?", "Where the counts lie in the forecasts: even where the forecasts are right."),
}


def page_data(folder: Path) -> dict[str, Any]:
    """Variables of the template for a backtest. Raises InputError if the folder is not complete."""
    rows = read_rows(folder / "scores.csv", Score)
    note = (
        "CRPS, in attacks, is how far a forecast lies from what came: smaller is better. Skill is 1 less the CRPS of "
        "the model over that of the best of five forecasts that know history only, chosen after the fact and so the "
        "hardest to beat."
    )
    table = PageTable("scores", "Attacks on record by month", _COLUMNS, [_cells(row) for row in rows], note)
    question = (
        "Is the model a better forecast of attacks on record than their history? Parameters were set knowing counts up "
        "to March 2022, so in earlier months the model has seen what it is scored on."
    )
    return judged.page_data(folder, JudgedPage("Backtest", question, _answer(rows), [table], _FIGURES))


def _answer(rows: Sequence[Score]) -> list[Sentence]:
    """A sentence for each group of zones, and for the mean over zones."""
    return [_sentence(row) for row in rows if row.kind != "zone"]


def _sentence(row: Score) -> Sentence:
    crps = judged.row_number(_place(row), row, "model_crps")
    assert crps is not None
    return (
        f"{_zone_name(row)}, {row.window_start} to {row.window_end}: ",
        row.verdict,
        "; the mean CRPS is ",
        crps,
        " attacks.",
    )


def _cells(row: Score) -> list[Cell]:
    place = _place(row)
    numbers = [judged.row_number(place, row, column) for column in ("n_months", "observed_mean", "bias", "model_crps")]
    coverages = [judged.row_number(place, row, column) for column in ("coverage_50", "coverage_90")]
    skill = judged.row_number(place, row, "skill", (row.skill_low_95, row.skill_high_95))
    interval = judged.row_interval(place, row, "skill_low_95", "skill_high_95")
    best = (row.best_baseline or "").replace("_", " ")
    months = f"{row.window_start} to {row.window_end}"
    return [_zone_name(row), months, row.fit_to, *numbers, best, skill, interval, *coverages, row.verdict]


def _zone_name(row: Score) -> str:
    return row.zone.replace("_", " ")


def _place(row: Score) -> dict[str, str]:
    return {"table": "scores", "zone": row.zone, "fit_to": row.fit_to}
