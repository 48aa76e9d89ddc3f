"""Figures of a comparison: all are drawn, to the same bytes, in colours that belong to the scenarios."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import helpers
import numpy as np
import pytest
from figure_checks import assert_no_text_is_cut
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from atmis.analysis.comparison import INDICATORS, Regret, compare, paired, regret, survival_curves
from atmis.analysis.comparison.spans import first_replicates
from atmis.analysis.comparison.survival import YEAR
from atmis.plots.common import scenario_style, style, words
from atmis.plots.comparison import (
    alternative_text,
    change_map,
    fan_chart,
    figures,
    forest,
    small_multiples,
    survival,
)
from atmis.plots.comparison import regret as regret_map
from atmis.runs.ensemble import Ensemble, simulate
from atmis.scenario.build import build
from atmis.scenario.compose import compose, load

SHORT = ["period.start=2024-06-01", "period.end=2024-08-15"]
NAMES = ("planned", "extended", "no_withdrawal")
HOSTILE = "$\\foo$ _<b>&amp;京\x07" + "W" * 80


@pytest.fixture(scope="module")
def runs() -> dict[str, Ensemble]:
    return {name: simulate(load(name, SHORT), 3, seed=1) for name in NAMES}


@pytest.fixture(scope="module")
def matrix(runs: dict[str, Ensemble]) -> Regret:
    plans = {name: runs[name] for name in NAMES}
    return regret({"one": plans, "a second world": plans}, "attacks", "jubaland")


@pytest.fixture(scope="module")
def drawn(runs: dict[str, Ensemble], matrix: Regret, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return figures.draw(runs, "planned", tmp_path_factory.mktemp("drawn") / "figures", regret=[matrix])


def all_figures(runs: dict[str, Ensemble], baseline: str) -> list[Figure]:
    with style.settings():
        return [named.figure for named in figures._figures(runs, baseline, compare(runs, baseline))]


def texts(figure: Figure) -> str:
    shown = [text.get_text() for text in figure.texts]
    shown += [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    shown += [text.get_text() for axes in figure.axes for text in axes.texts]
    return "\n".join(shown)


def test_every_figure_is_left_as_png_and_svg(drawn: list[Path]) -> None:
    names = [
        "differences",
        "months_kenyan_border",
        "troops",
        "survival",
        "fan_extended",
        "change_extended",
        "fan_no_withdrawal",
    ]
    names += ["change_no_withdrawal", "regret_attacks_jubaland"]
    assert [path.name for path in drawn[:-1]] == [f"{name}.{kind}" for name in names for kind in ("png", "svg")]
    listed = json.loads(drawn[-1].read_text(encoding="utf-8"))
    assert (drawn[-1].name, [entry["file"] for entry in listed]) == ("figures.json", names)
    assert {tuple(entry) for entry in listed} == {("file", "title", "caption", "alt")}
    for path in drawn[:-1]:
        assert path.stat().st_size > 1000
        assert b"dc:date" not in path.read_bytes()
        assert b"tIME" not in path.read_bytes()
        if path.suffix == ".svg":
            ElementTree.parse(path)


def test_the_same_runs_give_the_same_bytes_in_any_thread(
    drawn: list[Path], runs: dict[str, Ensemble], matrix: Regret, tmp_path: Path
) -> None:
    rows = compare(runs, "planned")
    with ThreadPoolExecutor(max_workers=2) as pool:
        again = pool.submit(figures.draw, runs, "planned", tmp_path, rows, [matrix]).result()
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in drawn]


def test_drawing_leaves_pyplot_alone() -> None:
    code = "import sys, atmis.plots.comparison.figures; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_text_leaves_a_figure(runs: dict[str, Ensemble], matrix: Regret) -> None:
    with style.settings():
        for figure in [*all_figures(runs, "planned"), regret_map.figure(matrix)]:
            assert_no_text_is_cut(figure)


def test_hostile_names_are_drawn(runs: dict[str, Ensemble]) -> None:
    for figure in all_figures({HOSTILE: runs["planned"], "_": runs["extended"]}, HOSTILE):
        with style.settings():
            assert_no_text_is_cut(figure)
            figure.savefig(file := BytesIO(), format="svg")
        ElementTree.fromstring(file.getvalue())


def test_names_of_files_are_plain_and_differ() -> None:
    assert figures.file_names(["../../etc", HOSTILE])[0] == "_etc"
    assert figures.file_names(["pause_90_days", "a b/c", "a_b_c", "é", ""]) == [
        "pause_90_days",
        "a_b_c",
        "a_b_c_2",
        "_",
        "__4",
    ]


def test_many_scenarios_get_no_figure_each(runs: dict[str, Ensemble]) -> None:
    many = {f"s{k}": runs["planned"] for k in range(figures.MAX_INDIVIDUAL + 2)}
    with style.settings():
        drawn = list(figures._figures(many, "s0", compare(many, "s0")))
        for named in drawn:
            assert_no_text_is_cut(named.figure)
    names = [named.file for named in drawn]
    months = ["months_kenyan_border", "months_jubaland", "months_rest"]
    assert names == ["differences", *months, "troops", "survival"]


def test_one_replicate_is_drawn(runs: dict[str, Ensemble]) -> None:
    alone = {name: first_replicates(runs[name], 1) for name in NAMES[:2]}
    for figure in all_figures(alone, "planned"):
        figure.savefig(BytesIO(), format="png", dpi=30)
    with style.settings():
        shown = texts(small_multiples.figure(alone, "planned"))
    assert "1 pair of replicates" in shown
    assert "one pair: cannot tell" in shown


def test_what_does_not_differ_says_so(runs: dict[str, Ensemble]) -> None:
    same = {"planned": runs["planned"], "again": runs["planned"]}
    with style.settings():
        assert "no difference in any pair" in texts(fan_chart.figure(*same.items()))
        assert "none in any zone" in texts(change_map.figure(*same.items()))
        assert "no difference" in texts(small_multiples.figure(same, "planned"))
        signs = {
            line.get_marker()
            for axes in forest.figure(compare(same, "planned")).axes
            for line in axes.lines
            if line.get_linestyle() == "None"
        }
    assert signs == {"x"}


def test_nothing_to_show_says_so(runs: dict[str, Ensemble]) -> None:
    with style.settings():
        assert "nothing to compare" in texts(forest.figure([]))
        assert "No base was handed over" in texts(survival.figure({"no_withdrawal": runs["no_withdrawal"]}))
        assert "No base is handed over in no_withdrawal" in texts(survival.figure(runs))


@pytest.mark.parametrize("country", ["kenya", "somalia"])
def test_a_theatre_of_one_side_without_bases_is_drawn(country: str) -> None:
    data, _ = compose(["scenario=actual", *SHORT])
    data["plan"].update(phases={}, incidents={}, successor=None)
    helpers.keep_one_country(data, country)
    ensemble = simulate(build(data), 2, seed=1)
    for figure in all_figures({"one": ensemble, "two": ensemble}, "one"):
        figure.savefig(BytesIO(), format="png", dpi=30)


def test_the_numbers_shown_are_those_of_the_comparison(runs: dict[str, Ensemble]) -> None:
    rows = compare(runs, "planned")
    with style.settings():
        shown = texts(small_multiples.figure(runs, "planned", "attacks", "rest"))
    for row in rows:
        if (row.indicator, row.group, row.period) == ("attacks", "rest", "whole_run"):
            assert words.format_difference(row) in shown


def test_alternative_texts_hold_the_numbers(runs: dict[str, Ensemble], matrix: Regret) -> None:
    whole = [row for row in compare(runs, "planned") if row.period == "whole_run"]
    rows = {(row.scenario, row.indicator, row.group): row for row in whole}
    both = alternative_text.differences(whole), alternative_text.months(runs, "planned", "attacks", "rest")
    fan = alternative_text.fan(("planned", runs["planned"]), ("extended", runs["extended"]), "attacks")
    change = alternative_text.change(("planned", runs["planned"]), ("extended", runs["extended"]))
    for text in both:
        for name in ("extended", "no_withdrawal"):
            assert f"{name} {words.format_difference(rows[name, 'attacks', 'rest'])}" in text.alt
    for group in ("kenyan_border", "jubaland", "rest"):
        assert words.format_difference(rows["extended", "attacks", group]) in fan.alt
    zones = change_map.by_zone(runs["planned"], runs["extended"])
    assert words.format_difference(min(zones, key=lambda zone: zone.mean_difference or 0.0)) in change.alt
    assert f"is {matrix.minimax_plans[0]}" in alternative_text.regret(matrix).alt
    share = survival_curves(runs["planned"])[0].estimate_at(YEAR)[0]
    shown = alternative_text.survival({"planned": runs["planned"], "no_withdrawal": runs["no_withdrawal"]}).alt
    assert np.isnan(share) or f"planned {100 * share:.1f} %" in shown
    assert "No base is handed over in no_withdrawal" in shown
    steps = alternative_text.troops(runs, "planned").alt
    last = {name: np.median(run.days["ceiling"][:, -1]) for name, run in runs.items()}
    assert all(f"{name} {value:,.0f} and " in steps for name, value in last.items())


def test_of_many_scenarios_the_extremes_are_told(runs: dict[str, Ensemble]) -> None:
    many = {f"s{k}": runs["extended" if k == 3 else "planned"] for k in range(8)}
    text = alternative_text.months(many, "s0", "attacks", "rest")
    rows = compare({"s0": many["s0"], "s3": many["s3"]}, "s0")
    row = next(row for row in rows if (row.indicator, row.group) == ("attacks", "rest"))
    assert f"s3 {words.format_difference(row)}" in text.alt
    assert text.alt.partition("whole run: ")[2].count("no difference") == 1


def test_changes_on_the_map_add_up_to_the_difference(runs: dict[str, Ensemble]) -> None:
    zones = change_map.by_zone(runs["planned"], runs["no_withdrawal"])
    row = next(row for row in compare(runs, "planned") if row.scenario == "no_withdrawal")
    assert (row.indicator, row.group, row.period) == ("attacks", "all", "whole_run")
    years = runs["planned"].scenario.period.days / 365.25
    assert sum(zone.mean_difference or 0.0 for zone in zones) * years == pytest.approx(row.mean_difference)
    largest = change_map.largest_change(runs["planned"], runs.values())
    assert largest >= max(abs(zone.mean_difference or 0.0) for zone in zones)


def test_shades_are_white_around_zero_and_darker_away() -> None:
    bounds = [1.0, 3.0, 10.0, 30.0]

    def lightness(change: float) -> float:
        return sum(to_rgb(change_map._shade(change, bounds)))

    assert (
        change_map._shade(0.0, bounds) == change_map._shade(-0.9, bounds) == change_map._shade(0.9, bounds) == "#FFFFFF"
    )
    for sign in (-1, 1):
        assert np.all(np.diff([lightness(sign * size) for size in (0, 2, 5, 20, 100)]) < 0)
    assert change_map._shade(5.0, []) == "#FFFFFF"


def test_regret_is_written_into_its_cells(matrix: Regret) -> None:
    with style.settings():
        shown = texts(regret_map.figure(matrix))
    assert f"Least largest regret: {' and '.join(matrix.minimax_plans)}" in shown
    assert words.format_amount(float(matrix.max_regret.max()), float(matrix.max_regret.max())) in shown
    flat = matrix.__class__(**{**vars(matrix), "regret": np.zeros_like(matrix.regret)})
    with style.settings():
        regret_map.figure(flat).savefig(BytesIO(), format="png", dpi=30)


# --- styles of scenarios, and words ---


def test_a_scenario_keeps_its_style() -> None:
    assert scenario_style.scenario_colour("planned") == "#555555"
    assert scenario_style.scenario_style("a new scenario") == scenario_style.scenario_style("a new scenario")
    assert len(set(scenario_style._COLOURS.values())) == len(scenario_style._COLOURS)
    assert "#555555" not in {scenario_style.scenario_colour(f"scenario {k}") for k in range(500)}


def test_every_scenario_that_comes_with_atmis_has_a_colour() -> None:
    names = {path.stem for path in (Path(__file__).resolve().parents[2] / "conf" / "scenario").glob("*.yaml")}
    assert names - {"history"} == set(scenario_style._COLOURS)


def test_lines_stand_out_from_white() -> None:
    """Contrast of 3 or more, as WCAG 2.2 asks of graphics."""
    for colour in scenario_style._COLOURS.values():
        parts = np.array(to_rgb(colour))
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 3.0, colour


@pytest.mark.parametrize(
    ("value", "short", "tick"),
    [
        (0.0, "0", "0"),
        (0.004, "+0.004", "+0.004"),
        (-0.25, "−0.25", "−0.25"),
        (1.26, "+1.3", "+1.26"),
        (-12.4, "−12", "−12.4"),
        (1500.0, "+1,500", "+1,500"),
        (-15_000.0, "−15.0k", "−15k"),
        (250_000.0, "+250k", "+250k"),
        (1_508_000.0, "+1.5M", "+1,508k"),
    ],
)
def test_numbers_in_words(value: float, short: str, tick: str) -> None:
    assert (words.format_short(value), words.format_tick(value)) == (short, tick)


def test_differences_in_words() -> None:
    def shown(*differences: float) -> str:
        return words.format_difference(paired(np.zeros(len(differences)), np.array(differences)))

    assert shown(0, 0) == "no difference"
    assert shown(2, 2, 2) == "+2.0 (+2.0 to +2.0)"
    assert shown(-1, 1) == "0 (−13 to +13), cannot tell"
    assert shown(4) == "+4.0 (one pair: cannot tell)"
    assert shown(float("nan")) == "undefined"


def test_every_indicator_has_words() -> None:
    with style.settings():
        for name in INDICATORS:
            assert "_" not in words.indicator_name(name)
            assert words.heading(name, "all").endswith(", all zones")


def test_words_know_all_groups() -> None:
    from atmis.analysis.comparison.indicators import GROUPS

    assert list(words.GROUP_NAMES) == list(GROUPS)
