"""Tables in workbooks of spreadsheets (xlsx): every sheet is a table."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time
from itertools import dropwhile
from pathlib import Path
from typing import Any

from atmis.analysis.observed.csv_file import Progress
from atmis.analysis.observed.table import SourceRow, Table
from atmis.scenario.errors import InputError, shorten

_PART = "xl/workbook.xml"  # a ZIP file that holds it is a workbook


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook of the kind xlsx, whatever its name."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return _PART in archive.namelist()


def open_workbook(path: Path, progress: Progress) -> list[Table]:
    """The sheets of a workbook that have a heading. Raises InputError when it cannot be read."""
    try:
        with closing(_open(path)) as book:
            names = [sheet.title for sheet in book.worksheets]
        sheets = [_open_sheet(path, name, progress) for name in names]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} cannot be read as a workbook: {shorten(str(error))}; save the table as CSV") from None
    tables = [table for table in sheets if table]
    if not tables:
        raise InputError(f"{path}: is empty; allowed: a sheet with a heading")
    return tables


def _open_sheet(path: Path, name: str, progress: Progress) -> Table | None:
    heading = next(_rows(path, name), None)
    if heading is None:
        return None

    def rows() -> Iterator[SourceRow]:
        progress(0)
        below_heading = _rows(path, name)
        width = len(next(below_heading).cells)
        for row in below_heading:
            yield SourceRow(row.line, [*row.cells, *[""] * (width - len(row.cells))])
        progress(path.stat().st_size)

    return Table(path, tuple(heading.cells), rows, (f"the sheet '{name}' of the workbook was read",))


def _rows(path: Path, name: str) -> Iterator[SourceRow]:
    """The rows of a sheet, from the first that is not empty on."""
    return dropwhile(lambda row: not any(row.cells), _all_rows(path, name))


def _all_rows(path: Path, name: str) -> Iterator[SourceRow]:
    with closing(_open(path)) as book:
        sheet = book[name]
        sheet.reset_dimensions()  # what a sheet says of its size is wrong in files of some programs
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield SourceRow(line, [_as_text(value) for value in cells])


def _open(path: Path) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and validation, which are not read
        return openpyxl.load_workbook(path, read_only=True, data_only=True)


def _as_text(value: Any) -> str:
    """A cell as CSV would have it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value)
