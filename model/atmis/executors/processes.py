"""Processes of this machine: whatever a task does to its worker is that task's own failure, and no other's.

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
from typing import Any, Literal

from atmis.executors.outcome import Failure, Result, Task, failure
from atmis.executors.pool import Crew, Worker
from atmis.executors.worker import serve

Start = Literal["forkserver", "spawn"]  # never fork: this process may have threads and compiled code

_MOMENT_SECONDS = 0.1
_DEATH_SECONDS = 1.0  # that a killed process may take to be gone


@dataclass(frozen=True)
class Processes:
    """Does tasks in processes of this machine."""

    workers: int
    limit_seconds: float = 0.0  # of a task; 0: none
    memory_mib: int = 0  # that a worker may take beyond what it has when it starts; 0: no limit
    start: Start = "spawn" if sys.platform == "win32" else "forkserver"

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """See Executor."""
        with closing(ProcessCrew(work, self.workers, self.limit_seconds, self.memory_mib, self.start)) as crew:
            yield from crew.do(tasks)


class ProcessCrew(Crew[Task, Result]):
    """Worker processes. They get the work when they start, and then only tasks."""

    def __init__(
        self, work: Callable[[Task], Result], size: int, limit_seconds: float, memory_mib: int, start: Start
    ) -> None:
        super().__init__(size, limit_seconds)
        self._work, self._memory_mib = work, memory_mib
        self._context = multiprocessing.get_context(start)
        if start == "forkserver":  # the server imports the module once, and its workers start in milliseconds
            self._context.set_forkserver_preload([getattr(work, "func", work).__module__])

    def hire(self) -> Worker[Task]:
        return _ProcessWorker(self._context, self._work, self._memory_mib)

    def listen(self, seconds: float | None) -> Iterator[tuple[Worker[Task], Result | Failure]]:
        lines: dict[Any, _ProcessWorker[Task]] = {}
        for worker in self.busy:
            assert isinstance(worker, _ProcessWorker)
            lines |= {worker.line: worker, worker.process.sentinel: worker}
        for worker in dict.fromkeys(lines[line] for line in wait(list(lines), seconds)):
            yield from ((worker, outcome) for outcome in worker.hear())


class _ProcessWorker(Worker[Task]):
    def __init__(self, context: Any, work: Callable[[Task], Any], memory_mib: int) -> None:
        self.line, self._their_line = context.Pipe()
        arguments = (self._their_line, work, memory_mib)
        self.process = context.Process(target=serve, args=arguments, name="atmis worker", daemon=True)
        self._task: tuple[Task] | None = None  # that waits until the worker is ready
        self._ready = False

    def start(self) -> None:
        with deaf_to_interrupts():
            self.process.start()
        self._their_line.close()

    def give(self, task: Task) -> None:
        self._task = (task,)
        if self._ready:
            self._send()

    def stop(self) -> None:
        if self.process.pid is not None:
            self.process.kill()

    def join(self) -> None:
        if self.process.pid is not None:
            self.process.join(_DEATH_SECONDS)
        self.line.close()
        self._their_line.close()

    def hear(self) -> Iterator[Any]:
        """The outcome of its task, if that is what it has to say."""
        try:
            if not self.line.poll():
                raise EOFError
            said = self.line.recv()
        except (EOFError, OSError):
            self.fit, said = False, self._last_words()
        except Exception as error:  # the result cannot be read here
            said = failure(error)
        if self._ready or not self.fit:
            self.fit = self.fit and getattr(said, "kind", "") != "memory"  # what it holds may never be freed
            yield said
        else:
            self._ready = True
            self._send()

    def _send(self) -> None:
        """Send the task. A worker that is gone does not begin with it, and is heard of soon."""
        assert self._task is not None
        try:
            self.line.send(*self._task)
            self.begun = time.monotonic()
        except OSError:
            self.begun = math.inf

    def _last_words(self) -> Failure:
        self.process.join(_DEATH_SECONDS)
        code = self.process.exitcode
        if code == -signal.SIGTERM:
            time.sleep(_MOMENT_SECONDS)  # if the whole group is being ended, this process hears of it now
        if code is None or code >= 0:
            return Failure("killed", f"its process ended with exit code {code}")
        return Failure("killed", f"its process was killed by {signal.Signals(-code).name}")


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes and threads that are started here never hear Ctrl-C, from their first moment on; nor do theirs."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would start with the first process, and let the thread hear again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
