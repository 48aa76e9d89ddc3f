"""What parameters knew of a window when they were fitted."""

from pathlib import Path

import numpy as np

from atmis.analysis.backtest.window import Window
from atmis.analysis.observed.dates import month_of_key
from atmis.analysis.observed.record import FREEZE
from atmis.scenario.conf_files import conf_folder, files_of, options
from atmis.scenario.draws import Draws
from atmis.scenario.reading import read


def fitted_before(window: Window, own: Path | None = None) -> str | None:
    """Name of the latest draws, of atmis or of one's own folder, that know nothing of a window; None: there are none.

    Of several that were fitted to the same month the first by name is taken. Raises InputError.
    """
    folders = [conf_folder(), *([own] if own else [])]
    fitted = {name: read(files_of(folders, "draws", name)[0]).get("fitted_to") for name in options("draws", folders)}
    known = {
        name: month_of_key(f"draws/{name}.yaml: fitted_to", str(month))
        for name, month in fitted.items()
        if month not in (None, "null")
    }
    before = {name: month for name, month in known.items() if month <= window.fit_to}
    return max(before, key=lambda name: before[name], default=None)


def seen(draws: Draws, window: Window) -> str:
    """Whether parameters have seen a window, in a sentence."""
    to = np.datetime64(draws.fitted_to, "M") if draws.fitted_to else FREEZE
    how = f"draws '{draws.name}' were fitted to" if draws.fitted_to else "starting values were set knowing"
    if to >= window.first:
        return f"{window.first}..{window.last}: {how} months up to {to}, so they have seen this window."
    return f"{window.first}..{window.last}: {how} months up to {to}, before this window."
