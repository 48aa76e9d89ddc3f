"""Dates on axes: ticks in words of this file (not of the machine's language), months as spans, numbered marks."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN
from matplotlib.ticker import FixedFormatter, FixedLocator

from atmis.kernel.arrays import Floats
from atmis.plots.kit.documented import Dated
from atmis.plots.kit.style import GREY, INK, SMALL_PT, text_width
from atmis.runs.ensemble import Ensemble
from atmis.scenario.scenario import Period

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between ticks
_FINER: dict[str, Any] = {
    "linestyle": "none", "marker": TICKDOWN, "markersize": 1.6, "markeredgewidth": 0.4, "color": INK, "clip_on": False,
    "zorder": 2.01,
}  # fmt: skip
_GAP = 0.13  # least distance of two numbers, inches


def in_words(day: date, known: bool = True) -> str:
    """15 May 2023, or May 2023 where the day is not known."""
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return f"{day.day} {month}" if known else month


def span(first: date, last: date) -> str:
    """April 2022 - March 2023 in short."""
    one, other = in_words(first, False), in_words(last, False)
    return one if one == other else f"{one} – {other}"


def number(day: date) -> float:
    """Matplotlib's number of a date."""
    return float(date2num(day))


def day_numbers(ensemble: Ensemble) -> Floats:
    """Numbers of the days of a run, and of the day after."""
    return number(ensemble.scenario.period.start) + np.arange(ensemble.scenario.period.days + 1.0)


def month_edges(ensemble: Ensemble) -> Floats:
    """Numbers at which the months of a run begin, and at which the last ends."""
    period = ensemble.scenario.period
    later = [number(month.astype("datetime64[D]").astype(date)) for month in ensemble.months[1:]]
    return np.array([number(period.start), *later, number(period.end) + 1.0])


def incomplete(period: Period) -> list[str]:
    """A note on months at the ends of a run that are not whole."""
    after = period.end + timedelta(days=1)
    if period.start.day == 1 and after.day == 1:
        return []
    return ["Months at the ends of the run that are not whole are shown as counted."]


def date_axis(axes: Axes, period: Period, width: float, labelled: bool = True) -> None:
    """Ticks of a date axis: as many as fit a width in inches."""
    axes.set_xlim(number(period.start), number(period.end) + 1.0)
    ticks, labels = _days(period, width) if period.days <= 62 else _months(period, width)
    axes.xaxis.set_major_locator(FixedLocator([number(tick) for tick in ticks]))
    axes.xaxis.set_major_formatter(FixedFormatter(labels))
    if period.days > 62:
        finer = 1 if period.days < 600 else 3 if period.days < 1800 else 12
        finer_ticks = [number(tick) for tick in _firsts(period, finer)]
        # All in one: a tick of Matplotlib's own is three artists, and there are hundreds on a page.
        axes.add_artist(Line2D(finer_ticks, np.zeros(len(finer_ticks)), transform=axes.get_xaxis_transform(), **_FINER))
    axes.tick_params(axis="x", labelbottom=labelled)


def mark_dates(panels: Sequence[Axes], dated: Sequence[Dated], size: tuple[float, float]) -> None:
    """Dashed lines through panels at documented dates, numbered above the first (of a width and height in inches)."""
    low, high = panels[0].get_xlim()
    shares = [(number(mark.date) - low) / (high - low) for mark in dated]
    width, height = size
    for k, (share, place) in enumerate(zip(shares, _apart(shares, _GAP / width), strict=True)):
        for panel in panels:
            panel.axvline(low + share * (high - low), color=GREY, linewidth=0.6, linestyle=(0, (3, 2)), zorder=1.5)
        panels[0].annotate(
            str(k + 1), xy=(share, 1.0), xytext=(place, 1.0 + 0.07 / height), xycoords="axes fraction",
            textcoords="axes fraction", ha="center", va="bottom", fontsize=SMALL_PT, fontweight="bold",
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": GREY, "shrinkA": 0, "shrinkB": 0}, color=INK,
        )  # fmt: skip


def within(dated: Sequence[Dated], period: Period) -> list[Dated]:
    """The dates that fall into a run."""
    return [mark for mark in dated if period.start <= mark.date <= period.end]


def key_lines(dated: Sequence[Dated]) -> list[str]:
    """What the numbered marks stand for, a line each."""
    return [
        f"({k + 1}) {in_words(mark.date, mark.day_known)}: {mark.text}{' (date assumed)' if mark.assumed else ''}"
        for k, mark in enumerate(dated)
    ]


def _apart(places: Sequence[float], gap: float) -> list[float]:
    """Places moved as little as a pass each way needs so that neighbours are a gap apart and none is beyond 1."""
    moved = list(places)
    for k in range(1, len(moved)):
        moved[k] = max(moved[k], moved[k - 1] + gap)
    limit = 1.0
    for k in reversed(range(len(moved))):
        moved[k] = min(moved[k], limit)
        limit = moved[k] - gap
    return moved


def _firsts(period: Period, step: int) -> list[date]:
    """First days of the months of a run, each so many months."""
    first = 12 * period.start.year + period.start.month - 1
    last = 12 * period.end.year + period.end.month
    days = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1) if month % step == 0]
    return [day for day in days if period.start <= day <= period.end]


def _months(period: Period, width: float) -> tuple[list[date], list[str]]:
    for step in _STEPS:
        ticks = _firsts(period, step)
        labels = [str(tick.year) if step >= 12 else in_words(tick, False) for tick in ticks]
        room = width / max(period.days / (30.44 * step), 1.0)
        if labels and text_width(max(labels, key=len), SMALL_PT) + 0.08 < room:
            return ticks, labels
    return ticks, labels


def _days(period: Period, width: float) -> tuple[list[date], list[str]]:
    most = max(int(width / 0.75), 1)
    step = max(-(-period.days // most), 1)
    ticks = [period.start + timedelta(days=k) for k in range(0, period.days, step)]
    return ticks, [in_words(tick) for tick in ticks]
