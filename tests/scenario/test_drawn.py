"""Parameters by replicate: every verb takes the same draws, a scenario's own number wins, a wrong file is refused."""

import hashlib
import json

import cli
import helpers
import numpy as np
import pytest
import yaml

import atmis
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario import drawn
from atmis.scenario.build import build
from atmis.scenario.compose import conf_folder, load
from atmis.scenario.errors import InputError
from atmis.scenario.neutral import MECHANISMS
from atmis.scenario.source import ScenarioSource
from atmis.sweep.context import WorkerContext
from atmis.sweep.study import Study

SHORT = ["period.end=2022-06-30"]
RAIDS, TEMPO = "opposition.attacks.raids", "opposition.tempo.spread"
TABLE = {RAIDS: [0.0, 0.1, 0.2], TEMPO: [0.3, 0.4, 0.5], "theatre.zones.lamu.exposure": [1.0, 2.0, 9.0]}
STANDS_FOR = {RAIDS: 0.06, TEMPO: 0.45, "theatre.zones.lamu.exposure": 1.43}


def draws(folder, table=None, stands_for=None, **more):
    """A block `draws` over a table, and the file of it."""
    table = TABLE if table is None else table
    file = folder / "draws.csv"
    rows = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
    file.write_text("\n".join(rows) + "\n")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "name": "mine", "assumes": "Three draws.", "file": str(file), "sha256": digest, "fitted_to": "2022-03",
        "instead_of": dict(stands_for or STANDS_FOR), **helpers.JUDGED, **more,
    }  # fmt: skip


def scenario(block, changes=None, name="planned"):
    data = helpers.composed(f"scenario={name}", *SHORT)
    return build(helpers.change(data, {"draws": block, **(changes or {})}))


def test_each_replicate_takes_its_row_over_and_over(tmp_path):
    found = drawn.columns(scenario(draws(tmp_path)))
    assert {path: column.tolist() for path, column in found.items()} == TABLE
    assert [drawn.replicate_values(found, run)[RAIDS] for run in range(7)] == [0.0, 0.1, 0.2, 0.0, 0.1, 0.2, 0.0]


def test_a_run_has_the_numbers_of_its_draw(tmp_path):
    """Replicate 4 of an ensemble with draws is replicate 4 of a scenario with the numbers of row 1."""
    made = ensemble.simulate(scenario(draws(tmp_path)), 5, 3, workers=2)
    for replicate, row in ((0, 0), (4, 1)):
        numbers = {path: column[row] for path, column in TABLE.items()}
        data = helpers.change(helpers.composed("scenario=planned", *SHORT), numbers)
        alone = ensemble.simulate(build(data), 5, 3, workers=1)
        assert (made.monthly[replicate] == alone.monthly[replicate]).all()
        assert (made.bases[replicate] == alone.bases[replicate]).all()
    fixed = ensemble.simulate(load("planned", ["draws=none", *SHORT]), 5, 3)
    assert not (made.monthly == fixed.monthly).all()


def test_every_way_to_run_takes_the_same_draws(tmp_path):
    inputs = scenario(draws(tmp_path))
    made = ensemble.simulate(inputs, 3, 3)
    mission = atmis.Mission(inputs, rng=3, replicate=2)
    while mission.running:
        mission.step()
    assert (mission.record.monthly == made.monthly[2]).all()
    data = helpers.change(helpers.composed("scenario=planned", *SHORT), {"draws": draws(tmp_path)})
    ((_, swept),) = WorkerContext(study(data, 3)).run(range(3))
    assert (swept.monthly == made.monthly).all()
    one_by_one = ensemble.reduced(inputs, lambda one: one.monthly[0].copy(), 3, 3)
    assert (np.array(one_by_one) == made.monthly).all()


def study(data, replicates, columns=None, direct=()):
    cases = len(next(iter((columns or {"": [0]}).values())))
    source = ScenarioSource("planned", {key: data[key] for key in type(load("planned")).model_fields})
    return Study(
        "some", 3, replicates, [source], [0] * cases, list(range(cases)), columns or {}, direct=frozenset(direct)
    )


@pytest.mark.parametrize("direct", [(), (RAIDS,)])
def test_what_a_sweep_varies_is_not_drawn(tmp_path, direct):
    """Not even at the point where it has the value that draws stand in for."""
    data = helpers.change(helpers.composed("scenario=planned", *SHORT), {"draws": draws(tmp_path)})
    context = WorkerContext(study(data, 2, {RAIDS: [0.06, 0.5]}, direct))
    for case, number in enumerate([0.06, 0.5]):
        _, params, start = context.inputs(case).of(1)
        assert (params.opposition.attacks.raids, params.opposition.tempo.spread) == (number, 0.4)
        assert start.zones.exposure[list(load("planned").theatre.zones).index("lamu")] == 2.0


def test_a_number_of_its_own_wins(tmp_path):
    found = drawn.columns(scenario(draws(tmp_path), {RAIDS: 0.07}))
    assert [*found] == [path for path in TABLE if path != RAIDS]
    assert [*drawn.columns(scenario(draws(tmp_path)), but=[TEMPO])] == [path for path in TABLE if path != TEMPO]


def test_runs_that_draw_otherwise_do_not_pass_for_the_same(tmp_path):
    one = scenario(draws(tmp_path))
    first = RunInputs.of(one).fingerprint()
    other = scenario(draws(tmp_path, {**TABLE, RAIDS: [0.0, 0.1, 0.3]}))
    assert RunInputs.of(other).fingerprint() != first
    fixed = load("planned", ["draws=none", *SHORT])
    assert RunInputs.of(fixed).fingerprint() != first


WRONG = {
    "another file": ({"sha256": "0" * 64}, None, "draws.sha256: .*draws.csv has the hash [0-9a-f]{64}"),
    "no file": ({"file": "referense"}, None, "draws.file: referense cannot be read: no such file or directory"),
    "half": ({"sha256": None}, None, "draws: file and sha256 go together"),
    "out of range": ({}, {**TABLE, RAIDS: [0.0, 0.1, -2.0]}, r"raids: -2 is out of range; allowed: \[0, "),
    "no number": ({}, {**TABLE, RAIDS: [0.0, "many", 0.2]}, "draws.csv is not a table of numbers: "),
    "not finite": ({}, {**TABLE, RAIDS: [0.0, "nan", 0.2]}, "column 'opposition.attacks.raids' holds no numbers"),
    "one too many": ({}, {**TABLE, "society.control.tips": [0.1, 0.2, 0.3]}, "lacks .society.control.tips., which"),
    "one too few": ({}, {TEMPO: [0.3, 0.4, 0.5]}, "'opposition.attacks.raids' is not drawn by .*draws.csv"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_refused(tmp_path, what):
    more, table, says = WRONG[what]
    with pytest.raises(InputError, match=says):
        scenario({**draws(tmp_path, table), **more})


def test_an_unknown_parameter_is_refused_with_the_nearest(tmp_path):
    wrong = {"opposition.attacks.raid": [0.1, 0.2]}
    with pytest.raises(InputError, match=r"'opposition.attacks.raid' is not a number .* did you mean '.*raids'"):
        scenario(draws(tmp_path, wrong, {"opposition.attacks.raid": 0.06}))


def test_what_more_than_one_table_depends_on_cannot_be_drawn(tmp_path):
    table = {"opposition.cells.fighters": [20, 30]}
    inputs = scenario(draws(tmp_path, table, {"opposition.cells.fighters": load("planned").opposition.cells.fighters}))
    with pytest.raises(InputError, match=r"'opposition.cells.fighters' cannot be drawn run by run; leave it out"):
        ensemble.simulate(inputs, 1)


def test_zones_that_a_theatre_lacks_are_left_aside(tmp_path):
    table = {**TABLE, "theatre.zones.elsewhere.exposure": [1.0, 1.0, 2.0]}
    found = drawn.columns(scenario(draws(tmp_path, table, {**STANDS_FOR, "theatre.zones.elsewhere.exposure": 1.0})))
    assert [*found] == [*TABLE]


def said(*words):
    answer = cli.call(*words)
    assert answer.code == 0, answer.err
    return answer.out


def test_on_the_command_line(tmp_path, monkeypatch):
    """draws=NAME with a folder of one's own, as `atmis calibrate` leaves it; the manifest says which they were."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf" / "draws").mkdir(parents=True)
    (tmp_path / "conf" / "draws" / "mine.yaml").write_text(yaml.safe_dump(draws(tmp_path)))
    said("run", "draws=mine", "--config-dir", "conf", "replicates=2", "figures=false", *SHORT)
    told = json.loads(next(tmp_path.rglob("manifest.json")).read_text())
    assert told["config"]["draws"]["sha256"] == draws(tmp_path)["sha256"]
    said("validate", "conf")
    (tmp_path / "draws.csv").write_text("opposition.attacks.raids\n0.1\n")
    drawn._read_table.cache_clear()
    refused = cli.call("run", "draws=mine", "--config-dir", "conf")
    assert refused.code == 2
    assert "conf/draws/mine.yaml: draws.sha256: " in refused.err


# --- the draws that come with atmis ---

SHIPPED = [name for name in helpers.choices("draws") if name != "none"]


@pytest.mark.parametrize("name", SHIPPED)
def test_draws_that_come_with_atmis(name):
    """At least 500, of every parameter that is calibrated and within its range, instead of the values of conf/."""
    ranges = yaml.safe_load((conf_folder() / "calibrate.yaml").read_text(encoding="utf-8"))["calibration"]["parameters"]
    for scenario_name in ("planned", "history"):
        made = load(scenario_name, [f"draws={name}"])
        found = drawn.columns(made)
        assert [*found] == sorted(ranges), "each stands for the very value of conf/"
        assert {len(column) for column in found.values()} == {len(next(iter(found.values())))}
        assert len(next(iter(found.values()))) >= 500
        for path, column in found.items():
            assert ranges[path]["low"] * 0.99999 <= column.min() < column.max() <= ranges[path]["high"] * 1.00001
    assert made.draws.fitted_to <= "2022-03"


def test_the_default_knows_all_months_to_march_2022():
    assert (load("planned").draws.name, load("planned").draws.fitted_to) == ("reference", "2022-03")


def test_draws_are_mostly_different():
    """Systematic resampling: few are taken twice."""
    rows = np.stack([*drawn.columns(load("planned")).values()], axis=1)
    assert len(np.unique(rows, axis=0)) > 0.6 * len(rows)


def test_a_mechanism_that_is_off_is_not_drawn():
    """No neutral value is one that draws stand in for."""
    stands_for = load("planned").draws.instead_of
    for mechanism in MECHANISMS.values():
        for path, value in mechanism.off.items():
            assert path not in stands_for or stands_for[path] != value, path


@pytest.mark.parametrize("name", ["planned", "actual", "history", "weak_host_force", "no_us_support"])
def test_what_scenarios_keep_for_themselves(name):
    """None of them sets a calibrated parameter, so all are drawn in each: pairs differ in the scenario alone."""
    assert {*drawn.columns(load(name))} == {*load(name).draws.instead_of}
