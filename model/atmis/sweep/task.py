"""The task of a worker, wherever it runs: it needs the folder of the sweep and the numbers of the runs."""

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

RunRange = tuple[int, int]  # a range of runs, as a worker gets it
_thread = threading.local()  # the context of this thread


@dataclass(frozen=True)
class Chunk:
    """The work of a sweep, to be called with a range of runs."""

    folder: str
    identity: str
    series_every: int

    def __call__(self, runs: RunRange) -> str:
        """Run a range of runs and write its tables; returns why they cannot be written, or ''."""
        folder, chunk, context = Path(self.folder), range(*runs), self._context()
        return _input_error(chunk_files.mark_started, folder, chunk) or _input_error(
            chunk_files.write, folder, chunk, chunk_tables.run_chunk(context, chunk, self.series_every)
        )

    def prepare(self) -> None:
        """Load the study and the compiled rules."""
        load_rules(self._context().inputs(0).base)

    def _context(self) -> WorkerContext:
        """The context of this thread for the study of the folder."""
        study = _study_of(self.folder, self.identity)
        if _thread.__dict__.get("study") is not study:
            _thread.study, _thread.context = study, WorkerContext(study)
        context: WorkerContext = _thread.context
        return context


def _input_error(function: Callable[..., object], *arguments: Any) -> str:
    """Call a function; returns the message of its InputError, or ''."""
    try:
        function(*arguments)
    except InputError as error:
        return str(error)
    return ""


@lru_cache(maxsize=2)
def _study_of(folder: str, identity: str) -> Study:
    """The study of a folder; cached by identity too, as another study may take the same place."""
    study, _ = load(Path(folder))
    if study.identity != identity:
        raise InputError(f"{folder} does not hold the study that was asked for; its code or its files have changed")
    return study
