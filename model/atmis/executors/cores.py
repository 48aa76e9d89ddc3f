"""How many processors this process may use, which on a shared machine is fewer than the machine has."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# What batch systems grant to a job on this machine: Slurm, Grid Engine, PBS, LSF.
_GRANTED = ("SLURM_CPUS_PER_TASK", "NSLOTS", "NCPUS", "LSB_DJOB_NUMPROC")
_CGROUPS = Path("/sys/fs/cgroup")


def allowed_cores() -> int:
    """The least of what affinity, control groups (containers, Kubernetes) and the batch system allow; at least 1."""
    limits = [_by_affinity(), *_by_batch_system(), *_by_control_groups()]
    return max(min(limits), 1)


def _by_affinity() -> int:
    if hasattr(os, "process_cpu_count"):  # Python 3.13 and newer; heeds PYTHON_CPU_COUNT too
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _by_batch_system() -> Iterator[int]:
    for name in _GRANTED:
        text = os.environ.get(name, "")
        if re.fullmatch(r"[1-9]\d{0,5}", text):
            yield int(text)


def _by_control_groups() -> Iterator[int]:
    """The quota of each control group that this process is in, in whole processors."""
    for folder in _groups("", ""):
        with suppress(OSError, ValueError):
            quota, period = (folder / "cpu.max").read_text().split()  # version 2; `max` is no number
            yield max(int(quota) // int(period), 1)
    for folder in _groups("cpu", "cpu"):
        with suppress(OSError, ValueError):
            quota, period = ((folder / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
            if int(quota) > 0:
                yield max(int(quota) // int(period), 1)


def _groups(controller: str, mount: str) -> Iterator[Path]:
    """The folders of the control groups of this process under a controller, up to the root."""
    root, place = _CGROUPS / mount, Path("/")
    with suppress(OSError, ValueError):
        lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
        place = next((Path(path) for _, names, path in lines if controller in names.split(",")), place)
    yield from (root / str(part).lstrip("/") for part in (place, *place.parents))
