"""Approximate Bayesian computation: which parameters make runs whose patterns are those that were seen.

Waves of runs over ranges that shrink (`ranges`), then the nearest runs of the last wave, adjusted (`near`).
"""

from atmis.analysis.calibration.projection import Projection, project
from atmis.analysis.calibration.ranges import Range, shrunk, spread
from atmis.analysis.calibration.regression_abc import Posterior, posterior

__all__ = ["Posterior", "Projection", "Range", "posterior", "project", "shrunk", "spread"]
