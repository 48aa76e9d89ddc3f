"""ODD 3: the flow of one attack, of a cell's day, and of a whole day."""

import math
import random

import numpy as np
import pytest
from tiny_theatre import (
    A_POST,
    ALPHA,
    ARMY,
    B_POST,
    BRAVO,
    C_FORT,
    CHARLIE,
    D_FORT,
    E_FORT,
    EAGLE,
    FALCON,
    G_HOLD,
    SOURCED,
    Run,
    begin_run,
    date_of,
    near,
    new_run,
    phase,
)

from atmis.kernel import recorder, rng
from atmis.kernel import schedule as days
from atmis.kernel.rules import attacks, presence, recruitment, relocation
from atmis.kernel.rules.attacks import IED, MISSION_BASE, RAID, SECURITY
from atmis.kernel.state import LISTS, OVERRUN

CELL, DAY = 1, 40
NOT_FOILED, MISSION, C, D = 0.5, 0.1, 0.1, 0.9  # numbers for an attack in bravo: on the mission, at c_fort or at d_fort
CLASHING, ALONE, THREE_TO_ONE = 0.0, 0.99, 1 / 3


def ready_to_attack(**changes: object) -> Run:
    """The morning of day 40, all zones alike: from bravo an attack lands in bravo for u below 10/12."""
    run = begin_run({f"opposition.{key.replace('__', '.')}": value for key, value in changes.items()})
    attacks.update_hazard(run.params, run.state, DAY)
    return run


def resolve_attack(run: Run, cell: int = CELL) -> Run:
    days.resolve_attack(*run.all, cell, DAY)
    return run


def counts_of_may(run: Run) -> dict[tuple[int, str], float]:
    """Counts of May above zero, by zone."""
    return {
        (int(zone), recorder.INDICATORS[k][0]): float(run.record.monthly[1, zone, k])
        for zone, k in np.argwhere(run.record.monthly[1])
    }


def events(run: Run, *fields: str) -> list[list[int]]:
    kept = run.record.events[: run.record.event_count[0]]
    return kept[:, [recorder.EVENT_FIELDS.index(field) for field in fields]].tolist()


class TestResolveAttack:
    def test_foiled_and_nothing_else(self, fix_draws):
        run = ready_to_attack(excitation__branching=0.5)
        taken = fix_draws({rng.LANDING: (0.0, 0.099), rng.TACTIC: ()})
        before = [table.copy() for table in run.state]
        resolve_attack(run)
        assert counts_of_may(run) == {(BRAVO, "foiled"): 1}
        assert run.record.event_count.tolist() == [0]
        assert run.record.daily.sum() == 0
        assert all((was == now).all() for was, now in zip(before, run.state, strict=True))
        assert {purpose for purpose, _, _ in taken} == {rng.LANDING, rng.TACTIC}
        assert {entity for _, entity, _ in taken} == {int(run.state.cells.key[CELL])}

    def test_foiled_where_it_lands(self, fix_draws):
        """In alpha tips are .2 x .8 x capability 1."""
        fix_draws({rng.LANDING: (0.9, 0.159), rng.TACTIC: ()})
        assert counts_of_may(resolve_attack(ready_to_attack())) == {(ALPHA, "foiled"): 1}

    def test_an_ordinary_attack(self, fix_draws):
        """Two die at c_fort, the cell loses 10 x .05 x 2 x .5 = .5, rounded up."""
        run = ready_to_attack(excitation__branching=0.5)
        fix_draws({
            rng.LANDING: (0.0, NOT_FOILED, MISSION, C), rng.TACTIC: (0.5, ALONE, 0.0, 0.0),
            rng.DEATHS: (0.49,), rng.LOSSES: (0.5, 0.49), rng.DETECTION: (0.5,),
        })  # fmt: skip
        resolve_attack(run)
        assert counts_of_may(run) == {
            (BRAVO, "attacks"): 1, (BRAVO, "attacks_mission_base"): 1, (BRAVO, "ieds"): 1, (BRAVO, "deaths_mission"): 2,
            (BRAVO, "deaths_group"): 1, (BRAVO, "recorded_attacks"): 1, (BRAVO, "recorded_lethal"): 1,
            (BRAVO, "recorded_deaths"): 3, (BRAVO, "claimed_deaths"): 6,
        }  # fmt: skip
        assert run.state.contingents.deployed.tolist() == [998, 300]
        assert run.state.bases.garrison[C_FORT] == 498
        assert run.state.cells.fighters[CELL] == 9
        keep = math.exp(-0.1)
        assert run.state.zones.new_excitation.tolist() == near([0, 0.5 * (1 - keep) / keep, 0])
        assert events(run, *recorder.EVENT_FIELDS) == [
            [DAY, BRAVO, BRAVO, CELL, MISSION_BASE, IED, C_FORT, 0, 0, 1, 2, 0, 0, 0, 1]
        ]

    def test_a_raid_over_the_border(self, fix_draws):
        """On the border bases (3 of 6); without deaths it is recorded with .4; losses by capability."""
        run = ready_to_attack()
        run.state.run.capability = 0.0
        fix_draws({
            rng.LANDING: (0.9, NOT_FOILED, 0.49, 0.6), rng.TACTIC: (0.8, ALONE),
            rng.DEATHS: (0.5,), rng.LOSSES: (0.9, 0.0), rng.DETECTION: (0.41,),
        })  # fmt: skip
        resolve_attack(run)
        assert counts_of_may(run) == {
            (ALPHA, "attacks"): 1, (ALPHA, "attacks_border_base"): 1, (ALPHA, "raids"): 1,
            (ALPHA, "attacks_over_border"): 1,
        }  # fmt: skip
        assert events(run, "origin", "zone", "base", "mode", "recorded") == [[BRAVO, ALPHA, B_POST, RAID, 0]]
        assert run.state.bases.garrison[[A_POST, B_POST]].tolist() == [200, 100]

    def test_security_and_civilians_have_no_base_and_no_second(self, fix_draws):
        """Weights 3, 1.5, 1, 2 of 7.5: security from .6, civilians from .7333."""
        for u, indicator in ((0.61, "deaths_host"), (0.74, "deaths_civilians")):
            run = ready_to_attack(attacks__coordination=1.0)
            fix_draws({
                rng.LANDING: (0.0, NOT_FOILED, u, 0.0), rng.TACTIC: (CLASHING, 0.0, 0.0, 0.0),
                rng.DEATHS: (0.0,), rng.LOSSES: (0.0,), rng.DETECTION: (0.9,),
            })  # fmt: skip
            resolve_attack(run)
            assert counts_of_may(run)[BRAVO, indicator] == (6 if indicator == "deaths_host" else 8)
            assert events(run, "base") == [[-1]]

    def test_the_last_base_fell_to_an_earlier_attack(self, fix_draws):
        """The attack was aimed at the mission and meets security forces; its 6 deaths reduce no stock."""
        run = ready_to_attack()
        run.state.bases.standing[[C_FORT, D_FORT]] = OVERRUN
        fix_draws({
            rng.LANDING: (0.0, NOT_FOILED, MISSION, C), rng.TACTIC: (CLASHING, 0.0, 0.0, 0.0),
            rng.DEATHS: (0.0,), rng.LOSSES: (0.0, 0.9), rng.DETECTION: (0.9,),
        })  # fmt: skip
        resolve_attack(run)
        assert events(run, "target", "base", "deaths_mission", "deaths_host") == [[SECURITY, -1, 0, 6]]
        assert counts_of_may(run)[BRAVO, "attacks_security"] == 1
        assert run.state.contingents.deployed.tolist() == [1000, 300]


class TestSecondBase:
    def both(self, fix_draws, u_second: float, **changes: object) -> Run:
        run = ready_to_attack(attacks__coordination=0.3, excitation__branching=0.5, **changes)
        fix_draws({
            rng.LANDING: (0.0, NOT_FOILED, MISSION, D), rng.TACTIC: (0.8, u_second, 0.0, 0.5),
            rng.DEATHS: (0.0,), rng.LOSSES: (0.5, 0.44), rng.DETECTION: (0.59,),
            rng.SECOND_TARGET: (0.99,), rng.SECOND_DEATHS: (0.9,), rng.SECOND_DETECTION: (0.19,),
        })  # fmt: skip
        return run

    def test_hit_by_the_same_cell(self, fix_draws):
        run = resolve_attack(self.both(fix_draws, 0.299))
        assert events(run, "cell", "base", "mode", "deaths_mission", "deaths_group", "recorded") == [
            [CELL, D_FORT, RAID, 2, 1, 1], [CELL, C_FORT, RAID, 0, 0, 1],
        ]  # fmt: skip
        assert counts_of_may(run)[BRAVO, "attacks"] == 2
        assert run.state.cells.fighters[CELL] == 9  # it costs the cell nothing more; at 9 x .05 = .45 it would, again
        keep = math.exp(-0.1)
        assert run.state.zones.new_excitation[BRAVO] == near((1 - keep) / keep)
        assert run.record.bases.attacks[[C_FORT, D_FORT]].tolist() == [1, 1]

    def test_not_at_its_chance(self, fix_draws):
        assert events(resolve_attack(self.both(fix_draws, 0.3)), "base") == [[D_FORT]]

    def test_not_where_there_is_no_other_base(self, fix_draws):
        run = self.both(fix_draws, 0.0)
        run.state.bases.standing[C_FORT] = OVERRUN
        assert events(resolve_attack(run), "base") == [[D_FORT]]


class TestMassedOrOrdinary:
    """c_fort with 8 men: 3 : 1 are 24 of the 25 who can be massed."""

    def attack_on_weak_base(
        self, fix_draws, u_massing: float, garrison: float = 8, target: float = MISSION, **changes: object
    ) -> Run:
        run = ready_to_attack(assault__massing=0.5, attacks__coordination=1.0, **changes)
        run.state.bases.garrison[[C_FORT, D_FORT, G_HOLD]] = garrison
        run.taken = fix_draws({
            rng.LANDING: (0.0, NOT_FOILED, target, C), rng.TACTIC: (CLASHING, 0.0, THREE_TO_ONE + 1e-9, u_massing),
            rng.ASSAULT: (0.0, 0.0, 0.5, 0.5), rng.RETAKING: (0.0,), rng.DETECTION: (0.0,), rng.DEATHS: (0.9,),
            rng.LOSSES: (0.0, 0.9), rng.SECOND_TARGET: (0.0,), rng.SECOND_DEATHS: (0.9,),
            rng.SECOND_DETECTION: (0.9,),
        })  # fmt: skip
        return run

    def purposes(self, run: Run) -> set[int]:
        return {purpose for purpose, _, tick in run.taken if tick > 0}

    def test_massed_assault(self, fix_draws):
        """It falls: 2 x .4 x .5 of 8 is 3.2. A tenth of 24 attackers: 2.4, in whole men as the running sum passes."""
        run = resolve_attack(self.attack_on_weak_base(fix_draws, 0.499))
        assert events(run, "base", "assault", "overrun", "deaths_mission", "deaths_group") == [[C_FORT, 1, 1, 3, 2]]
        assert self.purposes(run) == {rng.LANDING, rng.TACTIC, rng.ASSAULT, rng.RETAKING, rng.DETECTION}

    def test_ordinary_attack(self, fix_draws):
        run = resolve_attack(self.attack_on_weak_base(fix_draws, 0.5))
        assert events(run, "base", "assault", "overrun") == [[C_FORT, 0, 0], [D_FORT, 0, 0]]
        assert rng.ASSAULT not in self.purposes(run)

    def test_ordinary_where_fighters_do_not_suffice(self, fix_draws):
        assert events(resolve_attack(self.attack_on_weak_base(fix_draws, 0.0, garrison=9)), "assault") == [[0], [0]]

    def test_massed_assault_on_a_host_base(self, fix_draws):
        """Weights by the troops stationed this morning: the mission 3, then host bases 1.5, of 7.5."""
        run = resolve_attack(self.attack_on_weak_base(fix_draws, 0.0, target=0.5))
        assert events(run, "base", "assault") == [[G_HOLD, 1]]
        assert run.state.forces.pool.tolist() == [100 + 8 - 3, 0]


def persistent_tables(run: Run) -> dict[str, bytes]:
    return {name: table.tobytes() for name, table in run.state._asdict().items() if name not in LISTS}


def queue_of(run: Run) -> list[int]:
    return run.state.queue[: run.state.run.queued].tolist()


class TestAct:
    def with_uniform(self, u: float, day: int = 5) -> Run:
        run = ready_to_attack()
        relocation.update_departure_chances(run.params, run.state)
        run.state.uniforms[:] = round(u * 2**32)
        run.state.cells.review_day[:] = 1000
        return run

    def act_of_cell(self, run: Run, day: int = 5) -> Run:
        recruitment.update_capacity(run.params, run.state)
        days.act(*run.all, CELL, day)
        return run

    def test_it_moves_and_does_not_attack(self, fix_draws):
        """Chances: to attack .012, at the lower end; to move .01, at the upper."""
        fix_draws({rng.MOVE: (0.5, 1 - 2**-53)})
        run = self.act_of_cell(self.with_uniform(0.9901))
        assert (run.state.cells.zone[CELL], queue_of(run)) == (2, [])

    @pytest.mark.parametrize(("u", "queued"), [(0.0119, [CELL]), (0.0121, []), (0.9899, [])])
    def test_it_attacks_or_not(self, u, queued):
        run = self.act_of_cell(self.with_uniform(u))
        assert (run.state.cells.zone[CELL], queue_of(run)) == (BRAVO, queued)
        assert run.record.event_count.tolist() == [0]  # attacks are resolved when the day is closed

    def test_a_resting_cell_moves_and_is_reviewed(self, fix_draws):
        fix_draws({rng.MOVE: (0.5, 1 - 2**-53), rng.STOCK: (0.0, 0.9)})
        run = self.with_uniform(0.9901)
        run.state.cells.rests[CELL] = 99
        run.state.cells.review_day[CELL] = 5
        run.state.zones.fighters[2] = 20  # half empty where it goes
        self.act_of_cell(run)
        assert (run.state.cells.zone[CELL], run.state.cells.fighters[CELL]) == (2, 11)
        resting = self.with_uniform(0.0)
        resting.state.cells.rests[CELL] = 6
        assert queue_of(self.act_of_cell(resting)) == []

    def test_it_attacks_with_its_fighters_before_the_review(self, fix_draws):
        """Ten fighters attack at .0119; the one who leaves today is still with them."""
        fix_draws({rng.STOCK: (0.0, 0.9)})
        run = self.with_uniform(0.0119)
        run.state.cells.review_day[CELL] = 5
        run.state.zones.fighters[BRAVO] = 500
        self.act_of_cell(run)
        assert (run.state.cells.fighters[CELL], queue_of(run)) == (9, [CELL])


class TestCloseDay:
    def test_attacks_in_the_order_of_the_cells(self, fix_draws):
        """A later attack finds the garrison that the earlier one left: 3 men, two die, then one."""
        run = ready_to_attack()
        run.state.bases.garrison[C_FORT] = 3
        fix_draws({
            rng.LANDING: (0.0, NOT_FOILED, MISSION, C), rng.TACTIC: (CLASHING, ALONE, 0.0, 0.9),
            rng.DEATHS: (0.0,), rng.LOSSES: (0.0, 0.9), rng.DETECTION: (0.9,),
        })  # fmt: skip
        for cell in (4, 2, 4):
            days.queue_attack(run.state, cell)
        assert queue_of(run) == [2, 4]
        days.close_day(*run.all, DAY)
        assert events(run, "cell", "deaths_mission") == [[2, 2], [4, 1]]
        assert queue_of(run) == []
        assert run.record.daily[recorder.DAILY_ATTACKS, DAY].tolist() == [0, 2, 0]
        # 100 people flee each attack, the same evening; a twentieth of them over the closed border
        assert run.state.zones.displaced[BRAVO].tolist() == near([190, 0, 0])
        assert run.state.zones.abroad[BRAVO] == near(10)

    def test_the_queue_starts_empty_each_day(self):
        """All ten attacked yesterday; today the last, twice, and then the first."""
        run = ready_to_attack()
        run.state.queue[:10] = range(10)
        for cell, listed in ((9, [9]), (9, [9]), (0, [0, 9]), (9, [0, 9])):
            days.queue_attack(run.state, cell)
            assert queue_of(run) == listed

    def test_offspring_come_from_the_next_day_on(self, fix_draws):
        run = ready_to_attack(excitation__branching=0.5)
        fix_draws({
            rng.LANDING: (0.0, NOT_FOILED, MISSION, C), rng.TACTIC: (CLASHING, ALONE, 0.0, 0.9),
            rng.DEATHS: (0.9,), rng.LOSSES: (0.0, 0.9), rng.DETECTION: (0.9,),
        })  # fmt: skip
        days.queue_attack(run.state, 2)
        days.close_day(*run.all, DAY)
        assert run.state.zones.excited[BRAVO] == near(0.5 * (1 - math.exp(-0.1)))
        assert run.state.zones.new_excitation[BRAVO] == 0


class TestOpenDay:
    """Every step has an effect on the morning of day 0."""

    def morning(self) -> Run:
        offensive = {
            "name": "Push", "zones": ["charlie"], "start": date_of(-20), "end": date_of(50), "intensity": 0.5,
            "troops": {}, **SOURCED,
        }  # fmt: skip
        run = begin_run({
            "plan.phases": {"one": phase(-1, 0, {"eagle": 400}, handovers={"d_fort": {"date": date_of(0)}})},
            "host.offensives": {"push": offensive}, "host.garrisons.filling_days": 1.0, "evidence.attacks": 0.5,
            "opposition.attacks.spoiling": 1.0, "opposition.tempo.spread": 0.5, "kenya.agreement.start": date_of(-10),
        })  # fmt: skip
        run.state.cells.zone[9] = BRAVO
        run.state.zones.control[BRAVO] = 0.7
        run.state.run.capability = 0.0
        days.open_day(*run.all, 0)
        return run

    def test_values_of_the_day(self):
        run = self.morning()
        state, zones = run.state, run.state.zones
        # 7.6: bravo feeds a tenth less with .2 more control than on the first day
        assert zones.capacity[BRAVO] == near(45)
        e5, e15 = math.exp(-0.5), math.exp(-1.5)
        # 7.1: 600 of eagle are left, at c_fort (2) and e_fort (1)
        assert state.bases.garrison[[C_FORT, D_FORT, E_FORT]].tolist() == near([400, 105, 200])
        # 7.2: the army has 105 troops, d_fort lacks 120 and gets all; its readiness is .4 + .3 / 100
        assert state.forces.pool[ARMY] == near(0)
        # 7.3
        bravo = 400 + 0.5 * 105 * 0.403 + 0.5 * 150 * 0.502 + e5 * (500 + 0.5 * 80 * 0.502) + e5 * 240
        assert zones.effective[BRAVO] == near(bravo)
        cut = 750 + 37.5 + e5 * (550 + 20) + e5 * 240 - bravo
        assert zones.cut[BRAVO] == near(cut / 1000)
        # 7.4, 7.5
        assert zones.pressure.tolist() == near([0, 0, 0.5])
        assert zones.leave_home.tolist() == near([0.01, 0.11, 0.06])
        # 7.6: a cell came from charlie; (.3 x 20 + .75 x 40) / 40
        assert zones.fighters.tolist() == [10, 60, 30]
        assert state.run.funds == near(0.9)
        # 7.7
        assert abs(state.regions.tempo).min() > 0
        assert zones.spoiling.tolist() == [0, 1, 0]
        attractiveness = 2 * math.exp(0.5 * cut / 1000 + state.regions.tempo[0] - 0.125)
        assert zones.attractiveness[BRAVO] == near(attractiveness)
        alpha, charlie = zones.attractiveness[[ALPHA, CHARLIE]].tolist()
        assert zones.hazard[BRAVO] == near(0.01 * (attractiveness + 0.1 * alpha + 0.1 * charlie))
        assert zones.reference[ALPHA] == near(240 + e5 * 787.5 + e15 * 570)
        # 7.10: half of the ramp, ten of twenty days
        assert state.run.capability == near(1.1)
        assert (state.uniforms > 0).mean() > 0.99

    def test_evening(self, fix_draws):
        """After a day without attacks: ground is kept, control drifts, the border opens, people flee, no month ends."""
        run = self.morning()
        zones, control = run.state.zones, run.state.zones.control.tolist()
        run.state.segments.next_try[0] = 0
        run.params.kenya.reopening.unconditional = 1
        zones.excited[BRAVO] = 1
        fix_draws({})
        days.close_day(*run.all, 0)
        assert zones.excited[BRAVO] == near(math.exp(-0.1))
        assert zones.held.tolist() == near([0, 0, 0.2])
        assert all(now != before for now, before in zip(zones.control.tolist(), control, strict=True))
        assert run.state.segments.open.tolist() == [1]
        assert zones.displaced[CHARLIE].tolist() == near([0, 0, 200])
        assert run.record.monthly[0, :, recorder.FIGHTERS].sum() == 0
        days.close_day(*run.all, 29)
        assert run.record.monthly[0, :, recorder.FIGHTERS].tolist() == [10, 60, 30]


BUSY = {
    "opposition.attacks.rate": 0.3,
    "opposition.assault.massing": 0.5,
    "opposition.attacks.coordination": 0.3,
    "opposition.excitation.branching": 0.4,
    "opposition.tempo.spread": 0.4,
    "opposition.relocation.rate": 0.1,
    "opposition.cells.fighters": 300,
    "opposition.cells.size_spread": 0.5,
    "opposition.response.losses": 0.2,
    "society.displacement.returns": 0.01,
    "kenya.reopening.steps": {"line": date_of(20)},
    "kenya.reopening.threshold": 1000,
    "plan.replacement_days": 7,
    "plan.phases": {"one": phase(5, 30, 20, remaining="handover", contingents=["eagle"])},
    "plan.incidents": {"x": {"base": "f_fort", "date": date_of(9), "killed": 5, "abandoned": False, **SOURCED}},
    "theatre.contingents": {
        "eagle": {"name": "Eagle", "troops": 40, "sectors": [], **SOURCED},
        "falcon": {"name": "Falcon", "troops": 400, "sectors": [], **SOURCED},
    },
    "plan.redeployment": {"contingent": "eagle", "share": 1.0},
}


def check(run: Run) -> None:
    """Assert what must hold at the end of every day."""
    state, record = run.state, run.record
    troops = state.contingents
    assert (troops.sent == troops.deployed + troops.withdrawn + troops.killed).all()
    assert (troops.deployed >= 0).all()
    zones = state.zones
    people = zones.home + zones.displaced.sum(axis=1) + zones.abroad + zones.dead
    assert people.tolist() == pytest.approx(zones.population.tolist(), rel=1e-12)
    assert (state.bases.garrison >= 0).all()
    assert ((state.bases.readiness >= 0) & (state.bases.readiness <= 1)).all()
    assert (state.cells.fighters >= 0).all()
    assert (state.cells.fighters == np.floor(state.cells.fighters)).all()
    assert state.cells.strength.tolist() == near((state.cells.fighters / 10).tolist())
    assert ((zones.control > 0) & (zones.control < 1)).all()
    monthly = record.monthly.sum(axis=(0, 1))
    assert monthly[recorder.ATTACKS] == record.daily[recorder.DAILY_ATTACKS].sum() == record.event_count[0]
    assert monthly[recorder.ATTACKS] == monthly[recorder.ATTACKS_MISSION_BASE : recorder.ATTACKS_CIVILIANS + 1].sum()
    assert monthly[recorder.ATTACKS] == monthly[recorder.CLASHES : recorder.SUICIDES + 1].sum()
    assert (
        monthly[recorder.DEATHS_MISSION : recorder.DEATHS_CIVILIANS + 1].sum()
        == record.daily[recorder.DAILY_DEATHS].sum()
    )
    assert monthly[recorder.OVERRUNS] == record.daily[recorder.DAILY_OVERRUNS].sum() == record.bases.overruns.sum()
    assert monthly[recorder.DEATHS_MISSION] == troops.killed.sum()
    assert monthly[recorder.DEATHS_CIVILIANS] == zones.dead.sum()
    # once the day is closed every fallen base is empty, and no more troops are at bases than are deployed
    assert (state.bases.garrison[state.bases.standing == OVERRUN] == 0).all()
    for holder in (EAGLE, FALCON):
        assert state.bases.garrison[state.bases.holder == holder].sum() <= troops.deployed[holder] + 1e-9


def test_stocks_and_counts_agree_in_a_busy_run():
    run = begin_run(BUSY, events=10_000)
    first = run.state.cells.fighters.sum()
    for day in range(90):
        days.one_day(*run.all, day)
        check(run)
    monthly = run.record.monthly.sum(axis=(0, 1))
    flows = (
        monthly[recorder.RECRUITED]
        - monthly[[recorder.LEFT, recorder.KILLED_BY_OFFENSIVE, recorder.DEATHS_GROUP]].sum()
    )
    assert run.state.cells.fighters.sum() == first + flows
    assert run.record.monthly[2, :, recorder.FIGHTERS].sum() == run.state.cells.fighters.sum()
    assert run.record.bases.attacks.sum() == monthly[[1, 2, 3]].sum()
    kept = run.record.events[: run.record.event_count[0]]
    assert kept[:, recorder.EVENT_DEATHS :].sum(axis=0)[[3, 4]].tolist() == [
        monthly[recorder.DEATHS_CIVILIANS], monthly[recorder.DEATHS_GROUP],
    ]  # fmt: skip
    # the run was busy
    assert (
        min(monthly[[recorder.ATTACKS, recorder.ASSAULTS, recorder.OVERRUNS, recorder.FOILED, recorder.MOVES_IN]]) > 0
    )
    assert run.record.bases.retaken.max() > 0


def test_a_run_is_its_days():
    changes = {**BUSY, "period": {"start": date_of(0), "end": date_of(6)}}
    whole, by_day = new_run(changes), begin_run(changes)
    days.run(*whole.all)
    for day in range(7):
        days.one_day(*by_day.all, day)
    assert whole.record.event_count[0] > 0
    assert [table.tobytes() for table in whole.state] == [table.tobytes() for table in by_day.state]
    assert [table.tobytes() for table in whole.record] == [table.tobytes() for table in by_day.record]


def test_cells_in_any_order():
    """Nothing that a cell does changes what another sees before attacks are resolved."""
    one, other = begin_run(BUSY), begin_run(BUSY)
    shuffle = random.Random(3)
    for day in range(12):
        days.one_day(*one.all, day)
        days.open_day(*other.all, day)
        for cell in shuffle.sample(range(len(other.state.cells)), len(other.state.cells)):
            days.act(*other.all, cell, day)
        days.close_day(*other.all, day)
    assert persistent_tables(one) == persistent_tables(other)
    assert [table.tobytes() for table in one.record] == [table.tobytes() for table in other.record]


def test_without_reach_each_zone_has_its_own_troops():
    """Garrisons at their readiness and effect, counted at home only."""
    run = begin_run({"society.presence.reach_km": 1e-3})
    presence.update_effective_troops(run.params, run.state)
    assert run.state.zones.effective.tolist() == near([240, 750 + 37.5, 550 + 20])
