"""How the cost of a run grows with cells, days and zones."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import grid

import atmis
from atmis.runs.ensemble import Scratch, blank, run_into
from atmis.runs.inputs import RunInputs
from atmis.scenario.scenario import Scenario

ROUNDS, INNER = 5, 6


def section() -> str:
    """Tables of cost against size, in Markdown; each relative to its first row, measured in turns in one process."""
    cells = {
        f"{n:,} cells": atmis.load("planned", [f"opposition.cells.fighters={19 * n}"]) for n in (500, 1000, 2000, 4000)
    }
    days = {f"{years} years": atmis.load("planned", [f"period.end={2022 + years}-03-31"]) for years in (1, 2, 4, 8)}
    with tempfile.TemporaryDirectory() as folder:
        end = ["period.end=2023-03-31"]
        zones = {f"{4 * n} zones": grid.load(4, n, Path(folder), end) for n in (4, 8, 16, 32)}
    parts = [_table(scenarios) for scenarios in (cells, days, zones)]
    return "\n\n".join(
        ["## Growth", "Cost of a run, relative to the first row; the grids hold as many fighters each.", *parts]
    )


def _table(scenarios: dict[str, Scenario]) -> str:
    runs = {label: _runner(scenario) for label, scenario in scenarios.items()}
    times: dict[str, list[float]] = {label: [] for label in scenarios}
    for _ in range(ROUNDS):
        for label, run in runs.items():
            times[label].append(run())
    first = median(next(iter(times.values())))
    rows = [f"| {label} | {1000 * median(taken):.1f} | {median(taken) / first:.2f} |" for label, taken in times.items()]
    return "\n".join(["| size | ms | times the first |", "|---|---:|---:|", *rows])


def _runner(scenario: Scenario) -> Callable[[], float]:
    inputs = RunInputs.of(scenario)
    room, scratch = blank(inputs, 1, 2), Scratch(inputs)

    def run() -> float:
        start = process_time()
        for replicate in range(INNER):
            run_into(room, 1, inputs, replicate, scratch)
        return (process_time() - start) / INNER

    run()
    return run
