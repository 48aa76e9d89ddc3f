"""What happened to the rows of a file: how many were kept, and how many were dropped and why, with examples."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 3  # kept for each reason


@dataclass
class ImportLog:
    """Rows read and kept, rows dropped by reason, and remarks on the rows that were kept."""

    read: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)  # of rows that are kept
    examples: dict[str, list[str]] = field(default_factory=dict)

    def drop(self, reason: str, example: str = "", rows: int = 1) -> None:
        """Record rows that are left out."""
        self._count(self.dropped, reason, example, rows)

    def note(self, remark: str, example: str = "", rows: int = 1) -> None:
        """Record a remark on rows that are kept."""
        self._count(self.noted, remark, example, rows)

    def as_dict(self) -> dict[str, Any]:
        """The log as plain data, the most frequent reason first."""
        entries = {
            name: [{"what": reason, "rows": rows, "examples": self.examples.get(reason, [])}
                   for reason, rows in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
            for name, counts in (("dropped", self.dropped), ("noted", self.noted))
        }  # fmt: skip
        return {"rows_read": self.read, "rows_kept": self.kept, **entries}

    def _count(self, counts: Counter[str], reason: str, example: str, rows: int) -> None:
        if rows:
            counts[reason] += rows
            examples = self.examples.setdefault(reason, [])
            if example and example not in examples and len(examples) < EXAMPLES:
                examples.append(example)
