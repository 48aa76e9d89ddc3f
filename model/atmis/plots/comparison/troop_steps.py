"""The ceiling and the troops of each scenario, against the baseline and the documented ceilings.

For the full width of a page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from atmis.kernel.arrays import Floats
from atmis.plots.common import documented, words
from atmis.plots.common.bands import count_axis, stairs
from atmis.plots.common.dates import date_number, day_numbers, format_date
from atmis.plots.common.documented import Ceiling
from atmis.plots.common.scenario_style import scenario_colour
from atmis.plots.common.style import BLACK
from atmis.plots.comparison.small_multiples import PanelPage, date_axis_setter
from atmis.plots.run.troops import merge_equal_days
from atmis.runs.ensemble import Ensemble

_TROOPS: dict[str, Any] = {"linewidth": 0.8, "linestyle": (0, (2, 1))}
_MARK: dict[str, Any] = {
    "linestyle": "none", "marker": "D", "markersize": 3.0, "markerfacecolor": "white", "markeredgecolor": BLACK,
    "markeredgewidth": 0.7,
}  # fmt: skip


def figure(ensembles: Mapping[str, Ensemble], baseline: str) -> Figure:
    """A panel of medians over replicates for each ensemble, the baseline first."""
    names = [baseline, *(name for name in ensembles if name != baseline)]
    period = ensembles[baseline].scenario.period
    documented_ceilings = [known for known in documented.ceilings() if period.start <= known.date <= period.end]
    lines = {name: (ceiling(ensembles[name]), troops(ensembles[name])) for name in names}
    heights = [float(line.max()) for both in lines.values() for line in both]
    highest = max(heights + [known.personnel for known in documented_ceilings])
    days = day_numbers(ensembles[baseline])
    page = PanelPage(
        f"Ceiling of uniformed personnel and troops: each scenario against {words.scenario_name(baseline)}",
        "medians over replicates · all panels have the same scales",
        _notes(documented_ceilings), _legend(baseline, bool(documented_ceilings)), "people",
        {name: f"last day: ceiling {top[-1]:,.0f}, troops {sent[-1]:,.0f}" for name, (top, sent) in lines.items()},
        date_axis_setter(period),
    )  # fmt: skip

    def draw_panel(axes: Axes, name: str) -> None:
        rows = np.array([lines[baseline][0], *lines[name]])
        edges, (baseline_line, ceiling_line, troop_line) = merge_equal_days(days, rows)
        stairs(axes, baseline_line, edges, color=scenario_colour(baseline), linewidth=0.8, alpha=0.8)
        stairs(axes, troop_line, edges, color=scenario_colour(name), zorder=3, **_TROOPS)
        stairs(axes, ceiling_line, edges, color=scenario_colour(name), linewidth=1.3, zorder=3.5)
        dates = [date_number(known.date) for known in documented_ceilings]
        axes.plot(dates, [known.personnel for known in documented_ceilings], zorder=4, clip_on=False, **_MARK)
        count_axis(axes, highest)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value / 1000:g}k" if value else "0")

    return page.render(draw_panel)


def ceiling(ensemble: Ensemble) -> Floats:
    """Uniformed personnel authorised on each day, median over replicates [D]."""
    median: Floats = np.median(ensemble.days["ceiling"], axis=0)
    return median


def troops(ensemble: Ensemble) -> Floats:
    """Troops of all contingents on each day, median over replicates [D]."""
    median: Floats = np.median(ensemble.deployed.sum(axis=2), axis=0)
    return median


def _legend(baseline: str, has_documented: bool) -> tuple[list[Any], list[str]]:
    handles = [
        Line2D([], [], color=scenario_colour(baseline), linewidth=0.8),
        Line2D([], [], color="#D55E00", linewidth=1.3),
        Line2D([], [], color="#D55E00", **_TROOPS),
        *([Line2D([], [], **_MARK)] if has_documented else []),
    ]
    labels = [
        f"{words.scenario_name(baseline)}: ceiling",
        "scenario: ceiling",
        "scenario: troops",
        "documented ceiling",
    ]
    return handles, labels[: len(handles)]


def _notes(documented_ceilings: Sequence[Ceiling]) -> list[str]:
    text = "; ".join(f"{known.personnel:,} ({format_date(known.date)})" for known in documented_ceilings)
    return [
        *([f"Documented ceilings of uniformed personnel: {text}."] if text else []),
        "The ceiling takes in police and others beside the troops of the contingents.",
    ]
