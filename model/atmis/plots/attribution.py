"""What explains a change: a bar for each mechanism and reading of the evidence. For a column."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.attribution import CAUTION, Attribution, Change
from atmis.analysis.comparison import Verdict
from atmis.plots.kit import style, words
from atmis.plots.kit.sheet import EDGE, Sheet, legend_height, line_height, sheet
from atmis.plots.kit.style import COLOURS, COLUMN_IN, INK, LIGHT, SMALL_PT, clean, tint, wrap

Bar = tuple[float, float | None, float | None, Verdict]  # mean, its interval, verdict

_LEFT, _BAR, _GAP, _AXIS = 1.22, 0.068, 0.1, 0.36  # inches: words; a bar; between mechanisms; below the axes
_PALE = 0.3


def draw(found: Sequence[Attribution], folder: Path) -> list[Path]:
    """Draw an attribution under all its readings of the evidence, as PNG and SVG; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with style.settings():
        return style.save(figure(found), folder / "attribution")


def figure(found: Sequence[Attribution]) -> Figure:
    """A group of bars for each mechanism that does anything under some reading, and one for all together."""
    groups, nothing = _groups(found)
    labels = [clean(one.change.evidence, 24) for one in found]
    head = legend_height(labels, COLUMN_IN) + 0.08
    heights = [max(_BAR * len(found), line_height(SMALL_PT) * len(_label(what))) + _GAP for what, _ in groups]
    made = sheet(
        (COLUMN_IN, head + sum(heights) + _AXIS), _title(found[0].change), _about(found[0].change),
        _notes(found, nothing),
    )  # fmt: skip
    made.legend([Patch(facecolor=_colour(k)) for k in range(len(found))], labels, top=0.02)
    axes = made.axes(_LEFT, head, COLUMN_IN - _LEFT - 2 * EDGE, sum(heights))
    top = 0.0
    for (what, bars), height in zip(groups, heights, strict=True):
        _group(made, axes, what, bars, (head, top, height))
        top += height
    _finish(axes, top, found[0].change)
    return made.figure


def _groups(found: Sequence[Attribution]) -> tuple[list[tuple[str, list[Bar]]], list[str]]:
    """Bars by mechanism, the largest first and all together last; and what does exactly nothing."""
    groups: list[tuple[str, list[Bar]]] = []
    for rows in zip(*(one.contributions for one in found), strict=True):
        groups.append((rows[0].words, [(row.contribution, row.low_95, row.high_95, row.verdict) for row in rows]))
    kept = [(what, bars) for what, bars in groups if any(bar[3] != "no difference" for bar in bars)]
    kept.sort(key=lambda group: -max(abs(bar[0]) for bar in group[1]))
    changes = [one.change for one in found]
    total: list[Bar] = [
        (one.explained, one.explained_low_95, one.explained_high_95, one.explained_verdict) for one in changes
    ]
    return [*kept, ("all together", total)], [what for what, bars in groups if (what, bars) not in kept]


def _group(made: Sheet, axes: Axes, what: str, bars: Sequence[Bar], box: tuple[float, float, float]) -> None:
    """The words of a mechanism and its bars. `box`: top of the axes, top within them, height, inches."""
    head, top, height = box
    lines = _label(what)
    start = head + top + (height - len(lines) * line_height(SMALL_PT)) / 2
    for k, line in enumerate(lines):
        weight = "bold" if what == "all together" else "normal"
        made.text(EDGE, start + k * line_height(SMALL_PT), line, fontweight=weight)
    if what == "all together":
        axes.axhspan(top, top + height, color=tint(LIGHT, 0.5), linewidth=0, zorder=0)
    else:
        axes.axhline(top + height, color=LIGHT, linewidth=0.5, zorder=0)
    first = top + (height - _BAR * len(bars)) / 2
    for k, bar in enumerate(bars):
        _bar(axes, bar, first + (k + 0.5) * _BAR, _colour(k))


def _bar(axes: Axes, bar: Bar, at: float, colour: str) -> None:
    """A bar with its interval, pale where it cannot be told from zero; a dot for exactly nothing."""
    mean, low, high, verdict = bar
    if verdict == "no difference":
        axes.plot(0.0, at, marker="o", markersize=1.6, color=colour, zorder=4)
        return
    face: Any = tint(colour, _PALE) if verdict == "cannot tell" else colour
    axes.barh(at, mean, height=_BAR * 0.82, facecolor=face, edgecolor=colour, linewidth=0.4, zorder=2)
    if low is not None and high is not None:
        axes.plot([low, high], [at, at], color=INK, linewidth=0.7, solid_capstyle="butt", zorder=3)


def _finish(axes: Axes, height: float, change: Change) -> None:
    axes.set(ylim=(height, 0.0), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=2.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: words.tick(value))
    axes.set_xlabel(f"contribution to the change, {change.unit}", fontsize=SMALL_PT, labelpad=1.0)


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _label(what: str) -> list[str]:
    return wrap(words.first_up(what), _LEFT - EDGE - 0.06, SMALL_PT)


def _title(change: Change) -> str:
    return f"What explains {change.window} in the model"


def _about(change: Change) -> str:
    against = (
        "against the same without dated events"
        if change.reference == "without events"
        else f"against {change.reference}"
    )
    where = words.heading(change.indicator, change.group)  # type: ignore[arg-type]
    return f"{where} · scenario {words.scenario(change.scenario)} · {against} · {_runs(change.replicates)}"


def _runs(replicates: int) -> str:
    return "1 replicate" if replicates == 1 else f"{replicates:,} replicates"


def _notes(found: Sequence[Attribution], nothing: Sequence[str]) -> list[str]:
    exact = found[0].contributions[0].method == "exact"
    way = "over all orders in which mechanisms can be switched on" if exact else "over random orders of switching on"
    told = [
        f"Bars: Shapley values, what a mechanism adds on average {way}, by reading of the evidence (colours). Lines: "
        "95 % intervals over paired replicates: chance, and parameters where they are drawn. Pale: cannot be told from "
        "zero. Dots: exactly zero."
    ]
    return [*told, *([f"Exactly nothing under any reading: {', '.join(nothing)}."] if nothing else []), CAUTION]
