"""Tables as CSV: commas, semicolons, tabs or bars; UTF-8 or what spreadsheets write in its place."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile, islice
from pathlib import Path

from atmis.analysis.observed.table import SourceRow, Table
from atmis.scenario.errors import InputError, shorten

Progress = Callable[[int], object]  # called with the number of bytes read

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 10_000_000  # characters; the outlines of areas in a table of places may be long
_BLOCK = 1 << 20  # bytes
_ROWS_TO_PROGRESS = 5000
_WIDE_TEXT = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_csv(path: Path, progress: Progress) -> Table:
    """A CSV file as a table. Raises InputError when it is empty or no text."""
    encoding, remarks = _encoding(path)
    delimiter = _delimiter(path, encoding)

    def rows() -> Iterator[SourceRow]:
        below_heading = _rows(path, encoding, delimiter, progress)
        next(below_heading, None)
        return below_heading

    heading, first = _first_two(_rows(path, encoding, delimiter, lambda done: None))
    if not heading:
        raise InputError(f"{path}: is empty; allowed: a CSV file with a heading")
    if len(first) == len(heading) + 1 and first[-1].strip():
        heading, remarks = (
            ["", *heading],
            (*remarks, "a column without a heading, as R writes names of rows, was left out"),
        )
    return Table(path, tuple(heading), rows, remarks)


def _first_two(rows: Iterator[SourceRow]) -> tuple[Sequence[str], Sequence[str]]:
    """The cells of the heading and of the row below it; nothing where there is none."""
    cells = [row.cells for row in islice(rows, 2)]
    return (*cells, [], [])[0], (*cells, [], [])[1]


def _encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """How the text of a file is encoded, and a remark where this is a guess."""
    with path.open("rb") as file:
        if file.read(2) in _WIDE_TEXT:
            return "utf-16", ()
    if _is_text(path, "utf-8"):
        return "utf-8-sig", ()
    if _is_text(path, "cp1252"):
        return "cp1252", ("the file is not in UTF-8 and was read as Windows-1252",)
    raise InputError(f"{path}: is no text in UTF-8 or Windows-1252; save the table as CSV in UTF-8")


def _is_text(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """The sign between cells, from the first line that is not empty; Excel may say it in a line of its own."""
    with path.open(encoding=encoding, newline=None) as file:
        line = next((line for line in file if line.strip()), "")
    return line[4] if _says_delimiter(line.strip("\n")) else max(_DELIMITERS, key=line.count)


def _says_delimiter(line: str) -> bool:
    return line.lower().startswith("sep=") and len(line) == len("sep=;")


def _rows(path: Path, encoding: str, delimiter: str, progress: Progress) -> Iterator[SourceRow]:
    """All rows from the heading on, the first row that is not empty. Raises InputError where the file is no CSV."""
    records = _records(path, encoding, delimiter, progress)
    return dropwhile(lambda row: not "".join(row.cells).strip() or _says_delimiter(delimiter.join(row.cells)), records)


def _records(path: Path, encoding: str, delimiter: str, progress: Progress) -> Iterator[SourceRow]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open("rb") as file:
        reader = csv.reader(io.TextIOWrapper(file, encoding, newline=""), delimiter=delimiter, strict=True)
        try:
            for count, cells in enumerate(reader):
                if count % _ROWS_TO_PROGRESS == 0:
                    progress(file.tell())
                if cells:  # blank lines have none
                    yield SourceRow(reader.line_num, cells)
            progress(file.tell())
        except csv.Error as error:
            raise InputError(f"{path} cannot be read as CSV: line {reader.line_num}: {shorten(str(error))}") from None
