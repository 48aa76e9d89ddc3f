"""The report of a folder of `atmis scorecard`, and what every report says of the scorecard that comes with atmis."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atmis.analysis.scorecard import FAIL, NEITHER, PASS, Scored
from atmis.analysis.scorecard.outputs import TABLE
from atmis.analysis.scorecard.texts import IN_SAMPLE, STAR, TITLES, starred
from atmis.report import judged
from atmis.report.folder import rows
from atmis.report.judged import Cell, Page, Shown
from atmis.report.numbers import Number, Sentence, number
from atmis.scenario.compose import conf_folder

_COLUMNS = ("Regularity", "Verdict", "What", "Figure", "Median of runs", "90 % of runs", "Unit", "Why, or what differs")
_SEEN = "Each figure against the band of the runs, on the scale of the band."
_DRAWN = {
    "on_record": ("Events in time and their deaths", _SEEN),
    "attacks": ("Deaths, levels, targets and bases", _SEEN),
}
SHIPPED = conf_folder() / "scored" / f"{TABLE}.csv"


def shipped_rows() -> list[Scored]:
    """The scorecard that comes with atmis, no rows where none does."""
    return rows(SHIPPED, Scored) if SHIPPED.is_file() else []


def shipped() -> dict[str, Any] | None:
    """The scorecard that comes with atmis in short: counts by regularity, what fails first; None: there is none."""
    found = shipped_rows()
    if not found:
        return None
    by_number: dict[str, list[Scored]] = {}
    for row in found:
        by_number.setdefault(row.regularity, []).append(row)
    first = next(row for row in found if row.runs)
    return {
        "counts": _counts(found),
        "scenario": first.scenario,
        "draws": first.draws,
        "rows": [(name, TITLES[name], _counts(mine)) for name, mine in by_number.items()],
    }


def _counts(found: Sequence[Scored]) -> list[int]:
    return [sum(row.verdict == verdict for row in found) for verdict in (FAIL, PASS, NEITHER)]


def told(folder: Path) -> dict[str, Any]:
    """What the page shows of a scorecard. Raises InputError when the folder is not complete."""
    found = rows(folder / f"{TABLE}.csv", Scored)
    note = (
        f"Pass: the figure, as precisely as it is given, lies in the band that holds nine runs in ten; of a range, "
        f"part of it does. {STAR}: measured on months that reach beyond March 2022, a check of shape. {IN_SAMPLE} "
        f"Nothing was tuned by this table."
    )
    table = Shown("scored", "Regularities and runs, failures first", _COLUMNS, [_cells(row) for row in found], note)
    asked = (
        "Do runs look like what is known of these years: levels, quiet months, memory, deaths, targets, bases? Each "
        "figure of each regularity stands here, also where the model fails and where nothing can be compared."
    )
    return judged.told(folder, Page("Scorecard", asked, [_answer(found)], [table], _DRAWN))


def _answer(found: Sequence[Scored]) -> Sentence:
    passed, failed, neither = (_count(found, verdict) for verdict in (PASS, FAIL, NEITHER))
    return ("Of the figures ", passed, " pass, ", failed, " fail, and ", neither, " cannot be compared.")


def _count(found: Sequence[Scored], verdict: str) -> Number:
    place = {"table": TABLE, "verdict": verdict, "column": "count"}
    return number(place, sum(row.verdict == verdict for row in found), "plain")


def _cells(row: Scored) -> list[Cell]:
    place = {"table": TABLE, "pattern": row.pattern}
    figure = judged.written_interval(place, row, "target_low", "target_high")
    middle = judged.shown(place, row, "median", (row.low, row.high))
    band = judged.interval(place, row, "low", "high")
    return [starred(row), row.verdict, row.what, figure, middle, band, row.unit, row.why]
