"""A Dask cluster, on this machine or on many.

Dask's workers only forward tasks, each to a process beside it (see relay and processes). So whatever a task does to its
process can be attributed to that task, and costs the cluster nothing. When a worker of the cluster is lost all the
same, with its machine for example, Dask gives its tasks to another.
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
from atmis.executors.processes import ignore_sigint
from atmis.executors.relay import TaskSettings, forward
from atmis.scenario.errors import InputError, format_input

_ADDRESS = re.compile(r"((tcp|tls)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_CLOSE_SECONDS = 0.9
_COUNT_SECONDS = 2.0  # between two counts of the workers


@dataclass(frozen=True)
class Cluster:
    """Runs tasks on a Dask cluster. The work is sent with every task, so keep it small."""

    workers: int  # of a cluster on this machine
    limit_seconds: float = 0.0  # of a task; 0: none
    memory_mib: int = 0  # that a worker may use beyond what it has when it starts; 0: no limit
    scheduler: str = ""  # address; empty: a cluster on this machine

    def __post_init__(self) -> None:
        if self.scheduler and not _ADDRESS.fullmatch(self.scheduler):
            example = "an address such as tcp://10.0.0.1:8786, or empty for a cluster on this machine"
            raise InputError(f"scheduler: {format_input(self.scheduler)} is none; allowed: {example}")

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """See Executor."""
        settings = TaskSettings(uuid.uuid4().hex, self.limit_seconds, self.memory_mib)
        client = remote(self.scheduler, settings) if self.scheduler else local(self.workers)
        tasks, running = iter(tasks), dict[int, Task]()
        first = list(islice(tasks, 1))
        if not first:
            return  # without a cluster
        waiting = enumerate(chain(first, tasks))
        with closing(_ClientThread(client)) as thread:
            thread.start_ignoring_sigint()
            while True:
                for number, task in islice(waiting, max(2 * thread.slots - len(running), 0)):
                    running[number] = task
                    thread.submit(number, partial(forward, settings, work, task))
                if thread.slots and not running:
                    return
                answer = thread.answers.get()
                if isinstance(answer, BaseException):
                    raise answer
                if answer is not None:
                    yield running.pop(answer[0]), answer[1]


class _ClientThread(threading.Thread):
    """The client of the cluster in a thread of its own: an interrupt that arrives in Dask's own code may get lost."""

    def __init__(self, client: AbstractAsyncContextManager[Any]) -> None:
        super().__init__(name="atmis cluster", daemon=True)
        self.slots = 0  # tasks that can run at once; 0 while this is not known
        self.answers: SimpleQueue[tuple[int, Any] | BaseException | None] = SimpleQueue()  # None: slots has changed
        self._connection = client
        self._loop, self._closing = asyncio.new_event_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda loop, context: None)  # silent about what Dask leaves unfinished
        self._jobs: set[asyncio.Task[None]] = set()
        self._closed = False
        atexit.register(self.close)  # for a generator that nobody closes

    def start_ignoring_sigint(self) -> None:
        """Start the thread so that Ctrl-C never reaches it."""
        with ignore_sigint():
            self.start()

    def submit(self, number: int, job: Callable[[], Any]) -> None:
        """Have the cluster do a job; its answer comes under the same number."""
        with suppress(RuntimeError):  # the loop has ended, and `answers` says why
            self._loop.call_soon_threadsafe(self._create_task, number, job)

    def close(self) -> None:
        """Disconnect from the cluster, or shut it down if it is ours."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._closing.set)
        if self.ident is None:
            self._loop.close()
        else:
            self.join(_CLOSE_SECONDS)

    def run(self) -> None:
        """Stay connected until closed; what ends the connection early is the last answer."""
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # their messages about the connection help nobody here
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._stay_connected())
        except BaseException as error:
            self.answers.put(error)

    async def _stay_connected(self) -> None:
        async with self._connection as self._client:
            while not self._closing.is_set():
                try:
                    self.slots = max(sum((await self._client.nthreads()).values()), 1)
                except OSError:
                    raise InputError("the connection to the Dask scheduler is lost") from None
                self.answers.put(None)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _COUNT_SECONDS)

    def _create_task(self, number: int, job: Callable[[], Any]) -> None:
        task = self._loop.create_task(self._run_job(number, job))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _run_job(self, number: int, job: Callable[[], Any]) -> None:
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
