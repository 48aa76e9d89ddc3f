"""ODD 7.2 Host force."""

import pytest
from tiny_theatre import (
    A_POST,
    ARMY,
    C_FORT,
    EAGLE,
    G_HOLD,
    GUARD,
    H_HOLD,
    HOLDER,
    SOURCED,
    Run,
    begin_run,
    date_of,
    near,
    phase,
)

from atmis.kernel.rules import drawdown, host_force
from atmis.kernel.state import CLOSED, HANDED_OVER, OVERRUN


def build(run: Run, day: int = 0) -> None:
    host_force.advance(run.params, run.state, run.record, day)


def test_training():
    run = begin_run()
    for day in range(3):
        build(run, day)
    assert run.state.forces.pool.tolist() == [115, 0]


class TestFilling:
    def test_enough_in_the_pool(self):
        """The base lacks 50 and gets a tenth of that, 5; then a tenth of 45."""
        run = begin_run()
        run.state.bases.garrison[G_HOLD] = 100
        build(run, 0)
        assert run.state.bases.garrison[G_HOLD] == near(105)
        assert run.state.forces.pool[ARMY] == near(100 + 5 - 5)
        assert run.record.days.host_shortfall[0] == near(50)
        build(run, 1)
        assert run.state.bases.garrison[G_HOLD] == near(109.5)
        assert run.record.days.host_shortfall[1] == near(45)

    def test_a_short_pool_is_shared_by_what_is_lacking(self):
        """Lacking 50 and 240 (need 120 x weight 2), spare 24 + 5 = 29, a tenth of the need; today a tenth of that."""
        run = begin_run({"host.generation.army.pool": 24})
        bases = run.state.bases
        bases.garrison[G_HOLD] = 100
        bases.holder[C_FORT], bases.standing[C_FORT], bases.garrison[C_FORT] = HOLDER["army"], HANDED_OVER, 0
        build(run)
        assert bases.garrison[[G_HOLD, C_FORT]].tolist() == near([100.5, 2.4])
        assert run.state.forces.pool[ARMY] == near(29 - 2.9)

    def test_a_full_base_an_empty_pool_and_a_base_that_does_not_stand(self):
        run = begin_run()
        run.state.bases.garrison[G_HOLD] = 170
        run.state.bases.garrison[H_HOLD] = 10
        build(run)
        assert run.state.bases.garrison[[G_HOLD, H_HOLD]].tolist() == [170, 10]
        assert run.record.days.host_shortfall[0] == 70
        run.state.bases.standing[G_HOLD], run.state.bases.garrison[G_HOLD] = OVERRUN, 0
        run.state.bases.standing[H_HOLD] = CLOSED
        build(run, 1)
        assert run.state.bases.garrison[[G_HOLD, H_HOLD]].tolist() == [0, 10]
        assert run.record.days.host_shortfall[1] == 0

    @pytest.mark.parametrize(("day", "coming"), [(4, 5), (5, 2.5), (8, 2.5), (9, 5)])
    def test_offensives_keep_troops(self, day, coming):
        """Pool 100 + 5; 80 are in an offensive on days 5 to 8: 25 can be spared for a lack of 50."""
        offensive = {
            "name": "Push", "zones": ["bravo"], "start": date_of(5), "end": date_of(8), "intensity": 1.0,
            "troops": {"army": 80}, **SOURCED,
        }  # fmt: skip
        run = begin_run({"host.offensives": {"push": offensive}})
        run.state.bases.garrison[G_HOLD] = 100
        build(run, day)
        assert run.state.bases.garrison[G_HOLD] == near(100 + coming)

    def test_offensives_that_keep_more_than_there_are(self):
        offensive = {
            "name": "Push", "zones": ["bravo"], "start": date_of(0), "end": date_of(8), "intensity": 1.0,
            "troops": {"army": 80}, **SOURCED,
        }  # fmt: skip
        run = begin_run({"host.offensives": {"a": offensive, "b": offensive}})
        run.state.bases.garrison[G_HOLD] = 100
        build(run)
        assert run.state.bases.garrison[G_HOLD] == 100
        assert run.state.forces.pool[ARMY] == 105


class TestShocks:
    def with_shock(self, troops: int) -> Run:
        shock = {"name": "Split", "date": date_of(4), "force": "army", "troops": troops, "readiness": 0.2, **SOURCED}
        run = begin_run({"host.shocks": {"split": shock}, "host.readiness.ceiling": 0.5, "host.garrisons.handover": 0})
        bases = run.state.bases
        # a second, closed base of the army, and garrisons above need, so that no garrison is filled today
        bases.holder[C_FORT], bases.standing[C_FORT], bases.garrison[C_FORT] = HOLDER["army"], HANDED_OVER, 50
        bases.readiness[C_FORT] = 0.5
        bases.need[G_HOLD] = 0
        host_force.apply_shocks(run.state, 3)
        assert run.state.forces.pool[ARMY] == 100
        host_force.train(run.state)
        host_force.apply_shocks(run.state, 4)
        return run

    def test_the_pool_first(self):
        run = self.with_shock(60)
        assert run.state.forces.pool.tolist() == [45, 0]
        assert run.state.bases.garrison[[G_HOLD, C_FORT, H_HOLD]].tolist() == [150, 50, 80]
        assert run.state.bases.readiness[[G_HOLD, C_FORT, H_HOLD]].tolist() == near([0.4, 0.4, 0.5])

    def test_the_rest_from_garrisons_in_proportion(self):
        """105 of 155 from the pool; 50 of 200 from the bases: a quarter of each."""
        run = self.with_shock(155)
        assert run.state.forces.pool[ARMY] == 0
        assert run.state.bases.garrison[[G_HOLD, C_FORT, H_HOLD]].tolist() == near([112.5, 37.5, 80])

    def test_on_its_date_and_not_again(self):
        run = self.with_shock(60)
        host_force.apply_shocks(run.state, 5)
        assert run.state.forces.pool.tolist() == [45, 0]
        assert run.state.bases.readiness[G_HOLD] == near(0.4)

    def test_no_more_than_there_are(self):
        run = self.with_shock(500)
        assert run.state.bases.garrison[[G_HOLD, C_FORT, H_HOLD]].tolist() == [0, 0, 80]
        assert run.state.forces.pool.tolist() == [0, 0]


class TestReadiness:
    def test_one_day(self):
        run = begin_run()
        run.state.bases.readiness[C_FORT] = 0.5
        build(run)
        assert run.state.bases.readiness[[A_POST, C_FORT, G_HOLD]].tolist() == near([0.8, 0.51, 0.502])

    def test_many_days(self):
        run = begin_run()
        for day in range(40):
            build(run, day)
        assert run.state.bases.readiness[G_HOLD] == near(0.7 - 0.2 * 0.99**40)

    def test_above_its_ceiling_it_falls(self):
        run = begin_run()
        run.state.bases.readiness[G_HOLD] = 0.9
        build(run)
        assert run.state.bases.readiness[G_HOLD] == near(0.898)

    def test_an_overrun_host_base_gains_readiness_too(self):
        run = begin_run()
        run.state.bases.standing[G_HOLD] = OVERRUN
        build(run)
        assert run.state.bases.readiness[G_HOLD] == near(0.502)

    def test_a_base_handed_over_this_morning(self):
        """It needs 240 and is empty: of 105 in the pool it could have 105 / 240 of its lack, a tenth of it today."""
        run = begin_run({"plan.phases": {"one": phase(0, 0, {"eagle": 0}, handovers={"c_fort": {}})}})
        drawdown.advance(run.params, run.state, run.record, 0)
        build(run)
        assert run.state.bases.garrison[C_FORT] == near(10.5)
        assert run.state.bases.readiness[C_FORT] == near(0.4 + 0.3 / 100)
        assert run.state.forces.pool.tolist() == near([94.5, 0])
        assert run.state.contingents.deployed[EAGLE] == 1000
        assert run.state.forces.rate[GUARD] == 0
