"""ODD 7.4 Offensive."""

import pytest
from tiny_theatre import BRAVO, CHARLIE, SOURCED, begin_run, date_of, near

from atmis.kernel.rules import offensive


def push(start: int, end: int, intensity: float, *zones: str) -> dict:
    return {
        "name": "Push", "zones": list(zones), "start": date_of(start), "end": date_of(end), "intensity": intensity,
        "troops": {}, **SOURCED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "pressure"),
    [(9, 0), (10, 0.15), (11, 0.3), (18, 1.35), (19, 1.5), (25, 1.5), (30, 1.5), (31, 1.35), (39, 0.15), (40, 0)],
)
def test_ramp_and_ebb(day, pressure):
    """Ten days to build up, from the first day on; ten to ebb away after the last."""
    run = begin_run({"host.offensives": {"a": push(10, 30, 1.5, "bravo")}})
    offensive.update_pressure(run.params, run.state, day)
    assert run.state.zones.pressure.tolist() == near([0, pressure, 0])


@pytest.mark.parametrize(("day", "pressure"), [(10, 0.1), (11, 0.2 * 0.9), (15, 0.6 * 0.5), (19, 0.1), (20, 0)])
def test_it_builds_up_while_it_ebbs(day, pressure):
    run = begin_run({"host.offensives": {"a": push(10, 10, 1.0, "bravo")}})
    offensive.update_pressure(run.params, run.state, day)
    assert run.state.zones.pressure[BRAVO] == near(pressure)


def test_offensives_add_up():
    run = begin_run(
        {"host.offensives": {"a": push(0, 30, 1.0, "bravo", "charlie"), "b": push(5, 30, 0.5, "charlie", "charlie")}}
    )
    offensive.update_pressure(run.params, run.state, 8)
    assert run.state.zones.pressure.tolist() == near([0, 0.9, 0.9 + 0.5 * 0.4])


def test_one_begun_earlier_presses_fully_on_day_0():
    run = begin_run({"host.offensives": {"a": push(-20, 30, 1.0, "bravo")}})
    offensive.update_pressure(run.params, run.state, 0)
    assert run.state.zones.pressure[BRAVO] == 1


def test_government_keeps_a_share():
    """40 % of the highest pressure so far."""
    run = begin_run({"host.offensives": {"a": push(10, 30, 1.5, "bravo")}})
    held = []
    for day in (9, 10, 19, 35, 80):
        offensive.update_pressure(run.params, run.state, day)
        offensive.hold_ground(run.params, run.state)
        held.append(float(run.state.zones.held[BRAVO]))
    assert held == near([0, 0.06, 0.6, 0.6, 0.6])
    assert run.state.zones.held[CHARLIE] == 0
