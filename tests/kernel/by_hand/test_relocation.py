"""ODD 7.5 Relocation."""

import math

import pytest
from tiny_theatre import ALPHA, BRAVO, CHARLIE, DEGREE_KM, Run, begin_run, near

from atmis.kernel import recorder, rng
from atmis.kernel.rules import border, relocation
from atmis.kernel.state import DISPLACED, RECALLED, RESIDENT

IN_ALPHA, IN_BRAVO, IN_CHARLIE = 0, 1, 6  # first cell of each zone


def pressed(*pressure: float, **changes: float) -> Run:
    run = begin_run({f"opposition.relocation.{key}": value for key, value in changes.items()})
    run.state.zones.pressure[:] = pressure
    relocation.update_departure_chances(run.params, run.state)
    return run


class TestChances:
    def test_without_offensives(self):
        zones = pressed(0, 0, 0).state.zones
        assert zones.leave_home.tolist() == near([0.01] * 3)
        assert zones.leave_away.tolist() == near([0.05] * 3)
        assert zones.recall.tolist() == [0, 0, 0]

    def test_flight_and_recall(self):
        """Out of bravo by flight, .1 x .5; into bravo by recall, .2 x .5."""
        zones = pressed(0, 0.5, 0).state.zones
        assert zones.recall.tolist() == near([0.1, 0, 0.1])
        assert zones.leave_home.tolist() == near([0.11, 0.06, 0.11])
        assert zones.leave_away.tolist() == near([0.15, 0.1, 0.15])

    def test_no_recall_from_a_zone_pressed_as_much(self):
        assert pressed(0.5, 0.5, 0.2).state.zones.recall.tolist() == near([0, 0, 0.1])

    def test_recall_goes_by_the_highest_neighbour(self):
        """alpha and charlie are no neighbours: from alpha only bravo counts."""
        assert pressed(0, 0.2, 1.5).state.zones.recall.tolist() == near([0.04, 0.3, 0])

    def test_chances_end_at_one(self):
        zones = pressed(0, 9, 5, flight=0.5).state.zones
        assert zones.leave_home.tolist() == [1, 1, 1]
        assert zones.leave_away.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("home", "u", "moves"),
    [
        (ALPHA, 0.9899, False),
        (ALPHA, 0.9901, True),
        (BRAVO, 0.9499, False),
        (BRAVO, 0.9501, True),
        (ALPHA, 0.0, False),
    ],
)
def test_moves_take_the_upper_end(home, u, moves):
    run = pressed(0, 0, 0)
    run.state.cells.home[IN_ALPHA] = home
    assert relocation.moves(run.state, IN_ALPHA, u) == moves


def test_at_chance_zero_it_never_moves():
    run = pressed(0, 0, 0, rate=0.0)
    assert not relocation.moves(run.state, IN_ALPHA, 1 - 2**-53)


class TestChoice:
    """Control .8, .5, .25; effective troops 1,000, 2,000, 500; pressure 0, .1, .2; 500 more border troops."""

    def ready(self, **changes: float) -> Run:
        run = begin_run({
            "opposition.attacks.closed_border": 0.7, "opposition.attacks.border_troops": 0.4,
            **{f"opposition.relocation.{key}": value for key, value in changes.items()},
        })  # fmt: skip
        run.state.zones.effective[:] = (1000, 2000, 500)
        run.state.zones.pressure[:] = (0, 0.1, 0.2)
        run.state.segments.troops[0] = run.state.segments.reference[0] + 500
        return run

    # Opportunity 1 - c, presence .1 a thousand, home 1.5 a step, pressure 2; the way 111.195 km at .3 for each 100.
    WAY = 0.3 * DEGREE_KM / 100
    FRICTION = 0.7 + 0.4 * 0.5

    @pytest.mark.parametrize(("home", "steps"), [(ALPHA, (0, 1, 2)), (BRAVO, (1, 0, 1)), (CHARLIE, (2, 1, 0))])
    def test_from_the_middle(self, home, steps):
        """Own zone first, then alpha, then charlie."""
        own = 0.5 - 0.2 - 1.5 * steps[1] - 0.2
        alpha = 0.2 - 0.1 - 1.5 * steps[0] - 0 - self.WAY - self.FRICTION
        charlie = 0.75 - 0.05 - 1.5 * steps[2] - 0.4 - self.WAY
        weights = [math.exp(own), math.exp(alpha), math.exp(charlie)]
        first, second = weights[0] / sum(weights), (weights[0] + weights[1]) / sum(weights)
        run = self.ready()
        run.state.cells.home[IN_BRAVO] = home
        for u, there in (
            (0.0, BRAVO), (first - 1e-9, BRAVO), (first + 1e-9, ALPHA), (second - 1e-9, ALPHA),
            (second + 1e-9, CHARLIE), (1 - 2**-53, CHARLIE),
        ):  # fmt: skip
            assert relocation.choose(run.params, run.state, IN_BRAVO, u) == there

    def test_at_a_boundary_the_next_one_is_chosen(self):
        """All offers are equal: each interval of u includes its lower end and not its upper."""
        run = begin_run(
            {f"opposition.relocation.{key}": 0.0 for key in ("opportunity", "presence", "home", "distance")}
        )
        found = [relocation.choose(run.params, run.state, IN_BRAVO, thirds / 3) for thirds in (0, 1, 2)]
        assert found == [BRAVO, ALPHA, CHARLIE]
        assert relocation.choose(run.params, run.state, IN_ALPHA, 0.5) == BRAVO

    def test_over_the_border_and_back(self):
        """From alpha only bravo can be reached; friction is the same both ways, and none once the segment is open."""
        for is_open, friction in ((0, self.FRICTION), (1, self.FRICTION - 0.7)):
            run = self.ready(opportunity=0, presence=0, home=0, pressure=0)
            run.state.segments.open[0] = is_open
            stay = 1 / (1 + math.exp(-self.WAY - friction))
            assert relocation.choose(run.params, run.state, IN_ALPHA, stay - 1e-9) == ALPHA
            assert relocation.choose(run.params, run.state, IN_ALPHA, stay + 1e-9) == BRAVO

    def test_all_alike(self):
        run = self.ready(opportunity=0, presence=0, home=0, distance=0, pressure=0)
        run.params.opposition.attacks.closed_border = run.params.opposition.attacks.border_troops = 0
        chosen = [relocation.choose(run.params, run.state, IN_BRAVO, u) for u in (0.3, 0.34, 0.66, 0.67)]
        assert chosen == [BRAVO, ALPHA, ALPHA, CHARLIE]


def test_friction():
    run = begin_run({"opposition.attacks.closed_border": 0.7, "opposition.attacks.border_troops": 0.4})
    assert [border.friction(run.params, run.state, pair) for pair in range(4)] == near([0.7, 0.7, 0, 0])
    run.state.segments.troops[0] = 240 - 150  # fewer than on the first day
    assert border.friction(run.params, run.state, 0) == near(0.7 - 0.06)
    run.state.segments.open[0] = 1
    assert border.friction(run.params, run.state, 1) == near(-0.06)
    assert border.friction(run.params, run.state, 2) == 0


class TestMove:
    def test_recalled_to_the_most_pressed(self, fix_draws):
        """leave .11, of it recall .1: recalled for u below .1 / .11 = .909."""
        run = pressed(0, 0.5, 0)
        fix_draws({rng.MOVE: (0.9, 0.0)})
        relocation.move(*run.all, IN_ALPHA, 40)
        assert (run.state.cells.zone[IN_ALPHA], run.state.cells.posture[IN_ALPHA]) == (BRAVO, RECALLED)
        assert run.record.monthly[1, :, recorder.MOVES_IN].tolist() == [0, 1, 0]

    def test_not_recalled_it_chooses_and_may_stay(self, fix_draws):
        run = pressed(0, 0.5, 0)
        fix_draws({rng.MOVE: (0.91, 0.0)})
        relocation.move(*run.all, IN_ALPHA, 40)
        assert (run.state.cells.zone[IN_ALPHA], run.state.cells.posture[IN_ALPHA]) == (ALPHA, RESIDENT)
        assert run.record.monthly.sum() == 0

    def test_without_recall_even_the_lowest_draw_is_no_recall(self, fix_draws):
        run = pressed(0, 0, 0)
        fix_draws({rng.MOVE: (0.0, 1 - 2**-53)})
        relocation.move(*run.all, IN_BRAVO, 0)
        assert (run.state.cells.zone[IN_BRAVO], run.state.cells.posture[IN_BRAVO]) == (CHARLIE, DISPLACED)

    @pytest.mark.parametrize(("u", "there"), [(0.66, BRAVO), (0.67, ALPHA)])
    def test_away_from_home_the_chance_differs(self, fix_draws, u, there):
        """leave .15, recall .1: recalled for u below 2/3."""
        run = pressed(0, 0.5, 0)
        run.state.cells.home[IN_ALPHA] = CHARLIE
        fix_draws({rng.MOVE: (u, 0.0)})
        relocation.move(*run.all, IN_ALPHA, 0)
        assert run.state.cells.zone[IN_ALPHA] == there

    def test_the_first_of_equals_is_defended(self, fix_draws):
        run = pressed(0.5, 0.2, 0.5)
        fix_draws({rng.MOVE: (0.0, 0.99)})
        relocation.move(*run.all, IN_BRAVO, 0)
        assert run.state.cells.zone[IN_BRAVO] == ALPHA

    def test_the_stronger_pressure_is_defended(self, fix_draws):
        run = pressed(0.5, 0.2, 0.6)
        fix_draws({rng.MOVE: (0.0, 0.0)})
        relocation.move(*run.all, IN_BRAVO, 0)
        assert run.state.cells.zone[IN_BRAVO] == CHARLIE

    def test_postures(self, fix_draws):
        """Pushed out: displaced. Home again: resident, pressed or not."""
        run = pressed(0, 0.5, 0)
        fix_draws({rng.MOVE: (0.99, 1 - 2**-53)})
        relocation.move(*run.all, IN_BRAVO, 0)
        assert (run.state.cells.zone[IN_BRAVO], run.state.cells.posture[IN_BRAVO]) == (CHARLIE, DISPLACED)
        relocation.move(*run.all, IN_BRAVO, 1)
        assert (run.state.cells.zone[IN_BRAVO], run.state.cells.posture[IN_BRAVO]) == (BRAVO, RESIDENT)
        assert run.record.monthly[0, :, recorder.MOVES_IN].tolist() == [0, 1, 1]
