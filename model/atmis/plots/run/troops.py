"""Troops of the mission by contingent, and the ceiling of uniformed personnel, for the full width of a page."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from atmis.kernel.arrays import Floats
from atmis.plots.common import documented
from atmis.plots.common.bands import count_axis, stairs
from atmis.plots.common.canvas import Canvas, legend_height, line_height, new_canvas, run_subtitle
from atmis.plots.common.dates import (
    date_axis,
    date_key,
    date_number,
    dates_in_period,
    day_numbers,
    format_date,
    mark_dates,
)
from atmis.plots.common.documented import Ceiling
from atmis.plots.common.style import BLACK, COLOURS, HATCHES, INK, PAGE_IN, SMALL_PT, clean, text_width, tint
from atmis.runs.ensemble import Ensemble
from atmis.scenario.scenario import Scenario

_LEFT, _HEIGHT, _ABOVE = 0.55, 2.5, 0.25
_WIDTH = PAGE_IN - _LEFT - 0.15
Box = tuple[float, float, float, float]
_SCENARIO_CEILING: dict[str, Any] = {"color": BLACK, "linewidth": 1.2}
_MARK: dict[str, Any] = {
    "marker": "D",
    "markersize": 4.0,
    "markerfacecolor": "white",
    "markeredgecolor": BLACK,
    "markeredgewidth": 0.9,
}


def figure(ensemble: Ensemble, ceilings: Sequence[Ceiling]) -> Figure:
    """Stacked troops (medians over replicates), the scenario's ceiling, and documented ceilings as points."""
    scenario = ensemble.scenario
    stacked, handles, labels = _layers(ensemble)
    marks = dates_in_period(documented.dates(documented.TROOP_DATES), scenario.period)
    documented_ceilings = [c for c in ceilings if scenario.period.start <= c.date <= scenario.period.end]
    for handle, label in _other_handles(scenario, bool(documented_ceilings)):
        handles.append(handle)
        labels.append(label)
    below = _ABOVE + _HEIGHT + 0.28
    canvas = new_canvas(
        (PAGE_IN, below + legend_height(labels, PAGE_IN - _LEFT) + 0.08),
        "Troops of the mission by contingent, and the ceiling of uniformed personnel",
        run_subtitle(ensemble, "each layer is a median over replicates"),
        _notes(ensemble, date_key(marks)),
    )
    axes = _draw_stack(canvas, ensemble, stacked)
    _draw_pauses(axes, scenario)
    highest = max(float(ensemble.days.ceiling.max(initial=0)), *(float(c.personnel) for c in documented_ceilings), 1.0)
    count_axis(axes, 1.14 * highest)
    date_axis(axes, scenario.period, _WIDTH)
    _draw_ceilings(axes, documented_ceilings)
    mark_dates([axes], marks, (_WIDTH, _HEIGHT))
    canvas.legend(handles, labels, below, left=_LEFT)
    return canvas.figure


def _layers(ensemble: Ensemble) -> tuple[list[Floats], list[Any], list[str]]:
    """Median troops of each contingent that has any, and the remainder up to the ceiling; with legend entries."""
    median = np.median(ensemble.deployed, axis=0)
    ceiling = np.median(ensemble.days.ceiling, axis=0)
    layers, handles, labels = [], [], []
    for k, contingent in enumerate(ensemble.scenario.theatre.contingents.values()):
        if ensemble.deployed[:, :, k].any():
            layers.append(median[:, k])
            handles.append(Patch(**_fill(k)))
            labels.append(clean(contingent.name))
    layers.append(np.maximum(ceiling - median.sum(axis=1), 0.0))
    handles.append(Patch(**_fill(-1)))
    labels.append("Police, others, and posts not filled")
    return layers, handles[::-1], labels[::-1]


def _fill(k: int) -> dict[str, Any]:
    """Colour and hatch of a contingent; -1 stands for the remainder up to the ceiling."""
    if k < 0:
        return {"facecolor": "white", "hatch": "||||", "edgecolor": tint(INK, 0.45), "linewidth": 0.3}
    cycle = k // len(COLOURS)
    hatch = HATCHES[(k + cycle) % len(HATCHES)]
    return {"facecolor": tint(COLOURS[k % len(COLOURS)], 0.75), "hatch": hatch, "edgecolor": "white", "linewidth": 0.4}


def _draw_stack(canvas: Canvas, ensemble: Ensemble, layers: list[Floats]) -> Axes:
    axes = canvas.axes(_LEFT, _ABOVE, _WIDTH, _HEIGHT)
    ceiling = np.quantile(ensemble.days.ceiling, [0.05, 0.5, 0.95], axis=0)
    days, (low, ceiling_median, high, *layers) = merge_equal_days(day_numbers(ensemble), np.array([*ceiling, *layers]))
    present = [k for k in range(ensemble.deployed.shape[2]) if ensemble.deployed[:, :, k].any()]
    base = np.zeros(len(ceiling_median))
    for k, layer in zip([*present, -1], layers, strict=True):
        stairs(axes, base + layer, days, baseline=base, fill=True, **_fill(k))
        base = base + layer
    stairs(axes, ceiling_median, days, **_SCENARIO_CEILING)
    if (high > low).any():
        for bound in (low, high):
            stairs(axes, bound, days, color=BLACK, linewidth=0.6, linestyle=(0, (1, 1)))
    axes.set_ylabel("uniformed personnel (people)")
    return axes


def merge_equal_days(days: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """Merge days on which no row changes: the same steps from fewer points.

    `days` [D + 1] are edges, `rows` [n, D] values between them.
    """
    changes = np.concatenate([[True], (np.diff(rows, axis=1) != 0.0).any(axis=0)])
    return np.append(days[:-1][changes], days[-1]), rows[:, changes]


def _draw_pauses(axes: Axes, scenario: Scenario) -> None:
    for pause in scenario.plan.pauses.values():
        first, last = date_number(pause.start), date_number(pause.start) + pause.days
        axes.axvspan(first, last, facecolor=tint(INK, 0.25), edgecolor=INK, hatch="....", linewidth=0.4, alpha=0.5)


def _draw_ceilings(axes: Axes, documented_ceilings: Sequence[Ceiling]) -> None:
    """Draw documented ceilings, each labelled with its number and date where there is room."""
    (left, right), top = axes.get_xlim(), axes.get_ylim()[1]
    points = [
        (_WIDTH * (date_number(c.date) - left) / (right - left), _HEIGHT * c.personnel / top)
        for c in documented_ceilings
    ]  # inches from the lower left corner of the axes
    occupied = [(x - 0.05, y - 0.05, x + 0.05, y + 0.05) for x, y in points]
    for ceiling, (x, y) in zip(documented_ceilings, points, strict=True):
        axes.plot([date_number(ceiling.date)], [ceiling.personnel], linestyle="none", clip_on=False, zorder=7, **_MARK)
        size = (text_width(format_date(ceiling.date), SMALL_PT), 2 * line_height(SMALL_PT))
        box = min(_label_boxes(x, y, *size), key=lambda box: _overlap_count(box, occupied))
        occupied.append(box)
        axes.text(
            box[0] / _WIDTH, box[1] / _HEIGHT, f"{ceiling.personnel:,}\n{format_date(ceiling.date)}",
            transform=axes.transAxes, ha="left", va="bottom", fontsize=SMALL_PT, linespacing=1.05, zorder=6,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )  # fmt: skip


def _label_boxes(x: float, y: float, width: float, height: float) -> list[Box]:
    """Candidate boxes for a label around a point, the best first."""
    corners = [
        (x + 0.07, y + 0.04), (x - 0.07 - width, y + 0.04), (x + 0.07, y - 0.04 - height),
        (x - 0.07 - width, y - 0.04 - height), (x - width / 2, y + 0.09), (x - width / 2, y - 0.09 - height),
        (x + 0.07, y + 0.06 + height), (x - 0.07 - width, y - 0.06 - 2 * height),
    ]  # fmt: skip
    return [(a, b, a + width, b + height) for a, b in corners]


def _overlap_count(box: Box, occupied: Sequence[Box]) -> int:
    """How many labels and points a box overlaps; 100 more where it leaves the axes."""
    low_x, low_y, high_x, high_y = box
    overlaps = sum(low_x < c and a < high_x and low_y < d and b < high_y for a, b, c, d in occupied)
    outside = low_x < 0.0 or low_y < 0.0 or high_x > _WIDTH or high_y > _HEIGHT
    return overlaps + 100 * outside


def _other_handles(scenario: Scenario, has_documented: bool) -> list[tuple[Any, str]]:
    handles: list[tuple[Any, str]] = [(Line2D([], [], **_SCENARIO_CEILING), "Ceiling in this scenario")]
    if has_documented:
        handles.append((Line2D([], [], linestyle="none", **_MARK), "Documented ceiling"))
    if scenario.plan.pauses:
        pause = Patch(facecolor=tint(INK, 0.25), edgecolor=INK, hatch="....", linewidth=0.4, alpha=0.5)
        handles.append((pause, "Pause in this scenario"))
    return handles


def _notes(ensemble: Ensemble, key: list[str]) -> list[str]:
    varies = (ensemble.days.ceiling != ensemble.days.ceiling[:1]).any()
    return [*key, *(["Thin dotted lines: 5 % and 95 % of replicates for the ceiling."] if varies else [])]
