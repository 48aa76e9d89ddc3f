"""Mutation testing: do the tests by hand catch faults put into the rules and into the sums behind the headlines?

    python benchmarks/mutants.py                        the scientific faults of benchmarks/faults.py: some minutes
    python benchmarks/mutants.py --slips 300            so many small changes, drawn from all that are possible
    python benchmarks/mutants.py --slips 0 --only kernel/rules/border.py       every one of a file

Each fault is loaded in place of the source by a process of its own, which runs the quick tests of that file, and those
of a whole day. Nothing is written. Prints what was not caught and, where known, why; ends with status 1 when less than
85 % are caught.
"""

import argparse
import os
import random
import resource
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from faults import EQUAL, FAULTS, UNNOTICED
from rich.console import Console
from slips import PACKAGE, Change, changed, slips

LEAST = 0.85
CPU_SECONDS = 60  # for one fault, so that an endless loop is caught
HAND, SUMMARY, COMPARISON = "tests/kernel/by_hand", "tests/runs/test_summary.py", "tests/analysis/test_comparison.py"
REDUCTIONS, DAY = f"{HAND}/test_reductions.py", (f"{HAND}/test_day.py", f"{HAND}/test_start.py")
# By file: the functions to change (none: all) and the tests that must catch it; for other rules, the test file of the
# same name.
SCOPE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "kernel/rules/border.py": ((), (f"{HAND}/test_border.py", f"{HAND}/test_attacks.py")),  # friction of raids
    "kernel/rules/drawdown.py": ((), (f"{HAND}/test_drawdown.py", f"{HAND}/test_plan.py", *DAY)),
    "kernel/schedule.py": ((), DAY),
    "kernel/recorder.py": (("add_zones", "pick", "clear"), (REDUCTIONS,)),
    "runs/ensemble.py": (("by_group", "totals", "added", "reduced"), (REDUCTIONS,)),
    "sweep/chunk_tables.py": (("round_significant", "counts", "merge_counts", "bands"), (REDUCTIONS,)),
    "runs/summary.py": ((), (SUMMARY,)),
    "analysis/comparison/indicators.py": ((), (COMPARISON,)),
    "analysis/comparison/openings.py": (("first_days", "_reached"), (COMPARISON,)),
    "analysis/comparison/survival.py": (("held_by_replicate", "_held", "kaplan_meier"), (COMPARISON,)),
}


class QuickTestsOnly:
    """Leaves out the tests that simulate whole scenarios, which would take minutes as plain Python."""

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        items[:] = [item for item in items if "runs" not in item.fixturenames]


def main() -> None:
    """Try the chosen faults one after the other, and print the score."""
    options = _options()
    os.chdir(Path(__file__).resolve().parents[1])
    os.environ["NUMBA_DISABLE_JIT"] = "1"  # before anything imports numba
    changes = _chosen_changes(options)
    _preload({test for one in changes for test in _tests(one.file)})
    tried, missed = _try(changes)
    print(report(tried, missed))
    equal = sum(change.key in EQUAL for change in missed)
    sys.exit(len(tried) - len(missed) < LEAST * (len(tried) - equal))


def files() -> list[str]:
    """All files into which faults are put."""
    rules = [f"kernel/rules/{path.name}" for path in sorted((PACKAGE / "kernel" / "rules").glob("[a-z]*.py"))]
    return list(dict.fromkeys([*rules, *SCOPE]))


def fault(file: str, old: str, new: str) -> Change:
    """A fault of the table: a text that occurs once in a file, replaced."""
    source = (PACKAGE / file).read_text()
    assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times in {file}"
    return changed(file, source, source.index(old), source.index(old) + len(old), new)


def is_caught(change: Change) -> bool:
    """Whether a test fails that passes without the change."""
    return _pass(_tests(change.file)) and _fails(change, _tests(change.file))


def report(changes: Sequence[Change], missed: Sequence[Change]) -> str:
    """Markdown: the score by file, then what was not caught."""
    all_of, missed_of = Counter(one.file for one in changes), Counter(one.file for one in missed)
    equal_of = Counter(one.file for one in missed if one.key in EQUAL)
    lines = ["| file | faults | caught | equal | score |", "|---|---:|---:|---:|---:|"]
    for name, count in [*all_of.items(), ("all", len(changes))]:
        lost, equal = (c.total() if name == "all" else c[name] for c in (missed_of, equal_of))
        share = (count - lost) / (count - equal) if count > equal else 1.0
        lines.append(f"| {name} | {count} | {count - lost} | {equal} | {share:.1%} |")
    for change in missed:
        why = EQUAL.get(change.key, UNNOTICED.get(change.key, "**no reason known**"))
        lines.append(f"\n{change.file}:{change.line} {change.where}: {why}\n\n    - {change.old}\n    + {change.new}")
    return "\n".join(lines)


def _chosen_changes(options: argparse.Namespace) -> list[Change]:
    chosen = [name for name in files() if name.startswith(tuple(options.only or ("",)))]
    if options.slips is None:
        return [fault(*one[:3]) for one in FAULTS if one[0] in chosen]
    every = [change for name in chosen for change in slips(name, SCOPE.get(name, ((), ()))[0])]
    return random.Random(options.seed).sample(every, min(options.slips, len(every))) if options.slips else every


def _try(changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """Changes that were tried (all of them, unless Ctrl-C came first), and those that were not caught."""
    console, tried, missed = Console(stderr=True), [], []
    with suppress(KeyboardInterrupt), console.status("") as status:
        for change in changes:
            status.update(f"{len(tried)} of {len(changes)} tried, {len(missed)} not caught; Ctrl-C: the score so far")
            if not is_caught(change):
                missed.append(change)
                text = f"{change.file}:{change.line} {change.where}\n  - {change.old}\n  + {change.new}"
                console.print(text, highlight=False, markup=False, soft_wrap=True)
            tried.append(change)
    return tried, missed


def _tests(file: str) -> tuple[str, ...]:
    if file in SCOPE:
        return SCOPE[file][1]
    return f"{HAND}/test_{Path(file).stem}.py", *DAY


@cache
def _pass(tests: tuple[str, ...]) -> bool:
    """Whether all tests pass without a fault. Raises RuntimeError if they do not."""
    if _fails(Change("", "", 0, "", "", ""), tests):
        raise RuntimeError(f"even without a fault these do not pass: {' '.join(tests)}")
    return True


def _fails(change: Change, tests: Sequence[str]) -> bool:
    """Whether tests fail with a change, in a process of its own."""
    child = os.fork()
    if not child:
        _run_and_exit(change, tests)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != pytest.ExitCode.OK


def _run_and_exit(change: Change, tests: Sequence[str]) -> None:
    """Run tests with the changed source in place of the module's own; never returns."""
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    name, path = f"atmis.{change.file[:-3].replace('/', '.')}", PACKAGE / change.file
    as_written = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, module: str) -> object:
        return compile(change.text, str(path), "exec") if module == name else as_written(loader, module)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    os._exit(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider", "--assert=plain"], [QuickTestsOnly()]))


def _preload(tests: Iterable[str]) -> None:
    """Load the libraries that tests need once, and unload atmis and the tests, which each fault loads anew."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        pytest.main([*tests, "--collect-only", "-q", "-p", "no:cacheprovider"])
    ours = ("atmis", "tiny_theatre", "helpers", "tests", "conftest")
    for module in [name for name in sys.modules if name.split(".")[0] in ours or name.startswith("test_")]:
        del sys.modules[module]
    import hypothesis  # pytest imported it before, and rewrote it

    hypothesis.settings.register_profile("patient", deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("patient")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slips", type=int, metavar="N", help="so many small changes in place of the table; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="of the draw (1)")
    parser.add_argument("--only", nargs="+", metavar="FILE", help="only in these files, below model/atmis")
    return parser.parse_args()


if __name__ == "__main__":
    main()
