"""A table of a user, whatever program wrote it: its heading, and its rows as columns of text.

A column keeps each distinct text once, so that it is read once, and a file of hundreds of megabytes stays small.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from atmis.analysis.observed.cells import column_name
from atmis.analysis.observed.import_log import ImportLog
from atmis.kernel.arrays import AnyArray, Ints
from atmis.scenario.errors import InputError, shorten

_BATCH = 16384  # rows


class SourceRow(NamedTuple):
    """A row of a file, with the number of its line."""

    line: int
    cells: Sequence[str]


class Column(NamedTuple):
    """A column of N rows: the distinct texts, and which one each row has."""

    codes: AnyArray  # [N]
    texts: pa.Array

    def map(self, function: Callable[[str], Any], dtype: Any = object) -> AnyArray:
        """The results of a function of a text, by row [N]; called once for each distinct text."""
        results = np.empty(len(self.texts), dtype=dtype)
        for code, text in enumerate(self.distinct()):
            results[code] = function(text)
        return results[self.codes]

    def distinct(self) -> list[str]:
        """Each text of the column once."""
        texts: list[str] = self.texts.to_pylist()
        return texts

    def text(self, row: int) -> str:
        """The text of a row."""
        return str(self.texts[int(self.codes[row])].as_py())


class Records(NamedTuple):
    """The rows of a table that have all their cells: their lines, and the columns that were asked for."""

    lines: Ints  # [N]
    columns: dict[str, Column]


def joint_codes(columns: Iterable[AnyArray]) -> Ints:
    """One number for each row [N] of some columns, the same where all columns are; numbers begin with 0."""
    joint: Ints | None = None
    for column in columns:
        own, codes = np.unique(column, return_inverse=True)
        joint = codes if joint is None else np.unique(joint * len(own) + codes, return_inverse=True)[1]
    return np.array([], dtype=np.int64) if joint is None else joint


@dataclass(frozen=True)
class Table:
    """A table: its heading, and where its rows come from."""

    path: Path
    heading: tuple[str, ...]  # as in the file
    rows: Callable[[], Iterator[SourceRow]]  # what stands below the heading
    remarks: tuple[str, ...] = ()  # on how the file was read

    @property
    def names(self) -> list[str]:
        """The headings in small letters, without signs."""
        return [column_name(text) for text in self.heading]

    def records(self, columns: Mapping[str, str], import_log: ImportLog) -> Records:
        """Read columns into memory.

        Parameters
        ----------
        columns : names of columns of the table, by the names that they get
        import_log : takes note of the rows that are no records: empty ones, HXL tags, those with other cells

        Returns
        -------
        Records
            In the order of the file.

        Raises
        ------
        InputError
            When the file cannot be read, or has two columns of one of the names.
        """
        positions = {field: self._position(name) for field, name in columns.items()}
        parts: dict[str, list[pa.Array]] = {field: [] for field in positions}
        lines: list[Ints] = []
        whole = self._whole_rows([*positions.values()], import_log)
        with _system_memory():
            while batch := list(islice(whole, _BATCH)):
                lines.append(np.array([row.line for row in batch], dtype=np.int32))
                for part, texts in zip(parts.values(), zip(*(row.cells for row in batch), strict=True), strict=True):
                    part.append(_encode(texts))
            merged = _merge_all(parts)
        records = Records(np.concatenate(lines) if lines else np.array([], dtype=int), merged)
        for remark in self.remarks:
            import_log.note(remark, rows=import_log.read + len(records.lines))
        return records

    def _position(self, name: str) -> int:
        """Where a column stands. Raises InputError when there are two of the name."""
        names = self.names
        if names.count(name) > 1:
            raise InputError(f"{self.path}: the column '{shorten(name)}' stands twice")
        return names.index(name)

    def _whole_rows(self, positions: Sequence[int], import_log: ImportLog) -> Iterator[SourceRow]:
        """The cells at some positions, of the rows whose cells belong to the heading."""
        needed = max(positions) + 1
        for position, row in enumerate(self.rows()):
            filled = [cell for cell in row.cells if cell.strip()]
            if not filled:
                import_log.drop("empty rows", f"line {row.line}")
            elif position < 2 and all(cell.lstrip().startswith("#") for cell in filled):
                import_log.drop("HXL tags", f"line {row.line}")
            elif len(row.cells) < needed:
                import_log.drop("with fewer cells than the heading", f"line {row.line}")
            elif any(cell.strip() for cell in row.cells[len(self.heading) :]):
                import_log.drop("with more cells than the heading", f"line {row.line}")
            else:
                yield SourceRow(row.line, [row.cells[position] for position in positions])


def _encode(texts: Sequence[str]) -> pa.Array:
    return pa.array(texts, pa.string()).dictionary_encode()


def _merge_all(columns: dict[str, list[pa.Array]]) -> dict[str, Column]:
    """Columns from their parts, which are let go: those of most texts last, when the others take little."""
    order = sorted(columns, key=lambda field: sum(len(part.dictionary) for part in columns[field]))
    return {field: _merge(columns.pop(field)) for field in order}


@contextmanager
def _system_memory() -> Iterator[None]:
    """Arrow takes its memory from the system, which gets it back; its own allocator keeps what has been let go."""
    pool = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)


def _merge(parts: Sequence[pa.Array]) -> Column:
    """The parts of a column as one, with each text once."""
    if not parts:
        return Column(np.array([], dtype=np.int32), pa.array([], pa.string()))
    merged = pa.chunked_array(parts).unify_dictionaries()
    codes = np.concatenate([part.indices.to_numpy(zero_copy_only=False) for part in merged.chunks])
    texts = merged.chunk(0).dictionary
    return Column(codes.astype(np.min_scalar_type(max(len(texts) - 1, 0))), texts)
