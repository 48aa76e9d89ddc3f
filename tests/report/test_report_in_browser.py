"""The report as a browser shows it: accessibility by axe-core, narrow screens, keyboard, print, nothing fetched or run.

Needs Chromium, which the machine brings (on Debian: apt-get install chromium); without it these tests say so and are
left out. ATMIS_BROWSER names another one, and with it they must run.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
import report_pages
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from report_pages import HOSTILE, SHORT, VERY_SHORT, make_hostile

from atmis import report

pytestmark = pytest.mark.slow
WIDTHS = (1280, 360, 320)
# Of axe's rules those that the width of a window can break; the others take ten times as long and stay the same.
OF_WIDTH = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "meta-viewport"]}}
A4_POINTS = (595, 842)
MM = 96 / 25.4  # pixels of CSS


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with browsers.launch("the report") as found:
        yield found


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, browser: BrowserContext) -> dict[str, Path]:
    """A comparison, a run and a scorecard with their reports."""
    found = {
        "comparison": report_pages.shared_folder(
            "compare", "no_withdrawal", "accelerated", *SHORT, factory=tmp_path_factory
        ),
        "run": report_pages.shared_folder("run", "scenario=actual", *VERY_SHORT[:2], factory=tmp_path_factory),
        "scorecard": report_pages.shared_folder(
            "scorecard", "replicates=2", "workers=1", "draws=none", factory=tmp_path_factory
        ),
    }
    browser.new_page().goto((found["run"] / "report.html").as_uri())  # stays open, see `browsers.launched`
    return found


@pytest.fixture(params=["comparison", "run", "scorecard"])
def folder(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Path:
    return folders[request.param]


def shown(browser: BrowserContext, folder: Path, width: int) -> tuple[Page, list[str]]:
    """A report in a window of some width, and what happened that should not."""
    page, seen = browser.new_page(), list[str]()
    page.set_viewport_size({"width": width, "height": 800})
    page.on("request", lambda request: seen.append(request.url) if not request.url.startswith("data:image/") else None)
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.goto((folder / "report.html").as_uri())
    assert seen.pop(0).endswith("/report.html")
    return page, seen


def test_axe_finds_nothing(browser, folder):
    page, _ = shown(browser, folder, WIDTHS[0])
    for width, options, least in ((WIDTHS[0], browsers.AXE, 30), (WIDTHS[1], browsers.AXE | OF_WIDTH, 2)):
        page.set_viewport_size({"width": width, "height": 800})
        found: Any = Axe().run(page, options=options).response
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
        assert len(found["passes"]) >= least
    page.close()


def test_nothing_is_wider_than_the_window(browser, folder):
    page, seen = shown(browser, folder, WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        assert seen == []
    page.close()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_do_nothing(browser, folders, tmp_path, kind):
    copy = make_hostile(report_pages.copy_folder(folders["comparison"], tmp_path / "copy"), HOSTILE[kind])
    report.write(copy)
    page, seen = shown(browser, copy, 360)
    assert seen == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("h2").count() == 10
    assert page.locator("#trust-h").is_visible()
    page.close()


def test_keyboard_reaches_what_it_should(browser, folder):
    page, _ = shown(browser, folder, 360)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the report"
    box = focused.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    table = page.locator(".scroll").first
    table.focus()
    assert table.evaluate("e => e === document.activeElement")
    page.close()


def test_it_prints_on_a4_and_cuts_no_figure(browser, folder):
    page, _ = shown(browser, folder, 1280)
    printed = page.pdf(prefer_css_page_size=True)
    sizes = set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed))
    assert {tuple(int(side) for side in size) for size in sizes} <= {A4_POINTS, (594, 841), (596, 842)}
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(180 * MM), "height": round(262 * MM)})
    tallest = page.evaluate("Math.max(...[...document.querySelectorAll('figure')].map(e => e.offsetHeight))")
    assert tallest <= 262 * MM
    assert page.evaluate("document.documentElement.scrollWidth") <= round(180 * MM)
    assert not page.locator("nav").is_visible()
    page.close()
