"""ODD 7.6 Recruitment."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_theatre import ALPHA, BRAVO, CHARLIE, Run, begin_run, near

from atmis.kernel import recorder, rng
from atmis.kernel.rules import recruitment

CELL = 1  # the first of bravo


class TestCounts:
    @given(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 9)), min_size=10, max_size=10),
        st.integers(0, 9),
    )
    @settings(max_examples=60, deadline=None)
    def test_sums_by_present_zone(self, cells, day):
        run = begin_run()
        for cell, (zone, fighters, rests) in enumerate(cells):
            run.state.cells.zone[cell], run.state.cells.rests[cell] = zone, rests
            recruitment.set_fighters(run.params, run.state, cell, float(fighters))
        recruitment.count_fighters(run.state, day)
        for zone in range(3):
            there = [(fighters, rests) for place, fighters, rests in cells if place == zone]
            assert run.state.zones.fighters[zone] == sum(fighters for fighters, _ in there)
            assert run.state.zones.strength[zone] == near(
                sum(fighters / 10 for fighters, rests in there if rests <= day)
            )

    def test_a_cell_rests_until_its_first_active_day(self):
        run = begin_run()
        run.state.cells.rests[CELL] = 7
        for day, strength in ((6, 4), (7, 5)):
            recruitment.count_fighters(run.state, day)
            assert run.state.zones.strength[BRAVO] == strength
            assert run.state.zones.fighters[BRAVO] == 50

    @pytest.mark.parametrize(
        ("exponent", "fighters", "strength"),
        [(1, 25, 2.5), (0.5, 40, 2), (0, 40, 1), (0, 0, 1), (0.8, 0, 0), (2, 5, 0.25)],
    )
    def test_strength(self, exponent, fighters, strength):
        run = begin_run({"opposition.attacks.strength": exponent})
        recruitment.set_fighters(run.params, run.state, CELL, float(fighters))
        assert run.state.cells.strength[CELL] == near(strength)


class TestFunds:
    def test_by_people_outside_control(self):
        """On day 0 .5 x 20,000 + .75 x 40,000 = 40,000. The Kenyan side does not count."""
        run = begin_run({"opposition.recruitment.funds": 0.5})
        run.state.zones.control[:] = (0.1, 0.6, 0.25)
        recruitment.update_funds(run.params, run.state)
        assert run.state.run.funds == near(38_000 / 40_000)
        run.state.run.loot = 0.06
        recruitment.update_funds(run.params, run.state)
        assert run.state.run.funds == near(1.01)
        assert run.state.run.means == near(1.01**0.5)

    def test_where_nobody_lives(self):
        run = begin_run({"theatre.zones.bravo.population": 0, "theatre.zones.charlie.population": 0})
        run.state.run.loot = 0.02
        recruitment.update_funds(run.params, run.state)
        assert run.state.run.funds == near(1.02)


class TestCapacity:
    def test_on_day_0(self):
        run = begin_run({"opposition.recruitment.funds": 0.5})
        assert [recruitment.capacity(run.params, run.state, zone) for zone in range(3)] == near([10, 50, 40])

    def test_control_offensive_and_funds(self):
        run = begin_run({"opposition.recruitment.funds": 0.5})
        run.state.zones.control[:] = (0.8, 0.7, 0.05)
        run.state.zones.pressure[:] = (0, 0.5, 2)
        run.state.run.means = 0.9
        found = [recruitment.capacity(run.params, run.state, zone) for zone in range(3)]
        assert found == near([10 * 0.9, 50 * 0.9 * 0.85 * 0.9, 40 * 1.1 * 0.7 * 0.9])

    def test_nothing_left(self):
        run = begin_run({"opposition.recruitment.offensive": 1.0, "opposition.recruitment.funds": 0.3})
        run.state.zones.pressure[BRAVO] = 3
        assert recruitment.capacity(run.params, run.state, BRAVO) == 0
        run.state.run.means = 0.0
        assert recruitment.capacity(run.params, run.state, CHARLIE) == 0


def test_review_days():
    """Cell k of its zone: on days with (t + k) mod 10 = 0."""
    run = begin_run()
    cells = run.state.cells
    number = [0, 0, 1, 2, 3, 4, 0, 1, 2, 3]
    for day in range(35):
        for cell, k in enumerate(number):
            due = (day + k) % 10 == 0
            assert recruitment.is_review_day(run.state, cell, day) == due
            if due:
                recruitment.update_capacity(run.params, run.state)
                recruitment.review_strength(*run.all, cell, day)
    assert cells.review_day.tolist() == [40, 40, 39, 38, 37, 36, 40, 39, 38, 37]


class TestReviewStrength:
    def review(self, fix_draws, u: float, v: float, fighters: float = 10, there: float = 50, **changes: float) -> Run:
        run = begin_run({f"opposition.recruitment.{key}": value for key, value in changes.items()})
        fix_draws({rng.STOCK: (u, v)})
        recruitment.set_fighters(run.params, run.state, CELL, float(fighters))
        run.state.zones.fighters[BRAVO] = there
        return run

    def after(self, run: Run, day: int = 35) -> tuple[float, list[float]]:
        recruitment.update_capacity(run.params, run.state)
        recruitment.review_strength(*run.all, CELL, day)
        kinds = [recorder.RECRUITED, recorder.LEFT, recorder.KILLED_BY_OFFENSIVE]
        assert run.state.cells.strength[CELL] == near(run.state.cells.fighters[CELL] / 10)
        assert run.state.cells.review_day[CELL] == day + 10
        return float(run.state.cells.fighters[CELL]), run.record.monthly[1, BRAVO, kinds].tolist()

    @pytest.mark.parametrize(
        ("there", "u", "fighters", "flows"),
        [
            (50, 0.0, 10, [0, 0, 0]),  # full: no room
            (25, 0.49, 11, [1, 0, 0]),  # half empty: 10 x .01 x 10 x .5 = .5
            (25, 0.5, 10, [0, 0, 0]),
            (0, 0.99, 11, [1, 0, 0]),  # empty: exactly 1
            (60, 0.19, 9, [0, 1, 0]),  # a fifth too many: .2 leave
            (60, 0.21, 10, [0, 0, 0]),
            (75, 0.49, 9, [0, 1, 0]),  # half too many: .5
            (5000, 0.49, 9, [0, 1, 0]),  # no faster than crowding .5 allows
            (5000, 0.5, 10, [0, 0, 0]),
        ],
    )
    def test_room(self, fix_draws, there, u, fighters, flows):
        assert self.after(self.review(fix_draws, u, 0.99, there=there)) == (fighters, flows)

    @pytest.mark.parametrize(
        ("fighters", "u", "after"), [(0, 0.149, 1), (0, 0.151, 0), (2, 0.149, 3), (4, 0.199, 5), (4, 0.201, 4)]
    )
    def test_remnant(self, fix_draws, fighters, u, after):
        """Half empty: a depleted cell grows as three fighters would, 3 x .01 x 10 x .5 = .15."""
        assert self.after(self.review(fix_draws, u, 0.99, fighters=fighters, there=25))[0] == after

    @pytest.mark.parametrize(("v", "lost"), [(0.049, 1), (0.051, 0)])
    def test_losses_to_an_offensive(self, fix_draws, v, lost):
        """10 x .001 x 10 x .5 = .05 are lost; the same pressure lowers capacity to the 42.5 who are there."""
        run = self.review(fix_draws, 0.0, v, there=42.5)
        run.state.zones.pressure[BRAVO] = 0.5
        assert self.after(run) == (10 - lost, [0, 0, lost])

    def test_no_more_leave_than_are_left(self, fix_draws):
        """Of 1 fighter: the offensive takes 1 for sure, and .03 of a remnant would leave."""
        run = self.review(fix_draws, 0.0, 0.0, fighters=1, there=5000)
        run.state.zones.pressure[BRAVO] = 50
        assert self.after(run) == (0, [0, 0, 1])

    def test_no_one_joins_or_leaves_without_growth(self, fix_draws):
        assert self.after(self.review(fix_draws, 0.0, 0.0, there=5, growth=0.0)) == (10, [0, 0, 0])

    def test_in_its_present_zone(self, fix_draws):
        """In alpha, which holds 5 of 10: .5 join there."""
        run = self.review(fix_draws, 0.1, 0.9)
        run.state.cells.zone[CELL], run.state.zones.fighters[ALPHA] = ALPHA, 5
        recruitment.update_capacity(run.params, run.state)
        recruitment.review_strength(*run.all, CELL, 35)
        assert run.record.monthly[1, :, recorder.RECRUITED].tolist() == [1, 0, 0]

    def test_a_zone_without_first_fighters_feeds_almost_nobody(self, fix_draws):
        """Capacity 0 counts as 1: with 11 there the room is -10, cut at -.5."""
        run = self.review(fix_draws, 0.49, 0.9, there=11)
        run.state.zones.fighters_reference[BRAVO] = 0
        assert self.after(run) == (9, [0, 1, 0])

    def test_the_mean_is_right(self, monkeypatch):
        """Over evenly spread u the mean change is the exact one: .37 x 10 x .1."""
        changes = []
        for k in range(100):
            run = begin_run()
            monkeypatch.setattr(rng, "at_tick", lambda *_, k=k: ((k + 0.5) / 100, 0.9, 0.5, 0.5))
            run.state.zones.fighters[BRAVO] = 50 * (1 - 0.37)
            recruitment.update_capacity(run.params, run.state)
            recruitment.review_strength(*run.all, CELL, 0)
            changes.append(run.state.cells.fighters[CELL] - 10)
        assert math.fsum(changes) / 100 == near(0.37)
