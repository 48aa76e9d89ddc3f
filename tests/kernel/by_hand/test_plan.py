"""ODD 7.1, the timetable of a plan: who leaves, which base goes to whom, on which date."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_theatre import SOURCED, data, date_of, phase, scenario

from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.timetable import largest_remainder


def timetable_of(phases: dict[str, Any], **more: Any) -> Any:
    return scenario({"plan.phases": phases, **{f"plan.{key}": value for key, value in more.items()}}).timetable()


def withdrawals(table: Any) -> list[tuple[str, str, int]]:
    return [(w.phase, w.contingent, w.troops) for w in table.withdrawals]


def moves(table: Any) -> list[tuple[str, str, str, Any]]:
    return [(m.base, m.kind, m.date.isoformat(), m.to) for m in table.moves]


def test_a_total_is_divided_by_the_strength_left():
    """100 by 1,000 : 300 is 76.92 and 23.08; then 100 by 923 : 277 is 76.92 and 23.08; then all that are left."""
    table = timetable_of({"one": phase(0, 0, 100), "two": phase(1, 1, 100), "three": phase(2, 2, "all")})
    assert withdrawals(table) == [
        ("one", "eagle", 77), ("one", "falcon", 23), ("two", "eagle", 77), ("two", "falcon", 23),
        ("three", "eagle", 846), ("three", "falcon", 254),
    ]  # fmt: skip


def test_phases_go_by_date_then_by_name():
    """`b` and `c` have one date; `a` is later. After 900 of eagle have gone, 100 and 300 are left."""
    table = timetable_of({
        "a": phase(9, 9, 40), "b": phase(3, 5, {"eagle": 900}), "c": phase(0, 5, 40, contingents=["falcon"]),
    })  # fmt: skip
    assert withdrawals(table) == [("b", "eagle", 900), ("c", "falcon", 40), ("a", "eagle", 11), ("a", "falcon", 29)]
    # 40 by 100 : 260 is 11.11 and 28.89


def test_a_total_divided_by_shares():
    table = timetable_of({"one": phase(0, 0, 10, shares={"eagle": 1, "falcon": 2})})
    assert withdrawals(table) == [("one", "eagle", 3), ("one", "falcon", 7)]  # 3.33, 6.67


def test_nobody_leaves_twice():
    with pytest.raises(InputError, match=r"301 troops of Falcon are to leave, but only 300"):
        timetable_of({"one": phase(0, 0, {"falcon": 301})})
    with pytest.raises(InputError, match=r"1,301 troops are to leave, but only 1,300"):
        timetable_of({"one": phase(0, 0, 1301)})


def test_shares_cannot_be_negative():
    with pytest.raises(InputError):
        timetable_of({"one": phase(0, 0, 100, shares={"eagle": 2.0, "falcon": -1.0})})


def test_shares_cannot_all_be_zero():
    """A total of 100 must be divided among somebody."""
    with pytest.raises(InputError):
        timetable_of({"one": phase(0, 0, 100, shares={"eagle": 0.0, "falcon": 0.0})})


@pytest.mark.parametrize("base", ["c_fort", "g_hold"])
def test_only_border_bases_guard_a_border(base):
    made = data()
    made["theatre"]["bases"][base]["border"] = "line"
    with pytest.raises(InputError):
        build(made)


def test_every_border_base_guards_a_border():
    """Otherwise it is unknown which troops count in B of a segment."""
    made = data()
    made["theatre"]["bases"]["a_post"]["border"] = None
    with pytest.raises(InputError):
        build(made)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (5, {"c": 1.0, "a": 1.0, "b": 1.0}, {"a": 2, "b": 2, "c": 1}),  # ties by name
        (1, {"c": 1.0, "a": 1.0, "b": 1.0}, {"a": 1, "b": 0, "c": 0}),
        (10, {"a": 0.0, "b": 4.0}, {"a": 0, "b": 10}),
        (0, {"a": 3.0, "b": 4.0}, {"a": 0, "b": 0}),
        (7, {"a": 1.0, "b": 2.0, "c": 4.0}, {"a": 1, "b": 2, "c": 4}),
        (8, {"a": 1.0, "b": 2.0, "c": 4.0}, {"a": 1, "b": 2, "c": 5}),  # 1.14, 2.29, 4.57
    ],
)
def test_largest_remainder(total, weights, parts):
    assert largest_remainder(total, weights) == parts


@given(
    st.integers(0, 100_000),
    st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 10**6), min_size=1, max_size=8).filter(
        lambda weights: sum(weights.values()) > 0
    ),
)
def test_largest_remainder_adds_up_and_is_next_to_the_exact_share(total, weights):
    parts = largest_remainder(total, {name: float(weight) for name, weight in weights.items()})
    assert sum(parts.values()) == total
    whole = sum(weights.values())
    for name, weight in weights.items():
        assert total * weight // whole <= parts[name] <= -(-total * weight // whole)


def test_undated_bases_are_spread_over_the_phase():
    """Handovers by name, then closures by name: 0 + floor(10 (k + 1) / 3) = 3, 6, 10. A dated base takes no place."""
    table = timetable_of({
        "one": phase(0, 10, 0, handovers={"e_fort": {}, "d_fort": {"to": "guard"}, "f_fort": {"date": date_of(2)}},
                     closures={"c_fort": {}}),
    })  # fmt: skip
    assert moves(table) == [
        ("d_fort", "handover", date_of(3), "guard"), ("e_fort", "handover", date_of(6), "guard"),
        ("f_fort", "handover", date_of(2), "guard"), ("c_fort", "closure", date_of(10), None),
    ]  # fmt: skip


def test_what_remains():
    """Bases of the phase's contingents only; those handed over before are no longer theirs."""
    early = phase(0, 1, 0, handovers={"c_fort": {}})
    late = {"contingents": ["eagle"], "handovers": {"e_fort": {"to": "army", "date": date_of(5)}}}
    table = timetable_of({"one": early, "two": phase(4, 8, 0, remaining="handover", **late)})
    assert moves(table)[1:] == [("e_fort", "handover", date_of(5), "army"), ("d_fort", "handover", date_of(8), "army")]
    table = timetable_of({"one": early, "two": phase(4, 8, 0, remaining="close")})
    assert moves(table)[1:] == [
        ("d_fort", "closure", date_of(5), None), ("e_fort", "closure", date_of(6), None),
        ("f_fort", "closure", date_of(8), None),
    ]  # fmt: skip


def test_a_zone_without_a_force_hands_over_to_the_first():
    made = data({"plan.phases": {"one": phase(0, 0, 0, handovers={"c_fort": {}})}})
    made["theatre"]["bases"]["c_fort"].update(zone="alpha", at=[0.0, 0.5])
    assert moves(build(made).timetable()) == [("c_fort", "handover", date_of(0), "army")]


def test_a_phase_after_the_last_troops_have_left():
    assert withdrawals(timetable_of({"one": phase(0, 0, "all"), "two": phase(1, 1, 0)})) == [
        ("one", "eagle", 1000), ("one", "falcon", 300),
    ]  # fmt: skip


def test_police():
    table = timetable_of({"one": phase(0, 2, 0, police=30), "two": phase(3, 4, 0, police="all")})
    assert [(p.phase, p.police) for p in table.police] == [("one", 30), ("two", 70)]
    with pytest.raises(InputError, match=r"101 police are to leave, but only 100"):
        timetable_of({"one": phase(0, 2, 0, police=101)})


def successor(**troops: int) -> dict[str, Any]:
    return {
        "name": "Next", "date": date_of(6), "troops": troops, "police": 20, "unassigned": 3,
        "takes_over": {"eagle": "falcon"}, **SOURCED,
    }  # fmt: skip


def test_bases_under_a_successor():
    """Of a contingent with troops in it: stay. Of eagle: to falcon. Of falcon: to the host force of the zone."""
    handed = {"one": phase(0, 1, 0, handovers={"c_fort": {}})}
    assert moves(timetable_of(handed, successor=successor(eagle=1, falcon=2)))[1:] == []
    assert moves(timetable_of(handed, successor=successor(eagle=0, falcon=2)))[1:] == [
        ("d_fort", "transfer", date_of(6), "falcon"), ("e_fort", "transfer", date_of(6), "falcon"),
    ]  # fmt: skip
    nobody_takes_over = {**successor(eagle=5), "takes_over": {}}
    assert moves(timetable_of(handed, successor=nobody_takes_over))[1:] == [("f_fort", "handover", date_of(6), "guard")]
    with pytest.raises(InputError, match="falcon has no troops in Next"):
        timetable_of(handed, successor=successor(eagle=5))


def test_an_abandoned_base_cannot_be_moved():
    lost = {"attack": {"base": "c_fort", "date": date_of(3), "killed": 9, "abandoned": True, **SOURCED}}
    with pytest.raises(InputError, match="no longer held"):
        timetable_of({"one": phase(0, 5, 0, handovers={"c_fort": {}})}, incidents=lost)
    lost["attack"]["abandoned"] = False
    assert len(timetable_of({"one": phase(0, 5, 0, handovers={"c_fort": {}})}, incidents=lost).moves) == 2


def test_a_base_that_falls_and_is_retaken_can_be_moved_in_any_phase():
    fell = {"attack": {"base": "d_fort", "date": date_of(3), "killed": 9, "abandoned": False, **SOURCED}}
    phases = {"one": phase(0, 5, 0, handovers={"c_fort": {}}), "two": phase(6, 8, 0, handovers={"d_fort": {}})}
    assert [m.base for m in timetable_of(phases, incidents=fell).moves] == ["d_fort", "c_fort", "d_fort"]
    phases["two"] = phase(6, 8, 0, remaining="handover")
    assert [m.base for m in timetable_of(phases, incidents=fell).moves] == [
        "d_fort",
        "c_fort",
        "d_fort",
        "e_fort",
        "f_fort",
    ]
