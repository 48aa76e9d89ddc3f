"""Kaplan-Meier survival of bases after a handover, by receiving force, for the width of a column."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from atmis.analysis.comparison import KaplanMeierCurve, survival_curves
from atmis.plots.common import survival_axes
from atmis.plots.common.canvas import legend_height, line_height, new_canvas, placeholder, run_subtitle
from atmis.plots.common.style import COLUMN_IN, LINE_COLOURS, LINES, SMALL_PT, clean
from atmis.runs.ensemble import Ensemble

_HEIGHT = 1.75


def figure(ensemble: Ensemble) -> Figure:
    """Kaplan-Meier curves with 95 % intervals and the numbers at risk."""
    curves = survival_curves(ensemble, "holder")
    if not curves:
        return placeholder(
            COLUMN_IN, survival_axes.TITLE, run_subtitle(ensemble), "No base was handed over in this scenario."
        ).figure
    lowest = 0.5 if min(float(np.nanmin(np.append(curve.low, curve.share))) for curve in curves) > 0.5 else 0.0
    names = {key: clean(force.name) for key, force in ensemble.scenario.theatre.host_forces.items()}
    labels = [f"{names[curve.who]}: {_label(curve)}" for curve in curves]
    lines = [_line(k) for k in range(len(curves))]
    below = legend_height(labels, COLUMN_IN) + 0.12
    canvas = new_canvas(
        (COLUMN_IN, below + _HEIGHT + 0.62 + len(curves) * line_height(SMALL_PT)), survival_axes.TITLE,
        run_subtitle(ensemble),
        [
            "Kaplan-Meier estimate, pooled over replicates; a base leaves the count at the end of the run or when "
            "closed.",
            "Shaded: 95 % interval, sampling over bases and replicates as if independent; it does not hold the "
            "uncertainty of parameters or evidence.",
            *(["The vertical axis begins at 0.5."] if lowest else []),
        ],
    )  # fmt: skip
    canvas.legend([Line2D([], [], **line) for line in lines], labels, top=0.02)
    axes = canvas.axes(survival_axes.LEFT, below, survival_axes.WIDTH, _HEIGHT)
    for curve, line in zip(curves, lines):
        survival_axes.draw_curve(axes, curve, line)
    survival_axes.set_axes(axes, max(float(curve.times.max()) for curve in curves), lowest)
    survival_axes.write_at_risk(canvas, axes, zip(curves, lines), below + _HEIGHT + 0.42)
    return canvas.figure


def _line(k: int) -> survival_axes.LineStyle:
    return {"color": LINE_COLOURS[k % len(LINE_COLOURS)], "linestyle": LINES[k % len(LINES)], "linewidth": 1.3}


def _label(curve: KaplanMeierCurve) -> str:
    return f"{_count(curve.bases, 'base')}, {_count(len(curve.times), 'handover')}, {_count(curve.fell, 'fall')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
