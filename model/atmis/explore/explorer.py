"""What is explored: futures, the runs that are kept, and the folders that were opened.

What the first view does not need is imported when it is asked for: statistics and reports take a second.
"""

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
from atmis.explore.quick import Both, Quick, Runs
from atmis.kernel.compiled import is_compiled
from atmis.scenario.errors import InputError, shortened
from atmis.scenario.levers import ExploreSettings

_DIGITS = 18  # of a seed or a replicate, at most


class Explorer:
    """Answers what the page asks, as plain data. Raises InputError, with one sentence, for what cannot be."""

    def __init__(self, futures: Futures, settings: ExploreSettings, saving_to: saving.Place, first: str) -> None:
        self.futures, self.settings, self.saving_to = futures, settings, saving_to
        self.first = Future(first)
        self.token = secrets.token_urlsafe(24)
        self.quick = Quick(settings.workers)
        self.folders: dict[str, Path] = {}
        self._turn = threading.Lock()
        self._courses = lru_cache(maxsize=8)(self._course)

    def course(self, asked: Mapping[str, str], side: str) -> dict[str, Any]:
        """The course of one run of a future."""
        future = replace(self.futures.asked(asked, side), name="")
        return self._kept(future, whole(asked, "seed", self.settings.seed), whole(asked, "replicate", 0))

    def _kept(self, future: Future, seed: int, replicate: int) -> dict[str, Any]:
        """A course that is kept; who asks while it is run waits for it."""
        with self._turn:
            return self._courses(future, seed, replicate)

    def warm_up(self) -> None:
        """What the first view needs, before it asks."""
        with suppress(InputError):  # what cannot be is said when it is asked for
            self._kept(self.first, self.settings.seed, 0)

    @cached_property
    def setting(self) -> dict[str, Any]:
        """What does not change while one explores."""
        told = self.futures.levers.items()
        levers = {name: lever.model_dump(exclude={"key", "block", "absent"}) for name, lever in told}
        groups = {lever.group for lever in self.futures.levers.values() if lever.group}
        return {
            "scenarios": self.futures.scenarios(),
            "levers": levers,
            "choices": {group: self.futures.choices(group) for group in sorted(groups)},
            "first": self.first.scenario,
            "compiled": is_compiled(),
            "seed": self.settings.seed,
            "replicates": self.settings.replicates,
            "save_in": str(self.saving_to.folder),
            **map_data.told(self.futures.scenario(self.first)),
        }

    def rest(self, asked: Mapping[str, str], side: str) -> dict[str, Any]:
        """Where the levers of a future rest and where they stand, and what it assumes."""
        future = self.futures.asked(asked, side)
        plain = self.futures.scenarios().get(future.scenario, "")
        return {
            "rest": self.futures.rest(future),
            "moved": dict(future.moved),
            "assumes": self.futures.assumes(future) if future.moved else plain,
        }

    def _course(self, future: Future, seed: int, replicate: int) -> dict[str, Any]:
        return course.run(self.futures.scenario(future), seed, replicate).told()

    def sides(self, asked: Mapping[str, str]) -> tuple[list[Runs], tuple[str, str], int]:
        """The runs of both futures, their labels, and how many replicates are wanted."""
        both = [self.futures.asked(asked, side) for side in "ab"]
        seed, replicates = whole(asked, "seed", self.settings.seed), self.settings.replicates
        for future in both:
            self.futures.scenario(future)  # says what cannot be
        labels = both[0].label, both[1].label if both[1].label != both[0].label else f"{both[1].label} (2)"
        runs = [self.quick.runs(future.label, self.futures.data(future), seed, replicates) for future in both]
        return runs, labels, replicates

    def compared(self, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Progress, and what is known so far; the last of these is all."""
        from atmis.explore import differences

        runs, labels, replicates = self.sides(asked)
        total = 2 * replicates
        for found in self.quick.both(runs[0], runs[1], replicates):
            if isinstance(found, int):
                yield {"done": found, "total": total}
            else:
                yield {"total": total, "names": labels, **differences.shown(found, ("A", "B"))}

    def both(self, asked: Mapping[str, str]) -> tuple[Both, tuple[str, str]]:
        """Both ensembles, whole."""
        runs, labels, replicates = self.sides(asked)
        return (self.quick.all(runs[0], replicates), self.quick.all(runs[1], replicates)), labels

    def save(self, sent: Mapping[str, Any]) -> dict[str, str]:
        """Save the second future as a scenario."""
        asked, name = sent.get("future"), sent.get("name")
        if not isinstance(asked, dict) or not all(isinstance(one, str) for one in (name, *asked.values())):
            raise InputError("what was sent is not a future with a name")
        numbers = {"replicates": self.settings.replicates, "seed": whole(asked, "seed", self.settings.seed)}
        return saving.save(self.futures, self.futures.asked(asked, "b"), str(name), self.saving_to, numbers)

    def open(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Open a folder of results."""
        from atmis.explore import opened

        word = sent.get("folder")
        if not isinstance(word, str) or not word.strip() or "\0" in word:
            raise InputError("name a folder of `atmis run`, `atmis compare` or `atmis sweep`")
        path = Path(word.strip()).expanduser()
        found = opened.told(path)
        number = secrets.token_urlsafe(12)
        self.folders[number] = path
        return {"id": number, "folder": str(path), **found}

    def report(self, number: str) -> bytes:
        """The report of a folder that was opened."""
        from atmis.explore import opened

        if number not in self.folders:
            raise InputError("this folder is not open any more; open it again")
        return opened.report(self.folders[number])


def whole(asked: Mapping[str, str], key: str, otherwise: int) -> int:
    """A whole number of what is asked. Raises InputError."""
    word = asked.get(key, str(otherwise))
    if not word.isascii() or not word.isdecimal() or len(word) > _DIGITS:
        raise InputError(f"{key}: '{shortened(word)}' is not a whole number")
    return int(word)
