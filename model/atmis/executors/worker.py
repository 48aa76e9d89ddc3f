"""What runs in a worker process: one task after the other, until it is stopped or its parent is gone."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from atmis.executors.outcome import attempt, failure

_DATA_FIELD = 5  # of /proc/self/statm, in pages


def serve(pipe: Connection, work: Callable[[Any], Any], memory_mib: int) -> None:
    """Report that the worker is ready, then answer each task with its outcome.

    Work with a method `prepare` is prepared first, so that this counts towards no task's time limit.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the terminal is for the parent
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(Exception):  # what is wrong will show again with the first task
        getattr(work, "prepare", lambda: None)()
    if memory_mib:
        _limit_memory(memory_mib)
    try:
        pipe.send("ready")
    except OSError:  # the parent is gone by now
        return
    while True:
        try:
            outcome = attempt(work, pipe.recv())
        except (EOFError, OSError):
            return
        except Exception as error:  # the task cannot be read here
            outcome = failure(error)
        try:
            pipe.send(outcome)
        except OSError:
            return
        except Exception as error:  # the result cannot be sent
            pipe.send(failure(error))


def _end_with_parent() -> None:
    """Wait for the parent process to end, then end this one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(mib: int) -> None:
    """Limit how much memory the process may use beyond what it uses now.

    Beyond, because libraries allocate memory for each core when they are loaded. The limit is on data and not on
    address space, because much address space is only reserved.
    """
    import resource

    now = int(Path("/proc/self/statm").read_text().split()[_DATA_FIELD]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = now + mib * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
