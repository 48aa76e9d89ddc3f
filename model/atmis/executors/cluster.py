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
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, ClassVar

from distributed import KilledWorker

from atmis.executors import versions
from atmis.executors.clients import local, misfit, remote
from atmis.executors.outcome import Failure, Result, Task, failure
from atmis.executors.processes import ignore_sigint
from atmis.executors.relay import Misfit, TaskSettings, Unready, forward, remember
from atmis.scenario.errors import InputError, format_input

_ADDRESS = re.compile(r"((tcp|tls)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_CLOSE_SECONDS = 0.9
_COUNT_SECONDS = 2.0  # between two counts of the workers
_ATTEMPTS = 20  # to find a worker for a task that stays long enough to be sent the work


@dataclass(frozen=True)
class Cluster:
    """Runs tasks on a Dask cluster. The work is sent once, and results travel back through Dask: keep both small."""

    is_remote: ClassVar[bool] = True
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
        settings = TaskSettings(uuid.uuid4().hex, self.limit_seconds, self.memory_mib, versions.here())
        client = remote(self.scheduler, settings) if self.scheduler else local(self.workers)
        tasks, running = iter(tasks), dict[int, Task]()
        first = list(islice(tasks, 1))
        if not first:
            return  # without a cluster
        waiting = enumerate(chain(first, tasks))
        with closing(_ClientThread(client, settings, work)) as thread:
            thread.start_ignoring_sigint()
            while True:
                for number, task in islice(waiting, max(2 * thread.slots - len(running), 0)):
                    running[number] = task
                    thread.submit(number, task)
                if thread.slots and not running:
                    return
                answer = thread.answers.get()
                if isinstance(answer, BaseException):
                    raise answer
                if answer is not None:
                    yield running.pop(answer[0]), answer[1]


class _ClientThread(threading.Thread):
    """The client of the cluster in a thread of its own: an interrupt that arrives in Dask's own code may get lost."""

    def __init__(
        self, client: AbstractAsyncContextManager[Any], settings: TaskSettings, work: Callable[[Any], Any]
    ) -> None:
        super().__init__(name="atmis cluster", daemon=True)
        self._settings, self._work = settings, work
        self._admitted: set[str] = set()  # addresses of workers whose versions fit and that have the work
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

    def submit(self, number: int, task: Any) -> None:
        """Have the cluster do a task; its answer comes under the same number."""
        with suppress(RuntimeError):  # the loop has ended, and `answers` says why
            self._loop.call_soon_threadsafe(self._create_job, number, task)

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
                    slots = await self._client.nthreads()
                    await self._admit(slots)
                except OSError:
                    raise InputError("the connection to the Dask scheduler is lost") from None
                self.slots = max(sum(slots.values()), 1)
                self.answers.put(None)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _COUNT_SECONDS)

    async def _admit(self, workers: Iterable[str]) -> None:
        """Send the work to workers that have joined. Raises InputError when one has other versions than here."""
        joined = [worker for worker in workers if worker not in self._admitted]
        if joined:
            sentence = await misfit(self._client, self._settings.versions)
            if sentence:
                raise InputError(sentence)
            await self._send_work(joined)
            self._admitted.update(joined)

    async def _send_work(self, workers: list[str]) -> None:
        await self._client.run(remember, self._settings.name, self._work, workers=workers, on_error="ignore")

    def _create_job(self, number: int, task: Any) -> None:
        job = self._loop.create_task(self._run_job(number, task))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    async def _run_job(self, number: int, task: Any) -> None:
        answer: Any
        try:
            result = await self._forward(task)
            answer = InputError(versions.sentence(result)) if isinstance(result, Misfit) else (number, result)
        except CancelledError:
            answer = InputError("the connection to the Dask scheduler is lost")
        except KilledWorker:
            answer = number, Failure("killed", "every worker of the cluster that had it was lost")
        except Exception as error:  # the task or its result cannot be read there, or no process can be started
            answer = await self._reason(number, error)
        self.answers.put(answer)

    async def _forward(self, task: Any) -> Any:
        """What a worker answers to a task; one that has joined since the last count is sent the work first."""
        for _ in range(_ATTEMPTS):
            result = await self._client.submit(forward, self._settings, task, pure=False)
            if not isinstance(result, Unready):
                return result
            await self._send_work([result])
        return Failure("killed", "no worker of the cluster stayed long enough to be sent the work")

    async def _reason(self, number: int, error: Exception) -> Any:
        """The failure of a task that Dask could not do, unless a worker of another version is to blame."""
        with suppress(Exception):
            sentence = await misfit(self._client, self._settings.versions)
            if sentence:
                return InputError(sentence)
        return number, failure(error)
