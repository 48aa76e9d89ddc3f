"""The signs of bases on the maps: a colour and a shape for each holder, a sign around it for what became of it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from atmis.kernel.arrays import Floats
from atmis.kernel.state import CLOSED, OVERRUN
from atmis.plots.kit.groups import holder_names
from atmis.plots.kit.style import BLACK, COLOURS, GREY, INK, VERMILION, YELLOW, shade, tint
from atmis.plots.run.fates import Fates
from atmis.scenario.ground import Theatre

_SHAPES = ("o", "v", "<", "D", "s", "^", "p", ">", "8")  # of contingents
_HOST_SHAPES = ("P", "*", "h", "X")
_HOST_COLOURS = (BLACK, YELLOW, GREY, "#8C6D31")
_HOME_SHAPE, _HOME_COLOUR = "d", "#7A3100"
_SIZE, _AROUND = 3.4, 6.0  # points
_SELDOM, _OFTEN = 0.10, 0.25  # shares of replicates
_FATES: dict[str, dict[str, Any]] = {
    "handed over": {"marker": "s", "markersize": _AROUND, "markeredgewidth": 0.7, "markeredgecolor": BLACK},
    "closed": {"marker": "x", "markersize": _SIZE, "markeredgewidth": 0.9, "markeredgecolor": BLACK},
    "fallen": {"marker": "x", "markersize": _AROUND, "markeredgewidth": 1.1, "markeredgecolor": VERMILION},
    "seldom": {"marker": "o", "markersize": _AROUND + 1.6, "markeredgewidth": 0.6, "markeredgecolor": VERMILION},
    "often": {"marker": "o", "markersize": _AROUND + 1.6, "markeredgewidth": 1.4, "markeredgecolor": VERMILION},
}

Key = tuple[str, list[Any], list[str]]  # heading, handles, labels


def sign(theatre: Theatre, holder: int, placed: bool) -> dict[str, Any]:
    """Shape and colour of a holder; hollow where the place of the base is not known."""
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
        "markerfacecolor": tint(colour, 1.0) if placed else "white",
        "markeredgecolor": shade(colour, 0.6),
        "markeredgewidth": 0.5 if placed else 0.7,
        "linestyle": "none",
    }


def draw(axes: Axes, at: Floats, theatre: Theatre, fates: Fates, after: bool) -> None:
    """The bases on the first day, or on the last with what became of them."""
    holder = fates.last if after else fates.first
    gone = (fates.standing == CLOSED) & after
    for (number, placed), mine in _kinds(theatre, holder, ~gone):
        axes.plot(*at[mine].T, zorder=4, **sign(theatre, number, placed))
    if after:
        for name, mine in _marked(fates):
            axes.plot(*at[mine].T, zorder=4.5, linestyle="none", markerfacecolor="none", **_FATES[name])


def keys(theatre: Theatre, fates: Fates) -> list[Key]:
    """What the signs stand for: holders, then fates, as far as they occur."""
    names, holders = holder_names(theatre), sorted({*fates.first.tolist(), *fates.last.tolist()})
    handles = [Line2D([], [], **sign(theatre, holder, True)) for holder in holders]
    labels = [names[holder] for holder in holders]
    if not _placed(theatre).all():
        handles.append(Line2D([], [], **(sign(theatre, 0, False) | {"markeredgecolor": INK})))
        labels.append("hollow: place not known, spread over its zone")
    words = {
        "handed over": "handed over",
        "closed": "closed",
        "fallen": "fallen, not yet retaken",
        "seldom": f"fell at least once in {_SELDOM:.0%} to {_OFTEN:.0%} of replicates",
        "often": f"fell at least once in {_OFTEN:.0%} of replicates or more",
    }
    seen = [name for name, mine in _marked(fates) if mine.any()]
    marks = [Line2D([], [], linestyle="none", markerfacecolor="none", **_FATES[name]) for name in seen]
    found: list[Key] = [("Bases: who holds them", handles, labels)] if holders else []
    if seen:
        what = "Bases: what has become of them on the last day, most often over replicates"
        found.append((what, marks, [words[name].replace("%", " %") for name in seen]))
    return found


def _marked(fates: Fates) -> list[tuple[str, Any]]:
    """Which bases have which mark."""
    return [
        ("handed over", fates.handed & (fates.standing != CLOSED)),
        ("closed", fates.standing == CLOSED),
        ("fallen", fates.standing == OVERRUN),
        ("seldom", (fates.fell >= _SELDOM) & (fates.fell < _OFTEN)),
        ("often", fates.fell >= _OFTEN),
    ]


def _placed(theatre: Theatre) -> Any:
    return np.array([base.placed != "synthetic" for base in theatre.bases.values()], dtype=bool)


def _kinds(theatre: Theatre, holder: Any, there: Any) -> Iterator[tuple[tuple[int, bool], Any]]:
    """Holders and whether the place is known, with the bases of each kind."""
    known = _placed(theatre)
    for number in sorted(set(holder.tolist())):
        for placed in (False, True):
            yield (number, placed), (holder == number) & (known == placed) & there
