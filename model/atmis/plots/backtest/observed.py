"""Observed counts against the forecast of the model, zone by zone. For the full width of a page."""

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
from atmis.analysis.backtest.scoring import Scored
from atmis.kernel.arrays import Floats
from atmis.plots.backtest import pit
from atmis.plots.kit import style, words
from atmis.plots.kit.bands import count_axis
from atmis.plots.kit.dates import date_axis, number
from atmis.plots.kit.sheet import legend_height, sheet
from atmis.plots.kit.style import BLACK, BLUE, GREY, PAGE_IN, SMALL_PT, TEXT_PT, VERMILION, shade, tint
from atmis.scenario.scenario import Period

COLUMNS, BEFORE_MONTHS = 2, 24  # months before the window that are shown too
_LEFT, _GAP, _PANEL, _PITCH = 0.48, 0.42, 0.85, 1.24
_WIDTH = (PAGE_IN - _LEFT - (COLUMNS - 1) * _GAP - 0.1) / COLUMNS


def draw(windows: Sequence[Sequence[Scored]], folder: Path, scenario: str) -> list[Path]:
    """Draw the counts of each window (observed.png, observed_2.png and so on) and the PIT; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    with style.settings():
        for page, parts in enumerate(windows, start=1):
            paths += style.save(figure(parts, scenario), folder / ("observed" if page == 1 else f"observed_{page}"))
        return paths + style.save(pit.figure(windows, scenario), folder / "pit")


def figure(parts: Sequence[Scored], scenario: str) -> Figure:
    """A panel for each zone and sum of zones: bands of the forecast, counts of the window and of the months before."""
    parts = [part for part in parts if not _is_twin(part, parts)]
    window, handles, labels = parts[0].window, *_legend()
    head, rows = legend_height(labels, PAGE_IN) + 0.1, -(-len(parts) // COLUMNS)
    made = sheet(
        (PAGE_IN, head + rows * _PITCH + 0.04),
        "Attacks on record by month: observed, and what the model says",
        f"Scenario {style.clean(scenario, 60)} · {len(parts[0].members):,} replicates · scored {window.first} to "
        f"{window.last}, history known up to {window.fit_to} · each panel has a vertical scale of its own",
        _NOTES,
    )
    made.legend(handles, labels, top=0.02)
    for place, part in enumerate(parts):
        column, row = place % COLUMNS, place // COLUMNS
        left, top = _LEFT + column * (_WIDTH + _GAP), head + row * _PITCH
        axes = made.axes(left, top + 0.2, _WIDTH, _PANEL)
        made.text(left, top + 0.04, _title(part), fontsize=TEXT_PT, fontweight="bold")
        made.text(left + _WIDTH, top + 0.05, _said(part), ha="right", color=GREY)
        _panel(axes, part)
        date_axis(axes, _period(parts), _WIDTH, labelled=place + COLUMNS >= len(parts))
        if column == 0:
            axes.set_ylabel("attacks per month", fontsize=SMALL_PT)
            axes.yaxis.set_label_coords(-0.36 / _WIDTH, 0.5)
    return made.figure


def _panel(axes: Axes, part: Scored) -> None:
    highest = 0.0
    for share, depth in ((0.9, 0.22), (0.5, 0.5)):
        low, high = scores.interval(part.members, share)
        for month, bottom, top in zip(part.months, low, high):
            edges = _edges(month)
            axes.fill_between(edges, bottom - _HALF, top + _HALF, color=tint(BLUE, depth), linewidth=0)
        highest = max(highest, float(high.max()))
    _steps(axes, part.months, part.members.mean(axis=0), {"color": shade(BLUE), "linewidth": 1.0})
    best = min(part.baselines, key=lambda name: float(part.baselines[name].mean()), default=None)
    if best is not None:
        how: dict[str, Any] = {"color": VERMILION, "linewidth": 1.0, "linestyle": (0, (4, 1.5))}
        _steps(axes, part.months, part.means[best], how)
    before = part.history.months >= part.window.first - np.timedelta64(BEFORE_MONTHS, "M")
    known = part.history.months[before], part.history.counts[before]
    axes.plot(_middles(known[0]), known[1], linestyle="none", marker="o", markersize=2.2, markerfacecolor="white",
              markeredgecolor=GREY, markeredgewidth=0.6, clip_on=False)  # fmt: skip
    axes.plot(_middles(part.months), part.observed, linestyle="none", marker="o", markersize=2.6, color=BLACK,
              clip_on=False, zorder=4)  # fmt: skip
    axes.axvline(number(_day(part.window.first)), color=GREY, linewidth=0.6, linestyle=(0, (3, 2)))
    count_axis(axes, max(highest, float(part.observed.max()), float(max(known[1], default=0.0))))
    axes.set_ylim(bottom=-2 * _HALF)


_HALF = 0.12  # bands of whole counts reach a little beyond them, so that a band of one count can be seen


def _steps(axes: Axes, months: Any, values: Floats, how: dict[str, Any]) -> None:
    for month, value in zip(months, values):
        axes.plot(_edges(month), [value, value], **how, solid_capstyle="butt", zorder=3)


def _title(part: Scored) -> str:
    """A zone or a group of zones in words."""
    name = part.target.name
    groups = {**dict[str, str](words.GROUPS.items()), targets.ALL: "all observed zones"}
    return words.first_up(groups[name]) if name in groups else name.replace("_", " ").title()


def _said(part: Scored) -> str:
    """CRPS of the model and of the best baseline."""
    best = min((float(crps.mean()) for crps in part.baselines.values()), default=None)
    other = "" if best is None else f" · best of history {best:.2f}"
    return f"CRPS model {part.crps.mean():.2f}{other}"


def _is_twin(part: Scored, parts: Sequence[Scored]) -> bool:
    """Whether a sum is that of the same zones as one before it."""
    before = parts[: [id(one) for one in parts].index(id(part))]
    return any(set(one.target.zones) == set(part.target.zones) for one in before)


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


def _period(parts: Sequence[Scored]) -> Period:
    """What all panels show: the window, and what is known of the months before it."""
    window = parts[0].window
    before = window.first - np.timedelta64(BEFORE_MONTHS, "M")
    first = min([window.first, *(month for part in parts for month in part.history.months if month >= before)])
    return Period(start=_day(first), end=_day(window.last + np.timedelta64(1, "M")) - timedelta(days=1))


def _day(month: Any) -> date:
    """First day of a month."""
    found: date = month.astype("datetime64[D]").item()
    return found


def _edges(month: Any) -> list[float]:
    return [number(_day(month)), number(_day(month + np.timedelta64(1, "M")))]


def _middles(months: Any) -> list[float]:
    return [sum(_edges(month)) / 2 for month in months]
