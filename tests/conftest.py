"""What all test processes share: machine code of the rules, made once before they start."""

import os

import pytest
from quick import quick

quick()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait, for a signal, a limit of time or a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Compile before the workers start: each of them would, which takes a minute of every core."""
    from atmis import load, world
    from atmis.ensemble import load_rules

    load_rules(*world.build(load("planned")))
