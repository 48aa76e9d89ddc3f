"""What runs in a worker of a Dask cluster: it forwards a task to a process beside it, and the outcome back."""

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from distributed import get_worker

from atmis.executors.processes import ProcessPool
from atmis.executors.versions import Versions, difference, here


class TaskSettings(NamedTuple):
    """What all tasks of one run have in common."""

    name: str  # of the run
    limit_seconds: float
    memory_mib: int
    versions: Versions  # that a worker must have


_works: dict[str, Callable[[Any], Any]] = {}  # by name of the run
_pools: dict[tuple[str, int], ProcessPool[Any, Any]] = {}  # of this process, one for each run and thread
_ended: set[str] = set()  # names of runs that have ended


class Misfit(str):
    """How the versions of a worker differ from those of its task, which it has not run."""


class Unready(str):
    """The address of a worker that does not have the work yet, and has not run its task."""


def remember(name: str, work: Callable[[Any], Any]) -> None:
    """Keep the work of a run here: it is sent once to each worker, and not with every task."""
    _works[name] = work


def forward(settings: TaskSettings, task: Any) -> Any:
    """Run a task in a process beside this one; returns its outcome, or a Misfit, or Unready."""
    differing = difference(here(), settings.versions)
    if differing:
        return Misfit(differing)
    work = _works.get(settings.name)
    if work is None:
        return Unready(get_worker().address)
    key = (settings.name, threading.get_ident())
    if key not in _pools:
        # Dask lets its workers have no processes of their own, lest they outlive them. Ours end with their parent.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        _pools[key] = ProcessPool(work, 1, settings.limit_seconds, settings.memory_mib, "spawn")
    pool = _pools[key]
    try:
        if settings.name in _ended:
            return None  # nobody waits for it any more
        [(_, outcome)] = pool.run_all([task])
        return outcome
    finally:
        if settings.name in _ended or pool.busy:  # or no process can be started
            pool.close()
            _pools.pop(key, None)


def end(name: str) -> None:
    """Stop the tasks of a run that are running here, and start no more of them."""
    _ended.add(name)
    _works.pop(name, None)
    for key in [key for key in list(_pools) if key[0] == name]:
        _pools[key].stop()  # the thread that waits for it does the rest
        if not _pools[key].busy:
            _pools.pop(key).close()
