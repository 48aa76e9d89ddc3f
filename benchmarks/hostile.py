"""The cost of hostile input: the long versions of test_bad_configs.py and test_fuzz.py in
tests/scenario.

    python benchmarks/hostile.py                 bad configurations (B1), bombs of YAML (X2): some minutes
    python benchmarks/hostile.py --fuzz 20000    mutants of real files and of data (B2): some minutes

Prints Markdown. Ends with status 1 when a bound of the board is broken.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
import bad_configs
import cli
import fuzz
from composition_cache import cache_composition

MOST_SECONDS, MOST_BOMB_MS, MOST_BOMB_MIB, MOST_MUTANT_SECONDS = 1.0, 50.0, 50.0, 5.0
WHOLE = 12  # cases also timed as processes: the slowest, and as many spread over the table
Section = tuple[str, list[str]]  # text, and the bounds that are exceeded


class NoUndo:
    """Patches attributes like monkeypatch, without undoing it."""

    setattr = staticmethod(setattr)


def main() -> None:
    """Measure what is asked for, print it, and check the bounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fuzz", type=int, default=0, help="so many mutants (B2)")
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        sections = [mutants(options.first, options.fuzz)] if options.fuzz else [bad(), bombs()]
    broken = [fault for _, faults in sections for fault in faults]
    print("\n\n".join([*(text for text, _ in sections), *(f"**Broken**: {fault}." for fault in broken)]))
    sys.exit(1 if broken else 0)


# --- B1: bad configurations ------------------------------------------------------------------------------------------


def bad() -> Section:
    """CPU time until each bad configuration is refused, within a process and as a process of its own."""
    cli.forbid_runs(NoUndo())  # type: ignore[arg-type]
    cases = bad_configs.bad_configs()
    taken: dict[str, float] = {}
    broken = []
    for number, (name, case) in enumerate(
        [*[*cases.items()][:1], *cases.items()]
    ):  # the first is repeated: it also loads modules
        place = Path(str(number))
        place.mkdir()
        os.chdir(place)
        cli.own_folder(Path("my"), case.files)
        before, start = cli.paths_below(Path.cwd()), process_time()
        message = cli.call(*case.words)
        taken[name] = process_time() - start
        try:
            cli.check_refusal(message, case.parts, before)
        except AssertionError:
            broken.append(f"B1: {name}: {message}")
        os.chdir("..")
    worst = sorted(taken, key=lambda name: -taken[name])
    spread = [*cases][:: max(len(cases) // WHOLE, 1)]
    whole = {name: _process(name, cases[name]) for name in dict.fromkeys([*worst[:WHOLE], *spread])}
    slowest = max(whole, key=lambda name: whole[name])
    broken += [f"B1: {name} takes {whole[name]:.2f} s" for name in whole if whole[name] > MOST_SECONDS]
    wrong = sum(" takes " not in fault for fault in broken)
    version = _cpu([sys.executable, "-m", "atmis", "--version"], Path.cwd())
    rows = [
        ("bad configurations, refused as the table says", f"{len(cases)}, {len(cases) - wrong}"),
        ("CPU beyond start-up: median, most", f"{median(taken.values()):.2f} s, {taken[worst[0]]:.2f} s ({worst[0]})"),
        (f"CPU of {len(whole)} processes: median, most",
         f"{median(whole.values()):.2f} s, {whole[slowest]:.2f} s ({slowest})"),
        ("CPU of `atmis --version`", f"{version:.2f} s"),
    ]  # fmt: skip
    return _table("B1: bad configurations", rows), broken


def _process(name: str, case: bad_configs.BadConfig) -> float:
    place = Path("whole", name.replace("/", "_"))
    cli.own_folder(place / "my", case.files)
    return _cpu([sys.executable, "-m", "atmis", *case.words], place)


def _cpu(words: list[str], place: Path) -> float:
    """CPU seconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=place, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# --- X2: bombs -------------------------------------------------------------------------------------------------------

BOMBS: dict[str, Callable[[], str]] = {
    "aliases, 258 bytes": lambda: bad_configs.BOMB,
    "merge keys": lambda: "a: &a {x: 1}\n" + "".join(f"k{n}: &k{n} {{<<: [*a, *a]}}\n" for n in range(20)),
    "100,000 brackets": lambda: f"a: {'[' * 100_000}",
    "1,500 levels by indentation": lambda: "".join(f"{' ' * min(n, 1_000)}a:\n" for n in range(1_500)),
    "a text of 10 MB": lambda: f"a: {'x' * 10_000_000}\n",
    "a number of 1.9 million digits": lambda: f"a: {'9' * 1_900_000}\n",
    "a key of 1.9 million letters": lambda: f"{'k' * 1_900_000}: 1\n",
    "a number to the base of 60, 1.9 MB": lambda: f"a: 1{':30' * 630_000}\n",
    "a comment of 1.9 MB": lambda: f"a: 1 # {'x' * 1_900_000}\n",
    "240,000 keys": lambda: "".join(f"{n:x}:\n" for n in range(240_000)),
    "900,000 items": lambda: f"a: [{'0,' * 900_000}]\n",
    "spaces without an end": lambda: " " * 1_900_000 + "a: 1\n",
    "900,000 references": lambda: "a: " + "${" * 900_000 + "\n",
}
ONE_FILE = r"""
import json, re, sys, time
from pathlib import Path
from atmis.scenario.errors import InputError
from atmis.scenario.conf_files import EVERY_GROUP
from atmis.scenario.reading import check_user_file
def most():
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before, begun, said = most(), time.process_time(), ""
try:
    check_user_file(Path(sys.argv[1]), EVERY_GROUP)
except InputError as error:
    said = str(error)
taken = time.process_time() - begun
print(json.dumps([1000 * taken, most() - before, said[:90]]))
"""


def bombs() -> Section:
    """CPU time and memory until a file that means endless work is refused."""
    rows, broken = [], []
    for name, text in BOMBS.items():
        file = Path("bombs", "host", "bomb.yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(), encoding="utf-8")
        done = subprocess.run([sys.executable, "-c", ONE_FILE, str(file)], capture_output=True, text=True, check=False)
        ms, mib, message = json.loads(done.stdout) if done.returncode == 0 else (0.0, 0.0, "")
        rows.append((name, f"{ms:.1f} ms, {mib:.0f} MiB: {message.partition(': ')[2] or 'not refused'}"))
        if not message or ms > MOST_BOMB_MS or mib > MOST_BOMB_MIB:
            broken.append(f"X2: {name}: {ms:.0f} ms, {mib:.0f} MiB, {message or 'not refused'} {done.stderr[-200:]}")
    return _table("X2: bombs of YAML", rows), broken


# --- B2: mutants -----------------------------------------------------------------------------------------------------


def mutants(first: int, number: int) -> Section:
    """Mutants of texts that are read, of data that are built, and of files that are composed with all others."""
    from atmis.scenario.compose import compose

    cache_composition()
    data, _ = compose(["scenario=mine"], cli.own_folder(Path("my")))
    data = {
        key: value for key, value in data.items() if key not in ("seed", "replicates", "workers", "results", "figures")
    }
    kinds: dict[str, tuple[Callable[[int], str], int]] = {
        "texts read": (lambda k: fuzz.read_mutant(k, Path("read")), number * 6 // 10),
        "data built": (lambda k: fuzz.build_mutant(k, data), number * 3 // 10),
        "files composed": (lambda k: fuzz.compose_mutant(k, Path("composed")), number // 10),
    }
    rows, broken = [], []
    for kind, (function, many) in kinds.items():
        refused, general, longest = 0, 0, 0.0
        for k in range(first, first + many):
            start = perf_counter()
            try:
                message = function(k)
            except Exception as error:
                broken.append(f"B2: {kind}, mutant {k}: {type(error).__name__}: {error}"[:300])
                continue
            longest = max(longest, perf_counter() - start)
            refused += bool(message)
            general += "cannot be composed" in message or "cannot be read (" in message
        summary = (
            f"{refused:,} refused, {many - refused:,} valid; {general:,} by a general sentence; longest {longest:.2f} s"
        )
        rows.append((kind, f"{many:,}: {summary}"))
        if longest > MOST_MUTANT_SECONDS:
            broken.append(f"B2: {kind}: {longest:.1f} s")
    return _table("B2: mutants", rows), broken


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([f"## {title}\n", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


if __name__ == "__main__":
    main()
