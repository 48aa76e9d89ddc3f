"""Runs of scenarios, each kept on disk as soon as it is there: the same command goes on where it was stopped.

What is kept is found again by what the rules read, not by the name of a scenario: coalitions that differ in words only
share their runs, and so do later questions about other months up to the same end.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from atmis.analysis.attribution.months import Question
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import simulate
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.storage.files import in_a_sentence, put_bytes, sealed, unsealed
from atmis.sweep.study import code_hash

FOLDER = ".runs"


class Runs:
    """Series by month of the replicates of scenarios; `done` is called with the number of runs that are there."""

    def __init__(self, folder: Path, question: Question, replicates: int, seed: int, workers: int) -> None:
        self.question, self.replicates, self.seed, self.workers = question, replicates, seed, workers
        self._folder = folder / FOLDER
        self._known: dict[str, Floats] = {}
        self.done: Callable[[int], object] = lambda runs: None

    def series(self, fingerprint: str, scenario: Callable[[], Scenario]) -> Floats:
        """The series [R, months] of the scenario with a fingerprint, from memory, from disk, or run now."""
        if fingerprint not in self._known:
            path = self._path(fingerprint)
            stored = self._stored(path)
            self._known[fingerprint] = self._run(path, scenario()) if stored is None else stored
            self.done(len(self._known) * self.replicates)
        return self._known[fingerprint]

    def _path(self, fingerprint: str) -> Path:
        ask = self.question
        told = [
            fingerprint,
            code_hash("analysis/comparison", "analysis/attribution"),
            ask.indicator,
            ask.group,
            self.replicates,
        ]
        name = hashlib.sha256(json.dumps([*told, self.seed]).encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"

    def _stored(self, path: Path) -> Floats | None:
        """What is on disk; None where nothing is, or what is there is damaged."""
        with suppress(InputError):
            return np.array(unsealed(path)["series"], dtype=float)
        return None

    def _run(self, path: Path, scenario: Scenario) -> Floats:
        before = len(self._known) * self.replicates
        ensemble = simulate(scenario, self.replicates, self.seed, self.workers, lambda runs: self.done(before + runs))
        series = self.question.series(ensemble)
        with in_a_sentence(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        put_bytes(path, sealed({"series": series.tolist()}))
        return series
