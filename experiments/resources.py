"""Checks of resources before anything is run: memory for the results, and a folder that can be written."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError


def check_folder(folder: Path, prefix: str) -> None:
    """Raise InputError when a folder cannot be written, which would otherwise show only at the end. Leaves no trace.

    `prefix`: the start of the message, where the folder is set.
    """
    try:
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not existing.is_dir():
            raise NotADirectoryError(0, "a file stands where a folder is needed")
        Path(tempfile.mkdtemp(prefix=".atmis-", dir=existing)).rmdir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{prefix}{folder} cannot be written: {reason}") from None


def check_memory(ensembles: Iterable[tuple[Any, int]], prefix: str) -> None:
    """Raise InputError when ensembles, given as scenario and replicates, do not fit into memory together."""
    from atmis.kernel import parameters, recorder

    available, needed, most = _memory(), 0.0, 0
    for scenario, replicates in ensembles:
        record = recorder.allocate(*parameters.build(scenario))
        # Each array is kept once for each run, and once more while runs are put together or reduced.
        needed += 2 * replicates * sum(array.nbytes for array in record)
        most = max(most, replicates)
    if available and needed > available:
        raise InputError(
            f"{prefix}{most:,} would take about {needed / 1e9:,.0f} GB of memory, and this machine has "
            f"{available / 1e9:,.0f}; allowed here: at most {max(int(most * available / needed), 1):,}"
        )


def _memory() -> int:
    """Bytes of memory of this machine; 0 when unknown."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0
