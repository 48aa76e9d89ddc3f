"""A pool of workers on this machine, each with one task at a time: the loop that threads and processes share.

With one task each, it is always known whose task it was when a worker hangs or is lost. Everything is decided in the
thread that asks for results, so nothing here needs a lock.
"""

import math
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice
from typing import Generic

from atmis.executors.outcome import Failure, Result, Task

_LOST_AT_START = 3  # workers, beyond one each, that may be lost in a row before they start a task


class Worker(ABC, Generic[Task]):
    """Runs one task after the other."""

    started_at = math.inf  # when it started its task, by time.monotonic(); infinite until it has
    usable = True  # whether it can take another task

    @abstractmethod
    def start(self) -> None:
        """Start the worker; called once."""

    @abstractmethod
    def submit(self, task: Task) -> None:
        """Hand it a task."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it at once, whatever it is doing; may be called repeatedly, and before start."""

    @abstractmethod
    def join(self) -> None:
        """Wait until nothing is left of what can be stopped."""


class Pool(ABC, Generic[Task, Result]):
    """A number of workers, spawned when there is a task for them and replaced when they are no longer usable."""

    def __init__(self, size: int, limit_seconds: float) -> None:
        self.size, self.limit = size, limit_seconds or math.inf
        self.idle: list[Worker[Task]] = []
        self.busy: dict[Worker[Task], Task] = {}
        self._lost = 0  # workers lost in a row before they had started a task
        self._stopped = False

    @abstractmethod
    def spawn(self) -> Worker[Task]:
        """Make a new worker, not yet started."""

    @abstractmethod
    def poll(self, seconds: float | None) -> Iterable[tuple[Worker[Task], Result | Failure]]:
        """Outcomes that busy workers report; waits for the first at most so many seconds (None: without limit)."""

    def run_all(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Result | Failure], None, None]:
        """Run tasks, taking each when a worker is free for it; yields each as it ends."""
        waiting, ended = iter(tasks), deque[tuple[Task, Result | Failure]]()
        while True:
            room = min(self.size, 2 * self.size - len(ended)) - len(self.busy)
            for task in islice(waiting, max(room, 0)):
                self._submit(task)
            if ended:
                yield ended.popleft()
            if not self.busy and not ended:
                return
            for worker, outcome in self.poll(0.0 if ended else self._seconds_to_deadline()):
                task, started = self._release(worker)
                if started:
                    self._lost = 0
                    ended.append((task, outcome))
                else:
                    waiting = self._retry(task, outcome, waiting)
            ended.extend(self._overdue())

    def stop(self) -> None:
        """Kill running tasks, from another thread than the one in `run_all`, which then raises or ends."""
        self._stopped = True
        for worker in list(self.busy):
            worker.stop()

    def close(self) -> None:
        """Stop all workers."""
        workers = [*self.idle, *self.busy]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()
        self.idle.clear()
        self.busy.clear()

    def _submit(self, task: Task) -> None:
        is_new = not self.idle
        worker = self.spawn() if is_new else self.idle.pop()
        self.busy[worker] = task  # registered before it starts, so that an interrupt leaves no worker behind
        if is_new:
            worker.start()
        if self._stopped:
            raise RuntimeError("the pool is stopped")
        worker.submit(task)

    def _release(self, worker: Worker[Task]) -> tuple[Task, bool]:
        """The task of a worker, and whether it had started; the worker is now free for another, or gone."""
        task, started = self.busy.pop(worker), worker.started_at < math.inf
        worker.started_at = math.inf
        if worker.usable:
            self.idle.append(worker)
        else:
            worker.stop()
            worker.join()
        return task, started

    def _retry(self, task: Task, outcome: Result | Failure, waiting: Iterator[Task]) -> Iterator[Task]:
        """Queue again the task of a worker that was lost before it started it, unless this happens again and again."""
        self._lost += 1
        if self._lost > _LOST_AT_START + self.size:
            reason = outcome.message if isinstance(outcome, Failure) else "no reason is known"
            raise RuntimeError(f"no worker can be started: {reason}")
        return chain([task], waiting)

    def _seconds_to_deadline(self) -> float | None:
        """Seconds until the first running task is overdue; None when none will be."""
        deadline = min((worker.started_at for worker in self.busy), default=math.inf) + self.limit
        return None if deadline == math.inf else max(deadline - time.monotonic(), 0.0)

    def _overdue(self) -> Iterator[tuple[Task, Failure]]:
        """Release the workers whose tasks have exceeded the time limit; yields those tasks as hung."""
        now = time.monotonic()
        for worker in [worker for worker in self.busy if now - worker.started_at >= self.limit]:
            worker.usable = False
            task, _ = self._release(worker)
            yield task, Failure("hung", f"it did not end within {self.limit:g} s")
