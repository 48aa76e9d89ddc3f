"""Figures of a calibration: posteriors of the parameters, posterior predictive checks, coverage of intervals."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.analysis.calibration.calibrate import CalibrationResult
from atmis.analysis.calibration.checks import PosteriorSummary, PredictiveCheck, RankCheck
from atmis.analysis.calibration.priors import UniformPrior
from atmis.plots.common import style
from atmis.plots.common.canvas import MARGIN, new_canvas
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder

_ROW_IN, _FOOT_IN = 0.155, 0.25
_NAMES_IN = 2.35


def draw(calibration: CalibrationResult, folder: AnyPath) -> list[Path]:
    """Draw the figures of a calibration into a folder, each as PNG and SVG; returns the files."""
    folder = make_folder(folder)
    with style.settings():
        figures = {
            "parameters": parameters(calibration.parameters),
            "patterns": patterns(calibration.patterns),
            "ranks": ranks(calibration.ranks),
        }
        return [path for name, figure in figures.items() for path in style.save(figure, folder / name)]


def parameters(rows: Sequence[PosteriorSummary]) -> Figure:
    """The posterior 90 % interval and median of each parameter within its prior range."""
    figure, axes = _row_canvas(
        len(rows), "What the record tells of each parameter",
        "line: range before, all of it equally likely · bar: 90 % interval after · dot: median · grey: not informed",
    )  # fmt: skip
    for y, row in enumerate(rows):
        bounds = UniformPrior(row.low, row.high, row.scale)  # type: ignore[arg-type]
        low, median, high = bounds.to_unit(np.array([row.q05, row.median, row.q95]))
        colour = style.BLUE if row.informed else style.GREY
        axes.plot([0, 1], [y, y], color=style.LIGHT, linewidth=1.2, zorder=1)
        axes.plot([low, high], [y, y], color=colour, linewidth=3.2, solid_capstyle="butt", zorder=2)
        axes.plot(median, y, "o", color="white", markeredgecolor=colour, markersize=3.6, zorder=3)
        for x, value, side in ((0, row.low, "right"), (1, row.high, "left")):
            axes.text(x + (0.015 if x else -0.015), y, f"{value:.3g}", ha=side, va="center", fontsize=style.SMALL_PT,
                      color=style.GREY)  # fmt: skip
    _label_rows(axes, [row.parameter for row in rows])
    axes.set_xlim(-0.12, 1.12)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    return figure


def patterns(rows: Sequence[PredictiveCheck]) -> Figure:
    """Each observed pattern against prior and posterior predictive bands, in widths of the prior band."""
    figure, axes = _row_canvas(
        len(rows), "Do runs look like the record?",
        "pale: 90 % of runs before · bar: 90 % of runs of the draws · filled dot: record inside · hollow: outside",
    )  # fmt: skip
    for y, row in enumerate(rows):
        width = max(row.before_q95 - row.before_q05, 1e-9)

        def scale(value: float, row: PredictiveCheck = row, width: float = width) -> float:
            return (value - row.before_q05) / width

        axes.plot([0, 1], [y, y], color=style.LIGHT, linewidth=5, solid_capstyle="butt", zorder=1)
        axes.plot(
            [scale(row.q05), scale(row.q95)], [y, y], color=style.SKY, linewidth=3, solid_capstyle="butt", zorder=2
        )
        colour = style.BLACK if row.inside else style.VERMILION
        axes.plot(scale(row.observed), y, "o", color=colour if row.inside else "white", markeredgecolor=colour,
                  markersize=3.6, zorder=3)  # fmt: skip
    _label_rows(axes, [row.pattern for row in rows])
    axes.set_xticks([0, 1], ["5 % before", "95 % before"])
    return figure


def ranks(rows: Sequence[RankCheck]) -> Figure:
    """Coverage of the 90 % interval of each parameter over runs taken for the record."""
    figure, axes = _row_canvas(
        len(rows), "Are the intervals honest?",
        f"share of 90 % intervals that hold the true value, {rows[0].tests} runs taken for the record; "
        "band: 95 % of what chance leaves",
    )  # fmt: skip
    spread = 1.96 * float(np.sqrt(0.9 * 0.1 / rows[0].tests))
    axes.axvspan(0.9 - spread, 0.9 + spread, color=style.LIGHT, zorder=0)
    axes.axvline(0.9, color=style.GREY, linewidth=0.7, zorder=1)
    axes.plot([row.covered_90 for row in rows], range(len(rows)), "o", color=style.BLUE, markersize=3.4, zorder=2)
    _label_rows(axes, [row.parameter for row in rows])
    axes.set_xlim(min(0.75, *(row.covered_90 - 0.02 for row in rows)), 1.0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    return figure


def _row_canvas(rows: int, title: str, subtitle: str) -> tuple[Figure, Axes]:
    """A figure of the width of a page with axes of so many rows, the first on top."""
    canvas = new_canvas((style.PAGE_IN, rows * _ROW_IN + _FOOT_IN), title, subtitle)
    axes = canvas.axes(_NAMES_IN, 0.05, style.PAGE_IN - _NAMES_IN - MARGIN - 0.12, rows * _ROW_IN)
    axes.set_ylim(rows - 0.4, -0.6)
    return canvas.figure, axes


def _label_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(
        range(len(names)), [style.truncate(style.clean(name, 60), _NAMES_IN - 0.2, style.SMALL_PT) for name in names]
    )
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
