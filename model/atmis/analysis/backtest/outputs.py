"""The tables of a backtest; `atmis.storage.tables` writes them as CSV and Parquet.

| File | What |
|---|---|
| `scores.csv` | a row for each zone, each sum of zones and the mean over zones, see `rows.Score`; by window, and over all windows |
| `skill.csv` | the model against each baseline, with 95 % intervals |
| `months.csv` | each scored month: count, quantiles of the forecast, CRPS, PIT |
| `figures/observed.png`, `pit.png` and `.svg` | counts against bands; the histogram of the PIT |
| `manifest.json` | written last: command, configuration, versions, `observed` (source and hash), `windows` |
"""  # noqa: E501

from collections.abc import Sequence

from atmis.analysis.backtest.aggregate import comparison_rows, month_rows, score_rows
from atmis.analysis.backtest.rows import BaselineComparison, MonthRow, Score
from atmis.analysis.backtest.scoring import TargetScores
from atmis.analysis.backtest.skill import Resampling
from atmis.storage.tables import Rows


def tables(windows: Sequence[Sequence[TargetScores]], resampling: Resampling) -> dict[str, Rows]:
    """The tables by name: their rows, and the dataclass of these."""
    return {
        "scores": (score_rows(windows, resampling), Score),
        "skill": (comparison_rows(windows, resampling), BaselineComparison),
        "months": (month_rows(windows), MonthRow),
    }
