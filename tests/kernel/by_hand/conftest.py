"""These tests call single rules as plain Python: compiled, each call would cost seconds of compilation.

They are collected only with NUMBA_DISABLE_JIT=1; test_by_hand.py runs them so as part of the whole suite.
"""

from collections.abc import Callable

import pytest
from numba.core import config

from atmis.kernel import rng

collect_ignore_glob = [] if config.DISABLE_JIT else ["test_*.py"]

Four = tuple[float, float, float, float]


@pytest.fixture
def fix_draws(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict], list]:
    """Fix the draws: `fix_draws({purpose: (u, ...)})`, or {(purpose, entity): ...}; up to four numbers, the rest .5.

    A draw for any other purpose is an error, except before day 0, where draws are .5. Returns the list of the draws
    made: (purpose, entity, tick).
    """

    def fix(numbers: dict) -> list:
        draws: list = []

        def at_tick(stream: rng.Stream, purpose: int, entity: int, tick: int) -> Four:
            draws.append((purpose, int(entity), int(tick)))
            known = numbers.get((purpose, int(entity)), numbers.get(purpose))
            if known is None and tick == 0:
                known = ()
            if known is None:
                raise AssertionError(f"unexpected draw for purpose {purpose}")
            return (*known, 0.5, 0.5, 0.5, 0.5)[:4]

        monkeypatch.setattr(rng, "at_tick", at_tick)
        return draws

    return fix
