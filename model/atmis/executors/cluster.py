"""A Dask cluster, on this machine or on many.

Dask's workers only pass tasks on, each to a process beside it (see relay and processes). So what a task does to its
worker is known to be its own doing, and costs the cluster nothing. When a worker of the cluster is lost all the same,
with its machine for example, Dask gives its tasks to another.
"""

import asyncio
import atexit
import logging
import re
import threading
import uuid
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError
from contextlib import AbstractAsyncContextManager, closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any

from distributed import KilledWorker

from atmis.executors.clients import local, remote
from atmis.executors.outcome import Failure, Result, Task, failure
from atmis.executors.processes import deaf_to_interrupts
from atmis.executors.relay import Order, pass_on
from atmis.scenario.errors import InputError, as_written

_ADDRESS = re.compile(r"((tcp|tls)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_CLOSE_SECONDS = 0.9
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
        order = Order(uuid.uuid4().hex, self.limit_seconds, self.memory_mib)
        client = remote(self.scheduler, order) if self.scheduler else local(self.workers)
        tasks, at_work = iter(tasks), dict[int, Task]()
        first = list(islice(tasks, 1))
        if not first:
            return  # without a cluster
        waiting = enumerate(chain(first, tasks))
        with closing(_Clerk(client)) as clerk:
            clerk.start_deaf()
            while True:
                for number, task in islice(waiting, max(2 * clerk.places - len(at_work), 0)):
                    at_work[number] = task
                    clerk.give(number, partial(pass_on, order, work, task))
                if clerk.places and not at_work:
                    return
                answer = clerk.answers.get()
                if isinstance(answer, BaseException):
                    raise answer
                if answer is not None:
                    yield at_work.pop(answer[0]), answer[1]


class _Clerk(threading.Thread):
    """Speaks with the cluster in a thread of its own: an interrupt that comes amid Dask's own doings may get lost."""

    def __init__(self, client: AbstractAsyncContextManager[Any]) -> None:
        super().__init__(name="atmis cluster", daemon=True)
        self.places = 0  # tasks that can be at work at once; 0 while this is not known
        self.answers: SimpleQueue[tuple[int, Any] | BaseException | None] = SimpleQueue()  # None: places has changed
        self._opening = client
        self._loop, self._leave = asyncio.new_event_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda loop, context: None)  # of what Dask leaves unfinished when it is left
        self._jobs: set[asyncio.Task[None]] = set()
        self._closed = False
        atexit.register(self.close)  # for a generator that nobody closes

    def start_deaf(self) -> None:
        with deaf_to_interrupts():
            self.start()

    def give(self, number: int, job: Callable[[], Any]) -> None:
        with suppress(RuntimeError):  # it has left, and says why
            self._loop.call_soon_threadsafe(self._begin, number, job)

    def close(self) -> None:
        """Leave the cluster, or end it if it is ours."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        with suppress(RuntimeError):  # it has left already
            self._loop.call_soon_threadsafe(self._leave.set)
        if self.ident is None:
            self._loop.close()
        else:
            self.join(_CLOSE_SECONDS)

    def run(self) -> None:
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what they say of their own affairs helps nobody here
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._stay())
        except BaseException as error:
            self.answers.put(error)

    async def _stay(self) -> None:
        async with self._opening as self._client:
            while not self._leave.is_set():
                try:
                    self.places = max(sum((await self._client.nthreads()).values()), 1)
                except OSError:
                    raise InputError("the connection to the Dask scheduler is lost") from None
                self.answers.put(None)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._leave.wait(), _COUNT_SECONDS)

    def _begin(self, number: int, job: Callable[[], Any]) -> None:
        task = self._loop.create_task(self._do(number, job))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _do(self, number: int, job: Callable[[], Any]) -> None:
        answer: Any
        try:
            answer = number, await self._client.submit(job, pure=False)
        except CancelledError:
            answer = InputError("the connection to the Dask scheduler is lost")
        except KilledWorker:
            answer = number, Failure("killed", "every worker of the cluster that had it was lost")
        except Exception as error:  # the task or its result cannot be read there, or no process can be started
            answer = number, failure(error)
        self.answers.put(answer)
