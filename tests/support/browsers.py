"""Chromium for tests, as installed on this machine (on Debian: apt-get install chromium), or ATMIS_BROWSER."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

AXE = {"resultTypes": ["violations"]}  # listing what passes would take half of the time
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@contextmanager
def launch(what: str) -> Iterator[BrowserContext]:
    """Start a browser; where there is none, skip the tests and say what was not checked.

    Pages of one site share a process while one of them is open, since starting a process takes a second.
    """
    executable = os.environ.get("ATMIS_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip(f"no Chromium on this machine (on Debian: apt-get install chromium): {what} was not checked")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--process-per-site"]
        )
        yield browser.new_context()
        browser.close()
