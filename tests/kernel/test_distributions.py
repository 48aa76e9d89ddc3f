"""What is drawn has the distribution that the ODD says: by a bound with known false alarm and power, one in a million.

A sample of n is refused when its distribution function lies farther than e from the one expected, 2 exp(-2 n e^2) being
one in a million: a right sample is refused no more often than that (Dvoretzky, Kiefer and Wolfowitz 1956, with the
constant of Massart 1990; true of any distribution). By the same bound a wrong one that lies farther than 2 e from the
expected is missed no more often than that. Each row names wrong distributions that its n must tell, and draws from
each of them are refused. Seeds are fixed, so nothing here wavers.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import helpers
import numpy as np
import pytest
from scipy import stats
from stepped_run import SteppedRun
from tiny_theatre import ALPHA, BRAVO, C_FORT, CHARLIE, D_FORT, DATA, SOURCED, date_of, phase, scenario

from atmis.kernel import parameters, recorder
from atmis.kernel import schedule as days
from atmis.kernel.parameters import Parameters
from atmis.kernel.rng import Stream
from atmis.kernel.state import State, copy
from atmis.scenario import neutral
from atmis.scenario.scenario import Scenario

ONE_IN = 1e-6
Cdf = Callable[[Any], Any]


def reach(n: int) -> float:
    """Largest distance between the distribution of n correct numbers and the true one, exceeded once in a million."""
    return math.sqrt(math.log(2 / ONE_IN) / (2 * n))


def distance(sample: Any, cdf: Cdf, below: Cdf) -> float:
    """The largest distance of two distribution functions; `below` is P(X < x)."""
    values, counts = np.unique(sample, return_counts=True)
    upper = counts.cumsum() / len(sample)
    lower = upper - counts / len(sample)
    return float(max(np.abs(upper - cdf(values)).max(), np.abs(lower - below(values)).max()))


class Expected(NamedTuple):
    """A distribution, and wrong ones that the test must reject."""

    cdf: Cdf
    wrong: dict[str, Cdf]
    whole: bool = True  # of whole numbers

    def below(self, cdf: Cdf) -> Cdf:
        return (lambda x: cdf(x - 1)) if self.whole else cdf


Case = Callable[[], tuple[Any, Expected]]
CASES: dict[str, Case] = {}


def case(sample_and_expected: Case) -> Case:
    """Register a sample from runs and its distribution by ODD section 7."""
    CASES[sample_and_expected.__name__] = sample_and_expected
    return sample_and_expected


def chance(p: float, *wrong: float) -> Expected:
    """Yes or no, with a chance."""
    return Expected(bernoulli(p), {f"{other:.3g} instead of {p:.3g}": bernoulli(other) for other in wrong})


def bernoulli(p: float) -> Cdf:
    return stats.bernoulli(p).cdf


def choice(weights: Any, **wrong: Any) -> Expected:
    """One of several, chosen by weight."""
    return Expected(by_weight(weights), {name.replace("_", " "): by_weight(other) for name, other in wrong.items()})


def by_weight(weights: Any) -> Cdf:
    steps = np.cumsum(weights) / np.sum(weights)
    return lambda x: np.where(x < 0, 0.0, steps[np.clip(np.asarray(x, int), 0, len(steps) - 1)])


def drawn_from(cdf: Cdf, n: int, grid: Any, whole: bool) -> Any:
    """Numbers with a distribution function given on a grid; the same at each call."""
    u = np.random.default_rng(1).random(n)
    return grid[np.searchsorted(cdf(grid), u).clip(max=len(grid) - 1)] if whole else np.interp(u, cdf(grid), grid)


# --- A theatre in which 1,000 cells of bravo attack every other day, without consequences ---

FEW = 1000  # cells
IN_BRAVO = {f"theatre.zones.{zone}.fighters": weight for zone, weight in (("alpha", 0), ("bravo", 1), ("charlie", 0))}
APART = neutral.switched_off(["relocation", "recruitment", "response", "displacement", "tempo", "tips"], DATA) | {
    "opposition.cells": {"fighters": 10 * FEW, "mean_size": 10, "size_spread": 0.0},
    "opposition.attacks.rate": 0.5,
    "opposition.attacks.raids": 0.0,
    "theatre.zones.bravo.population": 90_000_000,
    **IN_BRAVO,
}
HARMLESS = neutral.switched_off(["deaths"], DATA)


def apart(*changes: dict[str, Any], days: int) -> Scenario:
    merged = APART | {"period.end": date_of(days - 1)}
    for change in changes:
        merged |= change
    return scenario(merged)


class WarRun:
    """A run in this theatre."""

    def __init__(self, *changes: dict[str, Any], days: int = 60, seed: int = 1) -> None:
        self.state, self.record = helpers.run(apart(*changes, days=days), seed)
        self.events = self.record.events[: int(self.record.event_count[0])]


SOME_WEIGHT = {"opposition.targets.somalia.civilians": 1e-12}  # some target outside bases must have weight


def only_target(target: str) -> dict[str, Any]:
    """Only this target is attacked in Somalia."""
    names = ("mission_base", "host_base", "border_base", "security", "civilians")
    return {f"opposition.targets.somalia.{name}": 1.0 if name == target else 0.0 for name in names} | SOME_WEIGHT


@cache
def plain_war() -> WarRun:
    return WarRun(HARMLESS)


# --- 5 Initialization, 7.1 Drawdown ---


@case
def sizes_of_cells():
    """Lognormal around a mean, rounded by chance, at least 1: P(W > k) is the mean of P(X > x) from k to k + 1."""
    cells = {"opposition.cells": {"fighters": 100_000, "mean_size": 10, "size_spread": 0.5}}
    run = WarRun(cells, {"opposition.attacks.rate": 0.0}, days=1)
    return run.state.cells.fighters, Expected(rounded_sizes(0.5), {"spread .6": rounded_sizes(0.6)})


def rounded_sizes(spread: float) -> Cdf:
    grid = (np.arange(2000 * 100) + 0.5) / 100
    beyond = stats.lognorm(spread, scale=10 * math.exp(-(spread**2) / 2)).sf(grid).reshape(2000, 100).mean(axis=1)
    return lambda k: np.where(k < 1, 0.0, 1 - beyond[np.clip(np.asarray(k, int), 0, 1999)])


def begin_replicate(params: Parameters, first: State, replicate: int) -> State:
    state = copy(first)
    days.begin(params, state, Stream(1, replicate, int(params.dates.epoch)))
    return state


@case
def exposures_of_bases():
    run, first = parameters.build(scenario({"opposition.attacks.base_spread": 1.2}))
    found = [np.log(begin_replicate(run, first, replicate).bases.exposure) / 1.2 for replicate in range(500)]
    wrong = {"half as wide again": stats.norm(0, 1.5).cdf, "of mean 1": stats.norm(-0.6, 1).cdf}
    return np.concatenate(found), Expected(stats.norm.cdf, wrong, whole=False)


@case
def slips():
    names = [f"p_{k}" for k in range(100)]
    late = {name: {"phase": name, "days": {"low": 5, "high": 9}, **SOURCED} for name in names}
    run, first = parameters.build(
        scenario({"plan.phases": {name: phase(10, 14, 0) for name in names}, "plan.slips": late})
    )
    found = [begin_replicate(run, first, replicate).phases.delay - 5 for replicate in range(60)]
    return np.concatenate(found), choice(
        np.ones(5), without_the_last=[1, 1, 1, 1, 0], rounded_to_the_nearest=[1, 2, 2, 2, 1]
    )


# --- 7.5 Relocation, 7.6 Recruitment ---


@case
def where_cells_are_after_ninety_days():
    """With constant offers zones form a Markov chain: row bravo of its 90th power."""
    moving = {"rate": 0.01, "return_rate": 0.05, "opportunity": 1.0, "presence": 0.0, "home": 1.5, "distance": 1.0}
    moving = {f"opposition.relocation.{name}": value for name, value in moving.items()}
    frozen = {"society.control.fighters": 0.0, "society.control.presence": 0.0, "opposition.attacks.rate": 0.0}
    cells = {"opposition.cells": {"fighters": 90_000, "mean_size": 1, "size_spread": 0.0}}
    run = WarRun(moving, frozen, cells, days=90)
    wrong = {"no pull of home": moved(home=0.0), "no cost of distance": moved(distance=0.0)}
    return run.state.cells.zone, choice(moved(), **{name.replace(" ", "_"): row for name, row in wrong.items()})


def moved(home: float = 1.5, distance: float = 1.0) -> Any:
    offer = (1 - np.array([0.8, 0.5, 0.25])) - home * np.array([1, 0, 1])
    step = np.zeros((3, 3))
    for here, near in ((ALPHA, [BRAVO]), (BRAVO, [ALPHA, CHARLIE]), (CHARLIE, [BRAVO])):
        weights = np.exp(offer - distance * 1.11195 * (np.arange(3) != here))
        weights[[zone for zone in range(3) if zone not in (here, *near)]] = 0
        leave = 0.01 if here == BRAVO else 0.05
        step[here] = leave * weights / weights.sum() + (1 - leave) * (np.arange(3) == here)
    return np.linalg.matrix_power(step, 90)[BRAVO]


@case
def fighters_who_leave_a_crowded_zone():
    """Capacity .7 of what there is: each of 10 leaves with .01 x (1 / .7 - 1), rounded by chance: .043 of a fighter."""
    front = {
        "name": "Front",
        "zones": ["bravo"],
        "start": date_of(0),
        "end": date_of(9),
        "intensity": 1.0,
        "troops": {},
    } | SOURCED
    crowded = {
        "opposition.recruitment.growth": 0.1,
        "opposition.recruitment.review_days": 1,
        "host.offensive.ramp_days": 1,
    }
    still = {"opposition.attacks.rate": 0.0, "host.offensive.attrition": 0.0, "host.offensives": {"push": front}}
    cells = {"opposition.cells": {"fighters": 60_000, "mean_size": 10, "size_spread": 0.0}}
    left = 10 - WarRun(crowded, still, cells, days=1).state.cells.fighters
    return left, chance(1 / 0.7 - 1, 0.3, 0.7 * (1 / 0.7 - 1))


# --- 7.7 Attacks ---


@case
def attacks_in_a_day():
    """Each of 1,000 cells with a chance of one half, independently."""
    days_of = [WarRun(HARMLESS, {"opposition.cells.fighters": 100}, days=1000, seed=seed) for seed in range(1, 6)]
    found = np.concatenate([run.record.daily[recorder.DAILY_ATTACKS, :, BRAVO] for run in days_of])
    wrong = {"Poisson of the same mean": stats.poisson(5).cdf, "a tenth more": stats.binom(10, 0.55).cdf}
    return found, Expected(stats.binom(10, 0.5).cdf, wrong)


@case
def attacks_in_a_day_when_they_are_rare():
    """1,000 cells, one chance in 5,000 a day: almost Poisson."""
    rare = {"opposition.attacks.rate": 0.0002}
    days_of = [WarRun(HARMLESS, rare, days=1300, seed=seed) for seed in range(1, 5)]
    found = np.concatenate([run.record.daily[recorder.DAILY_ATTACKS, :, BRAVO] for run in days_of])
    wrong = {"half as many again": stats.poisson(0.3).cdf, "half as many": stats.poisson(0.1).cdf}
    return found, Expected(stats.binom(FEW, 0.0002).cdf, wrong)


@case
def days_between_attacks_of_a_cell():
    """Days are independent, also within a block of draws."""
    event = plain_war().events
    order = np.lexsort((event[:, recorder.EVENT_DAY], event[:, recorder.EVENT_CELL]))
    cell, day = event[order, recorder.EVENT_CELL], event[order, recorder.EVENT_DAY]
    gaps = np.diff(day)[(np.diff(cell) == 0) & (day[:-1] < 30)]  # gaps of more than 30 days practically never occur
    wrong = {"a tenth rarer": stats.geom(0.45).cdf, "every second day": lambda x: np.where(x < 2, 0.0, 1.0)}
    return gaps, Expected(stats.geom(0.5).cdf, wrong)


@case
def landing_zones():
    """At home by 1, next door by .3, times exposures of 1, .5 and 2."""
    run = WarRun(HARMLESS, {"opposition.attacks.raids": 0.3, "theatre.zones.alpha.exposure": 0.5,
                          "theatre.zones.charlie.exposure": 2.0, "opposition.attacks.rate": 0.25})  # fmt: skip
    wrong = {"exposures_forgotten": [0.3, 1, 0.3], "neighbours_swapped": [0.6, 1, 0.15]}
    return run.events[:, recorder.EVENT_ZONE], choice([0.15, 1, 0.6], **wrong)


@case
def foiled_attacks():
    """Tips .4 at full control, which stands at .5."""
    run = WarRun(HARMLESS, {"society.control.tips": 0.4, "society.control.fighters": 0, "society.control.presence": 0})
    counts = run.record.monthly.sum(axis=(0, 1))
    foiled, taken = int(counts[recorder.FOILED]), int(counts[recorder.ATTACKS])
    return np.repeat([0, 1], [taken, foiled]), chance(0.2, 0.25, 0.15)


@case
def targets():
    """Mission 4 x .75 thousand troops, host 10 x .15, security 1, civilians 2; no border base."""
    right = [4 * 0.75, 10 * 0.15, 0, 1, 2]
    wrong = {"by_weight_alone": [4, 10, 0, 1, 2], "two_swapped": [4 * 0.75, 10 * 0.15, 0, 2, 1]}
    return plain_war().events[:, recorder.EVENT_TARGET], choice(right, **wrong)


@case
def bases_that_are_hit():
    """Two of the mission in bravo, by the exposure that was drawn for each."""
    run = WarRun(HARMLESS, only_target("mission_base"), {"opposition.attacks.base_spread": 1.2})
    exposure = run.state.bases.exposure[[C_FORT, D_FORT]]
    wrong = {"all_alike": [1, 1], "by_weight": [2, 1], "swapped": exposure[::-1]}
    return run.events[:, recorder.EVENT_BASE] - C_FORT, choice(exposure, **wrong)


@case
def modes():
    wrong = {"all_alike": np.ones(4), "one_too_far": [0.3, 0.4, 0.2, 0.1]}
    return plain_war().events[:, recorder.EVENT_MODE], choice([0.4, 0.3, 0.2, 0.1], **wrong)


@case
def second_bases():
    """Each event is the second of its cell and day, or not: .15 of the first have one."""
    run = WarRun(HARMLESS, only_target("mission_base"), {"opposition.attacks.coordination": 0.15})
    who = run.events[:, [recorder.EVENT_DAY, recorder.EVENT_CELL]]
    _, times = np.unique(who, axis=0, return_counts=True)
    return times - 1, chance(0.15, 0.1, 0.2)


@case
def tempo():
    """Weekly innovations of thirty regions, that is tempo less what is kept of it, are standard normal."""
    regions = {"east": "East", "west": "West"} | {f"r_{k}": "None" for k in range(28)}
    wavering = {"opposition.tempo": {"spread": 0.45, "memory_days": 60}, "opposition.cells.fighters": 0}
    run = SteppedRun(apart(wavering, {"theatre.regions": regions}, days=900))
    log, keep = run.morning.regions["tempo"][::7] / 0.45, math.exp(-7 / 60)
    new = np.concatenate([log[:1], (log[1:] - keep * log[:-1]) / math.sqrt(1 - keep**2)])
    wrong = {"half as wide again": stats.norm(0, 1.5).cdf, "spread not kept": stats.norm(0, math.sqrt(1 - keep**2)).cdf}
    return new.ravel(), Expected(stats.norm.cdf, wrong, whole=False)


# --- 7.8 Severity, 7.9 Assault, 7.10 Response, 7.12 Reporting ---


def severity(
    lethal: float = 0.7, median: float = 6.0, spread: float = 0.8, tail: float = 0.5, exponent: float = 2.9
) -> Cdf:
    """Deaths: none, or rounded to the nearest whole number from 1 to 600."""
    body, start = stats.lognorm(spread, scale=median), 6.0

    def beyond(x: Any) -> Any:
        pareto = np.minimum(1.0, (np.maximum(x, start) / start) ** (1 - exponent))
        return tail * pareto + (1 - tail) * body.sf(x)

    return lambda k: np.where(
        k < 0, 0.0, np.where(k < 1, 1 - lethal, np.where(k >= 600, 1.0, 1 - lethal * beyond(k + 0.5)))
    )


@case
def deaths():
    deadly = {"spread": 0.8, "tail": 0.5, "tail_start": 6, "tail_exponent": 2.9}
    deadly = {f"opposition.severity.{name}": value for name, value in deadly.items()}
    run = WarRun(
        deadly,
        only_target("security"),
        {"opposition.severity.security_somalia": {"lethal": 0.7, "median": 6}},
        days=100,
    )
    found = run.events[:, recorder.EVENT_DEATHS : recorder.EVENT_DEATHS + 4].sum(axis=1)
    wrong = {
        "lethal .66": severity(lethal=0.66),
        "no tail": severity(tail=0.0),
        "exponent 2.5": severity(exponent=2.5),
        "spread .5": severity(spread=0.5),
        "median 7": severity(median=7.0),
    }
    return found, Expected(severity(), wrong)


MASSED = neutral.switched_off(["deaths"], DATA) | {
    "opposition.assault.massing": 1.0,
    "opposition.assault.odds_low": 2.0,
    "opposition.assault.odds_high": 2.0,
    "opposition.assault.attackers_lost": 0.0,
    "opposition.assault.shock": 0.0,
    "opposition.assault.loot": 0.0,
    "opposition.cells.fighters": 2500,
    "opposition.assault.even_odds": 6.0,
}


@case
def falls_of_bases():
    """Two to one against even odds of six, steepness 2: a chance of 1 / (1 + 9)."""
    nobody = {"opposition.assault.killed_overrun": 0.0, "opposition.assault.killed_repelled": 0.0}
    run = WarRun(
        MASSED, only_target("mission_base"), nobody, {"opposition.assault.retaken_mission_days": 1.0}, days=400
    )
    event = run.events[run.events[:, recorder.EVENT_ASSAULT] == 1]
    return event[:, recorder.EVENT_OVERRUN], chance(0.1, 1 / 3, 0.25)


@case
def days_until_a_base_is_retaken():
    """Whole days of an exponential time with mean 4, the next day at the earliest."""
    sure = {"opposition.assault.even_odds": 0.1, "opposition.assault.steepness": 20.0}
    run = SteppedRun(
        apart(MASSED, sure, only_target("mission_base"), {"opposition.assault.retaken_mission_days": 4.0}, days=1500)
    )
    close_day, fallen = run.evening.bases[:, [C_FORT, D_FORT]], run.morning.bases["standing"][:, [C_FORT, D_FORT]]
    fell = (close_day["standing"] == 3) & (fallen != 3)
    late = (close_day["back"] - np.arange(len(close_day))[:, None])[fell]
    wrong = {"a day too late": stats.geom(1 - math.exp(-1 / 4), 1).cdf, "mean 8": stats.geom(1 - math.exp(-1 / 8)).cdf}
    return late, Expected(stats.geom(1 - math.exp(-1 / 4)).cdf, wrong)


@case
def losses_of_cells():
    """Of 10 fighters on day 0 W(4 u): P(W > k) is the mean of P(4 u > x) from k to k + 1."""
    cells = {"opposition.cells.fighters": 100_000, "opposition.response.losses": 0.2}
    run = WarRun(HARMLESS, cells, days=1)
    found = run.events[:, recorder.EVENT_DEATHS + 4]
    return found, choice([1, 2, 2, 2, 1], always_rounded_down=[1, 1, 1, 1, 0], mean_five_eighths=[1.6, 3.2, 3.2, 0, 0])


@case
def events_on_record():
    """Half of the attacks kill; of these .6 are recorded, of the others .2."""
    run = WarRun(only_target("security"))
    deaths = run.events[:, recorder.EVENT_DEATHS : recorder.EVENT_DEATHS + 5].sum(axis=1) > 0
    kind = 2 * deaths + run.events[:, recorder.EVENT_RECORDED]
    return kind, choice([0.4, 0.1, 0.2, 0.3], swapped=[0.2, 0.3, 0.4, 0.1], all_alike=[0.3, 0.2, 0.3, 0.2])


@pytest.mark.parametrize("name", CASES)
def test_distribution(name):
    sample, expected = CASES[name]()
    sample = np.asarray(sample, float)
    n, cdf = len(sample), expected.cdf
    assert distance(sample, cdf, expected.below(cdf)) <= reach(n)
    assert expected.wrong
    grid = np.arange(700.0) if expected.whole else np.linspace(-6, 6, 2001)
    for words, other in expected.wrong.items():
        apart = np.abs(cdf(grid) - other(grid)).max()
        assert apart >= 2 * reach(n), f"{words}: {apart:.3f} away; n must be {2 * math.log(2 / ONE_IN) / apart**2:.0f}"
        drawn = drawn_from(other, n, grid, expected.whole)
        assert distance(drawn, cdf, expected.below(cdf)) > reach(n), f"{words} goes unnoticed"
