"""The report of a folder of results: one HTML file for readers who do not use Python, without network or scripts.

Its sentences are written from the tables in the folder. The `data-` attributes of each number give its place in its
table, and a test compares both. Text from the user's files is always escaped.
"""

from pathlib import Path

from atmis.report import backtest, calibration, comparison, run, scorecard
from atmis.report.folder import rendering, reported_kind
from atmis.report.page import render
from atmis.scenario.arguments import AnyPath, as_path
from atmis.storage.files import to_sealed_page, write_bytes

REPORT = "report.html"
_PAGE_DATA = {
    "compare": comparison.page_data,
    "run": run.page_data,
    "scorecard": scorecard.page_data,
    "backtest": backtest.page_data,
    "calibrate": calibration.page_data,
}

__all__ = ["REPORT", "write"]


def write(folder: AnyPath) -> Path:
    """Write `report.html` into a folder of results; the same folder gives the same bytes.

    Parameters
    ----------
    folder
        A complete folder left by a verb of `folder.REPORTED`: compare, run, scorecard, backtest or calibrate.

    Returns
    -------
    Path
        The page, `folder / "report.html"`: one file, which needs neither network nor scripts.

    Raises
    ------
    InputError
        In one sentence, if there is no such folder, or if it holds other results, or is incomplete or damaged.

    Examples
    --------
    >>> from atmis import report
    >>> report.write("results/run/planned/2026-01-31T12-00-00")  # doctest: +SKIP
    PosixPath('results/run/planned/2026-01-31T12-00-00/report.html')
    """
    folder = as_path(folder)
    kind = reported_kind(folder)
    with rendering(folder):
        page = render(kind, _PAGE_DATA[kind](folder))
    write_bytes(folder / REPORT, to_sealed_page(page))
    return folder / REPORT
