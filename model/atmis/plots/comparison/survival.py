"""Kaplan-Meier survival of bases after a handover, by scenario, for the width of a column."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from atmis.analysis.comparison import KaplanMeierCurve, survival_curves
from atmis.plots.common import survival_axes, words
from atmis.plots.common.canvas import legend_height, line_height, new_canvas, placeholder
from atmis.plots.common.scenario_style import scenario_style
from atmis.plots.common.style import COLUMN_IN, SMALL_PT, tint
from atmis.plots.comparison.small_multiples import PanelPage
from atmis.runs.ensemble import Ensemble

_HEIGHT = 1.9
_BAND = tint("#D55E00", 0.3)


def figure(ensembles: Mapping[str, Ensemble]) -> Figure:
    """Kaplan-Meier curves of all bases handed over, with 95 % intervals and the numbers at risk."""
    curves = {name: curve for name, ensemble in ensembles.items() for curve in survival_curves(ensemble)}
    if not curves:
        return placeholder(
            COLUMN_IN, survival_axes.TITLE, "", "No base was handed over in any of these scenarios."
        ).figure
    lowest = _lowest(curves)
    labels = [f"{words.scenario_name(name)}: {_label(curve)}" for name, curve in curves.items()]
    below = legend_height(labels, COLUMN_IN) + 0.12
    canvas = new_canvas(
        (COLUMN_IN, below + _HEIGHT + 0.5 + (len(curves) + 1) * line_height(SMALL_PT)),
        survival_axes.TITLE, _subtitle(ensembles),
        _notes([name for name in ensembles if name not in curves], lowest),
    )  # fmt: skip
    canvas.legend([Line2D([], [], **_line(name)) for name in curves], labels, top=0.02)
    axes = canvas.axes(survival_axes.LEFT, below, survival_axes.WIDTH, _HEIGHT)
    for name, curve in curves.items():
        survival_axes.draw_curve(axes, curve, _line(name))
    survival_axes.set_axes(axes, max(float(curve.days[-1]) for curve in curves.values()), lowest)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    survival_axes.write_at_risk(
        canvas, axes, [(curve, _line(name)) for name, curve in curves.items()], below + _HEIGHT + 0.42
    )
    return canvas.figure


def pages(ensembles: Mapping[str, Ensemble], baseline: str) -> Figure:
    """The same for many scenarios: a panel for each, with the curve of the baseline, for the full width of a page."""
    curves = {name: curve for name, ensemble in ensembles.items() for curve in survival_curves(ensemble)}
    if not curves:
        return figure(ensembles)
    lowest, longest = _lowest(curves), max(float(curve.days[-1]) for curve in curves.values())
    names = [name for name in [baseline, *(name for name in curves if name != baseline)] if name in curves]
    handles = [
        Line2D([], [], color=scenario_style(baseline).colour, linewidth=0.8),
        Line2D([], [], color="#D55E00", linewidth=1.2),
        Patch(facecolor=_BAND),
    ]
    page = PanelPage(
        f"{survival_axes.TITLE}: each scenario against {words.scenario_name(baseline)}",
        f"{_subtitle(ensembles)} · across: days since the handover",
        _notes([name for name in ensembles if name not in curves], lowest),
        (handles, [words.scenario_name(baseline), "scenario", "its 95 % interval"]), "share that never fell",
        {name: _label(curves[name]) for name in names}, lambda axes, labelled: _set_day_axis(axes, longest, labelled),
    )  # fmt: skip

    def draw_panel(axes: Axes, name: str) -> None:
        survival_axes.draw_curve(axes, curves[name], _line(name) | {"linestyle": "-"})
        if baseline in curves:
            baseline_curve = curves[baseline]
            axes.step(
                baseline_curve.days,
                baseline_curve.share,
                where="post",
                color=scenario_style(baseline).colour,
                linewidth=0.8,
            )
        axes.set_ylim(lowest, 1.0 + 0.02 * (1.0 - lowest))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))

    return page.render(draw_panel)


def _set_day_axis(axes: Axes, longest: float, labelled: bool) -> None:
    axes.set_xlim(0.0, max(longest, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(axis="x", labelbottom=labelled)


def _line(name: str) -> survival_axes.LineStyle:
    return {"color": scenario_style(name).colour, "linestyle": scenario_style(name).dash, "linewidth": 1.2}


def _lowest(curves: Mapping[str, KaplanMeierCurve]) -> float:
    """Lower end of the vertical axis: a round share a little below the lowest curve."""
    low = min(float(np.nanmin(np.append(curve.low, curve.share))) for curve in curves.values())
    return float(max(np.floor(20.0 * low - 0.25) / 20.0, 0.0))


def _label(curve: KaplanMeierCurve) -> str:
    bases = "1 base" if curve.bases == 1 else f"{curve.bases:,} bases"
    return f"{bases}, {100 * curve.fell / len(curve.times):.1f} % fell"


def _subtitle(ensembles: Mapping[str, Ensemble]) -> str:
    counts = sorted({ensemble.replicates for ensemble in ensembles.values()})
    seeds = sorted({ensemble.seed for ensemble in ensembles.values()})
    range_end = "" if len(counts) == 1 else f" to {counts[-1]:,}"
    return f"{counts[0]:,}{range_end} replicates of each scenario, seed {', '.join(map(str, seeds))}"


def _notes(without: Sequence[str], lowest: float) -> list[str]:
    return [
        "Kaplan-Meier estimate, pooled over replicates; a base leaves the count at the end of the run or when closed. "
        "Scenarios do not hand over the same bases.",
        "Shaded: 95 % interval, bases and replicates as if independent.",
        *([f"The vertical axis begins at {lowest:g}."] if lowest else []),
        *([f"No base is handed over in {', '.join(map(words.scenario_name, without))}."] if without else []),
    ]
