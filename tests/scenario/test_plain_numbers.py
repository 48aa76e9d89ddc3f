"""A number is what it looks like: what YAML or Hydra would read as another one is refused, in files and in words."""

from pathlib import Path

import cli
import pytest

from atmis.experiments.verb_words import VerbWords
from atmis.scenario.compose import load
from atmis.scenario.errors import InputError

MISREAD = {
    "1:30": "YAML reads : as base 60", "1:30.5": "YAML reads : as base 60", "190:20:30": "YAML reads : as base 60",
    "-1:30": "YAML reads : as base 60", "0b1011010": "0b marks base 2", "0o17": "0o marks base 8",
    "0x1F": "0x marks base 16", "+0x1f": "0x marks base 16", "1_0": "a _ between digits is left out",
    "1_000.5": "a _ between digits is left out", ".5_0": "a _ between digits is left out",
    "2022_04": "a _ between digits is left out", "010": "YAML reads a leading 0 as base 8; remove the 0",
}  # fmt: skip
PLAIN = {"90": 90.0, "90.5": 90.5, ".5": 0.5, "5.": 5.0, "+5": 5.0, "1e2": 100.0, "1.5e+2": 150.0, "0.5": 0.5}
NO_NUMBER = {
    "1,000": "'1,000'", ".inf": "inf", ".nan": "nan", "~": "null", "yes": "true", "No": "false",
    "2022-04-01": "'2022-04-01'", "'90'": "'90'", "90 km": "'90 km'", "1e": "'1e'", "0x": "'0x'",
    "0b12": "'0b12'", "12:99": "'12:99'",
}  # fmt: skip
REACH = "society.presence.reach_km"


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cli.forbid_runs(monkeypatch)


def written(text, key="society:\n  presence:\n    reach_km: {}\n"):
    return cli.own_folder(Path("my"), {"scenario/mine.yaml": cli.SCENARIO + key.replace("{}", text)})


@pytest.mark.parametrize("text", MISREAD)
def test_misread_in_a_file(text):
    written(text)
    sentence = (
        f"my/scenario/mine.yaml, line 11: {REACH}: {text} is not a plain number ({MISREAD[text]}); "
        "allowed: as in 90.5 or 1e3, or a text in quotes\n"
    )
    for words in (("run", "--config-dir", "my", "scenario=mine"), ("validate", "my/scenario/mine.yaml")):
        said = cli.call(*words)
        assert (said.code, said.out, said.err) == (2, "", f"atmis: {sentence}")


@pytest.mark.parametrize("text", MISREAD)
def test_misread_in_a_word(text):
    """Hydra reads 1_0 as 10; the others are texts to it, and no number."""
    known = (
        f"override '{REACH}={text}': {REACH}: {text} is not a plain number (a _ between digits is left out); allowed"
    )
    other = f"override '{REACH}={text}': {REACH}: '{text}' is not a number; allowed: more than 0, at most 1,000 (km)"
    cli.assert_refused(["run", f"{REACH}={text}"], [known if "_" in text else other])


def test_misread_wherever_a_word_holds_numbers():
    for word in (
        "replicates=1_0",
        "results=2022_04",
        "+a=[3, 1_0]",
        "host={effect: 1_0}",
        "host={effect:1_0}",
        "-m|seed=1,1_0",
    ):
        cli.assert_refused(
            ["run", *word.split("|")], [": 1_0 is not a plain" if "1_0" in word else "2022_04 is not a plain"]
        )
    assert load("planned", ["scenario.assumes='1_0'", "scenario.name=phase_1"]).scenario.assumes == "1_0"


@pytest.mark.parametrize("text", PLAIN)
def test_plain_numbers_are_taken(text):
    assert load("mine", config_dir=written(text)).society.presence.reach_km == PLAIN[text]
    assert load("planned", [f"{REACH}={text}"]).society.presence.reach_km == PLAIN[text]


@pytest.mark.parametrize("text", NO_NUMBER)
def test_no_number_is_told_as_such(text):
    written(text)
    finite = "a finite number" if text in (".inf", ".nan") else "a number"
    cli.assert_refused(
        ["run", "--config-dir", "my", "scenario=mine"],
        [f"my/scenario/mine.yaml: {REACH}: {NO_NUMBER[text]} is not {finite}"],
    )


@pytest.mark.parametrize("text", ["20220401", "2022", "2022.5", "1e3", "yes", "~"])
def test_a_number_is_no_date(text):
    written(text, "period:\n  start: {}\n")
    cli.assert_refused(
        ["run", "--config-dir", "my", "scenario=mine"], ["period.start: ", "is not a date of the form 2022-04-01"]
    )


def test_texts_in_quotes_and_keys_of_other_lines_are_left_alone():
    own = written("", "host:\n  assumes: '1:30'\nplan:\n  assumes: at 1:30\n")
    assert load("mine", config_dir=own).host.assumes == "1:30"


def test_the_key_of_a_number_in_a_list_is_told():
    written("", "opposition:\n  attacks: {raids: 0.1, season: [1, 1_0]}\n")
    cli.assert_refused(
        ["run", "--config-dir", "my", "scenario=mine"], ["line 10: opposition.attacks.season: 1_0 is not"]
    )
    written("", "opposition:\n  attacks:\n    season: [1]\n  cells: {fighters: 9_500}\nhost: {effect: 1}\n")
    cli.assert_refused(
        ["run", "--config-dir", "my", "scenario=mine"], ["line 12: opposition.cells.fighters: 9_500 is not"]
    )


def test_numbers_of_verbs_are_plain_too():
    assert VerbWords(None, {"top": "1e1"}, []).number("top", 5) == 10
    assert VerbWords(None, {}, []).number("top", 5) == 5
    for text in ("1_0", "nan", "0x1F", "١", "1:30"):
        with pytest.raises(InputError, match=f"top: '{text}' is not a number"):
            VerbWords(None, {"top": text}, []).number("top", 5)
