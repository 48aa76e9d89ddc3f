"""Markers of bases on maps: a colour and a shape for each holder, and an outer marker for the outcome."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from atmis.kernel.arrays import Floats
from atmis.kernel.state import CLOSED, OVERRUN
from atmis.plots.common.groups import holder_names
from atmis.plots.common.style import BLACK, COLOURS, GREY, INK, VERMILION, YELLOW, shade, tint
from atmis.plots.run.base_outcomes import BaseOutcomes
from atmis.scenario.ground import Theatre

_SHAPES = ("o", "v", "<", "D", "s", "^", "p", ">", "8")  # of contingents
_HOST_SHAPES = ("P", "*", "h", "X")
_HOST_COLOURS = (BLACK, YELLOW, GREY, "#8C6D31")
_HOME_SHAPE, _HOME_COLOUR = "d", "#7A3100"
_SIZE, _OUTER_SIZE = 3.4, 6.0  # points
_SELDOM, _OFTEN = 0.10, 0.25  # shares of replicates
_OUTCOMES: dict[str, dict[str, Any]] = {
    "handed over": {"marker": "s", "markersize": _OUTER_SIZE, "markeredgewidth": 0.7, "markeredgecolor": BLACK},
    "closed": {"marker": "x", "markersize": _SIZE, "markeredgewidth": 0.9, "markeredgecolor": BLACK},
    "fallen": {"marker": "x", "markersize": _OUTER_SIZE, "markeredgewidth": 1.1, "markeredgecolor": VERMILION},
    "seldom": {"marker": "o", "markersize": _OUTER_SIZE + 1.6, "markeredgewidth": 0.6, "markeredgecolor": VERMILION},
    "often": {"marker": "o", "markersize": _OUTER_SIZE + 1.6, "markeredgewidth": 1.4, "markeredgecolor": VERMILION},
}

LegendGroup = tuple[str, list[Any], list[str]]  # heading, handles, labels


def holder_marker(theatre: Theatre, holder: int, place_known: bool) -> dict[str, Any]:
    """The marker of a holder as keyword arguments of Line2D; hollow where the place of the base is not known."""
    contingents, forces = len(theatre.contingents), len(theatre.host_forces)
    shape, colour = _HOME_SHAPE, _HOME_COLOUR
    if holder < contingents:
        shape, colour = _SHAPES[holder % len(_SHAPES)], COLOURS[holder % len(COLOURS)]
    elif holder < contingents + forces:
        force = holder - contingents
        shape, colour = _HOST_SHAPES[force % len(_HOST_SHAPES)], _HOST_COLOURS[force % len(_HOST_COLOURS)]
    return {
        "marker": shape,
        "markersize": _SIZE + 0.9 * (shape in "*Pdp"),
        "markerfacecolor": tint(colour, 1.0) if place_known else "white",
        "markeredgecolor": shade(colour, 0.6),
        "markeredgewidth": 0.5 if place_known else 0.7,
        "linestyle": "none",
    }


def draw(axes: Axes, positions: Floats, theatre: Theatre, outcomes: BaseOutcomes, after: bool) -> None:
    """Draw the bases on the first day, or on the last day with their outcomes; `positions`: [B, 2] in km."""
    holder = outcomes.last if after else outcomes.first
    closed = (outcomes.standing == CLOSED) & after
    for (holder_id, place_known), mask in _holder_masks(theatre, holder, ~closed):
        axes.plot(*positions[mask].T, zorder=4, **holder_marker(theatre, holder_id, place_known))
    if after:
        for name, mask in _outcome_masks(outcomes):
            axes.plot(*positions[mask].T, zorder=4.5, linestyle="none", markerfacecolor="none", **_OUTCOMES[name])


def legend_groups(theatre: Theatre, outcomes: BaseOutcomes) -> list[LegendGroup]:
    """Legends of the markers that occur: holders first, then outcomes."""
    names, holders = holder_names(theatre), sorted({*outcomes.first.tolist(), *outcomes.last.tolist()})
    handles = [Line2D([], [], **holder_marker(theatre, holder, True)) for holder in holders]
    labels = [names[holder] for holder in holders]
    if not _places_known(theatre).all():
        handles.append(Line2D([], [], **(holder_marker(theatre, 0, False) | {"markeredgecolor": INK})))
        labels.append("hollow: place not known, spread over its zone")
    texts = {
        "handed over": "handed over",
        "closed": "closed",
        "fallen": "fallen, not yet retaken",
        "seldom": f"fell at least once in {_SELDOM:.0%} to {_OFTEN:.0%} of replicates",
        "often": f"fell at least once in {_OFTEN:.0%} of replicates or more",
    }
    occurring = [name for name, mask in _outcome_masks(outcomes) if mask.any()]
    marks = [Line2D([], [], linestyle="none", markerfacecolor="none", **_OUTCOMES[name]) for name in occurring]
    groups: list[LegendGroup] = [("Bases: who holds them", handles, labels)] if holders else []
    if occurring:
        heading = "Bases: what has become of them on the last day, most often over replicates"
        groups.append((heading, marks, [texts[name].replace("%", " %") for name in occurring]))
    return groups


def _outcome_masks(outcomes: BaseOutcomes) -> list[tuple[str, Any]]:
    """Masks of the bases with each outcome [B]."""
    return [
        ("handed over", outcomes.handed_over & (outcomes.standing != CLOSED)),
        ("closed", outcomes.standing == CLOSED),
        ("fallen", outcomes.standing == OVERRUN),
        ("seldom", (outcomes.fell >= _SELDOM) & (outcomes.fell < _OFTEN)),
        ("often", outcomes.fell >= _OFTEN),
    ]


def _places_known(theatre: Theatre) -> Any:
    return np.array([base.placed != "synthetic" for base in theatre.bases.values()], dtype=bool)


def _holder_masks(theatre: Theatre, holder: Any, is_shown: Any) -> Iterator[tuple[tuple[int, bool], Any]]:
    """Masks [B] of the bases of each holder, by whether their place is known."""
    known = _places_known(theatre)
    for holder_id in sorted(set(holder.tolist())):
        for place_known in (False, True):
            yield (holder_id, place_known), (holder == holder_id) & (known == place_known) & is_shown
