"""Scenario discovery: a box of ranges in which bad cases are dense, by the PRIM of the EMA Workbench.

The patient rule induction method peels a twentieth of the cases off one side of one parameter at a time, always where
the remainder becomes densest (Friedman and Fisher 1999; Bryant and Lempert 2010). Of the boxes along this trajectory
that are dense enough, the one with the highest coverage is chosen; limits that chance could have set are dropped.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from atmis.kernel.arrays import Bools, Floats, Ints
from atmis.scenario.errors import InputError

SIGNIFICANT = 0.05  # largest quasi-p of a limit that is kept
Side = str | float | None


class Limit(NamedTuple):
    """Restriction of a box on one parameter: the ends of a range, or the choices that are left."""

    parameter: str
    low: float | None  # None: to the end of the range
    high: float | None
    choices: Sequence[str] | None
    quasi_p: float  # probability that a limit without meaning does as well


class Box(NamedTuple):
    """Limits on parameters, and statistics of the cases inside."""

    limits: Sequence[Limit]
    coverage: float  # share of the bad cases that are inside
    density: float  # share of the cases inside that are bad
    mass: float  # share of all cases that are inside


class Peeling(NamedTuple):
    """Peeling trajectory: coverage, density and number of limits of each box [boxes], and the box chosen."""

    coverage: Floats
    density: Floats
    limits: Ints
    box: Box


def peel(cases: Mapping[str, Sequence[Any]], bad: Bools, density: float) -> Peeling:
    """Find a dense box of bad cases by PRIM.

    Parameters
    ----------
    cases : mapping of str to sequence
        Values of each parameter [cases]: numbers, or choices as text.
    bad : array of bool, [cases]
        Which cases are bad: some, but not all.
    density : float
        Share of bad cases that the box should reach.

    Raises
    ------
    InputError
        When the EMA Workbench is not installed.
    """
    with _ignore_warnings():
        prim_box = _workbench().Prim(_frame(cases), bad.astype(float), threshold=float(bad.mean())).find_box()
        trajectory = prim_box.peeling_trajectory
        coverage, densities = trajectory["coverage"].to_numpy(float), trajectory["density"].to_numpy(float)
        limits = trajectory["res_dim"].to_numpy(int)
        chosen = _drop_insignificant(prim_box, _choose_box(coverage, densities, density))
        return Peeling(coverage, densities, limits, _box(prim_box, chosen))


def inside_box(box: Box, cases: Mapping[str, Sequence[Any]]) -> Bools:
    """Whether each case lies within a box [cases]."""
    inside = np.ones(len(next(iter(cases.values()))), dtype=bool)
    for limit in box.limits:
        values = cases[limit.parameter]
        if limit.choices is not None:
            inside &= np.isin(np.array([str(value) for value in values]), limit.choices)
            continue
        inside &= np.asarray(values) >= (-np.inf if limit.low is None else limit.low)
        inside &= np.asarray(values) <= (np.inf if limit.high is None else limit.high)
    return inside


def _choose_box(coverage: Floats, densities: Floats, density: float) -> int:
    """Number of the box with the highest coverage among those that are dense enough; else of the densest."""
    enough = densities >= density
    return int(np.argmax(np.where(enough, coverage, -1.0))) if enough.any() else int(np.argmax(densities))


def _drop_insignificant(prim_box: Any, number: int) -> int:
    """Drop the limits that chance could have set, the least certain first; returns the number of the box left."""
    while prim_box.qp[number]:
        worst = max(prim_box.qp[number], key=lambda name: _quasi_p(prim_box.qp[number][name]))
        if _quasi_p(prim_box.qp[number][worst]) <= SIGNIFICANT:
            break
        prim_box.drop_restriction(worst, number)
        number = len(prim_box.box_lims) - 1
    return number


def _quasi_p(sides: Sequence[float]) -> float:
    """Quasi-p of a parameter: the lower of its two sides; the workbench writes -1 for a side without a limit."""
    return min((side for side in sides if side >= 0), default=0.0)


def _box(prim_box: Any, number: int) -> Box:
    """A box of the workbench by its number, as a Box."""
    row, lims, whole = prim_box.peeling_trajectory.iloc[number], prim_box.box_lims[number], prim_box.prim.box_init
    limits = [
        _limit(name, lims[name].tolist(), whole[name].tolist(), sides) for name, sides in prim_box.qp[number].items()
    ]
    return Box(limits, float(row["coverage"]), float(row["density"]), float(row["mass"]))


def _limit(name: str, ends: Sequence[Any], whole: Sequence[Any], sides: Sequence[float]) -> Limit:
    if isinstance(ends[0], set):
        return Limit(name, None, None, sorted(str(choice) for choice in ends[0]), _quasi_p(sides))
    low, high = (None if end == free else float(end) for end, free in zip(ends, whole))
    return Limit(name, low, high, None, _quasi_p(sides))


def _frame(cases: Mapping[str, Sequence[Any]]) -> Any:
    """The cases as a data frame for the workbench: numbers as numbers, everything else as text."""
    columns = {}
    for name, values in cases.items():
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        columns[name] = pa.array([float(value) for value in values] if numbers else [str(value) for value in values])
    return pa.table(columns).to_pandas()


def _workbench() -> Any:
    try:
        from ema_workbench.analysis import prim
    except ImportError:
        raise InputError("discover needs the EMA Workbench; install it: pip install 'atmis[discover]'") from None
    return prim


@contextmanager
def _ignore_warnings() -> Iterator[None]:
    """Silence the workbench's warnings about optional packages and deprecated pandas calls."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
