"""ODD 7.3 Presence."""

import math

import pytest
from tiny_theatre import (
    ALPHA,
    B_POST,
    BRAVO,
    C_FORT,
    CHARLIE,
    D_FORT,
    DEGREE_KM,
    E_FORT,
    F_FORT,
    G_HOLD,
    H_HOLD,
    HOLDER,
    begin_run,
    near,
    new_run,
)

from atmis.kernel.rules import presence
from atmis.kernel.state import CLOSED, HANDED_OVER, HOME, HOST, MISSION, OVERRUN, RETAKEN

E5, E15 = math.exp(-0.5), math.exp(-1.5)  # half a degree and one and a half away, with a reach of one degree


def test_reach():
    """1 anywhere in its own zone; elsewhere by the distance to the outline."""
    made = new_run({"theatre.bases.f_fort.at": [0.2, 2.25], "society.presence.reach_km": DEGREE_KM / 2}).params
    assert made.reach[B_POST].tolist() == near([1, math.exp(-1), math.exp(-3)])
    assert made.reach[C_FORT].tolist() == near([math.exp(-1), 1, math.exp(-1)])
    assert made.reach[F_FORT].tolist() == near([math.exp(-2.5), math.exp(-0.5), 1])


def test_a_base_outside_the_outline_of_its_zone():
    """It counts in full in its zone, even if it lies outside the outline (outlines are simplified)."""
    made = new_run({"theatre.bases.c_fort.at": [0.0, 2.25]}).params
    assert made.reach[C_FORT].tolist() == near([math.exp(-1.25), 1, 1])


def test_distance_to_a_corner():
    """From (1 N, 3 E) to the corner (.5 N, 2 E) of bravo: the root of .25 + 1 degrees."""
    made = new_run({"theatre.bases.e_fort.at": [1.0, 3.0]}).params
    assert made.reach[E_FORT].tolist() == near([math.exp(-math.sqrt(4.25)), math.exp(-math.sqrt(1.25)), 1])


def test_effective_troops():
    """Mission 1,000 + 300 fully ready; host 150 and 80 at readiness .5 and effect .5; home 300 at readiness .8."""
    state = begin_run().state
    assert state.troops[MISSION].tolist() == near([750 * E5 + 550 * E15, 750 + 550 * E5, 550 + 750 * E5])
    assert state.troops[HOST].tolist() == near([37.5 * E5 + 20 * E15, 37.5 + 20 * E5, 20 + 37.5 * E5])
    assert state.troops[HOME].tolist() == near([240, 240 * E5, 240 * E15])
    assert state.zones.effective.tolist() == near(state.troops.sum(axis=0).tolist())


def test_effects_of_holders():
    troops = begin_run({"host.effect": 0.0, "kenya.home.effect": 2.0}).state.troops
    assert troops[HOST].tolist() == [0, 0, 0]
    assert troops[HOME].tolist() == near([480, 480 * E5, 480 * E15])
    assert troops[MISSION, BRAVO] == near(750 + 550 * E5)


def test_stationed_troops_are_counted_without_effect():
    zones = begin_run().state.zones
    assert zones.stationed.tolist() == [[0, 0, 300], [750, 150, 0], [550, 80, 0]]


def test_troops_at_the_border():
    """Garrison x readiness, without effect."""
    segments = begin_run({"kenya.home.effect": 0.3, "kenya.home.readiness": 0.5}).state.segments
    assert segments.troops.tolist() == near([150])


@pytest.mark.parametrize(("standing", "counts"), [(CLOSED, 0), (OVERRUN, 0), (HANDED_OVER, 1), (RETAKEN, 1)])
def test_only_standing_bases_count(standing, counts):
    made = begin_run()
    made.state.bases.standing[D_FORT] = standing
    presence.update_effective_troops(made.params, made.state)
    assert made.state.troops[MISSION, BRAVO] == near(500 + 250 * counts + 550 * E5)
    assert made.state.zones.stationed[BRAVO, MISSION] == 500 + 250 * counts


def test_a_new_holder_changes_the_side():
    made = begin_run()
    made.state.bases.holder[C_FORT] = HOLDER["guard"]
    presence.update_effective_troops(made.params, made.state)
    assert made.state.zones.stationed[BRAVO].tolist() == [250, 650, 0]
    assert made.state.troops[HOST, BRAVO] == near(0.5 * 500 + 37.5 + 20 * E5)


def test_memory_of_cuts():
    made = begin_run({"evidence.spike_days": 10})
    zones, bases = made.state.zones, made.state.bases
    presence.update_effective_troops(made.params, made.state)
    assert zones.cut.tolist() == [0, 0, 0]
    bases.garrison[C_FORT] -= 400
    presence.update_effective_troops(made.params, made.state)
    assert zones.cut.tolist() == near([0.4 * E5, 0.4, 0.4 * E5])
    bases.garrison[C_FORT] += 100  # more troops are no cut and undo none
    presence.update_effective_troops(made.params, made.state)
    assert zones.cut[BRAVO] == near(0.4 * math.exp(-0.1))
    bases.garrison[C_FORT] -= 50
    presence.update_effective_troops(made.params, made.state)
    assert zones.cut[BRAVO] == near(0.4 * math.exp(-0.2) + 0.05)


def test_on_day_0_only_cuts_of_that_day_count():
    made = begin_run()
    made.state.bases.standing[G_HOLD] = CLOSED
    made.state.bases.standing[H_HOLD] = CLOSED
    presence.update_effective_troops(made.params, made.state)
    assert made.state.zones.cut[ALPHA] == near((37.5 * E5 + 20 * E15) / 1000)


@pytest.mark.parametrize(("effective", "felt"), [(0, 0), (100, 0.5), (300, 0.75), (900, 0.9)])
def test_saturation(effective, felt):
    """Half at 5 for each 1,000 of 20,000 people: 100 troops."""
    made = begin_run()
    assert presence.saturation(made.params, made.state, BRAVO, effective) == near(felt)


def test_saturation_where_nobody_lives():
    made = begin_run({"theatre.zones.charlie.population": 0})
    assert presence.saturation(made.params, made.state, CHARLIE, 0.0) == 0
    assert presence.saturation(made.params, made.state, CHARLIE, 0.5) == 1
