"""A map of differences from the baseline: change in attacks by zone, and bases that fall more or less often.

For the width of a column.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from atmis.analysis.comparison import Paired, pair, paired
from atmis.kernel.arrays import Floats
from atmis.plots.common import words
from atmis.plots.common.basemap import build_basemap, draw_border, draw_labels, finish_map, label_lines, label_size
from atmis.plots.common.canvas import MARGIN, Canvas, legend_height, new_canvas
from atmis.plots.common.label_placement import Basemap, place_labels
from atmis.plots.common.style import BLACK, COLUMN_IN, GREY, shade, tint
from atmis.runs.ensemble import Ensemble
from atmis.scenario.ground import Theatre
from atmis.scenario.scenario import Scenario

# ColorBrewer's PuOr, which is safe for the colour-blind: purple for fewer, orange for more, white around zero.
_FEWER, _NONE = ("#D8DAEB", "#B2ABD2", "#8073AC", "#542788"), "#FFFFFF"
_MORE = ("#FEE0B6", "#FDB863", "#E08214", "#B35806")
_BOUNDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # class bounds, attacks per year
_LEFT, _AXIS, _LEGEND, _MOST_NAMED = 0.34, 0.26, 0.5, 60
_OFTEN = 0.05  # least change in the share of replicates in which a base falls for it to be marked
_YEAR = 365.25  # days
_MARKS: dict[str, dict[str, Any]] = {
    "more": {"marker": "^", "markerfacecolor": BLACK, "markeredgecolor": "white", "markeredgewidth": 0.4},
    "fewer": {"marker": "v", "markerfacecolor": "white", "markeredgecolor": BLACK, "markeredgewidth": 0.9},
}
_UNCERTAIN: dict[str, Any] = {"facecolor": "none", "edgecolor": tint(GREY, 0.6), "hatch": "/////", "linewidth": 0.0}
Named = tuple[str, Ensemble]


class _Change(NamedTuple):
    """Changes from the baseline to a scenario."""

    zones: list[Paired]  # attacks per year, for each zone
    falls: list[Paired]  # whether a base falls at least once, for each base
    bounds: list[float]  # class bounds above zero


def figure(baseline: Named, scenario: Named, largest: float = 0.0) -> Figure:
    """Zones shaded by the mean difference in attacks per year; hatched where its interval includes zero.

    `largest`: a change that the classes must cover, so that several maps share them (see `largest_change`).
    """
    both = pair(baseline[1], scenario[1])
    theatre, change = both[0].scenario.theatre, _change(*both, largest)
    full_basemap = build_basemap(theatre)
    marked = np.array([mark(fall) != "" for fall in change.falls], dtype=bool)
    basemap = full_basemap._replace(inset=None, bases=full_basemap.bases[marked])
    width = COLUMN_IN - _LEFT - MARGIN
    west, south, east, north = basemap.extent
    height = width * (north - south) / (east - west)
    handles, labels = _legend(change)
    below = legend_height(labels, COLUMN_IN) + 0.06 if labels else 0.0
    canvas = new_canvas(
        (COLUMN_IN, height + _AXIS + _LEGEND + below),
        f"Change in attacks: {words.scenario_name(scenario[0])} against {words.scenario_name(baseline[0])}",
        f"{words.count_pairs(both[0].replicates)}, seed {both[0].seed} · below each name: attacks per year more or "
        "fewer, mean over the run",
        _notes(change, scenario[1].scenario),
    )
    axes = canvas.axes(_LEFT, 0.0, width, height)
    _fill(axes, basemap.areas, change)
    draw_border(axes, theatre, basemap)
    _draw_bases(axes, full_basemap.bases, change.falls)
    _draw_labels(axes, theatre, basemap, change, (east - west) / width)
    finish_map(axes, theatre, basemap)
    _colour_bar(canvas, change.bounds, height + _AXIS)
    if labels:
        canvas.legend(handles, labels, height + _AXIS + _LEGEND)
    return canvas.figure


def largest_change(baseline: Ensemble, scenarios: Iterable[Ensemble]) -> float:
    """The largest mean change in attacks per year in any zone, over several scenarios."""
    return max((abs(_mean(zone)) for other in scenarios for zone in by_zone(*pair(baseline, other))), default=0.0)


def by_zone(baseline: Ensemble, scenario: Ensemble) -> list[Paired]:
    """Paired difference in attacks per year, for each zone."""
    years = baseline.scenario.period.days / _YEAR
    before, after = (run.indicator("attacks").sum(axis=1) / years for run in (baseline, scenario))
    return [paired(before[:, z], after[:, z]) for z in range(before.shape[1])]


def _change(baseline: Ensemble, scenario: Ensemble, largest: float) -> _Change:
    zones = by_zone(baseline, scenario)
    top = max(largest, *(abs(_mean(zone)) for zone in zones))
    return _Change(zones, falls(baseline, scenario), [bound for bound in _BOUNDS if bound <= top][-len(_MORE) :])


def falls(baseline: Ensemble, scenario: Ensemble) -> list[Paired]:
    """Paired difference in whether a base falls at least once, for each base."""
    before, after = ((run.base_histories["fell"] >= 0).astype(float) for run in (baseline, scenario))
    return [paired(np.asarray(before[:, b]), np.asarray(after[:, b])) for b in range(before.shape[1])]


def _mean(row: Paired) -> float:
    return row.mean_difference or 0.0


def mark(fall: Paired) -> str:
    """The mark of a base: `more` or `fewer` where it falls in clearly more or fewer replicates, else empty."""
    return fall.verdict if abs(_mean(fall)) >= _OFTEN and fall.verdict in _MARKS else ""


def _shade(change: float, bounds: list[float]) -> str:
    """The colour of a change: the further from zero, the darker."""
    step = int(np.searchsorted(bounds, abs(change), side="right"))
    ramp = (_MORE if change > 0 else _FEWER)[len(_MORE) - len(bounds) :]
    return ramp[step - 1] if step else _NONE


def _fill(axes: Axes, areas: Sequence[Any], change: _Change) -> None:
    polygons = [
        (shapely.get_coordinates(part.exterior), zone)
        for area, zone in zip(areas, change.zones, strict=True)
        for part in shapely.get_parts(area)
        if part.geom_type == "Polygon"
    ]
    shades = [_shade(_mean(zone), change.bounds) for _, zone in polygons]
    outline: dict[str, Any] = {"edgecolors": shade(GREY), "linewidths": 0.5}
    axes.add_collection(PolyCollection([shape for shape, _ in polygons], facecolors=shades, zorder=1, **outline))
    uncertain = [shape for shape, zone in polygons if zone.verdict == "cannot tell"]
    axes.add_collection(PolyCollection(uncertain, zorder=1.2, **_UNCERTAIN))


def _draw_bases(axes: Axes, positions: Floats, falls: Sequence[Paired]) -> None:
    for name, style in _MARKS.items():
        mask = np.array([mark(fall) == name for fall in falls], dtype=bool)
        axes.plot(*positions[mask].T, linestyle="none", markersize=4.5, zorder=4, **style)


def _draw_labels(axes: Axes, theatre: Theatre, basemap: Basemap, change: _Change, km_per_inch: float) -> None:
    """Label each zone with its name and its change, unless zones are too many."""
    if len(theatre.zones) > _MOST_NAMED:
        return
    digits = max(-math.floor(math.log10(change.bounds[0])), 0) if change.bounds else 0
    zones = zip(theatre.zones.values(), change.zones, strict=True)
    labels = [[*label_lines(zone.name, 0.0)[:-1], words.format_signed(_mean(row), digits)] for zone, row in zones]
    sizes = [label_size(lines) for lines in labels]
    placements = place_labels(basemap, [(width * km_per_inch, height * km_per_inch) for width, height in sizes])
    draw_labels(axes, labels, placements)


def _colour_bar(canvas: Canvas, bounds: list[float], top: float) -> None:
    """Draw the colour bar: the classes as boxes in a row, with their bounds between them."""
    none_note = "" if bounds else ": none in any zone"
    canvas.text(MARGIN, top, f"Change in attacks per year{none_note}", fontstyle="italic")
    ends = [*(-bound for bound in reversed(bounds)), *bounds]
    boxes = len(ends) + 1
    axes = canvas.axes(_LEFT, top + 0.15, 0.3 * boxes, 0.11)
    class_values = [*(-bound for bound in reversed(bounds)), 0.0, *bounds]
    axes.bar(range(boxes), 1.0, width=1.0, color=[_shade(m, bounds) for m in class_values], edgecolor=shade(GREY))
    axes.set(xlim=(-0.5, boxes - 0.5), ylim=(0.0, 1.0), yticks=[])
    axes.set_xticks([k + 0.5 for k in range(len(ends))], [words.format_tick(end) for end in ends])
    axes.spines[:].set_visible(False)


def _legend(change: _Change) -> tuple[list[Any], list[str]]:
    """Legend entries of hatching and marks, as far as they occur."""
    handles: list[Any] = []
    labels = []
    if any(zone.verdict == "cannot tell" for zone in change.zones):
        handles.append(Patch(**_UNCERTAIN))
        labels.append("cannot tell from zero")
    for name, style in _MARKS.items():
        if any(mark(fall) == name for fall in change.falls):
            handles.append(Line2D([], [], linestyle="none", markersize=4.5, **style))
            labels.append(f"base that falls in {name} replicates")
    return handles, labels


def _notes(change: _Change, scenario: Scenario) -> list[str]:
    marked = (
        "Bases are marked where the share of replicates in which they fall at least once changes by "
        f"{100 * _OFTEN:g} percentage points or more, told from zero."
    )
    return [
        "Means over pairs of replicates that share all their luck. Hatched: the 95 % interval of the mean spans zero.",
        *([marked] if any(mark(fall) for fall in change.falls) else []),
        f"Intervals hold {words.uncertainty_included([scenario])}.",
    ]
