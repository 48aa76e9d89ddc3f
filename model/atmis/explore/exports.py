"""Exports: figures as PNG or SVG and tables as CSV, the same bytes that the commands of atmis write."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from atmis.analysis.comparison import compare, table
from atmis.explore.quick_ensembles import EnsemblePair
from atmis.plots.common import documented, style
from atmis.plots.comparison import change_map, fan_chart, forest, small_multiples, troop_steps
from atmis.plots.run.figures import FIGURES
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import columns
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.storage.tables import write_csv

Labels = tuple[str, str]
MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def _by_label(pair: EnsemblePair, labels: Labels) -> dict[str, Ensemble]:
    """Both ensembles by label."""
    return dict(zip(labels, pair, strict=True))


# Figures of both futures.
PAIR_FIGURES: dict[str, Callable[[EnsemblePair, Labels], Figure]] = {
    "differences": lambda pair, labels: forest.figure(compare(_by_label(pair, labels), labels[0])),
    "months": lambda pair, labels: small_multiples.figure(_by_label(pair, labels), labels[0], group="kenyan_border"),
    "fan": lambda pair, labels: fan_chart.figure((labels[0], pair[0]), (labels[1], pair[1])),
    "change": lambda pair, labels: change_map.figure((labels[0], pair[0]), (labels[1], pair[1])),
    "troops": lambda pair, labels: troop_steps.figure(_by_label(pair, labels), labels[0]),
}


def figure_bytes(name: str, kind: str, pair: EnsemblePair, labels: Labels) -> bytes:
    """A figure of both futures, or of one of them: a.map, b.attacks. Raises InputError for an unknown one."""
    known = [*PAIR_FIGURES, *(f"{side}.{figure}" for side in "ab" for figure in FIGURES)]
    if name not in known or kind not in MEDIA_TYPES:
        raise InputError(f"'{shorten(f'{name}.{kind}')}' is not a figure{suggest(name, known)}")
    with style.settings(), tempfile.TemporaryDirectory() as folder:
        style.save(_figure(name, pair, labels), Path(folder) / "figure")
        return (Path(folder) / f"figure.{kind}").read_bytes()


def _figure(name: str, pair: EnsemblePair, labels: Labels) -> Figure:
    side, _, run_figure = name.partition(".")
    return (
        FIGURES[run_figure](pair[side == "b"], documented.ceilings())[0]
        if run_figure
        else PAIR_FIGURES[name](pair, labels)
    )


def table_bytes(name: str, pair: EnsemblePair, labels: Labels) -> bytes:
    """A table as CSV: `comparison` of both futures, or the summary of one of them: a.summary. Raises InputError."""
    known = ("comparison", "a.summary", "b.summary")
    if name not in known:
        raise InputError(f"'{shorten(name)}' is not a table{suggest(name, known)}")
    file = io.BytesIO()
    if name == "comparison":
        rows = table(compare(_by_label(pair, labels), labels[0]))
        write_csv(file, {column: np.array(rows[column].to_pylist(), dtype=object) for column in rows.column_names})
    else:
        write_csv(file, columns(pair[name.startswith("b")]))
    return file.getvalue()
