"""Whether there is room for results, before anything is run: memory for them, and a folder that can be written."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError


def check_folder(folder: Path, where: str) -> None:
    """Raise InputError when a folder cannot be written, which otherwise shows when all is done. Leaves nothing.

    `where`: what sets it, to begin a sentence with.
    """
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not there.is_dir():
            raise NotADirectoryError(0, "a file stands where a folder is needed")
        Path(tempfile.mkdtemp(prefix=".atmis-", dir=there)).rmdir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{where}{folder} cannot be written: {reason}") from None


def check_memory(kept: Iterable[tuple[Any, int]], where: str) -> None:
    """Raise InputError when the results of some scenarios, of so many replicates each, do not fit into memory."""
    from atmis.kernel import parameters, recorder

    here, wanted, most = _memory(), 0.0, 0
    for scenario, replicates in kept:
        record = recorder.allocate(*parameters.build(scenario))
        # Each array is kept once for each run, and there is a second one of it while they are put together or reduced.
        wanted += 2 * replicates * sum(array.nbytes for array in record)
        most = max(most, replicates)
    if here and wanted > here:
        raise InputError(
            f"{where}{most:,} would take about {wanted / 1e9:,.0f} GB of memory, and this machine has "
            f"{here / 1e9:,.0f}; allowed here: at most {max(int(most * here / wanted), 1):,}"
        )


def _memory() -> int:
    """Bytes of memory of this machine, 0 when it does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0
