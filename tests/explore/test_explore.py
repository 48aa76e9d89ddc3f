"""The explorer without a browser: levers, courses, quick ensembles, what is saved, and who may ask for what."""

import html
import json
import queue
import re
import shlex
import signal
import stat
import subprocess
import sys
import webbrowser
from http.client import HTTPConnection
from pathlib import Path

import cli
import explorer_client
import numpy as np
import pytest
import report_pages
from explorer_client import SMALL

from atmis import load, simulate
from atmis.analysis.comparison import compare
from atmis.experiments import browser, explore
from atmis.explore import course, differences
from atmis.explore.futures import Future
from atmis.explore.quick_ensembles import FutureRuns, QuickEnsembles
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.mission import Cell, Mission
from atmis.scenario.errors import InputError
from atmis.storage.files import to_sealed_json

MOVED = {
    "b": "actual",
    "b.pause": "60",
    "b.shift": "-30",
    "b.host": "weak",
    "b.evidence": "no_effect",
    "b.haiti": "2000",
    "b.offensive_jubaland": "1.5",
    "b.border_share": "0.35",
    "b.handover": "0.6",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("mine")


@pytest.fixture(scope="module")
def page(place):
    with explorer_client.serve(*SMALL, folder=place) as found:
        yield found


@pytest.fixture(scope="module")
def futures(page):
    return page.explorer.futures


# --- levers ---


def test_a_future_has_only_levers_that_are_not_at_rest(futures):
    future = futures.from_query(
        {"b": "actual", "b.haiti": "1000", "b.pause": "0", "b.host": "reference", "b.shift": "15"}, "b"
    )
    assert future == Future("actual", (("shift", 15),))
    assert futures.from_query({"b": "haiti_surge", "b.haiti": "2500"}, "b") == Future("haiti_surge")


def test_numbers_rest_where_the_choices_say(futures):
    weak = futures.from_query({"b": "actual", "b.host": "weak", "b.handover": "0.3"}, "b")
    assert weak == Future("actual", (("host", "weak"),))
    assert futures.resting_positions(weak) == futures.resting_positions(Future("actual")) | {
        "handover": 0.3,
        "readiness": 0.5,
    }
    assert futures.resting_positions(Future("pause_90_days"))["pause"] == 90
    assert futures.resting_positions(Future("offensive_in_jubaland"))["offensive_jubaland"] == 1.0


def test_a_shift_moves_every_date_of_a_plan_but_those_for_the_record(futures):
    plain, moved = (futures.scenario(Future("actual", levers)).plan for levers in ((), (("shift", -30),)))
    for name, phase in plain.phases.items():
        other = moved.phases[name]
        assert {(phase.start - other.start).days, (phase.date - other.date).days} == {30}
        assert other.first_planned == phase.first_planned
        for base, handover in phase.handovers.items():
            assert handover.date is None or (handover.date - other.handovers[base].date).days == 30
    assert plain.successor is not None
    assert (plain.successor.date - moved.successor.date).days == 30


def test_a_lever_makes_the_block_that_is_not_there(futures):
    made = futures.scenario(Future("planned", (("offensive_jubaland", 1.0), ("pause", 90))))
    assert made.host.offensives == load("offensive_in_jubaland").host.offensives
    told = load("pause_90_days").plan.pauses["somali_request"]
    assert replace_source(made.plan.pauses["somali_request"]) == replace_source(told)


def replace_source(pause):
    return pause.model_copy(update={"source": []})


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"b": "actuall"}, "'actuall' is not a scenario; did you mean 'actual'?"),
        ({}, "'' is not a scenario"),
        ({"b": "actual", "b.paus": "1"}, "'paus' is not a lever; did you mean 'pause'?"),
        ({"b": "actual", "b.pause": "x"}, "Pause of phase 2: 'x' cannot be; allowed: a whole number from 0 to 360"),
        ({"b": "actual", "b.pause": "1.5"}, "Pause of phase 2: '1.5' cannot be"),
        ({"b": "actual", "b.pause": "inf"}, "'inf' cannot be"),
        (
            {"b": "actual", "b.handover": "nan"},
            "Quality of handovers: 'nan' cannot be; allowed: a number from 0.1 to 0.9",
        ),
        ({"b": "actual", "b.handover": "0.91"}, "'0.91' cannot be"),
        ({"b": "actual", "b.host": "../weak"}, "Somali forces: '../weak' is not a choice; did you mean 'weak'?"),
        ({"b": "actual", "b.evidence": "=1+1"}, "Evidence: '=1+1' is not a choice"),
        ({"b": "actual", "b.name": "Mine"}, "'Mine' cannot name a scenario"),
    ],
)
def test_bad_levers_are_answered_in_a_sentence(page, query, sentence):
    assert sentence in page.get("/api/rest/b", query).error


def test_levers_that_cannot_be_together_are_answered_in_a_sentence(page):
    query = {"a": "actual", "b": "no_withdrawal", "b.pause": "90"}
    assert "'phase_2' is not known here" in page.get("/api/course/b", query).error
    (line,) = page.get("/api/compared", query).body.decode().splitlines()
    assert "'phase_2' is not known here" in json.loads(line)["error"]


def test_another_theatre_is_answered_in_a_sentence(page):
    assert "another theatre or period" in page.get("/api/course/a", {"a": "history"}).error
    assert "history" not in page.get("/api/setting").content["scenarios"]


# --- a course is what the Mission holds ---


@pytest.fixture(scope="module")
def watched():
    """A course, and the model beside it: what its agents say in the evening of some days."""
    scenario = load("actual", ["period.end=2023-12-31"])
    watched_course, mission, evenings = course.run(scenario, 1, 2), Mission(scenario, rng=1, replicate=2), {}
    while mission.running:
        mission.step()
        if mission.day % 91 == 0 or not mission.running:
            evenings[mission.day - 1] = {
                "control": [round(1000 * zone.control) for zone in mission.zones],
                "troops": [round(zone.effective_troops) for zone in mission.zones],
                "attacks": [zone.attacks_today for zone in mission.zones],
                "cells": [
                    sum(cell.zone is zone and cell.fighters > 0 for cell in mission.agents_by_type[Cell])
                    for zone in mission.zones
                ],
                "holders": [holder_ids(scenario.theatre).index(base.holder) for base in mission.bases],
                "standings": [STANDINGS.index(base.standing) for base in mission.bases],
                "deployed": sum(contingent.deployed for contingent in mission.contingents),
            }
    return watched_course, mission, evenings


def test_a_course_is_what_the_agents_say(watched):
    watched_course, _, evenings = watched
    assert len(evenings) == 8
    for day, evening in evenings.items():
        for name, values in evening.items():
            assert np.array_equal(getattr(watched_course, name)[day], values), (day, name)


def test_a_course_as_plain_data_loses_nothing(watched):
    tables = watched[0].to_dict()
    for name in ("control", "troops", "cells", "holders", "standings", "open_segments"):
        table = getattr(watched[0], name)
        rebuilt = np.tile(tables[name]["first"], (len(table), 1))
        for day, column, value in tables[name]["later"]:
            rebuilt[day:, column] = value
        assert np.array_equal(rebuilt, table)
    attacks = np.zeros_like(watched[0].attacks)
    for day, zone, count in tables["attacks"]:
        attacks[day, zone] = count
    assert np.array_equal(attacks, watched[0].attacks)


def test_events_say_what_has_come_to_pass(watched):
    watched_course, mission, _ = watched
    texts = {(watched_course.scenario.date(event.day).isoformat(), event.text) for event in watched_course.events}
    assert ("2023-01-21", "Maslah (Banadir) passes from Burundi (mission) to Somali federal army.") in texts
    assert ("2022-08-01", "Offensive in central Somalia begins.") in texts
    assert ("2023-09-25", "The agreement between the United States and Kenya takes effect.") in texts
    falls = [event for event in watched_course.events if " falls; " in event.text]
    assert len(falls) == int(mission.record.bases.overruns.sum()) > 0
    assert [event.day for event in watched_course.events] == sorted(event.day for event in watched_course.events)
    per_day = [event for event in watched_course.events if event.kind == "attacks"]
    assert sum(int(event.text.split()[0]) for event in per_day) == int(watched_course.attacks.sum())
    killed = sum(
        int(match[1].replace(",", "")) for event in per_day if (match := re.search(r"([\d,]+) killed", event.text))
    )
    deaths = ("deaths_mission", "deaths_host", "deaths_kenya", "deaths_civilians")
    ensemble = simulate(watched_course.scenario, replicates=3, seed=1, workers=1)
    assert killed == sum(ensemble.indicator(name)[2].sum() for name in deaths)


# --- many courses ---


@pytest.fixture(scope="module")
def quick():
    ensembles = QuickEnsembles(1)
    yield ensembles
    ensembles.close()


def test_quick_runs_are_those_of_simulate(futures, quick):
    data = futures.data(Future("actual"))
    runs = quick.get_runs("actual", data, 3, 25)
    for batch in reversed(runs.missing(25)):
        runs.run(batch)
    found, known = runs.ensemble(25), simulate(futures.scenario(Future("actual")), 25, 3, 1)
    for name in ("monthly", "deployed", "days", "contingents", "base_histories", "bases"):
        assert getattr(found, name).tobytes() == getattr(known, name).tobytes(), name


def test_a_future_that_did_not_change_is_not_run_again(futures, quick, monkeypatch):
    sides = [quick.get_runs(name, futures.data(Future(name)), 4, 12) for name in ("actual", "planned")]
    list(quick.run_pair(*sides, 12))
    ran = []
    monkeypatch.setattr(FutureRuns, "run", lambda runs, batch: ran.append(batch))
    again = quick.get_runs("another name", futures.data(Future("actual")), 4, 12)
    assert again is sides[0]
    *_, last = quick.run_pair(again, sides[1], 12)
    assert ran == []
    assert not isinstance(last, int)


def test_results_come_in_while_runs_go_on(futures, quick):
    sides = [quick.get_runs(name, futures.data(Future(name)), 5, 30) for name in ("actual", "planned")]
    updates = list(quick.run_pair(*sides, 30))
    done = [update for update in updates if isinstance(update, int)]
    pairs = [update for update in updates if not isinstance(update, int)]
    assert done == sorted(done)
    assert done[-1] == 60
    assert [pair[0].replicates for pair in pairs] == [20, 30]
    assert isinstance(updates[-1], tuple)


def test_what_is_shown_are_the_rows_of_a_comparison(futures, quick):
    ensembles = {name: simulate(futures.scenario(Future(name)), 8, 1, 1) for name in ("actual", "planned")}
    shown = differences.describe_pair((ensembles["actual"], ensembles["planned"]), ("actual", "planned"))
    rows = {(row.indicator, row.group): row for row in compare(ensembles, "actual") if row.period == "whole_run"}
    assert len(shown["rows"]) == len(differences.ROWS)
    for one in shown["rows"]:
        row = rows[one["indicator"], one["group"]]
        assert all(one[name] == getattr(row, name) for name in ("mean_difference", "low_95", "high_95", "verdict"))
    attacks = shown["bands"]["attacks"]["groups"]["all"]
    by_month = ensembles["planned"].indicator("attacks").sum(axis=2)
    assert attacks[1][2] == np.median(by_month, axis=0).tolist()
    assert "cannot tell" in {one["verdict"] for one in shown["rows"]}


# --- taken away ---


def last(answer):
    return json.loads(answer.body.decode().splitlines()[-1])


def test_what_is_saved_gives_the_same_numbers_to_the_byte(page, place, tmp_path, monkeypatch):
    """The page's numbers, its CSV files and those of the commands that it names: one and the same."""
    query = {"a": "actual", **MOVED, "b.name": "mine"}
    shown = last(page.get("/api/compared", query))
    saved = page.post("/api/save", {"name": "mine", "future": MOVED}).content
    assert Path(saved["path"]) == place / "scenario" / "mine.yaml"
    monkeypatch.chdir(tmp_path)
    for command in (saved["run"], saved["compare"]):
        said = cli.call(*shlex.split(command)[1:], "figures=false", *(["report=false"] if "compare" in command else []))
        assert said.code == 0, said.err
    (run,), (comparison,) = tmp_path.glob("results/run/mine/*"), tmp_path.glob("results/compare/*/*")
    assert page.get("/api/take/b.summary.csv", query).body == (run / "summary.csv").read_bytes()
    assert page.get("/api/take/comparison.csv", query).body == (comparison / "comparison.csv").read_bytes()
    rows = {
        (r["indicator"], r["group"]): r
        for r in report_pages.table(comparison, "comparison")
        if r["period"] == "whole_run"
    }
    for one in shown["rows"]:
        row = rows[one["indicator"], one["group"]]
        for name in ("mean_baseline", "mean_scenario", "mean_difference", "low_95", "high_95"):
            assert one[name] == (float(row[name]) if row[name] else None)
        assert one["verdict"] == row["verdict"]
    assert "60 days" in saved["yaml"]


def test_words_of_the_command_line_go_with_what_is_saved(tmp_path):
    explorer = explorer_client.make_explorer(*SMALL, f"save_in={tmp_path}", "host.effect=0.4", "evidence=smidt")
    saved = explorer.save({"name": "mine", "future": {"b": "actual", "b.evidence": "hks2013"}})
    assert "host.effect=0.4" in saved["run"]
    assert "evidence=" not in saved["run"]
    assert "period.end=2023-12-31" in saved["run"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../evil", "cannot name a scenario"),
        ("/tmp/evil", "cannot name a scenario"),
        ("a/b", "cannot name a scenario"),
        ("", "cannot name a scenario"),
        ("x" * 61, "cannot name a scenario"),
        ("mine\n", "cannot name a scenario"),
        ("=1+1", "cannot name a scenario"),
        ("planned", "atmis has a scenario 'planned' of its own"),
        ("taken", "already exists"),
    ],
)
def test_names_that_cannot_be_saved(page, place, name, sentence):
    (place / "scenario").mkdir(exist_ok=True)
    (place / "scenario" / "taken.yaml").write_text("# mine\n")
    before = cli.paths_below(place)
    assert sentence in page.post("/api/save", {"name": name, "future": {"b": "actual"}}).error
    assert cli.paths_below(place) == before
    assert (place / "scenario" / "taken.yaml").read_text() == "# mine\n"


def test_nothing_is_saved_outside_the_folder(tmp_path):
    mine, outside = tmp_path / "mine", tmp_path / "outside"
    mine.mkdir()
    outside.mkdir()
    (mine / "scenario").symlink_to(outside)
    explorer = explorer_client.make_explorer(*SMALL, f"save_in={mine}")
    with pytest.raises(InputError, match="leads out of"):
        explorer.save({"name": "mine", "future": {"b": "actual"}})
    assert cli.paths_below(outside) == set()


def test_a_file_that_would_not_be_the_same_is_taken_back(tmp_path, monkeypatch):
    """A broken plan beside it is left alone."""
    explorer = explorer_client.make_explorer(*SMALL, f"save_in={tmp_path}")
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "broken.yaml").write_text("a: [")
    overlay = type(explorer.futures).overlay
    with monkeypatch.context() as patch:
        for wrong, told in (
            (b"planned", "could not be saved"),
            (b"plannd", r"mine\.yaml: defaults: there is no scenario"),
        ):
            content = overlay(explorer.futures, Future("actual"), "mine").replace(b"- actual", b"- " + wrong)
            patch.setattr(type(explorer.futures), "overlay", lambda *words, content=content: content)
            with pytest.raises(InputError, match=told):
                explorer.save({"name": "mine", "future": {"b": "actual"}})
            assert cli.paths_below(tmp_path) == {"plan", "plan/broken.yaml", "scenario"}
    assert explorer.save({"name": "mine", "future": {"b": "actual"}})["path"].endswith("mine.yaml")


def test_figures_are_png_and_svg(page):
    query = {"a": "actual", "b": "planned"}
    assert page.get("/api/take/change.png", query).body.startswith(b"\x89PNG")
    found = page.get("/api/take/b.border.svg", query)
    assert (found.status, found.headers["content-type"]) == (200, "image/svg+xml")
    assert b"<svg" in found.body
    assert "attachment" in found.headers["content-disposition"]
    assert "did you mean 'change'?" in page.get("/api/take/chang.png", query).error
    assert "is not a figure" in page.get("/api/take/change.exe", query).error
    assert "is not a table" in page.get("/api/take/change.csv", query).error


# --- folders ---


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {
        "run": report_pages.shared_folder("run", "scenario=actual", *report_pages.VERY_SHORT, factory=tmp_path_factory),
        "comparison": report_pages.run_folder(
            "compare", "extended", *report_pages.VERY_SHORT, "report=false", results=tmp_path_factory.mktemp("compare")
        ),
        "sweep": report_pages.run_folder(
            "sweep",
            "sweep.scenarios=[planned,extended]",
            *report_pages.VERY_SHORT,
            results=tmp_path_factory.mktemp("sweep"),
        ),
    }


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
def test_finished_folders_open(page, folders, kind):
    found = page.post("/api/open", {"folder": str(folders[kind])}).content
    assert found["kind"] == kind
    assert found["title"]
    report = page.get(f"/api/report/{found['id']}")
    if kind == "sweep":
        assert "holds a sweep" in report.error
        assert found["table"]["columns"] == ["planned", "extended"]
    else:
        assert report.body.startswith(b"<!doctype html>") or report.body.startswith(b"<!DOCTYPE html>")
        assert report.headers["content-security-policy"].startswith("sandbox;")
    if kind == "comparison":
        assert [side["label"] for side in found["sides"]] == ["extended"]
        assert found["sides"][0]["rows"][0]["text"]["sentence"]


def test_wrong_and_broken_folders_get_a_sentence(page, folders, tmp_path):
    ask = lambda word: page.post("/api/open", {"folder": word}).error  # noqa: E731
    assert ask("") == "name a folder of `atmis run`, `atmis compare` or `atmis sweep`"
    assert "there is no such folder" in ask(str(tmp_path / "nowhere"))
    assert "holds no finished run, comparison or sweep" in ask(str(tmp_path))
    for kind, name in (("run", "summary.csv"), ("comparison", "comparison.csv"), ("sweep", "summary.parquet")):
        copy = report_pages.copy_folder(folders[kind], tmp_path / kind)
        (copy / name).write_bytes((copy / name).read_bytes()[:-7])
        assert f"{name}: is damaged" in ask(str(copy))
    (tmp_path / "run" / "manifest.json").write_text("{}")
    assert "is damaged" in ask(str(tmp_path / "run"))
    (tmp_path / "sweep" / "manifest.json").unlink()
    assert "is not finished" in ask(str(tmp_path / "sweep"))
    assert "not open any more" in page.get("/api/report/nothing").error


# --- who may ask ---


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1.evil.example:80"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_other_sites_are_refused(page, headers):
    for path in ("/api/setting", "/page/main.js"):
        answer = page.get(path, **headers)
        assert (answer.status, answer.body) == (403, b"refused")
    assert page.post("/api/save", {"name": "evil", "future": {"b": "actual"}}, **headers).status == 403


ROUTES = ("/", "/page/main.js", "/page/nothing", "/api/setting", "/api/report/x", "/api/save", "/nowhere")


def cookie_of(page):
    """The cookie that whoever opens the printed address gets."""
    answer = page.request("GET", f"/?a=actual&token={page.explorer.token}")
    assert answer.status == 200
    assert answer.headers["set-cookie"].endswith("; HttpOnly; SameSite=Strict; Path=/")
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.mark.parametrize("path", ROUTES)
def test_strangers_on_this_machine_get_nothing_but_a_sentence(page, path):
    name, _, cookie = cookie_of(page).partition("=")
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        for headers in (
            {},
            {"cookie": f"{name}={cookie[:-1]}"},
            {"cookie": f"{name}={page.explorer.token}"},
            {"x_atmis_token": cookie},
            {"x_atmis_token": "\xff"},
        ):
            for query in ("", "?token=", "?token=%FF%00", f"?token={page.explorer.token[:-1]}", f"?token={cookie}"):
                answer = page.request(method, f"{path}{query}", b"", **headers)
                assert answer.status == 403
                assert b"hole address that atmis explore has printed" in answer.body or method == "HEAD"
                assert "set-cookie" not in answer.headers
                assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_cookie_of_the_printed_address_reads_and_only_the_token_writes(page, place):
    """Browsers send cookies to all ports of a machine: one that another user's server has seen must not be enough."""
    cookie = cookie_of(page)
    assert page.explorer.token not in cookie
    for path in ("/", "/page/main.js", "/api/setting"):
        answer = page.request("GET", path, cookie=cookie)
        assert answer.status == 200
        assert page.explorer.token.encode() not in answer.body
        assert "set-cookie" not in answer.headers
    body = json.dumps({"name": "evil", "future": {"b": "actual"}, "folder": str(place)}).encode()
    for path in ("/api/save", "/api/open"):
        answer = page.request("POST", path, body, cookie=cookie)
        assert (answer.status, "its token" in answer.content["error"]) == (403, True)
    assert not (place / "scenario" / "evil.yaml").exists()
    assert page.get("/api/save").status == 405


@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"nonsense", b'{"name": 1, "future": {}}', b'{"name": "x", "future": []}']
)
def test_nonsense_is_answered_in_a_sentence(page, sent):
    assert "what was sent is not" in page.post("/api/save", sent).error


@pytest.mark.parametrize(
    ("path", "sent", "sentence"),
    [
        ("/api/open", {"folder": "~nobody_of_this_name"}, "there is no such folder"),
        ("/api/open", {"folder": "a" * 5000}, "file name too long"),
        ("/api/open", {"folder": "\ud800"}, "?: there is no such folder"),
        ("/api/save", {"name": "\ud800", "future": {"b": "actual"}}, "cannot name a scenario"),
        ("/api/open", b"[" * 15_000, "what was sent is not a block of JSON"),
        ("/api/save", b'{"a":' * 3_000, "what was sent is not a block of JSON"),
    ],
)
def test_what_the_system_refuses_is_answered_in_a_sentence(page, path, sent, sentence):
    assert sentence in page.post(path, sent).error


@pytest.mark.parametrize("kind", ["run", "compare", "sweep"])
@pytest.mark.parametrize("content", [b"[]", b"null", b"[" * 100_000, b'{"a":' * 100_000, None])
def test_odd_folders_get_a_sentence(page, tmp_path, kind, content):
    """A manifest that is no manifest; None: one with its hash, of which everything else is missing."""
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(to_sealed_json({"kind": kind, "files": [3]}) if content is None else content)
    if kind == "sweep":
        (tmp_path / "chunks").symlink_to(tmp_path, target_is_directory=True)
    assert str(tmp_path) in page.post("/api/open", {"folder": str(tmp_path)}).error
    said = cli.call("report", str(tmp_path))
    assert said.code == 2
    assert said.err.startswith(f"atmis: {tmp_path}")
    assert "something went wrong" not in cli.call("verify", str(tmp_path)).err or content is None


def test_what_is_sent_may_not_be_large(page):
    assert "larger than 20,000 bytes" in page.post("/api/save", b"x" * 30_000).error


def test_only_files_of_the_page_are_given(page):
    for path in (
        "/page/../server.py",
        "/page/..%2fserver.py",
        "/page/%2e%2e/server.py",
        "/page/index.html",
        "/etc/passwd",
    ):
        assert page.get(path).status == 404
    script = page.get("/page/main.js")
    assert (script.status, script.headers["content-type"]) == (200, "text/javascript; charset=utf-8")


def test_headers_keep_everything_on_the_page(page):
    found = page.get("/")
    assert found.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in found.headers["content-security-policy"]
    assert "unsafe" not in found.headers["content-security-policy"]
    assert found.headers["x-content-type-options"] == "nosniff"
    assert not re.search(rb"https?://(?!www\.w3\.org)", found.body)
    assert not any(name.startswith("access-control") for name in found.headers)


@pytest.mark.parametrize("word", ["-1", "x", "1e3", "٣", "9" * 30])
def test_seeds_are_whole_numbers(page, word):
    assert "seed: " in page.get("/api/course/a", {"a": "actual", "seed": word}).error


# --- the command ---


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["one", "two"], "at most one folder or view"),
        (["-m", "scenario=planned,actual"], "explore opens one scenario"),
        (["levers.pause.range=[3,1]"], "has a range whose ends are not in order"),
        (["+levers.pause.group=host"], "needs exactly one of key, group and shift"),
        (["replicates=1000000"], "GB of memory"),
        (["port=70000"], "port: 70000 is out of range"),
    ],
)
def test_words_that_cannot_be(words, sentence):
    said = cli.call("explore", *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_a_port_that_is_taken(page):
    said = cli.call("explore", "open=false", f"port={page.port}")
    assert said.code == 2
    assert f"port={page.port} cannot be used" in said.err


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(explore, "find_spec", lambda name: None if name == "uvicorn" else object())
    said = cli.call("explore")
    assert said.code == 2
    assert "explore needs uvicorn; install them with: pip install 'atmis[explore]'" in said.err


def test_a_view_that_is_none(tmp_path):
    (tmp_path / "view.json").write_text('{"atmis": []}')
    said = cli.call("explore", str(tmp_path / "view.json"))
    assert said.code == 2
    assert "holds no view of atmis explore" in said.err


def test_the_browser_is_led_to_the_address_by_a_file_that_nobody_else_can_read(monkeypatch):
    """The arguments of a browser are seen by all users of a machine."""
    found = queue.Queue()
    address = "http://127.0.0.1:80/?a=planned&token=secret"
    monkeypatch.setattr(browser, "_has_browser", lambda: True)
    monkeypatch.setattr(webbrowser, "open", lambda given: found.put((given, read(given))) or True)
    with browser.opened(address, 80, wanted=True):
        given, (content, mode) = found.get(timeout=20)
    assert "secret" not in given
    assert html.escape(address) in content
    assert mode == 0o700
    assert not Path(given.removeprefix("file://")).exists()


def read(address):
    path = Path(address.removeprefix("file://"))
    return path.read_text(), stat.S_IMODE(path.parent.stat().st_mode)


@pytest.mark.parametrize("cause", ["no window", "no browser", "not wanted"])
def test_where_no_browser_opens_it_tells_how_to_tunnel(monkeypatch, capsys, cause):
    def nothing(using=None):
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "get", nothing if cause == "no browser" else lambda: None)
    if cause == "no window":
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(webbrowser, "open", lambda given: pytest.fail("opened"))
    with browser.opened("http://127.0.0.1:8765/?token=secret", 8765, wanted=cause != "not wanted"):
        said = capsys.readouterr().out
    assert "ssh -L 8765:127.0.0.1:8765 " in said
    assert "secret" not in said


@pytest.mark.slow
def test_the_command_serves_until_it_is_interrupted(tmp_path):
    view = tmp_path / "view.json"
    view.write_text('{"atmis_view": {"a": "planned", "day": "2023-05-15"}}')
    words = [sys.executable, "-m", "atmis", "explore", str(view), "open=false", "replicates=2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        try:
            assert process.stdout is not None
            printed = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:(\d+)(/\?a=planned&day=2023-05-15&token=\S{32,})  ", printed)
            assert address is not None
            assert f"ssh -L {address[1]}:127.0.0.1:{address[1]} " in process.stdout.readline()
            connection = HTTPConnection("127.0.0.1", int(address[1]), timeout=20)
            connection.request("GET", address[2])
            assert b"atmis explorer" in connection.getresponse().read()
            connection.close()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
        finally:
            process.kill()
    assert list(tmp_path.iterdir()) == [view]
