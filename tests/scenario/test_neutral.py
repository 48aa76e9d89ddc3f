"""Every mechanism has a neutral value that switches it off exactly: then its other parameters change nothing at all.

That the same parameters do matter while the mechanism is on is shown, from the same scenario, in test_alive.py.
"""

from typing import Any, NamedTuple

import helpers
import numpy as np
import pytest

from atmis.kernel import recorder
from atmis.scenario import neutral
from atmis.scenario.opposition import Assault


def under(path: str, **values: Any) -> dict[str, Any]:
    """Values by dotted key below a path."""
    return {f"{path}.{name}": value for name, value in values.items()}


def opposition(part: str, **values: Any) -> dict[str, Any]:
    return under(f"opposition.{part}", **values)


class Case(NamedTuple):
    """What is switched off, and what must not matter then."""

    off: dict[str, Any]
    idle: dict[str, Any]


def off(*names: str) -> dict[str, Any]:
    """The values of the package's table that switch some mechanisms off."""
    return neutral.switched_off(names, helpers.everything())


NO_INCIDENTS: dict[str, Any] = {"plan.incidents": {}}  # an incident has its own date of retaking
TARGETS = ("mission_base", "host_base", "border_base", "security", "civilians")
KINDS = (*TARGETS[:3], "security_kenya", "security_somalia", "civilians_kenya", "civilians_somalia")
MIX = {"clash": 0.1, "ied": 0.2, "raid": 0.3, "suicide": 0.4}
CENTRAL, JUBALAND = "host.offensives.central_somalia", "host.offensives.jubaland"

# What must not matter while each mechanism is off. The season has nothing but its own twelve numbers.
IDLE: dict[str, dict[str, Any]] = {
    "drawdown": under("plan.redeployment", share=1.0, contingent="uganda"),
    "redeployment": under("plan.redeployment", contingent="uganda"),
    "presence": under("evidence", spike_days=900.0),
    "spike": under("evidence", spike_days=900.0),
    "border_bases": under("kenya.home", readiness=0.1),
    "ground_gained": under("society.control", governance=1.0),
    "reopening": under("kenya.reopening", postponed_days=3, unconditional=True),
    "agreement": under("kenya.agreement", ramp_days=3.0, start="2022-04-20", end="2022-06-20"),
    "haiti": under("kenya.haiti", manpower=7, start="2022-04-20", end="2022-06-20"),
    "capability": under("kenya.agreement", ramp_days=3.0, start="2022-05-01") | under("kenya.haiti", manpower=7),
    "excitation": opposition("excitation", memory_days=77.0),
    "tempo": opposition("tempo", memory_days=7.0),
    "spoiling": opposition("attacks", spoiling_days=90),
    "funds": opposition("assault", loot=0.9),
    "recruitment": opposition("recruitment", control=1.0, funds=3.0, crowding=1.0, offensive=1.0, remnant=90.0)
    | opposition("assault", loot=0.9),
    "response": opposition("response", per_troops=5.0, rest_share=0.01, rest_days=200),
    "lying_low": opposition("response", rest_share=0.001),
    "newly_held": opposition("assault", newly_held_days=900.0),
    "relocation": opposition("relocation", opportunity=9.0, presence=9.0, home=9.0, distance=9.0, pressure=9.0),
    "control_by_presence": under("society.presence", half=900.0),
    "tail": opposition("severity", tail_start=90.0, tail_exponent=1.6),
    "deaths": {f"opposition.severity.{kind}.median": 50.0 for kind in KINDS}
    | opposition("severity", spread=2.0, tail=1.0, highest=5000),
    "displacement": under("society.displacement", returns=0.9, crossing=1.0, closed=1.0),
    "crossing": under("society.displacement", closed=0.9),
}
ALONE = {name: Case(off(name), idle) for name, idle in IDLE.items()}
# Several off at once, and other ways to switch one off.
TOGETHER = {
    "massing": Case(
        off("massing") | NO_INCIDENTS,
        opposition("assault", odds_low=1.0, odds_high=9.0, commitment=1.0, even_odds=0.5, steepness=9.0)
        | opposition("assault", newly_held=5.0, newly_held_days=5.0, killed_overrun=0.9, killed_repelled=0.9)
        | opposition("assault", attackers_lost=0.9, loot=0.9, shock=0.9)
        | opposition("assault", retaken_mission_days=99.0, retaken_host_days=2.0),
    ),
    "no one within reach": Case(
        opposition("assault", commitment=0.0) | NO_INCIDENTS, opposition("assault", massing=1.0)
    ),
    "offensives": Case(
        off("offensive_displacement", "offensive_pressure"),
        under(JUBALAND, zones=["bay", "mudug", "garissa"], intensity=4.0, start="2022-05-01")
        | under(CENTRAL, end="2025-12-01")
        | under("host.offensive", ramp_days=5.0)
        | under("society.control", governance=1.0),
    ),
    "what capability acts on": Case(
        off("tips", "response"),
        under("kenya.agreement", gain=3.0, start="2022-05-01") | under("kenya.haiti", officers=19_000),
    ),
    "recruitment and attrition": Case(
        off("recruitment") | under("host.offensive", attrition=0.0), opposition("recruitment", review_days=3)
    ),
    "raids": Case(off("raids", "relocation"), opposition("attacks", closed_border=9.0, border_troops=9.0)),
    "attacks": Case(
        off("attacks") | NO_INCIDENTS,
        opposition("attacks", raids=5.0, spoiling=5.0, coordination=1.0, base_spread=3.0, season=[5.0] * 12)
        | opposition("attacks", opportunity=9.0, highest=0.1, strength=2.0)
        | opposition("excitation", branching=0.9)
        | opposition("tempo", spread=2.0)
        | opposition("assault", massing=1.0)
        | opposition("response", losses=1.0)
        | {f"opposition.mix.{target}": MIX for target in TARGETS}
        | {f"opposition.targets.{country}.{target}": 9.0 for country in ("kenya", "somalia") for target in TARGETS}
        | under("evidence", attacks=5.0)
        | under("society", **{"control.tips": 1.0, "displacement.per_attack": 90_000.0})
        | under("host.offensive", attacks=5.0)
        | under("reporting", inflation=9.0),
    ),
    "host forces": Case(
        off("host_forces", "massing") | NO_INCIDENTS,
        under("host.readiness", start=0.1, handover=1.0, ceiling=0.2, growth_days=5.0)
        | under("host.shocks.split", readiness=1.0),
    ),
    "reopening without conditions": Case(
        under("kenya.reopening", unconditional=True), under("kenya.reopening", postponed_days=3)
    ),
    "words": Case({}, {"scenario.assumes": "Something else.", "plan.phases.phase_1.first_planned": None}),
}
CASES = ALONE | TOGETHER


def bytes_of(changes):
    return helpers.digest(helpers.run(helpers.change(helpers.everything(), changes))[1])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_switched_off_nothing_else_of_it_matters(case):
    assert bytes_of(case.off | case.idle) == bytes_of(case.off)


OFFS = {name: off(name) for name in neutral.MECHANISMS} | {
    name: case.off for name, case in TOGETHER.items() if case.off
}


@pytest.mark.parametrize("name", OFFS)
def test_and_switched_off_makes_a_difference(name):
    """The neutral value is not where the scenario stands anyway."""
    assert bytes_of(OFFS[name]) != bytes_of({})


def test_massing_covers_all_of_the_assault():
    idle = {key.rpartition(".")[2] for key in CASES["massing"].idle}
    assert idle == set(Assault.model_fields) - {"massing"}


def sourced(**values: Any) -> dict[str, Any]:
    return values | helpers.JUDGED


WHEN = {"indicator": "attacks", "zones": ["gedo"], "window_days": 9, "above": 0.0, "for_days": 1}
BOTH = ["phase_1", "phase_2"]
SPAN = {"start": "2022-06-01", "end": "2023-06-01"}
PLACE = {"at": [2.6, 43.5], "placed": "synthetic", "zone": "bay"}
# Parts of a plan and of the world that do nothing: with them is as without them.
NOTHING = {
    "a slip of no days": under("plan.slips", none=sourced(phase="phase_1", days=0)),
    "a slip drawn from no days": under("plan.slips", none=sourced(phase="phase_1", days={"low": 0, "high": 0})),
    "a pause of no days": under("plan.pauses", none=sourced(start="2022-12-20", days=0, phases=BOTH)),
    "a pause of no phase": under("plan.pauses", none=sourced(start="2022-12-20", days=90, phases=[])),
    "a rule that is spent": under("plan.rules", none=sourced(when=WHEN, then="hold", phases=BOTH, at_most_days=0)),
    "a rule that nothing meets": under(
        "plan.rules", none=sourced(when=WHEN | {"above": 1e6}, then="hasten", phases=BOTH, at_most_days=900)
    ),
    "a phase of nobody": under("plan.phases", a_phase=sourced(start="2023-03-01", date="2023-03-09", troops=0)),
    "a shock of nothing": under(
        "host.shocks", none=sourced(name="None", date="2022-06-01", force="federal_army", troops=0, readiness=0.0)
    ),
    "an offensive of no force": under(
        "host.offensives", none=sourced(name="None", zones=["bay"], **SPAN, intensity=0.0, troops={})
    ),
    "a base of nobody": under(
        "theatre.bases", none=sourced(name="None", kind="host_base", holder="federal_army", garrison=0, **PLACE)
    ),
}


@pytest.mark.parametrize("more", NOTHING.values(), ids=NOTHING)
def test_what_does_nothing_changes_nothing(more):
    expected, found = (helpers.run(helpers.change(helpers.everything(), changes))[1] for changes in ({}, more))
    differing = set(helpers.differing(expected, found))
    if "theatre.bases.none" in more:  # it has a row of its own, and moves the numbers of those that follow
        differing -= {"Record.bases", "Record.events"}
    assert differing == set()


def run_off(name, more=None):
    return helpers.run(helpers.change(helpers.everything(), CASES[name].off | (more or {})))


def test_without_moves_every_cell_stays_at_home():
    state, record = run_off("relocation")
    assert (state.cells.zone == state.cells.home).all()
    assert record.monthly[..., recorder.MOVES_IN].sum() == 0


def test_without_coordination_no_second_base_is_hit():
    def doubles(chance):
        _, record = helpers.run(helpers.change(helpers.everything(), {"opposition.attacks.coordination": chance}))
        events = record.events[: int(record.event_count[0])]
        return len(events) - len(np.unique(events[:, [recorder.EVENT_DAY, recorder.EVENT_CELL]], axis=0))

    assert doubles(0.0) == 0
    assert doubles(1.0) > 500


def test_without_raids_every_attack_is_at_home():
    _, record = run_off("raids")
    events = record.events[: int(record.event_count[0])]
    assert (events[:, recorder.EVENT_ZONE] == events[:, recorder.EVENT_ORIGIN]).all()
    assert record.monthly[..., recorder.OVER_BORDER].sum() == 0


def test_without_massing_no_base_falls():
    state, record = run_off("massing")
    assert record.bases.overruns.sum() == 0
    assert (record.bases.fell == -1).all()
    assert state.run.loot == 0.0


def test_without_tips_nothing_is_foiled():
    _, record = run_off("what capability acts on")
    assert record.monthly[..., recorder.FOILED].sum() == 0


def test_without_spread_every_base_and_cell_is_alike():
    spreads = opposition("attacks", base_spread=0.0) | opposition("cells", size_spread=0.0)
    spreads |= opposition("tempo", spread=0.0)
    _, state, *_ = helpers.start(helpers.build(helpers.change(helpers.everything(), spreads)))
    assert (state.bases.exposure == 1.0).all()
    assert (state.cells.fighters == 19).all()
    assert (state.regions.tempo == 0.0).all()


def test_without_displacement_everyone_is_at_home():
    state, record = run_off("displacement")
    assert (state.zones.home + state.zones.dead == state.zones.population).all()
    assert record.monthly[..., recorder.DISPLACED_ATTACKS : recorder.CROSSED + 1].sum() == 0


def test_without_offensives_control_stays_where_it_is_while_nothing_else_moves():
    """The first day is an equilibrium: no attacks, no drawdown, no growth of host forces - and nothing changes."""
    forces = ("federal_army", "jubaland_forces", "regional_forces")
    quiet = off("attacks", "relocation", "recruitment", "drawdown")
    quiet |= under("host", offensives={}, shocks={}, generation={force: {"pool": 0, "rate": 0} for force in forces})
    quiet |= under("host.readiness", start=0.7, ceiling=0.7)
    state, record = helpers.run(helpers.change(helpers.everything(), quiet))
    assert np.allclose(state.zones.control, state.zones.control_first, rtol=0, atol=1e-9)
    assert np.allclose(state.zones.effective, state.zones.reference, rtol=1e-9)
    assert record.monthly[..., : recorder.RECORDED_ATTACKS].sum() == 0
    assert state.run.funds == pytest.approx(1.0, abs=1e-9)
