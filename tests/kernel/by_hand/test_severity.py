"""ODD 7.8 Severity."""

import math

import pytest
from tiny_theatre import (
    A_POST,
    ALPHA,
    BRAVO,
    C_FORT,
    CHARLIE,
    EAGLE,
    G_HOLD,
    MINUS_ONE,
    ONE,
    Run,
    begin_run,
)

from atmis.kernel import recorder, rng
from atmis.kernel.rules import severity
from atmis.kernel.rules.attacks import BORDER_BASE, CIVILIANS, CLASH, HOST_BASE, MISSION_BASE, SECURITY, Attack

MISSION, HOST, BORDER = (BRAVO, MISSION_BASE, C_FORT), (BRAVO, HOST_BASE, G_HOLD), (ALPHA, BORDER_BASE, A_POST)


def attack(zone: int, target: int, base: int, second: int = 0) -> Attack:
    return Attack(1, BRAVO, zone, target, base, CLASH, second)


def draw_deaths(fix_draws, changes: dict[str, float], *numbers: float, place: tuple[int, int, int] = MISSION) -> float:
    run = begin_run({f"opposition.severity.{key}": value for key, value in changes.items()})
    fix_draws({rng.DEATHS: numbers})
    return severity.draw_deaths(run.params, run.state, run.stream, attack(*place), 0)


@pytest.mark.parametrize(
    ("place", "median"),
    [
        (MISSION, 2), (HOST, 3), (BORDER, 4), ((ALPHA, SECURITY, -1), 5), ((BRAVO, SECURITY, -1), 6),
        ((ALPHA, CIVILIANS, -1), 7), ((CHARLIE, CIVILIANS, -1), 8),
    ],
)  # fmt: skip
def test_by_target_and_country(fix_draws, place, median):
    """Spread 0: always the median."""
    assert draw_deaths(fix_draws, {}, 0.4999, 0.3, 0.7, 0.1, place=place) == median
    assert draw_deaths(fix_draws, {}, 0.5, 0.3, 0.7, 0.1, place=place) == 0


def test_at_lethal_zero_nobody_is_killed(fix_draws):
    assert draw_deaths(fix_draws, {"mission_base.lethal": 0.0}, 0.0, 0.0, 0.99, 0.0) == 0


@pytest.mark.parametrize(
    ("median", "spread", "normal", "deaths"),
    [
        (2, 0.8, ONE, 4),  # 2 exp(.8) = 4.45
        (2.1, 0.8, ONE, 5),  # 4.67
        (2, 0.8, MINUS_ONE, 1),  # .899
        (3, 0.8, MINUS_ONE, 1),  # 1.348
        (4, 0.8, MINUS_ONE, 2),  # 1.797
        (1, 3.0, MINUS_ONE, 1),  # .05 is raised to 1
        (100, 3.0, ONE, 600),  # 2,009 is cut at the highest
        (2.5, 0.0, ONE, 3),  # halves go up
    ],
)
def test_lognormal(fix_draws, median, spread, normal, deaths):
    assert draw_deaths(fix_draws, {"mission_base.median": median, "spread": spread}, 0.0, 0.5, *normal) == deaths


@pytest.mark.parametrize(
    ("exponent", "w", "deaths"),
    [
        (3, 0.0, 6),  # the start of the tail
        (3, 0.75, 12),  # 6 / sqrt(.25)
        (3, 0.99, 60),
        (2, 0.75, 24),  # 6 / .25
        (5, 1 - 1 / 16, 12),  # 6 x 16^(1/4)
        (3, 0.5, 8),  # 8.485
        (3, 1 - 2**-53, 600),
    ],
)
def test_pareto(fix_draws, exponent, w, deaths):
    assert draw_deaths(fix_draws, {"tail": 0.2, "tail_exponent": exponent}, 0.0, 0.1999, w, 0.5) == deaths
    assert draw_deaths(fix_draws, {"tail": 0.2, "tail_exponent": exponent}, 0.0, 0.2, w, 0.5) == 2


def test_share_above_a_level_in_the_tail(fix_draws):
    """P(D >= x) = (x / start)^-(exponent - 1): three quarters stay below twice the start at exponent 3."""
    run = begin_run({"opposition.severity.tail": 1.0})
    deaths = []
    for k in range(400):
        fix_draws({rng.DEATHS: (0.0, 0.0, (k + 0.5) / 400)})
        deaths.append(severity.draw_deaths(run.params, run.state, run.stream, attack(*MISSION), 0))
    assert sum(d >= 12 for d in deaths) / 400 == pytest.approx((11.5 / 6) ** -2, abs=1 / 400)
    assert sum(d >= 60 for d in deaths) / 400 == pytest.approx((59.5 / 6) ** -2, abs=1 / 400)


def test_a_second_attack_has_its_own_deaths(fix_draws):
    run = begin_run()
    fix_draws({rng.SECOND_DEATHS: (0.1,)})
    assert severity.draw_deaths(run.params, run.state, run.stream, attack(*MISSION, second=1), 0) == 2


class TestApplyDeaths:
    def apply_deaths(self, run: Run, place: tuple[int, int, int], deaths: float) -> float:
        return severity.apply_deaths(run.params, run.state, run.record, attack(*place), float(deaths), 40)

    def counted(self, run: Run, zone: int) -> list[float]:
        return run.record.monthly[1, zone, recorder.DEATHS_MISSION : recorder.DEATHS_GROUP].tolist()

    def test_the_mission(self):
        run = begin_run()
        assert self.apply_deaths(run, MISSION, 7) == 7
        assert (run.state.contingents.deployed.tolist(), run.state.contingents.killed.tolist()) == ([993, 300], [7, 0])
        assert run.state.bases.garrison[C_FORT] == 493
        assert self.counted(run, BRAVO) == [7, 0, 0, 0]
        assert run.record.bases.deaths[C_FORT] == 7
        assert run.record.daily[recorder.DAILY_DEATHS, 40].tolist() == [0, 7, 0]

    def test_no_more_than_the_garrison(self):
        run = begin_run()
        run.state.bases.garrison[C_FORT] = 4.9
        assert self.apply_deaths(run, MISSION, 7) == 4
        assert run.state.bases.garrison[C_FORT] == pytest.approx(0.9)
        assert run.state.contingents.killed[EAGLE] == 4
        assert self.apply_deaths(run, MISSION, 7) == 0

    def test_no_more_than_are_deployed(self):
        """The number deployed is the limit, even if the garrison of this morning is larger."""
        run = begin_run()
        run.state.contingents.deployed[EAGLE] = 3
        assert self.apply_deaths(run, MISSION, 7) == 3
        assert run.state.contingents.deployed[EAGLE] == 0

    def test_host_and_border_bases(self):
        run = begin_run()
        run.state.bases.garrison[G_HOLD] = 5
        assert self.apply_deaths(run, HOST, 9) == 5
        assert self.apply_deaths(run, BORDER, 9) == 9
        assert run.state.bases.garrison[[A_POST, G_HOLD]].tolist() == [191, 0]
        assert self.counted(run, BRAVO) == [0, 5, 0, 0]
        assert self.counted(run, ALPHA) == [0, 0, 9, 0]
        assert run.state.contingents.killed.tolist() == [0, 0]

    def test_deaths_of_security_forces_reduce_no_stock(self):
        run = begin_run()
        before = run.state.bases.garrison.tolist()
        assert self.apply_deaths(run, (BRAVO, SECURITY, -1), 9) == 9
        assert self.apply_deaths(run, (ALPHA, SECURITY, -1), 4) == 4
        assert self.counted(run, BRAVO) == [0, 9, 0, 0]
        assert self.counted(run, ALPHA) == [0, 0, 4, 0]
        assert run.state.bases.garrison.tolist() == before
        assert run.record.bases.deaths.sum() == 0

    def test_civilians(self):
        run = begin_run()
        run.state.zones.home[CHARLIE] = 5.7
        assert self.apply_deaths(run, (CHARLIE, CIVILIANS, -1), 9) == 5
        assert run.state.zones.home[CHARLIE] == pytest.approx(0.7)
        assert run.state.zones.dead.tolist() == [0, 0, 5]
        assert self.counted(run, CHARLIE) == [0, 0, 0, 5]
        assert self.apply_deaths(run, (ALPHA, CIVILIANS, -1), 3) == 3
        assert self.counted(run, ALPHA) == [0, 0, 0, 3]

    def test_attacks_since_the_handover(self):
        run = begin_run()
        self.apply_deaths(run, HOST, 0)
        run.state.bases.handed[G_HOLD] = 0
        self.apply_deaths(run, HOST, 0)
        self.apply_deaths(run, HOST, 2)
        assert run.record.bases.attacks_since[G_HOLD] == 2
        assert math.isclose(run.state.bases.garrison[G_HOLD], 148)
