"""What runs in a worker process: one task after the other, until there is no more or the parent is gone."""

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


def serve(line: Connection, work: Callable[[Any], Any], memory_mib: int) -> None:
    """Say that all is ready, then answer each task with its outcome.

    Work that has a method `prepare` is prepared first, so that no task's time goes into it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is at the terminal speaks to the parent
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(Exception):  # what is wrong shows again with the first task
        getattr(work, "prepare", lambda: None)()
    if memory_mib:
        _limit_memory(memory_mib)
    try:
        line.send("ready")
    except OSError:  # the parent has gone meanwhile
        return
    while True:
        try:
            outcome = attempt(work, line.recv())
        except (EOFError, OSError):
            return
        except Exception as error:  # the task cannot be read here
            outcome = failure(error)
        try:
            line.send(outcome)
        except OSError:
            return
        except Exception as error:  # the result cannot be sent
            line.send(failure(error))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(mib: int) -> None:
    """Limit what the process may have on top of what it has now.

    On top, because libraries take memory for each core when they are loaded. Data and not addresses, because much
    address space is only reserved.
    """
    import resource

    now = int(Path("/proc/self/statm").read_text().split()[_DATA_FIELD]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = now + mib * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
