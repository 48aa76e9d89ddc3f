"""Worlds as nobody would make them, and what holds in every one: nobody is lost, counted twice or less than none.

A world is made from its number alone, so `world_of(1234)` is the one that broke. The tests try some hundreds,
`benchmarks/laws.py` ten thousand.
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
from settable_values import Leaf, values
from stepped_run import Course

from atmis.kernel import recorder
from atmis.kernel.state import CLOSED, HANDED_OVER, OPEN, OVERRUN, RETAKEN
from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

FIRST = date.fromisoformat(tiny.DATA["period"]["start"])
WHOLE_EVERY = 25  # one in so many plays on the theatre of atmis, the others on the tiny one
NUMBERS = ("opposition", "host", "kenya", "society", "evidence", "reporting")
UNTOUCHED = ("opposition.cells", "opposition.mix", "kenya.agreement.start", "kenya.agreement.end")
EVENTS = 20_000
Data = dict[str, Any]


def world_of(number: int) -> Scenario:
    """The world of a number. What the records refuse (more troops leaving than there are) is drawn again."""
    dice = Random(number)
    data, numbers = _ground(number % WHOLE_EVERY == 0)
    while True:
        try:
            return build(_strange(dice, data, numbers))
        except (InputError, ValidationError):
            continue


@cache
def _ground(whole: bool) -> tuple[Data, list[Leaf]]:
    """A theatre at war, and the numbers that may be others."""
    data = _whole() if whole else helpers.change(tiny.data(), WAR)
    made = build(data)
    found = [leaf for group in NUMBERS for leaf in values(getattr(made, group), group, group)]
    return data, [leaf for leaf in found if type(leaf.value) in (int, float) and not leaf.path.startswith(UNTOUCHED)]


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


def _whole() -> Data:
    """The theatre of atmis, with something of every kind going on in a hundred days."""
    plain = {"plan": helpers.composed("scenario=no_withdrawal")["plan"]}
    cells = {"opposition.cells.fighters": 2500, "society.displacement.per_attack": 20_000}
    return helpers.change(helpers.everything(), WAR | cells | plain)


def _strange(dice: Random, ground: Data, numbers: list[Leaf]) -> Data:
    theatre, last = dict(ground["theatre"]), dice.randint(30, 80)
    changes: Data = {"period": {"start": str(FIRST), "end": on(last - 1)}}
    if len(theatre["zones"]) == 3:
        theatre = changes["theatre"] = _theatre(dice, theatre)
        changes["opposition.cells.fighters"] = dice.choice([0, 30, 100, 400])
        changes["opposition.cells.size_spread"] = dice.choice([0.0, 0.5, 2.0])
    for leaf in dice.sample(numbers, dice.choice([0, 3, 10, 30])):
        changes[leaf.path] = _number(dice, leaf)
    changes["plan"] = _plan(dice, theatre, last)
    changes["host.offensives"] = {f"front_{k}": _offensive(dice, theatre, last) for k in range(dice.randint(0, 2))}
    changes["host.shocks"] = {f"shock_{k}": _shock(dice, theatre, last) for k in range(dice.randint(0, 2))}
    steps = {segment: on(dice.randint(-10, last)) for segment in theatre["borders"] if dice.random() < 0.5}
    changes["kenya.reopening.steps"] = steps
    return helpers.change(ground, changes)


def on(day: int) -> str:
    return str(FIRST + timedelta(days=day))


def _number(dice: Random, leaf: Leaf) -> float:
    """The least, the most, something between, or near what it was."""
    low, high = leaf.low, min(leaf.high, 1000 * abs(leaf.value) + 1)
    near = min(max(leaf.value * dice.uniform(0.2, 5), low), high)
    number = dice.choice([low, high, dice.uniform(low, high), near, near])
    return round(number) if isinstance(leaf.value, int) else number


def _theatre(dice: Random, theatre: Data) -> Data:
    changes: Data = {"mission.police": dice.choice([0, 100, 400]), "mission.unassigned": dice.randint(0, 9)}
    for zone in theatre["zones"]:
        changes[f"zones.{zone}.population"] = dice.choice([0, 300, 20_000, 3_000_000])
        changes[f"zones.{zone}.fighters"] = dice.choice([0, 1, 5])
        changes[f"zones.{zone}.control"] = dice.uniform(0.01, 0.99)
        changes[f"zones.{zone}.exposure"] = dice.choice([0.0, 0.3, 1.0, 4.0])
    for contingent in theatre["contingents"]:
        changes[f"contingents.{contingent}.troops"] = dice.choice([0, 1, 250, dice.randint(0, 6000)])
    for base in theatre["bases"]:
        changes[f"bases.{base}.weight"] = dice.uniform(0.1, 3)
        changes[f"bases.{base}.garrison"] = dice.choice([0, 20, dice.randint(0, 500)])
    changes["borders.line.open"] = dice.random() < 0.3
    return helpers.change(theatre, changes)


def _plan(dice: Random, theatre: Data, last: int) -> Data:
    """A plan as nobody would make it."""
    bases = [name for name, base in theatre["bases"].items() if base["kind"] == "mission_base"]
    dice.shuffle(bases)
    contingents, names = list(theatre["contingents"]), [f"phase_{k}" for k in range(dice.randint(0, 4))]
    plan: Data = {
        "name": "generated",
        "assumes": "nothing",
        "phases": {name: _phase(dice, contingents, bases, k, len(names), last) for k, name in enumerate(names)},
        "pauses": {},
        "slips": {},
        "rules": {},
        "successor": None,
        "redeployment": {"contingent": dice.choice(contingents), "share": dice.choice([0.0, 0.3, 1.0])},
        "incidents": {},
        "replacement_days": dice.choice([0, 1, 7, 30]),
    }
    for k in range(dice.randint(0, 2) if names else 0):
        plan["pauses"][f"pause_{k}"] = _pause(dice, names, last)
        plan["slips"][f"slip_{k}"] = _slip(dice, names)
        plan["rules"][f"rule_{k}"] = _rule(dice, names, list(theatre["zones"]))
    for base in dice.sample(bases, dice.randint(0, min(3, len(bases)))):
        incident = {"base": base, "date": on(dice.randint(0, last - 1)), "abandoned": dice.random() < 0.3}
        plan["incidents"][base] = incident | {"killed": dice.choice([0, 20, 5000]), **helpers.JUDGED}
    if dice.random() < 0.4:
        plan["successor"] = _successor(dice, contingents, last)
    return plan


def _phase(dice: Random, contingents: list[str], bases: list[str], place: int, count: int, last: int) -> Data:
    span = max((last - 30) // count, 1)
    start = dice.randint(span * place, span * (place + 1)) - 5
    end = start + dice.randint(0, 30)
    some = dice.sample(contingents, dice.randint(1, len(contingents)))
    total = dice.choice([0, 1, 37, dice.randint(0, 6000)])
    troops = dice.choice([total, "all", {c: dice.randint(0, 800) for c in some}])
    made = {"start": on(start), "date": on(end), "troops": troops, **helpers.JUDGED}
    if dice.random() < 0.4:
        made["contingents"] = some
    if troops == total and dice.random() < 0.4:
        made["shares"] = {c: dice.uniform(0.1, 3.0) for c in some}
    made["police"] = dice.choice([0, 100, dice.randint(0, 400), "all"])
    for kind in ("handovers", "closures"):
        moved = [bases.pop() for _ in range(min(dice.randint(0, 5), len(bases)))]
        made[kind] = {base: {"date": dice.choice([None, on(dice.randint(start, end))])} for base in moved}
    made["remaining"] = dice.choice(["keep", "keep", "handover", "close"])
    return made


def _some(dice: Random, names: list[str]) -> list[str]:
    return dice.sample(names, dice.randint(1, len(names)))


def _pause(dice: Random, phases: list[str], last: int) -> Data:
    held = _some(dice, phases)
    return {"start": on(dice.randint(-20, last)), "days": dice.randint(0, 40), "phases": held, **helpers.JUDGED}


def _slip(dice: Random, phases: list[str]) -> Data:
    low = dice.randint(0, 30)
    late = dice.choice([low, {"low": low, "high": low + dice.randint(0, 30)}])
    return {"phase": dice.choice(phases), "days": late, **helpers.JUDGED}


def _rule(dice: Random, phases: list[str], zones: list[str]) -> Data:
    when = {
        "indicator": dice.choice(["attacks", "deaths", "overruns"]),
        "zones": dice.sample(zones, dice.randint(1, min(5, len(zones)))),
        "window_days": dice.randint(1, 40),
        "above": dice.choice([0.0, 3.0, 20.0]),
        "for_days": dice.randint(1, 5),
    }
    then, most = dice.choice(["hold", "hasten"]), dice.randint(0, 60)
    return {"when": when, "then": then, "phases": _some(dice, phases), "at_most_days": most, **helpers.JUDGED}


def _successor(dice: Random, contingents: list[str], last: int) -> Data:
    troops = {c: dice.choice([0, dice.randint(0, 6000)]) for c in dice.sample(contingents, len(contingents) // 2)}
    heirs = [c for c in troops if troops[c] > 0]
    takes_over = {c: dice.choice(heirs) for c in contingents if c not in heirs and heirs and dice.random() < 0.5}
    made = {"name": "Next", "date": on(dice.randint(20, last + 10)), "troops": troops, "takes_over": takes_over}
    return made | {"police": 50, "unassigned": dice.randint(0, 100)} | helpers.JUDGED


def _offensive(dice: Random, theatre: Data, last: int) -> Data:
    start = dice.randint(-20, last)
    troops = {force: dice.randint(0, 400) for force in theatre["host_forces"] if dice.random() < 0.5}
    made = {"name": "Front", "zones": _some(dice, list(theatre["zones"])), "intensity": dice.choice([0.5, 1.0, 5.0])}
    return made | {"start": on(start), "end": on(start + dice.randint(0, 60)), "troops": troops} | helpers.JUDGED


def _shock(dice: Random, theatre: Data, last: int) -> Data:
    force, troops = dice.choice(list(theatre["host_forces"])), dice.choice([0, 100, 3000])
    made = {"name": "Split", "date": on(dice.randint(-5, last)), "force": force, "troops": troops}
    return made | {"readiness": dice.choice([0.0, 0.3, 1.0])} | helpers.JUDGED


# --- Laws ---

Law = Callable[[Course], None]


def play(number: int) -> Course:
    """A run of the world of a number."""
    return Course(world_of(number), seed=number, events=EVENTS)


def troops(made: Course) -> None:
    """Deployed, withdrawn and killed are all who were sent; the ceiling is all who are authorised."""
    for table in (made.morning.contingents, made.evening.contingents):
        assert (table["deployed"] + table["withdrawn"] + table["killed"] == table["sent"]).all()
        assert all((table[column] >= 0).all() for column in ("authorised", "deployed", "withdrawn", "killed"))
        assert (table["deployed"] <= table["authorised"]).all()
    for column in ("sent", "withdrawn", "killed"):
        assert (np.diff(made.evening.contingents[column], axis=0) >= 0).all(), column
    staff = made.morning.run["police"] + made.morning.run["unassigned"]
    assert (staff >= 0).all()
    assert (made.record.days.ceiling == made.morning.contingents["authorised"].sum(axis=1) + staff).all()
    assert (made.record.deployed == made.morning.contingents["deployed"]).all()
    assert made.state.contingents.killed.sum() == made.record.monthly[..., recorder.DEATHS_MISSION].sum()


def garrisons(made: Course) -> None:
    """At dawn a contingent's garrisons add up to its troops while it has a base that stands; no base holds ghosts."""
    bases, contingents = made.morning.bases, made.morning.contingents
    stands = np.isin(bases["standing"], (OPEN, HANDED_OVER, RETAKEN))
    for contingent in range(contingents.shape[1]):
        own = (bases["holder"] == contingent) & (bases["segment"] < 0)
        there = np.where(own, bases["garrison"], 0.0).sum(axis=1)
        expected = np.where((own & stands).any(axis=1), contingents["deployed"][:, contingent], 0)
        assert np.allclose(there, expected, rtol=0, atol=1e-6), contingent
    for table in (bases, made.evening.bases):
        assert (table["garrison"][np.isin(table["standing"], (CLOSED, OVERRUN))] == 0).all()
        assert (table["garrison"] >= 0).all()
        assert ((table["readiness"] >= 0) & (table["readiness"] <= 1)).all()
    returned_troops = np.where(bases["segment"] >= 0, bases["garrison"], 0.0).sum(axis=1)
    plan, theatre = made.inputs.plan.redeployment, made.inputs.theatre
    home = contingents["withdrawn"][:, list(theatre.contingents).index(plan.contingent)]
    own = sum(base.garrison for base in theatre.bases.values() if base.kind == "border_base")
    assert np.allclose(returned_troops, own + np.floor(plan.share * home), rtol=0, atol=1e-6)


def host_forces(made: Course) -> None:
    """Pool and garrisons of a force change by those trained, those lost in a shock and the dead of its bases alone."""
    shape, count = made.evening.forces.shape, made.evening.contingents.shape[1]
    morning, evening = (_of_force(page, count, shape[1]) for page in (made.morning, made.evening))
    before = np.concatenate([_of_force(made.first, count, shape[1]), evening[:-1]])
    dead_before = np.concatenate([made.first.histories["deaths"], made.evening.histories["deaths"][:-1]])
    expected = np.empty(shape)
    for force in range(shape[1]):
        held = made.morning.bases["holder"] == count + force
        dead = np.where(held, made.morning.histories["deaths"] - dead_before, 0).sum(axis=1)
        expected[:, force] = before[:, force] - dead + made.morning.forces["rate"][:, force]
        for k in np.flatnonzero(made.state.shocks.force == force):
            day = int(made.state.shocks.day[k])
            if 0 <= day < len(expected):
                expected[day, force] = max(expected[day, force] - made.state.shocks.troops[k], 0)
        dead = np.where(held, made.evening.histories["deaths"] - made.morning.histories["deaths"], 0).sum(axis=1)
        assert np.allclose(evening[:, force], morning[:, force] - dead, rtol=1e-12, atol=1e-6)
    assert np.allclose(morning, expected, rtol=1e-12, atol=1e-6)
    for page in (made.morning, made.evening):
        assert (page.forces["pool"] >= -1e-9).all()


def _of_force(page: Any, contingents: int, forces: int) -> Any:
    """Troops of each host force [days, forces], in its pool and at its bases."""
    held = [
        np.where(page.bases["holder"] == contingents + k, page.bases["garrison"], 0).sum(axis=1) for k in range(forces)
    ]
    return page.forces["pool"] + np.stack(held, axis=1)


def people(made: Course) -> None:
    """At home, displaced, abroad and dead are all there were; who left and did not return is away."""
    zones, monthly = made.evening.zones, made.record.monthly
    away = zones["displaced"].sum(axis=2) + zones["abroad"]
    assert np.allclose(zones["home"] + away + zones["dead"], zones["population"], rtol=1e-12, atol=1e-6)
    for column in ("home", "displaced", "abroad", "dead"):
        assert (zones[column] >= 0).all(), column
    assert (zones["dead"][-1] == monthly[..., recorder.DEATHS_CIVILIANS].sum(axis=0)).all()
    left = monthly[..., recorder.DISPLACED_ATTACKS : recorder.DISPLACED_OFFENSIVE + 1].sum(axis=(0, 2))
    assert np.allclose(away[-1], left - monthly[..., recorder.RETURNED].sum(axis=0), rtol=1e-9, atol=1e-3)
    assert (monthly[..., recorder.CROSSED].sum(axis=0) <= left * (1 + 1e-12)).all()
    assert ((zones["control"] >= 0) & (zones["control"] <= 1)).all()


def fighters(made: Course) -> None:
    """Whole, never less than none; at the end of each month those of the first day, those who joined, less the rest."""
    found, monthly = made.evening.cells["fighters"], made.record.monthly.sum(axis=1)
    assert (found >= 0).all()
    assert (found == np.floor(found)).all()
    gone = monthly[:, [recorder.LEFT, recorder.KILLED_BY_OFFENSIVE, recorder.DEATHS_GROUP]].sum(axis=1)
    flow = (monthly[:, recorder.RECRUITED] - gone).cumsum()
    assert (monthly[:, recorder.FIGHTERS] == made.first.cells["fighters"].sum() + flow).all()


def attacks(made: Course) -> None:
    """Each attack counts once: by target, by mode, by day, by base, in the log; and so do its dead."""
    monthly, record = made.record.monthly, made.record
    counts = monthly[..., recorder.ATTACKS]
    kinds = slice(recorder.ATTACKS_MISSION_BASE, recorder.ATTACKS_CIVILIANS + 1)
    assert (counts == monthly[..., kinds].sum(axis=2)).all()
    assert (counts == monthly[..., recorder.CLASHES : recorder.SUICIDES + 1].sum(axis=2)).all()
    months = np.array(made.params.calendar.month)
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


def log(made: Course) -> None:
    """The log of events says the same as the counts by month; incidents are no events."""
    event, monthly = made.events, made.record.monthly
    assert made.record.event_count[0] == monthly[..., recorder.ATTACKS].sum() <= EVENTS
    for target in range(5):
        hit = event[event[:, recorder.EVENT_TARGET] == target]
        zones = np.bincount(hit[:, recorder.EVENT_ZONE], minlength=monthly.shape[1])
        assert (zones == monthly[..., recorder.ATTACKS_MISSION_BASE + target].sum(axis=0)).all()
    assert event[:, recorder.EVENT_RECORDED].sum() == monthly[..., recorder.RECORDED_ATTACKS].sum()
    assert (monthly[..., recorder.RECORDED_LETHAL] <= monthly[..., recorder.RECORDED_ATTACKS]).all()
    sides = monthly[..., recorder.DEATHS_MISSION : recorder.DEATHS_GROUP + 1].sum(axis=(0, 1))
    logged = event[:, recorder.EVENT_DEATHS : recorder.EVENT_DEATHS + 5].sum(axis=0)
    in_incidents = sum(incident.killed for incident in made.inputs.plan.incidents.values())
    assert (logged[2:] == sides[2:]).all()
    assert (logged[:2] <= sides[:2]).all()
    assert (sides - logged).sum() <= in_incidents
    assert made.record.daily[recorder.DAILY_DEATHS].sum() == sides[:4].sum()
    assert made.record.bases.deaths.sum() <= sides[:3].sum()


def bases(made: Course) -> None:
    """A base stays where it is, has one holder, changes hands by a move only, and is closed for good."""
    count, forces = made.evening.contingents.shape[1], made.evening.forces.shape[1]
    days = np.stack([made.morning.bases, made.evening.bases], axis=1).reshape(-1, made.first.bases.shape[1])
    table = np.concatenate([made.first.bases, days])
    holder, standing = table["holder"], table["standing"]
    assert (table["zone"] == table["zone"][0]).all()
    assert ((holder >= 0) & (holder <= count + forces)).all()
    assert (holder[:, holder[0] >= count] == holder[0, holder[0] >= count]).all(), "only the mission's change hands"
    changed = np.diff(holder, axis=0) != 0
    assert (changed.sum(axis=0) <= 1 + (made.state.run.succeeded > 0)).all()
    to_host = (holder[-1] >= count) & (holder[0] < count)
    assert ((table["handed"][-1] >= 0) == to_host).all()
    assert (standing[1:][standing[:-1] == CLOSED] == CLOSED).all()
    assert (standing[:-1][standing[1:] == OPEN] == OPEN).all()
    assert np.isin(standing[:-1][(standing[1:] == RETAKEN)], (OVERRUN, RETAKEN)).all()
    assert ((made.record.bases.closed >= 0) == (made.state.bases.standing == CLOSED)).all()


def borders(made: Course) -> None:
    """What has opened stays open; funds, pressure and excitation are never below nothing; all is finite."""
    assert (np.diff(made.evening.segments["open"].astype(int), axis=0) >= 0).all()
    assert (made.record.days.open_segments == made.evening.segments["open"].sum(axis=1)).all()
    assert (made.record.monthly >= -1e-9).all()
    for page in (made.morning, made.evening):
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
    assert (made.evening.run["funds"] >= 0).all()


LAWS: tuple[Law, ...] = (troops, garrisons, host_forces, people, fighters, attacks, log, bases, borders)


def broken(made: Course) -> list[str]:
    """The laws that a run breaks."""
    found = []
    for law in LAWS:
        try:
            law(made)
        except AssertionError as error:
            found.append(f"{law.__name__}: {str(error).splitlines()[0] if str(error) else law.__doc__}")
    return found


def happened(made: Course) -> dict[str, int]:
    """What a run had of things that a law is about; where none of it happens a law says nothing."""
    standing, record, zones = made.state.bases.standing, made.record, made.state.zones
    return {
        "attacks": int(record.event_count[0]),
        "overruns": int(record.bases.overruns.sum()),
        "killed of the mission": int(made.state.contingents.killed.sum()),
        "bases handed over": int((made.state.bases.handed >= 0).sum()),
        "bases closed": int((standing == CLOSED).sum()),
        "bases retaken": int((record.bases.retaken >= 0).sum()),
        "successors": int(made.state.run.succeeded),
        "segments opened": int(made.state.segments.open.sum()),
        "people away": int(zones.population.sum() - zones.home.sum() - zones.dead.sum()),
    }
