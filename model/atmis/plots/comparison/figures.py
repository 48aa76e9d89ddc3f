"""The figures of a comparison, drawn into a folder with what they say in words: the same bytes for the same runs.

One colour for each scenario through all of them, see `looks`. Widths: `change` and `survival` fit a column, the others
a page; `regret` fits a column where worlds are few.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from atmis.analysis.comparison import Difference, Regret, compare
from atmis.analysis.comparison.outputs import Across
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
from atmis.plots.comparison.alternative_text import Told
from atmis.plots.kit import style, words
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group
from atmis.storage.files import put_bytes

EACH = 5  # scenarios at the most that get a fan chart and a map of their own
LIST = "figures.json"
_SIDES: tuple[Group, ...] = ("kenyan_border", "jubaland", "rest")


class Drawn(NamedTuple):
    """A figure, the name of its files, and what it says in words."""

    file: str
    figure: Figure
    told: Told


def draw(
    ensembles: Mapping[str, Ensemble],
    baseline: str,
    folder: Path,
    rows: Sequence[Difference] | None = None,
    regret: Sequence[Regret] = (),
) -> list[Path]:
    """Draw a comparison, each figure as PNG and SVG; returns their paths, and last that of `figures.json`.

    `ensembles`: by the names under which they are shown; `rows`: what `compare` gives, if it is there already;
    `regret`: one figure for each.
    """
    found = compare(ensembles, baseline) if rows is None else rows
    return leave(folder, chain(_figures(ensembles, baseline, found), map(_regret, regret)))


def draw_worlds(across: Across, folder: Path) -> list[Path]:
    """Draw a comparison over many states of the world."""
    return leave(folder, chain(_of_worlds(across), map(_regret, across.regrets)))


def draw_months(ensembles: Mapping[str, Ensemble], baseline: str, folder: Path) -> list[Path]:
    """Attacks by month of each scenario against the baseline, for the Kenyan side, Jubaland and the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    with style.settings():
        made = {f"months_{group}": small_multiples.figure(ensembles, baseline, group=group) for group in _SIDES}
        return [path for name, figure in made.items() for path in style.save(figure, folder / name)]


def leave(folder: Path, figures: Iterable[Drawn]) -> list[Path]:
    """Save figures, and list them in `figures.json` in their order; they are made one by one as they are saved."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    listed = []
    with style.settings():
        for one in figures:
            paths += style.save(one.figure, folder / one.file)
            listed.append({"file": one.file, **one.told._asdict()})
    put_bytes(folder / LIST, (json.dumps(listed, indent=2, ensure_ascii=False) + "\n").encode())
    return [*paths, folder / LIST]


def _regret(matrix: Regret) -> Drawn:
    name = f"regret_{matrix.indicator}_{matrix.group}"
    return Drawn(name, regret.figure(matrix), alternative_text.regret(matrix))


def _figures(ensembles: Mapping[str, Ensemble], baseline: str, rows: Sequence[Difference]) -> Iterator[Drawn]:
    """One after the other; to be gone through within style.settings()."""
    others = [name for name in ensembles if name != baseline]
    holds = words.held(one.scenario for one in ensembles.values())
    yield Drawn("differences", forest.figure(rows, holds=holds), alternative_text.differences(rows, holds))
    few = len(others) <= EACH
    for group in _SIDES[:1] if few else _SIDES:
        told = alternative_text.months(ensembles, baseline, "attacks", group)
        yield Drawn(f"months_{group}", small_multiples.figure(ensembles, baseline, group=group), told)
    yield Drawn("troops", troop_steps.figure(ensembles, baseline), alternative_text.troops(ensembles, baseline))
    made = survival.figure(ensembles) if few else survival.pages(ensembles, baseline)
    yield Drawn("survival", made, alternative_text.survival(ensembles))
    if not few:
        return
    base = (baseline, ensembles[baseline])
    largest = change_map.largest_change(base[1], (ensembles[name] for name in others))
    for name, file in zip(others, files(others), strict=True):
        one = (name, ensembles[name])
        yield Drawn(f"fan_{file}", fan_chart.figure(base, one), alternative_text.fan(base, one, "attacks"))
        yield Drawn(f"change_{file}", change_map.figure(base, one, largest), alternative_text.change(base, one))


def _of_worlds(across: Across) -> Iterator[Drawn]:
    rows, holds = across.differences, forest.WORLDS
    yield Drawn("differences", forest.figure(rows, holds=holds), alternative_text.differences(rows, holds))
    yield Drawn("spread", variance_shares.figure(across.spread), alternative_text.spread(across.spread))


def files(names: Sequence[str]) -> list[str]:
    """A name of a file for each scenario, whatever it is called: letters, digits, _ and - only, none twice."""
    plain = [re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:40] or "_" for name in names]
    return [f"{name}_{k}" if name in plain[:k] else name for k, name in enumerate(plain)]
