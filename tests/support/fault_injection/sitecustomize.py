"""Inject faults into runs or writes, in every process that has this folder on PYTHONPATH.

ATMIS_FAULTS says which: {"runs": {"7": "raise", "8": "hang"}, "tell": PIPE, "write": ["replace", 3]}. A run is known
by its replicate, so the study must have one case. A run that hangs opens the named pipe `tell` first, so that a test
knows when it does. The n-th call of os.replace or os.fsync fails as on a full disk.
"""

import errno
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any


def inject_faults(ensemble: Any) -> None:
    """Make the chosen runs and writes fail."""
    faults = json.loads(os.environ["ATMIS_FAULTS"])
    whole = ensemble.run_into

    def run_into(made: Any, row: int, inputs: Any, replicate: int, scratch: Any) -> None:
        fault = faults.get("runs", {}).get(str(replicate))
        if fault == "raise":
            raise ArithmeticError(f"replicate {replicate} was made to fail")
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "exit":
            os._exit(3)
        if fault == "eat":
            memory = []
            while True:
                memory.append(bytearray(2**24))
        if fault == "hang":
            if "tell" in faults:
                open(faults["tell"], "w").close()
            time.sleep(3600)
        whole(made, row, inputs, replicate, scratch)

    ensemble.run_into = run_into
    if "write" in faults:
        name, number = faults["write"]
        setattr(os, name, _fail_once(getattr(os, name), number))


def _fail_once(function: Callable[..., Any], number: int) -> Callable[..., Any]:
    calls = count(1)

    def failing(*words: Any) -> Any:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return function(*words)

    return failing


class _OnImport(importlib.abc.MetaPathFinder):
    """Injects faults into atmis.runs.ensemble when it is imported; to import it here would slow down every process."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != "atmis.runs.ensemble":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            inject_faults(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if "ATMIS_FAULTS" in os.environ:
    sys.meta_path.insert(0, _OnImport())
