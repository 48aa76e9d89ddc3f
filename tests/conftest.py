"""What all test processes share."""

import os

import pytest
from quick import quick

quick()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait, for a signal, a limit of time or a browser."""
    return (os.cpu_count() or 1) + 1
