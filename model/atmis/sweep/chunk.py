"""What a worker does, wherever it is: it needs the folder of the sweep and the numbers of the runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from atmis import chunks, results
from atmis.ensemble import load_rules
from atmis.scenario.errors import InputError
from atmis.study import Desk, Study
from atmis.sweep.identity import load

Runs = tuple[int, int]  # a range of runs, as a worker gets it
_here = threading.local()  # the desk of this thread


@dataclass(frozen=True)
class Chunk:
    """The work on a range of runs."""

    folder: str
    identity: str
    series_every: int

    def __call__(self, runs: Runs) -> str:
        """Run a range of runs and write what they leave; returns why that cannot be written, or ''."""
        folder, part, desk = Path(self.folder), range(*runs), self._desk()
        return _said(chunks.begin, folder, part) or _said(
            chunks.write, folder, part, results.of_runs(desk, part, self.series_every)
        )

    def prepare(self) -> None:
        """Load the study and the machine code."""
        _, world, start = self._desk().inputs(0).made
        load_rules(world, start)

    def _desk(self) -> Desk:
        study = _study_of(self.folder, self.identity)
        if _here.__dict__.get("study") is not study:
            _here.study, _here.desk = study, Desk(study)
        return _here.desk  # type: ignore[no-any-return]


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
