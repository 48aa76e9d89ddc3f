"""What a worker does, wherever it is: it needs the folder of the sweep and the numbers of the runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from atmis.runs.ensemble import load_rules
from atmis.scenario.errors import InputError
from atmis.sweep import chunk_files, chunk_tables
from atmis.sweep.context import WorkerContext
from atmis.sweep.identity import load
from atmis.sweep.study import Study

Runs = tuple[int, int]  # a range of runs, as a worker gets it
_thread = threading.local()  # the context of this thread


@dataclass(frozen=True)
class Chunk:
    """The work on a range of runs."""

    folder: str
    identity: str
    series_every: int

    def __call__(self, runs: Runs) -> str:
        """Run a range of runs and write what they leave; returns why that cannot be written, or ''."""
        folder, part, context = Path(self.folder), range(*runs), self._context()
        return _said(chunk_files.begin, folder, part) or _said(
            chunk_files.write, folder, part, chunk_tables.of_runs(context, part, self.series_every)
        )

    def prepare(self) -> None:
        """Load the study and the machine code."""
        load_rules(self._context().inputs(0).base)

    def _context(self) -> WorkerContext:
        study = _study_of(self.folder, self.identity)
        if _thread.__dict__.get("study") is not study:
            _thread.study, _thread.context = study, WorkerContext(study)
        return _thread.context  # type: ignore[no-any-return]


def _said(function: Callable[..., object], *words: Any) -> str:
    try:
        function(*words)
    except InputError as error:
        return str(error)
    return ""


@lru_cache(maxsize=2)
def _study_of(folder: str, identity: str) -> Study:
    """The study of a folder, by its identity too: another may come to lie in the same place."""
    study, _ = load(Path(folder))
    if study.identity != identity:
        raise InputError(f"{folder} does not hold the study that was asked for; its code or its files have changed")
    return study
