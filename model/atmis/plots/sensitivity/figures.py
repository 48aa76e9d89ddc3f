"""The figures of an analysis of sensitivity, drawn into a folder: the same bytes for the same rows."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from atmis.analysis.sensitivity import Analysed, Target
from atmis.plots.kit import style
from atmis.plots.sensitivity import heat_map, screening, tornado

_PICTURES = {"sobol": tornado.figure, "morris": screening.figure}


def draw(made: Sequence[Analysed], folder: Path) -> list[Path]:
    """Draw what drives each difference, and each level where nothing is compared, as PNG and SVG; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with style.settings():
        return [path for name, figure in _figures(made) for path in style.save(figure, folder / name)]


def _figures(made: Sequence[Analysed]) -> Iterator[tuple[str, Figure]]:
    differences = [one for one in made if one.target.what == "difference"]
    for one in differences or made:
        yield f"{one.target.headline}_{one.target.scenario}", _PICTURES[one.rows[0].method](one)
    for (what, scenario), several in _by_scenario(made).items():
        for page, start in enumerate(range(0, len(several), heat_map.MOST), start=1):
            name = f"{what}s_{scenario}" if page == 1 else f"{what}s_{scenario}_{page}"
            yield name, heat_map.figure(several[start : start + heat_map.MOST])


def _by_scenario(made: Sequence[Analysed]) -> dict[tuple[str, str], list[Analysed]]:
    found: dict[tuple[str, str], list[Analysed]] = {}
    for one in made:
        found.setdefault(_kind(one.target), []).append(one)
    return found


def _kind(target: Target) -> tuple[str, str]:
    return target.what, target.scenario
