"""All figures of a scenario discovery: boxes and their peeling trajectories."""

from collections.abc import Sequence
from pathlib import Path

from atmis.analysis.sensitivity import Discovery
from atmis.plots.common import style
from atmis.plots.sensitivity import boxes, peeling
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder


def draw(discoveries: Sequence[Discovery], folder: AnyPath) -> list[Path]:
    """Draw the box of each discovery and its peeling trajectory, as PNG and SVG; returns the files."""
    folder = make_folder(folder)
    paths: list[Path] = []
    with style.settings():
        for discovery in discoveries:
            name = f"{discovery.rows[0].headline}_{discovery.rows[0].scenario}"
            paths += style.save(boxes.figure(discovery), folder / f"box_{name}")
            if discovery.peeling is not None:
                paths += style.save(peeling.figure(discovery), folder / f"peeling_{name}")
    return paths
