"""Approximate Bayesian computation: which parameters make runs whose patterns are those that were seen.

Waves of runs over ranges that shrink (`ranges`), then the nearest runs of the last wave, adjusted (`near`).
"""

from atmis.calibration.near import Posterior, posterior
from atmis.calibration.projection import Projection, project
from atmis.calibration.ranges import Range, shrunk, spread

__all__ = ["Posterior", "Projection", "Range", "posterior", "project", "shrunk", "spread"]
