"""Figures of atmis as PNG or SVG, and its tables as CSV: the bytes that its commands would leave."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from atmis.analysis.comparison import compare, table
from atmis.explore.quick import Both
from atmis.plots.comparison import change_map, fan_chart, forest, small_multiples, troop_steps
from atmis.plots.kit import documented, style
from atmis.plots.run.figures import FIGURES
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import columns
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.storage.tables import write_csv

Labels = tuple[str, str]
KINDS = {"png": "image/png", "svg": "image/svg+xml"}


def _named(both: Both, labels: Labels) -> dict[str, Ensemble]:
    return dict(zip(labels, both, strict=True))


# Of both futures.
COMPARED: dict[str, Callable[[Both, Labels], Figure]] = {
    "differences": lambda both, labels: forest.figure(compare(_named(both, labels), labels[0])),
    "months": lambda both, labels: small_multiples.figure(_named(both, labels), labels[0], group="kenyan_border"),
    "fan": lambda both, labels: fan_chart.figure((labels[0], both[0]), (labels[1], both[1])),
    "change": lambda both, labels: change_map.figure((labels[0], both[0]), (labels[1], both[1])),
    "troops": lambda both, labels: troop_steps.figure(_named(both, labels), labels[0]),
}


def picture(name: str, kind: str, both: Both, labels: Labels) -> bytes:
    """A figure of both futures, or of one of them: a.map, b.attacks."""
    known = [*COMPARED, *(f"{each}.{one}" for each in "ab" for one in FIGURES)]
    if name not in known or kind not in KINDS:
        raise InputError(f"'{shortened(f'{name}.{kind}')}' is not a figure{nearest(name, known)}")
    with style.settings(), tempfile.TemporaryDirectory() as folder:
        style.save(_figure(name, both, labels), Path(folder) / "figure")
        return (Path(folder) / f"figure.{kind}").read_bytes()


def _figure(name: str, both: Both, labels: Labels) -> Figure:
    side, _, of_one = name.partition(".")
    return FIGURES[of_one](both[side == "b"], documented.ceilings())[0] if of_one else COMPARED[name](both, labels)


def numbers(name: str, both: Both, labels: Labels) -> bytes:
    """A table as CSV: `comparison` of both futures, or the `summary` of one of them: a.summary."""
    known = ("comparison", "a.summary", "b.summary")
    if name not in known:
        raise InputError(f"'{shortened(name)}' is not a table{nearest(name, known)}")
    file = io.BytesIO()
    if name == "comparison":
        made = table(compare(_named(both, labels), labels[0]))
        write_csv(file, {column: np.array(made[column].to_pylist(), dtype=object) for column in made.column_names})
    else:
        write_csv(file, columns(both[name.startswith("b")]))
    return file.getvalue()
