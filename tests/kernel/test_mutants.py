"""The table of faults that the tests are measured by (benchmarks/mutants.py), and one file of it tried."""

import ast
import subprocess
import sys
from pathlib import Path

import mutants
from faults import EQUAL, FAULTS, UNNOTICED
from slips import slips


def test_every_fault_can_still_be_put_in() -> None:
    """Each text stands once in its file; what is made of it is Python, and something else."""
    made = [mutants.fault(file, old, new) for file, old, new, _ in FAULTS]
    assert len({change.key for change in made}) == len(FAULTS) >= 60
    assert {change.file for change in made} == set(mutants.files())
    for change in made:
        source = (mutants.PACKAGE / change.file).read_text()
        assert ast.unparse(ast.parse(change.text)) != ast.unparse(ast.parse(source)), change.key
    assert all(what for *_, what in FAULTS)


def test_what_is_not_caught_can_still_be_put_in() -> None:
    listed = {**EQUAL, **UNNOTICED}
    assert len(listed) == len(EQUAL) + len(UNNOTICED)
    known = {mutants.fault(*row[:3]).key for row in FAULTS}
    for file in {place.split()[0] for place, _, _ in listed}:
        known |= {change.key for change in slips(file, mutants.SCOPE.get(file, ((), ()))[0])}
    assert set(listed) - known == set()


def test_slips_change_one_place_and_no_more() -> None:
    source = (mutants.PACKAGE / "kernel/rules/border.py").read_text()
    found = list(slips("kernel/rules/border.py"))
    assert len({change.text for change in found}) == len(found) > 40
    for change in found:
        ast.parse(change.text)
        pairs = zip(source.splitlines(), change.text.splitlines(), strict=True)
        changed = [number for number, (was, now) in enumerate(pairs, start=1) if was != now]
        assert changed == [change.line]
    judged = [change.new for change in found if change.old == "judged = day + 1 >= policy.window_days"]
    assert judged == [
        "judged = (day + 1 > policy.window_days)",
        "judged = (day + 1 <= policy.window_days)",
        "judged = (day - 1) >= policy.window_days",
        "judged = day + 2 >= policy.window_days",
        "judged = day + 0 >= policy.window_days",
    ]


def test_faults_of_a_file_are_caught() -> None:
    """And its tests pass without a fault, or the command would end with an error."""
    command = [sys.executable, "benchmarks/mutants.py", "--only", "kernel/rules/offensive.py"]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| all | 3 | 3 | 0 | 100.0% |" in done.stdout
