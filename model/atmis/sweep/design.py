"""The points of a design over parameters: each a value for every parameter.

A point is used for every scenario, and replicate k of every point and scenario has the same random draws: two runs
differ only by their inputs.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from atmis.kernel.arrays import Floats
from atmis.scenario.sweep import Range, Sweep, Value

LEVELS = 4  # of a Morris design, in each range
STEP = LEVELS / (2 * (LEVELS - 1))  # as share of a range

Point = dict[str, Value]


def points(sweep: Sweep, seed: int) -> list[Point]:
    """The points of a design, in order; `seed` is that of a Latin hypercube, Sobol or Morris design."""
    if sweep.design == "one":
        return [{}]
    if sweep.design == "list":
        return [dict(case) for case in sweep.cases]
    if sweep.design == "zip":
        return [dict(zip(sweep.parameters, row)) for row in zip(*_lists(sweep), strict=True)]
    if sweep.design == "grid":
        return [dict(zip(sweep.parameters, row)) for row in itertools.product(*_lists(sweep))]
    rows = unit(sweep, seed).tolist()
    return [{p: value_at(s, u) for (p, s), u in zip(sweep.parameters.items(), row)} for row in rows]


def unit(sweep: Sweep, seed: int) -> Floats:
    """The points of a sampled design as shares of the ranges, in [0, 1]: [points, parameters]."""
    samplers = {"latin_hypercube": _hypercube, "sobol": _saltelli, "morris": _trajectories}
    return samplers[sweep.design](sweep, seed)


def count(sweep: Sweep) -> int:
    """Number of points, without making them."""
    n, k = sweep.points, len(sweep.parameters)
    sampled = {"latin_hypercube": n, "sobol": n * (k + 2), "morris": n * (k + 1)}
    if sweep.design in sampled:
        return sampled[sweep.design]
    lengths = [_length(values, n) for values in sweep.parameters.values()]
    return {"one": 1, "list": len(sweep.cases), "zip": min(lengths, default=0)}.get(sweep.design) or _product(lengths)


def value_at(spread: Range | list[Value], u: float) -> Value:
    """The value of a parameter at a share u of its range or list, in [0, 1]."""
    if isinstance(spread, list):
        return spread[min(int(u * len(spread)), len(spread) - 1)]
    if spread.is_integer:
        return min(int(spread.low) + int(u * (spread.high - spread.low + 1)), int(spread.high))
    return spread.low + u * (spread.high - spread.low)


def extremes(parameters: Mapping[str, Range | list[Value]]) -> Iterator[tuple[str, Value]]:
    """Values by which a parameter is checked: both ends of its range, or all that are listed."""
    for path, spread in parameters.items():
        for value in spread if isinstance(spread, list) else (spread.low, spread.high):
            yield path, value


def _hypercube(sweep: Sweep, seed: int) -> Floats:
    """A Latin hypercube: [n, k]."""
    from scipy.stats import qmc  # slow to import, and for sampled designs only

    rows: Floats = qmc.LatinHypercube(len(sweep.parameters), rng=seed).random(sweep.points)
    return rows


def _saltelli(sweep: Sweep, seed: int) -> Floats:
    """A, B and, for each parameter, A with that column of B (Saltelli et al. 2010), n rows each: [n (k + 2), k]."""
    from scipy.stats import qmc

    n, k = sweep.points, len(sweep.parameters)
    both = qmc.Sobol(2 * k, rng=seed).random(n)
    a, b = both[:, :k], both[:, k:]
    return np.concatenate([a, b, *(np.where(np.arange(k) == j, b, a) for j in range(k))])


def _trajectories(sweep: Sweep, seed: int) -> Floats:
    """Trajectories on a grid of LEVELS, one parameter changed at each step (Morris 1991), n of them: [n (k + 1), k]."""
    from SALib.sample import morris  # slow to import, and for this design only

    rows: Floats = morris.sample(salib_problem(sweep), sweep.points, num_levels=LEVELS, seed=seed)
    return rows.clip(0.0, 1.0)


def salib_problem(sweep: Sweep) -> dict[str, Any]:
    """The parameters as SALib expects them, each as a share of its range."""
    k = len(sweep.parameters)
    return {"num_vars": k, "names": list(sweep.parameters), "bounds": [[0.0, 1.0]] * k}


def _lists(sweep: Sweep) -> list[list[Value]]:
    """The values of each parameter in a grid or zip."""
    return [_steps(spread, sweep.points) for spread in sweep.parameters.values()]


def _steps(spread: Range | list[Value], number: int) -> list[Value]:
    """Evenly spaced values of a range, both ends included."""
    if isinstance(spread, list):
        return spread
    values = np.linspace(spread.low, spread.high, max(number, 2))
    return list(dict.fromkeys(np.rint(values).astype(int).tolist())) if spread.is_integer else values.tolist()


def _length(spread: Range | list[Value], number: int) -> int:
    return len(_steps(spread, number))


def _product(lengths: list[int]) -> int:
    return int(np.prod(lengths, dtype=object)) if lengths else 1


def as_columns(points: list[Point]) -> dict[str, list[Any]]:
    """Points as columns: a list for each parameter; None where a point does not set it."""
    paths = sorted({path for point in points for path in point})
    return {path: [point.get(path) for point in points] for path in paths}
