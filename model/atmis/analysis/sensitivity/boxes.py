"""A box of ranges in which bad cases are dense, by the patient rule induction method of the EMA Workbench.

PRIM peels a twentieth of the cases off one side of one parameter at a time, always where what is left gets densest
(Friedman and Fisher 1999; Bryant and Lempert 2010). Of all boxes along the way the one that holds most bad cases is
taken among those that are dense enough; limits that chance could have set are dropped from it.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from atmis.kernel.arrays import Bools, Floats, Ints
from atmis.scenario.errors import InputError

SIGNIFICANT = 0.05  # quasi-p of a limit that stays
Side = str | float | None


class Limit(NamedTuple):
    """What a box says of one parameter: ends of a range, or the choices that are left."""

    parameter: str
    low: float | None  # None: to the end of the range
    high: float | None
    choices: Sequence[str] | None
    quasi_p: float  # how likely it is that a limit that means nothing does as well


class Box(NamedTuple):
    """Limits and what lies within them."""

    limits: Sequence[Limit]
    coverage: float  # share of the bad cases that are inside
    density: float  # share of the cases inside that are bad
    mass: float  # share of all cases that are inside


class Peeling(NamedTuple):
    """The boxes along the way, by coverage, density and number of limits, and the one that was taken."""

    coverage: Floats
    density: Floats
    limits: Ints
    box: Box


def peel(cases: Mapping[str, Sequence[Any]], bad: Bools, density: float) -> Peeling:
    """Find the box. `cases`: values of each parameter; `bad`: which cases are, some and not all; `density`: wanted.

    Raises InputError when the EMA Workbench is not installed.
    """
    with _quietly():
        found = _workbench().Prim(_frame(cases), bad.astype(float), threshold=float(bad.mean())).find_box()
        way = found.peeling_trajectory
        coverage, dense = way["coverage"].to_numpy(float), way["density"].to_numpy(float)
        taken = _taken(coverage, dense, density)
        limits = way["res_dim"].to_numpy(int)
        taken = _without_luck(found, taken)
        return Peeling(coverage, dense, limits, _box(found, taken))


def holds(box: Box, cases: Mapping[str, Sequence[Any]]) -> Bools:
    """Which cases lie within a box."""
    inside = np.ones(len(next(iter(cases.values()))), dtype=bool)
    for limit in box.limits:
        values = cases[limit.parameter]
        if limit.choices is not None:
            inside &= np.isin(np.array([str(one) for one in values]), limit.choices)
            continue
        inside &= np.asarray(values) >= (-np.inf if limit.low is None else limit.low)
        inside &= np.asarray(values) <= (np.inf if limit.high is None else limit.high)
    return inside


def _taken(coverage: Floats, dense: Floats, wanted: float) -> int:
    """Among boxes that are dense enough that with most coverage; else the densest."""
    enough = dense >= wanted
    return int(np.argmax(np.where(enough, coverage, -1.0))) if enough.any() else int(np.argmax(dense))


def _without_luck(found: Any, taken: int) -> int:
    """Drop the limits that chance could have set, the least certain first; returns the number of the box."""
    while found.qp[taken]:
        worst = max(found.qp[taken], key=lambda name: _certain(found.qp[taken][name]))
        if _certain(found.qp[taken][worst]) <= SIGNIFICANT:
            break
        found.drop_restriction(worst, taken)
        taken = len(found.box_lims) - 1
    return taken


def _certain(sides: Sequence[float]) -> float:
    """The quasi-p of a parameter: the better of its two sides; the workbench writes -1 for a side without a limit."""
    return min((side for side in sides if side >= 0), default=0.0)


def _box(found: Any, number: int) -> Box:
    row, lims, whole = found.peeling_trajectory.iloc[number], found.box_lims[number], found.prim.box_init
    limits = [
        _limit(name, lims[name].tolist(), whole[name].tolist(), sides) for name, sides in found.qp[number].items()
    ]
    return Box(limits, float(row["coverage"]), float(row["density"]), float(row["mass"]))


def _limit(name: str, ends: Sequence[Any], whole: Sequence[Any], sides: Sequence[float]) -> Limit:
    if isinstance(ends[0], set):
        return Limit(name, None, None, sorted(str(one) for one in ends[0]), _certain(sides))
    low, high = (None if end == free else float(end) for end, free in zip(ends, whole))
    return Limit(name, low, high, None, _certain(sides))


def _frame(cases: Mapping[str, Sequence[Any]]) -> Any:
    """The cases as the workbench takes them: numbers as numbers, all else as text."""
    columns = {}
    for name, values in cases.items():
        numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
        columns[name] = pa.array([float(one) for one in values] if numbers else [str(one) for one in values])
    return pa.table(columns).to_pandas()


def _workbench() -> Any:
    try:
        from ema_workbench.analysis import prim
    except ImportError:
        raise InputError("discover needs the EMA Workbench; install it: pip install 'atmis[discover]'") from None
    return prim


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the workbench's warnings: of optional packages, and of ways of pandas that are on their way out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
