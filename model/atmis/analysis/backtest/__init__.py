"""A scenario scored on observed counts, beside simple forecasts from history, for its skill.

`forecast` simulates, `score` scores a window target by target, `aggregate` makes the rows, with skill and its
intervals. Nothing here is fitted to a month after `ScoreWindow.fit_to`, which is March 2022 at the latest.
"""

from atmis.analysis.backtest.borrowed_history import borrow_history
from atmis.analysis.backtest.forecast import Forecast, check_within, forecast, from_ensemble
from atmis.analysis.backtest.in_sample import in_sample_note, latest_unseen_draws
from atmis.analysis.backtest.scoring import TargetScores, score
from atmis.analysis.backtest.skill import Resampling
from atmis.analysis.backtest.window import ScoreWindow, parse_window, rolling_windows
from atmis.analysis.observed.record import FREEZE

__all__ = [
    "FREEZE",
    "Forecast",
    "Resampling",
    "ScoreWindow",
    "TargetScores",
    "borrow_history",
    "check_within",
    "forecast",
    "from_ensemble",
    "in_sample_note",
    "latest_unseen_draws",
    "parse_window",
    "rolling_windows",
    "score",
]
