"""The figures of what was discovered, drawn into a folder: boxes, and the ways that led to them."""

from collections.abc import Sequence
from pathlib import Path

from atmis.analysis.sensitivity import Discovery
from atmis.plots.kit import style
from atmis.plots.sensitivity import boxes, peeling


def draw(made: Sequence[Discovery], folder: Path) -> list[Path]:
    """Draw the box of each discovery and its peeling, as PNG and SVG; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    with style.settings():
        for one in made:
            name = f"{one.rows[0].headline}_{one.rows[0].scenario}"
            paths += style.save(boxes.figure(one), folder / f"box_{name}")
            if one.peeling is not None:
                paths += style.save(peeling.figure(one), folder / f"peeling_{name}")
    return paths
