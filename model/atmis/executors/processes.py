"""Worker processes on this machine: whatever a task does to its worker is that task's own failure, and no other's.

Each worker has a pipe of its own, so that one that dies in the middle of a message breaks nothing that others use.
(concurrent.futures gives up when a worker dies; pebble's workers share one pipe and its lock, and lose tasks when one
of them dies at the wrong moment.)
"""

import math
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import Any, ClassVar, Literal

from atmis.executors.outcome import Failure, Result, Task, failure
from atmis.executors.pool import Pool, Worker
from atmis.executors.worker import serve

Start = Literal["forkserver", "spawn"]  # never fork: this process may have threads and compiled code

_SIGNAL_SECONDS = 0.1  # that a signal to the whole process group may take to reach this process too
_DEATH_SECONDS = 1.0  # that a killed process may take to be gone


@dataclass(frozen=True)
class Processes:
    """Runs tasks in processes of this machine."""

    is_remote: ClassVar[bool] = False
    workers: int
    limit_seconds: float = 0.0  # of a task; 0: none
    memory_mib: int = 0  # that a worker may use beyond what it has when it starts; 0: no limit
    start: Start = "spawn" if sys.platform == "win32" else "forkserver"

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """See Executor."""
        with closing(ProcessPool(work, self.workers, self.limit_seconds, self.memory_mib, self.start)) as pool:
            yield from pool.run_all(tasks)


class ProcessPool(Pool[Task, Result]):
    """Worker processes. They receive the work when they start, and only tasks after that."""

    def __init__(
        self, work: Callable[[Task], Result], size: int, limit_seconds: float, memory_mib: int, start: Start
    ) -> None:
        super().__init__(size, limit_seconds)
        self._work, self._memory_mib = work, memory_mib
        self._context = multiprocessing.get_context(start)
        if start == "forkserver":  # the server imports the module once, and its workers start in milliseconds
            self._context.set_forkserver_preload([getattr(work, "func", work).__module__])

    def spawn(self) -> Worker[Task]:
        """Make a new worker process, not yet started."""
        return _ProcessWorker(self._context, self._work, self._memory_mib)

    def poll(self, seconds: float | None) -> Iterator[tuple[Worker[Task], Result | Failure]]:
        """Outcomes that busy workers report, or that their end implies; see Pool."""
        workers: dict[Any, _ProcessWorker[Task]] = {}
        for worker in self.busy:
            assert isinstance(worker, _ProcessWorker)
            workers |= {worker.pipe: worker, worker.process.sentinel: worker}
        for worker in dict.fromkeys(workers[ready] for ready in wait(list(workers), seconds)):
            yield from ((worker, outcome) for outcome in worker.receive())


class _ProcessWorker(Worker[Task]):
    """A worker process and this side of its pipe."""

    def __init__(self, context: Any, work: Callable[[Task], Any], memory_mib: int) -> None:
        self.pipe, self._child_pipe = context.Pipe()
        arguments = (self._child_pipe, work, memory_mib)
        self.process = context.Process(target=serve, args=arguments, name="atmis worker", daemon=True)
        self._task: tuple[Task] | None = None  # waiting until the worker is ready
        self._ready = False

    def start(self) -> None:
        """Start the process."""
        with ignore_sigint():
            self.process.start()
        self._child_pipe.close()

    def submit(self, task: Task) -> None:
        """Send it a task, at once or as soon as it is ready."""
        self._task = (task,)
        if self._ready:
            self._send()

    def stop(self) -> None:
        """Kill the process, if it was started."""
        if self.process.pid is not None:
            self.process.kill()

    def join(self) -> None:
        """Wait for the process to end, and close the pipe."""
        if self.process.pid is not None:
            self.process.join(_DEATH_SECONDS)
        self.pipe.close()
        self._child_pipe.close()

    def receive(self) -> Iterator[Any]:
        """Read its message; yields the outcome of its task if the message is one, or if the process has ended."""
        try:
            if not self.pipe.poll():
                raise EOFError
            message = self.pipe.recv()
        except (EOFError, OSError):
            self.usable, message = False, self._exit_failure()
        except Exception as error:  # the result cannot be read here
            message = failure(error)
        if self._ready or not self.usable:
            self.usable = self.usable and getattr(message, "kind", "") != "memory"  # what it holds may never be freed
            yield message
        else:
            self._ready = True
            self._send()

    def _send(self) -> None:
        """Send the task. A worker that is gone does not start it, and its end is noticed soon."""
        assert self._task is not None
        try:
            self.pipe.send(*self._task)
            self.started_at = time.monotonic()
        except OSError:
            self.started_at = math.inf

    def _exit_failure(self) -> Failure:
        """The failure that the exit code of the process stands for."""
        self.process.join(_DEATH_SECONDS)
        code = self.process.exitcode
        if code == -signal.SIGTERM:
            time.sleep(_SIGNAL_SECONDS)  # if the whole group is being terminated, the signal reaches this process now
        if code is None or code >= 0:
            return Failure("killed", f"its process ended with exit code {code}")
        return Failure("killed", f"its process was killed by {signal.Signals(-code).name}")


@contextmanager
def ignore_sigint() -> Iterator[None]:
    """Block SIGINT (Ctrl-C) for good in processes and threads started within, and in those that they start."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would start with the first process, and unblock the signal in this thread
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
