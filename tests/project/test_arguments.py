"""Functions that users call from Python: a path is text or an object that stands for one; else there is a sentence."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import atmis
from atmis import facts, observed, report
from atmis.analysis import scorecard, sensitivity
from atmis.analysis.comparison.outputs import write_outputs as write_comparison
from atmis.plots import attribution, calibration
from atmis.plots import scorecard as scorecard_figures
from atmis.plots.backtest import observed as observed_figures
from atmis.plots.comparison import figures as comparison_figures
from atmis.plots.run import figures as run_figures
from atmis.plots.sensitivity import discovery as discovery_figures
from atmis.plots.sensitivity import figures as sensitivity_figures
from atmis.scenario.arguments import as_path
from atmis.storage import folders, run_folder, tables
from atmis.storage.manifest import Provenance
from atmis.sweep import collect

TABLE = "zone,month,events,deaths\nmandera,2020-01,2,1\n"
NOW = datetime(2026, 1, 31, tzinfo=UTC)


class Place:
    """An object that stands for a path, as those of other libraries do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.fixture(scope="module")
def inputs() -> atmis.Scenario:
    return atmis.load("planned", ["period.end=2022-04-02"])


@pytest.fixture(scope="module")
def run(inputs: atmis.Scenario) -> atmis.Ensemble:
    return atmis.simulate(inputs, replicates=1)


PROVENANCE = Provenance(["atmis"], {}, [], NOW)
# What a user calls with a path, here with all else in order.
CALLS: dict[str, Callable[[Any, atmis.Ensemble], object]] = {
    "load": lambda path, run: atmis.load("planned", config_dir=path),
    "observed.read": lambda path, run: observed.read(path, run.scenario.theatre),
    "observed.name_of": lambda path, run: observed.name_of(path),
    "observed.write_outputs": lambda path, run: observed.write_outputs(
        observed.shipped("kenya_border_counties", run.scenario.theatre), path, "counts"
    ),
    "report.write": lambda path, run: report.write(path),
    "run_folder.write": lambda path, run: run_folder.write(run, path, PROVENANCE),
    "run_folder.read": lambda path, run: run_folder.read(path),
    "new_folder": lambda path, run: folders.new_folder(path, "run", "planned", NOW),
    "kind_of": lambda path, run: folders.kind_of(path),
    "read_ledger": lambda path, run: facts.read_ledger(path, {}),
    "save_rows": lambda path, run: tables.save_rows(path, {}),
    "save_tables": lambda path, run: tables.save_tables(path, {"t": pa.table({"a": [1]})}),
    "read_sweep": lambda path, run: sensitivity.read_sweep(path),
    "read_finished": lambda path, run: collect.read_finished(path),
    "comparison.write": lambda path, run: write_comparison(NOTHING, path, PROVENANCE, {}),  # type: ignore[arg-type]
    "scorecard.write": lambda path, run: scorecard.write_outputs([], path, {}, PROVENANCE),
    "run.draw": lambda path, run: run_figures.draw(run, path),
    "comparison.draw_worlds": lambda path, run: comparison_figures.save_figures(path, []),
    "sensitivity.draw": lambda path, run: sensitivity_figures.draw([], path),
    "discovery.draw": lambda path, run: discovery_figures.draw([], path),
    "scorecard.draw": lambda path, run: scorecard_figures.draw([], path),
    "backtest.draw": lambda path, run: observed_figures.draw([], path, "planned"),
    "calibration.draw": lambda path, run: calibration.draw(None, path),  # type: ignore[arg-type]
    "attribution.draw": lambda path, run: attribution.draw([], path),
}


class Nothing:
    """A comparison without anything."""

    baseline, entries = "planned", {}

    def tables(self) -> dict[str, Any]:
        return {}


NOTHING = Nothing()
NO_PATHS = [None, 3, 1.5, True, b"folder", ["folder"], ("folder",), {"folder": 1}, np.array(["folder"]), pa.table({})]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("given", NO_PATHS, ids=lambda given: type(given).__name__)
def test_what_is_no_path_is_refused_in_a_sentence(run: atmis.Ensemble, name: str, given: object):
    if name == "load" and given is None:
        assert atmis.load(config_dir=None) == atmis.load()  # None: no folder of one's own
        return
    with pytest.raises(TypeError) as told:
        CALLS[name](given, run)
    assert " must be a path, as text or pathlib.Path, not " in str(told.value)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 200


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("given", ["", "a\0b"])
def test_a_text_that_is_no_path_is_refused(run: atmis.Ensemble, name: str, given: str):
    with pytest.raises(ValueError, match="must be a path, not '"):
        CALLS[name](given, run)


@pytest.mark.parametrize("kind", [str, Path, Place])
def test_a_path_is_taken_in_any_form(tmp_path: Path, run: atmis.Ensemble, kind: Callable[[Path], Any]):
    """Written and read back; what is read is the same as by Path."""
    where = kind(tmp_path / "run")
    os.mkdir(tmp_path / "run")
    written = run_folder.write(run, where, PROVENANCE)
    assert run_folder.read(where).summary == run_folder.read(tmp_path / "run").summary
    assert folders.kind_of(where) == "run"
    assert written[-1] == tmp_path / "run" / "manifest.json"
    (tmp_path / "counts.csv").write_text(TABLE)
    counts = observed.read(kind(tmp_path / "counts.csv"), run.scenario.theatre)
    assert np.nansum(counts.events) == 2
    made = observed.write_outputs(counts, kind(tmp_path / "deep" / "er"), "counts")
    assert made[0] == tmp_path / "deep" / "er" / "counts.csv"
    (tmp_path / "own").mkdir()
    assert atmis.load("planned", config_dir=kind(tmp_path / "own")).scenario.name == "planned"
    drawn = sensitivity_figures.draw([], kind(tmp_path / "figures"))
    assert drawn == []
    assert (tmp_path / "figures").is_dir()


def test_a_home_is_no_folder():
    assert as_path("~/results") == Path("~/results"), "a shell reads ~, Python does not"


OTHERS: dict[str, tuple[Callable[[atmis.Ensemble], object], str]] = {
    "load a number": (lambda run: atmis.load(3), "scenario must be the name of one, as text, not 3"),  # type: ignore[arg-type]
    "load a list": (lambda run: atmis.load(["planned"]), "scenario must be the name of one, as text, not a list"),  # type: ignore[arg-type]
    "load a scenario": (lambda run: atmis.load(run.scenario), "not a Scenario"),  # type: ignore[arg-type]
    "overrides": (lambda run: atmis.load("planned", {"host": "weak"}), "overrides must be a list of texts, not a dict"),  # type: ignore[arg-type]
    "an override": (lambda run: atmis.load("planned", ["host=weak", 3]), "overrides must be a list of texts, not 3"),  # type: ignore[list-item]
    "no overrides": (lambda run: atmis.load("planned", None), "overrides must be a list of texts, not None"),  # type: ignore[arg-type]
    "simulate a number": (lambda run: atmis.simulate(3), "scenario must be of the kind Scenario, such as atmis.load"),  # type: ignore[arg-type]
    "simulate a name": (
        lambda run: atmis.simulate("planned"),
        "such as atmis.load('planned'), not 'planned'",
    ),  # type: ignore[arg-type]
    "replicates": (lambda run: atmis.simulate(run.scenario, "5"), "replicates must be a whole number from 1 to"),  # type: ignore[arg-type]
    "half a replicate": (lambda run: atmis.simulate(run.scenario, 1.5), "replicates must be a whole number from 1 to"),  # type: ignore[arg-type]
    "no replicate": (lambda run: atmis.simulate(run.scenario, 0), "replicates must be a whole number from 1 to"),
    "true": (lambda run: atmis.simulate(run.scenario, True), "replicates must be a whole number from 1 to"),
    "seed": (lambda run: atmis.simulate(run.scenario, 1, 1.5), "seed must be a whole number from 0 to"),  # type: ignore[arg-type]
    "no seed": (lambda run: atmis.simulate(run.scenario, 1, -1), "seed must be a whole number from 0 to"),
    "large seed": (lambda run: atmis.simulate(run.scenario, 1, 2**63), "seed must be a whole number from 0 to"),
    "workers": (lambda run: atmis.simulate(run.scenario, 1, 1, -2), "workers must be a whole number from 0 to"),
    "progress": (
        lambda run: atmis.simulate(run.scenario, 1, 1, 1, 5),
        "progress must be of the kind Callable",
    ),  # type: ignore[arg-type]
    "indicator": (lambda run: run.indicator("atacks"), "indicator: 'atacks' is not known; did you mean 'attacks'"),
    "no indicator": (lambda run: run.indicator(None), "indicator: null is not known"),  # type: ignore[arg-type]
    "day": (lambda run: run.scenario.day("2022-04-01"), "when must be of the kind date, such as datetime.date"),  # type: ignore[arg-type]
    "date": (lambda run: run.scenario.date(1.5), "day must be a whole number from"),  # type: ignore[arg-type]
    "far date": (lambda run: run.scenario.date(10**9), "day must be a whole number from"),
    "theatre": (
        lambda run: observed.read("x.csv", run.scenario),
        "theatre must be of the kind Theatre, such",
    ),  # type: ignore[arg-type]
    "ensemble": (lambda run: run_folder.write(None, "x", PROVENANCE), "ensemble must be of the kind Ensemble, such as"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("call", "words"), OTHERS.values(), ids=OTHERS)
def test_other_arguments_of_a_wrong_type_are_refused(run: atmis.Ensemble, call: Callable[..., object], words: str):
    with pytest.raises((TypeError, ValueError)) as told:
        call(run)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_numbers_of_numpy_are_taken(inputs: atmis.Scenario):
    one, other = atmis.simulate(inputs, np.int64(2), np.uint32(7)), atmis.simulate(inputs, 2, 7)
    assert one.bases.tobytes() == other.bases.tobytes()
    assert one.monthly.tobytes() == other.monthly.tobytes()


def test_an_override_may_stand_alone():
    assert atmis.load("planned", "host=weak") == atmis.load("planned", ["host=weak"])
