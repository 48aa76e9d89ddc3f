"""All figures of a sensitivity analysis; the same rows give the same bytes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from atmis.analysis.sensitivity import IndexTarget, TargetIndices
from atmis.plots.common import style
from atmis.plots.sensitivity import heat_map, screening, tornado
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder

_FIGURES = {"sobol": tornado.figure, "morris": screening.figure}


def draw(targets: Sequence[TargetIndices], folder: AnyPath) -> list[Path]:
    """Draw the indices of each difference, or of each level if there is none, as PNG and SVG; returns the files."""
    folder = make_folder(folder)
    with style.settings():
        return [path for name, figure in _figures(targets) for path in style.save(figure, folder / name)]


def _figures(targets: Sequence[TargetIndices]) -> Iterator[tuple[str, Figure]]:
    differences = [indices for indices in targets if indices.target.what == "difference"]
    for indices in differences or targets:
        yield f"{indices.target.headline}_{indices.target.scenario}", _FIGURES[indices.rows[0].method](indices)
    for (kind, scenario), group in _by_scenario(targets).items():
        for page, start in enumerate(range(0, len(group), heat_map.MOST_HEADLINES), start=1):
            name = f"{kind}s_{scenario}" if page == 1 else f"{kind}s_{scenario}_{page}"
            yield name, heat_map.figure(group[start : start + heat_map.MOST_HEADLINES])


def _by_scenario(targets: Sequence[TargetIndices]) -> dict[tuple[str, str], list[TargetIndices]]:
    groups: dict[tuple[str, str], list[TargetIndices]] = {}
    for indices in targets:
        groups.setdefault(_group_key(indices.target), []).append(indices)
    return groups


def _group_key(target: IndexTarget) -> tuple[str, str]:
    return target.what, target.scenario
