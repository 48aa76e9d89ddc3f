"""The tables of a backtest; `atmis.storage.tables` writes them as CSV and Parquet.

| File | What |
|---|---|
| `scores.csv` | a row for each zone, sum of zones and the mean over zones, see `rows.Score`; of several windows for each and over all |
| `skill.csv` | the model against each baseline, with 95 % intervals |
| `months.csv` | every month that is scored: count, quantiles of the forecast, CRPS, PIT |
| `figures/observed.png`, `pit.png` and `.svg` | counts against bands; the histogram of the PIT |
| `manifest.json` | written last: command, configuration, versions, `observed` (source and hash), `windows` |
"""  # noqa: E501

from collections.abc import Sequence

from atmis.analysis.backtest.rows import Against, MonthRow, Score
from atmis.analysis.backtest.scoring import Scored
from atmis.analysis.backtest.skill import Resampling
from atmis.analysis.backtest.summing import against_rows, month_rows, score_rows
from atmis.storage.tables import Rows


def tables(windows: Sequence[Sequence[Scored]], how: Resampling) -> dict[str, Rows]:
    """The tables by name: rows and their kind."""
    return {
        "scores": (score_rows(windows, how), Score),
        "skill": (against_rows(windows, how), Against),
        "months": (month_rows(windows), MonthRow),
    }
