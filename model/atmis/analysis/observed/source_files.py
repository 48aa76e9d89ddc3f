"""The tables of a file of a user: one of a CSV file, one for each sheet of a workbook."""

import zipfile
from pathlib import Path

from atmis.analysis.observed.csv_file import Progress, open_csv
from atmis.analysis.observed.table import Table
from atmis.analysis.observed.workbook import is_workbook, open_workbook
from atmis.scenario.errors import InputError

# What the first bytes of files say that are no text, and what to do with them.
_NO_TEXT = {
    b"PK\x03\x04": "is a ZIP file; unpack it and give the CSV file in it",
    b"\x1f\x8b": "is compressed with gzip; unpack it and give the CSV file in it",
    b"\xd0\xcf\x11\xe0": "is a workbook of an old kind (xls); save it as xlsx or CSV",
    b"PAR1": "is a Parquet file; save the table as CSV",
    b"{": "is JSON; ask the source for CSV",
    b"[": "is JSON; ask the source for CSV",
    b"<": "is a page or XML; ask the source for CSV",
    b"%PDF": "is a PDF file; ask the source for CSV",
}


def open_tables(path: Path, progress: Progress) -> list[Table]:
    """The tables of a file.

    Parameters
    ----------
    path : CSV or xlsx
    progress : called with the number of bytes read, as rows are

    Returns
    -------
    list of Table
        At least one.

    Raises
    ------
    InputError
        When there is no such file, or it holds no table that can be read.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    try:
        if is_workbook(path):
            return open_workbook(path, progress)
        _check_text(path)
        return [open_csv(path, progress)]
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} cannot be read: {error.strerror if isinstance(error, OSError) else error}") from None


def _check_text(path: Path) -> None:
    """Raise InputError for a file of another kind, with what to do."""
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t")
    for first, sentence in _NO_TEXT.items():
        if start.startswith(first):
            raise InputError(f"{path}: {sentence}")
