"""The report of a folder: its numbers are those of the tables, its page is sound, and bad folders are refused."""

import csv
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import cli
import helpers
import numpy as np
import pytest
import report_pages
from report_pages import HOSTILE, SHORT, VERY_SHORT, by_id, check_number, make_hostile, table, text

from atmis import report
from atmis.analysis.comparison import Difference, Spillover
from atmis.report import assumptions, figures, sentences
from atmis.report.about import planned_config
from atmis.report.numbers import Name, Number, Sentence, digits_between, digits_of, number, percent
from atmis.report.page import render
from atmis.runs.summary import HEADLINES
from atmis.scenario.errors import InputError
from atmis.scenario.quantities import iter_numbers
from atmis.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {"95"}  # of the 95 % interval
SAID = ("more", "fewer", "less", "later", "sooner")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of three scenarios, with figures and its report."""
    return report_pages.shared_folder("compare", "no_withdrawal", "accelerated", *SHORT, factory=tmp_path_factory)


@pytest.fixture(scope="module")
def page(folder: Path) -> Element:
    return report_pages.parse_page((folder / "report.html").read_bytes())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_pages.shared_folder("run", "scenario=actual", *VERY_SHORT, factory=tmp_path_factory)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return report_pages.copy_folder(folder, tmp_path / "copy")


# --- Numbers ---


def test_every_number_of_the_results_is_that_of_the_tables(folder, page):
    shown = list(by_id(page, "main").iter("data"))
    assert len(shown) > 300
    assert {one.get("data-table") for one in shown} == {"comparison", "spillover", "openings", "survival"}
    for one in shown:
        check_number(one, folder)


def test_no_number_of_a_sentence_stands_outside_the_tables(page):
    said = [*by_id(page, "answer").iter("li"), *(one for one in by_id(page, "found").iter("dd"))]
    assert len(said) > 15
    for one in said:
        assert list(one.iter("data")) or re.search("not defined|nothing to compare|one cannot tell", text(one))
        assert set(re.findall(r"\d+", text(one, without=("data", "bdi")))) <= ALLOWED


def test_no_direction_is_said_that_the_verdict_does_not_say(folder, page):
    verdicts = {
        (row["scenario"], row["indicator"], row["group"]): row["verdict"]
        for row in table(folder, "comparison")
        if row["period"] == "whole_run"
    }
    for told in by_id(page, "found").iter("dl"):
        for one in told:
            place = next((n for n in one.iter("data") if n.get("data-table") == "comparison"), None)
            if place is None:
                continue
            verdict = verdicts[place.get("data-scenario"), place.get("data-indicator"), place.get("data-group")]
            assert text(one[0][0]) == verdict
            words = set(re.findall(r"[a-z]+", text(one[1]).lower())) & set(SAID)
            if verdict in ("cannot tell", "no difference"):
                assert not words
            else:
                assert words <= ({"more", "later"} if verdict == "more" else {"fewer", "less", "sooner"})


def row(**changed: Any) -> Difference:
    """A row of a comparison with round numbers."""
    made = Difference(
        replicates=50, mean_baseline=200.0, mean_scenario=180.0, mean_difference=-20.0, low_95=-26.04, high_95=-13.96,
        relative_difference=-0.1, median_difference=-19.0, low_90=-40.0, high_90=1.0, probability_more=0.04,
        verdict="fewer", scenario="mine", baseline="planned", indicator="attacks", unit="attacks", group="jubaland",
        period="whole_run", period_start=date(2022, 4, 1), period_end=date(2025, 12, 31), worse="more",
        probability_worse=0.04,
    )  # fmt: skip
    return replace(made, **changed)


def spoken(sentence: Sentence) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in sentence).replace("\N{NO-BREAK SPACE}", " ")


NOTHING = dict.fromkeys(("mean_difference", "low_95", "high_95", "relative_difference"))
ZERO = dict.fromkeys(NOTHING, 0.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "20 fewer on average (95 % interval 14 to 26): 180 instead of 200, 10.0 % fewer."
             " mine is the worse one in 4 % of the pairs."),
        ({"verdict": "more", "mean_difference": 3.0, "low_95": 1.0, "high_95": 5.0, "relative_difference": 0.015,
          "probability_worse": 1.0}, "3.0 more on average (95 % interval 1.0 to 5.0): 180.0 instead of 200.0, "
                                     "1.5 % more. mine is the worse one in 100 % of the pairs."),
        ({"verdict": "cannot tell", "low_95": -41.0, "high_95": 1.0},
         "Cannot tell: the mean difference is −20, and its 95 % interval, −41 to +1, includes zero."
         " mine is the worse one in 4 % of the pairs."),
        ({"verdict": "cannot tell", "low_95": None, "high_95": None, "replicates": 1},
         "Cannot tell: one pair of runs alone gives no interval."),
        ({"verdict": "no difference", "replicates": 1, **ZERO},
         "There is no difference: over 1 pair of runs both are always equal."),
        ({"verdict": "no difference", **ZERO}, "There is no difference: over 50 pairs of runs both are always equal."),
        ({"verdict": "undefined", **NOTHING}, "There is nothing to compare: in no pair of runs do both have a value."),
        ({"worse": "neither", "probability_worse": None},
         "20 fewer on average (95 % interval 14 to 26): 180 instead of 200, 10.0 % fewer."),
        ({"unit": "months", "mean_baseline": 30.0, "mean_scenario": 28.0, "mean_difference": -2.0, "low_95": -3.04,
          "high_95": -0.96, "probability_worse": None},
         "2.0 months sooner on average (95 % interval 1.0 to 3.0): 28.0 instead of 30.0 months."),
        ({"unit": "share", "mean_baseline": 0.9, "mean_scenario": 0.95, "mean_difference": 0.05, "low_95": 0.02,
          "high_95": 0.08, "verdict": "more", "probability_worse": 0.001},
         "5.0 percentage points more on average (95 % interval 2.0 to 8.0): 95.0 instead of 90.0 %."
         " mine is the worse one in less than 1 % of the pairs."),
    ],
)  # fmt: skip
def test_what_a_row_says(changed, said):
    assert spoken(sentences.describe_difference(row(**changed))) == said


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [
        (-33.0, -22.0, 0),
        (-2.65, 0.81, 1),
        (-9786.0, -6694.0, -2),
        (0.3, 10.3, 1),
        (-0.0088, -0.000037, 5),
        (0.0, 0.0, 0),
        (3.0, 3.0, 1),
        (0.0, 4.0, 1),
    ],
)
def test_digits_by_hand(low, high, digits):
    assert digits_between(low, high) == digits


def test_numbers_by_hand():
    shown = [
        number({}, 1850715.0, "plain", -2).text, number({}, -27.47, "size").text, number({}, 27.47, "signed").text,
        number({}, -0.04, "signed", 1).text, percent({}, 0.0).text, percent({}, 0.004).text, percent({}, 0.997).text,
        percent({}, 1.0).text, percent({}, -0.0042, 1).text,
    ]  # fmt: skip
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in shown] == [
        "1,850,700", "27", "+27", "0.0", "0 %", "less than 1 %", "more than 99 %", "100 %", "0.4 %",
    ]  # fmt: skip
    assert digits_of(row()) == 0
    assert digits_of(row(low_95=None, high_95=None, mean_difference=0.0)) == 0


def test_answer_of_few_and_of_many():
    rows = {
        ("a", "attacks", "all"): row(scenario="a", group="all"),
        ("a", "attacks", "kenyan_border"): row(scenario="a", group="kenyan_border", verdict="cannot tell"),
        ("a", "overruns", "all"): row(scenario="a", group="all", indicator="overruns", verdict="no difference", **ZERO),
    }
    assert [spoken(one) for one in sentences.answer_sentences(rows, ["a"])] == [
        "Under a there are 20 fewer attacks (10.0 %) than under planned, on average over 50 pairs of runs; one cannot "
        "tell a difference in attacks in the Kenyan border counties; there is no difference in bases overrun."
    ]
    names = "abcde"
    verdicts = dict(zip(names, ("fewer", "fewer", "cannot tell", "no difference", "more"), strict=True))
    many = {
        (name, "attacks", "all"): row(
            scenario=name, group="all", verdict=verdict, mean_difference=-20.0 - (name == "b")
        )
        for name, verdict in verdicts.items()
    }
    assert [spoken(one) for one in sentences.answer_sentences(many, list(names))] == [
        "Attacks: 2 scenarios have fewer than planned, b by the most, 21 (10.0 %); 1 scenario has more than planned, "
        "e by the most, 20 (10.0 %); for 1 one cannot tell; for 1 there is no difference."
    ]


@pytest.mark.parametrize(
    ("somali", "ratio", "low", "high", "said"),
    [
        (-100.0, 0.07, 0.04, 0.11, "For each attack fewer on the Somali side there are 0.070 fewer on the Kenyan side: "
                                   "the ratio is +0.070 (95 % interval +0.040 to +0.110)."),
        (100.0, -0.5, -0.7, -0.3, "For each attack more on the Somali side there are 0.50 fewer on the Kenyan side: "
                                  "the ratio is −0.50 (95 % interval −0.70 to −0.30)."),
        (-100.0, 0.03, -0.03, 0.11, "Cannot tell whether attacks on the Kenyan side change with those on the Somali "
                                    "side: the ratio is +0.03 (95 % interval −0.03 to +0.11)."),
        (0.0, None, None, None, "The ratio is not defined: the change on the Somali side cannot be told from zero."),
    ],
)  # fmt: skip
def test_what_a_spillover_says(somali, ratio, low, high, said):
    made = Spillover("mine", "planned", "attacks", "somalia", "whole_run", 50, 1.0, somali, ratio, low, high)
    assert spoken(sentences.describe_spillover(made)) == said


def test_a_scenario_against_itself_has_no_difference(tmp_path):
    left = report_pages.run_folder("compare", "planned", "planned", *VERY_SHORT, results=tmp_path)
    tree = report_pages.parse_page(report.write(left).read_bytes())
    said = text(by_id(tree, "answer"))
    assert (
        "There is no difference between planned (2) and planned: over 2 pairs of runs whatever is compared is always"
        in said
    )
    found = by_id(tree, "found")
    verdicts = {text(one) for one in found.iter("span") if "verdict" in one.get("class", "")}
    assert verdicts == {"no difference", "undefined"} or verdicts == {"no difference"}
    assert not set(re.findall("[a-z]+", text(by_id(tree, "details")))) & {"fewer"}
    assert "were not drawn" in text(by_id(tree, "figures"))


def test_numbers_of_a_run_are_those_of_its_replicates(run):
    tree, rows = report_pages.parse_page((run / "report.html").read_bytes()), table(run, "summary")
    shown = list(by_id(tree, "found").iter("data"))
    assert len(shown) == 3 * len(HEADLINES)
    share = {"median": 0.5, "low_90": 0.05, "high_90": 0.95}
    for one in shown:
        cells = [line[one.get("data-headline", "")] for line in rows]
        if one.get("data-form") == "month":
            continue
        value = np.quantile([float(cell) for cell in cells], share[one.get("data-column", "")])
        assert float(one.get("value", "")) == pytest.approx(value)
        read, scale = report_pages.displayed_number(text(one)), int(one.get("data-scale", ""))
        assert read == pytest.approx(scale * value, abs=0.5 * 10.0 ** -int(one.get("data-digits", "")) + 1e-9)
    for one in by_id(tree, "answer").iter("li"):
        assert not re.findall(r"\d", text(one, without=("data",)))


def test_figures_of_a_run_tell_its_numbers_to_those_who_cannot_see_them(run):
    tree = report_pages.parse_page((run / "report.html").read_bytes())
    headlines = {text(one) for one in by_id(tree, "found").iter("data") if one.get("data-column") == "median"}
    for image in by_id(tree, "figures").iter("img"):
        told = image.get("alt", "").partition(": ")[2]
        assert set(re.findall(r"(?<=: )[\d,]+(?: %)?", told)) <= headlines
        assert re.search(r"\d", told)


def test_answer_over_many_scenarios_counts_what_the_table_holds(tmp_path):
    names = ("no_withdrawal", "accelerated", "weak_host_force", "haiti_surge")
    left = report_pages.run_folder("compare", *names, *SHORT, "figures=false", results=tmp_path)
    answer = by_id(report_pages.parse_page(report.write(left).read_bytes()), "answer")
    assert {"count", "mean_difference"} <= {one.get("data-column") for one in answer.iter("data")}
    for one in answer.iter("data"):
        check_number(one, left)


def test_of_many_states_of_the_world(tmp_path):
    left = report_pages.run_folder(
        "compare", "no_withdrawal", "evidence=all", *SHORT, "figures=false", results=tmp_path
    )
    tree = report_pages.parse_page(report.write(left).read_bytes())
    shown = list(by_id(tree, "main").iter("data"))
    assert {one.get("data-table") for one in shown} == {"comparison", "spread", "regret"}
    for one in shown:
        check_number(one, left)
    assert f"under {len(helpers.choices('evidence'))} readings of the evidence" in text(by_id(tree, "asked"))
    drawn = len(helpers.composed("draws=reference")["draws"]["instead_of"])
    assert f"Intervals hold chance, {drawn} drawn parameters and what was varied" in text(by_id(tree, "limits"))
    assert "Intervals hold chance only" not in text(by_id(tree, "limits"))
    assumed = by_id(tree, "assumed")
    assert not [key for key in map(text, assumed.iter("code")) if key.startswith("evidence.")]
    used = [text(one[0]) for one in assumed.iter("tr") if one.get("class") == "used"]
    assert sorted(used) == helpers.choices("evidence")
    assert "Months in which the border opens" not in text(by_id(tree, "found"))


# --- The page ---


@pytest.fixture(scope="module", params=["comparison", "run"])
def any_page(request, folder, run) -> Element:
    return report_pages.parse_page(
        (folder if request.param == "comparison" else run).joinpath("report.html").read_bytes()
    )


def test_names_are_given_once_and_links_lead_somewhere(any_page):
    ids = [one.get("id") for one in any_page.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in any_page.iter():
        for name in ("aria-labelledby", "href"):
            target = one.get(name, "").removeprefix("#")
            assert not target or target in ids
        assert "/" not in one.get("href", "")


def test_headings_are_in_order_and_landmarks_are_there(any_page):
    levels = [int(one.tag[1]) for one in any_page.iter() if re.fullmatch(r"h[1-6]", str(one.tag))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert len(list(any_page.iter(landmark))) == 1
    assert any_page.get("lang") == "en-GB"
    assert text(next(any_page.iter("title")))
    first = next(any_page.iter("a"))
    assert (first.get("class"), first.get("href")) == ("skip", "#main")


def test_tables_say_what_they_are(any_page):
    tables = list(any_page.iter("table"))
    assert len(tables) >= 5
    for one in tables:
        assert one[0].tag == "caption"
        assert text(one[0])
        assert all(head.get("scope") in ("col", "row") for head in one.iter("th"))
        widths = {len(list(line)) for line in one.iter("tr")}
        assert len(widths) == 1


def test_figures_are_in_the_page_and_say_what_they_show(folder, page):
    listed = json.loads((folder / "figures" / "figures.json").read_text(encoding="utf-8"))
    shown = list(by_id(page, "figures").iter("figure"))
    assert len(shown) == len(listed) >= 5
    for figure, told in zip(shown, listed, strict=True):
        (image,) = figure.iter("img")
        assert image.get("alt") == told["alt"]
        assert image.get("src", "").startswith("data:image/svg+xml;base64,")
        assert told["title"] in text(figure)
        assert told["caption"] in text(figure)


def test_nothing_is_fetched_and_nothing_is_run(any_page):
    tags = {str(one.tag) for one in any_page.iter()}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "svg", "video", "audio"}
    for one in any_page.iter():
        for name, value in one.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "href", "poster") or value.startswith(("data:image/", "#"))
            assert "url(" not in value
    styles = "".join(text(one) for one in any_page.iter("style"))
    assert "url(" not in styles
    assert "@import" not in styles
    (policy,) = (one.get("content", "") for one in any_page.iter("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_it_says_what_a_reader_must_know(folder, page):
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "figures lie in the band that holds nine runs in ten" in text(by_id(page, "trust"))
    limits = text(by_id(page, "limits"))
    for words in ("does not forecast", "Zones and months only", "chance and 37 parameters", "after March 2022"):
        assert words in limits
    making = text(by_id(page, "making"))
    assert f"atmis compare no_withdrawal accelerated {' '.join(SHORT)}" in making
    for word in (told["source_hash"], told["versions"]["numpy"], *(file["sha256"] for file in told["files"])):
        assert word in making
    used = [text(one) for one in by_id(page, "assumed").iter("tr") if one.get("class") == "used"]
    assert len(used) == 1
    assert used[0].startswith("hks2014Troops prevent some violence")
    for one in told["compared"].values():
        assert one["config"]["scenario"]["assumes"] in text(by_id(page, "asked"))


def test_what_is_said_of_trust_stands_on_the_board(page):
    board = (ROOT / "model" / "TRUST.md").read_text(encoding="utf-8")
    cited = re.findall(r"\(([A-Z]\d+)\)", text(by_id(page, "trust")))
    assert len(cited) >= 3
    for row_ in cited:
        assert f"\n| {row_} |" in board


def test_same_folder_same_bytes(folder, copy):
    assert report.write(copy).read_bytes() == (folder / "report.html").read_bytes()
    assert report.write(copy).read_bytes() == (folder / "report.html").read_bytes()
    assert str(folder).encode() not in (folder / "report.html").read_bytes()


# --- What was assumed ---


def scenario(name: str) -> dict[str, Any]:
    made = helpers.composed(f"scenario={name}")
    return {key: made[key] for key in Scenario.model_fields}


def labels(name: str) -> dict[str, tuple[str, str, str, str]]:
    rows = assumptions.changes(planned_config(), scenario(name))
    return {one.key: (one.planned, one.here, one.unit, one.sourcing) for one in rows}


def test_differences_from_planned_by_hand():
    drawn = {"draws.file": ("reference", "", "", "assumed")}  # of all other keys of draws the table says it all
    assert labels("planned") == drawn
    (one,) = (one for one in assumptions.important_inputs(planned_config()) if one.key == "kenya.haiti.officers")
    assert (one.label, one.here, one.unit, one.sources) == ("Officers sent", "1,000", "people", ("haiti_officers",))
    assert labels("haiti_surge") == drawn | {"kenya.haiti.officers": ("1,000", "2,500", "people", "documented")}
    key = "plan.pauses.somali_request."
    assert labels("pause_90_days") == drawn | {
        key + "start": ("", "19 Sep 2023", "", "documented"),
        key + "days": ("", "90", "days", "documented"),
        key + "phases": ("", "phase 2", "", "documented"),
    }


def test_what_a_scenario_leaves_out_is_told():
    found = labels("extended")
    for base in ("abdalla_birolle", "kuday", "burgavo"):
        assert found[f"plan.phases.phase_3.handovers.{base}"] == ("included", "", "", "assumed")


def test_common_changes_are_told_once(tmp_path):
    words = ("evidence=no_effect", "kenya.haiti.officers=1500")
    left = report_pages.run_folder("compare", "no_withdrawal", *words, *VERY_SHORT, results=tmp_path)
    assumed = by_id(report_pages.parse_page(report.write(left).read_bytes()), "assumed")
    keys = [text(one) for one in assumed.iter("code")]
    assert keys.count("evidence.attacks") == 1 + ("evidence.attacks" in assumptions.IMPORTANT)
    common = next(one for one in assumed.iter("table") if "every scenario" in text(one[0]))
    assert ["1,000 people", "1,500 people"] in [[text(cell) for cell in line[1:3]] for line in common.iter("tr")]
    used = [text(one[0]) for one in assumed.iter("tr") if one.get("class") == "used"]
    assert used == ["no_effect"]


def test_counts_of_inputs_are_complete():
    data = planned_config()
    counted = dict(assumptions.count_inputs(data))
    described = sum(1 for _ in iter_numbers(data))
    entries = sum(1 for phase in data["plan"]["phases"].values() if "class" in phase)
    others = [
        column for name, row_ in counted.items() if name not in ("all", "the plan of the mission") for column in row_
    ]
    assert sum(counted["the plan of the mission"]) == entries + 2  # redeployment.share and replacement_days
    assert sum(counted["all"]) == sum(others) + entries + 2 >= described
    assert counted["the armed group"] == [1, 11, 91]


def test_important_inputs_are_there_and_known():
    found = assumptions.important_inputs(planned_config())
    assert [one.key for one in found if one.sourcing] == sorted(
        assumptions.IMPORTANT, key=lambda key: [one.key for one in found].index(key)
    )
    assert {one.sourcing for one in found} == set(assumptions.SOURCINGS)


def test_facts_that_are_outcomes_are_no_inputs():
    for name in ("planned", "actual", "extended", "conditions_based"):
        used = assumptions.facts_used([scenario(name)])
        assert used
        assert not [fact.key for fact in used if "never read by the model" in fact.flags]


def test_long_lists_of_differences_are_cut(page):
    data = planned_config()
    shown = assumptions.shorten(assumptions.changes({}, data))
    assert (len(shown.rows), shown.more > 100) == (assumptions.MOST, True)


# --- Figures ---


def drawn(folder: Path, sizes: dict[str, tuple[int, int]]) -> list[dict[str, str]]:
    """Files of figures with so many bytes as SVG and as PNG."""
    for name, (svg, png) in sizes.items():
        (folder / f"{name}.svg").write_bytes(b"<svg" + b" " * svg)
        (folder / f"{name}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(8) + (700).to_bytes(4, "big") + bytes(png))
    return [{"file": name, "title": "t", "caption": "c", "alt": "a"} for name in sizes]


def kinds(found: list[figures.InlineFigure]) -> list[str]:
    return [one.data.split(";")[0].removeprefix("data:image/") for one in found]


def test_figures_are_chosen_by_size(tmp_path):
    few = drawn(tmp_path, {"a": (2000, 1000), "b": (1000, 2000)})
    assert kinds(figures.inline_figures(tmp_path, few)) == ["svg+xml", "svg+xml"]
    large = drawn(tmp_path, {"a": (figures.MOST_BYTES, 1000), "b": (1000, 2000)})
    assert kinds(figures.inline_figures(tmp_path, large)) == ["png", "svg+xml"]
    assert [one.is_wide for one in figures.inline_figures(tmp_path, large)] == [False, False]


def test_the_file_is_not_too_large(folder, run):
    assert (folder / "report.html").stat().st_size < 5_000_000


# --- Hostile names and texts ---


def tags(tree: Element) -> list[str]:
    """Elements of a page, but for places where a line may end."""
    return [str(one.tag) for one in tree.iter() if one.tag != "wbr"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_stay_inert(copy, page, kind):
    made = report_pages.parse_page(report.write(make_hostile(copy, HOSTILE[kind])).read_bytes())
    test_nothing_is_fetched_and_nothing_is_run(made)
    assert tags(made) == tags(page)
    assert " ".join(HOSTILE[kind].split()) in text(by_id(made, "asked"))
    assert len(text(next(made.iter("title")))) <= 200
    assert not set("\u202e\u2066") & set(text(next(made.iter("title"))))


# --- Bad folders ---


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def changed(name: str, before: str, after: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        content = path.read_text(encoding="utf-8")
        assert before in content
        path.write_text(content.replace(before, after, 1), encoding="utf-8")

    return change


def sealed_with(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def seal(folder: Path) -> None:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(told)
        report_pages.write_manifest(folder, told)

    return seal


def resealed(name: str, before: str, after: str) -> Callable[[Path], None]:
    """A change that the manifest knows."""

    def change(folder: Path) -> None:
        changed(name, before, after)(folder)
        sealed_with(lambda told: None)(folder)

    return change


def one_column_less(folder: Path) -> None:
    path = folder / "comparison.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [line[:-1] for line in csv.reader(file)]
    path.write_text("".join(",".join(line) + "\n" for line in rows), encoding="utf-8")
    sealed_with(lambda told: None)(folder)


BAD = {
    "no manifest": (without("manifest.json"), "manifest.json is missing"),
    "no table": (without("spillover.csv"), "cannot be reported: spillover.csv: is missing"),
    "a number was changed": (changed("comparison.csv", "0.", "1."), "cannot be reported: comparison.csv: is damaged"),
    "manifest was changed": (changed("manifest.json", "planned", "p1anned"), "manifest.json is damaged"),
    "another table": (one_column_less, "comparison.csv cannot be read"),
    "an older manifest": (sealed_with(lambda told: told.update(compared={"planned": "planned"})), "of this version"),
    "a bad scenario": (
        sealed_with(lambda told: told["compared"]["planned"]["config"]["host"].update(effect=-1)), "host.effect",
    ),
    "neither": (sealed_with(lambda told: told.update(kind="sensitivity")), "neither a comparison nor a run"),
    "of another version": (sealed_with(lambda told: told.pop("kind")), "names no kind of results"),
    "no figure": (without("figures/differences.svg"), "cannot be reported: figures/differences.svg: is missing"),
    "a figure was changed": (changed("figures/differences.svg", "<svg", "<Svg"), "differences.svg: is damaged"),
    "bad list of figures": (resealed("figures/figures.json", '"alt"', '"oth"'), "figures.json is damaged"),
    "a way out": (resealed("figures/figures.json", '"differences"', '"../../x"'), "figures.json is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_folders_are_refused_in_one_sentence(copy, kind):
    spoil, sentence = BAD[kind]
    spoil(copy)
    said = cli.call("report", str(copy))
    assert said.code == 2
    assert said.out == ""
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not list(copy.glob("*report*"))


def test_what_is_no_folder_is_refused(tmp_path):
    for words, sentence in (
        ([], "takes one folder"),
        (["x", "y"], "takes one folder"),
        (["nowhere"], "no such folder"),
    ):
        said = cli.call("report", *words)
        assert (said.code, said.out) == (2, "")
        assert sentence in said.err
    with pytest.raises(InputError, match="no such folder"):
        report.write(tmp_path / "nowhere")


def test_of_a_sweep_it_says_what_to_do(tmp_path):
    (tmp_path / "study.json").write_text("{}", encoding="utf-8")
    said = cli.call("report", str(tmp_path))
    assert said.code == 2
    assert f"atmis compare {tmp_path}" in said.err


def test_the_command_prints_the_path(copy):
    said = cli.call("report", str(copy))
    assert (said.code, said.err, said.out) == (0, "", f"{copy / 'report.html'}\n")
    assert (copy / "report.html").is_file()


def test_nothing_is_left_out_of_a_template():
    with pytest.raises(Exception, match="undefined"):
        render("compare", {})
    assert math.isfinite(figures.MOST_BYTES)
    assert isinstance(sentences.describe_difference(row())[0], Number)
    assert isinstance(sentences.answer_sentences({("a", "attacks", "all"): row(group="all")}, ["a"])[0][1], Name)
