"""Sensitivity: known functions through the very path of a sweep, luck, and what users meet on the command line."""

import json
from pathlib import Path
from typing import Any

import cli
import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from scipy import stats
from small_sweeps import MINE, OTHER, RANGES, A, B

from atmis.analysis import sensitivity
from atmis.analysis.sensitivity import chance, finished_sweep, indices, main_effects, morris, sobol
from atmis.analysis.sensitivity.parameter_label import parameter_label
from atmis.experiments import sweep
from atmis.experiments.hydra_app import compose_jobs
from atmis.experiments.terminal import print_sensitivity
from atmis.plots.sensitivity import figures
from atmis.scenario.sweep import Sweep
from atmis.storage.tables import save_rows
from atmis.sweep import design

SEED = 1
SWEEP = (*MINE, "sweep=one", "sweep.scenarios=[mine,other]", f"+sweep.parameters={RANGES}", "series_runs=0")


def make_sweep(kind: str, points: int, low: float, high: float, number: int = 3) -> Sweep:
    """A design of the tests over some parameters that all have one range."""
    parameters = {f"a.x{k}": {"low": low, "high": high} for k in range(number)}
    about = {"name": "t", "assumes": "T.", "scenarios": [], "cases": []}
    return Sweep.model_validate({**about, "design": kind, "points": points, "parameters": parameters})


def point_table(sweep: Sweep) -> np.ndarray:
    return np.array([list(point.values()) for point in design.points(sweep, SEED)])


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def exact() -> tuple[list[float], list[float]]:
    """First and total order of Ishigami's function, a = 7 and b = .1 (Ishigami and Homma 1990)."""
    a, b, pi = 7.0, 0.1, np.pi
    one, two, both = (1 + b * pi**4 / 5) ** 2 / 2, a**2 / 8, b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    return [one / whole, two / whole, 0.0], [(one + both) / whole, two / whole, both / whole]


def with_chance(values: np.ndarray, replicates: int, spread: float) -> np.ndarray:
    """Values [points, replicates] with chance of their own, and chance that all points share."""
    rng = np.random.default_rng(3)
    shared = rng.normal(0, 10 * spread, (1, replicates))
    return np.asarray(values[:, None] + shared + rng.normal(0, spread, (len(values), replicates)))


# --- Sobol ---


@pytest.mark.parametrize("replicates", [1, 5])
def test_ishigami_through_design_and_analysis(replicates):
    sweep = make_sweep("sobol", 2048, -np.pi, np.pi)
    values = ishigami(point_table(sweep))
    values = values[:, None] if replicates == 1 else with_chance(values, replicates, 2.0)
    found = sobol.indices(values, design.unit(sweep, SEED))
    first, total = exact()
    assert found.first == pytest.approx(first, abs=0.03)
    assert found.total == pytest.approx(total, abs=0.03)
    for low, value, high in ((found.first_low, first, found.first_high), (found.total_low, total, found.total_high)):
        assert (low <= value).all()
        assert (value <= high).all()
        assert (high - low < 0.12).all()


def test_one_replicate_without_a_smooth_part_is_scipy():
    sweep = make_sweep("sobol", 4, -np.pi, np.pi)
    values, n = ishigami(point_table(sweep)), 4
    found = sobol.indices(values[:, None], design.unit(sweep, SEED))
    a, b, mixed = values[:n], values[n : 2 * n], values[2 * n :].reshape(3, 1, n)
    centre = np.mean([a, b])
    blocks = {"f_A": (a - centre)[None], "f_B": (b - centre)[None], "f_AB": mixed - centre}
    known = stats.sobol_indices(func=blocks, n=n)
    assert found.first == pytest.approx(np.ravel(known.first_order))
    assert found.total == pytest.approx(np.ravel(known.total_order))


def test_luck_adds_to_no_index():
    """The square of a mean over two replicates would give a parameter without effect a total of a third."""
    sweep = make_sweep("sobol", 1024, 0.0, 1.0)
    values = with_chance(point_table(sweep)[:, 0], 2, np.sqrt(1 / 12))
    found = sobol.indices(values, design.unit(sweep, SEED))
    assert found.total == pytest.approx([1.0, 0.0, 0.0], abs=0.08)
    assert (found.total_low[1:] < 0).all()


def test_intervals_hold_what_they_say():
    """Of 95 % intervals about so many hold the index: of a product of two, with a third of the variance luck."""
    sweep, hits = make_sweep("sobol", 128, 0.0, 1.0), []
    for seed in range(60):
        unit = design.unit(sweep, seed)
        signal = unit[:, 0] - 0.5 + 12**0.5 * (unit[:, 0] - 0.5) * (unit[:, 1] - 0.5)  # halves: alone, and together
        luck = np.random.default_rng(seed).normal(0, (2 * 0.5 / 12) ** 0.5 * 2**0.5, (len(unit), 4))
        found = sobol.indices(signal[:, None] + luck, unit)
        for low, exact_index, high in (
            (found.first_low, [0.5, 0.0, 0.0], found.first_high),
            (found.total_low, [1.0, 0.5, 0.0], found.total_high),
        ):
            hits.append((low <= exact_index) & (exact_index <= high))
    assert 0.9 <= np.mean(hits) <= 0.99


def test_nothing_but_luck_gives_no_index():
    sweep = make_sweep("sobol", 64, 0.0, 1.0)
    found = sobol.indices(with_chance(np.zeros(len(point_table(sweep))), 3, 1.0), design.unit(sweep, SEED))
    assert all(np.isnan(column).all() for column in found)


def test_additive_shares_are_those_of_the_slopes():
    sweep = make_sweep("sobol", 64, 0.0, 1.0)
    found = sobol.indices((point_table(sweep) @ [3.0, 4.0, 0.0])[:, None], design.unit(sweep, SEED))
    assert found.first == pytest.approx([9 / 25, 16 / 25, 0.0], abs=1e-9)
    assert found.total == pytest.approx(found.first, abs=1e-9)


def test_same_seed_same_numbers():
    sweep = make_sweep("sobol", 32, 0.0, 1.0)
    values = with_chance(point_table(sweep)[:, 0], 3, 0.1)
    one, two = (sobol.indices(values, design.unit(sweep, SEED)) for _ in range(2))
    assert all((x == y).all() for x, y in zip(one, two, strict=True))


SHAPES = {
    # function of shares of ranges, exact first order, exact total
    "sum": (lambda x: x @ [3.0, 2.0, 1.0, 0.0], [9 / 14, 4 / 14, 1 / 14, 0.0], [9 / 14, 4 / 14, 1 / 14, 0.0]),
    "steps": (  # variances 1/4 and .09
        lambda x: (x[:, 0] > 0.5) * 1.0 + (x[:, 1] > 0.9),
        [0.25 / 0.34, 0.09 / 0.34, 0.0, 0.0],
        [0.25 / 0.34, 0.09 / 0.34, 0.0, 0.0],
    ),
    "ishigami": (
        lambda x: ishigami((2 * x[:, :3] - 1) * np.pi),
        [*exact()[0], 0.0],
        [*exact()[1], 0.0],
    ),
}


@pytest.mark.parametrize("points", [16, 64])
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("luck", [0.0, 0.7])
def test_intervals_hold_at_small_designs_and_for_what_does_nothing(points, name, luck):
    """Of 40 intervals for each index at least 31 hold it: of honest ones fewer do with probability 10⁻⁴."""
    function, first, total = SHAPES[name]
    sweep, hits = make_sweep("sobol", points, 0.0, 1.0, 4), []
    for seed in range(40):
        unit = design.unit(sweep, seed)
        signal = function(unit)
        found = sobol.indices(
            signal[:, None] + np.random.default_rng(seed).normal(0, luck * signal.std(), (len(unit), 3)), unit
        )
        hits.append(
            [
                (found.first_low - 1e-9 <= first) & (first <= found.first_high + 1e-9),
                (found.total_low - 1e-9 <= total) & (total <= found.total_high + 1e-9),
            ]
        )
    assert np.sum(hits, axis=0).min() >= 31


def test_few_points_have_no_intervals():
    sweep = make_sweep("sobol", 8, 0.0, 1.0)
    target = indices.IndexTarget("level", "a", None, "attacks_total", "attacks")
    result = indices.analyse_values(sweep, target, (point_table(sweep) @ [3.0, 4.0, 0.0])[:, None], SEED)
    assert [row.total is not None and row.total_low is None for row in result.rows] == [True] * 3
    assert result.reliability.endswith("Base points are too few for intervals; give sweep.points=16 or more.")
    screened = make_sweep("morris", 3, 0.0, 1.0)
    result = indices.analyse_values(screened, target, (point_table(screened) @ [3.0, 4.0, 0.0])[:, None], SEED)
    assert [row.mu_star_high for row in result.rows] == [None] * 3
    assert result.reliability.endswith("Trajectories are too few for intervals; give sweep.points=4 or more.")


@pytest.mark.parametrize("kind", ["sobol", "morris"])
@pytest.mark.parametrize("replicates", [1, 3, 7])
@pytest.mark.parametrize("level", [0.1, 7.1, 1e9 / 3, -0.7])
def test_constants_have_no_indices_whatever_their_mean_rounds_to(kind, replicates, level):
    sweep = make_sweep(kind, 16, 0.0, 1.0)
    target = indices.IndexTarget("level", "a", None, "attacks_total", "attacks")
    values = np.full((design.count(sweep), replicates), level)
    nearly = values * (1 + np.random.default_rng(1).choice([-1, 0, 1], values.shape) * np.finfo(float).eps)
    for same in (values, nearly):
        result = indices.analyse_values(sweep, target, same, SEED)
        assert {row.trust for row in result.rows} == {"same"}
        assert {row.first for row in result.rows} == {row.total for row in result.rows} == {None}
        assert {row.mu_star for row in result.rows} == ({0.0} if kind == "morris" else {None})
        assert {row.chance_share for row in result.rows} == ({None} if replicates == 1 else {0.0})


# --- Morris ---


@pytest.mark.parametrize("trajectories", [4, 10])
def test_morris_intervals_hold_at_few_trajectories(trajectories):
    """Of the mean size |3 + 2 x| of an effect, 4 over levels of x, and of its two fellows' sizes 3 and 2 x0 = 1."""
    sweep, hits = make_sweep("morris", trajectories, 0.0, 1.0), []
    for seed in range(60):
        x = design.unit(sweep, seed)
        found = morris.effects(sweep, (3 * x[:, 0] + 2 * x[:, 0] * x[:, 1])[:, None], seed)
        expected = np.array([4.0, 1.0, 0.0])
        hits.append((found.mu_star_low - 1e-9 <= expected) & (expected <= found.mu_star_high + 1e-9))
    assert np.sum(hits, axis=0).min() >= 48


def test_steps_of_a_morris_design_change_one_parameter():
    sweep = make_sweep("morris", 6, 10.0, 40.0, 4)
    points = point_table(sweep)
    assert len(points) == design.count(sweep) == 6 * 5
    assert set(np.round(points.ravel(), 9)) <= {10.0, 20.0, 30.0, 40.0}
    for walk in points.reshape(6, 5, 4):
        steps = np.diff(walk, axis=0)
        assert ((steps != 0).sum(axis=1) == 1).all()
        assert ((steps != 0).sum(axis=0) == 1).all()
        assert np.abs(steps[steps != 0]) == pytest.approx(30 * design.STEP)


def test_morris_of_whole_numbers_and_choices_stays_inside():
    spread = {"a.days": {"low": 1, "high": 5}, "host": ["reference", "strong", "weak"]}
    about = {"name": "t", "assumes": "T.", "scenarios": [], "cases": []}
    sweep = Sweep.model_validate({**about, "design": "morris", "points": 20, "parameters": spread})
    points = design.points(sweep, SEED)
    assert {point["a.days"] for point in points} == {1, 2, 4, 5}
    assert {point["host"] for point in points} == {"reference", "strong", "weak"}


def test_morris_of_a_line_has_its_slopes():
    sweep = make_sweep("morris", 5, 0.0, 10.0)
    found = morris.effects(sweep, (point_table(sweep) @ [0.3, -0.2, 0.0])[:, None], SEED)
    assert found.mu == pytest.approx([3.0, -2.0, 0.0])
    assert found.mu_star == pytest.approx([3.0, 2.0, 0.0])
    assert found.sigma == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert found.mu_star_low == pytest.approx(found.mu_star_high)


def test_what_chance_alone_makes_of_an_effect():
    sweep = make_sweep("morris", 400, 0.0, 1.0)
    values = with_chance(np.zeros(len(point_table(sweep))), 4, 1.0)
    size = morris.by_chance(values)
    assert morris.effects(sweep, values, SEED).mu_star == pytest.approx([size] * 3, rel=0.12)
    assert morris.by_chance(values[:, :1]) is None


# --- Chance ---


def test_share_of_chance():
    signal = np.random.default_rng(7).normal(0, 3.0, 5000)
    values = with_chance(signal, 4, 6.0)  # 9 of signal, 36 / 4 of luck
    assert chance.share(values) == pytest.approx(0.5, abs=0.03)
    assert chance.replicates_for(values) == pytest.approx(36, abs=4)
    assert chance.share(values[:, :1]) is None
    assert chance.share(np.ones((5, 3))) == 0.0


def test_luck_that_all_points_share_is_no_chance():
    values = np.arange(5.0)[:, None] + np.array([[0.0, 100.0, -40.0]])
    assert chance.share(values) == pytest.approx(0.0, abs=1e-12)


# --- Words, ranges, rows ---


def test_parameters_in_words():
    assert parameter_label(A) == ("attacks: weight of a neighbouring zone against the cell's own", "ratio")
    assert parameter_label("host.effect").words.startswith("host: ")
    assert parameter_label("evidence") == ("evidence", "")
    assert "(" not in parameter_label("opposition.tempo.spread").words


def test_main_effects_along_a_range():
    sweep = make_sweep("sobol", 512, 0.0, 10.0)
    steep, flat, _ = main_effects.main_effects(sweep, (point_table(sweep) @ [2.0, 0.0, 0.0])[:, None], SEED)
    assert steep.means == pytest.approx([2.0, 6.0, 10.0, 14.0, 18.0], abs=0.3)
    assert all(low < mean < high for low, mean, high in zip(steep.lows, steep.means, steep.highs, strict=True))
    assert flat.means == pytest.approx([10.0] * 5, abs=1.5)


@pytest.mark.parametrize(("spread", "trust"), [(0.1, "good"), (0.4, "fair"), (10.0, "none")])
def test_indices_are_trusted_by_the_share_of_chance(spread, trust):
    sweep = make_sweep("sobol", 64, 0.0, 1.0)
    target = indices.IndexTarget("difference", "b", "a", "attacks_total", "attacks")
    result = indices.analyse_values(sweep, target, with_chance(point_table(sweep)[:, 0], 5, spread), SEED)
    assert {row.trust for row in result.rows} == {trust}
    assert ("do not read" in result.reliability) == (trust == "none")
    assert result.ranked[0].parameter == "a.x0" or trust == "none"


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_where_nothing_differs_it_says_so(kind):
    sweep = make_sweep(kind, 4, 0.0, 1.0)
    target = indices.IndexTarget("difference", "b", "a", "troops_end", "troops")
    result = indices.analyse_values(sweep, target, np.full((design.count(sweep), 3), 7.0), SEED)
    assert ({row.trust for row in result.rows}, result.reliability) == ({"same"}, "Nothing differs between the points.")
    assert {row.total for row in result.rows} == {None}


def test_replicates_with_a_failed_run_are_left_out():
    values = np.array([[1.0, 2.0, np.nan], [3.0, 4.0, 5.0]])
    assert finished_sweep.complete(values).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(sensitivity.finished_sweep.InputError, match="in every replicate a run has failed"):
        finished_sweep.complete(values[:, 2:])


# --- On the command line ---


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with own YAML and finished sweeps: sobol, morris, grid, one scenario."""
    folder = tmp_path_factory.mktemp("sensitivity")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        cli.own_folder(Path("my"), {"scenario/other.yaml": OTHER})
        for name, words in {
            "sobol": ("sweep.design=sobol", "sweep.points=8"),
            "grid": ("sweep.design=grid", "sweep.points=2"),
            "alone": ("sweep.design=sobol", "sweep.points=4", "sweep.scenarios=[mine]"),
        }.items():
            said = cli.call("sweep", *SWEEP, f"sweep.name={name}", *words)
            assert said.code == 0, said.err
    return folder


@pytest.fixture(autouse=True)
def _in_place(place, monkeypatch):
    monkeypatch.chdir(place)


def latest_folder(verb: str, name: str) -> Path:
    return max(Path("results", verb, name).iterdir())


def read_rows(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / "sensitivity.parquet").to_pylist()
    return found


def test_a_finished_sweep_is_analysed():
    said = cli.call("sensitivity", "results/sweep/sobol", "headline=attacks_total,deaths_host_people", "baseline=mine")
    assert said.code == 0, said.err
    folder = latest_folder("sensitivity", "sobol")
    found = read_rows(folder)
    assert [(row["what"], row["scenario"], row["headline"]) for row in found[::2]] == [
        (what, scenario, headline)
        for headline in ("attacks_total", "deaths_host_people")
        for what, scenario in (("level", "mine"), ("difference", "other"), ("level", "other"))
    ]
    assert list(found[0]) == list(sensitivity.COLUMNS)
    assert {row["parameter"] for row in found} == {A, B}
    assert {(row["method"], row["points"], row["replicates"]) for row in found} == {("sobol", 8, 3)}
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}
    assert {path.stem for path in (folder / "figures").iterdir()} == {
        "attacks_total_other", "deaths_host_people_other", "differences_other", "levels_mine", "levels_other",
    }  # fmt: skip
    written = pyarrow.csv.read_csv(folder / "sensitivity.csv")
    assert written["mean_at_low"].to_pylist() == [row["mean_at_low"] for row in found]
    assert "other less mine, attacks_total" in said.out
    assert "% of what differs between points is chance" in said.out
    for folder_name in ("results/sweep/sobol", str(folder)):
        assert cli.call("verify", folder_name).code == 0


def test_figures_have_the_same_bytes_again():
    for name in ("one", "two"):
        words = ("headline=attacks_total", "baseline=mine", f"results={name}")
        assert cli.call("sensitivity", "results/sweep/sobol", *words).code == 0
    one, two = (sorted(Path(name).rglob("figures/*")) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert one


def test_numbers_are_those_of_the_summary():
    cli.call("sensitivity", "results/sweep/sobol", "headline=attacks_total", "baseline=mine", "figures=false")
    summary = pq.read_table("results/sweep/sobol/summary.parquet").to_pylist()
    means = {
        name: np.mean([row["attacks_total"] for row in summary if row["scenario"] == name])
        for name in ("mine", "other")
    }
    found = {(row["what"], row["scenario"]): row["mean"] for row in read_rows(latest_folder("sensitivity", "sobol"))}
    assert found["level", "mine"] == pytest.approx(means["mine"])
    assert found["difference", "other"] == pytest.approx(means["other"] - means["mine"])


def test_one_scenario_has_levels_only():
    said = cli.call("sensitivity", "results/sweep/alone", "headline=attacks_total", "figures=false")
    assert said.code == 0, said.err
    assert {row["what"] for row in read_rows(latest_folder("sensitivity", "alone"))} == {"level"}


def test_no_scenario_of_it_draws_parameters():
    """What is not varied stands still, as conf/sensitivity.yaml says, or shares would be of draws as well."""
    words = ["sweep=difference_sobol", "sweep.points=2", "sweep.scenarios=[planned,extended]"]
    drawn = {}
    for verb, more in (("sensitivity", []), ("sensitivity", ["draws=to_2020_09"]), ("sweep", [])):
        study, _ = sweep.build_study(compose_jobs([*words, *more], verb), None)
        drawn[verb, *more] = [source.data["draws"]["name"] for source in study.sources]
    assert drawn == {
        ("sensitivity",): ["none"] * 2,
        ("sensitivity", "draws=to_2020_09"): ["to_2020_09"] * 2,  # who asks for them gets them
        ("sweep",): ["reference"] * 2,
    }


def test_it_sweeps_first_and_goes_on():
    words = (
        *SWEEP,
        "sweep.name=mor",
        "sweep.design=morris",
        "sweep.points=3",
        "baseline=mine",
        "headline=attacks_total",
    )
    dry = cli.call("sensitivity", *words, "--dry-run")
    assert (dry.code, Path("results/sweep/mor").exists()) == (0, False), dry.err
    first = cli.call("sensitivity", *words)
    assert first.code == 0, first.err
    assert "mu* (95 %)" in first.out
    content = (latest_folder("sensitivity", "mor") / "sensitivity.csv").read_bytes()
    chunk = next(Path("results/sweep/mor/chunks").glob("*.summary.*"))
    before = chunk.stat().st_mtime_ns
    assert cli.call("sensitivity", *words).code == 0
    assert chunk.stat().st_mtime_ns == before, "nothing is run twice"
    assert (latest_folder("sensitivity", "mor") / "sensitivity.csv").read_bytes() == content
    assert len(list(Path("results/sensitivity/mor").iterdir())) == 2
    told = json.loads((latest_folder("sensitivity", "mor") / "manifest.json").read_text())
    assert told["command"][:2] == ["atmis", "sensitivity"]
    drawn = cli.call("sensitivity", "results/sweep/mor", "baseline=mine", "headline=attacks_total")
    assert drawn.code == 0, drawn.err
    assert (latest_folder("sensitivity", "mor") / "figures" / "attacks_total_other.png").stat().st_size > 10_000


def test_hostile_texts_stay_inert(tmp_path, capsys):
    hostile = ["=1+1", "<script>$x_1$</script>", "[bold]\\n\x07", "x" * 400]
    about = {"name": "t", "assumes": "T.", "scenarios": [], "cases": [], "design": "sobol", "points": 4}
    sweep = Sweep.model_validate({**about, "parameters": {"a.x": hostile}})
    target = indices.IndexTarget("difference", "b", "a", "attacks_total", "attacks")
    result = indices.analyse_values(sweep, target, design.unit(sweep, SEED), SEED)
    save_rows(tmp_path, {"sensitivity": (result.rows, sensitivity.Index)})
    told = pyarrow.csv.read_csv(tmp_path / "sensitivity.csv")["range"].to_pylist()
    assert told[0].startswith("'=1+1, <script>")
    print_sensitivity([result])
    assert "<script>$x_1$</script>" in capsys.readouterr().out.replace("\n", "")
    assert all(path.stat().st_size > 5_000 for path in figures.draw([result], tmp_path / "figures"))


FOLDER = "results/sweep/sobol"
REFUSED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "headline": ((FOLDER, "headline=atacks_total"), ("headline", "'atacks_total'", "did you mean 'attacks_total'?")),
    "a date": ((FOLDER, "headline=border_could_open_first_date"), ("headline", "border_could_open_first_date")),
    "scenario": ((FOLDER, "scenario=othr", "baseline=mine"), ("scenario", "'othr'", "did you mean 'other'?")),
    "baseline": ((FOLDER,), ("baseline", "'planned'", "known: mine, other")),
    "key": ((FOLDER, "headlin=attacks_total"), ("'headlin'", "did you mean 'headline'?")),
    "figures": ((FOLDER, "baseline=mine", "figures=yes"), ("figures", "'yes'", "true or false")),
    "folder": (("results/sweep/nowhere",), ("nowhere", "no such folder")),
    "no sweep": (("my",), ("my", "holds no sweep")),
    "grid": (("results/sweep/grid", "baseline=mine"), ("sweep.design: 'grid'", "sobol or morris")),
    "grid to run": ((*SWEEP, "sweep.design=grid", "sweep.name=g"), ("'grid'", "sobol or morris")),
    "headline to run": ((*SWEEP, "sweep.design=sobol", "headline=atacks_total"), ("did you mean 'attacks_total'?",)),
    "morris of one": ((*SWEEP, "sweep.design=morris", "sweep.points=1"), ("sweep.points", "at least 2")),
}  # fmt: skip


@pytest.mark.parametrize(("words", "told"), REFUSED.values(), ids=REFUSED)
def test_refused_in_a_sentence(words, told):
    check_refusal(words, told)


def check_refusal(words: tuple[str, ...], told: tuple[str, ...]) -> None:
    before = cli.paths_below(Path())
    said = cli.call("sensitivity", *words)
    assert (said.code, said.out) == (2, ""), said
    assert said.err.count("\n") == 1
    assert all(part in said.err for part in told), said.err
    assert cli.paths_below(Path()) == before


def test_an_unfinished_sweep_is_refused(place):
    manifest = place / FOLDER / "manifest.json"
    kept = manifest.read_bytes()
    manifest.unlink()
    try:
        check_refusal((FOLDER, "baseline=mine"), ("is not finished", f"atmis resume {FOLDER}"))
    finally:
        manifest.write_bytes(kept)


@pytest.mark.parametrize("name", ["summary.parquet", "study.json", "manifest.json"])
def test_a_damaged_file_is_refused(place, name):
    path = place / FOLDER / name
    kept = path.read_bytes()
    path.write_bytes(kept[:100] + bytes([kept[100] ^ 1]) + kept[101:])
    try:
        check_refusal((FOLDER, "baseline=mine"), (name, "damaged"))
    finally:
        path.write_bytes(kept)


def test_jobs_of_a_multirun_are_refused():
    words = ("-m", *SWEEP, "host=weak,strong", "sweep.design=sobol", "sweep.points=1", "sweep.name=multi")
    assert cli.call("sweep", *words).code == 0
    check_refusal(("results/sweep/multi", "baseline=mine"), ("not those of its design alone", "without -m"))
