"""The one writer of tables: columns as CSV or Parquet, and rows of a dataclass as either.

The same table gives the same bytes: a file contains neither times nor anything of the machine. What is missing is blank
in CSV and null in Parquet, never NaN. Parquet files are written so that older readers can open them (Arrow 14,
fastparquet, DuckDB 0.9): Snappy or Zstandard, plain values or dictionaries.
"""

import csv
import io
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atmis.kernel.arrays import AnyArray, Ints
from atmis.scenario.arguments import AnyPath, as_path
from atmis.storage.files import write_file

Rows = tuple[Sequence[Any], type]  # rows of one dataclass, and that dataclass
_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), date: pa.date32(), bool: pa.bool_()}
_FORMULA = ("=", "+", "-", "@")  # a spreadsheet takes a text with such a start for a formula
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


# --- columns ---


def save_csv(path: Path, columns: Mapping[str, AnyArray]) -> Path:
    """Write columns, arrays of equal length by heading, as a CSV file, whole or not at all; returns its path.

    Texts are written as `cell` does. Raises InputError when the file cannot be written.
    """
    write_file(path, lambda file: write_csv(file, columns))
    return path


def save_parquet(path: Path, tables: Iterator[pa.Table]) -> Path:
    """Write tables, at least one and all of one schema, as a Parquet file, whole or not at all; returns its path.

    Each table becomes a row group. Raises InputError when the file cannot be written.
    """
    write_file(path, lambda file: write_parquet(file, tables))
    return path


def write_csv(file: BinaryIO, columns: Mapping[str, AnyArray], heading: bool = True) -> None:
    """Write columns as CSV into an open file, values as `cell` writes them; `heading`: with the names first."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    if heading:
        writer.writerow(columns)
    writer.writerows(zip(*(_cells(column) for column in columns.values())))
    text.flush()
    text.detach()


def write_parquet(file: BinaryIO, tables: Iterator[pa.Table]) -> None:
    """Write tables of one schema as Parquet into an open file, a row group each."""
    table = next(tables)
    with pq.ParquetWriter(file, table.schema, compression="zstd") as writer:
        writer.write_table(_without_nan(table), row_group_size=max(len(table), 1))
        for table in tables:
            writer.write_table(_without_nan(table), row_group_size=len(table))


def _without_nan(table: pa.Table) -> pa.Table:
    """A table with null in place of NaN."""
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            is_nan = pc.is_nan(table[index])
            if pc.any(is_nan).as_py():
                table = table.set_column(index, field, pc.if_else(is_nan, pa.scalar(None, field.type), table[index]))
    return table


def _cells(column: AnyArray) -> list[str]:
    """A column as texts for CSV."""
    if column.dtype.kind in "fiu":  # Arrow writes numbers as `cell` does, ten times faster
        cells: list[str] = pa.array(column, from_pandas=True).cast(pa.string()).fill_null("").to_pylist()
        return cells
    return [cell(value) for value in column.tolist()]


def compact_parquet(table: pa.Table) -> bytes:
    """A table of many numbers as the bytes of a Parquet file, as chunks of a sweep have them."""
    buffer = io.BytesIO()
    # Counts are few different numbers, so a dictionary makes them small; other statistics than that of `run` or a
    # stronger compression would cost more time than the space they save is worth. Byte stream split would be smaller
    # yet, but before Arrow 16 it is for fractions only, and fastparquet does not know it.
    repeated = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    rows = len(table) or 1
    shape = {"use_dictionary": repeated, "row_group_size": rows, "write_batch_size": rows}
    pq.write_table(_without_nan(table), buffer, compression="snappy", write_statistics=["run"], **shape)
    return buffer.getvalue()


def cell(value: str | bool | int | float | date | None) -> str:
    """A value as text for CSV: a single line, with a `'` before a text that a spreadsheet would take for a formula."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        line = _CONTROL.sub(" ", value)
        return f"'{line}" if line.lstrip().startswith(_FORMULA) else line
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return value.isoformat() if isinstance(value, date) else repr(value)


def dictionary(codes: Ints, names: Sequence[str]) -> pa.Array:
    """Dictionary array of the names with these indices; null for an index below 0."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def object_columns(table: pa.Table) -> dict[str, AnyArray]:
    """The columns of a table as object arrays of Python values."""
    return {name: np.array(table[name].to_pylist(), dtype=object) for name in table.column_names}


# --- rows of a dataclass ---


def column(unit: str, what: str) -> dict[str, str]:
    """Metadata of a field of a row dataclass: its unit and what it is."""
    return {"unit": unit, "what": what}


def table(rows: Sequence[Any], kind: type | None = None) -> pa.Table:
    """Rows of one dataclass as a table.

    Parameters
    ----------
    rows : instances of the dataclass
    kind : the dataclass, needed where there may be no rows

    Returns
    -------
    pyarrow.Table
        A column for each field, with its unit and meaning as metadata; None becomes null.
    """
    kind = kind or type(rows[0])
    schema = pa.schema(_fields(kind))
    columns = [pa.array([getattr(row, name) for row in rows], schema.field(name).type) for name in schema.names]
    return pa.table(columns, schema=schema)


def save_tables(folder: AnyPath, tables: Mapping[str, pa.Table]) -> list[Path]:
    """Write each table as CSV and Parquet.

    Parameters
    ----------
    folder : where to
    tables : by name, which becomes the name of the file

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        When a file cannot be written.
    """
    folder, written = as_path(folder), []
    for name, content in tables.items():
        written.append(save_csv(folder / f"{name}.csv", object_columns(content)))
        written.append(save_parquet(folder / f"{name}.parquet", iter([content])))
    return written


def save_rows(folder: AnyPath, tables: Mapping[str, Rows]) -> list[Path]:
    """Write the rows of each table as name.csv and name.parquet; returns the files. Raises InputError."""
    return save_tables(folder, {name: table(rows, kind) for name, (rows, kind) in tables.items()})


def _fields(kind: type) -> list[pa.Field]:
    """The columns of a dataclass."""
    hints = get_type_hints(kind)
    return [pa.field(field.name, _arrow(hints[field.name]), metadata=dict(field.metadata)) for field in fields(kind)]


def _arrow(hint: Any) -> pa.DataType:
    """The Arrow type of a type hint: X, X | None, or Literal of texts."""
    if get_origin(hint) is Literal:
        return pa.string()
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
        return _arrow(hint)
    return _TYPES[hint]
