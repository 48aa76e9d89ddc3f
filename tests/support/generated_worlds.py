"""Randomly generated worlds, and the conservation laws that hold in each: nobody is lost or counted twice.

A world follows from its number alone, so `generate_world(1234)` is the one that broke a law. The tests try some
hundreds, `benchmarks/laws.py` ten thousand.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import helpers
import numpy as np
import tiny_theatre as tiny
from pydantic import ValidationError
from settable_values import SettableValue, values_below
from stepped_run import SteppedRun

from atmis.kernel import recorder
from atmis.kernel.state import CLOSED, HANDED_OVER, OPEN, OVERRUN, RETAKEN
from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

FIRST = date.fromisoformat(tiny.DATA["period"]["start"])
STANDARD_EVERY = 25  # one in so many worlds has the theatre of atmis, the others the tiny one
NUMBERS = ("opposition", "host", "kenya", "society", "evidence", "reporting")
UNTOUCHED = ("opposition.cells", "opposition.mix", "kenya.agreement.start", "kenya.agreement.end")
EVENTS = 20_000
Data = dict[str, Any]


def generate_world(number: int) -> Scenario:
    """The world of a number. What validation refuses (more troops leaving than there are) is drawn again."""
    rng = Random(number)
    data, numbers = _base_data(number % STANDARD_EVERY == 0)
    while True:
        try:
            return build(_generate_data(rng, data, numbers))
        except (InputError, ValidationError):
            continue


@cache
def _base_data(whole: bool) -> tuple[Data, list[SettableValue]]:
    """A theatre at war, and the numbers that may be changed."""
    data = _standard_theatre_data() if whole else helpers.change(tiny.data(), WAR)
    scenario = build(data)
    settings = [setting for group in NUMBERS for setting in values_below(getattr(scenario, group), group, group)]
    return data, [
        setting
        for setting in settings
        if type(setting.value) in (int, float) and not setting.path.startswith(UNTOUCHED)
    ]


WAR = {
    "opposition.attacks.rate": 0.05,
    "opposition.attacks.coordination": 0.2,
    "opposition.attacks.base_spread": 1.0,
    "opposition.excitation.branching": 0.3,
    "opposition.assault.massing": 0.4,
    "opposition.assault.even_odds": 1.5,
    "opposition.assault.killed_overrun": 0.6,
    "opposition.assault.commitment": 1.0,
    "opposition.severity.tail": 0.3,
    "opposition.recruitment.growth": 0.05,
    "society.displacement.per_attack": 900.0,
    "society.displacement.returns": 0.02,
}


def _standard_theatre_data() -> Data:
    """The theatre of atmis, with something of every kind going on in a hundred days."""
    plain = {"plan": helpers.composed("scenario=no_withdrawal")["plan"]}
    cells = {"opposition.cells.fighters": 2500, "society.displacement.per_attack": 20_000}
    return helpers.change(helpers.everything(), WAR | cells | plain)


def _generate_data(rng: Random, ground: Data, numbers: list[SettableValue]) -> Data:
    theatre, last = dict(ground["theatre"]), rng.randint(30, 80)
    changes: Data = {"period": {"start": str(FIRST), "end": date_of(last - 1)}}
    if len(theatre["zones"]) == 3:
        theatre = changes["theatre"] = _theatre(rng, theatre)
        changes["opposition.cells.fighters"] = rng.choice([0, 30, 100, 400])
        changes["opposition.cells.size_spread"] = rng.choice([0.0, 0.5, 2.0])
    for setting in rng.sample(numbers, rng.choice([0, 3, 10, 30])):
        changes[setting.path] = _number(rng, setting)
    changes["plan"] = _plan(rng, theatre, last)
    changes["host.offensives"] = {f"front_{k}": _offensive(rng, theatre, last) for k in range(rng.randint(0, 2))}
    changes["host.shocks"] = {f"shock_{k}": _shock(rng, theatre, last) for k in range(rng.randint(0, 2))}
    steps = {segment: date_of(rng.randint(-10, last)) for segment in theatre["borders"] if rng.random() < 0.5}
    changes["kenya.reopening.steps"] = steps
    return helpers.change(ground, changes)


def date_of(day: int) -> str:
    return str(FIRST + timedelta(days=day))


def _number(rng: Random, setting: SettableValue) -> float:
    """The lowest value, the highest, one between them, or one near the present value."""
    low, high = setting.low, min(setting.high, 1000 * abs(setting.value) + 1)
    near = min(max(setting.value * rng.uniform(0.2, 5), low), high)
    number = rng.choice([low, high, rng.uniform(low, high), near, near])
    return round(number) if isinstance(setting.value, int) else number


def _theatre(rng: Random, theatre: Data) -> Data:
    changes: Data = {"mission.police": rng.choice([0, 100, 400]), "mission.unassigned": rng.randint(0, 9)}
    for zone in theatre["zones"]:
        changes[f"zones.{zone}.population"] = rng.choice([0, 300, 20_000, 3_000_000])
        changes[f"zones.{zone}.fighters"] = rng.choice([0, 1, 5])
        changes[f"zones.{zone}.control"] = rng.uniform(0.01, 0.99)
        changes[f"zones.{zone}.exposure"] = rng.choice([0.0, 0.3, 1.0, 4.0])
    for contingent in theatre["contingents"]:
        changes[f"contingents.{contingent}.troops"] = rng.choice([0, 1, 250, rng.randint(0, 6000)])
    for base in theatre["bases"]:
        changes[f"bases.{base}.weight"] = rng.uniform(0.1, 3)
        changes[f"bases.{base}.garrison"] = rng.choice([0, 20, rng.randint(0, 500)])
    changes["borders.line.open"] = rng.random() < 0.3
    return helpers.change(theatre, changes)


def _plan(rng: Random, theatre: Data, last: int) -> Data:
    """A random plan."""
    bases = [name for name, base in theatre["bases"].items() if base["kind"] == "mission_base"]
    rng.shuffle(bases)
    contingents, names = list(theatre["contingents"]), [f"phase_{k}" for k in range(rng.randint(0, 4))]
    plan: Data = {
        "name": "generated",
        "assumes": "nothing",
        "phases": {name: _phase(rng, contingents, bases, k, len(names), last) for k, name in enumerate(names)},
        "pauses": {},
        "slips": {},
        "rules": {},
        "successor": None,
        "redeployment": {"contingent": rng.choice(contingents), "share": rng.choice([0.0, 0.3, 1.0])},
        "incidents": {},
        "replacement_days": rng.choice([0, 1, 7, 30]),
    }
    for k in range(rng.randint(0, 2) if names else 0):
        plan["pauses"][f"pause_{k}"] = _pause(rng, names, last)
        plan["slips"][f"slip_{k}"] = _slip(rng, names)
        plan["rules"][f"rule_{k}"] = _rule(rng, names, list(theatre["zones"]))
    for base in rng.sample(bases, rng.randint(0, min(3, len(bases)))):
        incident = {"base": base, "date": date_of(rng.randint(0, last - 1)), "abandoned": rng.random() < 0.3}
        plan["incidents"][base] = incident | {"killed": rng.choice([0, 20, 5000]), **helpers.JUDGED}
    if rng.random() < 0.4:
        plan["successor"] = _successor(rng, contingents, last)
    return plan


def _phase(rng: Random, contingents: list[str], bases: list[str], place: int, count: int, last: int) -> Data:
    span = max((last - 30) // count, 1)
    start = rng.randint(span * place, span * (place + 1)) - 5
    end = start + rng.randint(0, 30)
    some = rng.sample(contingents, rng.randint(1, len(contingents)))
    total = rng.choice([0, 1, 37, rng.randint(0, 6000)])
    troops = rng.choice([total, "all", {c: rng.randint(0, 800) for c in some}])
    phase = {"start": date_of(start), "date": date_of(end), "troops": troops, **helpers.JUDGED}
    if rng.random() < 0.4:
        phase["contingents"] = some
    if troops == total and rng.random() < 0.4:
        phase["shares"] = {c: rng.uniform(0.1, 3.0) for c in some}
    phase["police"] = rng.choice([0, 100, rng.randint(0, 400), "all"])
    for kind in ("handovers", "closures"):
        moved = [bases.pop() for _ in range(min(rng.randint(0, 5), len(bases)))]
        phase[kind] = {base: {"date": rng.choice([None, date_of(rng.randint(start, end))])} for base in moved}
    phase["remaining"] = rng.choice(["keep", "keep", "handover", "close"])
    return phase


def _some(rng: Random, names: list[str]) -> list[str]:
    return rng.sample(names, rng.randint(1, len(names)))


def _pause(rng: Random, phases: list[str], last: int) -> Data:
    held = _some(rng, phases)
    return {"start": date_of(rng.randint(-20, last)), "days": rng.randint(0, 40), "phases": held, **helpers.JUDGED}


def _slip(rng: Random, phases: list[str]) -> Data:
    low = rng.randint(0, 30)
    late = rng.choice([low, {"low": low, "high": low + rng.randint(0, 30)}])
    return {"phase": rng.choice(phases), "days": late, **helpers.JUDGED}


def _rule(rng: Random, phases: list[str], zones: list[str]) -> Data:
    when = {
        "indicator": rng.choice(["attacks", "deaths", "overruns"]),
        "zones": rng.sample(zones, rng.randint(1, min(5, len(zones)))),
        "window_days": rng.randint(1, 40),
        "above": rng.choice([0.0, 3.0, 20.0]),
        "for_days": rng.randint(1, 5),
    }
    then, most = rng.choice(["hold", "hasten"]), rng.randint(0, 60)
    return {"when": when, "then": then, "phases": _some(rng, phases), "at_most_days": most, **helpers.JUDGED}


def _successor(rng: Random, contingents: list[str], last: int) -> Data:
    troops = {c: rng.choice([0, rng.randint(0, 6000)]) for c in rng.sample(contingents, len(contingents) // 2)}
    heirs = [c for c in troops if troops[c] > 0]
    takes_over = {c: rng.choice(heirs) for c in contingents if c not in heirs and heirs and rng.random() < 0.5}
    successor = {
        "name": "Next",
        "date": date_of(rng.randint(20, last + 10)),
        "troops": troops,
        "takes_over": takes_over,
    }
    return successor | {"police": 50, "unassigned": rng.randint(0, 100)} | helpers.JUDGED


def _offensive(rng: Random, theatre: Data, last: int) -> Data:
    start = rng.randint(-20, last)
    troops = {force: rng.randint(0, 400) for force in theatre["host_forces"] if rng.random() < 0.5}
    offensive = {"name": "Front", "zones": _some(rng, list(theatre["zones"])), "intensity": rng.choice([0.5, 1.0, 5.0])}
    return (
        offensive
        | {"start": date_of(start), "end": date_of(start + rng.randint(0, 60)), "troops": troops}
        | helpers.JUDGED
    )


def _shock(rng: Random, theatre: Data, last: int) -> Data:
    force, troops = rng.choice(list(theatre["host_forces"])), rng.choice([0, 100, 3000])
    shock = {"name": "Split", "date": date_of(rng.randint(-5, last)), "force": force, "troops": troops}
    return shock | {"readiness": rng.choice([0.0, 0.3, 1.0])} | helpers.JUDGED


# --- Laws ---

Law = Callable[[SteppedRun], None]


def run_world(number: int) -> SteppedRun:
    """Run the world of a number."""
    return SteppedRun(generate_world(number), seed=number, events=EVENTS)


def troops(run: SteppedRun) -> None:
    """Deployed, withdrawn and killed add up to all who were sent; the ceiling is all who are authorised."""
    for table in (run.morning.contingents, run.evening.contingents):
        assert (table["deployed"] + table["withdrawn"] + table["killed"] == table["sent"]).all()
        assert all((table[column] >= 0).all() for column in ("authorised", "deployed", "withdrawn", "killed"))
        assert (table["deployed"] <= table["authorised"]).all()
    for column in ("sent", "withdrawn", "killed"):
        assert (np.diff(run.evening.contingents[column], axis=0) >= 0).all(), column
    staff = run.morning.run["police"] + run.morning.run["unassigned"]
    assert (staff >= 0).all()
    assert (run.record.days.ceiling == run.morning.contingents["authorised"].sum(axis=1) + staff).all()
    assert (run.record.deployed == run.morning.contingents["deployed"]).all()
    assert run.state.contingents.killed.sum() == run.record.monthly[..., recorder.DEATHS_MISSION].sum()


def garrisons(run: SteppedRun) -> None:
    """In the morning a contingent's garrisons add up to its troops if it has a standing base; others are empty."""
    bases, contingents = run.morning.bases, run.morning.contingents
    stands = np.isin(bases["standing"], (OPEN, HANDED_OVER, RETAKEN))
    for contingent in range(contingents.shape[1]):
        own = (bases["holder"] == contingent) & (bases["segment"] < 0)
        there = np.where(own, bases["garrison"], 0.0).sum(axis=1)
        expected = np.where((own & stands).any(axis=1), contingents["deployed"][:, contingent], 0)
        assert np.allclose(there, expected, rtol=0, atol=1e-6), contingent
    for table in (bases, run.evening.bases):
        assert (table["garrison"][np.isin(table["standing"], (CLOSED, OVERRUN))] == 0).all()
        assert (table["garrison"] >= 0).all()
        assert ((table["readiness"] >= 0) & (table["readiness"] <= 1)).all()
    returned_troops = np.where(bases["segment"] >= 0, bases["garrison"], 0.0).sum(axis=1)
    plan, theatre = run.inputs.plan.redeployment, run.inputs.theatre
    home = contingents["withdrawn"][:, list(theatre.contingents).index(plan.contingent)]
    own = sum(base.garrison for base in theatre.bases.values() if base.kind == "border_base")
    assert np.allclose(returned_troops, own + np.floor(plan.share * home), rtol=0, atol=1e-6)


def host_forces(run: SteppedRun) -> None:
    """Pool and garrisons of a force change only by training, shocks and deaths at its bases."""
    shape, count = run.evening.forces.shape, run.evening.contingents.shape[1]
    morning, evening = (_of_force(page, count, shape[1]) for page in (run.morning, run.evening))
    before = np.concatenate([_of_force(run.first, count, shape[1]), evening[:-1]])
    dead_before = np.concatenate([run.first.histories["deaths"], run.evening.histories["deaths"][:-1]])
    expected = np.empty(shape)
    for force in range(shape[1]):
        held = run.morning.bases["holder"] == count + force
        dead = np.where(held, run.morning.histories["deaths"] - dead_before, 0).sum(axis=1)
        expected[:, force] = before[:, force] - dead + run.morning.forces["rate"][:, force]
        for k in np.flatnonzero(run.state.shocks.force == force):
            day = int(run.state.shocks.day[k])
            if 0 <= day < len(expected):
                expected[day, force] = max(expected[day, force] - run.state.shocks.troops[k], 0)
        dead = np.where(held, run.evening.histories["deaths"] - run.morning.histories["deaths"], 0).sum(axis=1)
        assert np.allclose(evening[:, force], morning[:, force] - dead, rtol=1e-12, atol=1e-6)
    assert np.allclose(morning, expected, rtol=1e-12, atol=1e-6)
    for page in (run.morning, run.evening):
        assert (page.forces["pool"] >= -1e-9).all()


def _of_force(page: Any, contingents: int, forces: int) -> Any:
    """Troops of each host force [days, forces], in its pool and at its bases."""
    held = [
        np.where(page.bases["holder"] == contingents + k, page.bases["garrison"], 0).sum(axis=1) for k in range(forces)
    ]
    return page.forces["pool"] + np.stack(held, axis=1)


def people(run: SteppedRun) -> None:
    """At home, displaced, abroad and dead add up to the population; those who left and did not return are away."""
    zones, monthly = run.evening.zones, run.record.monthly
    away = zones["displaced"].sum(axis=2) + zones["abroad"]
    assert np.allclose(zones["home"] + away + zones["dead"], zones["population"], rtol=1e-12, atol=1e-6)
    for column in ("home", "displaced", "abroad", "dead"):
        assert (zones[column] >= 0).all(), column
    assert (zones["dead"][-1] == monthly[..., recorder.DEATHS_CIVILIANS].sum(axis=0)).all()
    left = monthly[..., recorder.DISPLACED_ATTACKS : recorder.DISPLACED_OFFENSIVE + 1].sum(axis=(0, 2))
    assert np.allclose(away[-1], left - monthly[..., recorder.RETURNED].sum(axis=0), rtol=1e-9, atol=1e-3)
    assert (monthly[..., recorder.CROSSED].sum(axis=0) <= left * (1 + 1e-12)).all()
    assert ((zones["control"] >= 0) & (zones["control"] <= 1)).all()


def fighters(run: SteppedRun) -> None:
    """Whole and never negative; at the end of each month those of day 0 and recruits, less those who are gone."""
    counts, monthly = run.evening.cells["fighters"], run.record.monthly.sum(axis=1)
    assert (counts >= 0).all()
    assert (counts == np.floor(counts)).all()
    gone = monthly[:, [recorder.LEFT, recorder.KILLED_BY_OFFENSIVE, recorder.DEATHS_GROUP]].sum(axis=1)
    flow = (monthly[:, recorder.RECRUITED] - gone).cumsum()
    assert (monthly[:, recorder.FIGHTERS] == run.first.cells["fighters"].sum() + flow).all()


def attacks(run: SteppedRun) -> None:
    """Each attack counts once by target, mode, day and base and in the log, and so do its dead."""
    monthly, record = run.record.monthly, run.record
    counts = monthly[..., recorder.ATTACKS]
    kinds = slice(recorder.ATTACKS_MISSION_BASE, recorder.ATTACKS_CIVILIANS + 1)
    assert (counts == monthly[..., kinds].sum(axis=2)).all()
    assert (counts == monthly[..., recorder.CLASHES : recorder.SUICIDES + 1].sum(axis=2)).all()
    months = np.array(run.params.calendar.month)
    for row, column in ((recorder.DAILY_ATTACKS, recorder.ATTACKS), (recorder.DAILY_OVERRUNS, recorder.OVERRUNS)):
        by_month = np.zeros(counts.shape)
        np.add.at(by_month, months, record.daily[row])
        assert (by_month == monthly[..., column]).all()
    on_bases = slice(recorder.ATTACKS_MISSION_BASE, recorder.ATTACKS_BORDER_BASE + 1)
    assert record.bases.attacks.sum() == monthly[..., on_bases].sum()
    assert (record.bases.attacks_since <= record.bases.attacks).all()
    assert record.bases.assaults.sum() == monthly[..., recorder.ASSAULTS].sum()
    assert record.bases.overruns.sum() == monthly[..., recorder.OVERRUNS].sum()
    assert (monthly[..., recorder.OVER_BORDER] <= counts).all()


def log(run: SteppedRun) -> None:
    """The log of events agrees with the counts by month; incidents are no events."""
    event, monthly = run.events, run.record.monthly
    assert run.record.event_count[0] == monthly[..., recorder.ATTACKS].sum() <= EVENTS
    for target in range(5):
        hit = event[event[:, recorder.EVENT_TARGET] == target]
        zones = np.bincount(hit[:, recorder.EVENT_ZONE], minlength=monthly.shape[1])
        assert (zones == monthly[..., recorder.ATTACKS_MISSION_BASE + target].sum(axis=0)).all()
    assert event[:, recorder.EVENT_RECORDED].sum() == monthly[..., recorder.RECORDED_ATTACKS].sum()
    assert (monthly[..., recorder.RECORDED_LETHAL] <= monthly[..., recorder.RECORDED_ATTACKS]).all()
    sides = monthly[..., recorder.DEATHS_MISSION : recorder.DEATHS_GROUP + 1].sum(axis=(0, 1))
    logged = event[:, recorder.EVENT_DEATHS : recorder.EVENT_DEATHS + 5].sum(axis=0)
    in_incidents = sum(incident.killed for incident in run.inputs.plan.incidents.values())
    assert (logged[2:] == sides[2:]).all()
    assert (logged[:2] <= sides[:2]).all()
    assert (sides - logged).sum() <= in_incidents
    assert run.record.daily[recorder.DAILY_DEATHS].sum() == sides[:4].sum()
    assert run.record.bases.deaths.sum() <= sides[:3].sum()


def bases(run: SteppedRun) -> None:
    """A base stays in its zone, has one holder, changes hands only by a move, and stays closed once closed."""
    count, forces = run.evening.contingents.shape[1], run.evening.forces.shape[1]
    days = np.stack([run.morning.bases, run.evening.bases], axis=1).reshape(-1, run.first.bases.shape[1])
    table = np.concatenate([run.first.bases, days])
    holder, standing = table["holder"], table["standing"]
    assert (table["zone"] == table["zone"][0]).all()
    assert ((holder >= 0) & (holder <= count + forces)).all()
    assert (holder[:, holder[0] >= count] == holder[0, holder[0] >= count]).all(), "only the mission's change hands"
    changed = np.diff(holder, axis=0) != 0
    assert (changed.sum(axis=0) <= 1 + (run.state.run.succeeded > 0)).all()
    to_host = (holder[-1] >= count) & (holder[0] < count)
    assert ((table["handed"][-1] >= 0) == to_host).all()
    assert (standing[1:][standing[:-1] == CLOSED] == CLOSED).all()
    assert (standing[:-1][standing[1:] == OPEN] == OPEN).all()
    assert np.isin(standing[:-1][(standing[1:] == RETAKEN)], (OVERRUN, RETAKEN)).all()
    assert ((run.record.bases.closed >= 0) == (run.state.bases.standing == CLOSED)).all()


def borders(run: SteppedRun) -> None:
    """Open segments stay open; funds, pressure and excitation are never negative; all numbers are finite."""
    assert (np.diff(run.evening.segments["open"].astype(int), axis=0) >= 0).all()
    assert (run.record.days.open_segments == run.evening.segments["open"].sum(axis=1)).all()
    assert (run.record.monthly >= -1e-9).all()
    for page in (run.morning, run.evening):
        for column in (
            "pressure",
            "held",
            "excited",
            "hazard",
            "effective",
            "cut",
            "strength",
            "capacity",
            "attractiveness",
        ):
            assert (page.zones[column] >= 0).all(), column
        for table in (page.zones, page.bases, page.cells, page.forces, page.run):
            floats = [name for name in table.dtype.names if table.dtype[name].base.kind == "f"]
            assert all(np.isfinite(table[name]).all() for name in floats)
    assert (run.evening.run["funds"] >= 0).all()


LAWS: tuple[Law, ...] = (troops, garrisons, host_forces, people, fighters, attacks, log, bases, borders)


def broken_laws(run: SteppedRun) -> list[str]:
    """The laws that a run breaks, with the assertion that failed."""
    failures = []
    for law in LAWS:
        try:
            law(run)
        except AssertionError as error:
            failures.append(f"{law.__name__}: {str(error).splitlines()[0] if str(error) else law.__doc__}")
    return failures


def events_that_happened(run: SteppedRun) -> dict[str, int]:
    """Counts of the events that laws are about: where none happens, a law is not tested."""
    standing, record, zones = run.state.bases.standing, run.record, run.state.zones
    return {
        "attacks": int(record.event_count[0]),
        "overruns": int(record.bases.overruns.sum()),
        "killed of the mission": int(run.state.contingents.killed.sum()),
        "bases handed over": int((run.state.bases.handed >= 0).sum()),
        "bases closed": int((standing == CLOSED).sum()),
        "bases retaken": int((record.bases.retaken >= 0).sum()),
        "successors": int(run.state.run.succeeded),
        "segments opened": int(run.state.segments.open.sum()),
        "people away": int(zones.population.sum() - zones.home.sum() - zones.dead.sum()),
    }
