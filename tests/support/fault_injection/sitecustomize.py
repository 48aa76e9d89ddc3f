"""Spoil runs or writes, in every process that has this folder on PYTHONPATH.

ATMIS_FAULTS says which: {"runs": {"7": "raise", "8": "hang"}, "tell": PIPE, "write": ["replace", 3]}. A run is known
by its replicate, so a study of one case is needed. What hangs first opens the named pipe `tell`, so that a test need
not wait blindly. The n-th call of os.replace or os.fsync fails as on a full disk.
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


def spoil(ensemble: Any) -> None:
    """Let chosen runs and writes go wrong."""
    told = json.loads(os.environ["ATMIS_FAULTS"])
    whole = ensemble.run_into

    def run_into(made: Any, row: int, inputs: Any, replicate: int, scratch: Any) -> None:
        what = told.get("runs", {}).get(str(replicate))
        if what == "raise":
            raise ArithmeticError(f"replicate {replicate} was spoiled")
        if what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "exit":
            os._exit(3)
        if what == "eat":
            eaten = []
            while True:
                eaten.append(bytearray(2**24))
        if what == "hang":
            if "tell" in told:
                open(told["tell"], "w").close()
            time.sleep(3600)
        whole(made, row, inputs, replicate, scratch)

    ensemble.run_into = run_into
    if "write" in told:
        name, number = told["write"]
        setattr(os, name, _failing(getattr(os, name), number))


def _failing(function: Callable[..., Any], number: int) -> Callable[..., Any]:
    calls = count(1)

    def failing(*words: Any) -> Any:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return function(*words)

    return failing


class _WhenImported(importlib.abc.MetaPathFinder):
    """Spoils atmis.runs.ensemble as soon as it is there; importing it here would slow down every process."""

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
            spoil(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if "ATMIS_FAULTS" in os.environ:
    sys.meta_path.insert(0, _WhenImported())
