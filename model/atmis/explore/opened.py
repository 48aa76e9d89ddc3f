"""Folders of finished runs, comparisons and sweeps, as the page shows them: what they are of, a table, figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from atmis.analysis.comparison import Difference
from atmis.analysis.comparison.spans import WHOLE_RUN
from atmis.explore.differences import TOLD, row_told
from atmis.plots.kit import looks, words
from atmis.report import figures, folder, page, run
from atmis.report.comparison import told as told_of_comparison
from atmis.runs.summary import HEADLINES, Headline, Row, over_replicates
from atmis.scenario.errors import InputError
from atmis.storage.folders import kind_of
from atmis.storage.run_folder import read
from atmis.sweep import collect

# Of all headlines, those that a table of scenarios has.
_HEADLINES = (
    "attacks_total", "attacks_kenyan_border_total", "attacks_jubaland_total", "deaths_mission_people",
    "deaths_civilians_people", "bases_handed_over", "overruns", "displaced_people_new",
)  # fmt: skip
_MOST_CASES = 60


def told(path: Path) -> dict[str, Any]:
    """A folder as plain data. Raises InputError, with one sentence, when it holds nothing finished."""
    shown = {"compare": _of_comparison, "run": _of_run, "sweep": _of_sweep}
    kind = kind_of(path)
    if kind not in shown:
        raise InputError(f"{path} holds no finished run, comparison or sweep")
    return shown[kind](path)


def report(path: Path) -> bytes:
    """The report of a comparison or a run, as `atmis report` would write it. Raises InputError."""
    kind = folder.reported_kind(path)
    return page.render(kind, {"compare": told_of_comparison, "run": run.told}[kind](path))


def _of_run(path: Path) -> dict[str, Any]:
    made = folder.manifest(path)
    summary = read(path).summary
    rows = [over_replicates(one, summary[one.name].to_numpy(zero_copy_only=False)) for one in _headlines()]
    return {
        "kind": "run",
        "title": f"A run of {made['scenario']}",
        "about": f"{_replicates(made['replicates'])}, seed {made['seed']}; made on {made['started'][:10]}.",
        "table": _table([str(made["scenario"])], [[row] for row in rows]),
        "figures": [asdict(one) for one in run.told(path)["figures"]],
        "has_report": True,
    }


def _of_comparison(path: Path) -> dict[str, Any]:
    made = folder.manifest(path)
    rows = [row for row in folder.rows(path / "comparison.csv", Difference) if row.period == WHOLE_RUN]
    by_name: dict[str, dict[tuple[str, str], Difference]] = {}
    for row in rows:
        by_name.setdefault(row.scenario, {})[row.indicator, row.group] = row
    return {
        "kind": "comparison",
        "title": f"{words.first_up(', '.join(by_name))} against {made['baseline']}",
        "about": f"Made on {made['started'][:10]}.",
        "sides": [
            {
                "label": name,
                "baseline": str(made["baseline"]),
                "colour": looks.colour(name),
                "rows": [row_told(found[what]) for what in TOLD if what in found],
            }
            for name, found in by_name.items()
        ],
        "figures": [asdict(one) for one in figures.listed(path)],
        "has_report": True,
    }


def _of_sweep(path: Path) -> dict[str, Any]:
    study, _, made = collect.finished(path)
    collect.check_tables(path, made)
    try:
        table = pq.read_table(path / collect.SUMMARY)
    except (OSError, pa.ArrowException):
        raise InputError(f"{path / collect.SUMMARY} cannot be read") from None
    names, groups = zip(*_cases(table, [*study.labels, *study.columns]), strict=True)
    kept = names[:_MOST_CASES]
    rows = [
        [over_replicates(one, group[one.name].to_numpy(zero_copy_only=False)) for group in groups[:_MOST_CASES]]
        for one in _headlines()
    ]
    more = f"; of {len(names):,} cases the first {len(kept)} are shown" if len(names) > len(kept) else ""
    return {
        "kind": "sweep",
        "title": f"The sweep {study.name}",
        "about": f"{made['runs']:,} runs, seed {made['seed']}{more}.",
        "table": _table(kept, rows),
        "figures": [asdict(one) for one in figures.inlined(path / "figures", _drawn(path / "figures"))],
        "has_report": False,
    }


def _drawn(path: Path) -> Iterator[dict[str, str]]:
    """The figures of a sweep, by the names of their files."""
    for name in sorted(file.stem for file in path.glob("*.svg")):
        title = words.first_up(name.replace("_", " "))
        yield {"file": name, "title": title, "caption": "", "alt": f"{title}, a figure of the sweep"}


def _cases(table: pa.Table, varied: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    """The runs of each case, named by its scenario and by what varies."""
    cases: dict[tuple[Any, ...], list[int]] = {}
    keys = [table[name].to_pylist() for name in ("scenario", *varied)]
    for row, key in enumerate(zip(*keys, strict=True)):
        cases.setdefault(key, []).append(row)
    for (scenario, *values), rows in cases.items():
        told = [
            f"{name.rpartition('.')[2]} {value}"
            for name, value in zip(varied, values, strict=True)
            if value is not None
        ]
        yield " · ".join([scenario, *told]), table.take(pa.array(rows))


def _headlines() -> list[Headline]:
    return [one for one in HEADLINES if one.name in _HEADLINES]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Row]]) -> Mapping[str, Any]:
    """Headlines by column: median, and the interval that holds 90 % of the replicates."""
    return {
        "columns": list(columns),
        "rows": [
            {"heading": words.first_up(row[0].definition), "unit": row[0].unit, "cells": [_cell(one) for one in row]}
            for row in rows
        ],
    }


def _cell(row: Row) -> dict[str, str]:
    median, low, high = (
        f"{value:,.0f}" if isinstance(value, float) else str(value) for value in (row.median, row.low_90, row.high_90)
    )
    return {"median": median, "range": f"{low} to {high}"}


def _replicates(number: int) -> str:
    return f"{number:,} {'replicate' if number == 1 else 'replicates'}"
