"""Comparison over many states of the world: what of the spread is chance, parameters and evidence."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from scipy import stats

from atmis.analysis.comparison import INDICATORS, Worlds, estimate_components
from atmis.analysis.comparison.pooled import INDICATOR_HEADLINES, interval, pooled_differences, regrets
from atmis.analysis.comparison.spans import whole_run
from atmis.analysis.comparison.variance_components import mean_square
from atmis.analysis.comparison.variance_components import variance_shares as compute_shares
from atmis.plots.common import style
from atmis.plots.comparison import alternative_text, variance_shares
from atmis.runs import summary
from atmis.runs.ensemble import simulate
from atmis.runs.interval import mean_interval
from atmis.scenario.compose import load

PERIOD = (date(2022, 4, 1), date(2025, 12, 31))


def array(*values: Any) -> Any:
    return np.array(values, dtype=float)


# --- components ---


def test_chance_and_parameters_by_hand() -> None:
    """Two points of two replicates: (1, 3) and (5, 9)."""
    values = array([[1, 3], [5, 9]])
    assert mean_square(values[0], 0) == 25  # 2 × variance of the means 2 and 7
    assert mean_square(values[0], 1) == 9  # 2 × variance of the means 3 and 6
    assert mean_square(values[0], 0, 1) == 1  # residuals of ±1/2, one degree of freedom
    assert estimate_components(values) == (5, 12, None)  # variances 2 and 8 within; (25 - 1) / 2


def test_evidence_by_hand() -> None:
    """Two readings of two replicates: (0, 2) and (4, 10). Half a variance, for these are all readings."""
    assert estimate_components(array([[0, 2]], [[4, 10]])) == (10, None, (36 - 4) / 2 / 2)


def test_all_three_by_hand() -> None:
    """Additive: evidence adds 0 or 6, points 0, 3 or 6, replicates 0 or 2; nothing interacts."""
    evidence, points, replicates = np.meshgrid([0.0, 6.0], [0.0, 3.0, 6.0], [0.0, 2.0], indexing="ij")
    assert estimate_components(evidence + points + replicates) == pytest.approx((2, 9, 9))


def test_what_is_not_varied_has_no_share() -> None:
    assert estimate_components(array([[1, 2, 3]])) == (1, None, None)
    assert estimate_components(array([[1], [3]])) == (None, 2, None)


def test_known_components_are_found() -> None:
    """Means of many estimates are the variances that random numbers were given: the estimates are unbiased."""
    rng = np.random.default_rng(5)
    readings, points, replicates = 3, 5, 4
    fixed = np.array([-2.0, 0.0, 5.0])
    sd = {"p": 1.5, "r": 2.0, "ep": 0.7, "er": 0.9, "pr": 1.1, "epr": 1.3}
    found = []
    for _ in range(4000):
        values = fixed[:, None, None] + sd["p"] * rng.normal(size=(1, points, 1))
        values = values + sd["r"] * rng.normal(size=(1, 1, replicates))
        values = values + sd["ep"] * rng.normal(size=(readings, points, 1))
        values = values + sd["er"] * rng.normal(size=(readings, 1, replicates))
        values = values + sd["pr"] * rng.normal(size=(1, points, replicates))
        found.append(estimate_components(values + sd["epr"] * rng.normal(size=(readings, points, replicates))))
    variances = {name: size**2 for name, size in sd.items()}
    truth = (
        variances["r"] + variances["er"] + variances["pr"] + variances["epr"],
        variances["p"] + variances["ep"],
        fixed.var(),
    )
    estimates = np.array(found, dtype=float)
    errors = estimates.std(axis=0) / np.sqrt(len(estimates))
    assert (np.abs(estimates.mean(axis=0) - truth) < 4 * errors).all()
    assert (errors < 0.05 * np.array(truth)).all()


# --- rows of runs ---


def run_table(values: Any, readings: list[str] | None, parameter: list[float] | None = None) -> pa.Table:
    """Rows as in summary.parquet; values [scenarios, readings, points, replicates] of every headline."""
    rows = []
    scenarios, count, points, replicates = values.shape
    for s, e, p, r in np.ndindex(values.shape):
        row = {"run": len(rows), "scenario": f"s{s}", "point": e * points + p, "replicate": r}
        row |= {"evidence": readings[e]} if readings else {}
        row |= {"host.effect": parameter[p]} if parameter else {}
        rows.append(row | {one.name: values[s, e, p, r] for one in summary.HEADLINES if one.unit != "date"})
    assert len(rows) == scenarios * count * points * replicates
    return pa.Table.from_pylist(rows)


def example() -> Any:
    return np.random.default_rng(1).normal(10, 2, size=(2, 3, 4, 5))


NAMES, NUMBERS = ["a", "b", "c"], [0.1, 0.2, 0.3, 0.4]


def test_worlds_are_read_in_any_order_of_rows() -> None:
    values = example()
    table = run_table(values, NAMES, NUMBERS)
    mixed = table.take(np.random.default_rng(2).permutation(table.num_rows))
    for rows in (table, mixed):
        worlds = Worlds.of_runs(rows, ["s1", "s0"])
        assert (worlds.readings, worlds.replicates) == (("a", "b", "c"), (0, 1, 2, 3, 4))
        assert worlds.points == tuple((("host.effect", number),) for number in NUMBERS)
        assert list(worlds.values) == ["s1", "s0"]
        assert (worlds.values["s1"]["attacks_total"] == values[1]).all()
        assert [name for name, _ in worlds.groups()] == NAMES


def test_replicates_that_failed_anywhere_are_left_out() -> None:
    table = run_table(example(), NAMES, NUMBERS)
    kept = table.filter(pa.compute.not_equal(table["run"], 7))  # replicate 2 of a point
    assert Worlds.of_runs(kept, ["s0", "s1"]).replicates == (0, 1, 3, 4)
    none = table.filter(pa.compute.not_equal(table["scenario"], "s1"))
    with pytest.raises(ValueError, match="no replicates in common"):
        Worlds.of_runs(none, ["s0", "s1"])


def test_readings_with_points_of_their_own_are_points() -> None:
    """Each reading has one point, and not the same: evidence and parameters cannot be told from each other."""
    table = run_table(example()[:, :1], None, NUMBERS)
    mixed = table.append_column("evidence", pa.array([NAMES[point % 2] for point in table["point"].to_pylist()]))
    worlds = Worlds.of_runs(mixed, ["s0", "s1"])
    assert (worlds.readings, len(worlds.points)) == (("",), 4)
    assert {name for point in worlds.points for name, _ in point} == {"evidence", "host.effect"}
    assert [name for name, _ in worlds.groups()] == ["a", "b"]


def test_rows_of_the_spread() -> None:
    values = example()
    values[1] = values[0] + np.array([1.0, 2.0, 6.0])[:, None, None]
    worlds = Worlds.of_runs(run_table(values, NAMES, NUMBERS), ["s0", "s1"])
    rows = {(one.scenario, one.quantity): one for one in compute_shares(worlds, "s0") if one.headline == "overruns"}
    assert set(rows) == {("s0", "level"), ("s1", "level"), ("s1", "difference")}
    row = rows["s1", "difference"]
    assert (row.readings, row.points, row.replicates, row.unit) == (3, 4, 5, "overruns")
    assert (row.mean, row.deviation) == pytest.approx((3, np.sqrt(14 / 3)))  # variance of 1, 2 and 6
    assert (row.share_chance, row.share_parameters, row.share_evidence) == pytest.approx((0, 0, 1))
    for one in rows.values():
        parts = (one.share_chance, one.share_parameters, one.share_evidence)
        assert sum(part for part in parts if part is not None) == pytest.approx(1)
    flat = compute_shares(Worlds.of_runs(run_table(np.ones((2, 1, 4, 5)), None, NUMBERS), ["s0", "s1"]), "s0")
    assert {(one.deviation, one.share_chance, one.share_evidence, one.deviation_evidence) for one in flat} == {
        (0, None, None, None)
    }


def test_estimates_below_zero_are_named() -> None:
    values = array([[1, 5], [5, 1]])[None]  # no difference between points, and much chance
    worlds = Worlds.of_runs(run_table(np.concatenate([values, values]), None, [0.1, 0.2]), ["s0", "s1"])
    row = compute_shares(worlds, "s0")[0]
    assert estimate_components(values[0])[1] == -8
    assert (row.set_to_zero, row.deviation_parameters, row.share_chance) == ("parameters", 0, 1)


# --- differences over worlds ---


def test_one_point_is_a_paired_t_interval() -> None:
    values = np.random.default_rng(3).normal(2, 1, size=(1, 1, 8))
    assert interval(values, [[(0, 0)]]) == pytest.approx(mean_interval(values.ravel()))
    assert interval(values[..., :1], [[(0, 0)]]) is None


def test_interval_of_points_by_hand() -> None:
    """Mean squares 25 (points), 9 (replicates) and 1 (both): variance of the mean 6 + 2 + 1/4, t with 1 degree."""
    half = stats.t.ppf(0.975, 1) * np.sqrt((24 + 8 + 1) / 4)
    assert interval(array([[1, 3], [5, 9]]), [[(0, 0), (0, 1)]]) == pytest.approx((4.5 - half, 4.5 + half))


def test_interval_holds_parameters_too() -> None:
    """It holds the truth about 95 times in 100 where both points and replicates are random."""
    rng, held = np.random.default_rng(4), 0
    for _ in range(1000):
        values = rng.normal(size=(1, 6, 1)) + rng.normal(size=(1, 1, 6)) + rng.normal(size=(1, 6, 6))
        low, high = interval(values, [[(0, p) for p in range(6)]]) or (1, 0)
        held += low <= 0 <= high
    assert 0.94 < held / 1000 <= 1.0


def test_readings_that_disagree_tell_nothing() -> None:
    values = np.zeros((2, 2, 1, 3))
    values[1, 0, 0], values[1, 1, 0] = [4, 5, 6], [-1, -2, -3]
    rows = pooled_differences(Worlds.of_runs(run_table(values, ["a", "b"]), ["s0", "s1"]), "s0", PERIOD)
    row = next(row for row in rows if (row.indicator, row.group) == ("attacks", "jubaland"))
    assert (row.replicates, row.mean_difference, row.verdict) == (6, 1.5, "cannot tell")
    low, high = mean_interval(array(-1, -2, -3)), mean_interval(array(4, 5, 6))
    assert low is not None
    assert high is not None
    assert (row.low_95, row.high_95) == pytest.approx((low[0], high[1]))
    assert (row.period, row.period_start, row.period_end, row.probability_worse) == ("whole_run", *PERIOD, 0.5)
    deaths = next(row for row in rows if row.indicator == "deaths_without_group")
    assert deaths.mean_difference == 4 * 1.5
    matrix, *_ = regrets(Worlds.of_runs(run_table(values, ["a", "b"]), ["s0", "s1"]))
    assert (matrix.plans, matrix.worlds) == (("s0", "s1"), ("a", "b"))
    assert matrix.regret.tolist() == [[0, 2], [5, 0]]


def test_without_choices_of_groups_there_is_no_regret() -> None:
    assert regrets(Worlds.of_runs(run_table(example()[:, :1], None, NUMBERS), ["s0", "s1"])) == []


def test_the_summary_holds_what_indicators_count() -> None:
    made = simulate(load("planned", ["period.start=2024-11-01", "period.end=2025-02-15"]), 3, seed=2)
    columns = summary.columns(made)
    for (indicator, group), headlines in INDICATOR_HEADLINES.items():
        counted = INDICATORS[indicator].function(made, whole_run(made))[group]
        assert np.sum([columns[name] for name in headlines], axis=0) == pytest.approx(counted), indicator


# --- the figure ---


def test_the_figure_shows_the_shares() -> None:
    rows = compute_shares(Worlds.of_runs(run_table(example(), NAMES, NUMBERS), ["s0", "s1"]), "s0")
    with style.settings():
        figure = variance_shares.figure(rows)
        assert figure.get_figwidth() == pytest.approx(style.PAGE_IN)
        shown = [text.get_text() for axes in figure.axes for text in axes.texts]
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        box = figure.get_tightbbox(canvas.get_renderer())
        told = alternative_text.spread(rows)
        assert variance_shares.figure([]).texts
    assert 0 <= box.x0 < box.x1 <= figure.get_figwidth()
    assert 0 <= box.y0 < box.y1 <= figure.get_figheight()
    one = next(row for row in rows if (row.headline, row.quantity) == ("attacks_kenyan_border_total", "difference"))
    assert one.share_chance is not None
    assert f"{100 * one.share_chance:.0f} %" in shown
    assert f"chance {100 * one.share_chance:.0f} %" in told.alt
