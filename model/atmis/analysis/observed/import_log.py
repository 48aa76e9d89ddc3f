"""What became of the rows of a file: how many were kept, and how many were not, by reason, with examples."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 3  # kept of each reason


@dataclass
class Account:
    """Rows read and kept, rows dropped by reason, and what a reader should know of those kept."""

    read: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)  # of rows that are kept
    examples: dict[str, list[str]] = field(default_factory=dict)

    def drop(self, reason: str, example: str = "", rows: int = 1) -> None:
        """Some rows are left out."""
        self._count(self.dropped, reason, example, rows)

    def note(self, what: str, example: str = "", rows: int = 1) -> None:
        """Something is said of rows that are kept."""
        self._count(self.noted, what, example, rows)

    def plain(self) -> dict[str, Any]:
        """The same as plain data, the most frequent first."""
        told = {
            name: [{"what": what, "rows": rows, "examples": self.examples.get(what, [])}
                   for what, rows in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
            for name, counts in (("dropped", self.dropped), ("noted", self.noted))
        }  # fmt: skip
        return {"rows_read": self.read, "rows_kept": self.kept, **told}

    def _count(self, counts: Counter[str], what: str, example: str, rows: int) -> None:
        if rows:
            counts[what] += rows
            kept = self.examples.setdefault(what, [])
            if example and example not in kept and len(kept) < EXAMPLES:
                kept.append(example)
