"""Threads of this process: the least overhead, for compiled work that releases Python's lock.

A task that raises is contained. One that hangs cannot be ended: its thread is left behind, with the core it takes, and
another takes its place. A task that kills its process, or takes all memory, takes everything with it: use processes.
All threads are daemons, so none keeps the interpreter from ending.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from atmis.executors.outcome import Failure, Result, Task, attempt
from atmis.executors.pool import Crew, Worker


@dataclass(frozen=True)
class Threads:
    """Does tasks in threads of this process."""

    workers: int
    limit_seconds: float = 0.0  # of a task; 0: none

    def run(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        """See Executor. What is at work when this is closed goes on until it ends, and its result is thrown away."""
        with closing(_ThreadCrew(work, self.workers, self.limit_seconds)) as crew:
            yield from crew.do(tasks)


class _ThreadWorker(Worker[Task]):
    def __init__(self, do: Callable[["_ThreadWorker[Task]", Task], None]) -> None:
        self._do = do
        self._inbox: SimpleQueue[tuple[Task] | None] = SimpleQueue()

    def start(self) -> None:
        threading.Thread(target=self._serve, name="atmis worker", daemon=True).start()

    def give(self, task: Task) -> None:
        self.begun = time.monotonic()
        self._inbox.put((task,))

    def stop(self) -> None:
        self._inbox.put(None)

    def join(self) -> None:
        """Nothing of a thread can be stopped."""

    def _serve(self) -> None:
        while given := self._inbox.get():
            self._do(self, *given)


class _ThreadCrew(Crew[Task, Result]):
    def __init__(self, work: Callable[[Task], Result], size: int, limit_seconds: float) -> None:
        super().__init__(size, limit_seconds)
        self._work = work
        self._said: SimpleQueue[tuple[Worker[Task], Result | Failure]] = SimpleQueue()

    def hire(self) -> Worker[Task]:
        return _ThreadWorker(lambda worker, task: self._said.put((worker, attempt(self._work, task))))

    def listen(self, seconds: float | None) -> list[tuple[Worker[Task], Result | Failure]]:
        said = []
        try:
            said.append(self._said.get(timeout=seconds))
            while True:
                said.append(self._said.get_nowait())
        except Empty:
            return [(worker, outcome) for worker, outcome in said if worker in self.busy]  # not those left behind
