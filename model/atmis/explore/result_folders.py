"""Folders of finished runs, comparisons and sweeps, as the page shows them: title, table and figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from atmis.analysis.comparison import Difference
from atmis.analysis.comparison.spans import WHOLE_RUN
from atmis.explore.differences import ROWS, describe_row
from atmis.plots.common import words
from atmis.plots.common.scenario_style import scenario_colour
from atmis.report import figures, folder, page, run
from atmis.report.comparison import page_data as comparison_data
from atmis.runs.summary import HEADLINES, Headline, Row, over_replicates
from atmis.scenario.errors import InputError
from atmis.storage.folders import kind_of
from atmis.storage.run_folder import read
from atmis.sweep import collect

# The headlines that a table of scenarios has.
_HEADLINES = (
    "attacks_total", "attacks_kenyan_border_total", "attacks_jubaland_total", "deaths_mission_people",
    "deaths_civilians_people", "bases_handed_over", "overruns", "displaced_people_new",
)  # fmt: skip
_MOST_CASES = 60


def describe_folder(path: Path) -> dict[str, Any]:
    """A folder as plain data. Raises InputError when it holds nothing finished."""
    describe = {"compare": _describe_comparison, "run": _describe_run, "sweep": _describe_sweep}
    kind = kind_of(path)
    if kind not in describe:
        raise InputError(f"{path} holds no finished run, comparison or sweep")
    with folder.rendering(path):
        return describe[kind](path)


def render_report(path: Path) -> bytes:
    """The report of a comparison or a run, as `atmis report` writes it. Raises InputError."""
    kind = folder.reported_kind(path)
    with folder.rendering(path):
        return page.render(kind, {"compare": comparison_data, "run": run.page_data}[kind](path))


def _describe_run(path: Path) -> dict[str, Any]:
    """A run: its headlines and figures."""
    manifest = folder.verified_manifest(path)
    summary = read(path).summary
    rows = [over_replicates(line, summary[line.name].to_numpy(zero_copy_only=False)) for line in _headlines()]
    return {
        "kind": "run",
        "title": f"A run of {manifest['scenario']}",
        "about": f"{_replicates(manifest['replicates'])}, seed {manifest['seed']}; made on {manifest['started'][:10]}.",
        "table": _table([str(manifest["scenario"])], [[row] for row in rows]),
        "figures": [asdict(figure) for figure in run.page_data(path)["figures"]],
        "has_report": True,
    }


def _describe_comparison(path: Path) -> dict[str, Any]:
    """A comparison: the differences of each scenario, and figures."""
    manifest = folder.verified_manifest(path)
    rows = [row for row in folder.read_rows(path / "comparison.csv", Difference) if row.period == WHOLE_RUN]
    by_name: dict[str, dict[tuple[str, str], Difference]] = {}
    for row in rows:
        by_name.setdefault(row.scenario, {})[row.indicator, row.group] = row
    return {
        "kind": "comparison",
        "title": f"{words.capitalise(', '.join(by_name))} against {manifest['baseline']}",
        "about": f"Made on {manifest['started'][:10]}.",
        "sides": [
            {
                "label": name,
                "baseline": str(manifest["baseline"]),
                "colour": scenario_colour(name),
                "rows": [describe_row(differences[key]) for key in ROWS if key in differences],
            }
            for name, differences in by_name.items()
        ],
        "figures": [asdict(figure) for figure in figures.listed_figures(path)],
        "has_report": True,
    }


def _describe_sweep(path: Path) -> dict[str, Any]:
    """A sweep: the headlines of its cases, and figures."""
    study, _, manifest = collect.read_finished(path)
    collect.check_tables(path, manifest)
    try:
        table = pq.read_table(path / collect.SUMMARY)
    except (OSError, pa.ArrowException):
        raise InputError(f"{path / collect.SUMMARY} cannot be read") from None
    names, groups = zip(*_cases(table, [*study.labels, *study.columns]), strict=True)
    shown = names[:_MOST_CASES]
    rows = [
        [over_replicates(line, group[line.name].to_numpy(zero_copy_only=False)) for group in groups[:_MOST_CASES]]
        for line in _headlines()
    ]
    more = f"; of {len(names):,} cases the first {len(shown)} are shown" if len(names) > len(shown) else ""
    return {
        "kind": "sweep",
        "title": f"The sweep {study.name}",
        "about": f"{manifest['runs']:,} runs, seed {manifest['seed']}{more}.",
        "table": _table(shown, rows),
        "figures": [
            asdict(figure) for figure in figures.inline_figures(path / "figures", _sweep_figures(path / "figures"))
        ],
        "has_report": False,
    }


def _sweep_figures(path: Path) -> Iterator[dict[str, str]]:
    """The figures of a sweep, named by their files."""
    for name in sorted(file.stem for file in path.glob("*.svg")):
        title = words.capitalise(name.replace("_", " "))
        yield {"file": name, "title": title, "caption": "", "alt": f"{title}, a figure of the sweep"}


def _cases(table: pa.Table, varied: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    """The runs of each case, with a name from its scenario and the values that vary."""
    cases: dict[tuple[Any, ...], list[int]] = {}
    keys = [table[name].to_pylist() for name in ("scenario", *varied)]
    for row, key in enumerate(zip(*keys, strict=True)):
        cases.setdefault(key, []).append(row)
    for (scenario, *values), rows in cases.items():
        labels = [
            f"{name.rpartition('.')[2]} {value}"
            for name, value in zip(varied, values, strict=True)
            if value is not None
        ]
        yield " · ".join([scenario, *labels]), table.take(pa.array(rows))


def _headlines() -> list[Headline]:
    """The headlines of a table, in the order of all."""
    return [headline for headline in HEADLINES if headline.name in _HEADLINES]


def _table(columns: Sequence[str], rows: Sequence[Sequence[Row]]) -> Mapping[str, Any]:
    """A table with a row for each headline: median and the central 90 % of the replicates, by column."""
    return {
        "columns": list(columns),
        "rows": [
            {
                "heading": words.capitalise(row[0].definition),
                "unit": row[0].unit,
                "cells": [_cell(cell) for cell in row],
            }
            for row in rows
        ],
    }


def _cell(row: Row) -> dict[str, str]:
    """Median and interval as texts."""
    median, low, high = (
        f"{value:,.0f}" if isinstance(value, float) else str(value) for value in (row.median, row.low_90, row.high_90)
    )
    return {"median": median, "range": f"{low} to {high}"}


def _replicates(number: int) -> str:
    """A number of replicates in words."""
    return f"{number:,} {'replicate' if number == 1 else 'replicates'}"
