"""What all test processes share."""

import gc
import os

import mesa  # noqa: F401  # early: it searches all modules that are there, which takes a second when all are
import pytest
from composition_cache import quick

quick()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait, for a signal, a limit of time or a browser."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector of garbage need not walk over it again and again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Nothing is left behind when Python ends."""
    gc.unfreeze()
