"""Calibration on models whose answer is known, and on patterns computed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from atmis.analysis import calibration
from atmis.analysis.calibration import Range, checks
from atmis.analysis.calibration.ranges import of_line, to_line
from atmis.runs import patterns
from atmis.scenario.errors import InputError

RANGES = {"a": Range(-3.0, 3.0), "b": Range(0.5, 8.0, "log"), "idle": Range(0.0, 1.0)}
RUNS, KEEP = 8000, 400


def toy(values, rng):
    """Mean and spread of twenty normal numbers of mean a and deviation b, and a number that says nothing."""
    a, b = np.asarray(values["a"])[:, None], np.asarray(values["b"])[:, None]
    made = a + b * rng.standard_normal((len(a), 20))
    return np.stack([made.mean(axis=1), np.log(made.std(axis=1)), rng.standard_normal(len(a))], axis=1)


@pytest.fixture(scope="module")
def wave():
    values = calibration.spread(RANGES, RUNS, seed=1)
    seen = toy(values, np.random.default_rng(2))
    return values, seen, calibration.project(to_line(RANGES, values), seen)


def posterior_of(values, seen, projection):
    """Of a record of mean 0.5 and deviation 1."""
    record = projection.of(np.array([[0.5, 0.0, 0.0]]))[0]
    return calibration.posterior(RANGES, to_line(RANGES, values), projection.of(seen), record, projection, KEEP)


def test_a_posterior_that_is_known(wave):
    """With b near 1 and a flat range, a is normal round the mean that was seen, of deviation b / sqrt(20)."""
    values, seen, projection = wave
    found = posterior_of(values, seen, projection)
    draws = found.sample(4000, np.random.default_rng(3))
    assert abs(draws["a"].mean() - 0.5) < 0.05
    assert abs(draws["a"].std() - 1.03 / np.sqrt(20)) < 0.06
    assert abs(np.median(draws["b"]) - 1.03) < 0.1
    assert abs(found.weights.sum() - 1) < 1e-9


def test_what_is_not_informed_is_said_to_be_so(wave):
    values, seen, projection = wave
    found = posterior_of(values, seen, projection)
    draws = found.sample(2000, np.random.default_rng(3))
    rows = {row.parameter: row for row in checks.learnt(RANGES, draws, dict.fromkeys(RANGES, 0.0))}
    assert [rows[name].informed for name in RANGES] == [True, True, False]
    assert rows["a"].width < 0.35
    assert projection.told[2] < 0.02 < 0.5 < projection.told[0]


def test_intervals_are_honest(wave):
    """Simulation-based calibration on 200 runs: ranks are evenly spread, 90 % intervals hold about 90 %."""
    values, seen, projection = wave
    tests = np.random.default_rng(4).choice(RUNS, size=200, replace=False)
    rows = checks.judged(RANGES, checks.ranks(RANGES, values, seen, projection, KEEP, tests))
    assert min(row.p_value for row in rows) > 0.001
    assert all(0.83 < row.covered_90 < 0.97 for row in rows)


def test_intervals_that_are_not_honest_are_found(wave):
    """Ranks of values from a narrower range than said."""
    squeezed = 0.5 + 0.4 * (np.random.default_rng(5).random((200, 3)) - 0.5)
    assert max(row.p_value for row in checks.judged(RANGES, squeezed)) < 1e-6


def test_ranges_shrink_and_keep_what_is_likely():
    """To the middle 99 %, and 15 % of its width more on either side; not beyond what was."""
    draws = {"a": np.linspace(-0.5, 0.7, 201), "b": np.geomspace(1.0, 2.0, 201), "idle": np.linspace(0.0, 1.0, 201)}
    made = calibration.shrunk(RANGES, draws)
    assert (made["a"].low, made["a"].high) == pytest.approx((-0.494 - 0.15 * 1.188, 0.694 + 0.15 * 1.188))
    assert (made["b"].low, made["b"].high) == pytest.approx((2 ** (0.005 - 0.1485), 2 ** (0.995 + 0.1485)))
    assert (made["idle"].low, made["idle"].high) == (0.0, 1.0)


def test_a_range_that_would_be_a_point_is_told():
    """As with few runs, all of them far from the record."""
    draws = {name: np.full(9, one.low) for name, one in RANGES.items()}
    with pytest.raises(InputError, match=r"the range of \w+ shrinks to the point .*; give more calibration.runs"):
        calibration.shrunk(RANGES, draws)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9))
def test_there_and_back(shares):
    column = np.array(shares)
    values = {name: one.of_unit(column) for name, one in RANGES.items()}
    back = of_line(RANGES, to_line(RANGES, values))
    for name in RANGES:
        np.testing.assert_allclose(back[name], values[name], rtol=1e-9, atol=1e-12)
        assert (values[name] >= RANGES[name].low - 1e-12).all()
        assert (values[name] <= RANGES[name].high + 1e-12).all()


def test_points_are_spread_over_the_ranges():
    made = calibration.spread(RANGES, 1000, seed=1)
    assert stats.kstest(np.log(made["b"]), "uniform", args=(np.log(0.5), np.log(16))).pvalue > 0.9
    assert {name: len(np.unique(column)) for name, column in made.items()} == dict.fromkeys(RANGES, 1000)


def test_patterns_by_hand():
    """Two zones, four months: 2 0 4 0 and 0 0 1 0 events."""
    events = np.array([[[2, 0], [0, 0], [4, 1], [0, 0]]], dtype=float)
    lethal = np.array([[[1, 0], [0, 0], [2, 1], [0, 0]]], dtype=float)
    deaths = np.array([[[3, 0], [0, 0], [8, 7], [0, 0]]], dtype=float)
    found = {name: float(value[0]) for name, value in patterns.of_record(("x", "y"), events, lethal, deaths).items()}
    assert found == pytest.approx({
        "x.level": np.log(1.5), "y.level": np.log(0.25), "x.quiet": 0.5, "y.quiet": 0.75,
        "x.dispersion": (0.25 + 2.25 + 6.25 + 2.25) / 3 / 1.5, "y.dispersion": 1.0,
        "together.dispersion": ((2 - 1.75) ** 2 + 2 * 1.75**2 + 3.25**2) / 3 / 1.75,
        "together.memory_1": (0.25 * -1.75 + -1.75 * 3.25 + 3.25 * -1.75) / (0.25**2 + 2 * 1.75**2 + 3.25**2),
        "together.memory_2": (0.25 * 3.25 + -1.75 * -1.75) / (0.25**2 + 2 * 1.75**2 + 3.25**2),
        "together.lethal": 4 / 7, "together.deaths": 4.0,
    })  # fmt: skip


def test_patterns_where_nothing_happens():
    nothing = np.zeros((2, 12, 1))
    found = patterns.of_record(("x",), nothing, nothing, nothing)
    told = {name: value.tolist() for name, value in found.items()}
    assert told["x.level"] == pytest.approx([np.log(0.5 / 12)] * 2)
    assert (told["x.quiet"], told["x.dispersion"], told["together.memory_1"]) == ([1, 1], [1, 1], [0, 0])
    assert (told["together.lethal"], told["together.deaths"]) == ([0, 0], [0, 0])
