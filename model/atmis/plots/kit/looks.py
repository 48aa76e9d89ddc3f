"""How a scenario looks: the same colour, dash and sign in every figure, whichever others stand beside it."""

from typing import NamedTuple

from atmis.kernel.theatre import stable_key
from atmis.plots.kit.style import LINES


class Look(NamedTuple):
    """Colour, dash and sign of a scenario."""

    colour: str
    dash: object
    marker: str


# The scenarios that come with atmis, those most often compared first: of these any five differ in colour also for the
# colour-blind. All have a contrast to white of 3 or more. Others take a look by their name.
_COLOURS = {
    "planned": "#555555",
    "pause_90_days": "#D55E00",
    "extended": "#0072B2",
    "no_withdrawal": "#009E73",
    "actual": "#4B1D6B",
    "accelerated": "#B88600",
    "conditions_based": "#1E93C8",
    "cliff_edge": "#8C510A",
    "aussom": "#C7408F",
    "no_pause": "#6E7FBF",
    "full_border_redeployment": "#1B3A8A",
    "border_reopens": "#4D7A00",
    "haiti_surge": "#E0567A",
    "no_us_support": "#9E1B32",
    "offensive_in_jubaland": "#00797F",
    "ras_kamboni_split": "#A07C45",
    "strong_host_force": "#2F6B2F",
    "weak_host_force": "#A36BD1",
}
_MARKERS = ("o", "s", "D", "^", "v", "P", "X")


def look(name: str) -> Look:
    """The look of a scenario by the name under which it is shown."""
    names, colours = list(_COLOURS), list(_COLOURS.values())
    others = (len(colours) - 1) * len(LINES)  # the grey of `planned` is not given twice
    place = names.index(name) if name in _COLOURS else 1 + stable_key(name) % others
    hue = colours[place] if name in _COLOURS else colours[1 + place % (len(colours) - 1)]
    return Look(hue, LINES[place % len(LINES)], _MARKERS[place % len(_MARKERS)])


def colour(name: str) -> str:
    """The colour of a scenario by the name under which it is shown."""
    return look(name).colour
