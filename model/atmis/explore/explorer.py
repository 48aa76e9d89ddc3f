"""The state of an explorer: futures, cached runs, and the folders that were opened.

What the first view does not need is imported on demand: statistics and reports take a second to load.
"""

import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from atmis.explore import course, map_data, saving
from atmis.explore.futures import Future, Futures
from atmis.explore.quick_ensembles import EnsemblePair, FutureRuns, QuickEnsembles
from atmis.kernel.compiled import is_compiled
from atmis.scenario.errors import InputError, shorten
from atmis.scenario.levers import ExploreSettings

_DIGITS = 18  # of a seed or a replicate, at most


class Explorer:
    """Answers requests of the page with plain data. Raises InputError, with one sentence, for invalid requests."""

    def __init__(self, futures: Futures, settings: ExploreSettings, save_target: saving.SaveTarget, first: str) -> None:
        self.futures, self.settings, self.save_target = futures, settings, save_target
        self.first = Future(first)
        self.token = secrets.token_urlsafe(24)  # of whoever may see the page
        self.quick = QuickEnsembles(settings.workers)
        self.folders: dict[str, Path] = {}
        self._lock = threading.Lock()
        self._courses = lru_cache(maxsize=8)(self._run_course)

    def course(self, query: Mapping[str, str], side: str) -> dict[str, Any]:
        """The course of one run of the future that a query describes; `side`: a or b."""
        future = replace(self.futures.from_query(query, side), name="")
        return self._cached_course(
            future, parse_integer(query, "seed", self.settings.seed), parse_integer(query, "replicate", 0)
        )

    def _cached_course(self, future: Future, seed: int, replicate: int) -> dict[str, Any]:
        """A course, run once: whoever requests it meanwhile waits for it."""
        with self._lock:
            return self._courses(future, seed, replicate)

    def warm_up(self) -> None:
        """Prepare what the first view needs, before it is requested."""
        with suppress(InputError):  # an error is reported when it is requested
            self._cached_course(self.first, self.settings.seed, 0)

    @cached_property
    def page_settings(self) -> dict[str, Any]:
        """What the page needs once: scenarios, levers, choices, settings and the map."""
        items = self.futures.levers.items()
        levers = {name: lever.model_dump(exclude={"key", "block", "absent"}) for name, lever in items}
        groups = {lever.group for lever in self.futures.levers.values() if lever.group}
        return {
            "scenarios": self.futures.scenarios(),
            "levers": levers,
            "choices": {group: self.futures.choices(group) for group in sorted(groups)},
            "first": self.first.scenario,
            "compiled": is_compiled(),
            "seed": self.settings.seed,
            "replicates": self.settings.replicates,
            "save_in": str(self.save_target.folder),
            **map_data.describe_map(self.futures.scenario(self.first)),
        }

    def lever_state(self, query: Mapping[str, str], side: str) -> dict[str, Any]:
        """The resting positions and the positions of the levers of a future, and what it assumes."""
        future = self.futures.from_query(query, side)
        description = self.futures.scenarios().get(future.scenario, "")
        return {
            "rest": self.futures.resting_positions(future),
            "moved": dict(future.positions),
            "assumes": self.futures.describe_assumptions(future) if future.positions else description,
        }

    def _run_course(self, future: Future, seed: int, replicate: int) -> dict[str, Any]:
        """Simulate a course, as plain data."""
        return course.run(self.futures.scenario(future), seed, replicate).to_dict()

    def get_runs(self, query: Mapping[str, str]) -> tuple[list[FutureRuns], tuple[str, str], int]:
        """The runs of both futures of a query, their labels, and the number of replicates."""
        pair = [self.futures.from_query(query, side) for side in "ab"]
        seed, replicates = parse_integer(query, "seed", self.settings.seed), self.settings.replicates
        for future in pair:
            self.futures.scenario(future)  # raises InputError early
        labels = pair[0].label, pair[1].label if pair[1].label != pair[0].label else f"{pair[1].label} (2)"
        runs = [self.quick.get_runs(future.label, self.futures.data(future), seed, replicates) for future in pair]
        return runs, labels, replicates

    def stream_comparison(self, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Compare both futures; yields progress and interim results, at last the final ones."""
        from atmis.explore import differences

        runs, labels, replicates = self.get_runs(query)
        total = 2 * replicates
        for update in self.quick.run_pair(runs[0], runs[1], replicates):
            if isinstance(update, int):
                yield {"done": update, "total": total}
            else:
                yield {"total": total, "names": labels, **differences.describe_pair(update, ("A", "B"))}

    def ensembles(self, query: Mapping[str, str]) -> tuple[EnsemblePair, tuple[str, str]]:
        """Both complete ensembles, and their labels."""
        runs, labels, replicates = self.get_runs(query)
        return (self.quick.run_all(runs[0], replicates), self.quick.run_all(runs[1], replicates)), labels

    def save(self, payload: Mapping[str, Any]) -> dict[str, str]:
        """Save the second future as a scenario."""
        query, name = payload.get("future"), payload.get("name")
        if not isinstance(query, dict) or not all(isinstance(text, str) for text in (name, *query.values())):
            raise InputError("what was sent is not a future with a name")
        numbers = {"replicates": self.settings.replicates, "seed": parse_integer(query, "seed", self.settings.seed)}
        return saving.save(self.futures, self.futures.from_query(query, "b"), str(name), self.save_target, numbers)

    def open_folder(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Open a folder of results; it gets an id, for its report."""
        from atmis.explore import result_folders

        word = payload.get("folder")
        if not isinstance(word, str) or not word.strip() or "\0" in word:
            raise InputError("name a folder of `atmis run`, `atmis compare` or `atmis sweep`")
        path = Path(os.path.expanduser(word.strip()))  # an unknown ~name stays, and is no folder
        content = result_folders.describe_folder(path)
        folder_id = secrets.token_urlsafe(12)
        self.folders[folder_id] = path
        return {"id": folder_id, "folder": str(path), **content}

    def report(self, folder_id: str) -> bytes:
        """The report of a folder that was opened."""
        from atmis.explore import result_folders

        if folder_id not in self.folders:
            raise InputError("this folder is not open any more; open it again")
        return result_folders.render_report(self.folders[folder_id])


def parse_integer(query: Mapping[str, str], key: str, default: int) -> int:
    """A whole number of a query. Raises InputError."""
    word = query.get(key, str(default))
    if not word.isascii() or not word.isdecimal() or len(word) > _DIGITS:
        raise InputError(f"{key}: '{shorten(word)}' is not a whole number")
    return int(word)
