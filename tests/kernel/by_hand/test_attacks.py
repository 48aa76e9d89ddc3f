"""ODD 7.7 Attacks: tempo, spoiling, attractiveness, hazard, excitation, zone, foiling, target, base, mode."""

import math

import numpy as np
import pytest
from tiny_theatre import (
    A_POST,
    ALPHA,
    B_POST,
    BRAVO,
    C_FORT,
    CHARLIE,
    D_FORT,
    E_FORT,
    F_FORT,
    G_HOLD,
    HOLDER,
    MINUS_ONE,
    ONE,
    SOURCED,
    Run,
    begin_run,
    date_of,
    near,
    phase,
)

from atmis.kernel import recorder, rng
from atmis.kernel.rules import attacks
from atmis.kernel.rules.attacks import (
    BORDER_BASE,
    CIVILIANS,
    CLASH,
    HOST_BASE,
    IED,
    MISSION_BASE,
    RAID,
    SECURITY,
    SUICIDE,
)
from atmis.kernel.state import CLOSED, OVERRUN, RETAKEN

IN_ALPHA, IN_BRAVO, IN_CHARLIE = 0, 1, 6
EAST, WEST = 0, 1  # regions: bravo and charlie, alpha


def tuned(**changes: object) -> Run:
    return begin_run({f"opposition.attacks.{key}": value for key, value in changes.items()})


def with_hazard(run: Run, day: int = 0) -> Run:
    attacks.update_hazard(run.params, run.state, day)
    return run


class TestTempo:
    def test_by_the_week(self, fix_draws):
        run = begin_run({"opposition.tempo.spread": 0.6, "opposition.tempo.memory_days": 35})
        tempo, seen = run.state.regions.tempo, []
        east, west = (int(key) for key in run.state.regions.key)
        taken = fix_draws({(rng.TEMPO, east): ONE, (rng.TEMPO, west): MINUS_ONE})
        for day in range(15):
            attacks.update_tempo(run.params, run.state, run.stream, day)
            seen.append(tempo.tolist())
        keep = math.exp(-7 / 35)
        new = 0.6 * math.sqrt(1 - keep**2)
        second = keep * 0.6 + new
        third = keep * second + new
        assert seen == [near([x, -x]) for x in [0.6] * 7 + [second] * 7 + [third]]
        first = run.stream.epoch
        assert [tick - first for _, entity, tick in taken if entity == east] == [0, 7, 14]

    def test_spread_zero(self):
        run = begin_run()
        attacks.update_tempo(run.params, run.state, run.stream, 0)
        assert run.state.regions.tempo.tolist() == [0, 0]

    def test_stationary_and_of_mean_one(self, monkeypatch):
        run = begin_run({"opposition.tempo.spread": 0.5, "opposition.tempo.memory_days": 7})
        numbers = np.random.default_rng(5)
        monkeypatch.setattr(rng, "at_tick", lambda *_: tuple(numbers.random(4)))
        seen = []
        for day in range(0, 7 * 4000, 7):
            attacks.update_tempo(run.params, run.state, run.stream, day)
            seen.append(run.state.regions.tempo.copy())
        series = np.array(seen)
        assert np.std(series) == pytest.approx(0.5, abs=0.02)
        assert np.std(series[:100]) == pytest.approx(0.5, abs=0.1)  # from the first day on
        assert np.mean(np.exp(series - 0.125)) == pytest.approx(1, abs=0.03)
        lag = np.corrcoef(series[:-1, EAST], series[1:, EAST])[0, 1]
        assert lag == pytest.approx(math.exp(-1), abs=0.05)
        assert abs(np.corrcoef(series.T)[0, 1]) < 0.05  # regions are independent


class TestSpoiling:
    def near_zones(self, run: Run, day: int) -> list[float]:
        attacks.mark_announced_events(run.params, run.state, day)
        return run.state.zones.spoiling.tolist()

    @pytest.mark.parametrize(("day", "bravo"), [(14, 0), (15, 1), (20, 1), (25, 1), (26, 0)])
    def test_window_of_a_move(self, day, bravo):
        one = phase(20, 20, 0, handovers={"c_fort": {}})
        run = begin_run({"plan.phases": {"one": one}, "opposition.attacks.spoiling": 0.5})
        assert self.near_zones(run, day) == [0, bravo, 0]

    def test_a_late_move_and_a_closure(self):
        one = phase(20, 20, 0, closures={"e_fort": {}})
        run = begin_run({"plan.phases": {"one": one}, "opposition.attacks.spoiling": 0.5})
        run.state.phases.delay[0] = 3
        assert [self.near_zones(run, day)[CHARLIE] for day in (17, 18, 28, 29)] == [0, 1, 1, 0]

    def test_an_incident_is_not_announced(self):
        incident = {"base": "c_fort", "date": date_of(3), "killed": 9, "abandoned": False, **SOURCED}
        run = begin_run({"plan.incidents": {"attack": incident}, "opposition.attacks.spoiling": 0.5})
        assert self.near_zones(run, 3) == [0, 0, 0]

    def test_an_opening(self):
        run = begin_run({"kenya.reopening.steps": {"line": date_of(20)}, "opposition.attacks.spoiling": 0.5})
        assert [self.near_zones(run, day) for day in (14, 15, 25, 26)] == [[0, 0, 0], [1, 1, 0], [1, 1, 0], [0, 0, 0]]
        run.state.segments.next_try[0] = 40  # put off
        assert self.near_zones(run, 20) == [0, 0, 0]
        run.state.segments.open[0] = 1
        assert self.near_zones(run, 45) == [1, 1, 0]

    def test_no_date_no_window(self):
        assert self.near_zones(tuned(spoiling=0.5), 0) == [0, 0, 0]


class TestAttractiveness:
    """One factor at a time; without any, attractiveness is exposure."""

    def attractiveness(self, run: Run, day: int = 0) -> list[float]:
        return [float(attacks.attractiveness(run.params, run.state, zone, day)) for zone in range(3)]

    def test_exposure(self):
        run = begin_run({"theatre.zones.bravo.exposure": 2.5})
        assert self.attractiveness(run) == near([1, 2.5, 1])

    def test_opportunity(self):
        run = tuned(opportunity=1.5)
        run.state.zones.control[:] = (0.8, 0.4, 0.35)
        assert self.attractiveness(run) == near([1, math.exp(0.15), math.exp(-0.15)])

    def test_evidence_at_home(self):
        run = begin_run({"evidence.attacks": 0.5})
        run.state.zones.effective[BRAVO] -= 400
        run.state.zones.effective[CHARLIE] += 1000
        assert self.attractiveness(run) == near([1, math.exp(0.2), math.exp(-0.5)])

    def test_evidence_in_neighbouring_zones(self):
        """The mean of the changes in the neighbouring zones: for bravo, alpha and charlie."""
        run = begin_run({"evidence.neighbours": -0.3})
        run.state.zones.effective += (200, -500, -600)
        assert self.attractiveness(run) == near([math.exp(0.3 * -0.5), math.exp(0.3 * -0.2), math.exp(0.3 * -0.5)])

    def test_a_zone_without_neighbours(self):
        run = begin_run({"evidence.neighbours": -0.3, "theatre.neighbours": [["alpha", "bravo"]]})
        run.state.zones.effective[:] -= 500
        assert self.attractiveness(run)[CHARLIE] == near(1)

    def test_spike(self):
        run = begin_run({"evidence.spike": 0.3})
        run.state.zones.cut[:] = (0, 0.5, 2)
        assert self.attractiveness(run) == near([1, math.exp(0.15), math.exp(0.6)])

    def test_offensive(self):
        run = begin_run()
        run.state.zones.pressure[:] = (0, 0.5, 3)
        assert self.attractiveness(run) == near([1, math.exp(0.15), math.exp(0.3)])

    def test_tempo(self):
        run = begin_run({"opposition.tempo.spread": 0.6})
        run.state.regions.tempo[:] = (0.5, -0.1)
        assert self.attractiveness(run) == near([math.exp(-0.1 - 0.18), math.exp(0.5 - 0.18), math.exp(0.5 - 0.18)])

    @pytest.mark.parametrize(("day", "factor"), [(0, 0.5), (29, 0.5), (30, 2), (60, 2), (61, 1)])
    def test_season(self, day, factor):
        run = tuned(season=[1, 1, 1, 0.5, 2, 1, 1, 1, 1, 1, 1, 1])
        assert self.attractiveness(run, day) == near([factor] * 3)

    def test_spoiling(self):
        run = tuned(spoiling=0.4)
        run.state.zones.spoiling[:] = (0, 1, 0)
        assert self.attractiveness(run) == near([1, 1.4, 1])

    def test_all_together(self):
        run = begin_run({
            "evidence.attacks": 0.5, "opposition.attacks.opportunity": 1.5, "theatre.zones.bravo.exposure": 2,
            "opposition.attacks.spoiling": 0.4, "opposition.tempo.spread": 0.6,
        })  # fmt: skip
        run.state.zones.effective[BRAVO] -= 400
        run.state.zones.control[BRAVO] = 0.4
        run.state.zones.pressure[BRAVO] = 0.5
        run.state.zones.spoiling[BRAVO] = 1
        run.state.regions.tempo[EAST] = 0.5
        assert self.attractiveness(run)[BRAVO] == near(2 * 1.4 * math.exp(0.15 + 0.2 + 0.15 + 0.5 - 0.18))


class TestHazard:
    """Strength 1, 5, 4; attractiveness 1; rate .01; raids .1; no friction."""

    def test_without_excitation(self):
        zones = with_hazard(begin_run()).state.zones
        assert zones.background_rate.tolist() == near([0.015, 0.055, 0.045])
        assert zones.hazard.tolist() == near([0.011, 0.012, 0.011])

    def test_with_excitation(self):
        """.011 more attacks a day expected on bravo, on top of .055: all are a fifth more likely to land there."""
        run = begin_run()
        run.state.zones.excited[BRAVO] = 0.011
        zones = with_hazard(run).state.zones
        assert zones.hazard.tolist() == near([0.01 * 1.12, 0.01 * 1.4, 0.01 * 1.12])
        assert (zones.hazard * zones.strength).sum() == near(0.115 + 0.011)

    def test_attractiveness_differs(self):
        run = begin_run({"theatre.zones.bravo.exposure": 2, "theatre.zones.charlie.exposure": 0})
        run.state.zones.excited[:] = (0, 0, 0.5)
        zones = with_hazard(run).state.zones
        assert zones.background_rate.tolist() == near([0.015, 0.11, 0])
        # no attack lands in charlie, so its excitation has no effect
        assert zones.hazard.tolist() == near([0.01 * 1.2, 0.01 * 2.1, 0.01 * 0.2])

    def test_raids_pay_friction(self):
        run = tuned(closed_border=0.7, border_troops=0.4)
        run.state.segments.troops[0] += 500
        state = with_hazard(run).state
        over = 0.1 * math.exp(-0.7 - 0.2)
        assert state.pairs.raid.tolist() == near([over, over, 0.1, 0.1])
        assert state.zones.hazard.tolist() == near([0.01 * (1 + over), 0.01 * (1.1 + over), 0.011])
        state.segments.open[0] = 1
        assert with_hazard(run).state.pairs.raid.tolist() == near([0.1 * math.exp(-0.2)] * 2 + [0.1, 0.1])

    def test_resting_cells_do_not_count(self):
        run = begin_run()
        run.state.zones.strength[:] = 0
        zones = with_hazard(run).state.zones
        assert zones.background_rate.tolist() == [0, 0, 0]
        assert zones.hazard.tolist() == near([0.011, 0.012, 0.011])

    def test_no_attacks_at_rate_zero(self):
        run = with_hazard(tuned(rate=0.0))
        assert run.state.zones.hazard.tolist() == [0, 0, 0]
        assert not attacks.will_attack(run.params, run.state, IN_BRAVO, 0.0, 0)

    @pytest.mark.parametrize(
        ("strength", "u", "attacking"),
        [(1, 0.0119, True), (1, 0.0121, False), (3, 0.0359, True), (3, 0.0361, False), (0, 0.0, False)],
    )
    def test_a_cell_attacks(self, strength, u, attacking):
        run = with_hazard(begin_run())
        run.state.cells.strength[IN_BRAVO] = strength
        assert attacks.will_attack(run.params, run.state, IN_BRAVO, u, 0) == attacking

    def test_a_cell_attacks_by_the_hazard_of_its_present_zone(self):
        """At home in bravo .012, now in charlie .011."""
        run = with_hazard(begin_run())
        run.state.cells.zone[IN_BRAVO] = CHARLIE
        assert attacks.will_attack(run.params, run.state, IN_BRAVO, 0.0109, 0)
        assert not attacks.will_attack(run.params, run.state, IN_BRAVO, 0.0115, 0)

    def test_highest_chance(self):
        run = with_hazard(tuned(highest=0.3))
        run.state.cells.strength[IN_BRAVO] = 1000
        assert attacks.will_attack(run.params, run.state, IN_BRAVO, 0.2999, 0)
        assert not attacks.will_attack(run.params, run.state, IN_BRAVO, 0.3, 0)

    def test_a_resting_cell_does_not(self):
        run = with_hazard(begin_run())
        run.state.cells.rests[IN_BRAVO] = 8
        assert not attacks.will_attack(run.params, run.state, IN_BRAVO, 0.0, 7)
        assert attacks.will_attack(run.params, run.state, IN_BRAVO, 0.0, 8)


class TestExcitation:
    @pytest.mark.parametrize(("branching", "memory"), [(0.35, 14), (0.95, 1), (0.2, 3), (0, 10)])
    def test_offspring_of_one_attack(self, branching, memory):
        run = begin_run({"opposition.excitation.branching": branching, "opposition.excitation.memory_days": memory})
        attacks.add_excitation(run.params, run.state, BRAVO)
        assert run.state.zones.excited.tolist() == [0, 0, 0]  # nothing on the day itself
        days = []
        for _ in range(600):
            attacks.decay_excitation(run.params, run.state)
            days.append(float(run.state.zones.excited[BRAVO]))
        assert math.fsum(days) == near(branching)
        assert days[1] == near(days[0] * math.exp(-1 / memory))
        assert run.state.zones.excited[[ALPHA, CHARLIE]].tolist() == [0, 0]

    def test_attacks_add_up(self):
        run = begin_run({"opposition.excitation.branching": 0.4, "opposition.excitation.memory_days": 10})
        keep = math.exp(-0.1)
        attacks.add_excitation(run.params, run.state, BRAVO)
        attacks.add_excitation(run.params, run.state, BRAVO)
        attacks.decay_excitation(run.params, run.state)
        assert run.state.zones.excited[BRAVO] == near(2 * 0.4 * (1 - keep))
        attacks.add_excitation(run.params, run.state, BRAVO)
        attacks.decay_excitation(run.params, run.state)
        assert run.state.zones.excited[BRAVO] == near((2 * keep + 1) * 0.4 * (1 - keep))


class TestLandingZone:
    def test_from_bravo(self):
        """Weights 1.2 (excited), .1 and .1, in the order bravo, alpha, charlie."""
        run = begin_run()
        run.state.zones.excited[BRAVO] = 0.011
        with_hazard(run)
        found = [
            attacks.choose_zone(run.params, run.state, BRAVO, u / 1.4) for u in (0, 1.199, 1.201, 1.299, 1.301, 1.399)
        ]
        assert found == [BRAVO, BRAVO, ALPHA, ALPHA, CHARLIE, CHARLIE]

    def test_from_charlie(self):
        run = with_hazard(begin_run())
        assert [attacks.choose_zone(run.params, run.state, CHARLIE, u / 1.1) for u in (0.999, 1.001, 1.0999)] == [
            2,
            1,
            1,
        ]

    def test_at_a_boundary_the_next_one_is_chosen(self):
        """Weights 1, 1 and 2 in the order bravo, alpha, charlie; 2 and 1 from charlie."""
        run = with_hazard(begin_run({
            "opposition.attacks.raids": 1.0, "opposition.attacks.rate": 1.0, "theatre.zones.charlie.exposure": 2,
        }))  # fmt: skip
        assert [attacks.choose_zone(run.params, run.state, BRAVO, u) for u in (0.25, 0.5)] == [ALPHA, CHARLIE]

    def test_at_the_very_end(self):
        run = with_hazard(begin_run())
        assert attacks.choose_zone(run.params, run.state, BRAVO, 1 - 2**-53) == CHARLIE

    def test_no_raids(self):
        run = with_hazard(tuned(raids=0.0))
        assert attacks.choose_zone(run.params, run.state, BRAVO, 1 - 2**-53) == BRAVO

    def test_a_zone_without_attractiveness_is_left_out(self):
        run = with_hazard(begin_run({"theatre.zones.charlie.exposure": 0}))
        assert attacks.choose_zone(run.params, run.state, BRAVO, 1 - 2**-53) == ALPHA
        assert attacks.choose_zone(run.params, run.state, CHARLIE, 0.0) == BRAVO


@pytest.mark.parametrize(("zone", "limit"), [(ALPHA, 0.2 * 0.8 * 1.5), (BRAVO, 0.1), (CHARLIE, 0.05)])
def test_foiling(zone, limit):
    """Tips .2 x control; on the Kenyan side x capability."""
    run = begin_run()
    run.state.run.capability = 1.5
    assert attacks.is_foiled(run.params, run.state, zone, limit - 1e-9)
    assert not attacks.is_foiled(run.params, run.state, zone, limit + 1e-9)


def test_without_tips_nothing_is_foiled():
    run = begin_run({"society.control.tips": 0.0})
    assert not attacks.is_foiled(run.params, run.state, BRAVO, 0.0)


class TestTarget:
    def limits(self, run: Run, zone: int, weights: list[float], order: list[int]) -> None:
        ends = np.cumsum(weights) / sum(weights)
        starts = np.concatenate([[0], ends[:-1]])
        for start, end, target in zip(starts, ends, order, strict=True):
            assert attacks.choose_target(run.params, run.state, zone, start + 1e-9) == target
            assert attacks.choose_target(run.params, run.state, zone, end - 1e-9) == target

    def test_somalia(self):
        """In bravo 750 troops of the mission at 4 a thousand, 150 of the army at 10; security 1, civilians 2."""
        self.limits(begin_run(), BRAVO, [3, 1.5, 1, 2], [MISSION_BASE, HOST_BASE, SECURITY, CIVILIANS])

    def test_kenya(self):
        """300 at the border bases at 10 a thousand; security 2, civilians 1."""
        self.limits(begin_run(), ALPHA, [3, 2, 1], [BORDER_BASE, SECURITY, CIVILIANS])

    def test_at_a_boundary_the_next_one_is_chosen(self):
        """Weights 3, 2 and 1: a half is the end of the first."""
        run = begin_run()
        assert attacks.choose_target(run.params, run.state, ALPHA, 0.5) == SECURITY
        assert attacks.choose_base(TestBase().exposed().state, BRAVO, MISSION_BASE, -1, 0.25) == D_FORT

    def test_civilians_by_troops(self):
        run = begin_run({"evidence.civilians": 0.5})
        run.state.zones.effective[CHARLIE] -= 600
        weights = [550 * 4 / 1000, 80 * 10 / 1000, 1, 2 * math.exp(0.3)]
        self.limits(run, CHARLIE, weights, [MISSION_BASE, HOST_BASE, SECURITY, CIVILIANS])

    def test_nothing_but_security(self):
        run = begin_run()
        run.state.zones.stationed[:] = 0
        run.params.opposition.targets.somalia.security = run.params.opposition.targets.somalia.civilians = 0
        assert [attacks.choose_target(run.params, run.state, BRAVO, u) for u in (0.0, 0.999)] == [SECURITY] * 2

    def test_a_kind_without_weight_is_never_chosen(self):
        run = begin_run({"opposition.targets.somalia.civilians": 0})
        assert attacks.choose_target(run.params, run.state, BRAVO, 1 - 2**-53) == SECURITY
        assert attacks.choose_target(run.params, run.state, ALPHA, 0.0) == BORDER_BASE


class TestBase:
    def exposed(self) -> Run:
        run = begin_run()
        run.state.bases.exposure[[C_FORT, D_FORT, E_FORT, F_FORT]] = (1, 3, 5, 0)
        return run

    @pytest.mark.parametrize(("u", "base"), [(0.0, C_FORT), (0.2499, C_FORT), (0.2501, D_FORT), (0.9999, D_FORT)])
    def test_by_exposure(self, u, base):
        assert attacks.choose_base(self.exposed().state, BRAVO, MISSION_BASE, -1, u) == base

    def test_without_the_first(self):
        state = self.exposed().state
        assert attacks.choose_base(state, BRAVO, MISSION_BASE, D_FORT, 0.99) == C_FORT
        assert attacks.choose_base(state, BRAVO, HOST_BASE, G_HOLD, 0.5) == -1

    def test_two_are_left_without_the_first(self):
        """c_fort and g_hold, which eagle took over, weigh 1 each; d_fort, already hit, does not count."""
        state = self.exposed().state
        state.bases.holder[G_HOLD], state.bases.exposure[G_HOLD] = HOLDER["eagle"], 1
        found = [attacks.choose_base(state, BRAVO, MISSION_BASE, D_FORT, u) for u in (0.0, 0.49, 0.51, 0.99)]
        assert found == [C_FORT, C_FORT, G_HOLD, G_HOLD]

    def test_by_side(self):
        state = self.exposed().state
        assert attacks.choose_base(state, BRAVO, HOST_BASE, -1, 0.5) == G_HOLD
        assert attacks.choose_base(state, BRAVO, BORDER_BASE, -1, 0.5) == -1
        assert [attacks.choose_base(state, ALPHA, BORDER_BASE, -1, u) for u in (0.49, 0.51)] == [A_POST, B_POST]
        state.bases.holder[C_FORT] = HOLDER["guard"]
        assert [attacks.choose_base(state, BRAVO, HOST_BASE, -1, u) for u in (0.49, 0.51)] == [C_FORT, G_HOLD]
        assert attacks.choose_base(state, BRAVO, MISSION_BASE, -1, 0.0) == D_FORT

    @pytest.mark.parametrize(("standing", "base"), [(CLOSED, C_FORT), (OVERRUN, C_FORT), (RETAKEN, D_FORT)])
    def test_it_must_stand(self, standing, base):
        state = self.exposed().state
        state.bases.standing[D_FORT] = standing
        assert attacks.choose_base(state, BRAVO, MISSION_BASE, -1, 0.9) == base

    def test_it_must_have_a_garrison(self):
        state = self.exposed().state
        state.bases.garrison[D_FORT] = 0
        assert attacks.choose_base(state, BRAVO, MISSION_BASE, -1, 0.9) == C_FORT
        state.bases.garrison[C_FORT] = 0
        assert attacks.choose_base(state, BRAVO, MISSION_BASE, -1, 0.9) == -1

    def test_neither_security_nor_civilians_have_a_base(self):
        state = self.exposed().state
        for target in (SECURITY, CIVILIANS):
            assert attacks.choose_base(state, BRAVO, target, -1, 0.5) == -1

    def test_in_the_field(self):
        found = [attacks.without_base(target, -1) for target in range(5)]
        assert found == [SECURITY, SECURITY, SECURITY, SECURITY, CIVILIANS]
        assert [attacks.without_base(target, 3) for target in range(3)] == [MISSION_BASE, HOST_BASE, BORDER_BASE]


@pytest.mark.parametrize(
    ("u", "mode"),
    [
        (0, CLASH),
        (0.399, CLASH),
        (0.401, IED),
        (0.699, IED),
        (0.701, RAID),
        (0.899, RAID),
        (0.901, SUICIDE),
        (0.999, SUICIDE),
    ],
)
def test_mode(u, mode):
    run = begin_run()
    assert [attacks.choose_mode(run.params, target, u) for target in range(5)] == [mode] * 5


@pytest.mark.parametrize("target", ["mission_base", "host_base", "border_base", "security", "civilians"])
def test_each_target_has_its_own_mix(target):
    run = begin_run({f"opposition.mix.{target}": {"clash": 0, "ied": 0, "raid": 0, "suicide": 1}})
    found = [attacks.choose_mode(run.params, kind, 0.0) for kind in range(5)]
    index = ["mission_base", "host_base", "border_base", "security", "civilians"].index(target)
    assert found == [SUICIDE if kind == index else CLASH for kind in range(5)]


def test_note():
    run = begin_run()
    attacks.count_attack(
        run.params, run.state, run.record, attacks.Attack(1, BRAVO, ALPHA, BORDER_BASE, B_POST, RAID, 0), 40
    )
    attacks.count_attack(
        run.params, run.state, run.record, attacks.Attack(1, BRAVO, CHARLIE, CIVILIANS, -1, IED, 0), 40
    )
    counted = {
        (month, zone, recorder.INDICATORS[k][0]): run.record.monthly[month, zone, k]
        for month, zone, k in np.argwhere(run.record.monthly)
    }
    assert counted == {
        (1, ALPHA, "attacks"): 1, (1, ALPHA, "attacks_border_base"): 1, (1, ALPHA, "raids"): 1,
        (1, ALPHA, "attacks_over_border"): 1, (1, CHARLIE, "attacks"): 1, (1, CHARLIE, "attacks_civilians"): 1,
        (1, CHARLIE, "ieds"): 1,
    }  # fmt: skip
    assert run.record.daily[recorder.DAILY_ATTACKS, 40].tolist() == [1, 0, 1]
    assert run.record.daily.sum() == 2
    assert run.record.bases.attacks.tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
