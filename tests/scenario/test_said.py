"""What a user said stands, even where it is the very value that comes with atmis: draws leave it alone."""

import json

import cli
import pytest
import yaml

from atmis import load, simulate
from atmis.experiments.hydra_app import compose_jobs
from atmis.experiments.recomposer import Recomposer
from atmis.experiments.sweep import build_study
from atmis.report import about
from atmis.runs.inputs import DrawnInputs, RunInputs
from atmis.scenario import drawn
from atmis.scenario.build import build
from atmis.scenario.compose import combinations, compose
from atmis.scenario.difference import changed_keys
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.scenario.source import apply_values
from atmis.sweep.context import WorkerContext

RAIDS, TEMPO, LAMU = "opposition.attacks.raids", "opposition.tempo.spread", "theatre.zones.lamu.exposure"
SPRING = "period.end=2022-05-31"
MINE = "# @package _global_\ndefaults: [planned]\nscenario: {name: mine, assumes: Mine.}\n"
HIGH = "defaults: [reference, _self_]\nname: high\nassumes: Raids.\nattacks: {raids: 0.06}\n"


def kept(*overrides, scenario="planned", config_dir=None):
    made = load(scenario, overrides, config_dir)
    assert {*drawn.columns(made)} == {*made.draws.instead_of} - {*made.draws.kept}
    return made.draws.kept


@pytest.mark.parametrize(
    "override",
    [
        "opposition.attacks.raids=0.06",
        "++opposition.attacks.raids=0.06",
        "opposition.attacks={raids: 0.06}",
        "++opposition.attacks={raids: 0.06}",
        "opposition={attacks: {raids: 0.06}}",
        "opposition.attacks.raids=${opposition.response.losses}",
        "opposition.attacks.raids=0.060",
    ],
)
def test_every_spelling_of_an_override(override):
    assert kept(override) == [RAIDS]


def test_who_says_nothing_gets_every_draw():
    assert kept() == kept("reporting=ucdp") == kept("opposition=reference", "host=weak") == []
    assert kept("opposition.attacks.raids=0.06", "draws=none") == []
    assert kept("theatre.zones.lamu.exposure=1.43", "draws=to_2019_12") == [LAMU]


def test_a_said_value_gives_the_runs_of_its_neighbour():
    """0.06, the shipped value, is as fixed as 0.0600001; where it was drawn, half of the runs were others."""
    runs = {word: simulate(load("planned", [SPRING, *word.split()]), 8).monthly for word in (
        "", "opposition.attacks.raids=0.06", "opposition.attacks.raids=0.06000001",
    )}  # fmt: skip
    silent, said, neighbour = runs.values()
    assert (said == neighbour).all()
    assert (said != silent).any()


def test_a_multirun_and_a_sweep_say_the_same():
    """Each job of -m, as a point of a design at that value; the other parameters are drawn in both."""
    jobs = [compose(words, None, "sweep") for words in combinations([SPRING, f"{RAIDS}=0.05,0.06"])]
    varied = build_study(jobs, None)[0]
    design = ["sweep.design=grid", f"+sweep.parameters={{{RAIDS}: [0.05, 0.06]}}", "sweep.name=two"]
    swept = build_study(compose_jobs([SPRING, *design], "sweep"), None)[0]
    for case in range(2):
        numbers = [WorkerContext(study).inputs(case) for study in (varied, swept)]
        raids = [inputs.of(3).params.opposition.attacks.raids for inputs in numbers]
        assert raids == [(0.05, 0.06)[case]] * 2
        assert numbers[0].columns.keys() == numbers[1].columns.keys()
        assert len(numbers[0].columns) == len(load("planned").draws.instead_of) - 1


def test_blocks_of_one_key_all_count_in_a_multirun():
    words = ["opposition.attacks={raids: 0.06}", "opposition.attacks={coordination: 0.15}"]
    assert combinations(words) == [words]
    assert kept(*words) == ["opposition.attacks.coordination", RAIDS]


def test_files_of_ones_own(tmp_path):
    own = cli.own_folder(tmp_path, {
        "scenario/repeats.yaml": MINE + "opposition: {attacks: {raids: 0.06}}\n",
        "scenario/silent.yaml": MINE,
        "scenario/based.yaml": MINE.replace("planned", "repeats"),
        "scenario/chooses.yaml": MINE.replace("[planned]", "[planned, {override /opposition: high}]"),
        "scenario/undone.yaml": MINE.replace("[planned]", "[planned, {override /opposition: undone}]"),
        "opposition/high.yaml": HIGH,
        "opposition/undone.yaml": HIGH.replace("[reference, _self_]", "[_self_, reference]"),
    })  # fmt: skip
    assert [kept(scenario=name, config_dir=own) for name in ("repeats", "based", "chooses")] == [[RAIDS]] * 3
    assert kept(scenario="silent", config_dir=own) == []
    assert kept(scenario="undone", config_dir=own) == []  # the file of atmis has the last word
    assert kept("opposition=high", "opposition.tempo.spread=0.45", config_dir=own) == [RAIDS, TEMPO]


def test_draws_of_ones_own_stand_in_for_ones_own_groups(tmp_path):
    """They were fitted with these groups; what a scenario or a word says is kept all the same."""
    block = load("planned").draws.model_dump(by_alias=True, exclude={"kept"})
    own = cli.own_folder(tmp_path, {
        "draws/fitted.yaml": yaml.safe_dump(block | {"name": "fitted"}), "opposition/high.yaml": HIGH,
        "scenario/repeats.yaml": MINE + "opposition: {tempo: {spread: 0.45}}\n",
    })  # fmt: skip
    assert kept("opposition=high", "draws=fitted", config_dir=own) == []
    assert kept("opposition=high", "draws=fitted", scenario="repeats", config_dir=own) == [TEMPO]
    assert kept("draws=fitted", f"{LAMU}=1.43", config_dir=own) == [LAMU]


def test_other_scenarios_of_the_same_words_keep_it_too():
    """As in `compare`, `sweep` and `attribute`; blocks of a group are no choice of it."""
    for word in (f"{RAIDS}=0.06", "opposition={attacks: {raids: 0.06}}"):
        again = Recomposer(*compose([word]), None)
        assert [again({"scenario": name})["draws"]["kept"] for name in ("planned", "extended")] == [[RAIDS]] * 2
    again = Recomposer(*compose(["evidence={attacks: 0.25}"]), None)
    assert again({"scenario": "extended", "evidence": "hks2014"})["evidence"]["attacks"] == 0.25


def test_a_value_set_in_composed_data_is_said():
    """Levers, points of a design and mechanisms switched off set values so."""
    data = {key: value for key, value in compose([SPRING])[0].items() if key in Scenario.model_fields}
    assert apply_values(data, {RAIDS: 0.06, "host.effect": 0.1})["draws"]["kept"] == [RAIDS]
    assert apply_values(data, {"host.effect": 0.1})["draws"] is data["draws"]


def test_what_stands_fixed_is_told(tmp_path, monkeypatch):
    """`show`, `run`, the manifest, the report's count, and the keys in which two scenarios differ."""
    monkeypatch.chdir(tmp_path)
    sentence = f"Not drawn, for a value was set: {RAIDS}=0.06; 36 other parameters are drawn."
    assert sentence in cli.call("show", "draws", f"{RAIDS}=0.06").out
    assert "Not drawn" not in cli.call("show", "draws").out
    words = ("replicates=2", "figures=false", "results=out", SPRING)
    assert sentence in cli.call("run", f"{RAIDS}=0.06", *words).out.splitlines()
    (manifest,) = tmp_path.rglob("manifest.json")
    config = json.loads(manifest.read_text())["config"]
    assert config["draws"]["kept"] == [RAIDS]
    assert about.count_drawn([config]) == 36
    assert ("draws", "kept") in changed_keys(compose([SPRING])[0], config)
    rebuilt = build({key: config[key] for key in Scenario.model_fields})
    assert RAIDS not in DrawnInputs(RunInputs.of(rebuilt)).columns


def test_a_choice_of_atmis_with_other_numbers_is_named_with_its_values():
    made = load("planned", ["reporting=complete"])
    assert made.draws.kept == []
    assert drawn.fixed(made) == {"reporting.kenya.harmless": 1.0, "reporting.kenya.lethal": 1.0}


def test_only_what_is_drawn_can_be_kept():
    assert kept(f"+draws.kept=[{TEMPO}]") == [TEMPO]
    with pytest.raises(InputError, match=r"draws\.kept: 'opposition\.attacks\.raid' is not known here; did you mean"):
        load("planned", ["+draws.kept=[opposition.attacks.raid]"])
