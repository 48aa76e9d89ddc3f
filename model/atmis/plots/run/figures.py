"""All figures of a run; the same run gives the same bytes.

Widths are those of journals: `survival` and `border` fit a column (3.5 inches), the others a full page (7.1 inches).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from atmis.plots.common import documented, style
from atmis.plots.common.documented import Ceiling
from atmis.plots.run import attacks, border, deaths, maps, survival, troops
from atmis.runs.ensemble import Ensemble
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder

__all__ = ["FIGURES", "Ceiling", "draw"]

FIGURES: dict[str, Callable[[Ensemble, Sequence[Ceiling]], list[Figure]]] = {
    "troops": lambda ensemble, ceilings: [troops.figure(ensemble, ceilings)],
    "attacks": lambda ensemble, _: attacks.figures(ensemble),
    "deaths": lambda ensemble, _: [deaths.figure(ensemble)],
    "map": lambda ensemble, _: [maps.figure(ensemble)],
    "survival": lambda ensemble, _: [survival.figure(ensemble)],
    "border": lambda ensemble, _: [border.figure(ensemble)],
}


def draw(ensemble: Ensemble, folder: AnyPath, ceilings: Sequence[Ceiling] | None = None) -> list[Path]:
    """Draw all figures of a run into a folder, each as PNG and SVG.

    Parameters
    ----------
    ensemble
        Replicates of one scenario.
    folder
        Where to save the figures; made if it does not exist.
    ceilings
        Documented ceilings of uniformed personnel; by default those of conf/facts/ledger.yaml.

    Returns
    -------
    list of Path
        The files, in the order of `FIGURES`. Further pages of a figure are numbered from 2 (`attacks_2.png`).
    """
    folder = make_folder(folder)
    documented_ceilings = documented.ceilings() if ceilings is None else ceilings
    paths: list[Path] = []
    with style.settings():
        for name, draw_figures in FIGURES.items():
            for page, figure in enumerate(draw_figures(ensemble, documented_ceilings), start=1):
                paths += style.save(figure, folder / (name if page == 1 else f"{name}_{page}"))
    return paths
