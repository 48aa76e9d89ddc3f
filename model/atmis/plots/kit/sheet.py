"""A figure with its title above and its notes below, laid out in inches, so that nothing overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from atmis.plots.kit.style import GREY, SMALL_PT, TEXT_PT, TITLE_PT, clean, text_width, wrap
from atmis.runs.ensemble import Ensemble

EDGE = 0.08  # white edge, inches
LEADING = 1.3  # line spacing
_SWATCH = 0.42  # width of a legend's swatch with its gaps, inches


@dataclass(frozen=True)
class Sheet:
    """A figure and the part of it, below the title and above the notes, in which to place axes."""

    figure: Figure
    width: float
    height: float
    top: float  # inches from the figure's top to that part
    whole: float  # height of the figure

    def axes(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Axes at a place in inches from the left and the top of the sheet."""
        bottom = self.whole - self.top - top - height
        box = (left / self.width, bottom / self.whole, width / self.width, height / self.whole)
        return self.figure.add_axes(box, **options)

    def share(self, top: float) -> float:
        """A height in inches from the top of the sheet as a share of the figure from below."""
        return (self.whole - self.top - top) / self.whole

    def text(self, left: float, top: float, text: str, **options: Any) -> None:
        """A line of text whose upper left corner is at a place in inches."""
        options = {"fontsize": SMALL_PT, "va": "top", "ha": "left", **options}
        self.figure.text(left / self.width, self.share(top), text, **options)

    def legend(self, handles: Sequence[Any], labels: Sequence[str], top: float, left: float = EDGE) -> None:
        """A legend in as many columns as fit the width, at a height in inches from the top."""
        at = (left / self.width, self.share(top))
        columns = legend_columns(labels, self.width - left)
        self.figure.legend(
            list(handles), list(labels), loc="upper left", bbox_to_anchor=at, ncols=columns, fontsize=SMALL_PT,
            borderpad=0.0, borderaxespad=0.0, columnspacing=1.2, handlelength=2.2, handletextpad=0.5, labelspacing=0.45,
        )  # fmt: skip


def legend_columns(labels: Sequence[str], width: float) -> int:
    """Columns of a legend that fit a width in inches."""
    widest = max(text_width(label, SMALL_PT) for label in labels) + _SWATCH
    return max(1, min(len(labels), int((width - EDGE) / widest)))


def legend_height(labels: Sequence[str], width: float) -> float:
    """Height of a legend, inches."""
    rows = -(-len(labels) // legend_columns(labels, width))
    return rows * line_height(SMALL_PT) * 1.12


def line_height(points: float) -> float:
    """Height of a line of text, inches."""
    return points * LEADING / 72.0


def sheet(size: tuple[float, float], title: str, subtitle: str, notes: Sequence[str] = ()) -> Sheet:
    """An empty sheet. `size`: width of the figure and height of the part for axes, inches."""
    width, height = size
    inner = width - 2 * EDGE
    head = [(line, TITLE_PT, "bold", "black") for line in wrap(title, inner, TITLE_PT, bold=True)]
    head += [(line, TEXT_PT, "normal", GREY) for line in wrap(subtitle, inner, TEXT_PT)]
    foot = [line for note in notes for line in wrap(note, inner, SMALL_PT)]
    top = EDGE + sum(line_height(points) for _, points, _, _ in head) + 0.06
    bottom = EDGE + len(foot) * line_height(SMALL_PT)
    whole = top + height + bottom
    figure = Figure(figsize=(width, whole))
    FigureCanvasAgg(figure)
    at = whole - EDGE
    for line, points, weight, colour in head:
        place = (EDGE / width, at / whole)
        figure.text(*place, line, fontsize=points, fontweight=weight, color=colour, va="top", ha="left")
        at -= line_height(points)
    at = bottom - 0.02
    for line in foot:
        figure.text(EDGE / width, at / whole, line, fontsize=SMALL_PT, color=GREY, va="top", ha="left")
        at -= line_height(SMALL_PT)
    return Sheet(figure, width, height, top, whole)


def message(width: float, title: str, subtitle: str, text: str) -> Sheet:
    """A sheet that says why there is nothing to show."""
    lines = wrap(text, width - 0.6, TEXT_PT)
    made = sheet((width, 0.5 + len(lines) * line_height(TEXT_PT)), title, subtitle)
    for k, line in enumerate(lines):
        made.text(0.3, 0.2 + k * line_height(TEXT_PT), line, fontsize=TEXT_PT)
    return made


def about(ensemble: Ensemble, *more: str) -> str:
    """What a figure shows, for its subtitle: scenario, replicates, seed."""
    count = ensemble.replicates
    runs = "one run" if count == 1 else f"{count:,} replicates"
    scenario = ensemble.scenario.scenario.name
    return " · ".join([f"Scenario {clean(scenario, 60)}", f"{runs}, seed {ensemble.seed}", *more])
