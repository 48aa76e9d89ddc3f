"""Metamorphic relations: what must hold between two runs whatever each of them is, over 200 seeds.

On the tiny theatre, where all that can go on does. A relation is a function whose first line says it.
"""

import datetime
import json
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from helpers import change
from tiny_theatre import ALPHA, BRAVO, CHARLIE, DATA, SOURCED, data, date_of, phase

from atmis.analysis.comparison import compare
from atmis.kernel import parameters, recorder
from atmis.kernel.state import copy
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs
from atmis.scenario import neutral
from atmis.scenario.build import build

SEEDS = range(1, 201)
FRONT = {"name": "Front", "zones": ["charlie"], "intensity": 1.0, "troops": {"guard": 10}, **SOURCED}
SHOCK = {"name": "Split", "date": date_of(44), "force": "army", "troops": 60, "readiness": 0.5, **SOURCED}
DATED = {"c_fort": {"date": date_of(50)}, "e_fort": {"date": date_of(55)}}
# Ninety days in which every mechanism is at work.
LIVELY: dict[str, Any] = {
    "plan.phases": {
        "one": phase(5, 24, {"eagle": 200}, police=10),
        "two": phase(40, 60, 300, handovers=DATED, police=20),
    },
    "plan.redeployment.share": 0.5,
    "plan.replacement_days": 20,
    "host.offensives": {"push": FRONT | {"start": date_of(30), "end": date_of(50)}},
    "kenya.reopening": {
        "steps": {"line": date_of(35)}, "threshold": 50, "window_days": 10, "postponed_days": 15,
        "unconditional": False,
    },
    "opposition.cells": {"fighters": 600, "mean_size": 20, "size_spread": 0.5},
    "opposition.tempo.spread": 0.4,
    "opposition.excitation.branching": 0.3,
    "opposition.severity.tail": 0.1,
    "opposition.severity.spread": 0.8,
    "opposition.recruitment.funds": 0.3,
    "opposition.response.per_troops": 0.1,
    "society.displacement.returns": 0.01,
    "opposition.assault.massing": 0.3,
    "opposition.assault.even_odds": 1.5,
    "opposition.assault.commitment": 1.0,
}  # fmt: skip
for _name, _value in {
    "rate": 0.03, "opportunity": 1.0, "raids": 0.2, "closed_border": 0.5, "border_troops": 0.3, "coordination": 0.2,
    "spoiling": 0.5, "base_spread": 1.0,
}.items():  # fmt: skip
    LIVELY[f"opposition.attacks.{_name}"] = _value
LIVELY |= {"evidence.attacks": 0.2, "evidence.neighbours": 0.05, "evidence.civilians": 0.1, "evidence.spike": 0.1}
# Attacks without any consequences.
BARE = neutral.switched_off(
    ["relocation", "recruitment", "response", "deaths", "tempo", "excitation", "massing", "spoiling", "reopening"], DATA
) | {"society.control.fighters": 0.0, "society.control.presence": 0.0, "plan.phases": LIVELY["plan.phases"]}
STATE = ("contingents", "forces", "bases", "cells", "zones", "segments", "regions", "run")
Runs = dict[str, Any]


def lively(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The lively scenario as plain data, with changes by dotted key."""
    return change(data(LIVELY), changes or {})


def runs(
    inputs: dict[str, Any],
    seeds: Any = SEEDS,
    keys: Callable[[Any, Any], None] = lambda made, state: None,
    epoch: int | None = None,
) -> Runs:
    """Record and last state of each seed by name, [seeds, ...]. `keys` may change the keys of draws."""
    scenario, made, first = RunInputs.of(build(inputs))
    first = copy(first)
    keys(made, first)
    if epoch is not None:
        dates = made.dates.copy()
        dates["epoch"] = epoch
        made = made._replace(dates=dates)
    results: dict[str, list[Any]] = {}
    for seed in seeds:
        state, record = ensemble.run_one(RunInputs(scenario, made, first), seed, 1)
        parts = {name: getattr(record, name) for name in ("daily", "days", "deployed", "monthly")}
        parts |= {"histories": record.bases} | {name: getattr(state, name) for name in STATE}
        for name, table in parts.items():
            results.setdefault(name, []).append(np.asarray(table))
    return {name: np.stack(tables) for name, tables in results.items()}


@cache
def base() -> Runs:
    return runs(lively())


def differing(first: Runs, second: Runs) -> set[str]:
    """Tables that differ in any byte."""
    return {name for name in first if first[name].tobytes() != second[name].tobytes()}


def near(first: Any, second: Any) -> bool:
    return np.allclose(first, second, rtol=1e-9, atol=1e-9)


def column(results: Runs, *indicators: int) -> Any:
    """Some indicators, added up over the months: [seeds, zones]."""
    return results["monthly"][..., list(indicators)].sum(axis=(1, 3))


def attacks(results: Runs) -> Any:
    """Attacks [seeds, days, zones]."""
    return results["daily"][:, recorder.DAILY_ATTACKS].astype(int)


# --- Identical until the first difference ---

PAUSE = {"start": date_of(45), "days": 10, "phases": ["two"], **SOURCED}
OFTEN = {"indicator": "attacks", "zones": ["bravo"], "window_days": 30, "above": 0, "for_days": 20}
RULE = {"when": OFTEN, "then": "hold", "phases": ["two"], "at_most_days": 30, **SOURCED}
FALL = {"base": "d_fort", "date": date_of(33), "killed": 30, "abandoned": False, **SOURCED}
NEXT = {"name": "Next", "date": date_of(70), "troops": {"eagle": 400}, "police": 9, "unassigned": 1, **SOURCED}
# What differs, and the first day on which it can: dates of moves matter five days before (spoiling).
FIRST: dict[str, tuple[dict[str, Any], int]] = {
    "more troops leave in a phase": ({"plan.phases.two.troops": 400}, 40),
    "a phase ends sooner": ({"plan.phases.one.date": date_of(20)}, 5),
    "a handover comes later": ({"plan.phases.two.handovers.e_fort.date": date_of(58)}, 50),
    "a closure for a handover": (
        {
            "plan.phases.two.handovers": {"e_fort": DATED["e_fort"]},
            "plan.phases.two.closures": {"c_fort": DATED["c_fort"]},
        },
        50,
    ),
    "a pause": ({"plan.pauses": {"halt": PAUSE}}, 45),
    "a slip": ({"plan.slips": {"late": {"phase": "two", "days": 7, **SOURCED}}}, 40),
    "a slip that is drawn": ({"plan.slips": {"late": {"phase": "two", "days": {"low": 1, "high": 9}, **SOURCED}}}, 40),
    "a rule that holds": ({"plan.rules": {"wait": RULE}}, 40),
    "a rule that hastens": ({"plan.rules": {"flee": RULE | {"then": "hasten"}}}, 20),
    "an incident": ({"plan.incidents": {"fall": FALL}}, 33),
    "a successor": ({"plan.successor": NEXT}, 65),
    "rotation every 30 days": ({"plan.replacement_days": 30}, 19),
    "no redeployment": ({"plan.redeployment.share": 0.0}, 5),
    "a longer offensive": ({"host.offensives.push.end": date_of(60)}, 51),
    "another offensive": ({"host.offensives.more": FRONT | {"start": date_of(62), "end": date_of(70)}}, 62),
    "a shock": ({"host.shocks": {"split": SHOCK}}, 44),
    "a step of the border": ({"kenya.reopening.steps": {"line": date_of(45)}}, 30),
    "a later agreement": ({"kenya.agreement.start": date_of(12)}, 11),
    "officers who stay longer": ({"kenya.haiti.end": date_of(75)}, 71),
    "a season in June": ({"opposition.attacks.season": [1.0] * 5 + [2.0] + [1.0] * 6}, 61),
}


@pytest.mark.parametrize("name", FIRST)
def test_runs_are_the_same_until_the_first_difference(name):
    changes, day = FIRST[name]
    there, other = base(), runs(lively(changes))
    for table, of in (("daily", np.s_[:, :, :day]), ("days", np.s_[:, :day]), ("deployed", np.s_[:, :day])):
        assert there[table][of].tobytes() == other[table][of].tobytes(), table
    if day >= 30:  # April is over
        assert there["monthly"][:, 0].tobytes() == other["monthly"][:, 0].tobytes()
    assert differing(there, other), "and it makes a difference"


# --- What changes nothing ---

NOTHING = {
    "a slip of no days": {"plan.slips": {"none": {"phase": "two", "days": 0, **SOURCED}}},
    "a pause of no days": {"plan.pauses": {"none": PAUSE | {"days": 0}}},
    "a pause of no phase": {"plan.pauses": {"none": PAUSE | {"phases": []}}},
    "a rule that is spent": {"plan.rules": {"none": RULE | {"at_most_days": 0}}},
    "a rule that nothing meets": {"plan.rules": {"none": RULE | {"when": OFTEN | {"above": 1e6}}}},
    "a phase of nobody": {"plan.phases.none": phase(10, 20, 0)},
    "a phase after the end": {"plan.phases.none": phase(100, 120, 77)},
    "a shock of nothing": {"host.shocks": {"none": SHOCK | {"troops": 0, "readiness": 0.0}}},
    "an offensive of no force": {
        "host.offensives.none": FRONT | {"start": date_of(10), "end": date_of(60), "intensity": 0.0, "troops": {}}
    },
    "an agreement without gain": {"kenya.agreement.gain": 0.0, "kenya.agreement.ramp_days": 3},
}


@pytest.mark.parametrize("name", NOTHING)
def test_changes_without_effect_change_nothing(name):
    there = base()
    if "agreement" in name:
        there = runs(lively({"kenya.agreement.gain": 0.0}))
    assert differing(there, runs(lively(NOTHING[name]))) == set()


RELATIONS: dict[str, Callable[[], None]] = {}


def relation(holds: Callable[[], None]) -> Callable[[], None]:
    """Register a relation that must hold between runs; the function asserts it."""
    RELATIONS[holds.__name__] = holds
    return holds


# --- Order ---


@relation
def order_of_replicates():
    """A run depends on its own seed alone, not on those before it."""
    backwards = runs(lively(), reversed(SEEDS))
    assert differing(base(), {name: table[::-1] for name, table in backwards.items()}) == set()


@relation
def another_scenario_in_between():
    """Runs of another scenario leave nothing behind."""
    runs(lively({"plan.phases": {}}), SEEDS[:5])
    assert differing(base(), runs(lively())) == set()


@relation
def a_scenario_added_to_a_comparison():
    """The differences of the others stay the same, to the last digit."""
    made = {
        name: ensemble.simulate(build(lively(changes)), len(SEEDS), workers=1)
        for name, changes in {"a": {}, "b": {"plan.pauses": {"halt": PAUSE}}, "c": {"plan.phases": {}}}.items()
    }
    both = compare({name: made[name] for name in "ab"}, "a")
    assert both
    assert [row for row in compare(made, "a") if row.scenario == "b"] == both


@relation
def order_of_keys():
    """The order of keys has no meaning, nor that of unordered lists."""
    dice = Random(1)

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            dice.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return value

    mixed = shuffled(lively())
    mixed["theatre"]["neighbours"] = [pair[::-1] for pair in reversed(mixed["theatre"]["neighbours"])]
    assert list(mixed["theatre"]["zones"]) != list(DATA["theatre"]["zones"]) or list(mixed) != list(DATA)
    assert differing(base(), runs(mixed)) == set()


# --- Other names: draws belong to zones, cells, bases, regions and slips, so their keys are carried over ---


def with_names(names: dict[str, str]) -> dict[str, Any]:
    """The lively scenario with other names."""
    text = json.dumps(lively())
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return json.loads(text)


@relation
def other_names_of_phases():
    """Phases are ordered by their dates."""
    assert differing(base(), runs(with_names({"one": "z_first", "two": "a_second"}))) == set()


@relation
def contingents_in_another_order():
    """Their rows change places; nothing else changes."""
    there, other = base(), runs(with_names({"eagle": "vulture"}))
    assert (there["deployed"] == other["deployed"][..., ::-1]).all()
    holder = np.array([1, 0, 2, 3, 4])[other["bases"]["holder"]]
    assert (there["bases"]["holder"] == holder).all()
    assert differing(there, other) <= {"deployed", "contingents", "bases"}


@relation
def host_forces_in_another_order():
    """Their rows change places; nothing else changes."""
    there, other = base(), runs(with_names({"army": "old_guard"}))
    assert near(there["forces"]["pool"], other["forces"]["pool"][:, ::-1])
    assert (there["bases"]["holder"] == np.array([0, 1, 3, 2, 4])[other["bases"]["holder"]]).all()
    assert (there["daily"] == other["daily"]).all()
    assert near(there["monthly"], other["monthly"])


@relation
def zones_in_another_order():
    """With bravo last, each zone has what it had. (Without assaults, whose losses fall on cells in their order.)"""

    def carry(made: Any, state: Any) -> None:
        _, own = parameters.build(build(lively()))
        for new, old in ((0, ALPHA), (1, CHARLIE), (2, BRAVO)):
            state.cells.key[state.cells.home == new] = own.cells.key[own.cells.home == old]

    calm, places = {"opposition.assault.massing": 0.0}, [0, 2, 1]
    there, other = runs(lively(calm)), runs(change(with_names({"bravo": "zulu"}), calm), keys=carry)
    assert (there["daily"] == other["daily"][..., places]).all()
    assert near(there["monthly"], other["monthly"][:, :, places])
    assert near(there["zones"]["control"], other["zones"]["control"][:, places])
    assert (there["deployed"] == other["deployed"]).all()
    assert (there["histories"] == other["histories"]).all()


@relation
def bases_in_another_order():
    """With those of charlie before those of bravo, each base has what it had."""
    names = {"e_fort": "b_to_e", "f_fort": "b_to_f", "h_hold": "b_to_h"}
    places = [0, 1, 5, 6, 2, 3, 7, 4]  # positions of c, d, e, f, g, h among the new names: e, f, h are at 2, 3, 4

    def carry(made: Any, state: Any) -> None:
        _, own = parameters.build(build(lively()))
        state.bases.key[places] = own.bases.key

    there, other = base(), runs(with_names(names), keys=carry)
    assert (there["daily"] == other["daily"]).all()
    assert near(there["monthly"], other["monthly"])
    assert (there["histories"] == other["histories"][:, places]).all()
    for field in ("garrison", "readiness", "standing", "holder"):
        assert near(there["bases"][field], other["bases"][field][:, places]), field


# --- Time ---


@relation
def a_longer_period():
    """It begins with the shorter one."""
    there, longer = base(), runs(lively({"period.end": date_of(149)}))
    assert (there["daily"] == longer["daily"][:, :, :90]).all()
    assert there["days"].tobytes() == longer["days"][:, :90].tobytes()
    assert (there["deployed"] == longer["deployed"][:, :90]).all()
    assert there["monthly"][:, :2].tobytes() == longer["monthly"][:, :2].tobytes()


@relation
def all_dates_shifted():
    """Without seasons a run has no calendar: 11 days later, with the draws of the first dates, all is the same."""

    def later(results: "re.Match[str]") -> str:
        return str(datetime.date.fromisoformat(results[0]) + datetime.timedelta(days=11))

    shifted = json.loads(re.sub(r"\d{4}-\d\d-\d\d", later, json.dumps(lively())))
    other = runs(shifted, epoch=datetime.date(2022, 4, 1).toordinal())
    assert shifted["period"]["start"] == "2022-04-12"
    assert differing(base(), other) <= {"monthly"}
    sums = slice(0, recorder.FIGHTERS)
    assert near(base()["monthly"][..., sums].sum(axis=1), other["monthly"][..., sums].sum(axis=1))


# --- Parts ---


def same_record(first: Runs, second: Runs) -> None:
    """Assert equal records; tables of the plan itself may be longer."""
    assert (
        differing(first, second) & {"daily", "days", "deployed", "monthly", "histories", "contingents", "bases"}
        == set()
    )


@relation
def a_phase_in_two_halves():
    """200 in twenty days equal 100 in ten and 100 in the next ten."""
    halves = {"a": phase(5, 14, {"eagle": 100}), "b": phase(15, 24, {"eagle": 100}, police=10)}
    same_record(base(), runs(lively({"plan.phases": halves | {"two": LIVELY["plan.phases"]["two"]}})))


@relation
def a_pause_in_two_parts():
    """Ten days from day 45 equal four and then six."""
    parts = {"a": PAUSE | {"days": 4}, "b": PAUSE | {"start": date_of(49), "days": 6}}
    same_record(runs(lively({"plan.pauses": {"halt": PAUSE}})), runs(lively({"plan.pauses": parts})))


@relation
def slips_add_up():
    """A slip of seven days equals slips of three and four."""
    late = {"phase": "two", **SOURCED}
    two = {"a": late | {"days": 3}, "b": late | {"days": 4}}
    same_record(runs(lively({"plan.slips": {"a": late | {"days": 7}}})), runs(lively({"plan.slips": two})))


@relation
def an_offensive_of_two_halves():
    """Two of half the intensity and half the troops equal one."""
    half = FRONT | {"start": date_of(30), "end": date_of(50), "intensity": 0.5, "troops": {"guard": 5}}
    same_record(base(), runs(lively({"host.offensives": {"a": half, "b": half}})))


@relation
def a_shock_of_two_halves():
    """Two of half the troops on one day equal one."""
    half = SHOCK | {"troops": 30, "readiness": 0.0}
    one = runs(lively({"host.shocks": {"a": half | {"troops": 60}}}))
    other = runs(lively({"host.shocks": {"a": half, "b": half}}))
    assert (one["daily"] == other["daily"]).all()
    assert near(one["monthly"], other["monthly"])


@relation
def a_base_of_two_halves():
    """In peace a base of weight 2 equals two of weight 1 in the same place."""
    peace = {"opposition.attacks.rate": 0.0}
    halves = {**DATA["theatre"]["bases"], "c_too": DATA["theatre"]["bases"]["c_fort"] | {"weight": 1}}
    halves["c_fort"] = halves["c_too"]
    both = DATED | {"c_too": DATED["c_fort"]}
    one = runs(lively(peace))
    other = runs(lively(peace | {"theatre.bases": halves, "plan.phases.two.handovers": both}))
    assert near(one["monthly"], other["monthly"])
    assert near(one["zones"]["effective"], other["zones"]["effective"])
    assert near(one["forces"]["pool"], other["forces"]["pool"])


# --- Units: relative values may have any unit; factors are powers of two, so that not a bit may change ---


@relation
def exposures_are_relative_to_the_rate():
    """Twice the exposure at half the rate is the same."""
    changes = {f"theatre.zones.{zone}.exposure": 2.0 for zone in DATA["theatre"]["zones"]}
    same_record(base(), runs(lively(changes | {"opposition.attacks.rate": 0.015})))


@relation
def weights_of_targets_are_relative():
    """All four times as heavy: the same choices."""
    weights = {
        f"opposition.targets.{country}.{target}": 4.0 * weight
        for country, targets in DATA["opposition"]["targets"].items()
        for target, weight in targets.items()
    }
    assert differing(base(), runs(lively(weights))) == set()


@relation
def weights_of_bases_are_relative():
    """All twice as heavy, and half of what a base of weight 1 needs: the same garrisons."""
    weights = {f"theatre.bases.{name}.weight": 2.0 * b["weight"] for name, b in DATA["theatre"]["bases"].items()}
    same = {"daily", "days", "deployed", "monthly", "histories", "zones"}
    other = runs(lively(weights | {"host.garrisons.handover": 60}))
    assert differing(base(), other) & same == set()
    assert (base()["bases"]["garrison"] == other["bases"]["garrison"]).all()


@relation
def weights_of_fighters_are_relative():
    """All four times: the same cells."""
    weights = {f"theatre.zones.{name}.fighters": 4.0 * z["fighters"] for name, z in DATA["theatre"]["zones"].items()}
    assert differing(base(), runs(lively(weights))) == set()


@relation
def police_are_counted_and_no_more():
    """50 more police raise the ceiling by 50 and change nothing else."""
    there, other = base(), runs(lively({"theatre.mission.police": 150}))
    assert differing(there, other) == {"days", "run"}
    assert (other["days"]["ceiling"] == there["days"]["ceiling"] + 50).all()
    assert all(
        (there["days"][name] == other["days"][name]).all() for name in there["days"].dtype.names if name != "ceiling"
    )


@relation
def claims_are_words():
    """Twice the inflation doubles what is claimed and changes nothing else."""
    there, other = base(), runs(lively({"reporting.inflation": 6.0}))
    assert differing(there, other) == {"monthly"}
    apart = there["monthly"] != other["monthly"]
    assert set(np.flatnonzero(apart.any(axis=(0, 1, 2)))) == {recorder.CLAIMED_DEATHS}
    assert (2 * column(there, recorder.CLAIMED_DEATHS) == column(other, recorder.CLAIMED_DEATHS)).all()


@relation
def displaced_by_attacks_in_proportion():
    """Twice the people for each attack doubles those displaced by attacks, and changes only where people are."""
    there, other = base(), runs(lively({"society.displacement.per_attack": 200}))
    apart = set(np.flatnonzero((there["monthly"] != other["monthly"]).any(axis=(0, 1, 2))))
    people = {recorder.DISPLACED_ATTACKS, recorder.DISPLACED_OFFENSIVE, recorder.RETURNED, recorder.CROSSED}
    assert apart <= people | {recorder.DISPLACED, recorder.ABROAD}
    least = there["zones"]["home"].min() > 200
    assert least
    assert (2 * column(there, recorder.DISPLACED_ATTACKS) == column(other, recorder.DISPLACED_ATTACKS)).all()


# --- What cancels out, or acts in one way only ---


@relation
def gain_and_loss_of_capability_cancel():
    """A quarter more by the agreement and a quarter less by Haiti is as without both."""
    span = {"start": date_of(-30), "end": date_of(200)}
    both = {
        "kenya.agreement": span | {"gain": 0.25, "ramp_days": 20},
        "kenya.haiti": span | {"officers": 250, "manpower": 1000},
    }
    neither = {
        "kenya.agreement": span | {"gain": 0.0, "ramp_days": 20},
        "kenya.haiti": span | {"officers": 0, "manpower": 1000},
    }
    assert differing(runs(lively(both)), runs(lively(neither))) == set()


@relation
def an_opening_that_hinders_nobody():
    """Where a closed border hinders nobody, its opening changes nothing else."""
    free = {
        "opposition.attacks.closed_border": 0.0,
        "society.displacement.closed": 1.0,
        "opposition.attacks.spoiling": 0.0,
    }
    there, other = runs(lively(free)), runs(lively(free | {"kenya.reopening.steps": {}}))
    assert there["days"]["open_segments"].sum() > 0 == other["days"]["open_segments"].sum()
    assert differing(there, other) == {"days", "segments"}


@relation
def reporting_acts_on_nothing():
    """At 1 everything is recorded, at 0 nothing, in between some; what happens stays the same."""
    results = []
    for seen in (0.0, 0.3, 0.7, 1.0):
        detection = {"lethal": seen, "harmless": seen}
        results.append(runs(lively({"reporting.kenya": detection, "reporting.somalia": detection})))
    records = slice(recorder.RECORDED_ATTACKS, recorder.CLAIMED_DEATHS)
    for one in results:
        one["records"] = one["monthly"][..., records].copy()
        one["monthly"][..., records] = 0
        assert differing(results[0], one) <= {"records"}
    none, few, many, every = (one["records"] for one in results)
    assert (none == 0).all()
    assert (few <= many).all()
    assert (many <= every).all()
    assert (every[..., 0] == results[0]["monthly"][..., recorder.ATTACKS]).all()


@relation
def readings_of_the_evidence_without_any_change():
    """While troops are as on day 0, all studies of the evidence agree."""
    still = BARE | {"plan.phases": {}, "host.readiness.ceiling": 0.5, "host.generation.army": {"pool": 0, "rate": 0}}
    none = runs(data(still))
    some = {"evidence.attacks": 0.5, "evidence.neighbours": -0.3, "evidence.spike": 0.3, "evidence.civilians": 0.2}
    assert attacks(none).sum() > 100
    assert (attacks(none) == attacks(runs(data(still | some)))).all()


@relation
def no_effect_of_troops():
    """Where troops have no effect, no plan moves an attack: as many in each zone on each day."""
    there, other = runs(data(BARE)), runs(data(BARE | {"plan.phases": {}}))
    assert (attacks(there) == attacks(other)).all()
    assert "deployed" in differing(there, other)


@relation
def a_base_that_is_never_attacked():
    """Removing it changes nothing in zones that it does not reach. (Nobody dies, since contingents reach far.)"""
    local = neutral.switched_off(["relocation", "raids", "funds", "deaths", "massing"], DATA)
    local |= {"opposition.targets.somalia.host_base": 0, "society.presence.reach_km": 0.01, "evidence.neighbours": 0.0}
    without = {name: base for name, base in DATA["theatre"]["bases"].items() if name != "h_hold"}
    there, other = runs(lively(local)), runs(lively(local | {"theatre.bases": without}))
    assert (there["daily"][..., :CHARLIE] == other["daily"][..., :CHARLIE]).all()
    assert (there["monthly"][:, :, :CHARLIE] == other["monthly"][:, :, :CHARLIE]).all()
    assert (there["deployed"] != other["deployed"]).any() or (there["monthly"] != other["monthly"]).any()


@relation
def no_fighters():
    """Without fighters there is no attack, nobody dies and no base falls."""
    results = runs(lively({"opposition.cells.fighters": 0}))
    assert not results["daily"].any()
    assert not results["monthly"][..., : recorder.MOVES_IN + 1].any()
    assert (results["contingents"]["killed"] == 0).all()


# --- More and less ---


@relation
def twice_the_rate():
    """Each attack at the lower rate also occurs at twice the rate, and both have the mean that the ODD says."""
    results = [
        attacks(runs(data(BARE | {"opposition.attacks.rate": rate, "opposition.attacks.raids": 0.0})))
        for rate in (0.1, 0.2)
    ]
    assert (results[0] <= results[1]).all()
    trials = len(SEEDS) * 90 * 10  # ten cells of strength 1
    bound = np.sqrt(np.log(2 / 1e-6) / (2 * trials))  # Hoeffding: once in a million
    for few, rate in zip(results, (0.1, 0.2), strict=True):
        kept = 1 - 0.2 * np.array([0.8, 0.5, 0.25]) @ [1, 5, 4] / 10  # the others are foiled
        assert abs(few.sum() / trials - rate * kept) < bound < 0.01


@relation
def more_troops_never_more_attacks():
    """If troops lower attacks and have no other effect: not on any day, not in any zone."""
    helped = BARE | {"evidence.attacks": 2.0, "opposition.attacks.rate": 0.1, "opposition.attacks.raids": 0.0}
    fewer = attacks(runs(data(helped | {"plan.phases": {"one": phase(5, 60, 900)}})))
    more = attacks(runs(data(helped | {"plan.phases": {}})))
    assert (more <= fewer).all()
    assert more.sum() < fewer.sum()


@relation
def more_tips_never_more_attacks():
    """Foiled attacks do not take place, and all attempts are either foiled or attacks."""
    few, many = (
        runs(data(BARE | {"society.control.tips": tips, "opposition.attacks.rate": 0.1})) for tips in (0.2, 0.6)
    )
    assert (attacks(many) <= attacks(few)).all()
    tried = [column(results, recorder.ATTACKS, recorder.FOILED) for results in (few, many)]
    assert (tried[0] == tried[1]).all()
    assert attacks(many).sum() < attacks(few).sum()


MASSED = BARE | {
    "opposition.assault.massing": 1.0, "opposition.cells.fighters": 5000, "opposition.attacks.rate": 0.001,
    "opposition.assault.killed_overrun": 0.0, "opposition.assault.killed_repelled": 0.0,
    "opposition.assault.attackers_lost": 0.0, "opposition.assault.shock": 0.0, "plan.phases": {},
    "opposition.targets.somalia": {
        "mission_base": 0, "host_base": 9, "border_base": 0, "security": 1e-12, "civilians": 0,
    },
}  # fmt: skip


def first_falls(results: Runs) -> Any:
    """Day on which the first base of each Somali zone is overrun [seeds, zones]; 1000: never."""
    fell = results["daily"][:, recorder.DAILY_OVERRUNS, :, BRAVO:] > 0
    return np.where(fell.any(axis=1), fell.argmax(axis=1), 1000)


@relation
def readier_bases_never_fall_sooner():
    """Under the same assaults."""
    raw, ready = (
        first_falls(runs(data(MASSED | {"host.readiness.start": start, "host.readiness.ceiling": start})))
        for start in (0.3, 0.9)
    )
    assert (ready >= raw).all()
    assert (ready > raw).any()


@relation
def more_troops_never_fall_sooner():
    """Larger garrisons need more attackers: fewer assaults, no earlier overrun, no more overruns."""
    weak, strong = (
        runs(data(MASSED | {"theatre.bases.g_hold.garrison": troops, "theatre.bases.h_hold.garrison": troops,
                            "opposition.assault.retaken_host_days": 36_500}))
        for troops in (200, 400)
    )  # fmt: skip
    assert (first_falls(strong) >= first_falls(weak)).all()
    assert (first_falls(strong) > first_falls(weak)).any()
    assert (strong["histories"]["overruns"] <= weak["histories"]["overruns"]).all()


@relation
def a_longer_pause_never_fewer_troops():
    """In peace, on any day."""
    peace = [{"opposition.attacks.rate": 0.0, "plan.pauses": {"halt": PAUSE | {"days": n}}} for n in (0, 5, 10, 20)]
    results = [runs(lively(changes))["deployed"] for changes in peace]
    for shorter, longer in pairwise(results):
        assert (longer >= shorter).all()
        assert (longer > shorter).any()


@pytest.mark.parametrize("name", RELATIONS)
def test_relation(name):
    RELATIONS[name]()


def test_every_mechanism_is_at_work():
    """Otherwise the relations above would mean little."""
    results = base()
    idle = [name for k, (name, _, _) in enumerate(recorder.INDICATORS) if not results["monthly"][..., k].any()]
    assert idle == []
    assert {0, 1, 3, 4} <= set(np.unique(results["bases"]["standing"]))
