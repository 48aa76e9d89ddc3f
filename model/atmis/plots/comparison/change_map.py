"""A map of what differs from the baseline: zones shaded by change in attacks, bases that fall more or less often.

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
from atmis.plots.kit import basemap as grounds
from atmis.plots.kit import words
from atmis.plots.kit.label_placement import Ground, places
from atmis.plots.kit.sheet import EDGE, Sheet, legend_height, sheet
from atmis.plots.kit.style import BLACK, COLUMN_IN, GREY, shade, tint
from atmis.runs.ensemble import Ensemble
from atmis.scenario.ground import Theatre
from atmis.scenario.scenario import Scenario

# ColorBrewer's PuOr, which the colour-blind can tell: purple for fewer, orange for more, white around zero.
_FEWER, _NONE = ("#D8DAEB", "#B2ABD2", "#8073AC", "#542788"), "#FFFFFF"
_MORE = ("#FEE0B6", "#FDB863", "#E08214", "#B35806")
_BOUNDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # attacks a year between classes
_LEFT, _AXIS, _KEY, _MOST_NAMED = 0.34, 0.26, 0.5, 60
_OFTEN = 0.05  # change in the share of replicates in which a base falls, from which on it is marked
_YEAR = 365.25  # days
_MARKS: dict[str, dict[str, Any]] = {
    "more": {"marker": "^", "markerfacecolor": BLACK, "markeredgecolor": "white", "markeredgewidth": 0.4},
    "fewer": {"marker": "v", "markerfacecolor": "white", "markeredgecolor": BLACK, "markeredgewidth": 0.9},
}
_UNTOLD: dict[str, Any] = {"facecolor": "none", "edgecolor": tint(GREY, 0.6), "hatch": "/////", "linewidth": 0.0}
Named = tuple[str, Ensemble]


class _Change(NamedTuple):
    """What changes."""

    zones: list[Paired]  # attacks a year in each zone
    falls: list[Paired]  # whether a base falls at least once, for each base
    bounds: list[float]  # of the classes, those above zero


def figure(baseline: Named, scenario: Named, largest: float = 0.0) -> Figure:
    """Zones shaded by the mean difference in attacks a year; hatched where it cannot be told from zero.

    `largest`: a change that the shades must take in, so that several maps share them (see `largest_change`).
    """
    both = pair(baseline[1], scenario[1])
    theatre, change = both[0].scenario.theatre, _change(*both, largest)
    whole = grounds.lay(theatre)
    marked = np.array([mark(one) != "" for one in change.falls], dtype=bool)
    ground = whole._replace(closer=None, bases=whole.bases[marked])
    width = COLUMN_IN - _LEFT - EDGE
    west, south, east, north = ground.frame
    height = width * (north - south) / (east - west)
    handles, labels = _key(change)
    below = legend_height(labels, COLUMN_IN) + 0.06 if labels else 0.0
    made = sheet(
        (COLUMN_IN, height + _AXIS + _KEY + below),
        f"Change in attacks: {words.scenario(scenario[0])} against {words.scenario(baseline[0])}",
        f"{words.pairs(both[0].replicates)}, seed {both[0].seed} · below each name: attacks per year more or "
        "fewer, mean over the run",
        _notes(change, scenario[1].scenario),
    )
    axes = made.axes(_LEFT, 0.0, width, height)
    _fill(axes, ground.areas, change)
    grounds.draw_border(axes, theatre, ground)
    _bases(axes, whole.bases, change.falls)
    _names(axes, theatre, ground, change, (east - west) / width)
    grounds.dress(axes, theatre, ground)
    _bar(made, change.bounds, height + _AXIS)
    if labels:
        made.legend(handles, labels, height + _AXIS + _KEY)
    return made.figure


def largest_change(baseline: Ensemble, scenarios: Iterable[Ensemble]) -> float:
    """The largest mean change in attacks a year in any zone, over some scenarios."""
    return max((abs(_mean(zone)) for other in scenarios for zone in by_zone(*pair(baseline, other))), default=0.0)


def by_zone(baseline: Ensemble, scenario: Ensemble) -> list[Paired]:
    """Attacks a year in each zone."""
    years = baseline.scenario.period.days / _YEAR
    before, after = (each.indicator("attacks").sum(axis=1) / years for each in (baseline, scenario))
    return [paired(before[:, z], after[:, z]) for z in range(before.shape[1])]


def _change(baseline: Ensemble, scenario: Ensemble, largest: float) -> _Change:
    zones = by_zone(baseline, scenario)
    top = max(largest, *(abs(_mean(zone)) for zone in zones))
    return _Change(zones, falls(baseline, scenario), [bound for bound in _BOUNDS if bound <= top][-len(_MORE) :])


def falls(baseline: Ensemble, scenario: Ensemble) -> list[Paired]:
    """Whether a base falls at least once, for each base."""
    one, two = ((each.base_histories["fell"] >= 0).astype(float) for each in (baseline, scenario))
    return [paired(np.asarray(one[:, b]), np.asarray(two[:, b])) for b in range(one.shape[1])]


def _mean(found: Paired) -> float:
    return found.mean_difference or 0.0


def mark(fall: Paired) -> str:
    """more or fewer, where a base falls so in enough more or fewer replicates to be told; else nothing."""
    return fall.verdict if abs(_mean(fall)) >= _OFTEN and fall.verdict in _MARKS else ""


def _shade(change: float, bounds: list[float]) -> str:
    """The colour of a change: the farther from zero, the darker."""
    step = int(np.searchsorted(bounds, abs(change), side="right"))
    ramp = (_MORE if change > 0 else _FEWER)[len(_MORE) - len(bounds) :]
    return ramp[step - 1] if step else _NONE


def _fill(axes: Axes, areas: Sequence[Any], change: _Change) -> None:
    parts = [
        (shapely.get_coordinates(part.exterior), zone)
        for area, zone in zip(areas, change.zones, strict=True)
        for part in shapely.get_parts(area)
        if part.geom_type == "Polygon"
    ]
    shades = [_shade(_mean(zone), change.bounds) for _, zone in parts]
    outline: dict[str, Any] = {"edgecolors": shade(GREY), "linewidths": 0.5}
    axes.add_collection(PolyCollection([shape for shape, _ in parts], facecolors=shades, zorder=1, **outline))
    untold = [shape for shape, zone in parts if zone.verdict == "cannot tell"]
    axes.add_collection(PolyCollection(untold, zorder=1.2, **_UNTOLD))


def _bases(axes: Axes, at: Floats, falls: Sequence[Paired]) -> None:
    for name, look in _MARKS.items():
        mine = np.array([mark(fall) == name for fall in falls], dtype=bool)
        axes.plot(*at[mine].T, linestyle="none", markersize=4.5, zorder=4, **look)


def _names(axes: Axes, theatre: Theatre, ground: Ground, change: _Change, km_per_inch: float) -> None:
    """Each zone's name, and its change below it; nothing where zones are too many."""
    if len(theatre.zones) > _MOST_NAMED:
        return
    digits = max(-math.floor(math.log10(change.bounds[0])), 0) if change.bounds else 0
    zones = zip(theatre.zones.values(), change.zones, strict=True)
    labels = [[*grounds.name_lines(zone.name, 0.0)[:-1], words.signed(_mean(found), digits)] for zone, found in zones]
    sizes = [grounds.name_size(lines) for lines in labels]
    at = places(ground, [(wide * km_per_inch, high * km_per_inch) for wide, high in sizes])
    grounds.draw_names(axes, labels, at)


def _bar(made: Sheet, bounds: list[float], top: float) -> None:
    """The classes of the shading as boxes in a row, with their bounds between them."""
    none = "" if bounds else ": none in any zone"
    made.text(EDGE, top, f"Change in attacks per year{none}", fontstyle="italic")
    ends = [*(-bound for bound in reversed(bounds)), *bounds]
    boxes = len(ends) + 1
    axes = made.axes(_LEFT, top + 0.15, 0.3 * boxes, 0.11)
    middles = [*(-bound for bound in reversed(bounds)), 0.0, *bounds]
    axes.bar(range(boxes), 1.0, width=1.0, color=[_shade(m, bounds) for m in middles], edgecolor=shade(GREY))
    axes.set(xlim=(-0.5, boxes - 0.5), ylim=(0.0, 1.0), yticks=[])
    axes.set_xticks([k + 0.5 for k in range(len(ends))], [words.tick(end) for end in ends])
    axes.spines[:].set_visible(False)


def _key(change: _Change) -> tuple[list[Any], list[str]]:
    """What else the map shows, as far as it does."""
    handles: list[Any] = []
    labels = []
    if any(zone.verdict == "cannot tell" for zone in change.zones):
        handles.append(Patch(**_UNTOLD))
        labels.append("cannot tell from zero")
    for name, look in _MARKS.items():
        if any(mark(fall) == name for fall in change.falls):
            handles.append(Line2D([], [], linestyle="none", markersize=4.5, **look))
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
        f"Intervals hold {words.held([scenario])}.",
    ]
