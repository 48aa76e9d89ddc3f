"""How long bases hold after a handover, by receiving force. For the width of a column."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from atmis.analysis.comparison import Curve, curves
from atmis.plots.kit import survival_axes
from atmis.plots.kit.sheet import about, legend_height, line_height, message, sheet
from atmis.plots.kit.style import COLUMN_IN, LINE_COLOURS, LINES, SMALL_PT, clean
from atmis.runs.ensemble import Ensemble

_HEIGHT = 1.75


def figure(ensemble: Ensemble) -> Figure:
    """Kaplan-Meier curves with 95 % intervals and the number at risk."""
    found = curves(ensemble, "holder")
    if not found:
        return message(
            COLUMN_IN, survival_axes.TITLE, about(ensemble), "No base was handed over in this scenario."
        ).figure
    lowest = 0.5 if min(float(np.nanmin(np.append(curve.low, curve.share))) for curve in found) > 0.5 else 0.0
    names = {key: clean(force.name) for key, force in ensemble.scenario.theatre.host_forces.items()}
    labels = [f"{names[curve.who]}: {_label(curve)}" for curve in found]
    lines = [_line(k) for k in range(len(found))]
    below = legend_height(labels, COLUMN_IN) + 0.12
    made = sheet(
        (COLUMN_IN, below + _HEIGHT + 0.62 + len(found) * line_height(SMALL_PT)), survival_axes.TITLE, about(ensemble),
        [
            "Kaplan-Meier estimate, pooled over replicates; a base leaves the count at the end of the run or when "
            "closed.",
            "Shaded: 95 % interval, sampling over bases and replicates as if independent; it does not hold the "
            "uncertainty of parameters or evidence.",
            *(["The vertical axis begins at 0.5."] if lowest else []),
        ],
    )  # fmt: skip
    made.legend([Line2D([], [], **line) for line in lines], labels, top=0.02)
    axes = made.axes(survival_axes.LEFT, below, survival_axes.WIDTH, _HEIGHT)
    for curve, line in zip(found, lines):
        survival_axes.draw(axes, curve, line)
    survival_axes.finish(axes, max(float(curve.times.max()) for curve in found), lowest)
    survival_axes.at_risk(made, axes, zip(found, lines), below + _HEIGHT + 0.42)
    return made.figure


def _line(k: int) -> survival_axes.Line:
    return {"color": LINE_COLOURS[k % len(LINE_COLOURS)], "linestyle": LINES[k % len(LINES)], "linewidth": 1.3}


def _label(curve: Curve) -> str:
    return f"{_count(curve.bases, 'base')}, {_count(len(curve.times), 'handover')}, {_count(curve.fell, 'fall')}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
