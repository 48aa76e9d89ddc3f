"""Heat map of regret: by how much each plan is worse than the best plan in each state of the world.

For the width of a column, or of a page where worlds are many.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from atmis.analysis.comparison import Regret
from atmis.kernel.arrays import Bools, Floats
from atmis.plots.common import words
from atmis.plots.common.canvas import MARGIN, Canvas, new_canvas
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.common.style import BLACK, COLUMN_IN, GREY, PAGE_IN, SMALL_PT, clean, text_width

_ROW, _CELL, _GAP, _HEAD = 0.2, 0.4, 0.1, 0.2
_LARGEST = "largest"  # heading of the last column
_RAMP = LinearSegmentedColormap.from_list("regret", ["#FFFFFF", "#FEE391", "#FE9929", "#CC4C02", "#662506"])
_DARK = 0.75  # numbers are white above this share of the largest regret


def figure(matrix: Regret) -> Figure:
    """Plans by worlds, with the regret in each cell; the plan whose largest regret is least comes first."""
    order = np.argsort(matrix.max_regret, kind="stable")
    plans = [words.scenario_name(matrix.plans[k]) for k in order]
    worlds = [clean(world) for world in matrix.worlds]
    left = max(text_width(plan, SMALL_PT) for plan in plans) + MARGIN + 0.05
    needed = max(_CELL, *(text_width(world, SMALL_PT) + 0.06 for world in (*worlds, _LARGEST)))
    width = COLUMN_IN if left + (len(worlds) + 1) * needed + _GAP + MARGIN <= COLUMN_IN else PAGE_IN
    cell = min((width - left - _GAP - MARGIN) / (len(worlds) + 1), 2 * needed)
    head = _HEAD if cell >= needed else needed + 0.06  # names of worlds that do not fit are turned upright
    canvas = new_canvas(
        (width, head + len(plans) * _ROW + 0.08),
        f"Regret: {words.heading(matrix.indicator, matrix.group)}",
        f"{matrix.unit}, mean over {matrix.replicates:,} replicates, whole run · by how much a plan is worse than the "
        "best in that state of the world",
        _notes(matrix),
    )
    right = left + cell * len(worlds) + _GAP
    _cells(canvas, matrix.regret[order], ~matrix.told_apart[order], (left, head, cell * len(worlds)))
    _cells(canvas, matrix.max_regret[order][:, None], None, (right, head, cell), matrix.regret.max())
    for column, world in enumerate([*worlds, _LARGEST]):
        position = left + (column + 0.5) * cell + (_GAP if column == len(worlds) else 0.0)
        canvas.text(position, head - 0.05, world, ha="center", va="bottom", rotation=0 if cell >= needed else 90)
    for row, k in enumerate(order):
        middle = head + (row + 0.5) * _ROW
        canvas.text(left - 0.05, middle, plans[row], ha="right", va="center", color=scenario_colour(matrix.plans[k]))
    return canvas.figure


def _cells(
    canvas: Canvas, values: Floats, near_best: Bools | None, box: tuple[float, float, float], largest: float = 0.0
) -> None:
    """Draw coloured cells [plans, worlds] with their numbers; `near_best`: indistinguishable from the best plan.

    `box`: left, top and width in inches.
    """
    rows, columns = values.shape
    axes = canvas.axes(*box, rows * _ROW)
    top = max(largest, float(values.max(initial=0.0))) or 1.0
    axes.pcolormesh(values, cmap=_RAMP, vmin=0.0, vmax=top, edgecolors="white", linewidth=0.8)
    axes.set(xlim=(0, columns), ylim=(rows, 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for row, column in np.ndindex(rows, columns):
        value = float(values[row, column])
        prefix = "≈ " if near_best is not None and near_best[row, column] and value > 0 else ""
        _number(axes, (column + 0.5, row + 0.5), f"{prefix}{words.format_amount(value, top)}", value > _DARK * top)


def _number(axes: Axes, position: tuple[float, float], text: str, dark: bool) -> None:
    colour = "white" if dark else GREY if text == "0" else BLACK
    axes.text(*position, text, ha="center", va="center", fontsize=SMALL_PT, color=colour)


def _notes(matrix: Regret) -> list[str]:
    least = " and ".join(words.scenario_name(plan) for plan in matrix.minimax_plans)
    worse = {"more": "more is worse", "fewer": "fewer is worse"}[matrix.worse]
    definition = f"{words.capitalise(matrix.definition)}; {worse}."
    notes = [definition, f"0: the best plan in that state of the world. Least largest regret: {least}."]
    if (~matrix.told_apart & (matrix.regret > 0)).any():
        notes.append(
            "≈: the 95 % interval of the difference from the best plan spans zero (pairs that share all luck)."
        )
    return notes
