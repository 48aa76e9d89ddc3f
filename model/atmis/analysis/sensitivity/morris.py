"""Screening by elementary effects: what a headline gains when one parameter goes through its whole range (Morris 1991).

By SALib, on means over replicates. Luck makes effects too: `by_chance` says how large the mean size of effects of a
parameter that does nothing would be.
"""

from typing import NamedTuple

import numpy as np
from SALib.analyze import morris

from atmis.analysis.sensitivity import chance
from atmis.kernel.arrays import Floats
from atmis.scenario.sweep import Sweep
from atmis.sweep import design

LEVEL, RESAMPLES = 0.95, 2000
_MEAN_SIZE = np.sqrt(2 / np.pi)  # of a normal number, in standard deviations


class Effects(NamedTuple):
    """Effects of each parameter, in the unit of the headline, all arrays [parameters]."""

    mu: Floats  # mean effect
    mu_star: Floats  # mean size of effects
    mu_star_low: Floats
    mu_star_high: Floats
    sigma: Floats  # standard deviation of effects: interactions, bends and luck


def effects(sweep: Sweep, values: Floats, seed: int) -> Effects:
    """Effects from values [trajectories (parameters + 1), replicates] in the order of design.unit."""
    found = morris.analyze(
        design.salib_problem(sweep), design.unit(sweep, seed), values.mean(axis=1),
        num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=design.LEVELS, seed=seed,
    )  # fmt: skip
    mu, star, half, sigma = (
        np.asarray(found[name], dtype=float) for name in ("mu", "mu_star", "mu_star_conf", "sigma")
    )
    return Effects(mu, star, np.maximum(star - half, 0.0), star + half, sigma)


def by_chance(values: Floats) -> float | None:
    """Mean size of effects that luck alone makes; None for a single replicate."""
    if values.shape[1] == 1:
        return None
    return float(_MEAN_SIZE * np.sqrt(2 * chance.noise(values) / values.shape[1]) / design.STEP)
