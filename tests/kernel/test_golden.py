"""No number changes without a line in CHANGELOG.md: golden scenarios, recorded in tests/support/golden.txt."""

import golden
import pytest


@pytest.fixture(scope="module")
def recorded():
    return golden.read_golden()


def test_numbers_are_those_on_record(recorded):
    differing = golden.differences(recorded.sums, golden.current_sums())
    assert not differing, f"{len(differing)} numbers moved ({differing[0]}). If they are meant to, {golden.HOW}"


def test_the_record_names_the_change_that_last_moved_them(recorded):
    assert recorded.moved == golden.last_move(golden.CHANGELOG.read_text(encoding="utf-8"))
    assert recorded.moved.startswith(golden.MARK)
    assert len(recorded.sums) > 200


def test_a_change_needs_a_line_in_the_change_log(recorded):
    """Without one the record is not renewed; with one, or when nothing moved, it is."""
    key = ("actual", "attacks")
    moved = recorded.sums | {key: str(int(recorded.sums[key]) + 1)}
    silent = f"{recorded.moved}\nSomething else."
    with pytest.raises(SystemExit, match=r"^Numbers moved \(actual: attacks was .*; 1 in all\) and CHANGELOG"):
        golden.renew(recorded, moved, silent)
    changelog = f"{silent}\n**Numbers of `actual` move:** an attack more."
    assert golden.renew(recorded, moved, changelog).moved.endswith("an attack more.")
    assert golden.renew(recorded, recorded.sums, silent) == recorded


@pytest.mark.parametrize(("by", "differs"), [(1e-12, False), (1e-6, True)])
def test_the_last_digits_of_real_numbers_do_not_count(recorded, by, differs):
    key = ("actual", "control")
    other = recorded.sums | {key: repr(float(recorded.sums[key]) * (1 + by))}
    assert bool(golden.differences(recorded.sums, other)) == differs
