"""Discovery: a box that is known, found again; what is said of it; and what users meet on the command line."""

import sys
from pathlib import Path
from typing import Any

import cli
import numpy as np
import pyarrow.parquet as pq
import pytest
from small_sweeps import MINE, OTHER, RANGES

from atmis.analysis.sensitivity import boxes, discovery

HEADLINE = "attacks_total"


def cases(number: int = 600) -> dict[str, list[Any]]:
    rng = np.random.default_rng(5)
    return {
        "a.x": rng.random(number).tolist(),
        "a.days": rng.integers(1, 11, number).tolist(),
        "host": rng.choice(["reference", "strong", "weak"], number).tolist(),
        "a.on": (rng.random(number) < 0.5).tolist(),
    }


def bad_cases(parameters: dict[str, list[Any]]) -> np.ndarray:
    return (np.array(parameters["a.x"]) > 0.6) & (np.array(parameters["host"]) == "weak")


# --- The box ---


def test_a_known_box_is_found():
    parameters = cases()
    bad = bad_cases(parameters)
    box = boxes.peel(parameters, bad, 0.8).box
    limits = {limit.parameter: limit for limit in box.limits}
    assert set(limits) == {"a.x", "host"}
    assert limits["a.x"].low == pytest.approx(0.6, abs=0.1)
    assert limits["a.x"].high is None
    assert limits["host"].choices == ["weak"]
    assert all(limit.quasi_p < 0.001 for limit in box.limits)
    inside = boxes.inside_box(box, parameters)
    assert box.density == pytest.approx(bad[inside].mean())
    assert box.coverage == pytest.approx(bad[inside].sum() / bad.sum())
    assert box.mass == pytest.approx(inside.mean())
    assert box.density >= 0.8


def test_luck_sets_no_limits():
    parameters = cases(100)
    bad = np.random.default_rng(8).random(100) < 0.4
    box = boxes.peel(parameters, bad, 0.8).box
    assert all(limit.quasi_p <= boxes.SIGNIFICANT for limit in box.limits)
    assert len(box.limits) < 3


def test_the_trajectory_begins_with_all_cases():
    parameters = cases()
    trajectory = boxes.peel(parameters, bad_cases(parameters), 0.8)
    assert (trajectory.coverage[0], trajectory.limits[0]) == (1.0, 0)
    assert trajectory.density[0] == pytest.approx(bad_cases(parameters).mean())
    assert (np.diff(trajectory.density[:5]) > 0).all()


def test_without_the_workbench_it_says_how_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    monkeypatch.delitem(sys.modules, "ema_workbench.analysis", raising=False)
    with pytest.raises(discovery.InputError, match=r"pip install 'atmis\[discover\]'"):
        boxes.peel(cases(), bad_cases(cases()), 0.8)


# --- On the command line ---


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with own YAML and finished sweeps over a Latin hypercube and a Sobol design, and ones of no use."""
    folder = tmp_path_factory.mktemp("discover")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        cli.own_folder(Path("my"), {"scenario/other.yaml": OTHER})
        both = ("sweep", *MINE, "sweep.scenarios=[mine,other]", "series_runs=0")
        varied = f"+sweep.parameters={RANGES}"
        for name, words in {
            "lhs": (varied, "sweep.design=latin_hypercube", "sweep.points=40"),
            "sobol": (varied, "sweep.design=sobol", "sweep.points=16"),
            "few": (varied, "sweep.design=latin_hypercube", "sweep.points=3"),
            "plain": ("sweep.design=one",),
            "alone": (varied, "sweep.design=latin_hypercube", "sweep.points=20", "sweep.scenarios=[mine]"),
        }.items():
            said = cli.call(*both, f"sweep.name={name}", *words)
            assert said.code == 0, said.err
    return folder


@pytest.fixture(autouse=True)
def _in_place(place, monkeypatch):
    monkeypatch.chdir(place)


def latest_rows(name: str) -> tuple[Path, list[dict[str, Any]]]:
    folder = max(Path("results/discover", name).iterdir())
    return folder, pq.read_table(folder / "discover.parquet").to_pylist()


def differences(name: str) -> np.ndarray:
    """Mean paired difference of each point, from the summary."""
    rows = pq.read_table(f"results/sweep/{name}/summary.parquet").to_pylist()
    means: dict[tuple[str, int], list[float]] = {}
    for row in rows:
        means.setdefault((row["scenario"], row["point"]), []).append(row[HEADLINE])
    points = sorted({row["point"] for row in rows})
    return np.array([np.mean(means["other", k]) - np.mean(means["mine", k]) for k in points])


def discover(name: str, *words: str) -> cli.CommandResult:
    return cli.call("discover", f"results/sweep/{name}", f"headline={HEADLINE}", "baseline=mine", *words)


def test_the_worst_quarter():
    said = discover("lhs", "above=quarter")
    assert said.code == 0, said.err
    folder, rows = latest_rows("lhs")
    one, values = rows[0], differences("lhs")
    assert one["threshold"] == pytest.approx(np.quantile(values, 0.75))
    assert one["share_bad"] == pytest.approx((values > one["threshold"] + 1e-9).mean())
    assert 0.1 <= one["share_bad"] <= 0.25
    assert (one["scenario"], one["sense"], one["cases"]) == ("other", "above", 40)
    assert "of 40 cases the mean difference of other from mine in attacks_total is above" in said.out
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}
    assert len(pq.read_table(folder / "peeling.parquet")) > 1
    if one["parameter"] is not None:
        assert f"{100 * one['density']:.0f} %" in said.out
    assert cli.call("verify", str(folder)).code == 0
    assert cli.call("verify", "results/sweep/lhs").code == 0


def test_nowhere_worse_and_everywhere_worse():
    for bound, share, told in (("1e9", 0.0, "In 0 % of 40"), ("-1e9", 1.0, "there is no box to look for")):
        said = discover("lhs", f"above={bound}")
        assert said.code == 0, said.err
        folder, rows = latest_rows("lhs")
        assert [(row["share_bad"], row["parameter"]) for row in rows] == [(share, None)]
        assert told in said.out
        assert len(pq.read_table(folder / "peeling.parquet")) == 0


def test_luck_is_told_where_there_is_any(place):
    for bound in ("quarter", "1e9"):
        said = discover("lhs", f"above={bound}", "figures=false")
        one = latest_rows("lhs")[1][0]
        told = 0 < one["share_bad"] < 1 and one["chance_share"] > 0.5
        assert ("which of them are bad is mostly luck" in said.out) == told


def test_less_can_be_bad():
    assert discover("lhs", "below=quarter", "figures=false").code == 0
    _, rows = latest_rows("lhs")
    assert rows[0]["threshold"] == pytest.approx(np.quantile(differences("lhs"), 0.25))


def test_of_a_sobol_design_the_repeated_points_are_left_out():
    assert discover("sobol", "figures=false").code == 0
    assert latest_rows("sobol")[1][0]["cases"] == 32


REFUSED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "no folder": ((), ("discover", "atmis discover results/sweep")),
    "another folder": (("results/sweep/nowhere",), ("no such folder",)),
    "no parameters": (("results/sweep/plain", "baseline=mine"), ("no parameter varies",)),
    "few points": (("results/sweep/few", "baseline=mine"), ("3 points are too few", "at least 20")),
    "one scenario": (("results/sweep/alone", "baseline=mine"), ("'mine' alone",)),
    "headline": (("results/sweep/lhs", "baseline=mine", "headline=atacks_total"), ("did you mean 'attacks_total'?",)),
    "scenario": (("results/sweep/lhs", "baseline=mine", "scenario=othr"), ("did you mean 'other'?",)),
    "baseline": (("results/sweep/lhs",), ("baseline", "'planned'", "known: mine, other")),
    "above": (("results/sweep/lhs", "above=much"), ("above: 'much' is not a number",)),
    "above nan": (("results/sweep/lhs", "above=nan"), ("above: 'nan' is not a number",)),
    "both": (("results/sweep/lhs", "above=0", "below=0"), ("above= and below=",)),
    "density": (("results/sweep/lhs", "density=2"), ("density: 2 is out of range", "at most 1")),
    "key": (("results/sweep/lhs", "desity=0.9"), ("'desity'", "did you mean 'density'?")),
}  # fmt: skip


@pytest.mark.parametrize(("words", "told"), REFUSED.values(), ids=REFUSED)
def test_refused_in_a_sentence(words, told):
    before = cli.paths_below(Path())
    said = cli.call("discover", *words)
    assert (said.code, said.out) == (2, ""), said
    assert said.err.count("\n") == 1
    assert all(part in said.err for part in told), said.err
    assert cli.paths_below(Path()) == before


def test_without_the_workbench_nothing_is_written(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    monkeypatch.delitem(sys.modules, "ema_workbench.analysis", raising=False)
    before = cli.paths_below(Path())
    said = discover("lhs", "above=quarter")
    assert (said.code, said.out) == (2, "")
    assert "atmis[discover]" in said.err
    assert cli.paths_below(Path()) == before
