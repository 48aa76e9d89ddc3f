"""What runs in a worker of a Dask cluster: it passes a task on to a process beside it, and the outcome back."""

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from atmis.executors.processes import ProcessCrew


class Order(NamedTuple):
    """What tasks of one run have in common."""

    name: str
    limit_seconds: float
    memory_mib: int


_crews: dict[tuple[str, int], ProcessCrew[Any, Any]] = {}  # of one process, for each run and thread
_over: set[str] = set()  # names of runs that are over


def pass_on(order: Order, work: Callable[[Any], Any], task: Any) -> Any:
    """Do a task in a process beside this one."""
    place = (order.name, threading.get_ident())
    if place not in _crews:
        # Dask lets its workers have no processes of their own, lest they outlive them. Ours end with their parent.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        _crews[place] = ProcessCrew(work, 1, order.limit_seconds, order.memory_mib, "spawn")
    crew = _crews[place]
    try:
        if order.name in _over:
            return None  # nobody asks any more
        [(_, outcome)] = crew.do([task])
        return outcome
    finally:
        if order.name in _over or crew.busy:  # or no process can be started
            crew.close()
            _crews.pop(place, None)


def end(name: str) -> None:
    """End what is at work here for a run, and begin with nothing more."""
    _over.add(name)
    for place in [place for place in list(_crews) if place[0] == name]:
        _crews[place].stop()  # the thread that waits for it does the rest
        if not _crews[place].busy:
            _crews.pop(place).close()
