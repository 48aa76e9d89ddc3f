"""Settings of all test processes."""

import gc
import os

import mesa  # noqa: F401  # first: it searches all loaded modules, which takes a second once all are loaded
import pytest
from composition_cache import cache_composition

cache_composition()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores, since many tests wait for a signal, a time limit or a browser."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Exempt all that is loaded by now, which stays until the end, from garbage collection."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let Python free everything when it ends."""
    gc.unfreeze()
