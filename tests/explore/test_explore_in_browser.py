"""The explorer as it is used: Chromium loads it, plays, pulls a lever, compares, saves, opens; axe-core reads it.

Where there is no Chromium these tests say so and are left out (see `browsers`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import browsers
import explorer_client
import pytest
import report_pages
from axe_playwright_python.sync_playwright import Axe
from explorer_client import ExplorerClient
from playwright.sync_api import BrowserContext, Page, Route, expect

pytestmark = pytest.mark.slow
SMALL = ("period.end=2023-12-31", "replicates=4", "open=false", "workers=1")
WIDTHS = (1280, 390)
READY, COMPARED = "body.ready", "#differs[aria-busy=false]"
PATIENCE = 45_000  # milliseconds: machines of tests are busy


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with browsers.launch("the explorer") as found:
        yield found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mine")


@pytest.fixture(scope="module")
def served(browser: BrowserContext, place: Path) -> Iterator[ExplorerClient]:
    with explorer_client.serve(*SMALL, folder=place) as found:
        browser.new_page().goto(found.address)  # stays open, see `browsers.launched`
        yield found


@dataclass(frozen=True)
class Looking:
    """A window on the explorer, and what happened that should not."""

    browser: BrowserContext
    served: ExplorerClient

    def at(self, width: int = 1280, **view: str) -> Page:
        page = self.browser.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._check(request.url))
        page.on("pageerror", lambda error: self.seen.append(str(error)))
        page.on("dialog", lambda dialog: (self.seen.append(dialog.message), dialog.dismiss()))
        page.goto(f"{self.served.address}&{urlencode(view)}")
        page.wait_for_selector(READY)
        page.wait_for_selector(COMPARED)
        return page

    @property
    def seen(self) -> list[str]:
        return _SEEN

    def _check(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != f"127.0.0.1:{self.served.port}":
            self.seen.append(address)


_SEEN: list[str] = []


@pytest.fixture
def look(browser: BrowserContext, served: ExplorerClient) -> Iterator[Looking]:
    """Windows, which are closed when all is done; nothing was fetched from elsewhere and no script failed."""
    _SEEN.clear()
    yield Looking(browser, served)
    for page in browser.pages[1:]:
        page.close()
    assert _SEEN == []


def date(page: Page) -> str:
    return page.locator("#date").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_it_shows_a_course_and_fits_the_window(look, width):
    page = look.at(width)
    assert date(page) == "1 Apr 2022"
    assert page.locator("#maps .view:visible").count() == 1
    assert page.locator(".base").count() == 2 * len(look.served.explorer.page_settings["bases"])
    assert "attacks: " in page.locator(".happenings").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("#trouble").is_hidden()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(look, width):
    page = look.at(width, b="extended", look="base:kuday", day="2023-06-30")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found: Any = Axe().run(page, options=browsers.AXE).response
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 30
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_what_it_shows_is_the_course(look):
    """Shades, cells, holders and happenings of a day, against the course of the same run."""
    course = look.served.get("/api/course/a", {"a": "actual", "seed": 1}).content
    day = 456  # 1 July 2023
    page = look.at(day="2023-07-01")
    cells = dict(enumerate(course["cells"]["first"]))
    for when, zone, count in course["cells"]["later"]:
        if when <= day:
            cells[zone] = count
    shown = [text.split()[0] for text in page.locator(".map:visible .count").all_text_contents()]
    assert shown == [str(count) for count in cells.values()]
    today = [one["text"] for one in course["happenings"] if one["day"] == day]
    assert page.locator(".happenings").first.locator("ul").first.locator("li").all_inner_texts() == today
    settings = look.served.explorer.page_settings
    recent = [
        sum(n for when, zone, n in course["attacks"] if zone == z and day - 30 < when <= day) for z in range(len(cells))
    ]
    shade = settings["shades"][0]
    colours = page.locator(".map:visible .zone").evaluate_all("paths => paths.map(path => path.style.fill)")
    for colour, count in zip(colours, recent, strict=True):
        wanted = shade["colours"][sum(count >= bound for bound in shade["bounds"])].lstrip("#")
        assert colour == f"rgb({', '.join(str(int(wanted[k : k + 2], 16)) for k in (0, 2, 4))})"


def test_play_pause_step_and_scrub(look):
    page = look.at()
    page.select_option("#speed", "60")
    page.click("#play")
    expect(page.locator("#play")).to_have_text("Pause")
    expect(page.locator("#date")).not_to_have_text("1 Apr 2022")
    page.click("#play")
    stopped = date(page)
    page.wait_for_timeout(200)
    assert date(page) == stopped
    page.locator("#day").fill("0")
    assert date(page) == "1 Apr 2022"
    page.click("#step")
    page.click("#step")
    page.click("#back")
    assert date(page) == "2 Apr 2022"
    page.click(".dates summary")
    page.click("#dates button >> nth=1")
    assert date(page) == "15 May 2023"
    assert "day=2023-05-15" in page.url


def test_a_lever_that_has_nothing_to_move_says_so(look):
    """Of a plan without dates none can be shifted."""
    page = look.at(a="planned", b="no_withdrawal")
    page.click("text=Levers")
    expect(page.locator("#lever-shift")).to_be_disabled()
    expect(page.locator("output[for=lever-shift]")).to_have_text("nothing to move")
    assert page.get_attribute("#lever-shift", "aria-valuetext") == "nothing to move"
    expect(page.locator("output[for=lever-pause]")).not_to_have_text("nothing to move")


def test_by_keyboard_alone(look):
    page = look.at(390)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the map"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "run"
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_text("Pause")
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_text("Play")
    page.focus("#day")
    before = date(page)
    page.keyboard.press("ArrowRight")
    assert date(page) != before
    assert page.get_attribute("#day", "aria-valuetext") == date(page)
    page.keyboard.press("Home")
    assert date(page) == "1 Apr 2022"
    page.focus("#look")
    page.keyboard.type("Mandera")
    expect(page.locator("#history")).to_contain_text("Kenyan border counties, Kenya")
    page.locator("#levers-box summary").focus()
    page.keyboard.press("Enter")
    page.focus("#lever-haiti")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#moved-count")).to_have_text("(1 moved)")
    expect(page.locator(".lever.moved output")).to_have_text("1,250 people, at rest 1,000 people")


def test_a_lever_makes_a_second_future(look):
    page = look.at()
    assert "move a lever" in page.locator("#findings").inner_text()
    page.locator("#lever-pause").fill("90")
    expect(page.locator("#maps .view:visible")).to_have_count(2)
    expect(page.locator("#assumes-b")).to_contain_text("Pause of phase 2: 90 days")
    page.wait_for_selector(COMPARED)
    expect(page.locator(".finding")).to_have_count(11)
    assert page.locator(".verdict.cannot-tell").count() > 0
    assert "until Sep 2023" in page.locator("#findings").inner_text()
    assert "b.pause=90" in page.url
    page.click("#rest")
    expect(page.locator("#maps .view:visible")).to_have_count(1)
    assert "b.pause" not in page.url


def test_two_scenarios_and_where_they_differ(look):
    page = look.at(a="planned")
    page.select_option("#scenario-b", "no_withdrawal")
    expect(page.locator("#maps .view:visible")).to_have_count(2)
    page.wait_for_selector(COMPARED)
    page.select_option("#indicator", "displaced")
    page.select_option("#group", "jubaland")
    assert "People displaced" in page.locator("#bands figcaption").inner_text()
    empty = [zone["id"] for zone in look.served.explorer.page_settings["zones"]].index(
        "tana_river"
    )  # no base in the way
    page.locator(".view:visible").nth(1).locator(".zone").nth(empty).click()
    assert page.locator("#history h3").count() == 2
    assert "look=zone%3Atana_river" in page.url


def test_a_view_opens_again_from_its_link_and_its_file(look, tmp_path):
    query = {
        "a": "planned",
        "b": "extended",
        "b.haiti": "2000",
        "day": "2023-03-03",
        "shade": "control",
        "look": "base:kuday",
    }
    page = look.at(**query)
    with page.expect_download() as download:
        page.click("#view-file")
    download.value.save_as(tmp_path / "view.json")
    other = look.at()
    other.set_input_files("#view-open", tmp_path / "view.json")
    other.wait_for_url("**b=extended**")
    other.wait_for_selector(READY)
    for shown in (page, other):
        assert date(shown) == "3 Mar 2023"
        assert shown.input_value("#lever-haiti") == "2000"
        assert shown.is_checked("input[value=control]")
        assert shown.input_value("#look") == "base:kuday"
    (tmp_path / "none.json").write_text("[]")
    other.set_input_files("#view-open", tmp_path / "none.json")
    expect(other.locator("#link-told")).to_have_text("This file holds no view of atmis explore.")


def test_the_token_stays_with_the_page(look, place, tmp_path):
    """It comes by the file that opens the browser, and is in no address, link or file; the page can be loaded again."""
    token = look.served.explorer.token
    start = tmp_path / "open.html"
    start.write_text(f'<meta http-equiv="refresh" content="0; url={look.served.address}">')
    page = look.browser.new_page()
    page.goto(start.as_uri())
    page.wait_for_url("http://**")
    page.wait_for_selector(READY)
    page.evaluate("navigator.clipboard.writeText = text => (window.copied = text, Promise.resolve())")
    page.click("#link")
    assert page.evaluate("window.copied").startswith(f"http://127.0.0.1:{look.served.port}/?a=actual")
    assert token not in page.url + page.content() + page.evaluate("document.cookie + window.copied")
    with page.expect_download() as download:
        page.click("#view-file")
    assert token not in Path(download.value.path()).read_text()
    page.reload()
    page.wait_for_selector(READY)
    other = look.browser.new_page()
    other.goto(page.url)
    other.wait_for_selector(READY)
    other.fill("#name", "after_all")
    other.click("#save button")
    expect(other.locator("#saved code").first).to_contain_text("atmis run scenario=after_all")
    assert token not in (place / "scenario" / "after_all.yaml").read_text()


def test_another_browser_is_told_where_to_find_the_address(look):
    stranger = look.browser.browser.new_context()
    page = stranger.new_page()
    assert page.goto(f"http://127.0.0.1:{look.served.port}/?a=actual").status == 403
    expect(page.locator("body")).to_contain_text("Open the whole address that atmis explore has printed")
    stranger.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_it_saves_a_scenario(look, place, width):
    page = look.at(width, **{"b.host": "weak"})
    page.fill("#name", "Planned!")
    page.click("#save button")
    expect(page.locator("#saved .note")).to_contain_text("'Planned!' cannot name a scenario")
    page.fill("#name", f"weak_{width}")
    page.click("#save button")
    expect(page.locator("#saved code").first).to_contain_text(f"atmis run scenario=weak_{width}")
    assert "override /host: weak" in (place / "scenario" / f"weak_{width}.yaml").read_text()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_figures_and_tables_are_handed_out(look):
    page = look.at(b="planned")
    with page.expect_download() as download:
        page.click("#files a[aria-label='Map of what changes as PNG']")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as download:
        page.click("#files a[aria-label='All differences, with intervals and verdicts as CSV']")
    assert Path(download.value.path()).read_bytes().startswith(b"scenario,baseline,indicator")


def test_folders_open_and_wrong_ones_get_a_sentence(look, tmp_path):
    folder = report_pages.run_folder(
        "compare", "extended", *report_pages.VERY_SHORT[:2], "report=false", results=tmp_path
    )
    page = look.at(folder=str(tmp_path / "nowhere"))
    expect(page.locator("#open-trouble")).to_contain_text("there is no such folder")
    page.fill("#folder", str(folder))
    page.click("#open button")
    expect(page.locator("#opened h3")).to_have_text("Extended against planned")
    assert page.locator("#open-trouble").is_hidden()
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    found: Any = Axe().run(page, options=browsers.AXE).response
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    (folder / "comparison.csv").write_text("nonsense")
    page.click("#open button")
    expect(page.locator("#open-trouble")).to_contain_text("comparison.csv: is damaged")


def test_a_lever_that_moves_while_an_answer_is_on_its_way_stays_there(look):
    page, held = look.at(), list[Route]()
    page.clock.install()
    page.clock.pause_at(datetime.now() + timedelta(minutes=1))  # the page waits for more moves before it asks
    page.route("**/api/rest/b?*", lambda route: held.append(route))
    page.select_option("#scenario-b", "no_withdrawal")
    page.locator("#lever-haiti").fill("500")
    while not held:
        page.wait_for_timeout(20)
    with page.expect_response("**/api/rest/b?*"):
        held[0].continue_()
    page.unroute("**/api/rest/b?*")
    page.clock.resume()
    expect(page.locator("#moved-count")).to_have_text("(1 moved)", timeout=PATIENCE)
    assert page.locator("#lever-haiti").input_value() == "500"


def test_what_cannot_be_gets_a_sentence(look):
    page = look.at(**{"b.host": "weak"})
    page.select_option("#scenario-b", "no_withdrawal")
    page.locator("#lever-pause").fill("90")
    expect(page.locator("#trouble")).to_contain_text("'phase_2' is not known here", timeout=PATIENCE)
    page.click("#rest")
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_link_of_nonsense_gets_a_sentence(look):
    page = look.at(
        **{"b": "nope", "b.foo": "1", "day": "x", "shade": "y", "look": "z:z", "indicator": "w", "group": "v"}
    )
    expect(page.locator("#trouble")).to_contain_text("'nope' is not a scenario")
    page.select_option("#scenario-b", "planned")
    expect(page.locator("#trouble")).to_contain_text("'foo' is not a lever")
    page.click("#play")
    page.click("#rest")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator(".finding")).to_have_count(11)
    assert date(page) == "1 Apr 2022"


def test_names_are_text_and_nothing_else(browser, tmp_path):
    """What stands in a user's own files does nothing on the page."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    (tmp_path / "scenario").mkdir()
    text = f"# @package _global_\ndefaults: [actual, _self_]\nscenario: {{name: evil, assumes: '{evil}'}}\n"
    text += f"theatre: {{bases: {{kuday: {{name: '{evil}'}}}}, zones: {{gedo: {{name: '{evil}'}}}}}}\n"
    (tmp_path / "scenario" / "evil.yaml").write_text(text)
    with explorer_client.serve(*SMALL, "--config-dir", str(tmp_path), "scenario=evil", folder=tmp_path) as found:
        _SEEN.clear()
        page = Looking(browser, found).at(look="base:kuday")
        assert evil in page.locator("#assumes-a").inner_text()
        assert evil in page.locator("#history h3").inner_text()
        assert page.locator("img").count() == 0
        page.close()
    assert _SEEN == []
