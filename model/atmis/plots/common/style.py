"""The style of all figures: sizes, colours and text, and how figures are saved.

Matplotlib's settings are global, so figures are made inside `settings()`, which also keeps other threads of atmis out.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from atmis.storage.files import write_bytes

COLUMN_IN, PAGE_IN = 3.5, 7.1  # widths of a column and of a full page, inches
DPI = 200
_FINE_DPI = 1200.0
TITLE_PT, TEXT_PT, SMALL_PT = 9.0, 7.0, 6.0

# Okabe and Ito (2008). Yellow is used for areas only: it is too light for lines.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, LIGHT, INK = "#666666", "#D9D9D9", "#222222"
COLOURS = (BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, YELLOW, GREY)
LINE_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, BLACK)
LINES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (7, 2)), (0, (3, 1, 1, 1, 1, 1)))
HATCHES = ("", "////", "", "....", "", "\\\\\\\\", "", "xxxx")

_SETTINGS = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_PT,
    "text.parse_math": False,  # a name may hold a dollar sign
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT_PT,
    "axes.titlesize": TEXT_PT,
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.formatter.use_locale": False,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3.0,
    "ytick.major.size": 2.5,
    "xtick.major.pad": 2.0,
    "ytick.major.pad": 2.0,
    "lines.linewidth": 1.1,
    "patch.linewidth": 0.5,
    "hatch.linewidth": 0.4,
    "legend.frameon": False,
    "legend.fontsize": SMALL_PT,
    "svg.fonttype": "path",
    "svg.hashsalt": "atmis",
    "figure.dpi": DPI,
}
_lock = threading.RLock()


@contextmanager
def settings() -> Iterator[None]:
    """Apply Matplotlib's defaults and those of atmis, whatever the user's own are; one thread at a time."""
    with _lock, style.context(["default", _SETTINGS]):
        yield


def save(figure: Figure, path: Path) -> list[Path]:
    """Save a figure as PNG and SVG, the same bytes for the same figure; `path` has no suffix.

    Returns the files, each written whole or not at all. Raises InputError when one cannot be written.
    """
    paths = []
    for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": "atmis"})):
        buffer = BytesIO()
        figure.savefig(buffer, format=kind, dpi=DPI, metadata=metadata)
        paths.append(path.parent / f"{path.name}.{kind}")
        write_bytes(paths[-1], buffer.getvalue())
    return paths


def clean(text: str, max_length: int = 30) -> str:
    """A name from a user's file as text that can be drawn.

    It is one line of at most `max_length` characters, without characters that the font lacks and without a leading
    underscore, which would hide it in a legend. Dollar signs and backslashes may stay: `settings` turns mathtext off.
    """
    font = get_font(_font_path(False))
    drawable = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    drawable = " ".join(drawable.split()) or "(no name)"
    drawable = "".join(c if font.get_char_index(ord(c)) else "\N{REPLACEMENT CHARACTER}" for c in drawable)
    if len(drawable) > max_length:
        drawable = drawable[: max_length - 1].rstrip() + "…"
    return "\N{HAIR SPACE}" + drawable if drawable.startswith("_") else drawable


@lru_cache(maxsize=10_000)
def text_width(text: str, points: float = TEXT_PT, bold: bool = False) -> float:
    """Width of a line of text in inches."""
    font = get_font(_font_path(bold))
    font.set_size(points, _FINE_DPI)  # at screen resolution the widths of letters are rounded to whole pixels
    font.set_text(text)
    return float(font.get_width_height()[0]) / 64.0 / _FINE_DPI


def wrap(text: str, width: float, points: float = TEXT_PT, bold: bool = False) -> list[str]:
    """A text wrapped to a width in inches; longer words are cut."""
    lines, line = [], ""
    for word in text.split():
        while text_width(word, points, bold) > width and len(word) > 2:
            word = word[:-2].rstrip("…") + "…"
        candidate = f"{line} {word}".strip()
        if line and text_width(candidate, points, bold) > width:
            lines.append(line)
            candidate = word
        line = candidate
    return [*lines, line]


def truncate(text: str, width: float, points: float = TEXT_PT) -> str:
    """A text shortened to a width in inches where it is longer."""
    shortened = text
    while text_width(shortened, points) > width and len(shortened) > 2:
        shortened = shortened[:-2].rstrip() + "…"
    return shortened


def tint(colour: str, share: float) -> tuple[float, float, float]:
    """A colour mixed with white: share 1 is the colour itself, 0 is white."""
    red, green, blue = (int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5))
    return tuple(1.0 - share * (1.0 - part) for part in (red, green, blue))  # type: ignore[return-value]


def shade(colour: str, share: float = 0.8) -> tuple[float, float, float]:
    """A colour mixed with black: share 1 is the colour itself, 0 is black."""
    return tuple(share * part for part in tint(colour, 1.0))  # type: ignore[return-value]


def _font_path(bold: bool) -> str:
    return findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
