"""The figures of a folder as data inside the page: sharp ones where they are small, else the smaller file of each."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from atmis.plots.comparison import figures
from atmis.scenario.errors import InputError

MOST_BYTES = 3_300_000  # of all figures; as text in the page they take a third more
_KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class Figure:
    """A figure with what it says in words."""

    title: str
    caption: str
    alt: str
    data: str  # as an address that holds the file itself
    is_wide: bool  # as a page, not as a column


def listed(folder: Path) -> list[Figure]:
    """The figures that `figures/figures.json` lists, in its order; none when they were not drawn. Raises InputError."""
    path = folder / "figures" / figures.LIST
    if not path.exists():
        return []
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        entries = [{key: str(one[key]) for key in ("file", "title", "caption", "alt")} for one in told]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path} is damaged: it is not what atmis wrote") from None
    return inlined(folder / "figures", entries)


def inlined(folder: Path, entries: Iterable[dict[str, str]]) -> list[Figure]:
    """Figures by `file` (their name without suffix), `title`, `caption` and `alt`. Raises InputError."""
    kept = list(entries)
    files = [{kind: _read(folder, one["file"], kind) for kind in _KINDS} for one in kept]
    sharp = sum(len(file["svg"]) for file in files) <= MOST_BYTES
    return [_figure(one, file, "svg" if sharp else min(file, key=lambda kind: len(file[kind])))
            for one, file in zip(kept, files)]  # fmt: skip


def _read(folder: Path, name: str, kind: str) -> bytes:
    path = folder / f"{name}.{kind}"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InputError(f"{folder / figures.LIST} is damaged: a file cannot be called {name[:80]!r}")
    try:
        return path.read_bytes()
    except OSError:
        raise InputError(f"{path} is missing or cannot be read; draw the figures again") from None


def _figure(told: dict[str, str], file: dict[str, bytes], kind: str) -> Figure:
    data = f"data:{_KINDS[kind]};base64,{b64encode(file[kind]).decode()}"
    return Figure(told["title"], told["caption"], told["alt"], data, _width(file["png"]) > 1000)


def _width(png: bytes) -> int:
    """Pixels across, from the head of the file."""
    return int.from_bytes(png[16:20], "big")
