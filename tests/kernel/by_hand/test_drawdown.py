"""ODD 7.1 Drawdown, day by day."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_theatre import (
    A_POST,
    ARMY,
    B_POST,
    BRAVO,
    C_FORT,
    CHARLIE,
    D_FORT,
    E_FORT,
    EAGLE,
    F_FORT,
    FALCON,
    G_HOLD,
    HOLDER,
    SOURCED,
    Run,
    begin_run,
    date_of,
    near,
    phase,
)

from atmis.kernel import recorder
from atmis.kernel.rules import drawdown
from atmis.kernel.state import CLOSED, HANDED_OVER, OPEN, OVERRUN, RETAKEN


def planned(phases: dict[str, Any] | None = None, **more: Any) -> Run:
    return begin_run({"plan.phases": phases or {}, **{f"plan.{key}": value for key, value in more.items()}})


def advance(run: Run, first: int, last: int) -> None:
    for day in range(first, last + 1):
        drawdown.advance(run.params, run.state, run.record, day)


def troops(run: Run, what: str) -> list[int]:
    return run.state.contingents[what].tolist()


def deployed_by_day(run: Run, days: range) -> list[int]:
    advance(run, days.start, days.stop - 1)
    return run.record.deployed[days.start : days.stop, EAGLE].tolist()


SEVEN = {"one": phase(10, 14, {"eagle": 7})}  # 7 leave in 5 days: 1, 2, 4, 5, 7 are gone


class TestDepartures:
    def test_steps_from_the_first_to_the_last_day(self):
        run = planned(SEVEN)
        assert deployed_by_day(run, range(17))[9:] == [1000, 999, 998, 996, 995, 993, 993, 993]
        assert troops(run, "authorised") == troops(run, "deployed") == [993, 300]
        assert troops(run, "withdrawn") == [7, 0]

    def test_a_single_day(self):
        assert deployed_by_day(planned({"one": phase(2, 2, {"eagle": 7})}), range(4)) == [1000, 1000, 993, 993]

    def test_before_the_first_day_counts_as_elapsed(self):
        """From day -3 to day 1: on day 0 four of five days have passed."""
        assert deployed_by_day(planned({"one": phase(-3, 1, {"eagle": 7})}), range(3)) == [995, 993, 993]

    def test_places_of_the_dead_leave_first(self):
        run = planned(SEVEN)
        run.state.contingents.deployed[EAGLE] -= 5
        run.state.contingents.killed[EAGLE] += 5
        assert deployed_by_day(run, range(16))[10:] == [995, 995, 995, 995, 993, 993]
        assert troops(run, "authorised")[EAGLE] == 993
        assert troops(run, "withdrawn")[EAGLE] == 2
        assert troops(run, "sent")[EAGLE] == 993 + 2 + 5

    def test_police_leave_at_once_on_the_date(self):
        run = planned({"one": phase(3, 5, {"eagle": 0}, police=60)})
        advance(run, 0, 6)
        assert run.record.days.ceiling[:7].tolist() == [1407] * 5 + [1347] * 2

    def test_all_leave_and_nobody_else(self):
        run = planned({"one": phase(0, 6, "all")})
        advance(run, 0, 6)
        assert troops(run, "deployed") == [0, 0]
        assert troops(run, "withdrawn") == [1000, 300]
        assert run.state.bases.garrison.tolist() == [200, 100, 0, 0, 0, 0, 150, 80]


class TestClocks:
    def pause(self, start: int, days: int, *phases: str) -> dict[str, Any]:
        return {"start": date_of(start), "days": days, "phases": list(phases), **SOURCED}

    def test_a_pause_stops_the_clock(self):
        """On day 10 one is gone; days 11 to 13 are paused; then 2, 4, 5 and 7 are gone on days 14 to 17."""
        run = planned(SEVEN, pauses={"rest": self.pause(11, 3, "one")})
        assert deployed_by_day(run, range(19))[10:] == [999, 999, 999, 999, 998, 996, 995, 993, 993]

    def test_two_pauses_on_a_day_count_once(self):
        run = planned(SEVEN, pauses={"rest": self.pause(11, 3, "one"), "more": self.pause(12, 2, "one")})
        advance(run, 0, 20)
        assert run.state.phases.delay.tolist() == [3]

    def test_a_pause_of_no_days_and_of_another_phase(self):
        run = planned(
            {**SEVEN, "two": phase(20, 22, {"eagle": 3})},
            pauses={"rest": self.pause(11, 0, "one"), "more": self.pause(12, 2, "two")},
        )
        advance(run, 0, 30)
        assert run.state.phases.delay.tolist() == [0, 2]

    def test_a_slip(self):
        slips = {"late": {"phase": "one", "days": 4, **SOURCED}}
        assert deployed_by_day(planned(SEVEN, slips=slips), range(19))[13:] == [1000, 999, 998, 996, 995, 993]

    def rule(self, then: str, most: int = 100, lasting: int = 2, above: float = 2, **when: Any) -> dict[str, Any]:
        condition = {"indicator": "attacks", "zones": ["bravo"], "window_days": 3, "above": above, "for_days": lasting}
        return {"when": {**condition, **when}, "then": then, "phases": ["one"], "at_most_days": most, **SOURCED}

    def delays(self, run: Run, attacks: dict[int, int], last: int) -> list[int]:
        """Delay at the end of each day's first step, with the given attacks in bravo."""
        found = []
        for day in range(last + 1):
            advance(run, day, day)
            found.append(int(run.state.phases.delay[0]))
            run.record.daily[recorder.DAILY_ATTACKS, day, BRAVO] = attacks.get(day, 0)
        return found

    def test_hold(self):
        """Three attacks on day 0 are above 2 on days 1, 2, 3 (window 0..2 at the last); from day 2 it holds."""
        assert self.delays(planned(SEVEN, rules={"r": self.rule("hold")}), {0: 3}, 6) == [0, 0, 1, 2, 2, 2, 2]

    def test_above_means_more_than(self):
        assert self.delays(planned(SEVEN, rules={"r": self.rule("hold")}), {0: 2}, 6) == [0] * 7

    def test_a_window_sums_days_and_zones(self):
        rule = self.rule("hold", lasting=1, zones=["bravo", "charlie"])
        run = planned(SEVEN, rules={"r": rule})
        run.record.daily[recorder.DAILY_ATTACKS, 1, CHARLIE] = 2
        # counts on days 1..6: 1, 3, 3, 2, 0, 0
        assert self.delays(run, {0: 1}, 6) == [0, 0, 1, 2, 2, 2, 2]

    def test_other_zones_and_other_indicators_do_not_count(self):
        run = planned(SEVEN, rules={"r": self.rule("hold", lasting=1, indicator="deaths")})
        run.record.daily[recorder.DAILY_ATTACKS, :, BRAVO] = 9
        run.record.daily[recorder.DAILY_DEATHS, :, CHARLIE] = 9
        advance(run, 0, 9)
        assert run.state.phases.delay.tolist() == [0]
        run.record.daily[recorder.DAILY_DEATHS, 9, BRAVO] = 3
        advance(run, 10, 10)
        assert run.state.phases.delay.tolist() == [1]

    def test_a_trigger_is_used_up(self):
        always = dict.fromkeys(range(20), 3)
        assert self.delays(planned(SEVEN, rules={"r": self.rule("hold", most=4)}), always, 9)[1:] == [
            0, 1, 2, 3, 4, 4, 4, 4, 4,
        ]  # fmt: skip
        assert self.delays(planned(SEVEN, rules={"r": self.rule("hold", most=0)}), always, 9) == [0] * 10

    def test_hasten(self):
        """With the clock two days early the phase begins on day 8 instead of 10."""
        run = planned(SEVEN, rules={"r": self.rule("hasten")})
        assert self.delays(run, {0: 3}, 12) == [0, 0, -1] + [-2] * 10
        assert run.record.deployed[7:13, EAGLE].tolist() == [1000, 999, 998, 996, 995, 993]

    def test_hold_takes_precedence_over_hasten_and_both_are_used_up(self):
        rules = {"a": self.rule("hasten", most=1), "b": self.rule("hold", most=2), "c": self.rule("hold", most=2)}
        run = planned(SEVEN, rules=rules)
        always = dict.fromkeys(range(9), 3)
        # Acting from day 2. Days 2, 3: held, once though by two rules; hastening is used up on day 2 without effect.
        assert self.delays(run, always, 6) == [0, 0, 1, 2, 2, 2, 2]
        assert run.state.triggers.spent.tolist() == [1, 2, 2]

    def test_a_pause_takes_precedence_over_hasten(self):
        run = planned(SEVEN, rules={"r": self.rule("hasten")}, pauses={"rest": self.pause(2, 1, "one")})
        assert self.delays(run, {0: 3}, 4) == [0, 0, 1, 0, 0]

    def test_a_trigger_starts_anew_when_its_condition_fails(self):
        run = planned(SEVEN, rules={"r": self.rule("hold", window_days=1)})
        # above on days 1, 2 and 4, 5: acts on 2 and 5 only
        assert self.delays(run, {0: 3, 1: 3, 3: 3, 4: 3}, 7) == [0, 0, 1, 1, 1, 2, 2, 2]


class TestMoves:
    def test_handover_on_its_day(self):
        run = planned({"one": phase(5, 9, {"eagle": 0}, handovers={"c_fort": {"date": date_of(6)}})})
        bases = run.state.bases
        advance(run, 0, 5)
        assert (bases.holder[C_FORT], bases.standing[C_FORT], bases.garrison[C_FORT]) == (EAGLE, OPEN, 500)
        advance(run, 6, 6)
        assert (bases.holder[C_FORT], bases.standing[C_FORT], bases.handed[C_FORT]) == (HOLDER["army"], HANDED_OVER, 6)
        assert (bases.garrison[C_FORT], bases.readiness[C_FORT]) == (0, 0.4)
        assert bases.garrison[[D_FORT, E_FORT]].tolist() == [500, 500]  # the troops stay with the contingent
        bases.garrison[C_FORT], bases.readiness[C_FORT] = 60, 0.6
        advance(run, 7, 9)
        assert (bases.garrison[C_FORT], bases.readiness[C_FORT], bases.handed[C_FORT]) == (60, 0.6, 6)

    def test_a_move_is_delayed_with_its_phase(self):
        slips = {"late": {"phase": "one", "days": 3, **SOURCED}}
        run = planned({"one": phase(5, 9, {"eagle": 0}, handovers={"c_fort": {"date": date_of(6)}})}, slips=slips)
        advance(run, 0, 8)
        assert run.state.bases.standing[C_FORT] == OPEN
        advance(run, 9, 9)
        assert run.state.bases.handed[C_FORT] == 9

    def test_a_move_from_before_the_first_day_takes_place_on_it(self):
        run = planned({"one": phase(-9, -2, {"eagle": 0}, handovers={"c_fort": {}})})
        advance(run, 0, 0)
        assert run.state.bases.handed[C_FORT] == 0

    def test_handover_of_an_overrun_base_closes_it(self):
        run = planned({"one": phase(5, 5, {"eagle": 0}, handovers={"c_fort": {}})})
        run.state.bases.standing[C_FORT], run.state.bases.back[C_FORT] = OVERRUN, 8
        advance(run, 0, 20)
        assert (run.state.bases.standing[C_FORT], run.state.bases.back[C_FORT]) == (CLOSED, -1)
        assert run.record.bases.closed[C_FORT] == 5
        assert run.record.bases.retaken[C_FORT] == -1

    def test_a_base_retaken_in_time_is_handed_over(self):
        run = planned({"one": phase(5, 5, {"eagle": 0}, handovers={"c_fort": {}})})
        run.state.bases.standing[C_FORT], run.state.bases.back[C_FORT] = OVERRUN, 4
        advance(run, 0, 5)
        assert run.state.bases.standing[C_FORT] == HANDED_OVER

    def test_closure(self):
        run = planned({"one": phase(5, 5, {"eagle": 0}, closures={"c_fort": {}})})
        advance(run, 0, 6)
        bases = run.state.bases
        assert (bases.standing[C_FORT], bases.garrison[C_FORT], run.record.bases.closed[C_FORT]) == (CLOSED, 0, 5)
        assert bases.garrison[[D_FORT, E_FORT]].tolist() == [500, 500]

    def test_a_contingent_without_a_base_has_no_garrison(self):
        run = planned({"one": phase(5, 5, {"eagle": 0}, closures={"f_fort": {}})})
        advance(run, 0, 6)
        assert troops(run, "deployed")[FALCON] == 300
        assert run.state.bases.garrison[F_FORT] == 0


class TestIncidents:
    def attack(self, killed: int = 30, abandoned: bool = False, day: int = 3, **more: Any) -> Run:
        incident = {"base": "c_fort", "date": date_of(day), "killed": killed, "abandoned": abandoned, **SOURCED}
        return begin_run({"plan.incidents": {"attack": incident}, **more})

    def test_overrun_and_retaken(self):
        run = self.attack()
        bases = run.state.bases
        advance(run, 0, 3)
        assert (bases.standing[C_FORT], bases.back[C_FORT], bases.garrison[C_FORT]) == (OVERRUN, 7, 0)
        assert (troops(run, "deployed"), troops(run, "killed")) == ([970, 300], [30, 0])
        assert bases.garrison[[D_FORT, E_FORT]].tolist() == [485, 485]
        assert (run.record.bases.fell[C_FORT], run.record.bases.overruns[C_FORT], run.record.bases.deaths[C_FORT]) == (
            3,
            1,
            30,
        )
        assert run.record.monthly[0, BRAVO, recorder.DEATHS_MISSION] == 30
        assert run.record.monthly[0, BRAVO, recorder.OVERRUNS] == 1
        assert run.record.monthly[0, :, recorder.ATTACKS].sum() == 0
        advance(run, 4, 6)
        assert bases.standing[C_FORT] == OVERRUN
        advance(run, 7, 7)
        assert (bases.standing[C_FORT], bases.back[C_FORT], bases.garrison[C_FORT]) == (RETAKEN, -1, 485)
        assert (bases.holder[C_FORT], run.record.bases.retaken[C_FORT]) == (EAGLE, 7)

    def test_days_until_retaken_are_rounded_up(self):
        run = self.attack(**{"opposition.assault.retaken_mission_days": 3.2})
        advance(run, 0, 3)
        assert run.state.bases.back[C_FORT] == 7

    def test_no_more_die_than_there_are(self):
        run = self.attack(killed=5000)
        advance(run, 0, 3)
        assert (troops(run, "deployed")[EAGLE], troops(run, "killed")[EAGLE]) == (0, 1000)

    def test_abandoned(self):
        run = self.attack(abandoned=True)
        advance(run, 0, 20)
        assert (run.state.bases.standing[C_FORT], run.record.bases.closed[C_FORT]) == (CLOSED, 3)
        assert run.record.bases.fell[C_FORT] == 3
        assert run.record.bases.retaken[C_FORT] == -1

    def test_triggers_count_it(self):
        """Deaths and bases that fell in the window, from the next day on."""
        when = {"indicator": "overruns", "zones": ["bravo"], "window_days": 5, "above": 0, "for_days": 1}
        rule = {"when": when, "then": "hold", "phases": ["one"], "at_most_days": 99, **SOURCED}
        run = self.attack(**{"plan.phases": SEVEN, "plan.rules": {"shaken": rule}})
        advance(run, 0, 20)
        assert run.state.phases.delay.tolist() == [5]

    @pytest.mark.parametrize(("killed", "dead"), [(30, 30), (50, 40)])
    def test_incident_at_a_base_of_a_host_force(self, killed, dead):
        """Held by the army by then: it falls as in 7.9, the dead are the army's, and survivors go to its pool."""
        handed = {"one": phase(1, 1, {"eagle": 0}, handovers={"c_fort": {}})}
        run = self.attack(killed, **{"plan.phases": handed})
        advance(run, 0, 2)
        run.state.bases.garrison[C_FORT] = 40.5
        before = run.state.forces.pool[ARMY]
        advance(run, 3, 3)
        assert troops(run, "killed") == [0, 0]
        assert run.record.monthly[0, BRAVO, [recorder.DEATHS_MISSION, recorder.DEATHS_HOST]].tolist() == [0, dead]
        assert (run.state.bases.standing[C_FORT], run.state.bases.garrison[C_FORT]) == (OVERRUN, 0)
        assert run.state.forces.pool[ARMY] == near(before + 40.5 - dead)
        assert run.state.bases.back[C_FORT] == 3 + 100


def test_retaking_of_a_host_base():
    """On its day and not before, with the readiness of a handover and an empty garrison."""
    run = begin_run()
    bases = run.state.bases
    bases.standing[G_HOLD], bases.back[G_HOLD], bases.garrison[G_HOLD] = OVERRUN, 5, 0
    advance(run, 0, 4)
    assert bases.standing[G_HOLD] == OVERRUN
    advance(run, 5, 5)
    assert (bases.standing[G_HOLD], bases.readiness[G_HOLD], bases.garrison[G_HOLD]) == (RETAKEN, 0.4, 0)


@pytest.mark.parametrize(("every", "days_with_rotation"), [(0, []), (1, [0, 1, 2, 3]), (3, [2])])
def test_rotation(every, days_with_rotation):
    """When (t + 1) mod every = 0 the dead are replaced."""
    run = begin_run({"plan.replacement_days": every})
    state = run.state.contingents
    for day in range(4):
        state.deployed[EAGLE] -= 2
        state.killed[EAGLE] += 2
        before = int(state.deployed[EAGLE])
        advance(run, day, day)
        assert state.deployed[EAGLE] == (1000 if day in days_with_rotation else before)
        assert state.sent[EAGLE] == state.deployed[EAGLE] + state.withdrawn[EAGLE] + state.killed[EAGLE]


class TestSuccessor:
    def successor(self, day: int, phases: Any = None, slips: Any = None, **troops_: int) -> Run:
        successor = {
            "name": "Next", "date": date_of(day), "troops": troops_, "police": 20, "unassigned": 3,
            "takes_over": {"eagle": "falcon"}, **SOURCED,
        }  # fmt: skip
        return planned(phases, successor=successor, slips=slips or {})

    def test_strength_changes_on_its_day(self):
        run = self.successor(6, eagle=400, falcon=500)
        run.state.contingents.deployed[FALCON] -= 10
        run.state.contingents.killed[FALCON] += 10
        advance(run, 0, 5)
        assert troops(run, "deployed") == [1000, 290]
        advance(run, 6, 9)
        assert troops(run, "authorised") == troops(run, "deployed") == [400, 500]
        assert troops(run, "withdrawn") == [600, 0]
        assert troops(run, "sent") == [1000, 510]
        assert run.record.days.ceiling[5:7].tolist() == [1300 + 107, 900 + 23]

    def test_remaining_departures_are_void_and_moves_are_not(self):
        """The phase is 3 days late: days 4 to 8. On day 6 two of five parts have left; the base goes on day 8."""
        one = phase(1, 5, {"eagle": 100}, police=50, handovers={"c_fort": {}})
        run = self.successor(6, {"one": one}, {"late": {"phase": "one", "days": 3, **SOURCED}}, eagle=400, falcon=500)
        advance(run, 0, 5)
        assert troops(run, "deployed") == [960, 300]
        advance(run, 6, 20)
        assert troops(run, "deployed") == [400, 500]
        assert run.record.days.ceiling[20] == 923
        assert run.state.bases.handed[C_FORT] == 8

    def test_bases_pass_on(self):
        run = self.successor(6, falcon=500)
        advance(run, 0, 6)
        assert run.state.bases.holder[[C_FORT, D_FORT, E_FORT, F_FORT]].tolist() == [FALCON] * 4
        assert run.state.bases.standing[[C_FORT, D_FORT, E_FORT, F_FORT]].tolist() == [OPEN] * 4
        assert run.state.bases.garrison[[C_FORT, D_FORT, E_FORT, F_FORT]].tolist() == [200, 100, 100, 100]
        assert troops(run, "withdrawn") == [1000, 0]

    def test_from_before_the_first_day_it_takes_effect_on_it_and_once(self):
        run = self.successor(-5, eagle=400, falcon=500)
        advance(run, 0, 0)
        assert troops(run, "deployed") == [400, 500]
        run.state.contingents.deployed[EAGLE] -= 7
        advance(run, 1, 3)
        assert troops(run, "deployed") == [393, 500]


class TestGarrisons:
    def test_by_weight(self):
        run = begin_run()
        assert run.state.bases.garrison.tolist() == [200, 100, 500, 250, 250, 300, 150, 80]

    def test_a_fallen_base_has_no_share(self):
        run = begin_run()
        run.state.bases.standing[C_FORT], run.state.bases.back[C_FORT] = OVERRUN, 99
        advance(run, 0, 0)
        assert run.state.bases.garrison[[C_FORT, D_FORT, E_FORT]].tolist() == [0, 500, 500]

    def test_returning_troops_man_the_border(self):
        """101 went home; half of them, rounded down to 50, go to bases by weight 1 : 3."""
        redeployment = {"contingent": "eagle", "share": 0.5}
        run = planned({"one": phase(3, 3, {"eagle": 101, "falcon": 50})}, redeployment=redeployment)
        advance(run, 0, 2)
        assert run.state.bases.garrison[[A_POST, B_POST]].tolist() == [200, 100]
        advance(run, 3, 3)
        assert run.state.bases.garrison[[A_POST, B_POST]].tolist() == near([212.5, 137.5])
        assert run.record.days.border_troops[2:4].tolist() == near([300, 350])

    def test_weights_are_relative(self):
        """Half a point each and one in all; eagle's whole strength at bases that weigh a quarter together."""
        run = planned({"one": phase(0, 0, {"eagle": 100})}, redeployment={"contingent": "eagle", "share": 0.5})
        weights = run.state.bases.weight
        weights[[A_POST, B_POST]], weights[[C_FORT, D_FORT, E_FORT]] = (0.25, 0.75), (0.125, 0.0625, 0.0625)
        advance(run, 0, 0)
        assert run.state.bases.garrison[[A_POST, B_POST]].tolist() == near([212.5, 137.5])
        assert run.state.bases.garrison[[C_FORT, D_FORT, E_FORT]].tolist() == near([450, 225, 225])

    def test_losses_are_shared_by_the_next_morning(self):
        run = begin_run()
        run.state.bases.garrison[[A_POST, C_FORT]] -= 20
        run.state.contingents.deployed[EAGLE] -= 20
        advance(run, 0, 0)
        assert run.state.bases.garrison[[A_POST, C_FORT, D_FORT]].tolist() == near([200, 490, 245])

    @given(
        st.lists(st.sampled_from([OPEN, HANDED_OVER, CLOSED, OVERRUN, RETAKEN]), min_size=4, max_size=4),
        st.integers(0, 1000),
    )
    @settings(max_examples=60, deadline=None)
    def test_garrisons_of_a_contingent_add_up(self, standings, deployed):
        run = begin_run()
        run.state.bases.standing[C_FORT : F_FORT + 1] = standings
        run.state.contingents.deployed[EAGLE] = deployed
        drawdown.man_bases(run.params, run.state)
        manned = any(standing not in (CLOSED, OVERRUN) for standing in standings[:3])
        assert run.state.bases.garrison[C_FORT:F_FORT].sum() == near(deployed if manned else 0)
        assert run.state.bases.garrison[G_HOLD] == 150  # of a host force


@given(
    st.integers(-20, 60), st.integers(0, 40), st.integers(0, 1000), st.integers(0, 20),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 40)), max_size=4),
)  # fmt: skip
@settings(max_examples=12, deadline=None)
def test_troops_are_conserved(start, length, leaving, every, fallen):
    run = planned({"one": phase(start, start + length, {"eagle": leaving})}, replacement_days=every)
    contingents = run.state.contingents
    for day in range(90):
        for when, killed in fallen:
            if when == day:
                dead = min(killed, int(contingents.deployed[EAGLE]))
                contingents.deployed[EAGLE] -= dead
                contingents.killed[EAGLE] += dead
        advance(run, day, day)
        assert (contingents.sent == contingents.deployed + contingents.withdrawn + contingents.killed).all()
        assert (contingents.deployed <= contingents.authorised).all()
    assert contingents.authorised[EAGLE] == 1000 - (
        leaving * (90 - start) // (length + 1) if start + length > 89 else leaving
    )
