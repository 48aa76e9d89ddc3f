"""The style of each scenario: the same colour, dash and marker in every figure, whatever it is shown with."""

from typing import NamedTuple

from atmis.kernel.theatre import stable_key
from atmis.plots.common.style import LINES


class ScenarioStyle(NamedTuple):
    """Colour, line style and marker of a scenario."""

    colour: str
    dash: object
    marker: str


# The scenarios that come with atmis, those most often compared first: any five of these can be told apart by colour
# also by the colour-blind. All have a contrast with white of 3 or more. Other scenarios get a style by their name.
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


def scenario_style(name: str) -> ScenarioStyle:
    """The style of a scenario by the name under which it is shown."""
    names, colours = list(_COLOURS), list(_COLOURS.values())
    other_styles = (len(colours) - 1) * len(LINES)  # the grey of `planned` is not used twice
    index = names.index(name) if name in _COLOURS else 1 + stable_key(name) % other_styles
    colour = colours[index] if name in _COLOURS else colours[1 + index % (len(colours) - 1)]
    return ScenarioStyle(colour, LINES[index % len(LINES)], _MARKERS[index % len(_MARKERS)])


def scenario_colour(name: str) -> str:
    """The colour of a scenario by the name under which it is shown."""
    return scenario_style(name).colour
