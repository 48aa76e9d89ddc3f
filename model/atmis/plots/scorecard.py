"""Figures of a scorecard: each figure of a regularity against the band of the runs, all on one scale."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.analysis.scorecard import NOT_COMPARED, PASS, ScorecardRow
from atmis.analysis.scorecard.markdown import format_band, format_target, regularity_label
from atmis.plots.common import style
from atmis.plots.common.canvas import MARGIN, Canvas, new_canvas
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder

FAR = 3.0  # half bands from the median at which values further out are drawn
_ROW_IN, _HEAD_IN, _FOOT_IN = 0.15, 0.16, 0.3
_NUMBER_IN, _NAME_IN, _PANEL_IN = 0.36, 2.8, 1.75
_FIGURE_IN, _BAND_IN = 0.68, 0.95  # widths of the columns of numbers
ON_RECORD = ("R1", "R2", "R3", "R4", "R5", "R6", "R7")
TITLES = {
    "on_record": "Events in time and their deaths: do runs look like the record? (R1 to R7)",
    "attacks": "Deaths, levels, targets and bases: do runs look like the record? (R8 to R20)",
}


def draw(rows: Sequence[ScorecardRow], folder: AnyPath) -> list[Path]:
    """Draw the figures of a scorecard, without rows that cannot be compared, as PNG and SVG; returns the files."""
    folder = make_folder(folder)
    paths = []
    with style.settings():
        for name, part in parts(rows).items():
            if part:
                paths += style.save(draw_rows(part, TITLES[name]), folder / name)
    return paths


def parts(rows: Sequence[ScorecardRow]) -> dict[str, list[ScorecardRow]]:
    """The comparable rows of each figure, in the order of the regularities."""
    compared = sorted((row for row in rows if row.verdict != NOT_COMPARED), key=lambda row: int(row.regularity[1:]))
    return {
        "on_record": [row for row in compared if row.regularity in ON_RECORD],
        "attacks": [row for row in compared if row.regularity not in ON_RECORD],
    }


def draw_rows(rows: Sequence[ScorecardRow], title: str) -> Figure:
    """A row for each figure of a regularity: its name, its mark against the band, its numbers."""
    runs = max(row.runs for row in rows)
    subtitle = (
        f"bar: 90 % of {runs} runs, line: their median, each row on the scale of its own bar · filled dot: the figure "
        f"passes · hollow square: it fails (at the edge: further out) · *: months beyond March 2022, shape only"
    )
    canvas = new_canvas((style.PAGE_IN, _HEAD_IN + len(rows) * _ROW_IN + _FOOT_IN), title, subtitle)
    left = MARGIN + _NUMBER_IN + _NAME_IN
    axes = canvas.axes(left, _HEAD_IN, _PANEL_IN, len(rows) * _ROW_IN)
    axes.set(xlim=(-FAR - 0.3, FAR + 0.3), ylim=(len(rows) - 0.5, -0.5), yticks=[])
    axes.set_xticks([-1, 1], ["5 %", "95 %"])
    axes.spines["left"].set_visible(False)
    numbers_left = left + _PANEL_IN + 0.1
    for left_edge, heading in zip(_columns(numbers_left), ("figure", "90 % of runs", "unit"), strict=True):
        canvas.text(left_edge, 0.0, heading, color=style.GREY)
    for y, row in enumerate(rows):
        _draw_mark(axes, y, row)
        _write_row(canvas, row, _HEAD_IN + (y + 0.12) * _ROW_IN, numbers_left)
    return canvas.figure


def _draw_mark(axes: Axes, y: int, row: ScorecardRow) -> None:
    if y % 2 == 0:
        axes.axhspan(y - 0.5, y + 0.5, color=style.tint(style.LIGHT, 0.35), linewidth=0, zorder=0)
    if row.low is None:
        return
    axes.plot([-1, 1], [y, y], color=style.SKY, linewidth=4.0, solid_capstyle="butt", zorder=1)
    axes.plot([0, 0], [y - 0.28, y + 0.28], color=style.BLACK, linewidth=0.8, zorder=2)
    passes = row.verdict == PASS
    colour = style.BLACK if passes else style.VERMILION
    ends = [band_position(row, end) for end in (row.target_low, row.target_high) if end is not None]
    axes.plot(ends, [y, y], color=colour, linewidth=1.0, zorder=3)
    axes.plot(np.mean(ends), y, "o" if passes else "s", color=colour if passes else "white", markeredgecolor=colour,
              markersize=3.6, zorder=4)  # fmt: skip


def band_position(row: ScorecardRow, value: float) -> float:
    """Position of a value: 0 at the median, -1 and 1 at the ends of the band, cut off at FAR.

    A value that passes only because its figure is rounded is put at the end of the band.
    """
    assert row.low is not None
    assert row.median is not None
    assert row.high is not None
    half = row.high - row.median if value > row.median else row.median - row.low
    away = value - row.median
    most = 1.0 if row.verdict == PASS and row.target_low == row.target_high else FAR
    far = float(np.sign(away)) * most if half <= 0 else away / half
    return float(np.clip(far, -most, most))


def _write_row(canvas: Canvas, row: ScorecardRow, top: float, numbers_left: float) -> None:
    canvas.text(MARGIN, top, regularity_label(row))
    canvas.text(MARGIN + _NUMBER_IN, top, style.truncate(style.clean(row.what, 90), _NAME_IN - 0.1, style.SMALL_PT))
    first, second, third = _columns(numbers_left)
    canvas.text(first, top, format_target(row), fontweight="bold")
    canvas.text(second, top, format_band(row) or "too few")
    canvas.text(third, top, row.unit, color=style.GREY)


def _columns(numbers_left: float) -> tuple[float, float, float]:
    """Left edges of the columns of numbers, inches."""
    return numbers_left, numbers_left + _FIGURE_IN, numbers_left + _FIGURE_IN + _BAND_IN
