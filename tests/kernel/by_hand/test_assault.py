"""ODD 7.9 Assault."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_theatre import (
    A_POST,
    ALPHA,
    ARMY,
    BRAVO,
    C_FORT,
    CHARLIE,
    D_FORT,
    E_FORT,
    EAGLE,
    G_HOLD,
    HOLDER,
    Run,
    begin_run,
    near,
)

from atmis.kernel import recorder, rng
from atmis.kernel import schedule as days
from atmis.kernel.rules import assault, recruitment
from atmis.kernel.rules.attacks import BORDER_BASE, CIVILIANS, CLASH, HOST_BASE, MISSION_BASE, Attack
from atmis.kernel.state import HANDED_OVER, OVERRUN

CELL = 1


def attack(
    target: int = MISSION_BASE, base: int = C_FORT, zone: int = BRAVO, origin: int = BRAVO, second: int = 0
) -> Attack:
    return Attack(CELL, origin, zone, target, base, CLASH, second)


def tuned(**changes: float) -> Run:
    return begin_run({f"opposition.assault.{key}": value for key, value in changes.items()})


class TestMassing:
    """Within reach: 50 fighters in bravo, 40 in charlie; half of them can be massed."""

    @pytest.mark.parametrize(
        ("garrison", "odds", "origin", "masses"),
        [
            (10, 2.5, BRAVO, True),  # 25 of 50
            (10, 2.59, BRAVO, True),  # 25.9 is 25
            (10, 2.6, BRAVO, False),  # 26
            (10, 4.5, CHARLIE, True),  # 45 of 90
            (10, 4.6, CHARLIE, False),
            (0.4, 2.0, BRAVO, False),  # 0.8: nobody
            (0.5, 2.0, BRAVO, True),  # 1
        ],
    )
    def test_fighters_suffice(self, garrison, odds, origin, masses):
        run = tuned(massing=0.3)
        run.state.bases.garrison[C_FORT] = garrison
        assert assault.can_mass(run.params, run.state, attack(origin=origin), odds, 0.299) == masses
        assert not assault.can_mass(run.params, run.state, attack(origin=origin), odds, 0.3)

    def test_never_a_border_base_a_second_base_or_none(self):
        run = tuned(massing=1.0)
        run.state.bases.garrison[:] = 5
        assert not assault.can_mass(run.params, run.state, attack(BORDER_BASE, A_POST, ALPHA, ALPHA), 1, 0)
        # half of the ten fighters in alpha, if it were the mission's; it is the first base of all
        assert assault.can_mass(run.params, run.state, attack(MISSION_BASE, A_POST, ALPHA, ALPHA), 1, 0)
        assert not assault.can_mass(run.params, run.state, attack(second=1), 2, 0)
        assert not assault.can_mass(run.params, run.state, attack(CIVILIANS, -1), 2, 0)
        assert assault.can_mass(run.params, run.state, attack(HOST_BASE, G_HOLD), 2, 0)

    @pytest.mark.parametrize(("u", "odds"), [(0, 2), (0.5, 3.5), (0.9, 4.7)])
    def test_odds(self, u, odds):
        assert assault.draw_odds(tuned().params, u) == near(odds)


class TestOutcome:
    def chance(self, run: Run, odds: float, expected: float, base: int = C_FORT, day: int = 0) -> None:
        target = MISSION_BASE if base == C_FORT else HOST_BASE
        for u, falls in ((expected - 1e-9, True), (expected + 1e-9, False)):
            assert assault.falls(run.params, run.state, attack(target, base), odds, u, day) == falls

    def test_even_odds_at_three_to_one(self):
        run = tuned()
        assert assault.falls(run.params, run.state, attack(), 3.0, 0.5 - 1e-12, 0)
        assert not assault.falls(run.params, run.state, attack(), 3.0, 0.5, 0)

    def test_by_odds(self):
        """Steepness 2: the odds of falling go with the square: 4 to 1 at 6 : 1, and 1 to 4 at 1.5 : 1."""
        self.chance(tuned(), 6.0, 0.8)
        self.chance(tuned(), 1.5, 0.2)

    def test_by_readiness(self):
        """At readiness one half, 3 : 1 counts as 6 : 1."""
        self.chance(tuned(), 3.0, 0.8, base=G_HOLD)

    def test_an_unready_base_falls(self):
        run = tuned()
        run.state.bases.readiness[C_FORT] = 0
        assert assault.falls(run.params, run.state, attack(), 3.0, 1 - 1e-15, 0)

    def test_no_steepness(self):
        self.chance(tuned(steepness=0), 5.0, 0.5)

    def test_newly_held(self):
        """Handed over on day 10: ln 4 more at once, 1/e of it after 90 days; nothing if never handed over."""
        run = tuned(newly_held=math.log(4))
        self.chance(run, 3.0, 0.5)
        run.state.bases.handed[C_FORT] = 10
        self.chance(run, 3.0, 0.8, day=10)
        self.chance(run, 3.0, 1 / (1 + math.exp(-math.log(4) / math.e)), day=100)
        run.state.bases.handed[C_FORT] = 0  # day 0 is a day like any other
        self.chance(run, 3.0, 0.8, day=0)

    @pytest.mark.parametrize(
        ("mean", "u", "share"), [(0.4, 0.5, 0.4), (0.4, 0, 0), (0.4, 0.999, 0.7992), (0.9, 0.9, 1)]
    )
    def test_share_killed(self, mean, u, share):
        assert assault.draw_share_killed(mean, u) == near(share)


class TestOverrun:
    def overrun(
        self, fix_draws, u: float, base: int = C_FORT, target: int = MISSION_BASE, day: int = 31, **changes: float
    ) -> Run:
        run = tuned(**changes)
        taken = fix_draws({rng.RETAKING: (u,)})
        run.state.bases.readiness[:] = 0.8
        assault.overrun(*run.all, attack(target, base), day)
        assert taken == [(rng.RETAKING, int(run.state.bases.key[base]), run.stream.epoch + day)]
        return run

    def test_consequences(self, fix_draws):
        run = self.overrun(fix_draws, 0.5)
        bases = run.state.bases
        assert (bases.standing[C_FORT], bases.garrison[C_FORT]) == (OVERRUN, 0)
        assert bases.back[C_FORT] == 31 + 1 + 2  # 4 ln 2 = 2.77
        assert run.state.run.loot == near(0.02)
        assert run.state.contingents.deployed[EAGLE] == 1000  # its survivors man the other bases
        # eagle's bases in bravo lose a quarter of their readiness, but not its base in charlie, nor the army's
        assert bases.readiness[[C_FORT, D_FORT, E_FORT, G_HOLD]].tolist() == near([0.6, 0.6, 0.8, 0.8])
        assert run.record.monthly[1, BRAVO, recorder.OVERRUNS] == 1
        assert run.record.daily[recorder.DAILY_OVERRUNS, 31].tolist() == [0, 1, 0]
        assert (run.record.bases.overruns[C_FORT], run.record.bases.fell[C_FORT]) == (1, 31)
        assert run.record.bases.fell_after[C_FORT] == -1

    @pytest.mark.parametrize(("u", "after"), [(0.0, 1), (0.2, 1), (0.2211, 1), (0.2213, 2), (0.99, 19)])
    def test_days_until_the_mission_retakes(self, fix_draws, u, after):
        """1 + floor(-4 ln(1 - u)); -4 ln(1 - u) = 1 at u = .22120."""
        assert self.overrun(fix_draws, u).state.bases.back[C_FORT] == 31 + after

    def test_a_host_base(self, fix_draws):
        """100 ln 2 = 69.3 days; survivors return to the pool."""
        run = self.overrun(fix_draws, 0.5, base=G_HOLD, target=HOST_BASE)
        assert run.state.bases.back[G_HOLD] == 31 + 1 + 69
        assert run.state.forces.pool.tolist() == [250, 0]
        assert run.state.bases.readiness[[C_FORT, G_HOLD]].tolist() == near([0.8, 0.6])

    def test_the_first_day_it_fell_is_recorded(self, fix_draws):
        run = tuned()
        fix_draws({rng.RETAKING: (0.5,)})
        run.state.bases.handed[C_FORT] = 0
        for day in (0, 3):
            assault.overrun(*run.all, attack(), day)
        assert (run.record.bases.fell[C_FORT], run.record.bases.fell_after[C_FORT]) == (0, 0)

    def test_falls_twice_and_after_a_handover(self, fix_draws):
        run = self.overrun(fix_draws, 0.5)
        bases = run.state.bases
        bases.standing[C_FORT], bases.handed[C_FORT], bases.holder[C_FORT] = HANDED_OVER, 40, HOLDER["army"]
        for day in (50, 60):
            assault.overrun(*run.all, attack(HOST_BASE), day)
        assert (run.record.bases.fell[C_FORT], run.record.bases.fell_after[C_FORT]) == (31, 50)
        assert run.record.bases.overruns[C_FORT] == 3
        assert run.state.run.loot == near(0.06)


class TestLosses:
    def test_by_size_in_the_order_of_cells(self):
        """A tenth of 15, 4, 8, 3, 20: running sums 1.5, 1.9, 2.7, 3, 5 lose 1, 0, 1, 1, 2."""
        run = tuned()
        for cell, fighters in zip(range(1, 6), (15, 4, 8, 3, 20), strict=True):
            recruitment.set_fighters(run.params, run.state, cell, float(fighters))
        assert assault.apply_losses(run.params, run.state, attack(), 5.0) == 5
        assert run.state.cells.fighters.tolist() == [10, 14, 4, 7, 2, 18, 10, 10, 10, 10]
        assert run.state.cells.strength[CELL] == near(1.4)
        assert run.state.cells.rests.sum() == 0

    def test_where_the_attack_comes_from(self):
        run = tuned()
        assert assault.apply_losses(run.params, run.state, attack(origin=CHARLIE), 40.0) == 40
        assert run.state.cells.fighters.tolist() == [10] * 6 + [0] * 4

    def test_never_more_than_all(self):
        run = tuned()
        assert assault.apply_losses(run.params, run.state, attack(), 500.0) == 50
        assert run.state.cells.fighters[1:6].tolist() == [0] * 5

    def test_no_fighters_this_morning(self):
        run = tuned()
        run.state.zones.fighters[BRAVO] = 0
        assert assault.apply_losses(run.params, run.state, attack(), 5.0) == 0

    def test_the_last_fighter(self):
        run = tuned()
        run.state.zones.fighters[BRAVO] = 1
        run.state.cells.fighters[1:6] = (0, 0, 1, 0, 0)
        assert assault.apply_losses(run.params, run.state, attack(), 1.0) == 1

    @given(st.lists(st.integers(0, 40), min_size=5, max_size=5), st.floats(0, 300))
    @settings(max_examples=60, deadline=None)
    def test_they_add_up(self, sizes, lost):
        run = tuned()
        for cell, fighters in zip(range(1, 6), sizes, strict=True):
            recruitment.set_fighters(run.params, run.state, cell, float(fighters))
        recruitment.count_fighters(run.state, 0)
        killed = assault.apply_losses(run.params, run.state, attack(), lost)
        left = run.state.cells.fighters[1:6]
        assert killed == sum(sizes) - left.sum()
        assert (left >= 0).all()
        assert (left <= sizes).all()
        assert killed <= min(lost, sum(sizes)) + 1e-6
        assert killed > min(lost, sum(sizes)) - 1 - 1e-6


class TestMassedAssault:
    """20 men at c_fort and 10 at g_hold, 3 : 1."""

    def assaulted(self, fix_draws, base: int, falls: float, killed: float, lost: float) -> Run:
        run = tuned(massing=1.0)
        run.state.bases.garrison[[C_FORT, G_HOLD]] = (20, 10)
        fix_draws({rng.ASSAULT: (0.0, falls, killed, lost), rng.RETAKING: (0.5,), rng.DETECTION: (0.0,)})
        target = MISSION_BASE if base == C_FORT else HOST_BASE
        days.massed_assault(*run.all, attack(target, base), 3.0, 31)
        return run

    def monthly(self, run: Run, *indicators: int) -> list[float]:
        return run.record.monthly[1, BRAVO, list(indicators)].tolist()

    def test_it_holds(self, fix_draws):
        """Killed: a share of 2 x .1 x .9 of 20, 3.6 rounded down. Lost: 2 x .1 x .5 of 60."""
        run = self.assaulted(fix_draws, C_FORT, 0.51, 0.9, 0.5)
        kinds = (recorder.ATTACKS, recorder.ASSAULTS, recorder.OVERRUNS, recorder.DEATHS_MISSION, recorder.DEATHS_GROUP)
        assert self.monthly(run, *kinds) == [1, 1, 0, 3, 6]
        assert (run.state.bases.garrison[C_FORT], run.state.bases.standing[C_FORT]) == (17, 0)
        assert run.state.contingents.deployed[EAGLE] == 997
        assert run.state.cells.fighters[1:6].sum() == 44
        assert run.state.run.loot == 0
        assert run.record.bases.assaults[C_FORT] == 1
        assert run.record.events[0, recorder.EVENT_DEATHS :].tolist() == [3, 0, 0, 0, 6]
        assert run.record.events[0, recorder.EVENT_ASSAULT : recorder.EVENT_RECORDED + 1].tolist() == [1, 0, 1]

    def test_it_falls(self, fix_draws):
        """Killed: 2 x .4 x .9 of 20, 14.4. The other six man the rest."""
        run = self.assaulted(fix_draws, C_FORT, 0.49, 0.9, 0.0)
        kinds = (recorder.ATTACKS, recorder.ASSAULTS, recorder.OVERRUNS, recorder.DEATHS_MISSION, recorder.DEATHS_GROUP)
        assert self.monthly(run, *kinds) == [1, 1, 1, 14, 0]
        assert (run.state.bases.garrison[C_FORT], run.state.bases.standing[C_FORT]) == (0, OVERRUN)
        assert run.state.contingents.deployed[EAGLE] == 986
        assert run.record.events[0, recorder.EVENT_ASSAULT : recorder.EVENT_RECORDED + 1].tolist() == [1, 1, 1]

    def test_a_host_base_falls(self, fix_draws):
        """Readiness .5: falls for u below .8. Killed 4 of 10; six return to a pool of 100. Lost 3 of 30."""
        run = self.assaulted(fix_draws, G_HOLD, 0.79, 0.5, 0.5)
        kinds = (recorder.OVERRUNS, recorder.DEATHS_HOST, recorder.DEATHS_MISSION, recorder.DEATHS_GROUP)
        assert self.monthly(run, *kinds) == [1, 4, 0, 3]
        assert run.state.forces.pool[ARMY] == 106
        assert run.state.contingents.deployed[EAGLE] == 1000

    def test_it_excites_once_and_nobody_rests(self, fix_draws):
        run = tuned(massing=1.0)
        run.params.opposition.excitation.branching = 0.5
        run.state.bases.garrison[C_FORT] = 20
        fix_draws({rng.ASSAULT: (0.0, 0.9, 0.9, 0.9), rng.DETECTION: (0.0,)})
        days.massed_assault(*run.all, attack(), 3.0, 31)
        keep = math.exp(-0.1)
        assert run.state.zones.new_excitation[BRAVO] == near(0.5 * (1 - keep) / keep)
        assert run.state.cells.rests.sum() == 0
