"""Threads of this process: the least overhead, for compiled work that releases Python's global lock.

A task that raises is contained. One that hangs cannot be stopped: its thread is left behind, with the core it uses,
and another takes its place. A task that kills its process, or uses up all memory, takes everything with it: use
processes for those. All threads are daemons, so none keeps the interpreter from exiting.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import ClassVar

from atmis.executors.outcome import Failure, Result, Task, attempt
from atmis.executors.pool import Pool, Worker


@dataclass(frozen=True)
class Threads:
    """Runs tasks in threads of this process."""

    is_remote: ClassVar[bool] = False
    workers: int
    limit_seconds: float = 0.0  # of a task; 0: none

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """See Executor. Tasks still running when this is closed go on to their end; their results are discarded."""
        with closing(_ThreadPool(work, self.workers, self.limit_seconds)) as pool:
            yield from pool.run_all(tasks)


class _ThreadWorker(Worker[Task]):
    """A thread and its inbox."""

    def __init__(self, run: Callable[["_ThreadWorker[Task]", Task], None]) -> None:
        self._run = run
        self._inbox: SimpleQueue[tuple[Task] | None] = SimpleQueue()

    def start(self) -> None:
        """Start the thread."""
        threading.Thread(target=self._serve, name="atmis worker", daemon=True).start()

    def submit(self, task: Task) -> None:
        """Put a task into its inbox."""
        self.started_at = time.monotonic()
        self._inbox.put((task,))

    def stop(self) -> None:
        """Let the thread end after its task."""
        self._inbox.put(None)

    def join(self) -> None:
        """Do nothing: a thread cannot be stopped."""

    def _serve(self) -> None:
        while message := self._inbox.get():
            self._run(self, *message)


class _ThreadPool(Pool[Task, Result]):
    """Worker threads, and one queue for their outcomes."""

    def __init__(self, work: Callable[[Task], Result], size: int, limit_seconds: float) -> None:
        super().__init__(size, limit_seconds)
        self._work = work
        self._outcomes: SimpleQueue[tuple[Worker[Task], Result | Failure]] = SimpleQueue()

    def spawn(self) -> Worker[Task]:
        """Make a new worker thread, not yet started."""
        return _ThreadWorker(lambda worker, task: self._outcomes.put((worker, attempt(self._work, task))))

    def poll(self, seconds: float | None) -> list[tuple[Worker[Task], Result | Failure]]:
        """Outcomes of busy workers, without those of threads that were left behind; see Pool."""
        outcomes = []
        try:
            outcomes.append(self._outcomes.get(timeout=seconds))
            while True:
                outcomes.append(self._outcomes.get_nowait())
        except Empty:
            return [(worker, outcome) for worker, outcome in outcomes if worker in self.busy]
