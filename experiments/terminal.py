"""What the commands print: a bar on stderr while they work, tables on stdout."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


@contextmanager
def bar(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """A progress bar with time left; yields a function that takes the number done."""
    console = Console(stderr=True)
    from atmis.compiled import is_compiled

    if not is_compiled():
        console.print("Compiling the rules of the model, once; this takes about a minute.", highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


def table(title: str, columns: list[tuple[str, str]], rows: list[list[str]]) -> None:
    """Print a table: columns are (heading, 'left' or 'right')."""
    made = Table(title=escape(title), title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading, side in columns:
        made.add_column(escape(heading), justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=140)
    console.print(made)


def print_headline(ensemble: Any) -> None:
    """The short table at the end of a run."""
