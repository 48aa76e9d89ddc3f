"""ODD 4 (stochasticity) and 5 (initialization): draws, cells, sizes, exposures and references before day 0."""

import hashlib
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_theatre import BASES, BRAVO, CHARLIE, MINUS_ONE, ONE, SOURCED, begin_run, near, new_run, phase

from atmis.kernel import rng
from atmis.kernel import schedule as days
from atmis.kernel.rng import Stream

WORD = st.integers(0, 2**64 - 1)


def key(name: str, size: int = 8) -> int:
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=size).digest(), "big")


def cell(zone: str, number: int) -> int:
    return (key(f"zone:{zone}", 4) << 32) + number


def numpy_words(seed: int, replicate: int, tick: int, entity: int, purpose: int) -> list[int]:
    """Four words of NumPy's own Philox, which advances its counter before it makes a block."""
    counter = (tick - 1 + (entity << 64) + (purpose << 128)) % 2**256
    return [int(word) for word in np.random.Philox(key=seed + (replicate << 64), counter=counter).random_raw(4)]


def philox(seed: int, replicate: int, tick: int, entity: int, purpose: int) -> list[float]:
    """The four uniform numbers made of them."""
    return [(word >> 11) / 2**53 for word in numpy_words(seed, replicate, tick, entity, purpose)]


@given(WORD, WORD, st.integers(0, 10**6), WORD, st.integers(1, 17))
@settings(max_examples=50, deadline=None)
def test_draws_are_philox(seed, replicate, tick, entity, purpose):
    chance = Stream(seed, replicate, 0)
    expected = philox(seed, replicate, tick, entity, purpose)
    assert list(rng.at_tick(chance, purpose, entity, tick)) == expected
    assert list(rng.uniforms(Stream(seed, replicate, tick), purpose, entity, 0)) == expected


def test_normal_numbers():
    assert rng.normal(0.0, 0.3) == 0.0
    assert rng.normal(*ONE) == near(1.0)
    assert rng.normal(*MINUS_ONE) == near(-1.0)
    assert rng.normal(0.75, 0.125) == near(math.sqrt(2 * math.log(4)) * math.sqrt(0.5))


@pytest.mark.parametrize(
    ("expected", "u", "whole"),
    [(0.0, 0.0, 0), (0.4, 0.39, 1), (0.4, 0.4, 0), (0.4, 0.41, 0), (3.0, 0.0, 3), (3.25, 0.2499, 4), (3.25, 0.25, 3)],
)
def test_stochastic_rounding(expected, u, whole):
    assert rng.whole(expected, u) == whole


def test_cells_by_weight_and_their_keys():
    cells = new_run().state.cells
    assert cells.home.tolist() == [0] + [1] * 5 + [2] * 4
    assert cells.zone.tolist() == cells.home.tolist()
    assert cells.key.tolist() == (
        [cell("alpha", 0)] + [cell("bravo", k) for k in range(5)] + [cell("charlie", k) for k in range(4)]
    )
    assert len(begin_run().state.cells) == 10
    assert cells.rests.tolist() == [0] * 10


def test_cells_are_rounded_half_to_even():
    # 50 fighters: .5, 2.5 and 2 cells
    cells = new_run({"opposition.cells.fighters": 50}).state.cells
    assert cells.home.tolist() == [1, 1, 2, 2]


def test_no_fighters_no_cells():
    state = begin_run({"opposition.cells.fighters": 0}).state
    assert len(state.cells) == 0
    assert state.zones.fighters.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("normal", "w", "size"), [(ONE, 0.5, 15), (ONE, 0.6, 14), (MINUS_ONE, 0.3, 6), (MINUS_ONE, 0.4, 5)]
)
def test_sizes_at_the_start(fix_draws, normal, w, size):
    """10 exp(.5 - .125) = 14.5499; 10 exp(-.5 - .125) = 5.3526."""
    taken = fix_draws({rng.CELL_SIZE: (*normal, w)})
    state = begin_run({"opposition.cells.size_spread": 0.5, "opposition.attacks.strength": 0.5}).state
    assert state.cells.fighters.tolist() == [size] * 10
    assert state.cells.strength[3] == near(math.sqrt(size / 10))
    assert (rng.CELL_SIZE, cell("bravo", 2), 0) in taken


def test_a_cell_has_at_least_one_fighter(fix_draws):
    fix_draws({rng.CELL_SIZE: (*MINUS_ONE, 0.9)})
    state = begin_run({"opposition.cells.size_spread": 2, "opposition.cells.mean_size": 1}).state
    assert set(state.cells.fighters.tolist()) == {1.0}  # exp(-2 - 2) = .018, rounded down, is raised to 1


def test_exposure_of_bases(fix_draws):
    given_ = {(rng.EXPOSURE, key(f"base:{name}")): ONE if name == "c_fort" else MINUS_ONE for name in BASES}
    taken = fix_draws(given_)
    exposure = begin_run({"opposition.attacks.base_spread": 1.2}).state.bases.exposure
    assert exposure.tolist() == near([math.exp(1.2 if name == "c_fort" else -1.2) for name in BASES])
    assert {tick for purpose, _, tick in taken if purpose == rng.EXPOSURE} == {0}


def test_references_are_those_of_the_manned_bases():
    state = begin_run().state
    assert state.zones.fighters_reference.tolist() == [10, 50, 40]
    assert state.zones.strength.tolist() == [1, 5, 4]
    assert state.zones.reference.tolist() == state.zones.effective.tolist()
    assert state.zones.reference[CHARLIE] == near(
        550 + 0.5 * 0.5 * 80 + math.exp(-0.5) * (750 + 37.5) + math.exp(-1.5) * 240
    )
    assert state.segments.reference.tolist() == near([240])
    assert state.zones.cut.tolist() == [0, 0, 0]
    assert state.zones.control.tolist() == state.zones.control_first.tolist() == [0.8, 0.5, 0.25]
    assert state.zones.home.tolist() == [10_000, 20_000, 40_000]
    assert state.bases.readiness.tolist() == near([0.8, 0.8, 1, 1, 1, 1, 0.5, 0.5])
    assert (state.run.funds, state.run.capability, state.run.loot) == (1, 1, 0)


@pytest.mark.parametrize(("u", "days_late"), [(0.0, 2), (0.2499, 2), (0.25, 3), (0.5, 4), (0.75, 5), (0.9999, 5)])
def test_a_drawn_slip(fix_draws, u, days_late):
    fix_draws({rng.SLIP: (u,)})
    state = begin_run({
        "plan.phases": {"one": phase(10, 14, 7), "two": phase(20, 24, 7)},
        "plan.slips": {"late": {"phase": "two", "days": {"low": 2, "high": 5}, **SOURCED}},
    }).state  # fmt: skip
    assert state.phases.delay.tolist() == [0, days_late]


def test_slips_of_a_phase_add_up():
    state = begin_run({
        "plan.phases": {"one": phase(10, 14, 7)},
        "plan.slips": {"a": {"phase": "one", "days": 4, **SOURCED}, "b": {"phase": "one", "days": 3, **SOURCED}},
    }).state  # fmt: skip
    assert state.phases.delay.tolist() == [7]


def test_uniforms_are_drawn_for_blocks_of_eight_days():
    """Tick: the ordinal of the date divided by 8; its remainder says which half of which word belongs to the day."""
    made = begin_run(seed=9)
    number, first = 4, date(2022, 4, 1).toordinal()
    for day in range(12):
        days.draw_uniforms(made.state, made.stream, day)
        lane = days.lane_of_day(made.stream, day)
        words = numpy_words(9, 0, (first + day) // 8, int(made.state.cells.key[number]), 1)
        halves = [half for word in words for half in (word % 2**32, word >> 32)]
        assert made.state.uniforms[lane, number] == halves[(first + day) % 8]


def test_zones_in_the_order_of_their_names():
    made = begin_run()
    assert made.params.steps.tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
    assert made.state.pairs.to.tolist() == [1, 0, 2, 1]
    assert made.state.pairs.border.tolist() == [0, 0, -1, -1]
    assert made.state.pairs.km.tolist() == near([111.195] * 4)
    assert made.state.zones.pair_first[BRAVO] == 1
    assert made.state.zones.pair_end[BRAVO] == 3
