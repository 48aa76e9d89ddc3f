"""`make bench`: the speed of the compiled model against its plain-Mesa twin and against C, and whether all agree.

Speed is a ratio of CPU times from rounds that alternate between the two in one process, so that a busy machine hits
both alike; absolute times are shown for orientation only. Options with `make bench ARGS="--quick"`.
"""

import argparse
import contextlib
import gc
import importlib.metadata
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import bound
import growth
import numpy as np
import reliability
from compare import Values, holm, of_ensemble, of_twin, p_values
from rich.console import Console
from rich.progress import Progress
from twin import Twin

import atmis
from atmis.runs.ensemble import Scratch, blank, run_into, simulate
from atmis.runs.inputs import RunInputs

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("atmis", "mesa", "numba", "numpy", "scipy")
STARTS = """
import json, sys, time
import atmis
from atmis.runs.ensemble import simulate
scenario = atmis.load(sys.argv[1], ["draws=none"])
times = []
for _ in range(2):
    wall, cpu = time.perf_counter(), time.process_time()
    simulate(scenario, 1, workers=1)
    times.append((time.perf_counter() - wall, time.process_time() - cpu))
print(json.dumps([first - second for first, second in zip(*times)]))
"""


def main() -> None:
    """Measure, compare, print, write."""
    options = _options()
    console = Console()
    console.print(f"scenario {options.scenario}: compiled model against its twin")
    scenario = atmis.load(options.scenario, ["draws=none"])  # the twin draws no parameters
    sections = [_machine()]
    if not options.no_speed:
        with console.status("rounds of compiled runs and runs of the twin"):
            sections.append(_speed(scenario, options.rounds))
    if not options.no_bound:
        with console.status("rounds of the compiled rules and of the same in C"):
            sections.append(bound.section(options.scenario))
    if not options.no_growth:
        with console.status("cost of larger models"):
            sections.append(growth.section())
    broken: list[str] = []
    if not options.no_sweeps:
        with console.status("cost of a run of a sweep outside the rules, and what common random numbers save"):
            texts, broken = _sweeps()
            sections += texts
    if not options.no_compile:
        with console.status("compilation in a fresh process, with an empty and with a full cache"):
            sections.append(_starts(options.scenario))
    differ: set[str] = set()
    if options.runs:
        section, differ = _distributions(scenario, options, console)
        sections.append(section)
    sections += [f"**Broken**: {fault}." for fault in broken]
    text = "\n\n".join([f"# Compiled model and twin, scenario {options.scenario}", *sections]) + "\n"
    print(text)
    path = Path(options.output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    console.print(f"written to {path}")
    sys.exit(1 if differ or bound.DIFFERS in text else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Speed of the compiled model against a twin in plain Mesa, and whether both have one outcome.",
        epilog="Ends with status 1 when the two, or C and the rules, disagree.",
    )
    parser.add_argument("--scenario", default="planned", help="name of a scenario (default: planned)")
    parser.add_argument("--rounds", type=_at_least(1), help="rounds of the speed measurement (default: 9; quick: 3)")
    parser.add_argument(
        "--runs", type=_at_least(0), help="runs of the twin to compare; 0: none (default: 40; quick: 12)"
    )
    parser.add_argument(
        "--compiled-runs", type=_at_least(2), default=400, help="compiled runs to compare (default: 400)"
    )
    parser.add_argument(
        "--alpha", type=float, default=0.01, help="chance of a false alarm over all outcomes (default: .01)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the runs that are compared (default: 1)")
    parser.add_argument(
        "--workers", type=_at_least(1), default=os.cpu_count() or 1, help="processes (default: one a core)"
    )
    parser.add_argument("--no-speed", action="store_true", help="leave out the rounds")
    parser.add_argument("--no-growth", action="store_true", help="leave out the cost of larger models")
    parser.add_argument("--no-bound", action="store_true", help="leave out the comparison with C")
    parser.add_argument("--no-sweeps", action="store_true", help="leave out what sweeps cost and save")
    parser.add_argument(
        "--no-compile", action="store_true", help="leave out the compilation, which takes a minute or two"
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds and runs; no C, no compilation, no sweeps")
    parser.add_argument(
        "--output", default=str(ROOT / "results" / "bench" / "bench.md"), help="file (default: results/bench/bench.md)"
    )
    options = parser.parse_args()
    options.no_bound = options.no_bound or options.quick
    options.no_growth = options.no_growth or options.quick
    options.no_sweeps = options.no_sweeps or options.quick
    options.no_compile = options.no_compile or options.quick
    options.rounds = options.rounds or (3 if options.quick else 9)
    if options.runs is None:
        options.runs = 12 if options.quick else 40
    return options


def _sweeps() -> tuple[list[str], list[str]]:
    """The sections of benchmarks/reliability.py that take only a minute, and the bounds that are exceeded."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        sections = [reliability.cost(reliability.ROUNDS), reliability.paired(reliability.REPLICATES)]
    return [text for text, _ in sections], [fault for _, faults in sections for fault in faults]


def _at_least(low: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if int(text) < low:
            raise argparse.ArgumentTypeError(f"{text} is below {low}")
        return int(text)

    return number


def _machine() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}."


def _speed(scenario: Any, rounds: int, inner: int = 10) -> str:
    """CPU time of one run: each round times `inner` compiled runs and one run of the twin."""
    inputs = RunInputs.of(scenario)
    room, scratch = blank(inputs, 1, 2), Scratch(inputs)
    run_into(room, 1, inputs, 1, scratch)  # compiles, or loads compiled code
    compiled, twin, setting_up = [], [], []
    for round_number in range(rounds):
        gc.collect()
        start = process_time()
        for k in range(inner):
            run_into(room, 1, inputs, 1 + round_number * inner + k, scratch)
        compiled.append((process_time() - start) / inner)
        gc.collect()
        start = process_time()
        model = Twin(scenario, rng=round_number)
        ready = process_time()
        model.run()
        setting_up.append(ready - start)
        twin.append(process_time() - ready)
    ratios = [slow / fast for slow, fast in zip(twin, compiled, strict=True)]
    return "\n".join(
        [
            "## Speed",
            "",
            f"CPU time of one run of {scenario.period.days:,} days: {rounds} rounds, each of {inner} compiled runs and",
            "then one of the twin, in one process. Compilation is left out. A compiled run takes in its copy of the",
            "starting state; the twin's run leaves its construction out.",
            "",
            "| | median | least | most |",
            "|---|---:|---:|---:|",
            _row("compiled, ms", [1000 * x for x in compiled], ".1f"),
            _row("twin, ms", [1000 * x for x in twin], ",.0f"),
            _row("construction of the twin, ms", [1000 * x for x in setting_up], ".1f"),
            _row("**twin / compiled**", ratios, ".1f"),
        ]
    )


def _row(label: str, values: list[float], form: str) -> str:
    return f"| {label} | {median(values):{form}} | {min(values):{form}} | {max(values):{form}} |"


def _starts(name: str) -> str:
    """Extra cost of the first run in a process over the second, with an empty and then with a full cache."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for label in ("compilation, cache empty", "loading, cache full"):
            done = subprocess.run(
                [sys.executable, "-c", STARTS, name],
                env={**os.environ, "NUMBA_CACHE_DIR": folder},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            wall, cpu = json.loads(done.stdout)
            rows.append(f"| {label} | {wall:.1f} | {cpu:.1f} |")
    return "\n".join(
        [
            "## First run of a process",
            "",
            "| what it takes more than the next run | s | CPU s |",
            "|---|---:|---:|",
            *rows,
        ]
    )


def _distributions(scenario: Any, options: argparse.Namespace, console: Console) -> tuple[str, set[str]]:
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("runs", total=options.runs + options.compiled_runs)
        rows = []
        for outcomes in _twin_runs(scenario, options):
            rows.append(outcomes)
            progress.advance(task)
        ensemble = simulate(
            scenario,
            options.compiled_runs,
            options.seed,
            workers=options.workers,
            progress=lambda done: progress.update(task, completed=options.runs + done),
        )
    twins = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    compiled = of_ensemble(ensemble)
    p = p_values(compiled, twins)
    differ = holm(p, options.alpha)
    lines = [
        "## Agreement",
        "",
        f"{options.compiled_runs} compiled runs against {options.runs} of the twin: means with standard errors, and",
        "the p-value of a two-sample Kolmogorov-Smirnov test.",
        "",
        "| outcome | compiled | twin | KS p |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {_mean(compiled[name])} | {_mean(twins[name])} | {_sign(p[name], name in differ)} |"
            for name in p
        ),
        "",
        f"Over all {len(p)} outcomes, by Holm's method at {options.alpha:g}: "
        + (f"**they differ in {', '.join(sorted(differ))}**." if differ else "**no difference found**."),
    ]
    return "\n".join(lines), differ


def _twin_runs(scenario: Any, options: argparse.Namespace) -> Iterator[dict[str, float]]:
    seeds = [options.seed * 1_000_000 + k for k in range(options.runs)]
    if options.workers == 1:
        yield from (_twin_run(scenario, seed) for seed in seeds)
        return
    with ProcessPoolExecutor(options.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_twin_run, [scenario] * len(seeds), seeds)


def _twin_run(scenario: Any, seed: int) -> dict[str, float]:
    return of_twin(Twin(scenario, rng=seed).run())


def _mean(values: Values) -> str:
    if np.ptp(values) <= 1e-9 * abs(values[0]):
        return f"{values[0]:,.4g}" if abs(values[0]) < 1000 else f"{values[0]:,.0f}"
    error = values.std(ddof=1) / np.sqrt(len(values))
    digits = max(0, 1 - int(np.floor(np.log10(error))))
    return f"{values.mean():,.{digits}f} ± {error:,.{digits}f}"


def _sign(p: float, differs: bool) -> str:
    return f"**{p:.2g}**" if differs else f"{p:.2g}"


if __name__ == "__main__":
    main()
