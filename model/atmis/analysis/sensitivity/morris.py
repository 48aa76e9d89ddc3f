"""Screening by elementary effects (Morris 1991): the change of a headline over the whole range of one parameter.

Computed by SALib on means over replicates. Chance makes effects too: `by_chance` gives the mu* that a parameter without
any effect would have.
"""

from typing import NamedTuple

import numpy as np
from SALib.analyze import morris

from atmis.analysis.sensitivity import chance
from atmis.kernel.arrays import Floats
from atmis.scenario.sweep import Sweep
from atmis.sweep import design

LEVEL, RESAMPLES = 0.95, 2000
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
        Seed of the design, and of the bootstrap of the intervals.

    Returns
    -------
    Effects
        Effects of going through the whole range, in the unit of the values.

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
        design.salib_problem(sweep), design.unit(sweep, seed), values.mean(axis=1),
        num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=design.LEVELS, seed=seed,
    )  # fmt: skip
    mu, star, half, sigma = (
        np.asarray(analysis[name], dtype=float) for name in ("mu", "mu_star", "mu_star_conf", "sigma")
    )
    return Effects(mu, star, np.maximum(star - half, 0.0), star + half, sigma)


def by_chance(values: Floats) -> float | None:
    """The mu* that chance alone makes, from values [points, replicates]; None for a single replicate."""
    if values.shape[1] == 1:
        return None
    return float(_MEAN_SIZE * np.sqrt(2 * chance.noise(values) / values.shape[1]) / design.STEP)
