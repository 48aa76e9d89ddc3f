"""The figures of a calibration: what was learnt of each parameter, whether runs of the draws look like the record."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.analysis.calibration.checks import Check, Learnt, Rank
from atmis.analysis.calibration.course import Calibrated
from atmis.analysis.calibration.ranges import Range
from atmis.plots.kit import style
from atmis.plots.kit.sheet import EDGE, sheet

_ROW_IN, _FOOT_IN = 0.155, 0.25
_NAMES_IN = 2.35


def draw(made: Calibrated, folder: Path) -> list[Path]:
    """Draw a calibration, each figure as PNG and SVG; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with style.settings():
        figures = {
            "parameters": parameters(made.learnt),
            "patterns": patterns(made.predicted),
            "ranks": ranks(made.ranks),
        }
        return [path for name, figure in figures.items() for path in style.save(figure, folder / name)]


def parameters(rows: Sequence[Learnt]) -> Figure:
    """The 90 % interval and the median of each parameter after, within the range before."""
    figure, axes = _sheet(
        len(rows), "What the record tells of each parameter",
        "line: range before, all of it equally likely · bar: 90 % interval after · dot: median · grey: not informed",
    )  # fmt: skip
    for y, row in enumerate(rows):
        one = Range(row.low, row.high, row.scale)  # type: ignore[arg-type]
        low, middle, high = one.to_unit(np.array([row.q05, row.median, row.q95]))
        colour = style.BLUE if row.informed else style.GREY
        axes.plot([0, 1], [y, y], color=style.LIGHT, linewidth=1.2, zorder=1)
        axes.plot([low, high], [y, y], color=colour, linewidth=3.2, solid_capstyle="butt", zorder=2)
        axes.plot(middle, y, "o", color="white", markeredgecolor=colour, markersize=3.6, zorder=3)
        for x, value, side in ((0, row.low, "right"), (1, row.high, "left")):
            axes.text(x + (0.015 if x else -0.015), y, f"{value:.3g}", ha=side, va="center", fontsize=style.SMALL_PT,
                      color=style.GREY)  # fmt: skip
    _name(axes, [row.parameter for row in rows])
    axes.set_xlim(-0.12, 1.12)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    return figure


def patterns(rows: Sequence[Check]) -> Figure:
    """Each pattern of the record against the bands of runs, in units of the width of the band before."""
    figure, axes = _sheet(
        len(rows), "Do runs look like the record?",
        "pale: 90 % of runs before · bar: 90 % of runs of the draws · filled dot: record inside · hollow: outside",
    )  # fmt: skip
    for y, row in enumerate(rows):
        width = max(row.before_q95 - row.before_q05, 1e-9)

        def place(value: float, row: Check = row, width: float = width) -> float:
            return (value - row.before_q05) / width

        axes.plot([0, 1], [y, y], color=style.LIGHT, linewidth=5, solid_capstyle="butt", zorder=1)
        axes.plot(
            [place(row.q05), place(row.q95)], [y, y], color=style.SKY, linewidth=3, solid_capstyle="butt", zorder=2
        )
        colour = style.BLACK if row.inside else style.VERMILION
        axes.plot(place(row.observed), y, "o", color=colour if row.inside else "white", markeredgecolor=colour,
                  markersize=3.6, zorder=3)  # fmt: skip
    _name(axes, [row.pattern for row in rows])
    axes.set_xticks([0, 1], ["5 % before", "95 % before"])
    return figure


def ranks(rows: Sequence[Rank]) -> Figure:
    """Share of 90 % intervals that hold the true value, by parameter."""
    figure, axes = _sheet(
        len(rows), "Are the intervals honest?",
        f"share of 90 % intervals that hold the true value, {rows[0].tests} runs taken for the record; "
        "band: 95 % of what chance leaves",
    )  # fmt: skip
    spread = 1.96 * float(np.sqrt(0.9 * 0.1 / rows[0].tests))
    axes.axvspan(0.9 - spread, 0.9 + spread, color=style.LIGHT, zorder=0)
    axes.axvline(0.9, color=style.GREY, linewidth=0.7, zorder=1)
    axes.plot([row.covered_90 for row in rows], range(len(rows)), "o", color=style.BLUE, markersize=3.4, zorder=2)
    _name(axes, [row.parameter for row in rows])
    axes.set_xlim(min(0.75, *(row.covered_90 - 0.02 for row in rows)), 1.0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    return figure


def _sheet(rows: int, title: str, below: str) -> tuple[Figure, Axes]:
    """A page with a row for each name, the first on top."""
    made = sheet((style.PAGE_IN, rows * _ROW_IN + _FOOT_IN), title, below)
    axes = made.axes(_NAMES_IN, 0.05, style.PAGE_IN - _NAMES_IN - EDGE - 0.12, rows * _ROW_IN)
    axes.set_ylim(rows - 0.4, -0.6)
    return made.figure, axes


def _name(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(
        range(len(names)), [style.fit(style.clean(name, 60), _NAMES_IN - 0.2, style.SMALL_PT) for name in names]
    )
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
