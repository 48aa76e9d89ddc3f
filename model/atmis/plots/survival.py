"""How long bases hold after a handover, by receiving force. For the width of a column."""

import warnings
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from atmis.comparison.survival import survival_function
from atmis.ensemble import Ensemble
from atmis.plots.groups import holder_names
from atmis.plots.sheet import EDGE, Sheet, about, legend_height, line_height, message, sheet
from atmis.plots.style import COLUMN_IN, LINE_COLOURS, LINES, SMALL_PT, tint

Floats = NDArray[np.float64]
_TITLE = "How long bases hold after a handover"
_LEFT, _HEIGHT, _RIGHT = 0.5, 1.75, 0.15


class Held(NamedTuple):
    """Days from handover to the first fall (or to the end of the run or the closure) of bases of one force."""

    force: str
    days: Floats
    fell: NDArray[np.bool_]
    bases: int  # different bases


class Curve(NamedTuple):
    """A Kaplan-Meier estimate: days, share still held, and its interval."""

    days: Floats
    share: Floats
    low: Floats
    high: Floats


def figure(ensemble: Ensemble) -> Figure:
    """Kaplan-Meier curves with 95 % intervals and the number at risk."""
    held = times(ensemble)
    if not held:
        return message(COLUMN_IN, _TITLE, about(ensemble), "No base was handed over in this scenario.").figure
    curves = [kaplan_meier(group) for group in held]
    lowest = 0.5 if min(float(curve.low.min()) for curve in curves) > 0.5 else 0.0
    labels = [_label(group) for group in held]
    handles = [Line2D([], [], **_line(k)) for k in range(len(held))]
    below = legend_height(labels, COLUMN_IN) + 0.12
    made = sheet(
        (COLUMN_IN, below + _HEIGHT + 0.62 + len(held) * line_height(SMALL_PT)), _TITLE, about(ensemble),
        [
            "Kaplan-Meier estimate, pooled over replicates; a base leaves the count at the end of the run or when "
            "closed.",
            "Shaded: 95 % interval, sampling over bases and replicates as if independent; it does not hold the "
            "uncertainty of parameters or evidence.",
            *(["The vertical axis begins at 0.5."] if lowest else []),
        ],
    )  # fmt: skip
    made.legend(handles, labels, top=0.02)
    axes = made.axes(_LEFT, below, COLUMN_IN - _LEFT - _RIGHT, _HEIGHT)
    for k, curve in enumerate(curves):
        _draw(axes, curve, k)
    _finish(axes, max(float(group.days.max()) for group in held), lowest)
    _at_risk(made, axes, held, below + _HEIGHT + 0.42)
    return made.figure


def times(ensemble: Ensemble) -> list[Held]:
    """Bases that were handed over in any replicate, by the force that received them."""
    theatre, names = ensemble.scenario.theatre, holder_names(ensemble.scenario.theatre)
    bases, history = ensemble.bases, ensemble.base_histories
    end = np.where(history.closed >= 0, history.closed, ensemble.scenario.period.days)
    fell = history.fell_after >= 0
    days = np.maximum(np.where(fell, history.fell_after, end) - bases.handed, 0).astype(float)
    found = []
    for holder in range(len(theatre.contingents), len(names)):
        mine = (bases.handed >= 0) & (bases.holder == holder)
        if mine.any():
            found.append(Held(names[holder], days[mine], fell[mine], int(mine.any(axis=0).sum())))
    return found


def kaplan_meier(group: Held) -> Curve:
    """The share of bases that still hold, by days since the handover."""
    held = survival_function(group.days[group.fell], group.days[~group.fell])
    with warnings.catch_warnings():  # no interval before the first fall and after the last
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = held.confidence_interval(0.95, method="log-log")
    low, high = interval.low.probabilities, interval.high.probabilities
    low, high = np.where(np.isnan(low), held.probabilities, low), np.where(np.isnan(high), held.probabilities, high)
    days = np.concatenate([[0.0], held.quantiles])
    return Curve(days, *(np.concatenate([[1.0], part]) for part in (held.probabilities, low, high)))


def _draw(axes: Axes, curve: Curve, k: int) -> None:
    colour = LINE_COLOURS[k % len(LINE_COLOURS)]
    axes.fill_between(curve.days, curve.low, curve.high, step="post", color=tint(colour, 0.3), linewidth=0, alpha=0.6)
    axes.step(curve.days, curve.share, where="post", **_line(k))


def _line(k: int) -> dict[str, Any]:
    return {"color": LINE_COLOURS[k % len(LINE_COLOURS)], "linestyle": LINES[k % len(LINES)], "linewidth": 1.3}


def _finish(axes: Axes, longest: float, lowest: float) -> None:
    axes.set_xlim(0.0, max(longest, 1.0))
    axes.set_ylim(lowest, 1.0 + 0.02 * (1.0 - lowest))
    axes.set_ylabel("share of bases that never fell")
    axes.set_xlabel("days since handover")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def _at_risk(made: Sheet, axes: Axes, held: list[Held], top: float) -> None:
    """Numbers at risk below the ticks, as in medical journals."""
    width = COLUMN_IN - _LEFT - _RIGHT
    low, high = axes.get_xlim()
    made.text(EDGE, top - 0.02, "At risk (bases × replicates)", fontstyle="italic")
    for row, group in enumerate(held):
        at = top + (row + 1) * line_height(SMALL_PT)
        ends, level = [EDGE / made.width, 0.3 / made.width], [made.share(at + 0.42 * line_height(SMALL_PT))] * 2
        made.figure.add_artist(Line2D(ends, level, **_line(row)))
        for tick in axes.get_xticks():
            if low <= tick <= high:
                count = int((group.days >= tick).sum())
                made.text(_LEFT + width * (tick - low) / (high - low), at, f"{count:,}", ha="center")


def _label(group: Held) -> str:
    bases, handovers = _count(group.bases, "base"), _count(len(group.days), "handover")
    return f"{group.force}: {bases}, {handovers}, {_count(int(group.fell.sum()), 'fall')}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
