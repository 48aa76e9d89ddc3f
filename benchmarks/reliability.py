"""Reliability and cost of sweeps: the long versions of what tests/sweep/test_sweep.py checks.

    python benchmarks/reliability.py                  cost of a run (L1), common random numbers (S4): two minutes
    python benchmarks/reliability.py --runs 100000    memory and scan of a large sweep of short runs (L2): some minutes
    python benchmarks/reliability.py --kills 1000     kill -9 at random moments (F1): about 15 minutes
    python benchmarks/reliability.py --losses 200     chunk files lost while a sweep runs: two minutes
    python benchmarks/reliability.py --signals 200    Ctrl-C and SIGTERM at random moments (F3): about 5 minutes

Prints Markdown. Ends with status 1 when a bound of the board is broken.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from rich.console import Console

import atmis
from atmis.experiments import sweep as command
from atmis.experiments.hydra_app import compose_jobs
from atmis.runs import ensemble, summary
from atmis.storage.manifest import Provenance
from atmis.sweep import chunk_files, chunk_tables, identity, lock, loop
from atmis.sweep.collect import collect, confirm
from atmis.sweep.context import WorkerContext

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
import chunk_losses
import zygote

SHORT = ("period.end=2022-04-20", "figures=false")  # 20 days
MOST_OUTSIDE_MS, MOST_OUTSIDE_SHARE = 1.0, 0.05
MOST_MIB, MOST_SCAN_SECONDS, MOST_ENDING_SECONDS = 500, 2.0, 2.0
LEAST_RATIO = 10.0
ROUNDS, REPLICATES = 25, 400  # of L1 and S4
Section = tuple[str, list[str]]  # text, and the bounds that are exceeded


def main() -> None:
    """Measure what is asked for, print it, and check the bounds."""
    options = _options()
    sections: list[Section] = []
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        os.chdir(folder)
        if not (options.kills or options.losses or options.runs or options.signals):
            with console.status("cost of a run outside the rules"):
                sections.append(cost(options.rounds))
            with console.status("paired against independent differences"):
                sections.append(paired(options.replicates))
        if options.runs:
            with console.status(f"{options.runs:,} runs"):
                sections.append(large(options.runs))
        if options.kills:
            with console.status(f"{options.kills:,} kills"):
                sections.append(kills(options.kills))
        if options.losses:
            with console.status(f"{options.losses:,} losses"):
                sections.append(losses(options.losses))
        if options.signals:
            with console.status(f"{options.signals:,} signals"):
                sections.append(signals(options.signals))
    broken = [fault for _, faults in sections for fault in faults]
    print("\n\n".join([*(text for text, _ in sections), *(f"**Broken**: {fault}." for fault in broken)]))
    sys.exit(1 if broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0, help="kill -9 so often (F1)")
    parser.add_argument("--losses", type=int, default=0, help="sweeps that lose chunk files while they run")
    parser.add_argument("--signals", type=int, default=0, help="Ctrl-C or SIGTERM so often (F3)")
    parser.add_argument("--runs", type=int, default=0, help="runs of a large sweep (L2)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="chunks that are timed (L1; default: %(default)s)")
    parser.add_argument(
        "--replicates", type=int, default=REPLICATES, help="replicates of each scenario (S4; default: %(default)s)"
    )
    parser.add_argument("--folder", default=None, help="disk to write to (default: that of temporary files)")
    return parser.parse_args()


def study_of(*words: str) -> tuple[Any, Any, dict[str, Any]]:
    """A study, its settings and its configuration, as `atmis sweep` builds them."""
    jobs = compose_jobs(list(words), "sweep")
    return *command.build_study(jobs, None), jobs[0][0]


# --- L1: cost of a run outside the rules -----------------------------------------------------------------------------


RULES = "rules"


class Clock:
    """Measures the CPU seconds spent in a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.taken = 0.0

    def __call__(self, *words: Any) -> Any:
        start = process_time()
        try:
            return self.function(*words)
        finally:
            self.taken += process_time() - start


def cost(rounds: int) -> Section:
    """Time of a run over the full period that is not spent in the compiled rules: one worker, durable on disk."""
    kept, none = (_cost_of(rounds, series) for series in (1, 0))
    study, _, _ = study_of("figures=false")
    period = study.sources[0].data["period"]
    lines = ["| CPU, ms of a run | series of every run | no series |", "|---|---:|---:|"]
    lines += [f"| {name} | {kept[name]:.2f} | {none[name]:.2f} |" for name in kept]
    outside = [sum(taken for name, taken in times.items() if name != RULES) for times in (kept, none)]
    shares = [taken / (taken + times[RULES]) for taken, times in zip(outside, (kept, none), strict=True)]
    shown = (f"**{taken:.2f}** ({share:.1%} of a run)" for taken, share in zip(outside, shares, strict=True))
    lines.append(f"| **outside the rules** | {' | '.join(shown)} |")
    text = (
        f"## L1: cost of a run outside the rules\n\nScenario planned, {period['start']} to {period['end']}; medians of "
        f"{rounds} chunks of {loop.SMALL} runs, one\nworker, each chunk forced to disk; finished tables of "
        f"{rounds * loop.SMALL:,} runs.\n\n"
    )
    broken = []
    if outside[0] > MOST_OUTSIDE_MS:
        broken.append(f"L1: {outside[0]:.2f} ms outside the rules, allowed: {MOST_OUTSIDE_MS:g}")
    if shares[0] > MOST_OUTSIDE_SHARE:
        broken.append(f"L1: {shares[0]:.1%} of a run outside the rules, allowed: {MOST_OUTSIDE_SHARE:.0%}")
    return text + "\n".join(lines), broken


def _cost_of(rounds: int, series_every: int) -> dict[str, float]:
    """CPU time of the parts of a run, in ms."""
    from atmis.kernel import schedule

    size = loop.SMALL
    study, settings, config = study_of(f"replicates={rounds * size}", "figures=false")
    folder = Path(f"cost_{series_every}").resolve()
    rules, whole = schedule.run, WorkerContext._simulate
    clocks = [Clock(rules), Clock(whole)]
    schedule.run, WorkerContext._simulate = clocks[0], lambda *words: clocks[1](*words)  # type: ignore[method-assign]
    try:
        with lock.hold(folder):
            identity.prepare(folder, study, settings, config)
            context = WorkerContext(study)
            chunk_tables.run_chunk(context, range(size), 1)  # builds, allocates, and loads compiled code
            rows = [_chunk_timed(folder, context, clocks, number, size, series_every) for number in range(rounds)]
            start = process_time()
            collect(folder, study, loop.SweepOutcome(study.replicates, None, None), _no_provenance(config))
            tables = process_time() - start
    finally:
        schedule.run, WorkerContext._simulate = rules, whole  # type: ignore[method-assign]
    times = {name: 1000 * median(row[name] for row in rows) / size for name in rows[0]}
    return times | {"finished tables": 1000 * tables / study.runs}


def _chunk_timed(
    folder: Path, context: WorkerContext, clocks: list[Clock], number: int, size: int, every: int
) -> dict[str, float]:
    """CPU seconds of the parts of a chunk."""
    for clock in clocks:
        clock.taken = 0.0
    runs, start = range(number * size, (number + 1) * size), process_time()
    results = chunk_tables.run_chunk(context, runs, every)
    ready = process_time()
    chunk_files.write(folder, context.study.identity, runs, results)
    ended = process_time()
    rules, whole = (clock.taken for clock in clocks)
    return {
        RULES: rules,
        "start and end of a run": whole - rules,
        "tables of a chunk": ready - start - whole,
        "its files": ended - ready,
    }


def _no_provenance(config: dict[str, Any]) -> Provenance:
    return Provenance(["atmis"], config, [], command.datetime.now())


# --- S4: common random numbers ---------------------------------------------------------------------------------------

PHASE = "plan.phases.phase_3"  # in which Kenya's base Kuday is handed over; the other phases keep their dates
HELD = ("bariire", "beledweyne", "abdalla_birolle", "burgavo")
BASE = (f"{PHASE}.start=2024-05-15", *(f"+{PHASE}.handovers.{base}.date=2024-06-25" for base in HELD))
KUDAY = f"+{PHASE}.handovers.kuday.date="
CHANGES = {
    "Kuday handed over 30 days earlier": (*BASE, f"{KUDAY}2024-05-21"),
    "pause of 90 days": ("plan=pause_90_days",),
    "mission extended": ("plan=extended",),
    "weak host force": ("host=weak",),
    "troops without effect on attacks": ("evidence=no_effect",),
}
OUTCOMES = ("attacks_total", "attacks_kenyan_border_total", "attacks_jubaland_total", "deaths_mission_people",
            "displaced_people_new")  # fmt: skip
JUDGED = "attacks_total"


def paired(replicates: int) -> Section:
    """Variance of differences between scenarios with different seeds, relative to that with the same draws."""
    functions = {headline.name: headline.function for headline in summary.HEADLINES}

    def outcomes(words: tuple[str, ...], seed: int) -> dict[str, Any]:
        results = ensemble.simulate(atmis.load("planned", [*words, "draws=none"]), replicates, seed)
        return {name: functions[name](results) for name in OUTCOMES}

    plain, dated = outcomes((), 1), outcomes((*BASE, f"{KUDAY}2024-06-20"), 1)
    lines = ["| change | " + " | ".join(OUTCOMES) + " |", "|---|" + "---:|" * len(OUTCOMES)]
    broken = []
    for name, words in CHANGES.items():
        base = dated if words[0] == BASE[0] else plain
        same, other = outcomes(words, 1), outcomes(words, 2)
        cells = []
        for outcome in OUTCOMES:
            close = np.var(same[outcome] - base[outcome], ddof=1)
            apart = np.var(other[outcome] - base[outcome], ddof=1)
            ratio = apart / close if close else np.inf
            cells.append(f"{ratio:,.0f}" if np.isfinite(ratio) else "no difference")
            if base is dated and ratio < LEAST_RATIO:
                broken.append(f"S4: ratio {ratio:.1f} for {outcome}, {name}; at least {LEAST_RATIO:g}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    text = (
        f"## S4: common random numbers\n\nVariance of the difference from `planned` with independent seeds, divided by "
        f"that of paired replicates: so many times\nfewer runs give the same precision. {replicates} replicates.\n\n"
    )
    return text + "\n".join(lines), broken


# --- L2: a large sweep -----------------------------------------------------------------------------------------------


def large(runs: int) -> Section:
    """Memory during a sweep of many short runs, and the time that the same command needs to find all of it done."""
    words = ["sweep", f"replicates={runs}", *SHORT]
    start = time.perf_counter()
    code, peak, along = _measure_command(words, Path("results/sweep/one"), runs)
    taken = time.perf_counter() - start
    folder = Path("results/sweep/one")
    found = chunk_files.files(folder)
    size = sum(file.path.stat().st_size for file in found)
    scan = json.loads(_python(SCAN, str(folder)))
    start = time.perf_counter()
    again, peak_again, _ = _measure_command(words, folder, runs)
    taken_again = time.perf_counter() - start
    shares = ", ".join(f"{along[part]:.0f}" for part in sorted(along))
    rows = [
        ["runs", f"{runs:,} of 20 days"],
        ["time", f"{taken:.0f} s, {1000 * taken / runs:.2f} ms a run"],
        ["stored", f"{len(found):,} files, {size / 1e6:,.0f} MB"],
        ["memory when 10, 30, 50, 70, 90 % was done", f"{shares} MiB"],
        ["most memory", f"**{peak:.0f} MiB** (allowed: {MOST_MIB})"],
        ["scan of the finished folder, all checksums", f"**{scan['scan']:.2f} s** (allowed: {MOST_SCAN_SECONDS:g})"],
        ["the same command again", f"{taken_again:.1f} s, {peak_again:.0f} MiB"],
    ]
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    text = "## L2: a large sweep\n\nShort runs, so that the runs themselves take little.\n\n" + "\n".join(lines)
    broken = [f"L2: exit code {wrong}" for wrong in (code, again) if wrong]
    broken += [f"L2: {most:.0f} MiB, allowed: {MOST_MIB}" for most in (peak, peak_again) if most > MOST_MIB]
    if scan["scan"] > MOST_SCAN_SECONDS:
        broken.append(f"L2: the scan takes {scan['scan']:.1f} s, allowed: {MOST_SCAN_SECONDS:g}")
    if sum(len(file.runs) for file in found if file.kind == chunk_files.SUMMARY) != runs:
        broken.append("L2: not every run is stored once")
    return text, broken


# What a sweep does before its first run, in a process of its own.
SCAN = """
import json, sys, time
from pathlib import Path
from atmis.sweep import identity, lock, loop
from atmis.scenario.build import build_record
from atmis.scenario.sweep import SweepSettings

class Nobody:
    def run(self, work, tasks):
        assert not list(tasks), "something is missing"
        yield from ()

folder = Path(sys.argv[1])
study, stored = identity.load(folder)
settings = build_record(SweepSettings, stored["settings"], None)
begun = time.perf_counter()
loop.run(folder, study, settings, lambda runs, isolated: Nobody())
print(json.dumps({"scan": time.perf_counter() - begun}))
"""


def _python(code: str, *words: str) -> str:
    return subprocess.run([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True, check=True).stdout


def _measure_command(words: list[str], folder: Path, runs: int) -> tuple[int, float, dict[int, float]]:
    """Run `atmis`: its exit code, its peak memory in MiB, and its memory by percentage of runs stored."""
    child = subprocess.Popen([sys.executable, "-m", "atmis", *words], stdout=subprocess.DEVNULL)
    along: dict[int, float] = {}
    peak = 0.0
    while child.poll() is None:
        now, most = _memory(child.pid)
        peak = max(peak, most)
        if len(along) < 5:
            done = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.SUMMARY))
            if done >= runs * (percentage := 10 + 20 * len(along)) / 100:
                along[percentage] = now
        time.sleep(0.1)
    return child.returncode, peak, along


def _memory(process: int) -> tuple[float, float]:
    """Memory of a process in MiB: now and peak."""
    status = {}
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            status[name] = value.split()
        return int(status["VmRSS"][0]) / 1024, int(status["VmHWM"][0]) / 1024
    except (OSError, KeyError):  # it has just ended
        return 0.0, 0.0


# --- F1: kill -9 -----------------------------------------------------------------------------------------------------


def kills(number: int) -> Section:
    """Kill the process group of a sweep at random moments and continue with the same command."""
    words = ("sweep", "replicates=300", "chunk=6", *SHORT)
    place, chance = Path.cwd(), random.Random(1)
    folder = place / "results/sweep/one"
    with zygote.Zygote() as launcher:
        launcher.compose(*words, cwd=place)
        start = time.monotonic()
        assert launcher.call(*words, cwd=place).code == 0
        took, golden = time.monotonic() - start, _tables(folder)
        shutil.rmtree(place / "results")
        seen: Counter[str] = Counter()
        kept: dict[str, tuple[int, int]] = {}
        while seen["killed"] < number:
            child = launcher.start(*words, cwd=place)
            time.sleep(chance.uniform(0, took))
            zygote.kill(child)
            code = launcher.wait(child).code
            now = _stamps(folder)
            seen["lost or done twice"] += not kept.items() <= now.items()
            seen["doubled"] += _doubled(folder)
            kept = now
            if code == -signal.SIGKILL:
                seen["killed"] += 1
                seen[_moment(folder, 300)] += 1
            elif code == 0:
                seen["finished"] += 1
                seen["other bytes"] += _tables(folder) != golden
                shutil.rmtree(place / "results")
                kept = {}
            else:
                seen["other exit codes"] += 1
        seen["other exit codes"] += launcher.call(*words, cwd=place).code != 0
        seen["other bytes"] += _tables(folder) != golden
        seen["unfinished files left"] += len(list(folder.rglob("*.unfinished")))
    faults = ("lost or done twice", "doubled", "other bytes", "other exit codes", "unfinished files left")
    rows = [f"| {name} | {seen[name]:,} |" for name in ("killed", *MOMENTS, "finished", *faults)]
    text = "## F1: kill -9 of the whole group\n\n300 runs in 50 chunks; the same command goes on.\n\n"
    table = "\n".join(["| | times |", "|---|---:|", *rows])
    return text + table, [f"F1: {name}: {seen[name]}" for name in faults if seen[name]]


def losses(number: int) -> Section:
    """Sweeps of which chunk files are removed, emptied, flipped, moved or renamed while they run: none may miss it."""
    study, settings, config = study_of("replicates=12", "chunk=2", *SHORT)
    folder, chance, seen = Path("results/sweep/one"), random.Random(3), Counter[str]()

    def finish() -> None:
        with lock.hold(folder):
            identity.prepare(folder, study, settings, config)
            outcome = loop.run(folder, study, settings, lambda runs, isolated: chunk_losses.Here())
            collect(folder, study, outcome, _no_provenance(config))
            confirm(folder, study, identity.series_every(study, settings))

    finish()
    golden = _tables(folder)
    while seen["sweeps that lost files"] < number:
        shutil.rmtree(folder)
        with chunk_losses.cleaner(folder, chance, 0.06) as harmed:
            try:
                finish()
            except chunk_files.IncompleteError:
                seen["ended with exit code 1 and a sentence"] += bool(harmed)
            else:
                seen["ran again what was lost, to the same bytes"] += bool(harmed) and _tables(folder) == golden
                seen["missed it"] += bool(harmed) and _tables(folder) != golden
        seen["sweeps that lost files"] += bool(harmed)
    text = "## Chunk files lost while a sweep runs\n\n12 runs in 6 chunks, 24 chunk files.\n\n"
    table = "\n".join(["| | times |", "|---|---:|", *(f"| {name} | {times:,} |" for name, times in seen.items())])
    return text + table, [f"losses: missed {seen['missed it']}"] if seen["missed it"] else []


def signals(number: int) -> Section:
    """Send Ctrl-C or SIGTERM at random moments, with threads and with processes: how long a sweep takes to end."""
    place, chance = Path.cwd(), random.Random(2)
    folder = place / "results/sweep/one"
    seconds: list[float] = []
    seen: Counter[str] = Counter()
    with zygote.Zygote() as launcher:
        for how in ("threads", "processes"):
            words = ("sweep", "replicates=300", "chunk=6", f"executor={how}", *SHORT)
            launcher.compose(*words, cwd=place)
            start = time.monotonic()
            assert launcher.call(*words, cwd=place).code == 0
            took, golden = time.monotonic() - start, _tables(folder)
            for turn in range(number // 2):
                sent_number = (signal.SIGINT, signal.SIGTERM)[turn % 2]
                child = launcher.start(*words, cwd=place)
                time.sleep(chance.uniform(0, took))
                sent = time.monotonic()
                zygote.kill(child, sent_number)
                code = launcher.wait(child).code
                if code == 128 + sent_number:
                    seconds.append(time.monotonic() - sent)
                elif code == 0:
                    seen["finished"] += 1
                    seen["other bytes"] += _tables(folder) != golden
                    shutil.rmtree(place / "results")
                else:
                    seen["other exit codes"] += 1
            seen["other exit codes"] += launcher.call(*words, cwd=place).code != 0
            seen["other bytes"] += _tables(folder) != golden
            shutil.rmtree(place / "results")
    rows = [
        f"| ended by it | {len(seconds):,} |",
        f"| seconds until the end: median | {median(seconds):.2f} |",
        f"| the longest | {max(seconds):.2f} |",
        *(f"| {name} | {seen[name]:,} |" for name in ("finished", "other bytes", "other exit codes")),
    ]
    text = "## F3: Ctrl-C and SIGTERM\n\n300 runs in 50 chunks, by threads and by processes.\n\n"
    broken = [f"F3: {name}: {seen[name]}" for name in ("other bytes", "other exit codes") if seen[name]]
    if max(seconds) > MOST_ENDING_SECONDS:
        broken.append(f"F3: {max(seconds):.2f} s until the end, allowed: {MOST_ENDING_SECONDS:g}")
    return text + "\n".join(["| | |", "|---|---:|", *rows]), broken


MOMENTS = ("before the first chunk", "between chunks", "after the last chunk")


def _moment(folder: Path, runs: int) -> str:
    done = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.SUMMARY))
    return MOMENTS[0 if done == 0 else 1 if done < runs else 2]


def _tables(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ("summary.parquet", "summary.csv", "cases.csv", "bands.parquet")]


def _finished(folder: Path) -> Iterator[chunk_files.ChunkFile]:
    files = chunk_files.files(folder)
    complete = {file.runs for file in files if file.kind == chunk_files.SUMMARY}
    return (file for file in files if file.runs in complete)


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    status = {file.path.name: file.path.stat() for file in _finished(folder)}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in status.items()}


def _doubled(folder: Path) -> bool:
    runs = [run for file in chunk_files.files(folder, chunk_files.SUMMARY) for run in file.runs]
    return len(runs) > len(set(runs))


if __name__ == "__main__":
    main()
