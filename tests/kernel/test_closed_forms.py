"""Parts of the model switched off until the rest has a closed form, derived on paper, that a whole run must follow.

On the tiny theatre of tests/kernel/by_hand, by the compiled rules; sections are those of model/ODD.md.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from stepped_run import SteppedRun
from tiny_theatre import (
    ARMY,
    BRAVO,
    C_FORT,
    D_FORT,
    DATA,
    E_FORT,
    EAGLE,
    F_FORT,
    G_HOLD,
    SOURCED,
    date_of,
    phase,
    scenario,
)

from atmis.kernel import recorder
from atmis.scenario import neutral

TOLERANCE = 1e-9
DAY = np.arange(90)  # day of the run, from 0
DAYS_PASSED = DAY + 1  # by the end of a day
CALM = neutral.switched_off(["attacks", "relocation", "recruitment"], DATA)
NO_GROWTH = {
    "host.readiness.ceiling": 0.5,
    "host.generation": {name: {"pool": 0, "rate": 0} for name in ("army", "guard")},
}
# Between zones: bases are in the middle of their zone, half a degree from the next outline; the reach is one degree.
REACH = np.exp(-np.array([[0.0, 0.5, 1.5], [0.5, 0.0, 0.5], [1.5, 0.5, 0.0]]))
EAGLE_LEAVES = {"plan.phases": {"one": phase(10, 39, 700, contingents=["eagle"], police=40)}}
LEFT = 700 * np.clip(DAY - 9, 0, 30) // 30  # what is gone of the 700
DEPLOYED = 1000 - LEFT
FRONT = {"name": "Front", "zones": ["bravo"], "intensity": 1.0, "troops": {}, **SOURCED}
PRESSED = {
    "host.offensives": {"push": FRONT | {"start": date_of(0), "end": date_of(29)}},
    "host.offensive.ramp_days": 1,
}
INCIDENT = {
    "plan.incidents": {"fall": {"base": "c_fort", "date": date_of(20), "killed": 30, "abandoned": False, **SOURCED}}
}

Law = Callable[[], tuple[Any, Any]]
LAWS: dict[str, Law] = {}


def law(actual_and_expected: Law) -> Law:
    """Register a function that returns the values of a run and those of the closed form."""
    LAWS[actual_and_expected.__name__] = actual_and_expected
    return actual_and_expected


def stepped_run(*changes: dict[str, Any], **more: Any) -> SteppedRun:
    merged: dict[str, Any] = {}
    for change in changes:
        merged |= change
    return SteppedRun(scenario(merged), **more)


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def troops_by_zone(deployed: Any) -> Any:
    """Effective troops of the mission [days, zones], eagle's by weight 2, 1, 1 and falcon's 300 in charlie."""
    stationed = np.stack([0 * deployed, deployed * 3 / 4, deployed / 4 + 300], axis=1)
    return stationed @ REACH


HOST = np.array([0, 150, 80]) * 0.5 * 0.5 @ REACH  # garrison, readiness, effect
HOME = np.array([300, 0, 0]) * 0.8 @ REACH


# --- 7.1 Drawdown ---


@law
def departures():
    return stepped_run(CALM, EAGLE_LEAVES).morning.contingents["deployed"][:, EAGLE], DEPLOYED


@law
def departures_under_a_pause():
    pause = {"plan.pauses": {"halt": {"start": date_of(20), "days": 15, "phases": ["one"], **SOURCED}}}
    elapsed = DAY - np.clip(DAY - 19, 0, 15) - 9
    actual = stepped_run(CALM, EAGLE_LEAVES, pause).morning.contingents["deployed"][:, EAGLE]
    return actual, 1000 - 700 * np.clip(elapsed, 0, 30) // 30


@law
def departures_after_a_slip():
    slip = {"plan.slips": {"late": {"phase": "one", "days": 7, **SOURCED}}}
    actual = stepped_run(CALM, EAGLE_LEAVES, slip).morning.contingents["deployed"][:, EAGLE]
    return actual, 1000 - 700 * np.clip(DAY - 16, 0, 30) // 30


@law
def departures_in_haste():
    """A trigger that counts 30 deaths doubles the speed of the clock until it is used up."""
    when = {"indicator": "deaths", "zones": ["bravo"], "window_days": 90, "above": 29, "for_days": 1}
    rule = {"when": when, "then": "hasten", "phases": ["one"], "at_most_days": 6, **SOURCED}
    actual = stepped_run(CALM, EAGLE_LEAVES, INCIDENT, {"plan.rules": {"flee": rule}}).morning.contingents
    elapsed = DAY + np.clip(DAY - 20, 0, 6) - 9  # 30 die on day 20, from day 21 on the clock gains a day, six times
    gone = 700 * np.clip(elapsed, 0, 30) // 30
    return actual["authorised"][:, EAGLE], 1000 - gone


@law
def ceiling():
    return stepped_run(CALM, EAGLE_LEAVES).record.days.ceiling, DEPLOYED + 300 + 100 - 40 * (DAY >= 39) + 7


@law
def garrisons():
    actual = stepped_run(CALM, EAGLE_LEAVES).morning.bases["garrison"][:, [C_FORT, D_FORT, E_FORT, F_FORT]]
    return actual, np.stack([DEPLOYED / 2, DEPLOYED / 4, DEPLOYED / 4, 0 * DAY + 300], axis=1)


@law
def returned_troops_at_the_border():
    return (
        stepped_run(CALM, EAGLE_LEAVES, {"plan.redeployment.share": 0.35}).record.days.border_troops,
        300 + np.floor(0.35 * LEFT),
    )


@law
def rotation():
    actual = stepped_run(CALM, INCIDENT, {"plan.replacement_days": 30}).morning.contingents[:, EAGLE]
    away = 30 * ((DAY >= 20) & (DAY < 29))
    return [actual["deployed"], actual["sent"], actual["killed"]], [
        1000 - away,
        1000 + 30 * (DAY >= 29),
        30 * (DAY >= 20),
    ]


@law
def successor():
    next_ = {"name": "Next", "date": date_of(50), "troops": {"eagle": 400, "falcon": 650}, "police": 9, "unassigned": 1}
    run = stepped_run(CALM, EAGLE_LEAVES, {"plan.successor": next_ | SOURCED})
    eagle, falcon = np.where(DAY < 50, DEPLOYED, 400), np.where(DAY < 50, 300, 650)
    staff = np.where(DAY < 50, 107 - 40 * (DAY >= 39), 10)
    return [*run.morning.contingents["deployed"].T, run.record.days.ceiling], [eagle, falcon, eagle + falcon + staff]


# --- 7.2 Host force ---

HANDED = {"plan.phases": {"one": phase(0, 40, 0, handovers={"c_fort": {"date": date_of(10)}})}}


@law
def training():
    actual = stepped_run(CALM, {"host.generation.army": {"pool": 100, "rate": 5}}).morning.forces["pool"][:, ARMY]
    return actual, 100 + 5 * DAYS_PASSED


@law
def filling_from_plenty():
    """Handed over on day 10 and filled from that morning on: each day a tenth of what lacks of 240 = 120 x weight 2."""
    actual = stepped_run(CALM, HANDED, {"host.generation.army": {"pool": 9000, "rate": 0}}).morning.bases["garrison"][
        10:, C_FORT
    ]
    return actual, 240 * (1 - 0.9 ** (DAY[10:] - 9))


@law
def filling_from_too_little():
    """A pool smaller than the need is shared out: a tenth of it each day."""
    run = stepped_run(CALM, HANDED, {"host.generation.army": {"pool": 60, "rate": 0}})
    left = 60 * 0.9 ** np.clip(DAY - 9, 0, None)
    return [run.morning.forces["pool"][:, ARMY], run.morning.bases["garrison"][10:, C_FORT]], [left, (60 - left)[10:]]


@law
def shortfall():
    """What lacks each morning, before garrisons are filled."""
    actual = stepped_run(CALM, HANDED, {"host.generation.army": {"pool": 9000, "rate": 0}}).record.days.host_shortfall
    return actual, np.where(DAY < 10, 0, 240 * 0.9 ** (DAY - 10.0))


@law
def readiness_of_host_bases():
    """A host base gains readiness from .5, one just handed over from .4, both towards .7."""
    actual = stepped_run(CALM, HANDED).morning.bases["readiness"]
    return [actual[:, G_HOLD], actual[10:, C_FORT]], [0.7 - 0.2 * 0.99**DAYS_PASSED, 0.7 - 0.3 * 0.99 ** (DAY[10:] - 9)]


@law
def recovery():
    def shake(state):
        state.bases.readiness[C_FORT] = 0.2

    return stepped_run(CALM, prepare=shake).morning.bases["readiness"][:, C_FORT], 1 - 0.8 * (1 - 1 / 50) ** DAYS_PASSED


@law
def shock():
    """400 troops: 250 from the pool, of the 150 at the base 150; readiness falls by .4 and then grows on."""
    blow = {"name": "Split", "date": date_of(49), "force": "army", "troops": 400, "readiness": 0.4, **SOURCED}
    run = stepped_run(CALM, {"host.shocks": {"split": blow}, "host.generation.army": {"pool": 0, "rate": 5}})
    bases = run.morning.bases[:, G_HOLD]
    ready = 0.7 - np.where(
        DAY < 49, 0.2 * 0.99**DAYS_PASSED, (0.7 - 0.6 * (0.7 - 0.2 * 0.99**49)) * 0.99 ** (DAY - 48.0)
    )
    return [bases["readiness"], bases["garrison"][:49], [bases["garrison"][49]]], [ready, [150] * 49, [0]]


# --- 7.3 Presence ---


@law
def effective_troops():
    actual = stepped_run(CALM, NO_GROWTH, EAGLE_LEAVES).morning.zones["effective"]
    return actual, troops_by_zone(DEPLOYED) + HOST + HOME


@law
def effective_troops_by_side():
    """As recorded at the end of each month."""
    monthly = stepped_run(CALM, NO_GROWTH, EAGLE_LEAVES).record.monthly
    last = [29, 60, 89]
    return monthly[..., recorder.TROOPS_MISSION : recorder.TROOPS_HOME + 1], np.stack(
        [troops_by_zone(DEPLOYED)[last], np.tile(HOST, (3, 1)), np.tile(HOME, (3, 1))], axis=2
    )


@law
def memory_of_cuts():
    """Each day's cut decays with the days since."""
    fallen = -np.diff(troops_by_zone(DEPLOYED), axis=0, prepend=troops_by_zone(np.array([1000]))) / 1000
    decay = np.tril(np.exp(-(DAY[:, None] - DAY) / 30))
    return stepped_run(CALM, NO_GROWTH, EAGLE_LEAVES).morning.zones["cut"], decay @ fallen


# --- 7.4 Offensive, 7.6 Recruitment ---


@law
def pressure():
    """Two offensives: one of .8 from day 10 to 40, one of 1 from day 30 to 50, each with ten days of rise and fall."""
    first = FRONT | {"start": date_of(10), "end": date_of(40), "intensity": 0.8}
    second = FRONT | {"start": date_of(30), "end": date_of(50)}
    x = DAY.astype(float)
    expected = 0.8 * np.interp(x, [9, 19, 40, 50], [0, 1, 1, 0]) + np.interp(x, [29, 39, 50, 60], [0, 1, 1, 0])
    return stepped_run(CALM, {"host.offensives": {"a": first, "b": second}}).morning.zones["pressure"][
        :, BRAVO
    ], expected


@law
def fighters_who_leave():
    """No room at all: half as fast as the fastest growth, a tenth a day for ten days, halves a cell at each review."""
    crowded = {
        "opposition.recruitment.growth": 0.1,
        "opposition.recruitment.offensive": 1.0,
        "host.offensive.attrition": 0,
    }
    large = {"opposition.cells": {"fighters": 5120, "mean_size": 512, "size_spread": 0.0}}
    front = {
        "host.offensives": {"push": FRONT | {"start": date_of(0), "end": date_of(89)}},
        "host.offensive.ramp_days": 1,
    }
    still = {"opposition.recruitment.remnant": 0}
    actual = stepped_run(CALM, crowded, large, front, still).evening.cells["fighters"][:, 1:6]  # those of bravo
    taken = (DAY[:, None] + np.arange(5)) // 10 + (np.arange(5) == 0)  # the first on day 0, the k-th on day 10 - k
    return actual, 512.0 / 2**taken


@law
def fighters_taken_by_an_offensive():
    """A tenth a day for ten days is the whole cell."""
    taken = {"host.offensive.attrition": 0.1}
    front = {
        "host.offensives": {"push": FRONT | {"start": date_of(0), "end": date_of(89)}},
        "host.offensive.ramp_days": 1,
    }
    actual = stepped_run(CALM, taken, front).evening.cells["fighters"][:, 1:6]
    return actual, np.where(DAY[:, None] >= [0, 9, 8, 7, 6], 0, 10)


@law
def equilibrium_of_day_0():
    """With nothing but recruitment going on, nobody joins or leaves, and control and funds stay as they are."""
    run = stepped_run(
        neutral.switched_off(["attacks", "relocation"], DATA), NO_GROWTH, {"opposition.recruitment.funds": 1.0}
    )
    actual = run.evening.zones
    return [actual["fighters"], actual["control"], run.evening.run["funds"][:, None] + np.zeros(3)], np.stack(
        [np.tile(row, (90, 1)) for row in ([10.0, 50.0, 40.0], [0.8, 0.5, 0.25], [1.0] * 3)]
    )


# --- 7.10 Response, 7.11 Control, border, displacement ---


@law
def capability():
    expected = 1 + 0.2 * np.clip((DAY - 10) / 20, 0, 1) * (DAY <= 60) - 0.1 * ((DAY >= 20) & (DAY <= 70))
    return stepped_run(CALM).morning.run["capability"], expected


def under_pressure() -> Any:
    """Control of bravo each evening: towards .8 in log odds for 30 days, then towards the .4 of it that is held."""
    high, held = logistic(0.8), logistic(0.4 * 0.8)
    after_30 = high + (0.5 - high) * 0.99**30
    return np.where(
        DAYS_PASSED <= 30,
        high + (0.5 - high) * 0.99**DAYS_PASSED,
        held + (after_30 - held) * 0.99 ** (DAYS_PASSED - 30.0),
    )


@law
def control_under_an_offensive():
    return stepped_run(CALM, NO_GROWTH, PRESSED).evening.zones["control"][:, BRAVO], under_pressure()


@law
def funds_under_an_offensive():
    """Each morning by the control of the evening before; charlie's 40,000 people at .25 do not change."""
    before = np.concatenate([[0.5], under_pressure()[:-1]])
    expected = ((1 - before) * 20_000 + 0.75 * 40_000) / (0.5 * 20_000 + 0.75 * 40_000)
    return stepped_run(CALM, NO_GROWTH, PRESSED).morning.run["funds"], expected


@law
def control_once_the_mission_has_left():
    gone = {"plan.phases": {"one": phase(10, 10, "all", remaining="close")}}
    half = 5 * np.array([10_000, 20_000, 40_000]) / 1000
    rest, whole = HOST + HOME, HOST + HOME + troops_by_zone(np.array([1000]))[0]
    first = np.array([0.8, 0.5, 0.25])
    aim = logistic(np.log(first / (1 - first)) + rest / (rest + half) - whole / (whole + half))
    expected = aim + (first - aim) * 0.99 ** np.clip(DAYS_PASSED[:, None] - 10, 0, None)
    return stepped_run(CALM, NO_GROWTH, gone).evening.zones["control"], expected


@law
def opening_of_the_border():
    """The first try on day 3 comes before the window of ten days is full; the next, 15 days later, succeeds."""
    actual = stepped_run(CALM, {"kenya.reopening.steps": {"line": date_of(3)}}).record.days
    return [actual.open_segments, actual.could_open], [DAY >= 18, np.where(DAY < 9, -1, 1)]


@law
def displacement_by_an_offensive():
    """Away A: of those at home 1 % leave, after 3 % of those away came back; A* = o N / (1 - q), q = (1 - r)(1 - o)."""
    front = {
        "host.offensives": {"push": FRONT | {"start": date_of(0), "end": date_of(89)}},
        "host.offensive.ramp_days": 1,
    }
    zones = stepped_run(CALM, front, {"society.displacement.returns": 0.03}).evening.zones[:, BRAVO]
    q = 0.97 * 0.99
    away = 0.01 * 20_000 / (1 - q) * (1 - q**DAYS_PASSED)
    crossed = 0.1 * 0.5 * away  # the segment is closed
    actual = [zones["home"], zones["abroad"], zones["displaced"][:, 2], zones["displaced"].sum(axis=1)]
    return actual, [20_000 - away, crossed, away - crossed, away - crossed]


@law
def displacement_by_a_fall_and_return():
    actual = stepped_run(CALM, INCIDENT, {"society.displacement.returns": 0.03}).evening.zones["displaced"][:, BRAVO, 1]
    return actual, np.where(DAY < 20, 0, 950 * 0.97 ** (DAY - 20.0))


# --- 7.7 Attacks, 7.12 Reporting ---

AT_WAR = neutral.switched_off(["relocation", "recruitment", "response", "deaths"], DATA) | NO_GROWTH
OFTEN = {"opposition.attacks.rate": 0.2}


@law
def hazard_as_troops_leave():
    """Own zone and, as raids, the neighbouring zones; each falls with troops by exp(-.5) for each 1,000."""
    attractiveness = np.exp(-0.5 * (troops_by_zone(DEPLOYED) - troops_by_zone(np.array([1000]))) / 1000)
    raids = np.array([[1, 0.1, 0], [0.1, 1, 0.1], [0, 0.1, 1]])
    return stepped_run(AT_WAR, EAGLE_LEAVES, {"evidence.attacks": 0.5}).morning.zones[
        "hazard"
    ], 0.01 * attractiveness @ raids


@law
def hazard_over_a_border_with_troops():
    """Friction .7 while closed and .3 for each 1,000 ready troops that came; the segment opens on day 50."""
    steps = {"line": date_of(49)}
    policy = {
        "kenya.reopening": {
            "steps": steps, "threshold": 9, "window_days": 10, "postponed_days": 15, "unconditional": True,
        }
    }  # fmt: skip
    border = {
        "opposition.attacks.closed_border": 0.7,
        "opposition.attacks.border_troops": 0.3,
        "plan.redeployment.share": 1,
    }
    actual = stepped_run(AT_WAR, EAGLE_LEAVES, policy, border).morning.zones["hazard"]
    raid = 0.1 * np.exp(-0.7 * (DAY < 50) - 0.3 * 0.8 * LEFT / 1000)
    return actual, 0.01 * np.stack([1 + raid, 1 + raid + 0.1, 1.1 + 0 * DAY], axis=1)


@law
def hazard_by_season_and_near_a_handover():
    """April 1.5, May .5, June 2; thrice within five days of day 40, in bravo and, by raids of a tenth, next door."""
    season = {"opposition.attacks.season": [1.0] * 3 + [1.5, 0.5, 2.0] + [1.0] * 6, "opposition.attacks.spoiling": 2.0}
    handed = {"plan.phases": {"one": phase(0, 60, 0, handovers={"c_fort": {"date": date_of(40)}})}}
    times = np.where(DAY < 30, 1.5, np.where(DAY < 61, 0.5, 2.0))
    near = 1 + 2 * (abs(DAY - 40) <= 5)
    actual = stepped_run(AT_WAR, season, handed).morning.zones["hazard"]
    return actual, 0.01 * times[:, None] * np.stack([1 + 0.1 * near, near + 0.2, 1 + 0.1 * near], axis=1)


@law
def excitation():
    """The excitation left each evening by the attacks of a run: each b (1 - K) K^(days since)."""
    run = stepped_run(AT_WAR, OFTEN, {"opposition.excitation": {"branching": 0.4, "memory_days": 10}})
    attacks, keep = run.record.daily[recorder.DAILY_ATTACKS], np.exp(-1 / 10)
    assert attacks.sum() > 100
    decay = np.tril(0.4 * (1 - keep) * keep ** (DAY[:, None] - DAY.astype(float)))
    return run.evening.zones["excited"], decay @ attacks


@law
def hazard_with_excitation():
    """The hazard of an isolated zone: expected attacks rise by exactly what excitation adds."""
    alone = {"opposition.attacks.raids": 0.0, "opposition.excitation": {"branching": 0.4, "memory_days": 10}}
    zones = stepped_run(AT_WAR, OFTEN, alone).morning.zones
    return zones["hazard"] * zones["strength"], 0.2 * zones["strength"] + zones["excited"]


@law
def displacement_by_attacks():
    run = stepped_run(AT_WAR, OFTEN, {"society.displacement.per_attack": 10})
    return run.evening.zones["home"], DATA_PEOPLE - 10 * run.record.daily[recorder.DAILY_ATTACKS].cumsum(axis=0)


DATA_PEOPLE = np.array([10_000, 20_000, 40_000])


@law
def claims():
    """Thrice the deaths of security forces, in each zone and month."""
    run = stepped_run(neutral.switched_off(["relocation", "recruitment"], DATA), OFTEN).record.monthly
    deaths = run[..., [recorder.DEATHS_MISSION, recorder.DEATHS_HOST, recorder.DEATHS_KENYA]].sum(axis=2)
    assert deaths.sum() > 100
    return run[..., recorder.CLAIMED_DEATHS], 3 * deaths


@pytest.mark.parametrize("name", LAWS)
def test_closed_form(name):
    actual, expected = (
        np.concatenate([np.ravel(np.asarray(part, float)) for part in _parts(side)]) for side in LAWS[name]()
    )
    assert actual.shape == expected.shape
    assert np.ptp(expected) > 0 or "equilibrium" in name, "something happens"
    assert (np.abs(actual - expected) <= TOLERANCE * np.maximum(1, np.abs(expected))).all()


def _parts(side: Any) -> list[Any]:
    return side if isinstance(side, list) else [side]
