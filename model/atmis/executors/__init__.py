"""Executors: they run tasks in threads, processes or on a cluster, behind one interface.

An executor knows nothing of simulations. Whatever becomes of a task (it raises, hangs, kills its worker, uses too much
memory) is that task's own outcome, and all the others are run.
"""

import sys
from collections.abc import Callable, Generator, Iterable
from typing import ClassVar, Literal, Protocol

from atmis.executors.cores import allowed_cores
from atmis.executors.outcome import Failure, Result, Task
from atmis.executors.processes import Processes
from atmis.executors.threads import Threads
from atmis.scenario.errors import InputError, suggest

__all__ = ["NAMES", "Executor", "Failure", "Name", "allowed_cores", "make"]

Name = Literal["threads", "processes", "dask"]
NAMES: tuple[Name, ...] = ("threads", "processes", "dask")


class Executor(Protocol):
    """Runs tasks. Except with threads, work and tasks are pickled: a function of a module, plain data."""

    is_remote: ClassVar[bool]  # whether workers may be on other machines, without the disk of this one

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """Yield each task with its result, or with why it has none, as they end and in any order.

        Tasks are taken when there is room for them: at most two for each worker are taken and not yet yielded. Closing
        the generator, or any exception in it, stops the work at once. A `for` loop that is left by an exception closes
        it if nothing else refers to it; otherwise use contextlib.closing.
        """
        ...


def make(
    name: Name, workers: int = 0, limit_seconds: float = 0.0, memory_mib: int = 0, scheduler: str = ""
) -> Executor:
    """Make an executor.

    Parameters
    ----------
    name : threads, processes or dask
    workers : number of workers; 0: one for each core that this process may use
    limit_seconds : time limit of a task; 0: none
    memory_mib : memory that a worker may use beyond what it has when it starts, in MiB; 0: no limit
    scheduler : address of a Dask cluster; empty: a cluster on this machine

    Raises
    ------
    InputError
        For settings that contradict each other, a library that is not installed, or what this system cannot do.
    """
    workers = workers or allowed_cores()
    if scheduler and name != "dask":
        raise InputError(f"scheduler: allowed with executor=dask only, not with executor={name}")
    if memory_mib and name == "threads":
        raise InputError("memory_mib: threads share the memory of one process; allowed: 0, or executor=processes")
    if memory_mib and sys.platform != "linux":
        raise InputError("memory_mib: a limit on memory works on Linux only; allowed here: 0")
    if name == "threads":
        return Threads(workers, limit_seconds)
    if name == "processes":
        return Processes(workers, limit_seconds, memory_mib)
    if name != "dask":
        raise InputError(f"executor: '{name}' is not one{suggest(name, NAMES)}")
    try:
        from atmis.executors.cluster import Cluster
    except ModuleNotFoundError as error:
        install = "install it with: pip install 'atmis[cluster]'"
        raise InputError(f"executor=dask needs the library {error.name}; {install}") from None
    return Cluster(workers, limit_seconds, memory_mib, scheduler)
