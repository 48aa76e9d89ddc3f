"""Figures: all are drawn, to the same bytes, whatever the names, the period and the theatre are."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import helpers
import numpy as np
import pytest
from figure_checks import assert_no_text_is_cut

from atmis.plots.common import documented, style
from atmis.plots.common.dates import format_date
from atmis.plots.run import attacks, maps
from atmis.plots.run.base_outcomes import most_frequent
from atmis.plots.run.figures import FIGURES, draw
from atmis.runs.ensemble import Ensemble, simulate
from atmis.scenario.build import build
from atmis.scenario.compose import compose

Change = Callable[[dict[str, Any]], None]
SHORT = ("period.start=2024-06-01", "period.end=2024-07-30")
HOSTILE = (
    "$\\foo$", "_hidden", "<b>&amp;--></b>", "W" * 300, "مقديشو", "京都 \U0001f600", "\x07a\nb", "$", "\\", "_",
    "$a_b^c$",
)  # fmt: skip


def small(overrides: tuple[str, ...] = SHORT, replicates: int = 3, change: Change = lambda data: None) -> Ensemble:
    """A short ensemble of scenario actual, its configuration changed."""
    data, _ = compose(["scenario=actual", *overrides])
    change(data)
    return simulate(build(data), replicates, seed=1)


def sketch(ensemble: Ensemble) -> int:
    """Draw all figures coarsely, which is quick; returns their number."""
    with style.settings():
        figures = [figure for made in FIGURES.values() for figure in made(ensemble, documented.ceilings())]
        for figure in figures:
            figure.savefig(BytesIO(), format="png", dpi=30)
    return len(figures)


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return small()


@pytest.fixture(scope="module")
def drawn(ensemble: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return draw(ensemble, tmp_path_factory.mktemp("drawn") / "figures")


def test_every_figure_is_left_as_png_and_svg(drawn: list[Path]) -> None:
    assert [path.name for path in drawn] == [f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")]
    for path in drawn:
        assert path.stat().st_size > 1000
        if path.suffix == ".svg":
            ElementTree.parse(path)


def test_the_same_bytes_in_any_thread_whatever_the_users_own_settings_are(
    drawn: list[Path], ensemble: Ensemble, tmp_path: Path
) -> None:
    import matplotlib

    own = {"font.size": 30.0, "axes.grid": True, "text.parse_math": True}
    with matplotlib.rc_context(own), ThreadPoolExecutor(max_workers=2) as pool:
        again = list(pool.map(lambda name: draw(ensemble, tmp_path / name), ("one", "other")))
    for paths in again:
        assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in drawn]


def test_no_figure_holds_a_timestamp(drawn: list[Path]) -> None:
    for path in drawn:
        text = path.read_bytes()
        assert b"dc:date" not in text
        assert b"tIME" not in text


def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, atmis.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_hostile_names_are_drawn(tmp_path: Path) -> None:
    def rename(data: dict[str, Any]) -> None:
        theatre = data["theatre"]
        for entries in (theatre["zones"], theatre["contingents"], theatre["host_forces"], theatre["bases"]):
            for entry, name in zip(entries.values(), HOSTILE, strict=False):
                entry["name"] = name
        theatre["regions"] = dict.fromkeys(theatre["regions"], "_$\\r$ <")

    for path in draw(small(change=rename), tmp_path):
        if path.suffix == ".svg":
            ElementTree.parse(path)


def test_a_name_becomes_a_line_that_can_be_drawn() -> None:
    assert style.clean("Lower Juba") == "Lower Juba"
    assert style.clean("\x07 a\n\tb ") == "a b"
    assert style.clean("\x00") == "(no name)"
    assert len(style.clean("W" * 300)) == 30
    assert not style.clean("_hidden").startswith("_")
    assert style.clean("京") == "\N{REPLACEMENT CHARACTER}"
    assert style.clean("$\\foo$") == "$\\foo$"


def test_underscores_do_not_hide_a_contingent_from_the_legend() -> None:
    def rename(data: dict[str, Any]) -> None:
        data["theatre"]["contingents"]["kenya"]["name"] = "_Kenya"

    changed = small(change=rename)
    with style.settings():
        (figure,) = FIGURES["troops"](changed, [])
    assert any("_Kenya" in text.get_text() for legend in figure.legends for text in legend.get_texts())


def test_one_replicate_has_a_line_and_no_band() -> None:
    alone = small(replicates=1)
    assert sketch(alone) == len(FIGURES)
    with style.settings():
        (figure,) = attacks.figures(alone)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["the only replicate (no band)"]


def _nothing_moves(data: dict[str, Any]) -> None:
    data["plan"].update(phases={}, incidents={}, successor=None)


def test_without_a_handover_survival_says_so() -> None:
    quiet = small(change=_nothing_moves)
    assert sketch(quiet) == len(FIGURES)
    with style.settings():
        (figure,) = FIGURES["survival"](quiet, [])
    assert any("No base was handed over" in text.get_text() for text in figure.texts)


@pytest.mark.slow
@pytest.mark.parametrize("country", ["kenya", "somalia"])
def test_a_theatre_of_one_side_without_bases_is_drawn(country: str) -> None:
    def only(data: dict[str, Any]) -> None:
        _nothing_moves(data)
        helpers.keep_one_country(data, country)

    assert sketch(small(change=only)) == len(FIGURES)


@pytest.mark.slow
@pytest.mark.parametrize("last", ["2023-06-15", "2023-06-30", "2023-07-05"])
def test_short_and_broken_months_are_drawn(last: str) -> None:
    brief = small(("period.start=2023-06-15", f"period.end={last}"))
    assert sketch(brief) == len(FIGURES)


@pytest.mark.slow
def test_many_zones_take_further_pages() -> None:
    def split(data: dict[str, Any]) -> None:
        zones = data["theatre"]["zones"]
        for name, zone in list(zones.items()):
            for part in range(4):
                zones[f"{name}_{part}"] = {**zone, "name": f"{zone['name']} {part}", "fighters": 0}

    crowded = small(("period.start=2024-06-01", "period.end=2024-06-10"), 2, split)
    with style.settings():
        pages = attacks.figures(crowded)
        panels = [axes for page in pages for axes in page.axes]
        maps.figure(crowded)
    assert len(pages) > 1
    assert len(panels) == len(crowded.scenario.theatre.zones) == 80


def test_the_most_frequent_of_equals_is_the_lower() -> None:
    assert most_frequent(np.array([[0, 2], [1, 2], [1, 0], [0, 1]]), 3).tolist() == [0, 2]


def test_documented_ceilings_are_those_of_the_ledger() -> None:
    found = documented.ceilings()
    assert found[0] == documented.Ceiling(date(2022, 4, 1), 19626)
    assert documented.Ceiling(date(2024, 12, 31), 0) in found
    assert found[-1] == documented.Ceiling(date(2025, 1, 1), 11826)


def test_marked_dates_are_decisions_and_stand_in_the_ledger() -> None:
    from atmis.facts import facts

    for key in (*documented.TROOP_DATES, *documented.BORDER_DATES):
        assert not facts()[key].outcome_after_freeze
    assert len(documented.dates(documented.BORDER_DATES)) == len(documented.BORDER_DATES)
    assert documented.dates(["geriley_overrun", "bariire_lost", "cosweyn_attack", "no_such_key"]) == []


def test_a_month_is_not_shown_as_a_day() -> None:
    (offensive,) = documented.dates(["somali_offensive_start"])
    assert format_date(offensive.date, offensive.day_known) == "Aug 2022"


@pytest.mark.slow
def test_no_text_leaves_a_figure(ensemble: Ensemble) -> None:
    with style.settings():
        for made in FIGURES.values():
            for figure in made(ensemble, documented.ceilings()):
                assert_no_text_is_cut(figure)
