"""Tasks for the tests of executors, good and bad; as a script, a program that runs some until it is interrupted."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, NoReturn

from atmis import executors

Task = tuple[str, int]


class UnpicklableError(Exception):
    """An exception that pickle cannot restore."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__("odd")


class UnprintableError(Exception):
    """An exception that has no text."""

    def __str__(self) -> str:
        raise RuntimeError


def perform(task: Task) -> Any:
    """Square a number, unless the task is a bad one."""
    kind, number = task
    match kind:
        case "raise":
            raise ValueError(f"{number} is\nbad")
        case "odd":
            raise UnpicklableError(1, 2)
        case "mute":
            raise UnprintableError
        case "leave":
            sys.exit(3)
        case "exit":
            os._exit(9)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(1000)
        case "slow":
            time.sleep(0.05)
        case "memory":
            return len(bytearray(1 << 40))
        case "eat":
            return len([bytearray(1 << 20) for _ in range(1 << 20)])
        case "lambda":
            return lambda: number
        case "where":
            time.sleep(0.02)
            return os.getppid()
        case "big":
            return bytes(20_000_000)
    return number**2


def endless_tasks(kind: str = "good") -> Iterator[Task]:
    """Tasks without end."""
    return ((kind, number) for number in count())


def main(name: executors.Name, behaviour: str) -> None:
    """Run slow tasks for ever, and print a line when the first are done; `behaviour` is what else the program does."""
    run = executors.make(name, workers=2).run(perform, endless_tasks("hang" if behaviour == "hang" else "slow"))
    if behaviour == "hang":
        signal.signal(signal.SIGALRM, lambda *_: print("going", flush=True))
        signal.setitimer(signal.ITIMER_REAL, 2 if name == "dask" else 0.5)
    if behaviour == "term":
        signal.signal(signal.SIGTERM, _end)
    for number, _ in enumerate(run):
        if number == 10:
            print("going", flush=True)
            if behaviour == "leave open":
                global open_run
                open_run = run
                return


def _end(number: int, frame: object) -> NoReturn:
    raise SystemExit(143)


open_run: Any = None

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored where tests are started in the background
    import executor_tasks  # under the name that other processes use

    executor_tasks.main(*sys.argv[1:])  # type: ignore[arg-type]
