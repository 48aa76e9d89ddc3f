"""The report of a folder: one HTML file for a reader who never opens Python, which needs no network and no script.

Its sentences are written from the numbers of the tables in the folder; each number says in `data-` attributes where in
which table it stands, and a test holds both together. Text from the user's files is escaped wherever it goes.
"""

from pathlib import Path

from atmis.report.backtest import told as told_of_backtest
from atmis.report.calibration import told as told_of_calibration
from atmis.report.comparison import told as told_of_comparison
from atmis.report.folder import reported_kind
from atmis.report.page import render
from atmis.report.run import told as told_of_run
from atmis.report.scorecard import told as told_of_scorecard
from atmis.storage.files import put_bytes

REPORT = "report.html"
_OF = {
    "compare": told_of_comparison,
    "run": told_of_run,
    "scorecard": told_of_scorecard,
    "backtest": told_of_backtest,
    "calibrate": told_of_calibration,
}

__all__ = ["REPORT", "write"]


def write(folder: Path) -> Path:
    """Write FOLDER/report.html from what a verb of `folder.REPORTED` left there; returns its path.

    The same folder gives the same bytes. Raises InputError, with one sentence, when there is no such folder or it is
    not one of these, not complete or damaged.
    """
    kind = reported_kind(folder)
    put_bytes(folder / REPORT, render(kind, _OF[kind](folder)))
    return folder / REPORT
