"""The figures of a folder as data URLs: SVG where all are small enough, else the smaller file of each."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from atmis.plots.comparison import figures
from atmis.scenario.errors import InputError

MOST_BYTES = 3_300_000  # of all figures; base64 takes a third more
_KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class InlineFigure:
    """A figure inside the page, with its texts."""

    title: str
    caption: str
    alt: str
    data: str  # a data URL
    is_wide: bool  # the width of a page, not of a column


def listed_figures(folder: Path) -> list[InlineFigure]:
    """The figures listed in `figures/figures.json`, in order; none if they were not drawn. Raises InputError."""
    path = folder / "figures" / figures.FIGURE_LIST
    if not path.exists():
        return []
    try:
        listed_entries = json.loads(path.read_text(encoding="utf-8"))
        entries = [{key: str(entry[key]) for key in ("file", "title", "caption", "alt")} for entry in listed_entries]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path} is damaged: it is not what atmis wrote") from None
    return inline_figures(folder / "figures", entries)


def inline_figures(folder: Path, entries: Iterable[dict[str, str]]) -> list[InlineFigure]:
    """Figures from entries with `file` (a name without suffix), `title`, `caption` and `alt`. Raises InputError."""
    listed = list(entries)
    files = [{kind: _read(folder, entry["file"], kind) for kind in _KINDS} for entry in listed]
    use_svg = sum(len(file["svg"]) for file in files) <= MOST_BYTES
    return [_figure(entry, file, "svg" if use_svg else min(file, key=lambda kind: len(file[kind])))
            for entry, file in zip(listed, files)]  # fmt: skip


def _read(folder: Path, name: str, kind: str) -> bytes:
    path = folder / f"{name}.{kind}"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InputError(f"{folder / figures.FIGURE_LIST} is damaged: a file cannot be called {name[:80]!r}")
    try:
        return path.read_bytes()
    except OSError:
        raise InputError(f"{path} is missing or cannot be read; draw the figures again") from None


def _figure(entry: dict[str, str], file: dict[str, bytes], kind: str) -> InlineFigure:
    data = f"data:{_KINDS[kind]};base64,{b64encode(file[kind]).decode()}"
    return InlineFigure(entry["title"], entry["caption"], entry["alt"], data, _width(file["png"]) > 1000)


def _width(png: bytes) -> int:
    """Width in pixels, from the header of the file."""
    return int.from_bytes(png[16:20], "big")
