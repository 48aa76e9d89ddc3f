"""A file of observed events as the verbs read it: with its progress, and an account of what became of its rows."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from .terminal import print_table

_LARGE = 50_000_000  # bytes; where there is no terminal for a bar, the progress of such a file is told in lines
_WORDS = {"kept": "kept", "dropped": "left out", "noted": "remark"}


def read_file(path: Path, theatre: Any, **request: Any) -> Any:
    """Observed counts of a file of a user; shows progress where it is long. Raises InputError."""
    from atmis.analysis import observed

    with _progress(path) as progress:
        return observed.read(path, theatre, progress=progress, **request)


def print_account(observations: Any) -> None:
    """Print what became of every row of a file: kept, or left out and why; then remarks."""
    account = observations.import_log.as_dict()
    rows = [
        [word, f"{line['rows']:,}", line["what"], "; ".join(line["examples"])]
        for what, word in _WORDS.items()
        for line in account[what]
    ]
    columns = [("", "left"), ("rows", "right"), ("", "left"), ("such as", "left")]
    file, count = observations.about["file"], account["rows_read"]
    print_table(f"What became of the {count:,} rows of {file} ({observations.about['format']})", columns, rows)


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal; elsewhere a line for each quarter of a large file."""
    size, console = path.stat().st_size if path.is_file() else 0, Console(stderr=True)
    if not console.is_terminal:
        yield _quarters(path.name, size) if size >= _LARGE else lambda done: None
        return
    columns = (TextColumn("reading {task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(path.name, total=size)
        yield lambda done: bar.update(task, completed=done)


def _quarters(name: str, size: int) -> Callable[[int], object]:
    told = 0

    def progress(done: int) -> None:
        nonlocal told
        quarter = min(4, 4 * done // size)
        if quarter > told:
            told = quarter
            print(f"atmis: read {25 * quarter} % of {name}", file=sys.stderr)

    return progress
