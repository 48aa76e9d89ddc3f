"""Date axes: ticks labelled in English whatever the locale, edges of months, numbered marks of documented dates."""

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
from atmis.plots.common.documented import DocumentedDate
from atmis.plots.common.style import GREY, INK, SMALL_PT, text_width
from atmis.runs.ensemble import Ensemble
from atmis.scenario.scenario import Period

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between major ticks
_MINOR_TICK: dict[str, Any] = {
    "linestyle": "none", "marker": TICKDOWN, "markersize": 1.6, "markeredgewidth": 0.4, "color": INK, "clip_on": False,
    "zorder": 2.01,
}  # fmt: skip
_LABEL_GAP = 0.13  # least distance between two numbers, inches


def format_date(day: date, day_known: bool = True) -> str:
    """A date in words: 15 May 2023, or May 2023 where the day is not known."""
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return f"{day.day} {month}" if day_known else month


def format_span(first: date, last: date) -> str:
    """Two months in words: Apr 2022 – Mar 2023, or one where both are the same."""
    first_month, last_month = format_date(first, False), format_date(last, False)
    return first_month if first_month == last_month else f"{first_month} – {last_month}"


def date_number(day: date) -> float:
    """A date as the number that Matplotlib uses for it."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def day_numbers(ensemble: Ensemble) -> Floats:
    """Date numbers of the days of a run, and of the day after [D + 1]."""
    return date_number(ensemble.scenario.period.start) + np.arange(ensemble.scenario.period.days + 1.0)


def month_edges(ensemble: Ensemble) -> Floats:
    """Date numbers at which the months of a run begin, and at which the last one ends [months + 1]."""
    period = ensemble.scenario.period
    starts = [date_number(month.astype("datetime64[D]").astype(date)) for month in ensemble.months[1:]]
    return np.array([date_number(period.start), *starts, date_number(period.end) + 1.0])


def partial_month_note(period: Period) -> list[str]:
    """A note on incomplete months at the ends of a run; empty where all are whole."""
    next_day = period.end + timedelta(days=1)
    if period.start.day == 1 and next_day.day == 1:
        return []
    return ["Months at the ends of the run that are not whole are shown as counted."]


def date_axis(axes: Axes, period: Period, width: float, labelled: bool = True) -> None:
    """Set limits and ticks of a date axis, with as many labels as fit a width in inches."""
    axes.set_xlim(date_number(period.start), date_number(period.end) + 1.0)
    ticks, labels = _day_ticks(period, width) if period.days <= 62 else _month_ticks(period, width)
    axes.xaxis.set_major_locator(FixedLocator([date_number(tick) for tick in ticks]))
    axes.xaxis.set_major_formatter(FixedFormatter(labels))
    if period.days > 62:
        minor_step = 1 if period.days < 600 else 3 if period.days < 1800 else 12
        minor_ticks = [date_number(tick) for tick in _month_starts(period, minor_step)]
        # One artist for all: each tick of Matplotlib's own is three artists, and there are hundreds on a page.
        zeros, transform = np.zeros(len(minor_ticks)), axes.get_xaxis_transform()
        axes.add_artist(Line2D(minor_ticks, zeros, transform=transform, **_MINOR_TICK))
    axes.tick_params(axis="x", labelbottom=labelled)


def mark_dates(panels: Sequence[Axes], dates: Sequence[DocumentedDate], size: tuple[float, float]) -> None:
    """Draw dashed lines through panels at documented dates, numbered above the first panel; `size` in inches."""
    low, high = panels[0].get_xlim()
    fractions = [(date_number(mark.date) - low) / (high - low) for mark in dates]
    width, height = size
    for k, (fraction, position) in enumerate(zip(fractions, _spread_out(fractions, _LABEL_GAP / width), strict=True)):
        for panel in panels:
            panel.axvline(low + fraction * (high - low), color=GREY, linewidth=0.6, linestyle=(0, (3, 2)), zorder=1.5)
        panels[0].annotate(
            str(k + 1), xy=(fraction, 1.0), xytext=(position, 1.0 + 0.07 / height), xycoords="axes fraction",
            textcoords="axes fraction", ha="center", va="bottom", fontsize=SMALL_PT, fontweight="bold",
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": GREY, "shrinkA": 0, "shrinkB": 0}, color=INK,
        )  # fmt: skip


def dates_in_period(dates: Sequence[DocumentedDate], period: Period) -> list[DocumentedDate]:
    """The documented dates within a period."""
    return [mark for mark in dates if period.start <= mark.date <= period.end]


def date_key(dates: Sequence[DocumentedDate]) -> list[str]:
    """The key to the numbered marks, one line for each."""
    return [
        f"({k + 1}) {format_date(mark.date, mark.day_known)}: {mark.text}{' (date assumed)' if mark.assumed else ''}"
        for k, mark in enumerate(dates)
    ]


def _spread_out(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved, in one pass each way, so that neighbours are at least a gap apart and none exceeds 1."""
    moved = list(positions)
    for k in range(1, len(moved)):
        moved[k] = max(moved[k], moved[k - 1] + gap)
    limit = 1.0
    for k in reversed(range(len(moved))):
        moved[k] = min(moved[k], limit)
        limit = moved[k] - gap
    return moved


def _month_starts(period: Period, step: int) -> list[date]:
    """First days of the months of a run, one every `step` months."""
    first = 12 * period.start.year + period.start.month - 1
    last = 12 * period.end.year + period.end.month
    days = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1) if month % step == 0]
    return [day for day in days if period.start <= day <= period.end]


def _month_ticks(period: Period, width: float) -> tuple[list[date], list[str]]:
    for step in _STEPS:
        ticks = _month_starts(period, step)
        labels = [str(tick.year) if step >= 12 else format_date(tick, False) for tick in ticks]
        available = width / max(period.days / (30.44 * step), 1.0)
        if labels and text_width(max(labels, key=len), SMALL_PT) + 0.08 < available:
            return ticks, labels
    return ticks, labels


def _day_ticks(period: Period, width: float) -> tuple[list[date], list[str]]:
    most = max(int(width / 0.75), 1)
    step = max(-(-period.days // most), 1)
    ticks = [period.start + timedelta(days=k) for k in range(0, period.days, step)]
    return ticks, [format_date(tick) for tick in ticks]
