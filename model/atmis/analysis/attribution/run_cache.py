"""Cache of runs, each stored on disk as soon as it is finished: the same command goes on where it was stopped.

The key is the fingerprint of the inputs of the rules, not the name of a scenario: coalitions that differ in words only
share their runs, and so do later questions about other months up to the same end.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from atmis.analysis.attribution.question import Question
from atmis.kernel.arrays import Floats
from atmis.runs.ensemble import simulate
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.storage.files import make_folder, read_sealed_json, to_sealed_json, write_bytes
from atmis.sweep.study import code_hash

FOLDER = ".runs"


class RunCache:
    """Monthly series of scenarios, from memory, from disk, or simulated.

    Parameters
    ----------
    folder : Path
        Folder of the results; series are stored in its subfolder `.runs`.
    question : Question
        Indicator and group of zones of the series.
    replicates, seed, workers : int
        As for `simulate`.

    Attributes
    ----------
    progress : callable
        Called with the number of runs available so far.
    """

    def __init__(self, folder: Path, question: Question, replicates: int, seed: int, workers: int) -> None:
        self.question, self.replicates, self.seed, self.workers = question, replicates, seed, workers
        self._folder = folder / FOLDER
        self._known: dict[str, Floats] = {}
        self.progress: Callable[[int], object] = lambda runs: None

    def series(self, fingerprint: str, scenario: Callable[[], Scenario]) -> Floats:
        """Monthly series of the scenario with a fingerprint [R, months].

        `scenario` builds it; it is called only when the series is neither in memory nor on disk.
        """
        if fingerprint not in self._known:
            path = self._path(fingerprint)
            stored = self._read(path)
            self._known[fingerprint] = self._simulate(path, scenario()) if stored is None else stored
            self.progress(len(self._known) * self.replicates)
        return self._known[fingerprint]

    def _path(self, fingerprint: str) -> Path:
        key = [
            fingerprint,
            code_hash("analysis/comparison", "analysis/attribution"),
            self.question.indicator,
            self.question.group,
            self.replicates,
        ]
        name = hashlib.sha256(json.dumps([*key, self.seed]).encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"

    def _read(self, path: Path) -> Floats | None:
        """The stored series; None where there is none, or it is damaged, or has the name of another."""
        with suppress(InputError):
            stored = read_sealed_json(path)
            if stored.get("run") == path.stem:
                return np.array(stored["series"], dtype=float)
        return None

    def _simulate(self, path: Path, scenario: Scenario) -> Floats:
        before = len(self._known) * self.replicates
        ensemble = simulate(
            scenario, self.replicates, self.seed, self.workers, lambda runs: self.progress(before + runs)
        )
        series = self.question.series(ensemble)
        make_folder(self._folder)
        write_bytes(path, to_sealed_json({"run": path.stem, "series": series.tolist()}))
        return series


def cache_faults(folder: Path) -> list[str]:
    """Faults of the stored series below the folder of results of attributions, one sentence each."""
    faults = []
    for path in sorted((folder / FOLDER).iterdir()):
        with suppress(InputError):
            if read_sealed_json(path).get("run") == path.stem:
                continue
        faults.append(f"{FOLDER}/{path.name}: is damaged, and will be run again")
    return faults
