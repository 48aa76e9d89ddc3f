"""The task of a worker, wherever it runs: it needs the study and the numbers of the runs."""

import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from atmis.runs.ensemble import load_rules
from atmis.scenario.errors import InputError
from atmis.storage.folders import STUDY
from atmis.sweep import chunk_files, chunk_tables
from atmis.sweep.context import WorkerContext
from atmis.sweep.identity import load, of_text
from atmis.sweep.study import Study

RunRange = tuple[int, int]  # a range of runs, as a worker gets it
Files = dict[str, bytes]  # of a chunk, by name
_thread = threading.local()  # the context of this thread


@dataclass(frozen=True)
class Chunk:
    """The work of a sweep on this machine, to be called with a range of runs: workers write what they have run."""

    folder: str
    identity: str
    series_every: int

    def __call__(self, runs: RunRange) -> str:
        """Run a range of runs and write its tables; returns why they cannot be written, or ''."""
        folder, chunk, context = Path(self.folder), range(*runs), self._context()
        return _input_error(chunk_files.mark_started, folder, chunk) or _input_error(
            chunk_files.write, folder, self.identity, chunk, chunk_tables.run_chunk(context, chunk, self.series_every)
        )

    def prepare(self) -> None:
        """Load the study and the compiled rules."""
        load_rules(self._context().inputs(0).base)

    def _context(self) -> WorkerContext:
        """The context of this thread for the study of the folder."""
        return _context_of(_study_of(self.folder, self.identity))


@dataclass(frozen=True)
class SentChunk:
    """The work of a sweep on other machines, which share no disk with this one: the files come back as bytes."""

    study: bytes  # the file of the study, compressed
    identity: str
    series_every: int

    @classmethod
    def of_folder(cls, folder: Path, identity: str, series_every: int) -> "SentChunk":
        """The work for the study in a folder."""
        return cls(zlib.compress((folder / STUDY).read_bytes()), identity, series_every)

    def __call__(self, runs: RunRange) -> Files | str:
        """Run a range of runs; returns the files of the chunk, or why this worker cannot make them."""
        study, chunk = _sent_study(self.study), range(*runs)
        if study.identity != self.identity:
            return "a worker of the cluster has another version of atmis than this one; install the same on all"
        tables = chunk_tables.run_chunk(_context_of(study), chunk, self.series_every)
        return chunk_files.encode(self.identity, chunk, tables)

    def prepare(self) -> None:
        """Load the study and the compiled rules."""
        load_rules(_context_of(_sent_study(self.study)).inputs(0).base)


def _context_of(study: Study) -> WorkerContext:
    """The context of this thread for a study."""
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


@lru_cache(maxsize=2)
def _sent_study(compressed: bytes) -> Study:
    return of_text(zlib.decompress(compressed).decode())
