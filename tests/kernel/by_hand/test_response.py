"""ODD 7.10 Response."""

import pytest
from tiny_theatre import ALPHA, BRAVO, C_FORT, CHARLIE, Run, begin_run, near

from atmis.kernel import recorder, rng
from atmis.kernel.rules import recruitment, response
from atmis.kernel.rules.attacks import CLASH, SECURITY, Attack

CELL = 1


class TestCapability:
    """The agreement: days 10 to 60, gain .2 over 20 days. Haiti: days 20 to 70, 100 of 1,000 officers."""

    @pytest.mark.parametrize(
        ("day", "capability"),
        [
            (9, 1), (10, 1), (11, 1.01), (19, 1.09), (20, 1.1 - 0.1), (25, 1.15 - 0.1), (30, 1.2 - 0.1),
            (60, 1.2 - 0.1), (61, 1 - 0.1), (70, 1 - 0.1), (71, 1),
        ],
    )  # fmt: skip
    def test_by_dates(self, day, capability):
        run = begin_run()
        response.set_capability(run.params, run.state, day)
        assert run.state.run.capability == near(capability)

    def test_begun_before_the_first_day(self):
        run = begin_run({"kenya.agreement.start": "2022-03-27"})  # day -5
        response.set_capability(run.params, run.state, 0)
        assert run.state.run.capability == near(1.05)

    def test_no_less_than_none(self):
        run = begin_run({"kenya.haiti.officers": 5000})
        for day, capability in ((20, 0.1), (65, 0)):
            response.set_capability(run.params, run.state, day)
            assert run.state.run.capability == near(capability)

    def test_off(self):
        run = begin_run({"kenya.haiti.officers": 0, "kenya.agreement.gain": 0})
        response.set_capability(run.params, run.state, 40)
        assert run.state.run.capability == 1


class TestDrawLosses:
    def draw_losses(
        self, fix_draws, u: float, v: float, fighters: float = 100, zone: int = BRAVO, **changes: float
    ) -> Run:
        run = begin_run({f"opposition.response.{key}": value for key, value in changes.items()})
        fix_draws({rng.LOSSES: (u, v)})
        recruitment.set_fighters(run.params, run.state, CELL, float(fighters))
        run.state.zones.effective[:] = (2000, 3000, 0)
        run.state.run.capability = 1.5
        lost = response.draw_losses(*run.all, Attack(CELL, BRAVO, zone, SECURITY, -1, CLASH, 0), 31)
        assert run.state.cells.fighters[CELL] == fighters - lost
        assert run.state.cells.strength[CELL] == near((fighters - lost) / 10)
        assert run.record.monthly[1, :, recorder.DEATHS_GROUP].tolist() == [lost if z == zone else 0 for z in range(3)]
        self.lost = lost
        return run

    @pytest.mark.parametrize(
        ("u", "v", "lost"),
        [(0.5, 0.99, 5), (0.0, 0.0, 0), (0.25, 0.49, 3), (0.25, 0.51, 2), (0.999, 0.5, 10), (0.999, 0.995, 9)],
    )
    def test_without_troops(self, fix_draws, u, v, lost):
        """2 u x .05 x 100 = 10 u."""
        self.draw_losses(fix_draws, u, v)
        assert self.lost == lost

    def test_more_with_troops_near(self, fix_draws):
        """3,000 troops at .5 a thousand: two and a half times as many. In charlie there are no troops."""
        self.draw_losses(fix_draws, 0.4, 0.99, per_troops=0.5)
        assert self.lost == 10
        self.draw_losses(fix_draws, 0.4, 0.99, zone=CHARLIE, per_troops=0.5)
        assert self.lost == 4

    def test_on_the_kenyan_side_by_capability(self, fix_draws):
        self.draw_losses(fix_draws, 0.4, 0.99, zone=ALPHA, per_troops=0.5)
        assert self.lost == 4 * 2 * 1.5
        self.draw_losses(fix_draws, 0.4, 0.99, zone=ALPHA)
        assert self.lost == 6

    def test_no_more_than_there_are(self, fix_draws):
        run = self.draw_losses(fix_draws, 0.9, 0.0, fighters=3, losses=1.0)
        assert self.lost == 3
        assert run.state.cells.strength[CELL] == 0

    @pytest.mark.parametrize(("u", "rests"), [(0.149, 0), (0.15, 31 + 1 + 20)])
    def test_lying_low(self, fix_draws, u, rests):
        """Of 100 it loses 200 u x 1; at 30 it lies low: until day 52."""
        run = self.draw_losses(fix_draws, u, 0.9999, losses=1.0)
        assert run.state.cells.rests[CELL] == rests

    def test_without_losses_it_does_not_rest(self, fix_draws):
        run = self.draw_losses(fix_draws, 0.0, 0.9, fighters=0)
        assert run.state.cells.rests[CELL] == 0

    def test_no_rest(self, fix_draws):
        """With rest of 0 days it is active again the next day."""
        run = self.draw_losses(fix_draws, 0.9, 0.9, losses=1.0, rest_days=0)
        assert run.state.cells.rests[CELL] == 32
        assert run.state.bases.garrison[C_FORT] == 500
