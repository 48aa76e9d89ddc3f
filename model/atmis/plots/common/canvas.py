"""A figure with its title above and its notes below, laid out in inches so that nothing overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from atmis.plots.common.style import GREY, SMALL_PT, TEXT_PT, TITLE_PT, clean, text_width, wrap
from atmis.runs.ensemble import Ensemble

MARGIN = 0.08  # inches
LEADING = 1.3  # line spacing
_SWATCH = 0.42  # width of a legend's swatch with its gaps, inches


@dataclass(frozen=True)
class Canvas:
    """A figure and the area between its title and its notes, in which axes are placed; all lengths in inches."""

    figure: Figure
    width: float
    height: float
    top: float  # from the top of the figure to that area
    full_height: float  # of the figure

    def axes(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Add axes at a position in inches from the left and the top of the canvas."""
        bottom = self.full_height - self.top - top - height
        box = (left / self.width, bottom / self.full_height, width / self.width, height / self.full_height)
        return self.figure.add_axes(box, **options)

    def y_fraction(self, top: float) -> float:
        """A distance in inches from the top of the canvas as a figure fraction, which counts from below."""
        return (self.full_height - self.top - top) / self.full_height

    def text(self, left: float, top: float, text: str, **options: Any) -> None:
        """Add a line of text whose upper left corner is at a position in inches."""
        options = {"fontsize": SMALL_PT, "va": "top", "ha": "left", **options}
        self.figure.text(left / self.width, self.y_fraction(top), text, **options)

    def legend(self, handles: Sequence[Any], labels: Sequence[str], top: float, left: float = MARGIN) -> None:
        """Add a legend in as many columns as fit the width, at a distance in inches from the top."""
        anchor = (left / self.width, self.y_fraction(top))
        columns = legend_columns(labels, self.width - left)
        self.figure.legend(
            list(handles), list(labels), loc="upper left", bbox_to_anchor=anchor, ncols=columns, fontsize=SMALL_PT,
            borderpad=0.0, borderaxespad=0.0, columnspacing=1.2, handlelength=2.2, handletextpad=0.5, labelspacing=0.45,
        )  # fmt: skip


def legend_columns(labels: Sequence[str], width: float) -> int:
    """Number of legend columns that fit a width in inches."""
    widest = max(text_width(label, SMALL_PT) for label in labels) + _SWATCH
    return max(1, min(len(labels), int((width - MARGIN) / widest)))


def legend_height(labels: Sequence[str], width: float) -> float:
    """Height of a legend in inches."""
    rows = -(-len(labels) // legend_columns(labels, width))
    return rows * line_height(SMALL_PT) * 1.12


def line_height(size_pt: float) -> float:
    """Height of a line of text in inches."""
    return size_pt * LEADING / 72.0


def new_canvas(size: tuple[float, float], title: str, subtitle: str, notes: Sequence[str] = ()) -> Canvas:
    """An empty canvas. `size`: width of the figure and height of the area for axes, inches."""
    width, height = size
    inner = width - 2 * MARGIN
    header = [(line, TITLE_PT, "bold", "black") for line in wrap(title, inner, TITLE_PT, bold=True)]
    header += [(line, TEXT_PT, "normal", GREY) for line in wrap(subtitle, inner, TEXT_PT)]
    footer = [line for note in notes for line in wrap(note, inner, SMALL_PT)]
    top = MARGIN + sum(line_height(size_pt) for _, size_pt, _, _ in header) + 0.06
    bottom = MARGIN + len(footer) * line_height(SMALL_PT)
    full_height = top + height + bottom
    figure = Figure(figsize=(width, full_height))
    FigureCanvasAgg(figure)
    y = full_height - MARGIN
    for line, size_pt, weight, colour in header:
        position = (MARGIN / width, y / full_height)
        figure.text(*position, line, fontsize=size_pt, fontweight=weight, color=colour, va="top", ha="left")
        y -= line_height(size_pt)
    y = bottom - 0.02
    for line in footer:
        figure.text(MARGIN / width, y / full_height, line, fontsize=SMALL_PT, color=GREY, va="top", ha="left")
        y -= line_height(SMALL_PT)
    return Canvas(figure, width, height, top, full_height)


def placeholder(width: float, title: str, subtitle: str, text: str) -> Canvas:
    """A canvas that says in a sentence why there is nothing to show."""
    lines = wrap(text, width - 0.6, TEXT_PT)
    canvas = new_canvas((width, 0.5 + len(lines) * line_height(TEXT_PT)), title, subtitle)
    for k, line in enumerate(lines):
        canvas.text(0.3, 0.2 + k * line_height(TEXT_PT), line, fontsize=TEXT_PT)
    return canvas


def run_subtitle(ensemble: Ensemble, *more: str) -> str:
    """Subtitle of a figure of one run: scenario, replicates, seed, and whatever else is passed."""
    count = ensemble.replicates
    runs = "one run" if count == 1 else f"{count:,} replicates"
    scenario = ensemble.scenario.scenario.name
    return " · ".join([f"Scenario {clean(scenario, 60)}", f"{runs}, seed {ensemble.seed}", *more])
