"""ODD 7.11c Displacement: 100 for an attack, 1,000 for a base that falls, 1 % under full pressure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_theatre import ALPHA, BRAVO, CHARLIE, SOURCED, Run, begin_run, near

from atmis.kernel import recorder
from atmis.kernel.rules import displacement
from atmis.kernel.state import BY_ATTACKS, BY_OFFENSIVE, BY_OVERRUNS

POPULATION = [10_000, 20_000, 40_000]


def tuned(**changes: float) -> Run:
    return begin_run({f"society.displacement.{key}": value for key, value in changes.items()})


def displace(run: Run, day: int = 40) -> None:
    displacement.displace(run.params, run.state, run.record, day)


def monthly(run: Run, zone: int, *kinds: int) -> list[float]:
    return run.record.monthly[1, zone, list(kinds)].tolist()


def test_causes():
    """Of 20,000: 300 by attacks, 2,000 by overruns, then half a per cent of the 17,700 still at home."""
    run = tuned(crossing=0.0)
    run.record.daily[recorder.DAILY_ATTACKS, 40, BRAVO] = 3
    run.record.daily[recorder.DAILY_OVERRUNS, 40, BRAVO] = 2
    run.record.daily[recorder.DAILY_ATTACKS, 39, CHARLIE] = 7  # yesterday's attacks do not count
    run.state.zones.pressure[BRAVO] = 0.5
    displace(run)
    assert run.state.zones.displaced[BRAVO].tolist() == near([300, 2000, 88.5])
    assert run.state.zones.home.tolist() == near([10_000, 20_000 - 2388.5, 40_000])
    kinds = (recorder.DISPLACED_ATTACKS, recorder.DISPLACED_OVERRUNS, recorder.DISPLACED_OFFENSIVE, recorder.CROSSED)
    assert monthly(run, BRAVO, *kinds) == near([300, 2000, 88.5, 0])


def test_no_more_than_are_at_home():
    run = tuned(crossing=0.0)
    run.state.zones.home[BRAVO] = 1150
    run.record.daily[recorder.DAILY_ATTACKS, 40, BRAVO] = 3
    run.record.daily[recorder.DAILY_OVERRUNS, 40, BRAVO] = 1
    run.state.zones.pressure[BRAVO] = 1
    displace(run)
    assert run.state.zones.displaced[BRAVO].tolist() == near([300, 850, 0])
    assert run.state.zones.home[BRAVO] == 0


def test_the_whole_zone_under_a_crushing_offensive():
    run = tuned(offensive=0.1, crossing=0.0)
    run.state.zones.pressure[CHARLIE] = 20
    displace(run)
    assert run.state.zones.displaced[CHARLIE, BY_OFFENSIVE] == 40_000


@pytest.mark.parametrize(("is_open", "share"), [(0, 0.05), (1, 0.1)])
def test_crossing(is_open, share):
    """A tenth over an open border, half of that over a closed one; from bravo only."""
    run = tuned()
    run.state.segments.open[0] = is_open
    run.record.daily[recorder.DAILY_ATTACKS, 40] = (2, 3, 4)
    displace(run)
    assert run.state.zones.abroad.tolist() == near([0, 300 * share, 0])
    assert run.state.zones.displaced[:, BY_ATTACKS].tolist() == near([200, 300 * (1 - share), 400])
    assert monthly(run, BRAVO, recorder.CROSSED, recorder.DISPLACED_ATTACKS) == near([300 * share, 300])


@pytest.mark.parametrize(("is_open", "share"), [((0, 0), 0.05), ((1, 0), 0.1), ((0, 1), 0.1)])
def test_by_the_most_passable_of_two_segments(is_open, share):
    border = {"kenya": "alpha", "length_km": 100, "crossing": None, **SOURCED}
    run = begin_run({
        "theatre.borders": {"line": {**border, "somalia": "bravo"}, "road": {**border, "somalia": "charlie"}},
        "theatre.neighbours": [["alpha", "bravo"], ["alpha", "charlie"], ["charlie", "bravo"]],
    })  # fmt: skip
    run.state.segments.somalia[:] = BRAVO
    run.state.segments.open[:] = is_open
    run.record.daily[recorder.DAILY_ATTACKS, 40] = (2, 3, 4)
    displace(run)
    assert run.state.zones.abroad.tolist() == near([0, 300 * share, 0])


def test_returns_come_first():
    """A tenth of each group comes home; all of them may then leave again."""
    run = tuned(returns=0.1, crossing=0.0)
    zones = run.state.zones
    zones.displaced[BRAVO], zones.abroad[BRAVO], zones.home[BRAVO] = (100, 200, 300), 400, 0
    run.record.daily[recorder.DAILY_ATTACKS, 40, BRAVO] = 9
    displace(run)
    assert zones.displaced[BRAVO].tolist() == near([90 + 100, 180, 270])
    assert (zones.abroad[BRAVO], zones.home[BRAVO]) == near((360, 0))
    assert monthly(run, BRAVO, recorder.RETURNED) == near([100])


def test_return_of_all_at_once():
    run = tuned(returns=1.0)
    run.state.zones.displaced[ALPHA] = (5, 5, 5)
    run.state.zones.abroad[ALPHA] = 5
    displace(run)
    assert run.state.zones.displaced[ALPHA].sum() == run.state.zones.abroad[ALPHA] == 0
    assert run.state.zones.home[ALPHA] == 10_020


@given(
    st.lists(
        st.tuples(*[st.integers(0, 300)] * 3, *[st.integers(0, 30)] * 3, st.floats(0, 5), st.booleans()), max_size=8
    ),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
)
@settings(max_examples=25, deadline=None)
def test_people_are_conserved(steps, returns, crossing, closed):
    run = tuned(returns=returns, crossing=crossing, closed=closed)
    zones = run.state.zones
    for day, (*counts, pressure, is_open) in enumerate(steps):
        run.record.daily[recorder.DAILY_ATTACKS, day] = counts[:3]
        run.record.daily[recorder.DAILY_OVERRUNS, day] = counts[3:]
        zones.pressure[:] = pressure
        run.state.segments.open[0] = is_open
        displace(run, day)
        people = zones.home + zones.displaced.sum(axis=1) + zones.abroad + zones.dead
        assert people.tolist() == pytest.approx(POPULATION, rel=1e-9)
        assert (zones.home >= 0).all()
        assert (zones.displaced >= 0).all()
        assert (zones.abroad >= 0).all()


def test_people_return_by_cause():
    run = tuned(returns=0.5, crossing=0.0, per_attack=0)
    run.state.zones.displaced[BRAVO] = (8, 4, 2)
    displace(run)
    assert run.state.zones.displaced[BRAVO, [BY_ATTACKS, BY_OVERRUNS, BY_OFFENSIVE]].tolist() == [4, 2, 1]
