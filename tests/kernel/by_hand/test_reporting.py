"""ODD 7.12 Reporting."""

import pytest
from tiny_theatre import ALPHA, B_POST, BRAVO, C_FORT, CHARLIE, Run, begin_run, near

from atmis.kernel import recorder, rng
from atmis.kernel.rules import reporting
from atmis.kernel.rules.attacks import BORDER_BASE, CIVILIANS, HOST_BASE, IED, MISSION_BASE, RAID, SECURITY, Attack


def attack(zone: int = BRAVO, target: int = SECURITY, base: int = -1, second: int = 0) -> Attack:
    return Attack(1, CHARLIE, zone, target, base, IED, second)


class TestRecording:
    @pytest.mark.parametrize(
        ("zone", "deaths", "deaths_group", "chance"),
        [(ALPHA, 1, 0, 0.8), (ALPHA, 0, 0, 0.4), (BRAVO, 3, 0, 0.6), (BRAVO, 0, 2, 0.6), (BRAVO, 0, 0, 0.2)],
    )
    def test_by_country_and_by_whether_it_killed(self, fix_draws, zone, deaths, deaths_group, chance):
        for u, seen in ((chance - 1e-9, 1), (chance, 0)):
            run = begin_run()
            fix_draws({rng.DETECTION: (u,)})
            assert reporting.observe(*run.all, attack(zone), float(deaths), float(deaths_group), 40) == seen
            what = [recorder.RECORDED_ATTACKS, recorder.RECORDED_LETHAL, recorder.RECORDED_DEATHS]
            found = run.record.monthly[1, zone, what].tolist()
            assert found == [seen, seen * (deaths + deaths_group > 0), seen * (deaths + deaths_group)]

    @pytest.mark.parametrize("u", [0.0, 0.99])
    def test_claims_whether_recorded_or_not(self, fix_draws, u):
        """Three times the deaths of the side attacked; deaths of civilians are not claimed."""
        run = begin_run()
        fix_draws({rng.DETECTION: (u,)})
        for target in (MISSION_BASE, HOST_BASE, BORDER_BASE, SECURITY, CIVILIANS):
            reporting.observe(*run.all, attack(BRAVO, target), 5.0, 9.0, 40)
        assert run.record.monthly[1, BRAVO, recorder.CLAIMED_DEATHS] == 4 * 15

    def test_a_second_attack_is_recorded_by_itself(self, fix_draws):
        run = begin_run()
        fix_draws({rng.SECOND_DETECTION: (0.0,)})
        assert reporting.observe(*run.all, attack(second=1), 0.0, 0.0, 40) == 1

    def test_complete(self, fix_draws):
        run = begin_run({"reporting.somalia": {"lethal": 1.0, "harmless": 1.0}})
        fix_draws({rng.DETECTION: (1 - 2**-53,)})
        assert reporting.observe(*run.all, attack(), 0.0, 0.0, 40) == 1


class TestLog:
    def log(self, run: Run, what: Attack, deaths: float = 4) -> None:
        reporting.log_event(run.state, run.record, what, reporting.Outcome(1, 0, float(deaths), 7.0, 1), 40)

    def test_fields(self):
        run = begin_run()
        self.log(run, Attack(5, BRAVO, ALPHA, BORDER_BASE, B_POST, RAID, 0))
        assert dict(zip(recorder.EVENT_FIELDS, run.record.events[0].tolist(), strict=True)) == {
            "day": 40, "zone": ALPHA, "origin": BRAVO, "cell": 5, "target": 2, "mode": 2, "base": B_POST,
            "assault": 1, "overrun": 0, "recorded": 1, "deaths_mission": 0, "deaths_host": 0, "deaths_kenya": 4,
            "deaths_civilians": 0, "deaths_group": 7,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("zone", "target", "column"),
        [
            (BRAVO, MISSION_BASE, 0),
            (BRAVO, HOST_BASE, 1),
            (BRAVO, SECURITY, 1),
            (ALPHA, SECURITY, 2),
            (BRAVO, CIVILIANS, 3),
            (ALPHA, CIVILIANS, 3),
        ],
    )
    def test_side_of_the_dead(self, zone, target, column):
        run = begin_run()
        self.log(run, attack(zone, target, C_FORT if target == MISSION_BASE else -1))
        expected = [0, 0, 0, 0, 7]
        expected[column] = 4
        assert run.record.events[0, recorder.EVENT_DEATHS :].tolist() == expected

    @pytest.mark.parametrize("room", [0, 2])
    def test_no_more_events_than_there_is_room_for(self, room):
        run = begin_run(events=room)
        for _ in range(5):
            self.log(run, attack())
        assert run.record.event_count.tolist() == [5]
        assert run.record.events.shape[0] == room
        assert (run.record.events[:, recorder.EVENT_DAY] == 40).all()


class TestStocks:
    STOCKS = slice(recorder.FIGHTERS, recorder.ABROAD + 1)

    def close(self, run: Run, day: int) -> None:
        reporting.close_month(run.params, run.state, run.record, day)

    @pytest.mark.parametrize("day", [0, 28, 30, 59, 61, 88])
    def test_not_in_the_middle_of_a_month(self, day):
        run = begin_run()
        self.close(run, day)
        assert run.record.monthly.sum() == 0

    @pytest.mark.parametrize(("day", "month"), [(29, 0), (60, 1), (89, 2)])
    def test_on_the_last_day_of_a_month_and_of_the_run(self, day, month):
        run = begin_run()
        run.state.zones.displaced[BRAVO] = (1, 20, 300)
        run.state.zones.abroad[BRAVO] = 4000
        run.state.cells.zone[9] = BRAVO  # fighters are counted in their present zone, not in that of the morning
        run.state.cells.fighters[1] = 3
        run.state.troops[:] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
        self.close(run, day)
        self.close(run, day)  # stocks, not sums
        found = run.record.monthly[month, :, self.STOCKS].tolist()
        assert found == [
            near([10, 0.8, 1, 4, 7, 0, 0]), near([53, 0.5, 2, 5, 8, 321, 4000]), near([30, 0.25, 3, 6, 9, 0, 0]),
        ]  # fmt: skip
        assert run.record.monthly[:, :, : recorder.FIGHTERS].sum() == 0
