"""Workers on this machine, each with one task at a time: the loop that threads and processes share.

With one task each it is always known whose task it was when a worker hangs or is lost. All is decided in the thread
that asks for results, so nothing here needs a lock.
"""

import math
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice
from typing import Generic

from atmis.executors.outcome import Failure, Result, Task

_LOST_AT_START = 3  # workers that may be lost one after the other before they begin with a task, beyond one each


class Worker(ABC, Generic[Task]):
    """Does one task after the other."""

    begun = math.inf  # when it began with its task, by time.monotonic(); infinite while it has not
    fit = True  # whether it can have another task

    @abstractmethod
    def start(self) -> None:
        """Begin to work; called once."""

    @abstractmethod
    def give(self, task: Task) -> None:
        """Let it do a task."""

    @abstractmethod
    def stop(self) -> None:
        """Have no more of it, at once and whatever it is doing; may be called again, and before start."""

    @abstractmethod
    def join(self) -> None:
        """Wait until nothing is left of what can be stopped."""


class Crew(ABC, Generic[Task, Result]):
    """Some workers, hired when there is a task for them and replaced when they are no longer fit."""

    def __init__(self, size: int, limit_seconds: float) -> None:
        self.size, self.limit = size, limit_seconds or math.inf
        self.idle: list[Worker[Task]] = []
        self.busy: dict[Worker[Task], Task] = {}
        self._lost = 0  # workers lost one after the other before they had begun
        self._stopped = False

    @abstractmethod
    def hire(self) -> Worker[Task]:
        """A new worker, not yet started."""

    @abstractmethod
    def listen(self, seconds: float | None) -> Iterable[tuple[Worker[Task], Result | Failure]]:
        """What busy workers have to say; waits for it, but not for longer (None: for as long as it takes)."""

    def do(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Result | Failure], None, None]:
        """Do tasks, taken when there is a worker for them; yields each as it ends."""
        waiting, ended = iter(tasks), deque[tuple[Task, Result | Failure]]()
        while True:
            room = min(self.size, 2 * self.size - len(ended)) - len(self.busy)
            for task in islice(waiting, max(room, 0)):
                self._give(task)
            if ended:
                yield ended.popleft()
            if not self.busy and not ended:
                return
            for worker, outcome in self.listen(0.0 if ended else self._patience()):
                task, begun = self._free(worker)
                if begun:
                    self._lost = 0
                    ended.append((task, outcome))
                else:
                    waiting = self._again(task, outcome, waiting)
            ended.extend(self._overdue())

    def stop(self) -> None:
        """End what is at work, from another thread than that in which `do` runs; that one then raises or ends."""
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

    def _give(self, task: Task) -> None:
        new = not self.idle
        worker = self.hire() if new else self.idle.pop()
        self.busy[worker] = task  # known before it starts: an interrupt leaves none behind
        if new:
            worker.start()
        if self._stopped:
            raise RuntimeError("the crew is stopped")
        worker.give(task)

    def _free(self, worker: Worker[Task]) -> tuple[Task, bool]:
        """The task of a worker, and whether it was begun; the worker is now free for another, or gone."""
        task, begun = self.busy.pop(worker), worker.begun < math.inf
        worker.begun = math.inf
        if worker.fit:
            self.idle.append(worker)
        else:
            worker.stop()
            worker.join()
        return task, begun

    def _again(self, task: Task, outcome: Result | Failure, waiting: Iterator[Task]) -> Iterator[Task]:
        """A worker was lost before it had its task: another one gets it, unless this happens again and again."""
        self._lost += 1
        if self._lost > _LOST_AT_START + self.size:
            reason = outcome.message if isinstance(outcome, Failure) else "no reason is known"
            raise RuntimeError(f"no worker can be started: {reason}")
        return chain([task], waiting)

    def _patience(self) -> float | None:
        """Seconds until the first task at work is overdue; None when none will be."""
        first = min((worker.begun for worker in self.busy), default=math.inf) + self.limit
        return None if first == math.inf else max(first - time.monotonic(), 0.0)

    def _overdue(self) -> Iterator[tuple[Task, Failure]]:
        now = time.monotonic()
        for worker in [worker for worker in self.busy if now - worker.begun >= self.limit]:
            worker.fit = False
            task, _ = self._free(worker)
            yield task, Failure("hung", f"it did not end within {self.limit:g} s")
