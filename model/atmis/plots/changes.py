"""A map of what differs from the baseline: zones shaded by change in attacks, bases that fall more or less often.

For the width of a column.
"""

from typing import Any, NamedTuple

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from atmis.comparison import Paired, pair, paired
from atmis.ensemble import Ensemble
from atmis.plots import ground as grounds
from atmis.plots import words
from atmis.plots.places import Ground, Place, places
from atmis.plots.sheet import EDGE, Sheet, legend_height, line_height, sheet
from atmis.plots.style import BLACK, COLUMN_IN, GREY, SMALL_PT, shade, wrap
from atmis.scenario.ground import Theatre

# ColorBrewer's PuOr, which the colour-blind can tell: purple for fewer, orange for more, white around zero.
_FEWER, _NONE = ("#D8DAEB", "#B2ABD2", "#8073AC", "#542788"), "#FFFFFF"
_MORE = ("#FEE0B6", "#FDB863", "#E08214", "#B35806")
_BOUNDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # attacks a year between classes
_LEFT, _AXIS, _MOST_NAMED = 0.34, 0.26, 60
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


def figure(baseline: Named, scenario: Named) -> Figure:
    """Zones shaded by the mean difference in attacks a year; hatched where it cannot be told from zero."""
    both = pair(baseline[1], scenario[1])
    theatre, change = both[0].scenario.theatre, _change(*both)
    whole = grounds.lay(theatre)
    marked = np.array([_mark(one) != "" for one in change.falls], dtype=bool)
    ground = whole._replace(closer=None, bases=whole.bases[marked])
    width = COLUMN_IN - _LEFT - EDGE
    west, south, east, north = ground.frame
    height = width * (north - south) / (east - west)
    keys = _keys(change)
    made = sheet(
        (COLUMN_IN, height + _AXIS + sum(_key_height(labels) for _, _, labels in keys)),
        f"Change in attacks: {words.scenario(scenario[0])} against {words.scenario(baseline[0])}",
        f"{both[0].replicates:,} pairs of replicates, seed {both[0].seed} · below each name: attacks per year more or "
        "fewer, mean over the run",
        _notes(change),
    )
    axes = made.axes(_LEFT, 0.0, width, height)
    _fill(axes, ground.areas, change)
    grounds.draw_border(axes, theatre, ground)
    _bases(axes, whole.bases, change.falls)
    _names(axes, theatre, ground, change, (east - west) / width)
    grounds.dress(axes, theatre, ground)
    _write_keys(made, keys, height + _AXIS)
    return made.figure


def _change(baseline: Ensemble, scenario: Ensemble) -> _Change:
    years = baseline.scenario.period.days / _YEAR
    before, after = (each.indicator("attacks").sum(axis=1) / years for each in (baseline, scenario))
    zones = [paired(before[:, z], after[:, z]) for z in range(before.shape[1])]
    one, two = ((each.base_histories["fell"] >= 0).astype(float) for each in (baseline, scenario))
    falls = [paired(np.asarray(one[:, b]), np.asarray(two[:, b])) for b in range(one.shape[1])]
    largest = max(abs(_mean(zone)) for zone in zones)
    return _Change(zones, falls, [bound for bound in _BOUNDS if bound <= largest][-len(_MORE) :])


def _mean(found: Paired) -> float:
    return found.mean_difference or 0.0


def _mark(fall: Paired) -> str:
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
    outline = {"edgecolors": shade(GREY), "linewidths": 0.5}
    axes.add_collection(PolyCollection([shape for shape, _ in parts], facecolors=shades, zorder=1, **outline))
    untold = [shape for shape, zone in parts if zone.verdict == "cannot tell"]
    axes.add_collection(PolyCollection(untold, zorder=1.2, **_UNTOLD))


def _bases(axes: Axes, at: Floats, falls: Sequence[Paired]) -> None:
    for name, look in _MARKS.items():
        mine = np.array([_mark(fall) == name for fall in falls], dtype=bool)
        axes.plot(*at[mine].T, linestyle="none", markersize=4.5, zorder=4, **look)


def _names(axes: Axes, theatre: Theatre, ground: Ground, change: _Change, km_per_inch: float) -> None:
    """Each zone's name, and its change below it; nothing where zones are too many."""
    if len(theatre.zones) > _MOST_NAMED:
        return
    zones = zip(theatre.zones.values(), change.zones, strict=True)
    labels = [[*grounds.name_lines(zone.name, 0.0)[:-1], words.short(_mean(found))] for zone, found in zones]
    sizes = [grounds.name_size(lines) for lines in labels]
    at = places(ground, [(wide * km_per_inch, high * km_per_inch) for wide, high in sizes])
    grounds.draw_names(axes, labels, at)


def _keys(change: _Change) -> list[Key]:
    """Legends: zones, then bases as far as any is marked."""
    bounds = change.bounds
    steps = [*pairwise(bounds), *((bound, None) for bound in bounds[-1:])]
    middles = [*((-low, -(high or 0.0)) for low, high in reversed(steps)), None, *((low, high or 0.0) for low, high in steps)]
    handles: list[Any] = [Patch(facecolor=_shade(m[0] if m else 0.0, bounds), edgecolor=shade(GREY)) for m in middles]
    labels = [_class(m, bounds) for m in middles]
    if any(zone.verdict == "cannot tell" for zone in change.zones):
        handles.append(Patch(**_UNTOLD))
        labels.append("cannot tell from zero")
    found: list[Key] = [("Zones: change in attacks per year", handles, labels)]
    seen = [name for name in _MARKS if any(_mark(fall) == name for fall in change.falls)]
    if seen:
        marks = [Line2D([], [], linestyle="none", markersize=4.5, **_MARKS[name]) for name in seen]
        found.append(("Bases: fall at least once in", marks, [f"{name} of the replicates" for name in seen]))
    return found
