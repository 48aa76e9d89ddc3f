"""A CSV file of a user, read as columns of text."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from atmis.scenario.errors import InputError, shorten

_DELIMITERS = (",", ";", "\t")
_LONGEST_HEADING = 1_000_000


@dataclass(frozen=True)
class Table:
    """A CSV file: its heading, and its columns as text on demand."""

    path: Path
    heading: tuple[str, ...]  # as in the file
    delimiter: str

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Headings as in the file, by their names in lower case."""
        return {name.strip().lower(): name for name in reversed(self.heading)}

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Columns by their lower-case names, all as text, '' for an empty cell.

        Raises InputError when the file cannot be read as CSV.
        """
        headings = [self.by_name[name] for name in names]
        try:
            table = pyarrow.csv.read_csv(
                self.path,
                read_options=pyarrow.csv.ReadOptions(column_names=list(self.heading), skip_rows=1),
                parse_options=pyarrow.csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                convert_options=pyarrow.csv.ConvertOptions(
                    include_columns=headings,
                    column_types=dict.fromkeys(headings, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
            raise InputError(f"{self.path} cannot be read as CSV: {_first_line(error)}") from None
        return table.rename_columns(list(names))


def open_table(path: Path) -> Table:
    """Read the heading of a CSV file (commas, semicolons or tabs). Raises InputError."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_HEADING).decode("utf-8-sig").strip()
        delimiter = max(_DELIMITERS, key=line.count)
        stream = pa.BufferReader(f"{line}\n".encode())
        options = pyarrow.csv.ParseOptions(delimiter=delimiter)
        heading = tuple(pyarrow.csv.read_csv(stream, parse_options=options).column_names) if line else ()
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text in UTF-8; save the table as CSV in that encoding") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as CSV: {_first_line(error)}") from None
    if not heading:
        raise InputError(f"{path}: is empty; allowed: a CSV file with a heading")
    if len({name.strip().lower() for name in heading}) < len(heading):
        names = [name.strip().lower() for name in heading]
        duplicate = next(name for name in heading if names.count(name.lower()) > 1)
        raise InputError(f"{path}: the column '{shorten(duplicate)}' stands twice")
    return Table(path, heading, delimiter)


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of a table of text as dictionaries by column."""
    records: list[dict[str, Any]] = table.to_pylist()
    return records


def _first_line(error: Exception) -> str:
    return shorten(str(error).splitlines()[0] if str(error) else type(error).__name__)
