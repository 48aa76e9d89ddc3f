"""The figures of a comparison, drawn into a folder: the same bytes for the same runs.

One colour for each scenario through all of them, see `looks`. Widths: `change` and `survival` fit a column, the others
a page; `regret` fits a column where worlds are few.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from atmis.comparison import Difference, Regret, compare
from atmis.ensemble import Ensemble
from atmis.plots import changes, fans, forest, multiples, regrets, style, survivals
from atmis.summary import Group

EACH = 5  # scenarios at the most that get a fan chart and a map of their own


def draw(
    ensembles: Mapping[str, Ensemble],
    baseline: str,
    folder: Path,
    rows: Sequence[Difference] | None = None,
    regret: Sequence[Regret] = (),
) -> list[Path]:
    """Draw a comparison, each figure as PNG and SVG; returns their paths.

    `ensembles`: by the names under which they are shown; `rows`: what `compare` gives, if it is there already;
    `regret`: one figure for each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = compare(ensembles, baseline) if rows is None else rows
    paths: list[Path] = []
    with style.settings():
        for name, figure in _figures(ensembles, baseline, found):
            paths += style.save(figure, folder / name)
        for matrix in regret:
            paths += style.save(regrets.figure(matrix), folder / f"regret_{matrix.indicator}_{matrix.group}")
    return paths


def draw_months(ensembles: Mapping[str, Ensemble], baseline: str, folder: Path) -> list[Path]:
    """Attacks by month of each scenario against the baseline, for the Kenyan side, Jubaland and the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    groups: tuple[Group, ...] = ("kenyan_border", "jubaland", "rest")
    with style.settings():
        made = {f"months_{group}": multiples.figure(ensembles, baseline, group=group) for group in groups}
        return [path for name, figure in made.items() for path in style.save(figure, folder / name)]


def _figures(
    ensembles: Mapping[str, Ensemble], baseline: str, rows: Sequence[Difference]
) -> Iterator[tuple[str, Figure]]:
    """Names of files and figures, one after the other."""
    others = [name for name in ensembles if name != baseline]
    yield "differences", forest.figure(rows)
    yield "months", multiples.figure(ensembles, baseline)
    yield "survival", survivals.figure(ensembles)
    if len(others) > EACH:
        return
    base = (baseline, ensembles[baseline])
    largest = changes.largest_change(base[1], (ensembles[name] for name in others))
    for name, file in zip(others, files(others), strict=True):
        yield f"fan_{file}", fans.figure(base, (name, ensembles[name]))
        yield f"change_{file}", changes.figure(base, (name, ensembles[name]), largest)


def files(names: Sequence[str]) -> list[str]:
    """A name of a file for each scenario, whatever it is called: letters, digits, _ and - only, none twice."""
    plain = [re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:40] or "_" for name in names]
    return [f"{name}_{k}" if name in plain[:k] else name for k, name in enumerate(plain)]
