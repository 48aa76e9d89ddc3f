"""ODD 7.11b Border: window 10 days, threshold 3, put off by 15 days."""

import pytest
from tiny_theatre import ALPHA, BRAVO, Run, begin_run, date_of

from atmis.kernel import recorder
from atmis.kernel.rules import border
from atmis.kernel.rules.border import review


def policy(opens: int | None, **changes: object) -> Run:
    steps = {} if opens is None else {"line": date_of(opens)}
    return begin_run(
        {"kenya.reopening.steps": steps, **{f"kenya.reopening.{key}": value for key, value in changes.items()}}
    )


def run_days(run: Run, last: int, attacks: dict[int, int] | None = None, zone: int = ALPHA) -> list[int]:
    """Days 0 to `last`, with attacks by day; 1 on the days on which the segment is open."""
    for day in range(last + 1):
        run.record.daily[recorder.DAILY_ATTACKS, day, zone] = (attacks or {}).get(day, 0)
        review(run.params, run.state, run.record, day)
    assert run.record.days.open_segments[: last + 1].max() <= 1
    return run.record.days.open_segments[: last + 1].tolist()


def first_open(days: list[int]) -> int | None:
    return days.index(1) if 1 in days else None


def test_on_its_date():
    run = policy(20)
    assert run_days(run, 25) == [0] * 20 + [1] * 6
    assert run.state.segments.open.tolist() == [1]


def test_not_before_the_window_is_full():
    """On day 5 the window is not full: put off to day 20. On day 9 it is."""
    assert first_open(run_days(policy(5), 30)) == 20
    assert first_open(run_days(policy(8), 30)) == 23
    assert first_open(run_days(policy(9), 30)) == 9


def test_a_date_before_the_first_day():
    assert first_open(run_days(policy(-40), 30)) == 15  # tried on day 0, when no window is full


@pytest.mark.parametrize(
    ("attacks", "opens"),
    [
        ({20: 2}, 20),  # 2 are below 3
        ({20: 3}, 35),  # 3 are not
        ({11: 3}, 35),  # the window of day 20 is 11 to 20
        ({10: 3}, 20),
        ({11: 1, 15: 1, 20: 1}, 35),
        ({21: 9}, 20),
        ({20: 3, 30: 3}, 50),  # put off twice
        ({20: 3, 35: 3, 50: 3}, 65),
    ],
)
def test_attacks_put_it_off(attacks, opens):
    assert first_open(run_days(policy(20), 70, attacks)) == opens


def test_attacks_on_the_somali_side_do_not():
    assert first_open(run_days(policy(20), 30, {20: 9}, BRAVO)) == 20


def test_once_open_it_stays_so():
    run = policy(20)
    assert run_days(run, 60, {25: 50}) == [0] * 20 + [1] * 41
    assert run.state.segments.next_try.tolist() == [20]


def test_unconditional():
    assert first_open(run_days(policy(5, unconditional=True), 10, {5: 9})) == 5


def test_never_without_a_date():
    assert first_open(run_days(policy(None, unconditional=True), 60)) is None


def test_open_on_the_first_day():
    run = begin_run({"theatre.borders": {"line": {
        "kenya": "alpha", "somalia": "bravo", "length_km": 1, "crossing": None, "open": True, "class": "assumed",
        "source": ["judgement"],
    }}, "opposition.attacks.closed_border": 0.7})  # fmt: skip
    assert run_days(run, 3) == [1] * 4
    assert border.friction(run.params, run.state, 0) == 0


def test_could_open():
    """Quiet days with a full window, whatever the dates: 3 attacks on day 14 count until day 23."""
    run = policy(None)
    run_days(run, 30, {14: 3})
    assert run.record.days.could_open[:31].tolist() == [-1] * 9 + [1] * 5 + [0] * 10 + [1] * 7


def test_threshold_of_nothing():
    """No number of attacks is below 0: it never opens."""
    assert first_open(run_days(policy(20, threshold=0), 60)) is None


def test_a_window_of_a_day():
    assert first_open(run_days(policy(0, window_days=1), 5)) == 0
    assert first_open(run_days(policy(3, window_days=1, threshold=1, postponed_days=1), 9, {3: 1, 4: 2})) == 5
