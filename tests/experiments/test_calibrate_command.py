"""`atmis calibrate` as users meet it, on one year and few runs."""

import csv
import json
import shutil
from pathlib import Path

import cli
import numpy as np
import pytest
import yaml

from atmis.scenario.compose import conf_folder
from atmis.scenario.errors import InputError

SHORT = (
    "period.end=2015-12-31", "calibration.window={first: 2015-03, last: 2015-12}",
    "calibration.levels={fact: r10_events_by_region, first: 2015-01, last: 2015-12}", "calibration.waves=2",
    "calibration.runs=200", "calibration.draws=50", "calibration.tests=20", "calibration.keep=0.5", "workers=2",
)  # fmt: skip
FOLDER = Path("results/calibration/reference")
TABLES = ("draws.csv", "correlations.csv", "parameters.csv", "patterns.csv", "ranks.csv")


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    place = tmp_path_factory.mktemp("calibrated")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        said = cli.call("calibrate", *SHORT)
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    return place, said.out


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def priors():
    with (conf_folder() / "calibrate.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)["calibration"]["parameters"]


def test_what_it_leaves(done):
    place, said = done
    shutil.copytree(place / "results", "results")
    draws = rows("draws.csv")
    assert len(draws) == 50
    assert set(draws[0]) == set(priors())
    for path, prior in priors().items():
        drawn = np.array([float(row[path]) for row in draws])
        assert (drawn >= prior["low"] * (1 - 1e-9)).all(), path
        assert (drawn <= prior["high"] * (1 + 1e-9)).all(), path
        assert len(np.unique(drawn)) > 5, path
    assert [row["parameter"] for row in rows("parameters.csv")] == sorted(priors())
    told = {row["pattern"]: row for row in rows("patterns.csv")}
    assert set(told) >= {"mandera.level", "lamu.quiet", "together.dispersion", "together.lethal", "bay.level"}
    assert len(rows("ranks.csv")) == len(priors())
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["draws"], manifest["runs"]) == (50, 400)
    for name in ("parameters", "patterns", "ranks"):
        assert (FOLDER / "figures" / f"{name}.png").stat().st_size > 10_000
    assert "patterns of the record lie in the 90 % band" in said
    assert f"Files and figures: {FOLDER}" in said


def test_its_draws_are_a_choice_of_the_configuration(done):
    """`--config-dir` of what it leaves, and a run takes them; they say to which month they were fitted."""
    place, _ = done
    own = str(place / FOLDER / "conf")
    said = cli.call("run", "draws=reference_2015", "--config-dir", own)
    assert said.code == 2
    shutil.copytree(place / FOLDER / "conf", "conf")
    file = Path("conf/draws/reference.yaml")
    file.rename("conf/draws/of_2015.yaml")
    words = ("run", "draws=of_2015", "--config-dir", "conf", "replicates=2", "figures=false", "period.end=2022-05-31")
    assert cli.call(*words).code == 0
    manifest = json.loads(next(Path("results/run").rglob("manifest.json")).read_text(encoding="utf-8"))
    told = manifest["config"]["draws"]
    assert (told["fitted_to"], set(told["instead_of"])) == ("2015-12", set(priors()))
    assert cli.call("validate", "conf").code == 0


def test_the_record_is_that_of_the_window(done):
    """Events from March to December 2015 by county, as shipped."""
    place, _ = done
    shutil.copytree(place / "results", "results")
    with (conf_folder() / "data" / "kenya_border_counties.csv").open(encoding="utf-8") as file:
        seen = [row for row in csv.DictReader(file) if "2015-03" <= row["month"][:7] <= "2015-12"]
    told = {row["pattern"]: float(row["observed"]) for row in rows("patterns.csv")}
    for county in ("mandera", "lamu", "garissa"):
        events = [float(row["events"]) for row in seen if row["zone"] == county]
        assert len(events) == 10
        assert told[f"{county}.level"] == pytest.approx(np.log(max(np.mean(events), 0.05)))
        assert told[f"{county}.quiet"] == pytest.approx(np.mean(np.array(events) == 0))
    assert told["bay.level"] == pytest.approx(np.log(10.2))


def test_the_same_command_goes_on_to_the_same_bytes(done):
    place, _ = done
    shutil.copytree(place / "results", "results")
    before = {name: (FOLDER / name).read_bytes() for name in TABLES}
    chunks = {path: path.stat().st_mtime_ns for path in FOLDER.rglob("*.parquet") if path.parent.name == "chunks"}
    lost = sorted(chunks)[0]
    lost.unlink()
    assert cli.call("calibrate", *SHORT, "figures=false").code == 0
    assert {name: (FOLDER / name).read_bytes() for name in TABLES} == before
    kept = {path: time for path, time in chunks.items() if path != lost and path.name.split(".")[0] not in lost.name}
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("calibration.observed=kenya_border_county", ("kenya_border_county",)),
        ("calibration.window={first: 2014-03, last: 2015-12}", ("calibration.window", "2014-03")),
        ("calibration.window={first: 2015-02, last: 2015-12}", ("calibration.window: no zone of", "2015-02")),
        (
            "calibration.window={first: 2015-13, last: 2015-12}",
            ("calibration.window.first", "2015-13", "is not a month; allowed: year and month, such as 2015-03"),
        ),
        (
            "calibration.window={first: 2015-03, last: 2022-04}",
            ("calibration.window: last is 2022-04", "2022-03 at the latest"),
        ),
        (
            "calibration.window={first: 2015-03, last: 2016-01}",
            ("calibration.window", "2015-03 to 2016-01 is not within the months that are run, 2015-01 to 2015-12"),
        ),
        ("calibration.window={first: 2015-12, last: 2015-03}", ("calibration.window", "must not be after last")),
        ("calibration.levels.fact=r10_events", ("r10_events", "r10_events_by_region")),
        ("+calibration.parameters.kenya_share={low: 0, high: 1}", ("unknown key 'kenya_share'", "did you mean")),
        ("+calibration.parameters={society.presence.reach_km: {low: 50, high: 70}}", ("reach_km", "run by run")),
        ("+calibration.parameters.plan={low: 2, high: 1}", ("calibration.parameters.plan", "less than high")),
        ("calibration.waves=0", ("calibration.waves", "0")),
        ("calibration.run=100", ("calibration.run", "did you mean")),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(word, told):
    said = cli.call("calibrate", *SHORT, word)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    for part in told:
        assert part in said.err
    assert not list(Path().rglob("*.parquet"))


def test_a_raw_file_is_accounted_for_before_anything_is_simulated(monkeypatch):
    from atmis.analysis.calibration import calibrate

    def stop(*_args):
        raise InputError("stopped here")

    monkeypatch.setattr(calibrate, "calibrate", stop)
    days = [(year, month) for year in range(2015, 2023) for month in range(1, 13)][:87]
    lines = [f"{k},Government of Kenya,Al-Shabaab,{y}-{m:02d}-28,Kenya,3.93,41.85,1" for k, (y, m) in enumerate(days)]
    text = "\n".join(["id,side_a,side_b,date_start,country,latitude,longitude,best", *lines, lines[0]])
    Path("ged.csv").write_text(f"{text}\n", encoding="utf-8")
    result = cli.call("calibrate", "calibration.observed=ged.csv", "calibration.name=mine")
    assert (result.code, "stopped here" in result.err) == (2, True)
    assert "What became of the 88 rows of ged.csv (UCDP GED)" in result.out
    assert "ids that stand twice" in result.out
