"""Approximate Bayesian computation: which parameters give runs whose patterns resemble those of a record of events.

Waves of runs over priors that are truncated from wave to wave (`priors`), then the nearest runs of the last wave,
adjusted by regression (`regression_abc`).
"""

from atmis.analysis.calibration.priors import UniformPrior, latin_hypercube, truncate
from atmis.analysis.calibration.projection import Projection, project
from atmis.analysis.calibration.regression_abc import Posterior, posterior

__all__ = ["Posterior", "Projection", "UniformPrior", "latin_hypercube", "posterior", "project", "truncate"]
