"""ODD 7.11a Control."""

import math

import pytest
from tiny_theatre import BRAVO, CHARLIE, begin_run, near

from atmis.kernel.rules import control


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_without_changes_control_stays():
    run = begin_run()
    for _ in range(50):
        control.relax(run.params, run.state)
    assert run.state.zones.control.tolist() == near([0.8, 0.5, 0.25])


def test_presence():
    """Half effect at 100 troops in bravo: from 100 to 300 is from 1/2 to 3/4; a hundredth of the way a day."""
    run = begin_run({"society.control.presence": 2})
    run.state.zones.reference[BRAVO], run.state.zones.effective[BRAVO] = 100, 300
    control.relax(run.params, run.state)
    aim = logistic(0.0 + 2 * 0.25)
    assert run.state.zones.control.tolist() == near([0.8, 0.5 + (aim - 0.5) / 100, 0.25])


def test_fighters():
    """From 50 to 24 fighters: half as many, since one is added to each count."""
    run = begin_run()
    run.state.zones.fighters[BRAVO] = 24.5
    control.relax(run.params, run.state)
    assert run.state.zones.control[BRAVO] == near(0.5 + (logistic(0.5 * math.log(2)) - 0.5) / 100)


def test_no_fighters_there_or_left():
    run = begin_run()
    run.state.zones.fighters_reference[BRAVO] = 0
    run.state.zones.fighters[BRAVO] = 3
    run.state.zones.fighters[CHARLIE] = 0
    balance = [control.balance(run.params, run.state, zone) for zone in (BRAVO, CHARLIE)]
    assert balance == near([-0.5 * math.log(4), 0.5 * math.log(41)])


@pytest.mark.parametrize(("pressure", "held", "gain"), [(0.5, 0.2, 0.4), (0.1, 0.2, 0.16), (0, 0, 0)])
def test_ground_gained_or_held(pressure, held, gain):
    run = begin_run()
    run.state.zones.pressure[BRAVO], run.state.zones.held[BRAVO] = pressure, held
    control.relax(run.params, run.state)
    assert run.state.zones.control[BRAVO] == near(0.5 + (logistic(gain) - 0.5) / 100)


def test_toward_the_aim_in_log_odds_from_day_0():
    """ln 3 above log odds of ln(1/3): the aim is 1/2. Each day .99 of the distance is left."""
    run = begin_run({"host.offensive.control": math.log(3)})
    run.state.zones.pressure[CHARLIE] = 1
    for _ in range(200):
        control.relax(run.params, run.state)
    assert run.state.zones.control[CHARLIE] == near(0.5 - 0.25 * 0.99**200)
    run.state.zones.pressure[CHARLIE] = 0
    for _ in range(10):
        control.relax(run.params, run.state)
    there = 0.5 - 0.25 * 0.99**200
    assert run.state.zones.control[CHARLIE] == near(0.25 + (there - 0.25) * 0.99**10)


def test_off():
    run = begin_run({"society.control.presence": 0, "society.control.fighters": 0, "host.offensive.control": 0})
    run.state.zones.effective[:] = run.state.zones.fighters[:] = 0
    run.state.zones.pressure[:] = 1
    control.relax(run.params, run.state)
    assert run.state.zones.control.tolist() == near([0.8, 0.5, 0.25])


def test_extremes_stay_inside():
    run = begin_run({"society.control.fighters": 20, "society.control.relaxation_days": 1})
    run.state.zones.fighters[:] = (0, 1e6, 0)
    control.relax(run.params, run.state)
    assert ((run.state.zones.control >= 0) & (run.state.zones.control <= 1)).all()
