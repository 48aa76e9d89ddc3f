"""Helpers for many tests: scenarios from plain data, runs, comparison of bytes, scenarios with every mechanism."""

import hashlib
import pickle
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np

from atmis.kernel import parameters, recorder
from atmis.kernel import schedule as days
from atmis.kernel.parameters import Parameters
from atmis.kernel.recorder import Record
from atmis.kernel.rng import Stream
from atmis.kernel.state import LISTS, State
from atmis.kernel.state import copy as copy_state
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario.build import build
from atmis.scenario.compose import compose, conf_folder
from atmis.scenario.scenario import Scenario

JUDGED = {"class": "assumed", "source": ["judgement"]}
Data = dict[str, Any]
Run = tuple[State, Record]


def choices(group: str) -> list[str]:
    """Names of the YAML files of a group of conf/."""
    return sorted(path.stem for path in (conf_folder() / group).glob("*.yaml"))


@cache
def _composed(overrides: tuple[str, ...]) -> bytes:
    return pickle.dumps(compose(list(overrides))[0])


def composed(*overrides: str) -> Data:
    """A composed configuration as plain data, a copy for each caller; without draws unless an override sets them."""
    return pickle.loads(_composed(("draws=none", *overrides)))


def change(data: Data, changes: Mapping[str, Any]) -> Data:
    """A copy of data with values set at dotted keys; missing keys are added."""
    changed = dict(data)
    for key, value in changes.items():
        *path, last = key.split(".")
        place: Any = changed
        for part in path:
            step = int(part) if isinstance(place, list) else part
            place[step] = list(place[step]) if isinstance(place[step], list) else dict(place[step])
            place = place[step]
        place[int(last) if isinstance(place, list) else last] = value
    return changed


def scenario(name: str = "planned", changes: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by name, with values changed at dotted keys."""
    return build(change(composed(f"scenario={name}"), changes or {}))


def run(inputs: Scenario | Data, seed: int = 1, replicate: int = 0) -> Run:
    """State after the last day and record of one compiled run."""
    scenario = inputs if isinstance(inputs, Scenario) else build(inputs)
    return ensemble.run_one(RunInputs.of(scenario), seed, replicate)


def start(
    inputs: Scenario, seed: int = 1, replicate: int = 0, events: int = 0
) -> tuple[Parameters, State, Record, Stream]:
    """A run before its first day, to be stepped from Python."""
    params, first = parameters.build(inputs)
    state, stream = copy_state(first), Stream(seed, replicate, int(params.dates.epoch))
    record = recorder.allocate(params, state, events)
    days.begin(params, state, stream)
    return params, state, record, stream


def by_day(inputs: Scenario, seed: int = 1, replicate: int = 0) -> Iterator[tuple[int, State, Record]]:
    """Run day by day, yielding state and record as they are at the end of each day."""
    params, state, record, stream = start(inputs, seed, replicate)
    for day in range(inputs.period.days):
        days.open_day(params, state, record, stream, day)
        days.act_all(params, state, record, stream, day)
        days.close_day(params, state, record, stream, day)
        yield day, state, record


def arrays(*tables: State | Record) -> dict[str, Any]:
    """Arrays of states and records by name, without the lists of a single day; of events only those logged."""
    by_name = {
        f"{type(t).__name__}.{name}": getattr(t, name) for t in tables for name in t._fields if name not in LISTS
    }
    if "Record.events" in by_name:
        by_name["Record.events"] = by_name["Record.events"][: int(by_name["Record.event_count"][0])]
    return by_name


def digest(*tables: State | Record) -> str:
    """Hash of all bytes of a state, a record or both."""
    hashed = hashlib.sha256()
    for name, array in arrays(*tables).items():
        hashed.update(name.encode() + np.asarray(array).tobytes())
    return hashed.hexdigest()


def differing(first: State | Record, second: State | Record) -> list[str]:
    """Names of the arrays whose bytes differ."""
    left, right = arrays(first), arrays(second)
    return [name for name in left if np.asarray(left[name]).tobytes() != np.asarray(right[name]).tobytes()]


def keep_one_country(data: Data, country: str) -> None:
    """Leave the zones of one country in composed data, without bases, borders, sectors, offensives and a reopening."""
    theatre = data["theatre"]
    theatre["zones"] = {name: zone for name, zone in theatre["zones"].items() if zone["country"] == country}
    theatre["neighbours"] = [pair for pair in theatre["neighbours"] if set(pair) <= set(theatre["zones"])]
    theatre.update(borders={}, bases={}, sectors={})
    for contingent in theatre["contingents"].values():
        contingent["sectors"] = []
    data["kenya"]["reopening"]["steps"] = {}
    data["host"]["offensives"] = {}


def everything() -> Data:
    """A scenario in which every mechanism is switched on and something of every kind happens."""
    return pickle.loads(_everything())


@cache
def _everything() -> bytes:
    data = composed("scenario=actual", "evidence=smidt")
    plan, theatre = data["plan"], data["theatre"]
    for name, kind, holder, zone, more in (
        # None of these has ever existed, but a theatre may have them, and there are parameters for them.
        ("a_host_base_in_kenya", "host_base", "federal_army", "mandera", {"garrison": 100}),
        ("a_mission_base_in_kenya", "mission_base", "djibouti", "garissa", {}),
        ("a_border_base_in_somalia", "border_base", "kenya_home", "gedo", {"garrison": 80, "border": "mandera_gedo"}),
    ):
        base = {"name": name, "kind": kind, "holder": holder, "zone": zone, "at": [0.2, 41.6], "placed": "synthetic"}
        theatre["bases"][name] = base | more | JUDGED
    theatre["borders"]["wajir_gedo"]["open"] = True
    data["kenya"]["reopening"]["steps"] = composed("scenario=planned")["kenya"]["reopening"]["steps"]
    plan["phases"]["phase_2"] |= {"shares": {"burundi": 1.0, "kenya": 1.5, "uganda": 1.2}}
    plan["phases"]["phase_3"] |= {"contingents": ["burundi", "ethiopia", "kenya", "uganda"], "police": 100}
    plan["phases"]["phase_4"] |= {"troops": {"ethiopia": 150, "uganda": 250}, "remaining": "keep"}
    plan["pauses"] = {"request": {"start": "2023-09-19", "days": 40, "phases": ["phase_2"], **JUDGED}}
    plan["slips"] = {
        "drawn": {"phase": "phase_3_second_half", "days": {"low": 3, "high": 40}, **JUDGED},
        "fixed": {"phase": "phase_3", "days": 12, **JUDGED},
    }
    plan["rules"] = {
        "wait": _rule("attacks", ["gedo", "lower_juba"], 20.0, "hold", ["phase_2", "phase_3"]),
        "flee": _rule("deaths", ["lower_shabelle"], 40.0, "hasten", ["phase_3_second_half"]),
        "halt": _rule("overruns", ["lower_juba", "bay"], 0.0, "hold", ["phase_1"]),
    }
    plan["redeployment"]["share"] = 0.5
    plan["incidents"] = {
        "kolbiyow": {"base": "kolbiyow", "date": "2022-09-01", "killed": 30, "abandoned": False, **JUDGED},
        "badhaadhe": {"base": "badhaadhe", "date": "2022-10-01", "killed": 20, "abandoned": True, **JUDGED},
    }
    front = {"name": "Front", "intensity": 0.8, **JUDGED}
    data["host"]["offensives"]["jubaland"] = front | {
        "zones": ["gedo", "lower_juba"], "start": "2023-10-01", "end": "2024-06-30", "troops": {"jubaland_forces": 300},
    }  # fmt: skip
    data["host"]["shocks"]["split"] = {
        "name": "Split", "date": "2024-03-11", "force": "jubaland_forces", "troops": 3000, "readiness": 0.3, **JUDGED,
    }  # fmt: skip
    changes = {
        "host.generation.jubaland_forces": {"pool": 400, "rate": 1.5},
        "host.generation.regional_forces": {"pool": 50, "rate": 0.2},
        "kenya.reopening.threshold": 7,
        "kenya.agreement.end": "2025-09-24",
        "opposition.attacks.rate": 0.012,
        "opposition.attacks.spoiling": 0.5,
        "opposition.attacks.season": [1.1, 0.9, 1.2, 0.8, 1, 1.3, 0.7, 1, 1.05, 0.95, 1, 1],
        "opposition.assault.massing": 0.3,
        "opposition.assault.newly_held": 8.0,
        "opposition.assault.newly_held_days": 400.0,
        "opposition.relocation.rate": 0.005,
        "opposition.response.losses": 0.1,
        "evidence.attacks": 0.1,
        "evidence.civilians": 0.1,
        "evidence.neighbours": 0.05,
    }
    return pickle.dumps(change(data, changes))


def _rule(indicator: str, zones: list[str], above: float, then: str, phases: list[str]) -> Data:
    when = {"indicator": indicator, "zones": zones, "window_days": 30, "above": above, "for_days": 5}
    return {"when": when, "then": then, "phases": phases, "at_most_days": 60, **JUDGED}


def eventful(length: int = 40) -> Data:
    """A short period in which everything happens: two phases, the successor, assaults, moves, shocks."""
    last = np.datetime64("2024-12-20") + np.timedelta64(length - 1, "D")
    changes = {
        "period": {"start": "2024-12-20", "end": str(last)},
        "opposition.cells.fighters": 3000,
        "opposition.attacks.rate": 0.2,
        "opposition.recruitment.review_days": 7,
        "opposition.recruitment.growth": 0.1,
        "host.offensive.attrition": 0.01,
        "opposition.relocation.rate": 0.05,
        "host.offensives.jubaland.start": "2024-12-23",
        "host.offensives.jubaland.end": "2025-01-04",
        "host.shocks.split.date": "2024-12-27",
        "plan.incidents.kolbiyow.date": "2024-12-22",
        "plan.replacement_days": 12,
        "plan.phases.phase_4.date": "2024-12-31",
    }
    data = change(everything(), changes)
    for rule in data["plan"]["rules"].values():
        rule["when"] |= {"window_days": 5, "above": 1.0, "for_days": 2}
        rule["phases"] = ["phase_4", "phase_3_second_half"]
    return data
