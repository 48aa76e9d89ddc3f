"""Regret of each plan in each state of the world: by how much it is worse than the best plan there.

For the width of a column, or of a page where worlds are many.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from atmis.analysis.comparison import Regret
from atmis.kernel.arrays import Bools, Floats
from atmis.plots.kit import words
from atmis.plots.kit.looks import colour
from atmis.plots.kit.sheet import EDGE, Sheet, sheet
from atmis.plots.kit.style import BLACK, COLUMN_IN, GREY, PAGE_IN, SMALL_PT, clean, text_width

_ROW, _CELL, _GAP, _HEAD = 0.2, 0.4, 0.1, 0.2
_LARGEST = "largest"  # heading of the last column
_RAMP = LinearSegmentedColormap.from_list("regret", ["#FFFFFF", "#FEE391", "#FE9929", "#CC4C02", "#662506"])
_DARK = 0.75  # share of the largest regret from which on a number is white


def figure(found: Regret) -> Figure:
    """Plans by worlds, the plan whose largest regret is least first; the number in a cell is the regret."""
    order = np.argsort(found.largest, kind="stable")
    plans = [words.scenario(found.plans[k]) for k in order]
    worlds = [clean(world) for world in found.worlds]
    left = max(text_width(plan, SMALL_PT) for plan in plans) + EDGE + 0.05
    wanted = max(_CELL, *(text_width(world, SMALL_PT) + 0.06 for world in (*worlds, _LARGEST)))
    width = COLUMN_IN if left + (len(worlds) + 1) * wanted + _GAP + EDGE <= COLUMN_IN else PAGE_IN
    cell = min((width - left - _GAP - EDGE) / (len(worlds) + 1), 2 * wanted)
    head = _HEAD if cell >= wanted else wanted + 0.06  # names of worlds that do not fit stand upright
    made = sheet(
        (width, head + len(plans) * _ROW + 0.08),
        f"Regret: {words.heading(found.indicator, found.group)}",
        f"{found.unit}, mean over {found.replicates:,} replicates, whole run · by how much a plan is worse than the "
        "best in that state of the world",
        _notes(found),
    )
    right = left + cell * len(worlds) + _GAP
    _cells(made, found.regret[order], ~found.told_apart[order], (left, head, cell * len(worlds)))
    _cells(made, found.largest[order][:, None], None, (right, head, cell), found.regret.max())
    for column, world in enumerate([*worlds, _LARGEST]):
        at = left + (column + 0.5) * cell + (_GAP if column == len(worlds) else 0.0)
        made.text(at, head - 0.05, world, ha="center", va="bottom", rotation=0 if cell >= wanted else 90)
    for row, k in enumerate(order):
        middle = head + (row + 0.5) * _ROW
        made.text(left - 0.05, middle, plans[row], ha="right", va="center", color=colour(found.plans[k]))
    return made.figure


def _cells(
    made: Sheet, values: Floats, near: Bools | None, place: tuple[float, float, float], largest: float = 0.0
) -> None:
    """Coloured cells [plans, worlds] with their numbers; `near`: those that cannot be told from the best.

    `place`: left, top and width in inches.
    """
    rows, columns = values.shape
    axes = made.axes(*place, rows * _ROW)
    top = max(largest, float(values.max(initial=0.0))) or 1.0
    axes.pcolormesh(values, cmap=_RAMP, vmin=0.0, vmax=top, edgecolors="white", linewidth=0.8)
    axes.set(xlim=(0, columns), ylim=(rows, 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for row, column in np.ndindex(rows, columns):
        value = float(values[row, column])
        sign = "≈ " if near is not None and near[row, column] and value > 0 else ""
        _number(axes, (column + 0.5, row + 0.5), f"{sign}{words.amount(value, top)}", value > _DARK * top)


def _number(axes: Axes, at: tuple[float, float], text: str, dark: bool) -> None:
    hue = "white" if dark else GREY if text == "0" else BLACK
    axes.text(*at, text, ha="center", va="center", fontsize=SMALL_PT, color=hue)


def _notes(found: Regret) -> list[str]:
    least = " and ".join(words.scenario(plan) for plan in found.least)
    worse = {"more": "more is worse", "fewer": "fewer is worse"}[found.worse]
    what = f"{words.first_up(found.definition)}; {worse}."
    notes = [what, f"0: the best plan in that state of the world. Least largest regret: {least}."]
    if (~found.told_apart & (found.regret > 0)).any():
        notes.append(
            "≈: the 95 % interval of the difference from the best plan spans zero (pairs that share all luck)."
        )
    return notes
