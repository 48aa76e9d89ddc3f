"""Chromium for tests, which the machine brings (on Debian: apt-get install chromium). ATMIS_BROWSER names another."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

AXE = {"resultTypes": ["violations"]}  # half of its time would go into a list of what is right
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@contextmanager
def launched(what: str) -> Iterator[BrowserContext]:
    """A browser; where there is none, tests are left out and say what was not looked at.

    Pages of one site share a process while one of them is open, and to begin one takes a second.
    """
    found = os.environ.get("ATMIS_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (on Debian: apt-get install chromium): {what} was not looked at")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--process-per-site"]
        )
        yield started.new_context()
        started.close()
