"""Checks of resources before anything is run: memory for the results, and a folder that can be written."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

# Measured as the most memory that `atmis run` and `atmis compare` held, with 100 to 1,100 replicates: an array that is
# kept for each run is held 1.0 to 1.3 times, and what is loaded and compiled takes the rest.
_BYTES_AT_ALL, _BYTES_PER_BYTE = 0.5e9, 1.4
_NOT_KEPT = ("daily", "events", "event_count")  # of a record: reused from run to run, or of the first run only
_BYTES_TOLD = 2e9
_CGROUPS = Path("/sys/fs/cgroup")


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
    """Raise InputError when ensembles, given as scenario and replicates, do not fit into memory together.

    What takes much of it, and fits, is told on stderr before it starts.
    """
    from atmis.kernel import parameters, recorder

    available, needed, most = available_memory(), _BYTES_AT_ALL, 0
    for scenario, replicates in ensembles:
        record = recorder.allocate(*parameters.build(scenario))
        kept = sum(array.nbytes for name, array in record._asdict().items() if name not in _NOT_KEPT)
        needed += _BYTES_PER_BYTE * replicates * kept
        most = max(most, replicates)
    way_out = "`atmis sweep` keeps on disk what does not fit"
    if available and needed > available:
        fits = int(most * max(available - _BYTES_AT_ALL, 0) / (needed - _BYTES_AT_ALL))
        raise InputError(
            f"{prefix}{most:,} would take about {needed / 1e9:,.1f} GB of memory, and {available / 1e9:,.1f} GB are "
            f"free; allowed here: at most {max(fits, 1):,}; {way_out}"
        )
    if needed > _BYTES_TOLD:
        print(f"atmis: this will take about {needed / 1e9:,.1f} GB of memory; {way_out}", file=sys.stderr)


def check_disk(folder: Path, needed: float, what: str) -> None:
    """Raise InputError when a folder lies on a disk with less space than is needed, in bytes."""
    existing = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if needed > free:
        raise InputError(
            f"{what} would take about {needed / 1e9:,.0f} GB in {folder}, where {free / 1e9:,.0f} GB are free; "
            "allowed: fewer replicates, fewer points, or another results="
        )


def available_memory() -> int:
    """Bytes of memory that this process may still take, by machine, control group and ulimit; 0 when unknown."""
    limits = [_free_memory(), *_limits_of_control_groups(), *_limits_of_process()]
    return min((limit for limit in limits if limit > 0), default=0)


def _free_memory() -> int:
    """Memory of the machine that is free, or all of it where the system does not tell."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0


def _limits_of_control_groups() -> Iterator[int]:
    """What the control group of a container or a job leaves, in version 2 and 1."""
    version_1 = ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")
    for limit, used in (("memory.max", "memory.current"), version_1):
        with suppress(OSError, ValueError):
            yield max(int((_CGROUPS / limit).read_text()) - int((_CGROUPS / used).read_text()), 1)


def _limits_of_process() -> Iterator[int]:
    """What `ulimit -v` and `ulimit -d` allow."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
            limit = resource.getrlimit(kind)[0]
            if limit != resource.RLIM_INFINITY:
                yield limit
