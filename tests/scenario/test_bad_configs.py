"""Bad configurations are refused before anything is run, in one sentence that helps."""

from pathlib import Path

import cli
import pytest
from bad_configs import BOMB, FILES, bad_configs
from cli import assert_refused

from atmis.scenario.compose import load
from atmis.scenario.errors import InputError

CASES = bad_configs()


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cli.forbid_runs(monkeypatch)


@pytest.mark.parametrize("name", CASES)
def test_refused(name):
    case = CASES[name]
    cli.own_folder(Path("my"), case.files)
    assert_refused(case.words, case.parts)


def test_there_are_many_cases():
    assert len(CASES) >= 150


def test_validate_says_the_same():
    text, *parts = FILES["typo of a key"]
    cli.own_folder(Path("my"), {"scenario/mine.yaml": cli.SCENARIO + text})
    assert_refused(["validate", "my/scenario"], ("my/scenario/mine.yaml", *parts))


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("late.yaml", ("is not in the folder of a group", "known: draws, evidence, executor")),
        ("plans/late.yaml", ("is not in the folder of a group", "did you mean 'plan'?")),
        ("scenario/actual.yaml", ("a scenario 'actual' of its own", "another name")),
    ],
)
def test_validate_of_a_file_in_the_wrong_place(file, parts):
    cli.own_folder(Path("my"), {file: cli.SCENARIO})
    assert_refused(["validate", f"my/{file}"], (f"my/{file}", *parts))


def test_file_named_as_one_of_atmis_is_warned_of():
    cli.own_folder(Path("my"), {"plan/actual.yaml": cli.PLAN})
    said = cli.call("run", "--config-dir", "my", "scenario=mine", "seed=x")
    warning, sentence = said.err.splitlines()
    assert said.code == 2
    assert warning == (
        "atmis: warning: my/plan/actual.yaml is ignored, because atmis has a file conf/plan/actual.yaml of its own; "
        "give it another name"
    )
    assert sentence.startswith("atmis: override 'seed=x': seed: 'x' is not a whole number")


def test_a_folder_with_an_odd_name_is_read():
    for name in ("with space", "it's", "a,b=[c]", "größe", "back\\slash"):
        own = cli.own_folder(Path(name))
        assert load("mine", config_dir=own).scenario.name == "mine"


def test_python_gets_the_same_sentences():
    own = cli.own_folder(Path("my"), {"scenario/bomb.yaml": BOMB})
    with pytest.raises(InputError, match=r"my/scenario/bomb.yaml, line 1: anchors \(&name\) and aliases"):
        load("bomb", config_dir=own)
    assert load("mine", config_dir=own).scenario.name == "mine"  # nothing asks for the other
    with pytest.raises(InputError, match="calls a resolver"):
        load("mine", ["seed=${oc.env:HOME}"], config_dir=own)
    with pytest.raises(InputError, match="there is no such folder"):
        load("mine", config_dir="nowhere")
