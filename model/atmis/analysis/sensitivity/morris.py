"""Screening by elementary effects (Morris 1991): the change of a headline over the whole range of one parameter.

Computed by SALib on means over replicates. Chance makes effects too: `by_chance` gives the mu* that a parameter without
any effect would have.
"""

from typing import NamedTuple

import numpy as np
from SALib.analyze import morris
from scipy.stats import t as student

from atmis.analysis.sensitivity import chance
from atmis.kernel.arrays import Floats
from atmis.scenario.sweep import Sweep
from atmis.sweep import design

LEVEL = 0.95
LEAST_TRAJECTORIES = 4  # for intervals
_MEAN_SIZE = np.sqrt(2 / np.pi)  # mean size of a normal variable, in standard deviations


class Effects(NamedTuple):
    """Elementary effects of each parameter, in the unit of the headline; all arrays are [parameters]."""

    mu: Floats  # mean effect
    mu_star: Floats  # mean size of effects
    mu_star_low: Floats
    mu_star_high: Floats
    sigma: Floats  # standard deviation of effects: interactions, curvature and chance


def effects(sweep: Sweep, values: Floats, seed: int) -> Effects:
    """Elementary effects at the points of a Morris design.

    Parameters
    ----------
    sweep : Sweep
        The design, of the kind `morris`.
    values : array of float, [trajectories (parameters + 1), replicates]
        A headline, or a paired difference of it, in the order of design.unit.
    seed : int
        Seed of the design.

    Returns
    -------
    Effects
        Effects of going through the whole range, in the unit of the values; intervals are NaN where trajectories are
        too few for them.

    Examples
    --------
    >>> a, b = ({"low": 0.0, "high": high} for high in (10.0, 1.0))
    >>> words = {"name": "t", "assumes": "T.", "scenarios": [], "cases": [], "design": "morris", "points": 4}
    >>> sweep = Sweep.model_validate({**words, "parameters": {"x.a": a, "x.b": b}})
    >>> values = design.unit(sweep, seed=1) @ [3.0, -2.0]
    >>> effects(sweep, values[:, None], seed=1).mu.round(6).tolist()
    [3.0, -2.0]
    """
    analysis = morris.analyze(
        design.salib_problem(sweep), design.unit(sweep, seed), chance.anomalies(values).mean(axis=1),
        num_resamples=2, num_levels=design.LEVELS, seed=seed,
    )  # fmt: skip
    mu, star, sigma = (np.asarray(analysis[name], dtype=float) for name in ("mu", "mu_star", "sigma"))
    half = _half_width(mu, star, sigma, sweep.points)
    return Effects(mu, star, np.maximum(star - half, 0.0), star + half, sigma)


def _half_width(mu: Floats, star: Floats, sigma: Floats, trajectories: int) -> Floats:
    """Half the width of the interval of a mean size, by Student's t: bootstraps of few trajectories are too narrow.

    The variance of the sizes follows from that of the effects, since both have the same squares.
    """
    if trajectories < LEAST_TRAJECTORIES:
        return np.full_like(star, np.nan)
    squares = sigma**2 * (trajectories - 1) / trajectories + mu**2
    variance = np.maximum(squares - star**2, 0.0) / (trajectories - 1)  # of the mean size
    return np.asarray(student.ppf((1 + LEVEL) / 2, trajectories - 1) * np.sqrt(variance), dtype=float)


def by_chance(values: Floats) -> float | None:
    """The mu* that chance alone makes, from values [points, replicates]; None for a single replicate."""
    if values.shape[1] == 1:
        return None
    return float(_MEAN_SIZE * np.sqrt(2 * chance.noise(chance.anomalies(values)) / values.shape[1]) / design.STEP)
