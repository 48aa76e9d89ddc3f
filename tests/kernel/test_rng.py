"""Random numbers: Philox as in NumPy, a pure function of seed, replicate, purpose, entity and day."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atmis.kernel import rng
from atmis.kernel.rng import Stream

WORDS = st.integers(0, 2**64 - 1)
CHANCE = Stream(20220401, 3, 738246)
MANY = 20_000
# Bounds that a fair source exceeds less than once in a billion tries; seeds are fixed, so results never change.
KOLMOGOROV = 3.3  # of sqrt(n) times the largest distance of the distributions
SIGMAS = 6.5


def from_python(rule):
    """Make a rule callable from Python, which is possible only through compiled code."""

    @numba.njit
    def call(*words):
        return rule(*words)

    return call


philox, unit, uniforms, normal, whole = map(from_python, (rng.philox, rng.unit, rng.uniforms, rng.normal, rng.whole))


def numpy_block(key, counter):
    """The first block of NumPy's Philox, which increments its counter before it starts."""
    number = (sum(word << 64 * place for place, word in enumerate(counter)) - 1) % 2**256
    before = [number >> 64 * place & 2**64 - 1 for place in range(4)]
    return np.random.Philox(key=np.array(key, np.uint64), counter=np.array(before, np.uint64))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.tuples(WORDS, WORDS), st.tuples(WORDS, WORDS, WORDS, WORDS))
def test_philox_is_that_of_numpy(key, counter):
    ours = philox(*map(np.uint64, key), *map(np.uint64, counter))
    assert [int(word) for word in ours] == numpy_block(key, counter).random_raw(4).tolist()


@pytest.mark.parametrize("word", [0, 1, 2**63, 2**64 - 1])
def test_philox_at_the_corners(word):
    ours = philox(*[np.uint64(word)] * 6)
    assert [int(value) for value in ours] == numpy_block([word] * 2, [word] * 4).random_raw(4).tolist()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6), st.integers(1, 17), WORDS, st.integers(0, 10_000))
def test_uniforms_are_those_of_a_numpy_generator(seed, replicate, purpose, entity, day):
    """Key: seed, replicate. Counter: tick, entity, purpose, 0. The same 53 bits as Generator.random."""
    ours = uniforms(Stream(seed, replicate, 738246), purpose, np.uint64(entity), day)
    generator = np.random.Generator(numpy_block((seed, replicate), (738246 + day, entity, purpose, 0)))
    assert list(ours) == generator.random(4).tolist()


def test_unit_covers_zero_to_one():
    assert unit(np.uint64(0)) == 0.0
    assert unit(np.uint64(2**11 - 1)) == 0.0
    assert unit(np.uint64(2**11)) == 2.0**-53
    assert unit(np.uint64(2**64 - 1)) == 1.0 - 2.0**-53


def test_draws_do_not_depend_on_order():
    places = [(purpose, entity, day) for purpose in (1, 5, 9) for entity in range(20) for day in range(20)]
    forward = {place: uniforms(CHANCE, *place) for place in places}
    np.random.default_rng(1).shuffle(places)
    assert {place: uniforms(CHANCE, *place) for place in places} == forward


def test_each_purpose_entity_day_seed_and_replicate_has_its_own():
    names = {name: value for name, value in vars(rng).items() if name.isupper() and isinstance(value, int)}
    purposes = {name: value for name, value in names.items() if not name.startswith("_")}
    assert len(purposes) >= 17
    assert len(set(purposes.values())) == len(purposes), "two purposes share a number"
    found = [
        uniforms(CHANCE._replace(seed=seed, replicate=replicate), purpose, entity, day)
        for seed in (1, 2)
        for replicate in (0, 1)
        for purpose in purposes.values()
        for entity in (0, 1, 2**32, np.uint64(2**63))
        for day in (0, 1, 365)
    ]
    numbers = [number for block in found for number in block]
    assert len(set(numbers)) == len(numbers)


def test_the_same_date_has_the_same_draws_in_runs_that_start_on_other_days():
    later = CHANCE._replace(epoch=CHANCE.epoch + 100)
    assert uniforms(CHANCE, 4, 7, 100) == uniforms(later, 4, 7, 0)


@pytest.fixture(scope="module")
def sample():
    """Draws of neighbouring entities and days, as a run takes them: [MANY, 4]."""
    return np.array([uniforms(CHANCE, rng.MOVE, k % 200, k // 200) for k in range(MANY)])


def test_uniform(sample):
    grid = np.arange(1, MANY + 1) / MANY
    for lane in sample.T:
        distance = np.abs(np.sort(lane) - grid).max()
        assert distance * math.sqrt(MANY) < KOLMOGOROV
        counts = np.bincount((lane * 100).astype(int), minlength=100)
        chi_square = ((counts - MANY / 100) ** 2 / (MANY / 100)).sum()
        assert abs(chi_square - 99) < SIGMAS * math.sqrt(2 * 99)


def test_independent(sample):
    """Of the other lanes, of the next entity, of the next day, and of the same place in another replicate."""
    other = np.array([uniforms(CHANCE._replace(replicate=4), rng.MOVE, k % 200, k // 200) for k in range(MANY)])
    pairs = [(sample[:, a], sample[:, b]) for a in range(4) for b in range(a)]
    pairs += [(sample[:-lag, a], sample[lag:, a]) for lag in (1, 200) for a in range(4)]
    pairs += [(sample[:, a], other[:, a]) for a in range(4)]
    for first, second in pairs:
        assert abs(np.corrcoef(first, second)[0, 1]) * math.sqrt(len(first)) < SIGMAS


def test_normal(sample):
    values = np.array([normal(u, v) for u, v, _, _ in sample])
    expected = np.array([(1 + math.erf(x / math.sqrt(2))) / 2 for x in np.sort(values)])
    assert np.abs(expected - np.arange(1, MANY + 1) / MANY).max() * math.sqrt(MANY) < KOLMOGOROV
    assert abs(values.mean()) * math.sqrt(MANY) < SIGMAS
    assert abs(values.var() - 1) * math.sqrt(MANY / 2) < SIGMAS


def test_normal_is_finite_at_the_ends():
    assert normal(0.0, 0.0) == 0.0
    assert 8.5 < normal(1.0 - 2.0**-53, 0.0) < 8.6
    assert -8.6 < normal(1.0 - 2.0**-53, 0.5) < -8.5


@pytest.mark.parametrize("expected", [0.0, 0.3, 0.5, 1.0, 2.25, 17.999, 1e6])
def test_whole_is_unbiased(expected):
    n = 4000
    found = [whole(expected, (k + 0.5) / n) for k in range(n)]
    assert set(found) <= {math.floor(expected), math.ceil(expected)}
    assert abs(sum(found) / n - expected) <= 0.5 / n + 1e-9 * expected
