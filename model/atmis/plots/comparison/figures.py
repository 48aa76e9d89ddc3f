"""All figures of a comparison, with title, caption and alternative text; the same runs give the same bytes.

A scenario has the same colour in all of them, see `scenario_style`. Widths: `change` and `survival` fit a column, the
others a page; `regret` fits a column where worlds are few.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from atmis.analysis.comparison import Difference, Regret, compare
from atmis.analysis.comparison.outputs import WorldsComparison
from atmis.plots.common import style, words
from atmis.plots.comparison import (
    alternative_text,
    change_map,
    fan_chart,
    forest,
    regret,
    small_multiples,
    survival,
    troop_steps,
    variance_shares,
)
from atmis.plots.comparison.alternative_text import FigureText
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group
from atmis.scenario.arguments import AnyPath
from atmis.storage.files import make_folder, write_bytes

MAX_INDIVIDUAL = 5  # most scenarios for which each gets a fan chart and a map of its own
FIGURE_LIST = "figures.json"
_GROUPS: tuple[Group, ...] = ("kenyan_border", "jubaland", "rest")


class NamedFigure(NamedTuple):
    """A figure, the name of its files without suffix, and its text."""

    file: str
    figure: Figure
    text: FigureText


def draw(
    ensembles: Mapping[str, Ensemble],
    baseline: str,
    folder: AnyPath,
    rows: Sequence[Difference] | None = None,
    regret: Sequence[Regret] = (),
) -> list[Path]:
    """Draw all figures of a comparison into a folder, each as PNG and SVG.

    Parameters
    ----------
    ensembles
        Ensembles by the names under which they are shown.
    baseline
        Name of the ensemble that the others are compared with.
    folder
        Where to save the figures; made if it does not exist.
    rows
        The result of `compare`, if it has been computed already.
    regret
        Matrices of regret, one figure for each.

    Returns
    -------
    list of Path
        The files, and last the list of figures, `figures.json`.
    """
    differences = compare(ensembles, baseline) if rows is None else rows
    return save_figures(folder, chain(_figures(ensembles, baseline, differences), map(_regret_figure, regret)))


def draw_worlds(across: WorldsComparison, folder: AnyPath) -> list[Path]:
    """Draw a comparison over many states of the world into a folder; returns the files, last `figures.json`."""
    return save_figures(folder, chain(_world_figures(across), map(_regret_figure, across.regrets)))


def draw_months(ensembles: Mapping[str, Ensemble], baseline: str, folder: AnyPath) -> list[Path]:
    """Draw attacks by month of each scenario against the baseline, for each group of zones; returns the files."""
    folder = make_folder(folder)
    with style.settings():
        figures = {f"months_{group}": small_multiples.figure(ensembles, baseline, group=group) for group in _GROUPS}
        return [path for name, figure in figures.items() for path in style.save(figure, folder / name)]


def save_figures(folder: AnyPath, figures: Iterable[NamedFigure]) -> list[Path]:
    """Save figures one by one as they are made, and list them in order in `figures.json`; returns the files."""
    folder = make_folder(folder)
    paths: list[Path] = []
    entries = []
    with style.settings():
        for named in figures:
            paths += style.save(named.figure, folder / named.file)
            entries.append({"file": named.file, **named.text._asdict()})
    write_bytes(folder / FIGURE_LIST, (json.dumps(entries, indent=2, ensure_ascii=False) + "\n").encode())
    return [*paths, folder / FIGURE_LIST]


def _regret_figure(matrix: Regret) -> NamedFigure:
    name = f"regret_{matrix.indicator}_{matrix.group}"
    return NamedFigure(name, regret.figure(matrix), alternative_text.regret(matrix))


def _figures(ensembles: Mapping[str, Ensemble], baseline: str, rows: Sequence[Difference]) -> Iterator[NamedFigure]:
    """Figures made one by one; to be iterated within `style.settings()`."""
    others = [name for name in ensembles if name != baseline]
    holds = words.uncertainty_included(ensemble.scenario for ensemble in ensembles.values())
    yield NamedFigure("differences", forest.figure(rows, holds=holds), alternative_text.differences(rows, holds))
    is_few = len(others) <= MAX_INDIVIDUAL
    for group in _GROUPS[:1] if is_few else _GROUPS:
        text = alternative_text.months(ensembles, baseline, "attacks", group)
        yield NamedFigure(f"months_{group}", small_multiples.figure(ensembles, baseline, group=group), text)
    yield NamedFigure("troops", troop_steps.figure(ensembles, baseline), alternative_text.troops(ensembles, baseline))
    curves = survival.figure(ensembles) if is_few else survival.pages(ensembles, baseline)
    yield NamedFigure("survival", curves, alternative_text.survival(ensembles))
    if not is_few:
        return
    base = (baseline, ensembles[baseline])
    largest = change_map.largest_change(base[1], (ensembles[name] for name in others))
    for name, file in zip(others, file_names(others), strict=True):
        other = (name, ensembles[name])
        yield NamedFigure(f"fan_{file}", fan_chart.figure(base, other), alternative_text.fan(base, other, "attacks"))
        yield NamedFigure(
            f"change_{file}", change_map.figure(base, other, largest), alternative_text.change(base, other)
        )


def _world_figures(across: WorldsComparison) -> Iterator[NamedFigure]:
    rows, holds = across.differences, forest.WORLDS
    yield NamedFigure("differences", forest.figure(rows, holds=holds), alternative_text.differences(rows, holds))
    yield NamedFigure(
        "spread", variance_shares.figure(across.variance_shares), alternative_text.spread(across.variance_shares)
    )


def file_names(names: Sequence[str]) -> list[str]:
    """A file name for each scenario, whatever it is called: letters, digits, _ and - only, all different."""
    plain = [re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:40] or "_" for name in names]
    return [f"{name}_{k}" if name in plain[:k] else name for k, name in enumerate(plain)]
