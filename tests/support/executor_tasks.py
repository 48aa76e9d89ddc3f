"""Work for the tests of executors, good and bad; also a program that does some, to be interrupted from outside."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, NoReturn

from atmis import executors

Chore = tuple[str, int]


class Odd(Exception):
    """An exception that pickle cannot make again."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__("odd")


class Mute(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


def do(chore: Chore) -> Any:
    """The square of a number, unless the chore is a bad one."""
    kind, number = chore
    match kind:
        case "raise":
            raise ValueError(f"{number} is\nbad")
        case "odd":
            raise Odd(1, 2)
        case "mute":
            raise Mute
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


def endless(kind: str = "good") -> Iterator[Chore]:
    """Chores without end."""
    return ((kind, number) for number in count())


def main(name: executors.Name, how: str) -> None:
    """Do slow chores for ever; say when the first ones are done. `how`: what this program does about it all."""
    run = executors.make(name, workers=2).run(do, endless("hang" if how == "hang" else "slow"))
    if how == "hang":
        signal.signal(signal.SIGALRM, lambda *_: print("going", flush=True))
        signal.setitimer(signal.ITIMER_REAL, 2 if name == "dask" else 0.5)
    if how == "term":
        signal.signal(signal.SIGTERM, _end)
    for number, _ in enumerate(run):
        if number == 10:
            print("going", flush=True)
            if how == "leave open":
                global kept
                kept = run
                return


def _end(number: int, frame: object) -> NoReturn:
    raise SystemExit(143)


kept: Any = None

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what starts tests in the background has it ignored
    import executor_tasks  # under the name by which other processes know it

    executor_tasks.main(*sys.argv[1:])  # type: ignore[arg-type]
