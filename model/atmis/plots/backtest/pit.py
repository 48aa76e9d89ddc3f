"""Histogram of the randomised PIT of all zone-months, a check of calibration, for the width of a column."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import binom

from atmis.analysis.backtest.scoring import TargetScores
from atmis.plots.common.canvas import new_canvas
from atmis.plots.common.style import BLUE, COLUMN_IN, GREY, INK, SMALL_PT, clean, tint

BINS = 10
_HEIGHT, _LEFT = 1.5, 0.46


def figure(windows: Sequence[Sequence[TargetScores]], scenario: str) -> Figure:
    """Share of zone-months by PIT, with the band that holds 95 % of bars if the forecast is calibrated."""
    values = np.concatenate([part.pit for parts in windows for part in parts if part.target.kind == "zone"])
    count = len(values)
    canvas = new_canvas(
        (COLUMN_IN, _HEIGHT + 0.42),
        "Where the observed counts fall in the forecast",
        f"Scenario {clean(scenario, 40)} · {count:,} zone-months",
        [
            "Flat: calibrated. Heaped at the ends: bands too narrow; in the middle: too wide; to the right: the "
            "forecast is too low. Between the dotted lines: where 95 % of bars lie if the forecast is right and months "
            "are independent.",
        ],
    )
    axes = canvas.axes(_LEFT, 0.04, COLUMN_IN - _LEFT - 0.1, _HEIGHT)
    shares = np.histogram(values, bins=BINS, range=(0.0, 1.0))[0] / count
    low, high = (float(binom.ppf(end, count, 1 / BINS)) / count for end in (0.025, 0.975))
    axes.axhspan(low, high, color=tint(GREY, 0.25), linewidth=0)
    axes.axhline(1 / BINS, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=3)
    middles = (np.arange(BINS) + 0.5) / BINS
    axes.bar(middles, shares, width=0.94 / BINS, color=tint(BLUE, 0.55), edgecolor=INK, linewidth=0.5, zorder=2)
    for bound in (low, high):
        axes.axhline(bound, color=GREY, linewidth=0.6, linestyle=(0, (1, 1)), zorder=3)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.1 * max(float(shares.max()), high))
    axes.set_xlabel("PIT: share of the forecast below the observed count", fontsize=SMALL_PT)
    axes.set_ylabel("share of zone-months", fontsize=SMALL_PT)
    return canvas.figure
