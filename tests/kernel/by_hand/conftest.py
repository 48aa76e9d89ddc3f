"""These tests call rules one by one as plain Python: compiled, each call would cost seconds of compilation.

They are collected only with NUMBA_DISABLE_JIT=1; test_by_hand.py above runs them so, as a part of the whole suite.
"""

from collections.abc import Callable

import pytest
from numba.core import config

from atmis.kernel import rng

collect_ignore_glob = [] if config.DISABLE_JIT else ["test_*.py"]

Four = tuple[float, float, float, float]


@pytest.fixture
def dice(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict], list]:
    """Fix the draws: `dice({purpose: (u, ...)})`, or {(purpose, entity): ...}; up to four numbers, the rest .5.

    A draw for any other purpose is an error, but for those of before day 0, which are .5. Returns the list in which
    the draws are noted: (purpose, entity, tick).
    """

    def fix(given: dict) -> list:
        taken: list = []

        def at_tick(stream: rng.Stream, purpose: int, entity: int, tick: int) -> Four:
            taken.append((purpose, int(entity), int(tick)))
            known = given.get((purpose, int(entity)), given.get(purpose))
            if known is None and tick == 0:
                known = ()
            if known is None:
                raise AssertionError(f"a draw for purpose {purpose} was not foreseen")
            return (*known, 0.5, 0.5, 0.5, 0.5)[:4]

        monkeypatch.setattr(rng, "at_tick", at_tick)
        return taken

    return fix
