"""Observed counts against the forecast of the model, by zone, for the full width of a page."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from atmis.analysis.backtest import scores, targets
from atmis.analysis.backtest.scoring import TargetScores
from atmis.kernel.arrays import Floats
from atmis.plots.backtest import pit
from atmis.plots.common import style, words
from atmis.plots.common.bands import count_axis
from atmis.plots.common.canvas import legend_height, new_canvas
from atmis.plots.common.dates import date_axis, date_number
from atmis.plots.common.style import BLACK, BLUE, GREY, PAGE_IN, SMALL_PT, TEXT_PT, VERMILION, shade, tint
from atmis.scenario.arguments import AnyPath
from atmis.scenario.scenario import Period
from atmis.storage.files import make_folder

COLUMNS, BEFORE_MONTHS = 2, 24  # months before the window that are also shown
_LEFT, _GAP, _PANEL, _PITCH = 0.48, 0.42, 0.85, 1.24
_WIDTH = (PAGE_IN - _LEFT - (COLUMNS - 1) * _GAP - 0.1) / COLUMNS


def draw(windows: Sequence[Sequence[TargetScores]], folder: AnyPath, scenario: str) -> list[Path]:
    """Draw the counts of each window (observed.png, observed_2.png, ...) and the PIT histogram; returns the files."""
    folder = make_folder(folder)
    paths: list[Path] = []
    with style.settings():
        for page, parts in enumerate(windows, start=1):
            paths += style.save(figure(parts, scenario), folder / ("observed" if page == 1 else f"observed_{page}"))
        return paths + style.save(pit.figure(windows, scenario), folder / "pit")


def figure(parts: Sequence[TargetScores], scenario: str) -> Figure:
    """A panel for each zone and group of zones: forecast bands, counts in the window and in the months before."""
    parts = [part for part in parts if not _is_duplicate(part, parts)]
    window, handles, labels = parts[0].window, *_legend()
    head, rows = legend_height(labels, PAGE_IN) + 0.1, -(-len(parts) // COLUMNS)
    canvas = new_canvas(
        (PAGE_IN, head + rows * _PITCH + 0.04),
        "Attacks on record by month: observed, and what the model says",
        f"Scenario {style.clean(scenario, 60)} · {len(parts[0].members):,} replicates · scored {window.first} to "
        f"{window.last}, history known up to {window.fit_to} · each panel has a vertical scale of its own",
        _NOTES,
    )
    canvas.legend(handles, labels, top=0.02)
    for index, part in enumerate(parts):
        column, row = index % COLUMNS, index // COLUMNS
        left, top = _LEFT + column * (_WIDTH + _GAP), head + row * _PITCH
        axes = canvas.axes(left, top + 0.2, _WIDTH, _PANEL)
        canvas.text(left, top + 0.04, _title(part), fontsize=TEXT_PT, fontweight="bold")
        canvas.text(left + _WIDTH, top + 0.05, _crps_text(part), ha="right", color=GREY)
        _panel(axes, part)
        date_axis(axes, _period(parts), _WIDTH, labelled=index + COLUMNS >= len(parts))
        if column == 0:
            axes.set_ylabel("attacks per month", fontsize=SMALL_PT)
            axes.yaxis.set_label_coords(-0.36 / _WIDTH, 0.5)
    return canvas.figure


def _panel(axes: Axes, part: TargetScores) -> None:
    highest = 0.0
    for share, depth in ((0.9, 0.22), (0.5, 0.5)):
        low, high = scores.central_interval(part.members, share)
        for month, bottom, top in zip(part.months, low, high):
            edges = _edges(month)
            axes.fill_between(edges, bottom - _HALF, top + _HALF, color=tint(BLUE, depth), linewidth=0)
        highest = max(highest, float(high.max()))
    _draw_steps(axes, part.months, part.members.mean(axis=0), {"color": shade(BLUE), "linewidth": 1.0})
    best = min(part.baselines, key=lambda name: float(part.baselines[name].mean()), default=None)
    if best is not None:
        line_style: dict[str, Any] = {"color": VERMILION, "linewidth": 1.0, "linestyle": (0, (4, 1.5))}
        _draw_steps(axes, part.months, part.means[best], line_style)
    earlier = part.history.months >= part.window.first - np.timedelta64(BEFORE_MONTHS, "M")
    known = part.history.months[earlier], part.history.counts[earlier]
    axes.plot(_middles(known[0]), known[1], linestyle="none", marker="o", markersize=2.2, markerfacecolor="white",
              markeredgecolor=GREY, markeredgewidth=0.6, clip_on=False)  # fmt: skip
    axes.plot(_middles(part.months), part.observed, linestyle="none", marker="o", markersize=2.6, color=BLACK,
              clip_on=False, zorder=4)  # fmt: skip
    axes.axvline(date_number(_day(part.window.first)), color=GREY, linewidth=0.6, linestyle=(0, (3, 2)))
    count_axis(axes, max(highest, float(part.observed.max()), float(max(known[1], default=0.0))))
    axes.set_ylim(bottom=-2 * _HALF)


_HALF = 0.12  # half a line: bands extend beyond whole counts, so that a band of one count is visible


def _draw_steps(axes: Axes, months: Any, values: Floats, line_style: dict[str, Any]) -> None:
    for month, value in zip(months, values):
        axes.plot(_edges(month), [value, value], **line_style, solid_capstyle="butt", zorder=3)


def _title(part: TargetScores) -> str:
    """A zone or a group of zones in words."""
    name = part.target.name
    groups = {**dict[str, str](words.GROUP_NAMES.items()), targets.ALL: "all observed zones"}
    return words.capitalise(groups[name]) if name in groups else name.replace("_", " ").title()


def _crps_text(part: TargetScores) -> str:
    """CRPS of the model and of the best baseline."""
    best = min((float(crps.mean()) for crps in part.baselines.values()), default=None)
    baseline = "" if best is None else f" · best of history {best:.2f}"
    return f"CRPS model {part.crps.mean():.2f}{baseline}"


def _is_duplicate(part: TargetScores, parts: Sequence[TargetScores]) -> bool:
    """Whether a target has the same zones as one before it."""
    earlier = parts[: [id(other) for other in parts].index(id(part))]
    return any(set(other.target.zones) == set(part.target.zones) for other in earlier)


def _legend() -> tuple[list[Any], list[str]]:
    handles: list[Any] = [
        Line2D([], [], linestyle="none", marker="o", markersize=2.6, color=BLACK),
        Line2D([], [], linestyle="none", marker="o", markersize=2.2, markerfacecolor="white", markeredgecolor=GREY),
        Line2D([], [], color=shade(BLUE), linewidth=1.0),
        Patch(facecolor=tint(BLUE, 0.5)),
        Patch(facecolor=tint(BLUE, 0.22)),
        Line2D([], [], color=VERMILION, linewidth=1.0, linestyle=(0, (4, 1.5))),
    ]
    labels = ["observed", "observed before", "model, mean", "middle 50 %", "middle 90 %", "best of history, mean"]
    return handles, labels


_NOTES = [
    "Bands hold the replicates: chance, and parameters where these vary. Best of history: the simple forecast with the "
    "smallest CRPS in this window, chosen after the fact. CRPS in attacks; smaller is better. Groups of zones: the sum "
    "of those observed.",
]


def _period(parts: Sequence[TargetScores]) -> Period:
    """The period of all panels: the window, and the months before it for which counts are known."""
    window = parts[0].window
    earlier = window.first - np.timedelta64(BEFORE_MONTHS, "M")
    first = min([window.first, *(month for part in parts for month in part.history.months if month >= earlier)])
    return Period(start=_day(first), end=_day(window.last + np.timedelta64(1, "M")) - timedelta(days=1))


def _day(month: Any) -> date:
    """First day of a month."""
    first_day: date = month.astype("datetime64[D]").item()
    return first_day


def _edges(month: Any) -> list[float]:
    return [date_number(_day(month)), date_number(_day(month + np.timedelta64(1, "M")))]


def _middles(months: Any) -> list[float]:
    return [sum(_edges(month)) / 2 for month in months]
