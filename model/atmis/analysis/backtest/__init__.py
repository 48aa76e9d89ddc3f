"""A scenario scored on observed counts, beside simple forecasts from history: is there skill?

`forecast` simulates, `score` scores a window target by target, `summing` adds up, with skill and its intervals. Nothing
here is fitted to a month after `Window.fit_to`, which is March 2022 at the latest.
"""

from atmis.analysis.backtest.forecast import Forecast, check_within, forecast, of_ensemble
from atmis.analysis.backtest.history import with_history
from atmis.analysis.backtest.known import fitted_before, seen
from atmis.analysis.backtest.scoring import Scored, score
from atmis.analysis.backtest.skill import Resampling
from atmis.analysis.backtest.window import Window, rolling, window
from atmis.analysis.observed.record import FREEZE

__all__ = [
    "FREEZE",
    "Forecast",
    "Resampling",
    "Scored",
    "Window",
    "check_within",
    "fitted_before",
    "forecast",
    "of_ensemble",
    "rolling",
    "score",
    "seen",
    "window",
    "with_history",
]
