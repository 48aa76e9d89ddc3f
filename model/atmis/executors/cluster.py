"""A Dask cluster, on this machine or on many.

Dask's workers only pass tasks on, each to a process beside it (see relay and processes). So what a task does to its
worker is known to be its own doing, and costs the cluster nothing. When a worker of the cluster is lost all the same,
with its machine for example, Dask gives its tasks to another.
"""

import logging
import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from typing import Any

from distributed import Client, KilledWorker, LocalCluster

from atmis.executors.outcome import Failure, Result, Task, failure
from atmis.executors.processes import deaf_to_interrupts
from atmis.executors.relay import Order, end, pass_on
from atmis.scenario.errors import InputError, as_written

_ADDRESS = re.compile(r"((tcp|tls)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_CONNECT_SECONDS, _GOODBYE_SECONDS = 10, 0.5
_WORKERS_SECONDS = 60  # that a cluster without workers gets to have one
_COUNT_SECONDS = 2.0  # between two looks at how many workers there are


@dataclass(frozen=True)
class Cluster:
    """Does tasks on a Dask cluster. The work goes with every task, so keep it small."""

    workers: int  # of a cluster on this machine
    limit_seconds: float = 0.0  # of a task; 0: none
    memory_mib: int = 0  # that a worker may take beyond what it has when it starts; 0: no limit
    scheduler: str = ""  # address; empty: a cluster on this machine

    def __post_init__(self) -> None:
        if self.scheduler and not _ADDRESS.fullmatch(self.scheduler):
            example = "an address such as tcp://10.0.0.1:8786, or empty for a cluster on this machine"
            raise InputError(f"scheduler: {as_written(self.scheduler)} is none; allowed: {example}")

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """See Executor."""
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what they say of their own affairs helps nobody here
        order = Order(uuid.uuid4().hex, self.limit_seconds, self.memory_mib)
        waiting, at_work = iter(tasks), dict[str, tuple[Any, Task]]()
        ended: SimpleQueue[Any] = SimpleQueue()
        with _remote(self.scheduler, order) if self.scheduler else _local(self.workers) as client:
            places, counted = 0, -_COUNT_SECONDS
            while True:
                if time.monotonic() - counted > _COUNT_SECONDS:
                    places, counted = _places(client), time.monotonic()
                for task in islice(waiting, max(2 * places - len(at_work), 0)):
                    future = client.submit(pass_on, order, work, task, pure=False)
                    at_work[future.key] = future, task
                    future.add_done_callback(ended.put)
                if not at_work:
                    return
                future = ended.get()
                yield at_work.pop(future.key)[1], _outcome(future)


@contextmanager
def _local(workers: int) -> Iterator[Any]:
    """A client of a cluster of its own on this machine, that only this machine can reach."""
    with deaf_to_interrupts():
        cluster: Any = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            memory_limit=None,
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard": False, "dashboard_address": ":0"},
        )
    try:
        with Client(cluster, set_as_default=False) as client:
            yield client
    finally:
        for nanny in cluster.workers.values():  # asked to end, a worker would wait seconds for its task
            nanny.close_gracefully()
            with suppress(ProcessLookupError, TypeError):  # it has no process at this moment
                os.kill(nanny.pid, signal.SIGKILL)
        cluster.close()


@contextmanager
def _remote(scheduler: str, order: Order) -> Iterator[Any]:
    """A client of a cluster that goes on after us."""
    client = _connected(scheduler)
    try:
        yield client
    finally:
        goodbye = threading.Thread(target=_say_goodbye, args=[client, order], daemon=True)
        goodbye.start()
        goodbye.join(_GOODBYE_SECONDS)
        with suppress(OSError):
            client.close(timeout=_GOODBYE_SECONDS)


def _connected(scheduler: str) -> Any:
    client: Any = None
    with suppress(OSError):
        client = Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        return client
    if client is None:
        raise InputError(f"no Dask scheduler answers at {scheduler}; waited {_CONNECT_SECONDS} s")
    client.close()
    raise InputError(f"the Dask scheduler {scheduler} has no workers; waited {_WORKERS_SECONDS} s")


def _say_goodbye(client: Any, order: Order) -> None:
    with suppress(Exception):
        client.run(end, order.name, on_error="ignore")


def _places(client: Any) -> int:
    """Tasks that can be at work at once."""
    try:
        return max(sum(client.nthreads().values()), 1)
    except OSError:
        raise InputError("the connection to the Dask scheduler is lost") from None


def _outcome(future: Any) -> Any:
    try:
        return future.result()
    except CancelledError:
        raise InputError("the connection to the Dask scheduler is lost") from None
    except KilledWorker:
        return Failure("killed", "every worker of the cluster that had it was lost")
    except Exception as error:  # the task or its result cannot be read there, or no process can be started
        return failure(error)
