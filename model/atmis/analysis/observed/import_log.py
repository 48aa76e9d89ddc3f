"""The account of a file: each of its rows ends in exactly one line, kept or left out and why; beside it, remarks."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from atmis.kernel.arrays import Bools, Ints
from atmis.scenario.errors import shorten

EXAMPLES = 3  # given for each line


@dataclass
class ImportLog:
    """Rows by the line of the account in which they end, and remarks on rows that are kept or on the whole file."""

    kept_lines: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """Number of rows that are kept."""
        return self.kept_lines.total()

    @property
    def read(self) -> int:
        """Number of rows of the file, without its heading."""
        return self.kept + self.dropped.total()

    def keep(self, line: str, example: str = "", rows: int = 1) -> None:
        """Record rows that are kept, and how."""
        self._count(self.kept_lines, line, example, rows)

    def drop(self, reason: str, example: str = "", rows: int = 1) -> None:
        """Record rows that are left out, and why."""
        self._count(self.dropped, reason, example, rows)

    def note(self, remark: str, example: str = "", rows: int = 1) -> None:
        """Record a remark; the rows that it concerns end in a line of their own."""
        self._count(self.noted, remark, example, rows)

    def as_dict(self) -> dict[str, Any]:
        """The account as plain data, the most frequent line first."""
        entries = {
            name: [{"what": line, "rows": rows, "examples": self.examples.get(line, [])}
                   for line, rows in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
            for name, counts in (("kept", self.kept_lines), ("dropped", self.dropped), ("noted", self.noted))
        }  # fmt: skip
        return {"rows_read": self.read, "rows_kept": self.kept, **entries}

    def _count(self, counts: Counter[str], line: str, example: str, rows: int) -> None:
        if rows:
            counts[line] += rows
            examples = self.examples.setdefault(line, [])
            if example and example not in examples and len(examples) < EXAMPLES:
                examples.append(example)


class OpenRows:
    """The rows of a file that have no line of the account yet; each gets the first that fits."""

    def __init__(self, rows: int, import_log: ImportLog, describe: Callable[[int], str]) -> None:
        self.mask: Bools = np.ones(rows, dtype=bool)
        self.log = import_log
        self.describe = describe  # a row, as an example

    def drop(self, rows: Bools, reason: str) -> None:
        """Close those of some rows [N] that are open: they are left out."""
        hits = self._indices(rows)
        self.mask &= ~rows
        self._record(self.log.drop, hits, reason)

    def keep(self, rows: Bools, line: str) -> None:
        """Close those of some rows [N] that are open: they are kept."""
        hits = self._indices(rows)
        self.mask &= ~rows
        self._record(self.log.keep, hits, line)

    def note(self, rows: Bools, remark: str) -> None:
        """Remark on those of some rows [N] that are open, which stay open."""
        self._record(self.log.note, self._indices(rows), remark)

    @contextmanager
    def described_by(self, detail: Callable[[int], str]) -> Iterator[None]:
        """Within this context, a detail of the row stands behind its name in examples."""
        describe = self.describe
        self.describe = lambda row: f"{describe(row)}: {shorten(detail(row))}".removesuffix(": ")
        try:
            yield
        finally:
            self.describe = describe

    def _indices(self, rows: Bools) -> Ints:
        return np.flatnonzero(self.mask & rows)

    def _record(self, record: Callable[[str, str, int], None], hits: Ints, line: str) -> None:
        shown = hits[:EXAMPLES]
        for row in shown:
            record(line, self.describe(int(row)), 1)
        record(line, "", len(hits) - len(shown))
