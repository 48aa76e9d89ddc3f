"""Attribution of a change: a bar for each mechanism and reading of the evidence, for the width of a column."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.attribution import CAUTION, Attribution, Change
from atmis.analysis.comparison import Verdict
from atmis.plots.common import style, words
from atmis.plots.common.canvas import MARGIN, Canvas, legend_height, line_height, new_canvas
from atmis.plots.common.style import COLOURS, COLUMN_IN, INK, LIGHT, SMALL_PT, clean, tint, wrap
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder

Bar = tuple[float, float | None, float | None, Verdict]  # mean, its interval, verdict

_LEFT, _BAR, _GAP, _AXIS = 1.22, 0.068, 0.1, 0.36  # inches: names; a bar; between mechanisms; below the axes
_PALE = 0.3


def draw(attributions: Sequence[Attribution], folder: AnyPath) -> list[Path]:
    """Draw attributions, one for each reading of the evidence, as PNG and SVG; returns the files."""
    folder = make_folder(folder)
    with style.settings():
        return style.save(figure(attributions), folder / "attribution")


def figure(attributions: Sequence[Attribution]) -> Figure:
    """A group of bars for each mechanism with any effect under some reading, and one for all mechanisms together."""
    groups, without_effect = _groups(attributions)
    labels = [clean(attribution.change.evidence, 24) for attribution in attributions]
    head = legend_height(labels, COLUMN_IN) + 0.08
    heights = [
        max(_BAR * len(attributions), line_height(SMALL_PT) * len(_label(mechanism))) + _GAP for mechanism, _ in groups
    ]
    canvas = new_canvas(
        (COLUMN_IN, head + sum(heights) + _AXIS), _title(attributions[0].change), _subtitle(attributions[0].change),
        _notes(attributions, without_effect),
    )  # fmt: skip
    canvas.legend([Patch(facecolor=_colour(k)) for k in range(len(attributions))], labels, top=0.02)
    axes = canvas.axes(_LEFT, head, COLUMN_IN - _LEFT - 2 * MARGIN, sum(heights))
    top = 0.0
    for (mechanism, bars), height in zip(groups, heights, strict=True):
        _draw_group(canvas, axes, mechanism, bars, (head, top, height))
        top += height
    _set_axes(axes, top, attributions[0].change)
    return canvas.figure


def _groups(attributions: Sequence[Attribution]) -> tuple[list[tuple[str, list[Bar]]], list[str]]:
    """Bars by mechanism, the largest first and all together last; and the mechanisms without any effect."""
    groups: list[tuple[str, list[Bar]]] = []
    for rows in zip(*(attribution.contributions for attribution in attributions), strict=True):
        groups.append((rows[0].words, [(row.contribution, row.low_95, row.high_95, row.verdict) for row in rows]))
    effective = [group for group in groups if any(bar[3] != "no difference" for bar in group[1])]
    effective.sort(key=lambda group: -max(abs(bar[0]) for bar in group[1]))
    changes = [attribution.change for attribution in attributions]
    total: list[Bar] = [
        (row.explained, row.explained_low_95, row.explained_high_95, row.explained_verdict) for row in changes
    ]
    without_effect = [group[0] for group in groups if group not in effective]
    return [*effective, ("all together", total)], without_effect


def _draw_group(
    canvas: Canvas, axes: Axes, mechanism: str, bars: Sequence[Bar], box: tuple[float, float, float]
) -> None:
    """Draw the name of a mechanism and its bars. `box`: top of the axes, top within them, height, inches."""
    head, top, height = box
    lines = _label(mechanism)
    start = head + top + (height - len(lines) * line_height(SMALL_PT)) / 2
    for k, line in enumerate(lines):
        weight = "bold" if mechanism == "all together" else "normal"
        canvas.text(MARGIN, start + k * line_height(SMALL_PT), line, fontweight=weight)
    if mechanism == "all together":
        axes.axhspan(top, top + height, color=tint(LIGHT, 0.5), linewidth=0, zorder=0)
    else:
        axes.axhline(top + height, color=LIGHT, linewidth=0.5, zorder=0)
    first = top + (height - _BAR * len(bars)) / 2
    for k, bar in enumerate(bars):
        _draw_bar(axes, bar, first + (k + 0.5) * _BAR, _colour(k))


def _draw_bar(axes: Axes, bar: Bar, y: float, colour: str) -> None:
    """Draw a bar with its interval, pale where that includes zero; a dot for exactly nothing."""
    mean, low, high, verdict = bar
    if verdict == "no difference":
        axes.plot(0.0, y, marker="o", markersize=1.6, color=colour, zorder=4)
        return
    face: Any = tint(colour, _PALE) if verdict == "cannot tell" else colour
    axes.barh(y, mean, height=_BAR * 0.82, facecolor=face, edgecolor=colour, linewidth=0.4, zorder=2)
    if low is not None and high is not None:
        axes.plot([low, high], [y, y], color=INK, linewidth=0.7, solid_capstyle="butt", zorder=3)


def _set_axes(axes: Axes, height: float, change: Change) -> None:
    axes.set(ylim=(height, 0.0), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=2.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: words.format_tick(value))
    axes.set_xlabel(f"contribution to the change, {change.unit}", fontsize=SMALL_PT, labelpad=1.0)


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


def _label(mechanism: str) -> list[str]:
    return wrap(words.capitalise(mechanism), _LEFT - MARGIN - 0.06, SMALL_PT)


def _title(change: Change) -> str:
    return f"What explains {change.window} in the model"


def _subtitle(change: Change) -> str:
    reference = (
        "against the same without dated events"
        if change.reference == "without events"
        else f"against {change.reference}"
    )
    heading = words.heading(change.indicator, change.group)  # type: ignore[arg-type]
    return f"{heading} · scenario {words.scenario_name(change.scenario)} · {reference} · {_runs(change.replicates)}"


def _runs(replicates: int) -> str:
    return "1 replicate" if replicates == 1 else f"{replicates:,} replicates"


def _notes(attributions: Sequence[Attribution], without_effect: Sequence[str]) -> list[str]:
    exact = attributions[0].contributions[0].method == "exact"
    orders = "over all orders in which mechanisms can be switched on" if exact else "over random orders of switching on"
    notes = [
        f"Bars: Shapley values, what a mechanism adds on average {orders}, by reading of the evidence (colours). Lines"
        ": 95 % intervals over paired replicates: chance, and parameters where they are drawn. Pale: cannot be told "
        "from zero. Dots: exactly zero."
    ]
    return [
        *notes,
        *([f"Exactly nothing under any reading: {', '.join(without_effect)}."] if without_effect else []),
        CAUTION,
    ]
