"""Whether the parameters of a forecast were fitted to the months on which it is scored."""

from pathlib import Path

import numpy as np

from atmis.analysis.backtest.window import ScoreWindow
from atmis.analysis.observed.dates import month_of_key
from atmis.analysis.observed.record import FREEZE
from atmis.scenario.conf_files import conf_folder, content_of, files_of, options
from atmis.scenario.draws import Draws


def latest_unseen_draws(window: ScoreWindow, config_dir: Path | None = None) -> str | None:
    """The latest draws of parameters that were fitted before a window.

    Parameters
    ----------
    window : of the scores
    config_dir : the user's folder of configuration, whose draws count too

    Returns
    -------
    str or None
        Their name; of several fitted to the same month the first by name. None: there are none.

    Raises
    ------
    InputError
        When a file of draws cannot be read.
    """
    folders = [conf_folder(), *([config_dir] if config_dir else [])]
    fitted = {
        name: content.get("fitted_to")
        for name in options("draws", folders)
        if isinstance(content := content_of(files_of(folders, "draws", name)[0]), dict)
    }
    months = {
        name: month_of_key(f"draws/{name}.yaml: fitted_to", str(month))
        for name, month in fitted.items()
        if month not in (None, "null")
    }
    unseen = {name: month for name, month in months.items() if month <= window.fit_to}
    return max(unseen, key=lambda name: unseen[name], default=None)


def in_sample_note(draws: Draws, window: ScoreWindow) -> str:
    """A sentence on whether parameters have seen a window."""
    last = np.datetime64(draws.fitted_to, "M") if draws.fitted_to else FREEZE
    fitted = f"draws '{draws.name}' were fitted to" if draws.fitted_to else "starting values were set knowing"
    if last >= window.first:
        return f"{window.first}..{window.last}: {fitted} months up to {last}, so they have seen this window."
    return f"{window.first}..{window.last}: {fitted} months up to {last}, before this window."
