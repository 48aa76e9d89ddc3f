"""Calibration on models whose answer is known, and on patterns computed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from atmis.analysis import calibration
from atmis.analysis.calibration import UniformPrior, checks
from atmis.analysis.calibration.priors import from_logits, to_logits
from atmis.runs import patterns
from atmis.scenario.errors import InputError

PRIORS = {"a": UniformPrior(-3.0, 3.0), "b": UniformPrior(0.5, 8.0, "log"), "idle": UniformPrior(0.0, 1.0)}
RUNS, KEEP = 8000, 400


def toy(values, rng):
    """Mean and log of the spread of twenty normal numbers of mean a and deviation b, and a number of pure noise."""
    a, b = np.asarray(values["a"])[:, None], np.asarray(values["b"])[:, None]
    sample = a + b * rng.standard_normal((len(a), 20))
    return np.stack([sample.mean(axis=1), np.log(sample.std(axis=1)), rng.standard_normal(len(a))], axis=1)


@pytest.fixture(scope="module")
def wave():
    values = calibration.latin_hypercube(PRIORS, RUNS, seed=1)
    simulated = toy(values, np.random.default_rng(2))
    return values, simulated, calibration.project(to_logits(PRIORS, values), simulated)


def posterior_of(values, simulated, projection):
    """Given a record of mean 0.5 and standard deviation 1."""
    record = projection.predict(np.array([[0.5, 0.0, 0.0]]))[0]
    logits, predictions = to_logits(PRIORS, values), projection.predict(simulated)
    return calibration.posterior(PRIORS, logits, predictions, record, projection, KEEP)


def test_a_posterior_that_is_known(wave):
    """With b near 1 and a flat range, a is normal around the observed mean, with standard deviation b / sqrt(20)."""
    values, simulated, projection = wave
    fitted = posterior_of(values, simulated, projection)
    draws = fitted.sample(4000, np.random.default_rng(3))
    assert abs(draws["a"].mean() - 0.5) < 0.05
    assert abs(draws["a"].std() - 1.03 / np.sqrt(20)) < 0.06
    assert abs(np.median(draws["b"]) - 1.03) < 0.1
    assert abs(fitted.weights.sum() - 1) < 1e-9


def test_uninformed_parameters_are_marked(wave):
    values, simulated, projection = wave
    fitted = posterior_of(values, simulated, projection)
    draws = fitted.sample(2000, np.random.default_rng(3))
    rows = {row.parameter: row for row in checks.summarise_posterior(PRIORS, draws, dict.fromkeys(PRIORS, 0.0))}
    assert [rows[name].informed for name in PRIORS] == [True, True, False]
    assert rows["a"].width < 0.35
    assert projection.r_squared[2] < 0.02 < 0.5 < projection.r_squared[0]


def test_intervals_are_calibrated(wave):
    """Simulation-based calibration on 200 runs: ranks are evenly spread, 90 % intervals hold about 90 %."""
    values, simulated, projection = wave
    tests = np.random.default_rng(4).choice(RUNS, size=200, replace=False)
    rows = checks.check_ranks(PRIORS, checks.ranks(PRIORS, values, simulated, projection, KEEP, tests))
    assert min(row.p_value for row in rows) > 0.001
    assert all(0.83 < row.covered_90 < 0.97 for row in rows)


def test_uncalibrated_intervals_are_detected(wave):
    """Ranks that are too narrow."""
    squeezed = 0.5 + 0.4 * (np.random.default_rng(5).random((200, 3)) - 0.5)
    assert max(row.p_value for row in checks.check_ranks(PRIORS, squeezed)) < 1e-6


def test_priors_are_truncated_to_what_is_likely():
    """To the central 99 % with a margin of 15 % of its width on either side, within the prior."""
    draws = {"a": np.linspace(-0.5, 0.7, 201), "b": np.geomspace(1.0, 2.0, 201), "idle": np.linspace(0.0, 1.0, 201)}
    truncated = calibration.truncate(PRIORS, draws)
    assert (truncated["a"].low, truncated["a"].high) == pytest.approx((-0.494 - 0.15 * 1.188, 0.694 + 0.15 * 1.188))
    assert (truncated["b"].low, truncated["b"].high) == pytest.approx((2 ** (0.005 - 0.1485), 2 ** (0.995 + 0.1485)))
    assert (truncated["idle"].low, truncated["idle"].high) == (0.0, 1.0)


def test_a_range_that_would_be_a_point_is_refused():
    """As with few runs, all of them far from the record."""
    draws = {name: np.full(9, prior.low) for name, prior in PRIORS.items()}
    with pytest.raises(InputError, match=r"the range of \w+ shrinks to the point .*; give more calibration.runs"):
        calibration.truncate(PRIORS, draws)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9))
def test_logits_round_trip(shares):
    column = np.array(shares)
    values = {name: prior.from_unit(column) for name, prior in PRIORS.items()}
    back = from_logits(PRIORS, to_logits(PRIORS, values))
    for name in PRIORS:
        np.testing.assert_allclose(back[name], values[name], rtol=1e-9, atol=1e-12)
        assert (values[name] >= PRIORS[name].low - 1e-12).all()
        assert (values[name] <= PRIORS[name].high + 1e-12).all()


def test_points_are_spread_over_the_priors():
    points = calibration.latin_hypercube(PRIORS, 1000, seed=1)
    assert stats.kstest(np.log(points["b"]), "uniform", args=(np.log(0.5), np.log(16))).pvalue > 0.9
    assert {name: len(np.unique(column)) for name, column in points.items()} == dict.fromkeys(PRIORS, 1000)


def test_patterns_by_hand():
    """Two zones, four months: 2 0 4 0 and 0 0 1 0 events."""
    events = np.array([[[2, 0], [0, 0], [4, 1], [0, 0]]], dtype=float)
    lethal = np.array([[[1, 0], [0, 0], [2, 1], [0, 0]]], dtype=float)
    deaths = np.array([[[3, 0], [0, 0], [8, 7], [0, 0]]], dtype=float)
    computed = {name: float(value[0]) for name, value in patterns.of_record(("x", "y"), events, lethal, deaths).items()}
    assert computed == pytest.approx({
        "x.level": np.log(1.5), "y.level": np.log(0.25), "x.quiet": 0.5, "y.quiet": 0.75,
        "x.dispersion": (0.25 + 2.25 + 6.25 + 2.25) / 3 / 1.5, "y.dispersion": 1.0,
        "together.dispersion": ((2 - 1.75) ** 2 + 2 * 1.75**2 + 3.25**2) / 3 / 1.75,
        "together.memory_1": (0.25 * -1.75 + -1.75 * 3.25 + 3.25 * -1.75) / (0.25**2 + 2 * 1.75**2 + 3.25**2),
        "together.memory_2": (0.25 * 3.25 + -1.75 * -1.75) / (0.25**2 + 2 * 1.75**2 + 3.25**2),
        "together.lethal": 4 / 7, "together.deaths": 4.0,
    })  # fmt: skip


def test_patterns_where_nothing_happens():
    nothing = np.zeros((2, 12, 1))
    computed = patterns.of_record(("x",), nothing, nothing, nothing)
    by_name = {name: value.tolist() for name, value in computed.items()}
    assert by_name["x.level"] == pytest.approx([np.log(0.5 / 12)] * 2)
    assert (by_name["x.quiet"], by_name["x.dispersion"], by_name["together.memory_1"]) == ([1, 1], [1, 1], [0, 0])
    assert (by_name["together.lethal"], by_name["together.deaths"]) == ([0, 0], [0, 0])
