"""The plan is carried out exactly (dates, ceilings, pauses, slips, triggers, successor), and nobody is lost."""

from datetime import date, timedelta
from functools import cache

import helpers
import numpy as np
import pytest
import yaml

from atmis.kernel import parameters, recorder
from atmis.kernel import schedule as days
from atmis.kernel.rng import Stream
from atmis.kernel.state import CLOSED, RETAKEN, copy
from atmis.kernel.theatre import holder_ids
from atmis.scenario.compose import conf_folder

PEACE = {
    "opposition.attacks.rate": 0.0
}  # nobody is killed and no base falls, so that dates and numbers are those of the plan
ON_TIME = {"pauses": {}, "slips": {}, "rules": {}}
FIVE = ("burundi", "djibouti", "ethiopia", "kenya", "uganda")


@cache
def ledger():
    return yaml.safe_load((conf_folder() / "facts" / "ledger.yaml").read_text(encoding="utf-8"))


def fact(key):
    value = ledger()[key]["value"]
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


class RunByDate:
    """A run and its record by calendar date."""

    def __init__(self, inputs, seed=1, replicate=0):
        self.inputs = inputs
        self.state, self.record = helpers.run(inputs, seed, replicate)

    def ceiling(self, when):
        return int(self.record.days.ceiling[self.inputs.day(when)])

    def deployed(self, when):
        row = self.record.deployed[self.inputs.day(when)]
        return dict(zip(self.inputs.theatre.contingents, row.tolist(), strict=True))

    def base(self, name):
        return self.state.bases[list(self.inputs.theatre.bases).index(name)]

    def holder(self, name):
        return holder_ids(self.inputs.theatre)[int(self.base(name).holder)]

    def handed(self, name):
        return self.inputs.date(int(self.base(name).handed)) if self.base(name).handed >= 0 else None

    def closed(self, name):
        day = int(self.record.bases.closed[list(self.inputs.theatre.bases).index(name)])
        return self.inputs.date(day) if day >= 0 else None

    def left(self, name):
        """The day on which the mission left a base, by handover or closure."""
        return self.handed(name) or self.closed(name)


@cache
def peaceful(name):
    return RunByDate(helpers.scenario(name, PEACE))


def planned(plan, changes=None):
    """The scenario `planned` in peace, with another plan."""
    data = helpers.change(helpers.composed("scenario=planned"), PEACE | (changes or {}))
    data["plan"] |= plan
    return helpers.build(data)


def phase(start, end, troops=0, **more):
    return {"start": str(start), "date": str(end), "troops": troops, **more, **helpers.JUDGED}


# --- As documented ---

CEILINGS = [
    (date(2022, 4, 1), "ceiling_2022_04_01"),
    (date(2023, 6, 30), "ceiling_2023_06_30"),
    (date(2024, 2, 2), "ceiling_2024_02_02"),
    (date(2024, 6, 30), "ceiling_2024_06_30"),
    (date(2024, 11, 14), "ceiling_2024_11_14"),
    (date(2025, 1, 1), "aussom_uniformed"),
]


@pytest.mark.parametrize(("when", "key"), CEILINGS, ids=[key for _, key in CEILINGS])
def test_actual_ceiling(when, key):
    assert str(ledger()[key]["date"]) in (str(when), str(when.year))
    assert peaceful("actual").ceiling(when) == ledger()[key]["value"]


def test_actual_ceiling_in_war():
    """The Security Council sets the ceiling: deaths and overruns do not change it."""
    run_of = RunByDate(helpers.scenario("actual"), seed=7)
    assert run_of.state.contingents.killed.sum() > 0
    assert run_of.record.days.ceiling.tobytes() == peaceful("actual").record.days.ceiling.tobytes()


def test_table_b_is_the_ledger():
    expected = [19_626, 17_626, 14_626, 12_626, 10_626, 11_826]
    assert [ledger()[key]["value"] for _, key in CEILINGS] == expected


def test_actual_ceiling_never_rises_before_aussom():
    ceiling = peaceful("actual").record.days.ceiling
    assert (np.diff(ceiling[: peaceful("actual").inputs.day(fact("aussom_start"))]) <= 0).all()


@pytest.mark.parametrize(("name", "end"), [("planned", "phase_1_planned"), ("actual", "phase_1_actual")])
def test_phase_1_takes_the_same_from_each_of_the_five(name, end):
    run_of = peaceful(name)
    before, after = run_of.deployed(date(2022, 4, 1)), run_of.deployed(fact(end))
    assert {c: before[c] - after[c] for c in FIVE} == dict.fromkeys(FIVE, fact("phase_1_cut_per_contributor"))
    assert sum(before.values()) - sum(after.values()) == fact("phase_1_cut")
    assert run_of.deployed(fact(end) - timedelta(days=1)) != after, "the phase ends on its date, not before"


def test_planned_keeps_its_own_calendar():
    run_of, ceiling = peaceful("planned"), fact("ceiling_2022_04_01")
    calendar = [
        (fact("phase_1_planned"), fact("phase_1_cut")),
        (fact("phase_2_planned"), fact("phase_2_cut")),
        (fact("phase_3_first_half"), fact("phase_3_planned_cut")),
    ]
    for when, cut in calendar:
        assert run_of.ceiling(when - timedelta(days=20)) == ceiling
        ceiling -= cut
        assert run_of.ceiling(when) == ceiling
    assert run_of.ceiling(fact("mission_end_planned")) == fact("ceiling_2024_12_31") == 0
    assert run_of.ceiling(fact("mission_end_planned") - timedelta(days=1)) > 0
    mission = [b for b, base in run_of.inputs.theatre.bases.items() if base.kind == "mission_base"]
    assert all(run_of.left(base) for base in mission), "nothing is left behind"


MOVED = {key: key.split("_", 1)[1] for key in ledger() if key.startswith(("handover_", "closure_"))}
MOVED = {key: base for key, base in MOVED.items() if "held_by" in ledger()[key]}
MOVED["handover_old_airport_ethiopia"] = "kismayo_old_airport_ethiopia"


def test_every_documented_move_is_tested():
    assert len(MOVED) == 23


@pytest.mark.parametrize(("key", "base"), MOVED.items(), ids=MOVED.values())
def test_actual_moves_on_the_documented_day(key, base):
    run_of, when, entry = peaceful("actual"), fact(key), ledger()[key]
    left = run_of.handed(base) if key.startswith("handover") else run_of.closed(base)
    assert left is not None
    assert run_of.inputs.theatre.bases[base].holder == entry["held_by"].lower()
    if isinstance(when, date):
        assert left == when
    elif when[:2] == "20":
        assert f"{left:%Y-%m}" == when
    elif "phase 2" in when:
        assert fact("phase_1_actual") < left <= fact("phase_2_actual")
        assert "January" not in when or left < date(2024, 2, 1)
    else:
        assert when == "mid-2024"
        assert date(2024, 5, 1) <= left <= date(2024, 8, 31)


def test_geriley_goes_to_jubaland_forces():
    assert peaceful("actual").holder("geriley") == "jubaland_forces"
    assert peaceful("planned").holder("geriley") == "jubaland_forces"


def test_bases_of_kenya():
    theatre, run_of = peaceful("actual").inputs.theatre, peaceful("actual")
    own = {name: base for name, base in theatre.bases.items() if base.holder == "kenya"}
    assert sum(base.tier == "forward_base" for base in own.values()) == fact("kenya_forward_bases")
    at_home = [base for base in theatre.bases.values() if base.kind == "border_base"]
    assert len(at_home) == fact("kenya_border_bases")
    stayed = sorted(theatre.bases[b].name for b in own if not (run_of.left(b) or date.max) <= date(2024, 12, 31))
    documented = sorted(fact("kenya_bases_stayed"))
    assert len(stayed) == len(documented) == 12
    assert all(name.startswith(known) for name, known in zip(stayed, documented, strict=True))


def test_history_has_its_incidents():
    run_of = peaceful("history")
    for base, key, holder, day in (
        ("leego", "leego_killed", "burundi", date(2015, 6, 26)),
        ("el_adde", "el_adde_killed", "kenya", date(2016, 1, 15)),
        ("kolbiyow", "kolbiyow_killed", "kenya", date(2017, 1, 27)),
    ):
        index = list(run_of.inputs.theatre.bases).index(base)
        history = run_of.record.bases[index]
        incident = run_of.inputs.plan.incidents[base]
        assert run_of.inputs.date(int(history.fell)) == day
        assert int(history.deaths) == incident.killed
        documented = fact(key)
        low, high = (documented[0], documented[-1]) if isinstance(documented, list) else (documented, documented)
        assert low <= incident.killed <= high
        before, after = run_of.deployed(day - timedelta(days=1)), run_of.deployed(day)
        assert {c: before[c] - after[c] for c in before if before[c] != after[c]} == {holder: incident.killed}
        if incident.abandoned:
            assert run_of.base(base).standing == CLOSED
            assert run_of.closed(base) == day
        else:
            assert run_of.base(base).standing == RETAKEN
            back = run_of.inputs.date(int(history.retaken))
            assert back == day + timedelta(days=round(fact("au_retaking_days")))
    assert run_of.record.bases.overruns.sum() == 3
    every = timedelta(days=run_of.inputs.plan.replacement_days)
    assert run_of.deployed(date(2017, 1, 27) + every)["kenya"] == 4000, "the fallen are replaced at the next rotation"


# --- Pauses, slips, triggers ---


def test_pause_moves_phase_2_by_its_days_and_nothing_else():
    calm, paused = peaceful("planned"), peaceful("pause_90_days")
    begin, length = fact("pause_requested"), fact("pause_length")
    until = begin + timedelta(days=length)
    done = fact("phase_2_planned") + timedelta(days=length)
    for offset in range(calm.inputs.period.days):
        when = calm.inputs.date(offset)
        if when < begin or when >= done:
            as_on = when
        else:
            as_on = begin - timedelta(days=1) if when < until else when - timedelta(days=length)
        assert paused.deployed(when) == calm.deployed(as_on), when
    assert paused.ceiling(done) == fact("ceiling_2024_02_02") != paused.ceiling(done - timedelta(days=1))
    phase_2 = calm.inputs.plan.phases["phase_2"]
    of_phase = {*phase_2.handovers, *phase_2.closures}
    late = 0
    for base, there in calm.inputs.theatre.bases.items():
        if there.kind == "mission_base":
            moved = base in of_phase and calm.left(base) >= begin
            late += moved
            assert paused.left(base) == calm.left(base) + timedelta(days=length * moved), base
    assert late >= 7


def slipped(days, replicate=0, **more):
    plan = ON_TIME | {"slips": {"late": {"phase": "phase_2", "days": days, **helpers.JUDGED}}} | more
    return RunByDate(planned(plan), replicate=replicate)


@pytest.mark.parametrize("late", [0, 1, 45])
def test_fixed_slip_moves_a_phase_as_a_whole(late):
    calm, run_of = peaceful("planned"), slipped(late)
    phase_2 = calm.inputs.plan.phases["phase_2"]
    for offset in range(calm.inputs.day(phase_2.start) - 3, calm.inputs.day(date(2024, 1, 1))):
        when = calm.inputs.date(offset)
        back = max(when - timedelta(days=late), min(when, phase_2.start - timedelta(days=1)))
        assert run_of.deployed(when) == calm.deployed(back), when
    for base in [*phase_2.handovers, *phase_2.closures]:
        assert run_of.left(base) == calm.left(base) + timedelta(days=late)
    for name in ("phase_1", "phase_3"):
        for base in calm.inputs.plan.phases[name].handovers:
            assert run_of.left(base) == calm.left(base)


def drawn(plan, replicates, seed=1):
    """Days by which phase_2 is delayed in each replicate."""
    inputs = planned(plan)
    row = list(inputs.plan.phases).index("phase_2")
    made, first = parameters.build(inputs)
    late = []
    for replicate in range(replicates):
        state = copy(first)
        days.begin(made, state, Stream(seed, replicate, int(made.dates.epoch)))
        late.append(int(state.phases.delay[row]))
    return late


def test_drawn_slip():
    slips = {"late": {"phase": "phase_2", "days": {"low": 5, "high": 9}, **helpers.JUDGED}}
    late = drawn(ON_TIME | {"slips": slips}, 200)
    assert set(late) == {5, 6, 7, 8, 9}
    assert all(20 <= late.count(days) <= 62 for days in set(late)), "even: 40 of each, within four standard deviations"
    assert drawn(ON_TIME | {"slips": slips}, 200) == late, "the same for the same replicate"
    assert drawn(ON_TIME | {"slips": slips}, 200, seed=2) != late
    first = phase("2025-05-01", "2025-05-01")
    others = {"a_slip": {"phase": "a_phase", "days": {"low": 0, "high": 300}, **helpers.JUDGED}} | slips
    phases = helpers.composed("scenario=planned")["plan"]["phases"] | {"a_phase": first}
    assert drawn(ON_TIME | {"slips": others, "phases": phases}, 200) == late, "and whatever else the plan holds"
    for replicate in range(5):
        run_of, calm = slipped({"low": 5, "high": 9}, replicate), peaceful("planned")
        days_late = timedelta(days=late[replicate])
        assert run_of.left("burahache") == calm.left("burahache") + days_late
        assert run_of.left("kuday") == calm.left("kuday")


def with_trigger(then, at_most, above=12.0, indicator="attacks"):
    """`planned` in war, with a trigger."""
    when = {"indicator": indicator, "zones": ["gedo", "lower_juba"], "window_days": 30, "above": above, "for_days": 7}
    entry = {"when": when, "then": then, "phases": ["phase_1", "phase_2"], "at_most_days": at_most, **helpers.JUDGED}
    data = helpers.composed("scenario=planned")
    data["plan"] |= ON_TIME | {"rules": {"watch": entry}}
    return helpers.build(data)


@pytest.mark.parametrize(("then", "indicator"), [("hold", "attacks"), ("hasten", "attacks"), ("hold", "deaths")])
def test_trigger_acts_while_its_condition_holds_and_until_it_is_used_up(then, indicator):
    kind, at_most = ("attacks", "deaths", "overruns").index(indicator), 60
    inputs = with_trigger(then, at_most, 1e6, indicator)
    zones = [list(inputs.theatre.zones).index(zone) for zone in inputs.plan.rules["watch"].when.zones]
    counts = helpers.run(inputs)[1].daily[kind][:, zones].sum(axis=1)
    often = float(np.quantile(np.convolve(counts, np.ones(30))[: len(counts)], 0.85))  # met sometimes, not always
    inputs = with_trigger(then, at_most, often, indicator)
    when = inputs.plan.rules["watch"].when
    held = acted = changes = 0
    before = False
    for day, state, record in helpers.by_day(inputs):
        window = record.daily[kind, max(day - when.window_days, 0) : day][:, zones]
        held = held + 1 if window.sum() > when.above else 0
        acts = held >= when.for_days and acted < at_most
        acted += acts
        changes += acts != before
        before = acts
        delay = acted if then == "hold" else -acted
        assert state.phases.delay.tolist() == [delay, delay, 0, 0], day
        assert int(state.triggers.spent[0]) == acted
    assert acted == at_most, "spent"
    assert changes >= 2, "it came and went"


def test_trigger_that_never_acts_changes_nothing():
    data = helpers.composed("scenario=planned")
    expected = helpers.digest(helpers.run(data)[1])
    for at_most, above in ((0, 1.0), (365, 1e6)):
        assert helpers.digest(helpers.run(with_trigger("hold", at_most, above))[1]) == expected


def test_hastening_doubles_the_speed_of_the_clock():
    """Twelve days of hastening bring a phase forward by twelve days, troops and bases alike."""
    inputs = with_trigger("hasten", 12, 0.0)
    calm, hasty = RunByDate(helpers.scenario("planned")), RunByDate(inputs)
    assert hasty.state.phases.delay.tolist() == [-12, -12, 0, 0]
    early = timedelta(days=12)
    shared = [c.start - early for c in calm.inputs.plan.phases.values()][:2]
    for start, end in zip(shared, (date(2022, 12, 31), date(2023, 9, 30)), strict=True):
        for offset in range((end - start).days):
            when = start + timedelta(days=offset)
            if when + early <= end:
                assert hasty.ceiling(when) == calm.ceiling(when + early)
    moves = [b for name in ("phase_1", "phase_2") for b in calm.inputs.plan.phases[name].handovers]
    same = [hasty.handed(b) == calm.handed(b) - early for b in moves if calm.handed(b) and hasty.handed(b)]
    assert len(same) > 8
    assert all(same)


# --- Successor, redeployment, what remains ---


def test_successor_takes_its_strength_and_the_bases_of_those_who_leave():
    run_of, start = peaceful("actual"), fact("aussom_start")
    before, after = run_of.deployed(start - timedelta(days=1)), run_of.deployed(start)
    strength = {c: fact(f"aussom_{c}") for c in ("uganda", "ethiopia", "djibouti", "kenya", "egypt", "burundi")}
    assert after == strength
    assert before != after
    last = run_of.deployed(run_of.inputs.period.end)
    assert last == strength
    assert int(run_of.state.run.police) == fact("aussom_police")
    assert int(run_of.state.run.unassigned) == fact("aussom_unattributed")
    theatre = run_of.inputs.theatre
    for base, there in theatre.bases.items():
        if there.holder == "burundi" and not run_of.left(base):
            assert run_of.holder(base) == "egypt"
    heirs = [b for b in theatre.bases if run_of.holder(b) == "egypt"]
    assert len(heirs) >= 3
    garrisons = sum(float(run_of.base(base).garrison) for base in heirs)
    assert garrisons == pytest.approx(fact("aussom_egypt"))


def test_successor_without_heirs_hands_over():
    data = helpers.change(helpers.composed("scenario=actual"), PEACE | {"plan.successor.takes_over": {}})
    run_of = RunByDate(helpers.build(data))
    host = list(run_of.inputs.theatre.host_forces)
    left = 0
    for base, there in run_of.inputs.theatre.bases.items():
        if there.holder == "burundi":
            assert run_of.holder(base) in host
            left += run_of.handed(base) == fact("aussom_start")
    assert left >= 3


@pytest.mark.parametrize("share", [0.0, 0.35, 1.0])
def test_redeployment_conserves_and_lands_at_the_border(share):
    inputs = planned({}, {"plan.redeployment.share": share})
    run_of, calm = RunByDate(inputs), peaceful("planned")
    own = sum(base.garrison for base in inputs.theatre.bases.values() if base.kind == "border_base")
    home = 4000 - run_of.record.deployed[:, list(inputs.theatre.contingents).index("kenya")]
    assert np.allclose(run_of.record.days.border_troops, own + np.floor(share * home), rtol=0, atol=1e-9)
    assert int(home[-1]) == 4000
    for base, there in inputs.theatre.bases.items():
        expected = float(calm.base(base).garrison)
        if there.kind == "border_base":
            weights = sum(b.weight for b in inputs.theatre.bases.values() if b.kind == "border_base")
            expected = there.garrison + np.floor(share * 4000) * there.weight / weights
        assert float(run_of.base(base).garrison) == pytest.approx(expected, abs=1e-9), base
    assert run_of.record.deployed.tobytes() == calm.record.deployed.tobytes()


def test_incident_does_not_take_a_base_out_of_the_plan():
    """A base that was overrun and retaken is handed over with the rest."""
    incident = {"base": "kolbiyow", "date": "2022-07-13", "killed": 30, "abandoned": False, **helpers.JUDGED}
    run_of = RunByDate(planned({"incidents": {"fall": incident}}))
    assert run_of.holder("kolbiyow") == "jubaland_forces"
    assert run_of.handed("kolbiyow") == peaceful("planned").handed("kolbiyow")
    kenya = run_of.state.contingents[list(run_of.inputs.theatre.contingents).index("kenya")]
    assert int(kenya.killed) == 30


def test_incident_after_a_handover_hits_the_host_force():
    """As at Geriley in July 2023: no soldier of the mission dies, the base is overrun, deaths are counted once."""
    incident = {"base": "geriley", "date": "2023-07-13", "killed": 30, "abandoned": False, **helpers.JUDGED}
    run_of, calm = RunByDate(planned({"incidents": {"fall": incident}})), peaceful("planned")
    assert run_of.state.contingents.killed.sum() == 0
    assert run_of.record.deployed.tobytes() == calm.record.deployed.tobytes()
    assert run_of.record.monthly[..., recorder.DEATHS_HOST].sum() == 30
    index = list(run_of.inputs.theatre.bases).index("geriley")
    assert run_of.inputs.date(int(run_of.record.bases.fell[index])) == date(2023, 7, 13)
    troops = [float(p.state.forces.pool.sum()) + hosts(p.state) for p in (run_of, calm)]
    assert troops[0] == pytest.approx(troops[1] - 30)


def hosts(state):
    """Troops of host forces at bases."""
    held = state.bases.holder >= len(state.contingents)
    return float(state.bases.garrison[held & (state.bases.segment < 0)].sum())
