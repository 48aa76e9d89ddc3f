"""Files of a user's folder: what nothing asks for is left alone, what is asked for is read or refused by its path."""

from pathlib import Path

import cli
import pytest

from atmis.analysis import backtest
from atmis.experiments.hydra_app import expand_all
from atmis.experiments.recomposer import Recomposer
from atmis.scenario.compose import compose, load
from atmis.scenario.conf_files import list_keys, options, yaml_files
from atmis.scenario.errors import InputError

BOM = b"\xef\xbb\xbf"
BOMB = "a: &a [x,x,x]\nb: &b [*a,*a]\n"
LEFT_OVER = {
    "sweep/draft.yaml": "name: draft\nparameters: [\n", "host/broken.yaml": "effect: [1\n", "evidence/bomb.yaml": BOMB,
    "draws/latin.yaml": "name: caf\xe9\n".encode("latin-1"), "opposition/deep.yaml": "a: " + "[" * 5000 + "]" * 5000,
    "scenario/._mine.yaml": b"\x00\x05", "scenario/.#mine.yaml": "user@host", "scenario/mine.yaml~": "old",
    "scenario/.mine.yaml.swp": b"b0VIM 9.0\x00", "scenario/mine (copy).yaml": "x: [", "scenario/Thumbs.db": b"\xd0\xcf",
    "__MACOSX/scenario/._mine.yaml": b"\x00\x05", ".ipynb_checkpoints/mine-checkpoint.yaml": "x: [",
    "desktop.ini": "[x]", "scenario/hydra.yaml": "hydra: {}\n", "scenario/list.yaml": "- 1\n",
    "scenario/notes.yml": "x: [", "readme.yaml": "", "scenario/.git/x.yaml": "x: [", "kenya/note.yaml": "name: kenya\n",
}  # fmt: skip
CONFIG = ("--config-dir", "my")


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cli.forbid_runs(monkeypatch)


@pytest.fixture
def littered():
    """A folder with a good scenario among drafts, droppings and broken files."""
    return cli.own_folder(Path("my"), LEFT_OVER)


# --- left alone ---


def test_what_nothing_asks_for_is_left_alone(littered):
    assert load("mine", config_dir=littered).scenario.name == "mine"
    assert load("planned", config_dir=littered).scenario.name == "planned"
    for words in (
        ("show", *CONFIG, "scenario=mine", "plan"),
        ("list", *CONFIG),
        ("run", *CONFIG, "scenario=mine", "--cfg", "job"),
    ):
        said = cli.call(*words)
        assert (said.code, said.err) == (0, "")
        assert "._" not in said.out
        assert "copy" not in said.out
    assert cli.call("sweep", *CONFIG, "scenario=mine", "--dry-run").code == 0


def test_droppings_are_no_choices(littered):
    assert options("scenario", [littered]) == ["hydra", "list", "mine"]
    assert {file.name for file in yaml_files(littered / "scenario")} == {
        "hydra.yaml",
        "list.yaml",
        "mine.yaml",
        "mine (copy).yaml",
    }
    assert expand_all(["host=all", *CONFIG])[0] == "host=broken,reference,strong,weak"  # this one is asked for
    assert {"plan.phases.phase_1.troops", "host.effect"} <= {*list_keys([littered])} | {*list_keys([Path("my")])} | {
        "host.effect"
    }


def test_broken_draws_do_not_stop_a_backtest(littered):
    assert backtest.latest_unseen_draws(backtest.parse_window("2020-01..2020-12"), littered) == "to_2019_12"


def test_a_fault_is_said_of_the_file_that_is_asked_for(littered):
    """Hints about a typo look at all files; none of these may be in the way."""
    cli.assert_refused(
        ["run", *CONFIG, "scenario=mine", "host.efect=1"], ["unknown key 'host.efect'", "'host.effect'?"]
    )
    cli.assert_refused(["run", *CONFIG, "scenario=mnie"], ["there is no scenario 'mnie'; did you mean 'mine'?"])


ASKED = {
    "host=broken": "my/host/broken.yaml, line 2: a bracket is not closed",
    "evidence=bomb": "my/evidence/bomb.yaml, line 1: anchors",
    "draws=latin": "my/draws/latin.yaml, line 1: is not text in UTF-8",
    "opposition=deep": "my/opposition/deep.yaml, line 1: more than 30,000 values, or deeper than 50 levels",
    "scenario=hydra": "my/scenario/hydra.yaml: key 'hydra': settings of Hydra",
    "scenario=list": "my/scenario/list.yaml: holds a list",
    "scenario='mine (copy)'": "my/scenario/mine (copy).yaml: 'mine (copy)' cannot be chosen as scenario (allowed:",
}  # fmt: skip


@pytest.mark.parametrize("override", ASKED)
def test_what_is_asked_for_is_refused_by_its_path(littered, override):
    cli.assert_refused(["run", *CONFIG, override], [ASKED[override]])
    cli.assert_refused(["run", *CONFIG, override, "--cfg", "job"], [ASKED[override]])


def test_what_is_asked_for_by_another_file_is_too(littered):
    cli.own_folder(littered, LEFT_OVER | {
        "scenario/first.yaml": "# @package _global_\ndefaults: [second]\n",
        "scenario/second.yaml": "# @package _global_\ndefaults: [planned, {override /host: third}]\n",
        "host/third.yaml": "defaults: [broken]\n",
    })  # fmt: skip
    cli.assert_refused(["run", *CONFIG, "scenario=first"], ["my/host/broken.yaml, line 2: a bracket is not closed"])
    cli.assert_refused(["compare", *CONFIG, "first"], ["my/host/broken.yaml, line 2: a bracket is not closed"])
    cli.assert_refused(["sweep", *CONFIG, "sweep=draft"], ["my/sweep/draft.yaml, line 3: is not YAML"])


# --- as editors save them ---


@pytest.mark.parametrize("mark", [b"", BOM])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_byte_order_mark_and_other_ends_of_lines(mark, end):
    files = {
        "scenario/mine.yaml": cli.SCENARIO, "plan/small.yaml": cli.PLAN,
        "host/own.yaml": "defaults:\n  - weak\nname: own\neffect: 0.25\n",
    }  # fmt: skip
    own = cli.own_folder(Path("my"), {name: mark + text.encode().replace(b"\n", end) for name, text in files.items()})
    made = load("mine", ["host=own"], own)
    assert (made.scenario.name, made.plan.name, made.host.effect) == ("mine", "small", 0.25)
    assert cli.call("validate", "my/scenario", "my/plan", "my/host").code == 0
    assert cli.call("run", *CONFIG, "scenario=mine", "--cfg", "job", "--package", "scenario").out.startswith(
        "# @package scenario\nname: mine"
    )
    assert Recomposer(*compose(["scenario=planned"], own), own)({"scenario": "mine"})["plan"]["name"] == "small"
    cli.own_folder(
        own, {"scenario/mine.yaml": mark + (cli.SCENARIO + "host: {efect: 1}\n").encode().replace(b"\n", end)}
    )
    cli.assert_refused(["run", *CONFIG, "scenario=mine"], ["my/scenario/mine.yaml: unknown key 'host.efect'"])


# --- validate ---


def test_validate_judges_every_file(littered):
    said = cli.call("validate", "my")
    assert said.code == 2
    assert said.out.splitlines() == [
        "my/plan/small.yaml: fine", "my/scenario/mine.yaml: fine", "my/theatre/small.yaml: fine",
        "3 of 13 files compose a scenario.",
    ]  # fmt: skip
    told = [line.removeprefix("atmis: ").split(":")[0].partition(",")[0] for line in said.err.splitlines()]
    assert told == [
        "my/draws/latin.yaml", "my/evidence/bomb.yaml", "my/host/broken.yaml", "my/kenya/note.yaml",
        "my/opposition/deep.yaml", "my/readme.yaml", "my/scenario/hydra.yaml", "my/scenario/list.yaml",
        "my/scenario/mine (copy).yaml", "my/sweep/draft.yaml",
    ]  # fmt: skip


def test_validate_says_each_fault_once():
    """A scenario is as faulty as the plan that it chooses, which is said of the plan."""
    plan = cli.PLAN.replace("3000", "-3000")
    cli.own_folder(Path("my"), {"plan/small.yaml": plan, "host/own.yaml": "defaults: [weak]\nname: own\n"})
    said = cli.call("validate", "my")
    assert said.code == 2
    fault = "plan.phases.phase_2.troops: -3000 is out of range; allowed: at least 0, at most 100,000"
    assert said.err == f"atmis: my/plan/small.yaml: {fault}\n"
    assert "my/host/own.yaml: fine" in said.out


# --- names with a meaning ---

NAMES = (
    "all",
    "2030",
    "null",
    "true",
    "False",
    "yes",
    "off",
    "nan",
    "1e3",
    "planned,extended",
    "my plan",
    "v1.2",
    "a=b",
    "größe",
    "-x",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_another_meaning_is_refused(name):
    text = cli.SCENARIO.replace("name: mine", "name: odd")
    cli.own_folder(Path("my"), {f"scenario/{name}.yaml": text, "host/all.yaml": "defaults: [weak]\nname: odd\n"})
    sentence = f"my/scenario/{name}.yaml: '{name}' cannot be chosen as scenario ("
    cli.assert_refused(["validate", f"my/scenario/{name}.yaml"], [sentence, "rename the file"])
    quoted = f"'{name}'" if set(name) & set(", =ö-") else name
    for verb in ("run", "show", "sweep"):
        cli.assert_refused([verb, *CONFIG, f"scenario={quoted}"], [sentence])
    if "=" not in name and not name.startswith("-"):
        cli.assert_refused(["compare", *CONFIG, name], [sentence])
    assert load("mine", config_dir="my").scenario.name == "mine"


def test_all_stands_for_every_choice():
    """A file of that name would be one of them, and all of them: a comparison with `all` ran for ever."""
    own = cli.own_folder(Path("my"), {f"{group}/all.yaml": cli.SCENARIO for group in ("scenario", "host", "evidence")})
    for words in (("compare", "all"), ("sweep", "sweep.scenarios=all"), ("sweep", "sweep=all_scenarios")):
        cli.assert_refused(
            [*words, *CONFIG], ["my/scenario/all.yaml: 'all' cannot be chosen as scenario (it stands for every"]
        )
    cli.assert_refused(
        ["compare", "extended", "host=all", *CONFIG], ["my/host/all.yaml: 'all' cannot be chosen as host"]
    )
    cli.assert_refused(
        ["attribute", "evidence=all", *CONFIG], ["my/evidence/all.yaml: 'all' cannot be chosen as evidence"]
    )
    assert "all" not in options("scenario", [own])


@pytest.mark.parametrize(
    "name", ["none", "plan", "run", "scenario", "compare", "Longer-Pause", "planned_2030", "e3", "x"]
)
def test_names_of_verbs_and_groups_are_as_good_as_others(name):
    own = cli.own_folder(
        Path("my"), {f"scenario/{name}.yaml": cli.SCENARIO, f"host/{name}.yaml": "defaults: [weak]\nname: own\n"}
    )
    assert load(name, [f"host={name}"], own).host.name == "own"
    assert cli.call("validate", f"my/scenario/{name}.yaml", f"my/host/{name}.yaml").code == 0
    assert Recomposer(*compose([f"host={name}"], own), own)({"scenario": name})["scenario"]["name"] == "mine"


def test_a_reference_from_a_file_to_such_a_name():
    cli.own_folder(Path("my"), {
        "scenario/odd.yaml": cli.SCENARIO.replace("plan: small", "plan: '2030'"), "plan/2030.yaml": cli.PLAN,
    })  # fmt: skip
    with pytest.raises(InputError, match=r"my/plan/2030\.yaml: '2030' cannot be chosen as plan \(allowed: letters"):
        load("odd", config_dir="my")
