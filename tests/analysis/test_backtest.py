"""Scores by hand and by their properties; baselines that know nothing after the freeze; the command and its files."""

import csv
import json
import re
import tracemalloc
from dataclasses import replace
from functools import cache
from pathlib import Path

import cli
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy import stats

from atmis import load
from atmis.analysis import backtest, observed
from atmis.analysis.backtest import negative_binomial, scores
from atmis.analysis.backtest.aggregate import comparison_rows, month_rows, score_rows
from atmis.analysis.backtest.baselines import BASELINES, History
from atmis.analysis.backtest.rows import NO_HISTORY, NO_SKILL, SKILL
from atmis.analysis.backtest.skill import Resampling, skill
from atmis.analysis.backtest.targets import targets
from atmis.plots.backtest import observed as observed_plot
from atmis.plots.backtest import pit as pit_plot
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre

RESAMPLING = Resampling(block=3, resamples=500, seed=1)
KENYAN = ("garissa", "lamu", "mandera", "tana_river", "wajir")


@cache
def theatre() -> Theatre:
    return load("history").theatre


@cache
def counties() -> observed.ObservedCounts:
    return observed.shipped("kenya_border_counties", theatre())


def column(*members):
    """An ensemble for one month."""
    return np.array(members, dtype=float)[:, None]


def single(value):
    return np.array([float(value)])


# --- CRPS ---


def test_crps_by_hand():
    """Members 0, 1 and 3, count 2: mean distance 4/3, of the pairs 12/9 over all nine and 12/6 over six."""
    members = column(0, 1, 3)
    assert scores.crps_empirical(single(2), members[:, 0]) == pytest.approx([4 / 3 - 12 / 9 / 2])
    assert scores.crps_ensemble(single(2), members) == pytest.approx([4 / 3 - 12 / 6 / 2])


def test_crps_of_one_member_is_its_error():
    assert scores.crps_ensemble(single(5), column(2)) == pytest.approx([3])


@pytest.mark.parametrize("mean", [0.3, 2.0, 9.0])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_crps_of_distributions_as_closed_forms_have_it(mean, count):
    import scoringrules  # takes seconds to load, and every worker loads every file of tests

    assert scores.crps_poisson(single(count), mean) == pytest.approx([scoringrules.crps_poisson(count, mean)])
    closed = scoringrules.crps_negbinom(count, 1.7, 1.7 / (1.7 + mean))
    assert scores.crps_negative_binomial(single(count), single(mean), 1.7) == pytest.approx([closed])


def test_crps_of_large_counts():
    """Far from a distribution its CRPS is the distance less half of what its members are apart."""
    near, far = scores.crps_poisson(np.array([500.0, 900.0]), 300.0)
    assert far - near == pytest.approx(400)
    values = scores.crps_negative_binomial(np.array([5000.0, 6000.0]), np.array([300.0, 300.0]), 20.0)
    assert values[1] - values[0] == pytest.approx(1000)


@pytest.mark.parametrize("size", [0.01, 2.0, 50.0])
def test_crps_of_more_counts_than_can_be_summed_one_by_one(size):
    """By definition, which needs an array of all counts."""
    observed, means = np.array([0.0, 1, 100, 30_000, 90_000]), np.array([300.0, 5_000, 20_000, 30_000, 5])
    forecast = stats.nbinom(size, size / (size + means[:, None]))
    counts = np.arange(max(90_000, forecast.isf(1e-10).max()) + 1)
    exact = [((forecast.cdf(counts)[k] - (counts >= observed[k])) ** 2).sum() for k in range(5)] if size > 1 else None
    scored = scores.crps_negative_binomial(observed, means, size)
    if exact is None:  # the tail is too long for it: what differs far beyond the forecast is the distance
        further = scores.crps_negative_binomial(observed + 10**8, means, size)
        nearer = scores.crps_negative_binomial(observed + 10**8 - 500, means, size)
        np.testing.assert_allclose(further - nearer, 500)
    else:
        np.testing.assert_allclose(scored, exact, rtol=1e-3)


def test_memory_does_not_grow_with_the_counts():
    tracemalloc.start()
    values = scores.crps_poisson(np.full(27, 1e6), 1e6)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert values == pytest.approx(1000 * (np.sqrt(2) - 1) / np.sqrt(np.pi), rel=2e-3)  # nearly a normal distribution
    assert peak < 100e6


def test_a_poisson_mean_of_zero_is_certain():
    assert scores.crps_poisson(np.array([0.0, 4.0]), 0.0).tolist() == [0.0, 4.0]


def test_the_fair_estimator_does_not_depend_on_the_size_of_the_ensemble():
    draw, count = np.random.default_rng(1), np.full(20_000, 2.0)
    means = [float(scores.crps_ensemble(count, draw.poisson(2.0, (size, 20_000))).mean()) for size in (2, 5, 40)]
    exact = float(scores.crps_poisson(single(2), 2.0)[0])
    np.testing.assert_allclose(means, exact, rtol=0.05)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=20), st.integers(0, 30), st.integers(1, 50))
@settings(max_examples=40)
def test_properties_of_crps(members, count, shift):
    values = np.array(members, dtype=float)
    here = scores.crps_empirical(single(count), values)[0]
    assert here >= -1e-9
    assert here <= np.abs(values - count).mean() + 1e-9
    beyond = values + max(count - values.min(), 0)  # all members at or above the count: further away is worse
    assert scores.crps_empirical(single(count), beyond + shift)[0] == pytest.approx(
        scores.crps_empirical(single(count), beyond)[0] + shift
    )


def test_shifting_a_right_forecast_makes_it_worse():
    draw = np.random.default_rng(2)
    outcomes, members = draw.poisson(4.0, 300).astype(float), draw.poisson(4.0, (200, 300)).astype(float)
    means = [scores.crps_ensemble(outcomes, members + shift).mean() for shift in (-3, -1, 0, 1, 3)]
    assert means[2] == min(means)
    assert means[0] > means[1]
    assert means[4] > means[3]


# --- Coverage, PIT, bias ---


def test_coverage_by_hand():
    """Of ten members 0 to 9 the middle 50 % are 2 to 7, the middle 90 % 0 to 9; bounds are part of them."""
    members = np.tile(np.arange(10.0)[:, None], (1, 4))
    low, high = scores.central_interval(members, 0.5)
    assert (low[0], high[0]) == (2, 7)
    outcomes = np.array([2.0, 7.0, 1.0, 10.0])
    assert scores.coverage(outcomes, members, 0.5) == 0.5
    assert scores.coverage(outcomes, members, 0.9) == 0.75


def test_pit_by_hand():
    """Two of four members below the count and one equal to it: half, and half a quarter more."""
    assert scores.pit(single(2), column(0, 1, 2, 3), single(0.5)) == pytest.approx([0.5 + 0.25 / 2])
    assert scores.pit(single(9), column(0, 1, 2, 3), single(0.5)) == pytest.approx([1])


def test_bias_by_hand():
    assert scores.bias(np.array([1.0, 3.0]), np.array([[2.0, 2.0], [4.0, 6.0]])) == pytest.approx(1.5)


@pytest.mark.parametrize("mean", [0.2, 1.0, 6.0])
def test_a_right_forecast_has_a_uniform_pit_and_its_coverage(mean):
    draw = np.random.default_rng(3)
    outcomes, members = draw.poisson(mean, 3000).astype(float), draw.poisson(mean, (400, 3000)).astype(float)
    values = scores.pit(outcomes, members, draw.random(3000))
    assert stats.kstest(values, "uniform").pvalue > 0.01
    assert scores.coverage(outcomes, members, 0.9) > 0.88
    assert scores.coverage(outcomes, members, 0.5) > 0.48
    low = scores.pit(outcomes, members + 1, draw.random(3000))
    assert stats.kstest(low, "uniform").pvalue < 1e-6


# --- Baselines ---


def history(counts, first="2018-01", fit_to=None):
    months = np.datetime64(first, "M") + np.arange(len(counts))
    return History(months, np.array(counts, dtype=float), fit_to or months[-1])


def forecast_of(name, past, months=1):
    return BASELINES[name](past, past.fit_to + np.arange(1, months + 1))


def test_baselines_by_hand():
    past = history([9] * 12 + [2] * 12 + [1] * 11 + [4])
    assert forecast_of("last_12_months", past).means == pytest.approx([15 / 12])
    assert forecast_of("last_24_months", past).means == pytest.approx([39 / 24])
    assert forecast_of("all_history", past).means == pytest.approx([147 / 36])
    assert forecast_of("last_month", past).means == [4]
    # Eleven times 1 and once 4, count 1: mean distance 3/12, of the pairs 2 * 11 * 3 / 144.
    assert forecast_of("last_12_months", past).crps(single(1)) == pytest.approx([3 / 12 - 33 / 144])
    assert forecast_of("last_month", past).crps(single(4)) == pytest.approx(scores.crps_poisson(single(4), 4.0))


def test_baselines_without_history_say_nothing():
    assert all(forecast_of(name, history([], fit_to=np.datetime64("2020-01"))) is None for name in BASELINES)
    assert forecast_of("negative_binomial", history([1] * 23)) is None
    late = history([1, 2], "2010-01", np.datetime64("2020-01"))
    assert forecast_of("last_24_months", late) is None
    assert forecast_of("all_history", late).means == [1.5]


def test_season_is_recovered():
    draw, months = np.random.default_rng(4), np.datetime64("2000-01") + np.arange(600)
    means = np.exp(1.0 + 0.8 * np.cos(2 * np.pi * (months.astype(int) % 12) / 12))
    counts = draw.negative_binomial(3.0, 3.0 / (3.0 + means)).astype(float)
    fitted = negative_binomial.fit(counts, months)
    np.testing.assert_allclose(fitted[:3], [1.0, 0.8, 0.0], atol=0.12)
    assert 2.0 < fitted.size < 4.5
    np.testing.assert_allclose(fitted.means(months[:24]), means[:24], rtol=0.2)


@pytest.mark.parametrize("counts", [[0] * 60, [0] * 59 + [1], [40] * 60])
def test_season_of_counts_that_hardly_vary_is_finite(counts):
    past = history(counts)
    forecast = forecast_of("negative_binomial", past, 12)
    assert np.isfinite(forecast.means).all()
    assert (forecast.means <= 2 * max(counts) + 0.1).all()
    assert np.isfinite(forecast.crps(np.zeros(12))).all()


def test_nothing_after_the_freeze_is_known_to_a_baseline():
    """Other counts in the window, and between freeze and window, leave every baseline as it was."""
    window = backtest.parse_window("2021-01..2021-12", "2019-12")
    shaken = replace(counties(), events=counties().events.copy())
    shaken.events[counties().months > np.datetime64("2019-12")] = 77.0
    before, after = (backtest.score(table, flat(2.0), window, theatre()) for table in (counties(), shaken))
    for left, right in zip(before, after, strict=True):
        assert left.history.months[-1] == np.datetime64("2019-12")
        np.testing.assert_array_equal(left.history.counts, right.history.counts)
        for name in BASELINES:
            np.testing.assert_array_equal(left.means[name], right.means[name])


# --- Skill ---


def test_skill_by_hand():
    assert skill(np.array([1.0, 2.0]), np.array([2.0, 4.0]), RESAMPLING) == (0.5, None, None)  # too few months
    assert skill(np.array([1.0, 2.0]), np.zeros(2), RESAMPLING) == (None, None, None)


def test_skill_that_is_the_same_in_all_months_has_no_spread():
    baseline = np.random.default_rng(5).gamma(2.0, 1.0, 24)
    gain = skill(0.8 * baseline, baseline, RESAMPLING)
    assert gain == pytest.approx((0.2, 0.2, 0.2))


def test_skill_of_noise_spans_zero_and_the_same_seed_gives_the_same_interval():
    draw = np.random.default_rng(6)
    model, baseline = draw.gamma(2.0, 1.0, (2, 60))
    gain = skill(model, baseline, RESAMPLING)
    assert gain.low < gain.value < gain.high
    assert gain.low < 0 < gain.high
    assert skill(model, baseline, RESAMPLING) == gain
    assert skill(model, baseline, RESAMPLING._replace(seed=2)) != gain


def test_blocks_widen_the_interval_of_months_that_are_alike():
    draw = np.random.default_rng(7)
    model = np.repeat(draw.gamma(1.0, 1.0, 20), 6)
    widths = [np.ptp(skill(model, np.ones(120), Resampling(block, 2000, 1))[1:]) for block in (1, 6)]
    assert widths[1] > 1.5 * widths[0]


# --- Windows and targets ---


def test_window():
    window = backtest.parse_window("2020-01..2022-03")
    assert (str(window.first), str(window.last), str(window.fit_to), len(window.months)) == (
        "2020-01", "2022-03", "2019-12", 27
    )  # fmt: skip
    assert str(backtest.parse_window("2023-06..2024-01").fit_to) == "2022-03"
    assert str(backtest.parse_window("2023-06..2024-01", "2018-05").fit_to) == "2018-05"


@pytest.mark.parametrize(
    ("text", "fit_to", "sentence"),
    [
        ("2020-01", None, "is not a window; allowed: two months"),
        ("2020-01..then", None, "window: 'then' is not a month"),
        ("2020-02..2020-01", None, "window: 2020-02 is after 2020-01"),
        ("2020-02..2020-03", "2020-02", "fit_to: 2020-02 is too late; allowed: 2020-01 at the latest"),
        ("2023-02..2023-03", "2022-04", "fit_to: 2022-04 is too late; allowed: 2022-03 at the latest"),
    ],
)
def test_bad_windows(text, fit_to, sentence):
    with pytest.raises(InputError) as caught:
        backtest.parse_window(text, fit_to)
    assert sentence in str(caught.value)


def test_rolling_windows():
    windows = backtest.rolling_windows(["2019-12", "2018-12", "2018-12"], 12, np.datetime64("2020-06"))
    assert [tuple(map(str, window)) for window in windows] == [
        ("2019-01", "2019-12", "2018-12"),
        ("2020-01", "2020-06", "2019-12"),
    ]
    with pytest.raises(InputError, match="nothing is observed after 2020-06"):
        backtest.rolling_windows(["2020-06"], 12, np.datetime64("2020-06"))


def test_targets():
    several = targets(("mandera", "gedo", "lower_juba", "bay"), theatre())
    zones_by_name = {target.name: target.zones for target in several}
    assert zones_by_name == {
        "mandera": ("mandera",), "gedo": ("gedo",), "lower_juba": ("lower_juba",), "bay": ("bay",),
        "jubaland": ("gedo", "lower_juba"), "somalia": ("gedo", "lower_juba", "bay"),
        "observed_zones": ("mandera", "gedo", "lower_juba", "bay"),
    }  # fmt: skip
    assert [target.name for target in targets(("mandera",), theatre())] == ["mandera"]


# --- A forecast scored ---


def flat(mean: float, months: int = 87, first: str = "2015-01") -> backtest.Forecast:
    """Poisson counts of one mean in all zones."""
    zones = tuple(theatre().zones)
    members = np.random.default_rng(8).poisson(mean, (50, months, len(zones))).astype(float)
    return backtest.Forecast(zones, np.datetime64(first, "M") + np.arange(months), members)


def test_scored_months_are_those_of_both():
    window = backtest.parse_window("2015-01..2015-06")
    by_target = {part.target.name: part for part in backtest.score(counties(), flat(1.0), window, theatre())}
    assert set(by_target) == {*KENYAN, "kenyan_border", "observed_zones"}
    mandera = by_target["mandera"]
    assert [str(month) for month in mandera.months] == ["2015-03", "2015-04", "2015-05", "2015-06"]
    column_ = counties().zones.index("mandera")
    np.testing.assert_array_equal(mandera.observed, counties().events[:4, column_])
    np.testing.assert_array_equal(mandera.members, flat(1.0).members[:, 2:6, flat(1.0).zones.index("mandera")])
    np.testing.assert_array_equal(by_target["kenyan_border"].observed, counties().events[:4].sum(axis=1))
    assert mandera.baselines == {}


def test_a_sum_is_not_recorded_where_a_zone_is_not():
    gap = replace(counties(), events=counties().events.copy())
    gap.events[-1, gap.zones.index("lamu")] = np.nan
    scored = backtest.score(gap, flat(1.0), backtest.parse_window("2022-01..2022-03"), theatre())
    assert {part.target.name: len(part.months) for part in scored} == {
        "garissa": 3, "lamu": 2, "mandera": 3, "tana_river": 3, "wajir": 3, "kenyan_border": 2, "observed_zones": 2,
    }  # fmt: skip


def test_rows_of_one_window():
    parts = backtest.score(counties(), flat(1.0), backtest.parse_window("2020-01..2022-03"), theatre())
    rows = {row.zone: row for row in score_rows([parts], RESAMPLING)}
    assert list(rows) == [*KENYAN, "kenyan_border", "observed_zones", "every_zone"]
    assert (rows["mandera"].n_months, rows["every_zone"].n_months) == (27, 135)
    zones = [rows[zone] for zone in KENYAN]
    assert rows["every_zone"].model_crps == pytest.approx(np.mean([row.model_crps for row in zones]))
    assert rows["every_zone"].all_history_crps == pytest.approx(np.mean([row.all_history_crps for row in zones]))
    assert rows["mandera"].bias == pytest.approx(rows["mandera"].model_mean - rows["mandera"].observed_mean)
    best = min(getattr(rows["lamu"], f"{name}_crps") for name in BASELINES)
    assert getattr(rows["lamu"], f"{rows['lamu'].best_baseline}_crps") == best
    assert rows["lamu"].skill == pytest.approx(1 - rows["lamu"].model_crps / best)
    assert len(month_rows([parts])) == 27 * 7
    assert len(comparison_rows([parts], RESAMPLING)) == 8 * 5


def _perfect(shift: float) -> backtest.Forecast:
    """What came, in all members, and something more."""
    zones = tuple(theatre().zones)
    members = np.zeros((5, len(counties().months), len(zones)))
    for column_, zone in enumerate(counties().zones):
        members[:, :, zones.index(zone)] = counties().events[:, column_] + shift
    return backtest.Forecast(zones, counties().months, members)


def test_verdicts():
    window = backtest.parse_window("2018-01..2022-03")
    good, bad = (score_rows([backtest.score(counties(), _perfect(by), window, theatre())], RESAMPLING) for by in (0, 9))
    assert {row.verdict for row in good} == {SKILL}
    assert {row.model_crps for row in good} == {0.0}
    assert {row.verdict for row in bad} == {NO_SKILL}
    first = backtest.parse_window("2015-03..2015-04")
    early = score_rows([backtest.score(counties(), flat(1.0), first, theatre())], RESAMPLING)
    assert {row.verdict for row in early} == {NO_HISTORY}


def test_rows_of_several_windows_and_over_all():
    windows = backtest.rolling_windows(["2018-12", "2019-12"], 12, np.datetime64("2022-03"))
    parts = [backtest.score(counties(), flat(1.0), window, theatre()) for window in windows]
    rows = {(row.fit_to, row.zone): row for row in score_rows(parts, RESAMPLING)}
    assert {fit_to for fit_to, _ in rows} == {"2018-12", "2019-12", "all"}
    for zone in (*KENYAN, "every_zone"):
        halves = [rows[fit_to, zone] for fit_to in ("2018-12", "2019-12")]
        assert rows["all", zone].n_months == sum(row.n_months for row in halves)
        assert rows["all", zone].model_crps == pytest.approx(np.mean([row.model_crps for row in halves]))
        assert rows["all", zone].last_month_crps == pytest.approx(np.mean([row.last_month_crps for row in halves]))
    assert (rows["all", "lamu"].window_start, rows["all", "lamu"].window_end) == ("2019-01", "2020-12")


def test_a_month_of_two_windows_counts_twice():
    windows = backtest.rolling_windows(["2018-12", "2019-03"], 6, np.datetime64("2022-03"))
    parts = [backtest.score(counties(), flat(1.0), window, theatre()) for window in windows]
    rows = {(row.fit_to, row.zone): row for row in score_rows(parts, RESAMPLING)}
    for zone in ("lamu", "every_zone"):
        halves = [rows[fit_to, zone] for fit_to in ("2018-12", "2019-03")]
        assert rows["all", zone].model_crps == pytest.approx(np.mean([row.model_crps for row in halves]))
        assert rows["all", zone].all_history_crps == pytest.approx(np.mean([row.all_history_crps for row in halves]))


def test_history_is_borrowed_only_where_there_is_none():
    freeze = np.datetime64("2022-03")
    late = observed.ObservedCounts(
        ("mandera", "gedo"), freeze + np.arange(1, 4), *(np.full((3, 2), float(k)) for k in (5, 1, 1))
    )
    combined, borrowed = backtest.borrow_history(late, counties(), freeze)
    assert borrowed == ["mandera"]
    assert (str(combined.months[0]), str(combined.months[-1])) == ("2015-03", "2022-06")
    np.testing.assert_array_equal(combined.events[-3:], late.events)
    np.testing.assert_array_equal(combined.events[:85, 0], counties().events[:, counties().zones.index("mandera")])
    assert np.isnan(combined.events[:85, 1]).all()
    assert backtest.borrow_history(counties(), late, freeze) == (counties(), [])


def test_window_within_the_run():
    history_ = load("history")
    backtest.check_within(history_, backtest.parse_window("2015-01..2022-03"))
    for text in ("2014-12..2015-06", "2022-01..2022-04"):
        with pytest.raises(InputError, match="is not within history, which runs from 2015-01-01 to 2022-03-31"):
            backtest.check_within(history_, backtest.parse_window(text))


# --- Figures ---


def test_figures():
    windows = [backtest.score(counties(), flat(1.0), backtest.parse_window("2020-01..2022-03"), theatre())]
    figure = observed_plot.figure(windows[0], "his$tory")
    assert isinstance(figure, Figure)
    assert len(figure.axes) == 6  # five counties, and their sum once
    shown = {tuple(axes.get_xlim()) for axes in figure.axes}
    assert len(shown) == 1
    counts = [line.get_ydata() for line in figure.axes[0].lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(counts[1], windows[0][0].observed)
    bars = pit_plot.figure(windows, "history").axes[0].patches
    assert sum(bar.get_height() for bar in bars if bar.get_width() < 0.2) == pytest.approx(1)


# --- The command ---


SMALL = ("replicates=3", "resamples=100")


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_command(place):
    result = cli.call("backtest", "window=2015-06..2015-12", "scenario=history", "period.end=2015-12-31", *SMALL)
    assert (result.code, result.err.removeprefix(cli.COMPILING)) == (0, "")
    assert "no skill over history:" in result.out
    assert "2015-06..2015-12: draws 'reference' were fitted to months up to 2022-03, so they have seen" in result.out
    (folder,) = Path("results/backtest/history").iterdir()
    names = {f"{name}.{kind}" for name in ("scores", "skill", "months") for kind in ("csv", "parquet")}
    figures = {f"figures/{name}.{kind}" for name in ("observed", "pit") for kind in ("png", "svg")}
    assert cli.paths_below(folder) == {*names, "figures", "manifest.json", *figures}
    rows = table(folder / "scores.csv")
    assert [row["zone"] for row in rows] == [*KENYAN, "kenyan_border", "observed_zones", "every_zone"]
    assert {"model_crps", "coverage_50", "coverage_90", "bias", "n_months"} <= set(rows[0])
    assert {f"{name}_crps" for name in BASELINES} <= set(rows[0])
    assert rows[0]["negative_binomial_crps"] == ""  # three months of history
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["windows"] == [{"first": "2015-06", "last": "2015-12", "fit_to": "2015-05", "draws": "reference"}]
    assert manifest["observed"]["citation"].startswith("Davies")
    assert cli.call("verify", str(folder)).code == 0


def test_the_same_command_gives_the_same_scores(place):
    words = ("backtest", "window=2015-06..2015-08", "period.end=2015-08-31", "figures=false", *SMALL)
    assert [cli.call(*words, f"workers={workers}").code for workers in (1, 2)] == [0, 0]
    first, second = sorted(Path("results/backtest/history").iterdir())
    for name in ("scores.csv", "skill.csv", "months.csv"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


HOSTILE = "a b,c=(1)'s $x.csv"


def test_a_file_that_begins_with_the_window(place):
    """Tidy, of both sides, with a zone that the theatre does not know; the scenario follows from the window."""
    zones = ("Mandera", "tana_river", "Lower Juba", "=1+1 <script>")
    lines = [f"2022-{month:02d},{zone},{month % 3}" for month in range(4, 7) for zone in zones]
    (place / HOSTILE).write_text("month,zone,events\n" + "\n".join(lines) + "\n")
    words = (f"observed={HOSTILE}", "window=2022-04..2022-06", "period.end=2022-06-30", "figures=false", *SMALL)
    result = cli.call("backtest", *words)
    assert result.code == 0, result.err
    assert result.err.removeprefix(cli.COMPILING) == ""
    assert "What became of the 12 rows of" in result.out
    assert re.search(r"left out +3 +of what is no zone of the theatre", result.out)
    assert "line 5: =1+1 <script>" in result.out
    assert "begins with the window; history of mandera, tana_river: kenya_border_counties" in result.out
    assert "no history to compare with: lower_juba" in result.out
    (folder,) = Path("results/backtest/actual").iterdir()
    rows = {row["zone"]: row for row in table(folder / "scores.csv")}
    assert set(rows) == {"mandera", "tana_river", "lower_juba", "kenyan_border", "observed_zones", "every_zone"}
    assert (rows["mandera"]["n_months"], rows["mandera"]["fit_to"]) == ("3", "2022-03")
    assert float(rows["mandera"]["observed_mean"]) == 1.0
    assert rows["lower_juba"]["last_12_months_crps"] == ""
    assert float(rows["mandera"]["last_12_months_crps"]) > 0


def test_the_wide_form_and_several_windows(place):
    lines = [f"{year}-{month:02d},{month % 2},0" for year in (2015, 2016) for month in range(1, 13)]
    (place / "wide.csv").write_text("month,Mandera,Wajir\n" + "\n".join(lines) + "\n")
    words = ("observed=wide.csv", "origins=[2015-06,2015-12]", "months=6", "period.end=2016-12-31", *SMALL)
    result = cli.call("backtest", *words)
    assert (result.code, result.err) == (0, "")
    (folder,) = Path("results/backtest/history").iterdir()
    assert {row["fit_to"] for row in table(folder / "scores.csv")} == {"2015-06", "2015-12", "all"}
    assert {"figures/observed.png", "figures/observed_2.png", "figures/pit.png"} <= cli.paths_below(folder)


BAD = {
    "window=2019": "'2019' is not a window",
    "window=2012-01..2012-03": "nothing is observed in 2012-01..2012-03, only in 2015-03..2022-03",
    "scenario=actual": "is not within actual",
    "fit_to=2021-01": "fit_to: 2021-01 is too late",
    "observed=nothing.csv": "'nothing.csv' is neither a file nor counts that come with atmis",
    "observed=kenya_border_county": "did you mean 'kenya_border_counties'?",
    "observed=country_months": "holds counts of countries; allowed: counts of zones",
    "observed=bad.csv": "columns are those of no known table",
    "history=bad.csv": "columns are those of no known table",
    "observed=late.csv": "nothing is observed in 2020-01..2022-03, only in 2024-01..2024-01",
    "block=0": "block: 0 is out of range",
    "origins=[2022-03]": "origins: nothing is observed after 2022-03",
    "origins=[soon]": "origins: 'soon' is not a month",
    "windw=2020-01..2020-02": "unknown key 'windw'",
    "results=bad.csv": "cannot be written",
}


def test_latest_unseen_draws(tmp_path):
    """The latest that were fitted before the window, a user's own included; none where all have seen it."""
    assert backtest.latest_unseen_draws(backtest.parse_window("2022-04..2023-12")) == "reference"
    assert backtest.latest_unseen_draws(backtest.parse_window("2020-01..2022-03")) == "to_2019_12"
    assert backtest.latest_unseen_draws(backtest.parse_window("2020-01..2022-03", "2019-11")) is None
    (tmp_path / "draws").mkdir()
    (tmp_path / "draws" / "mine.yaml").write_text("name: mine\nfitted_to: 2018-06\n")
    assert backtest.latest_unseen_draws(backtest.parse_window("2019-01..2019-12"), tmp_path) == "mine"
    assert backtest.latest_unseen_draws(backtest.parse_window("2018-06..2019-12"), tmp_path) is None
    (tmp_path / "draws" / "mine.yaml").write_text("name: mine\nfitted_to: soon\n")
    with pytest.raises(InputError, match=r"draws/mine.yaml: fitted_to.*soon"):
        backtest.latest_unseen_draws(backtest.parse_window("2019-01..2019-12"), tmp_path)


def test_in_sample_note():
    window, draws = backtest.parse_window("2020-01..2020-12"), load("history", ["draws=reference"]).draws
    assert backtest.in_sample_note(draws, window).endswith("months up to 2022-03, so they have seen this window.")
    before = load("history", ["draws=to_2019_12"]).draws
    assert backtest.in_sample_note(before, window).endswith("months up to 2019-12, before this window.")
    none = load("history", ["draws=none"]).draws
    assert "starting values were set knowing months up to 2022-03" in backtest.in_sample_note(none, window)


def test_each_window_has_its_own_draws(place):
    """The manifest names them; the scores are those of a command that names the draws itself."""
    words = ["replicates=3", "figures=false", "resamples=100"]
    result = cli.call("backtest", "window=2020-01..2020-02", *words)
    assert (result.code, "draws 'to_2019_12' were fitted to months up to 2019-12" in result.out) == (0, True), result
    named = cli.call("backtest", "window=2020-01..2020-02", "draws=to_2019_12", *words)
    assert named.code == 0, named
    first, second = sorted(Path("results/backtest/history").iterdir())
    assert (first / "scores.csv").read_bytes() == (second / "scores.csv").read_bytes()
    manifest = json.loads((first / "manifest.json").read_text())
    assert [window["draws"] for window in manifest["windows"]] == ["to_2019_12"]


@pytest.mark.parametrize("word", BAD)
def test_bad_words(place, word):
    (place / "bad.csv").write_text("a,b\n1,2\n")
    (place / "late.csv").write_text("month,zone,events\n2024-01,lamu,1\n")
    result = cli.call("backtest", word)
    assert (result.code, result.out) == (2, "")
    assert BAD[word] in result.err
    assert result.err.count("\n") == 1
    assert cli.paths_below(place) == {"bad.csv", "late.csv"}


def test_help_tells_the_settings_as_they_are(place):
    result, config = cli.call("backtest", "--help").out, cli.call("backtest", "--cfg", "job").out
    for key in ("observed", "actor", "window", "history", "months", "replicates", "seed", "block", "resamples"):
        value = next(line for line in config.splitlines() if line.startswith(f"{key}:")).partition(": ")[2]
        assert f"{key}={value}" in result
