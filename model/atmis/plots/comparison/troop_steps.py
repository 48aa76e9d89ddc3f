"""The ceiling of each scenario and its troops, against the baseline and the ceilings that were documented.

For the full width of a page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from atmis.kernel.arrays import Floats
from atmis.plots.comparison.small_multiples import Page, dated
from atmis.plots.kit import documented, words
from atmis.plots.kit.bands import count_axis, stairs
from atmis.plots.kit.dates import day_numbers, in_words, number
from atmis.plots.kit.documented import Ceiling
from atmis.plots.kit.looks import colour
from atmis.plots.kit.style import BLACK
from atmis.plots.run.troops import merged
from atmis.runs.ensemble import Ensemble

_TROOPS: dict[str, Any] = {"linewidth": 0.8, "linestyle": (0, (2, 1))}
_MARK: dict[str, Any] = {
    "linestyle": "none", "marker": "D", "markersize": 3.0, "markerfacecolor": "white", "markeredgecolor": BLACK,
    "markeredgewidth": 0.7,
}  # fmt: skip


def figure(ensembles: Mapping[str, Ensemble], baseline: str) -> Figure:
    """A panel for each ensemble, the baseline first: medians over replicates."""
    names = [baseline, *(name for name in ensembles if name != baseline)]
    period = ensembles[baseline].scenario.period
    known = [one for one in documented.ceilings() if period.start <= one.date <= period.end]
    lines = {name: (ceiling(ensembles[name]), troops(ensembles[name])) for name in names}
    highest = max([float(line.max()) for both in lines.values() for line in both] + [one.people for one in known])
    days = day_numbers(ensembles[baseline])
    page = Page(
        f"Ceiling of uniformed personnel and troops: each scenario against {words.scenario(baseline)}",
        "medians over replicates · all panels have the same scales",
        _notes(known), _legend(baseline, bool(known)), "people",
        {name: f"last day: ceiling {own[-1]:,.0f}, troops {sent[-1]:,.0f}" for name, (own, sent) in lines.items()},
        dated(period),
    )  # fmt: skip

    def draw(axes: Axes, name: str) -> None:
        edges, (before, own, sent) = merged(days, np.array([lines[baseline][0], *lines[name]]))
        stairs(axes, before, edges, color=colour(baseline), linewidth=0.8, alpha=0.8)
        stairs(axes, sent, edges, color=colour(name), zorder=3, **_TROOPS)
        stairs(axes, own, edges, color=colour(name), linewidth=1.3, zorder=3.5)
        axes.plot([number(one.date) for one in known], [one.people for one in known], zorder=4, clip_on=False, **_MARK)
        count_axis(axes, highest)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value / 1000:g}k" if value else "0")

    return page.laid(draw)


def ceiling(ensemble: Ensemble) -> Floats:
    """Uniformed personnel authorised on each day, median over replicates."""
    return np.median(ensemble.days["ceiling"], axis=0)


def troops(ensemble: Ensemble) -> Floats:
    """Troops of all contingents on each day, median over replicates."""
    return np.median(ensemble.deployed.sum(axis=2), axis=0)


def _legend(baseline: str, documented_too: bool) -> tuple[list[Any], list[str]]:
    handles = [
        Line2D([], [], color=colour(baseline), linewidth=0.8),
        Line2D([], [], color="#D55E00", linewidth=1.3),
        Line2D([], [], color="#D55E00", **_TROOPS),
        *([Line2D([], [], **_MARK)] if documented_too else []),
    ]
    labels = [f"{words.scenario(baseline)}: ceiling", "scenario: ceiling", "scenario: troops", "documented ceiling"]
    return handles, labels[: len(handles)]


def _notes(known: Sequence[Ceiling]) -> list[str]:
    told = "; ".join(f"{one.people:,} ({in_words(one.date)})" for one in known)
    return [
        *([f"Documented ceilings of uniformed personnel: {told}."] if told else []),
        "The ceiling takes in police and others beside the troops of the contingents.",
    ]
