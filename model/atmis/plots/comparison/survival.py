"""How long bases hold after a handover, scenario by scenario. For the width of a column."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import Curve, curves
from atmis.plots.comparison.small_multiples import Page
from atmis.plots.kit import survival_axes, words
from atmis.plots.kit.looks import look
from atmis.plots.kit.sheet import legend_height, line_height, message, sheet
from atmis.plots.kit.style import COLUMN_IN, SMALL_PT, tint
from atmis.runs.ensemble import Ensemble

_HEIGHT = 1.9
_BAND = tint("#D55E00", 0.3)


def figure(ensembles: Mapping[str, Ensemble]) -> Figure:
    """Kaplan-Meier curves of all bases handed over, with 95 % intervals and the number at risk."""
    found = {name: curve for name, ensemble in ensembles.items() for curve in curves(ensemble)}
    if not found:
        return message(COLUMN_IN, survival_axes.TITLE, "", "No base was handed over in any of these scenarios.").figure
    lowest = _lowest(found)
    labels = [f"{words.scenario(name)}: {_label(curve)}" for name, curve in found.items()]
    below = legend_height(labels, COLUMN_IN) + 0.12
    made = sheet(
        (COLUMN_IN, below + _HEIGHT + 0.5 + (len(found) + 1) * line_height(SMALL_PT)),
        survival_axes.TITLE, _about(ensembles),
        _notes([name for name in ensembles if name not in found], lowest),
    )  # fmt: skip
    made.legend([Line2D([], [], **_line(name)) for name in found], labels, top=0.02)
    axes = made.axes(survival_axes.LEFT, below, survival_axes.WIDTH, _HEIGHT)
    for name, curve in found.items():
        survival_axes.draw(axes, curve, _line(name))
    survival_axes.finish(axes, max(float(curve.days[-1]) for curve in found.values()), lowest)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    survival_axes.at_risk(made, axes, [(curve, _line(name)) for name, curve in found.items()], below + _HEIGHT + 0.42)
    return made.figure


def pages(ensembles: Mapping[str, Ensemble], baseline: str) -> Figure:
    """The same for many scenarios, in a panel each, with the curve of the baseline. For the full width of a page."""
    found = {name: curve for name, ensemble in ensembles.items() for curve in curves(ensemble)}
    if not found:
        return figure(ensembles)
    lowest, longest = _lowest(found), max(float(curve.days[-1]) for curve in found.values())
    names = [name for name in [baseline, *(name for name in found if name != baseline)] if name in found]
    handles = [
        Line2D([], [], color=look(baseline).colour, linewidth=0.8),
        Line2D([], [], color="#D55E00", linewidth=1.2),
        Patch(facecolor=_BAND),
    ]
    page = Page(
        f"{survival_axes.TITLE}: each scenario against {words.scenario(baseline)}",
        f"{_about(ensembles)} · across: days since the handover",
        _notes([name for name in ensembles if name not in found], lowest),
        (handles, [words.scenario(baseline), "scenario", "its 95 % interval"]), "share that never fell",
        {name: _label(found[name]) for name in names}, lambda axes, labelled: _days(axes, longest, labelled),
    )  # fmt: skip

    def draw(axes: Axes, name: str) -> None:
        survival_axes.draw(axes, found[name], _line(name) | {"linestyle": "-"})
        if baseline in found:
            before = found[baseline]
            axes.step(before.days, before.share, where="post", color=look(baseline).colour, linewidth=0.8)
        axes.set_ylim(lowest, 1.0 + 0.02 * (1.0 - lowest))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))

    return page.laid(draw)


def _days(axes: Axes, longest: float, labelled: bool) -> None:
    axes.set_xlim(0.0, max(longest, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(axis="x", labelbottom=labelled)


def _line(name: str) -> survival_axes.Line:
    return {"color": look(name).colour, "linestyle": look(name).dash, "linewidth": 1.2}


def _lowest(found: Mapping[str, Curve]) -> float:
    """Where the vertical axis begins: at a round share not far below the lowest curve."""
    low = min(float(np.nanmin(np.append(curve.low, curve.share))) for curve in found.values())
    return float(max(np.floor(20.0 * low - 0.25) / 20.0, 0.0))


def _label(curve: Curve) -> str:
    bases = "1 base" if curve.bases == 1 else f"{curve.bases:,} bases"
    return f"{bases}, {100 * curve.fell / len(curve.times):.1f} % fell"


def _about(ensembles: Mapping[str, Ensemble]) -> str:
    counts = sorted({ensemble.replicates for ensemble in ensembles.values()})
    seeds = sorted({ensemble.seed for ensemble in ensembles.values()})
    several = "" if len(counts) == 1 else f" to {counts[-1]:,}"
    return f"{counts[0]:,}{several} replicates of each scenario, seed {', '.join(map(str, seeds))}"


def _notes(without: Sequence[str], lowest: float) -> list[str]:
    return [
        "Kaplan-Meier estimate, pooled over replicates; a base leaves the count at the end of the run or when closed. "
        "Scenarios do not hand over the same bases.",
        "Shaded: 95 % interval, bases and replicates as if independent.",
        *([f"The vertical axis begins at {lowest:g}."] if lowest else []),
        *([f"No base is handed over in {', '.join(map(words.scenario, without))}."] if without else []),
    ]
