"""How zones are shaded on the page: by which quantity, in which classes and colours."""

from typing import NamedTuple


class Shade(NamedTuple):
    """A quantity to shade zones by."""

    name: str
    label: str
    unit: str
    bounds: tuple[float, ...]  # between classes
    colours: tuple[str, ...]  # one more than bounds
    days: int = 0  # that it is summed over; 0: not summed
    scale: float = 1.0  # factor for the values of a course


# Sequential ramps of ColorBrewer, light enough for symbols and text on top; safe for colour-blind readers.
SHADES = (
    Shade(
        "attacks", "Attacks in 30 days", "attacks in the last 30 days", (1, 3, 6, 12, 24),
        ("#ffffff", "#fff3d9", "#fee3b5", "#fdc98a", "#fba962", "#f4874b"), days=30,
    ),
    Shade(
        "control", "Control", "% control by government", (20, 40, 60, 80),
        ("#ffffff", "#e3edf7", "#c4dbee", "#9cc4e2", "#71a9d3"), scale=0.1,
    ),
    Shade(
        "troops", "Presence", "effective troops of all holders", (250, 500, 1000, 2000, 4000),
        ("#ffffff", "#eaf5e6", "#d1ecca", "#aedea6", "#84ca80", "#59b264"),
    ),
)  # fmt: skip
