"""A process that has imported, compiled and composed everything, and forks a child for each call of `atmis`.

A child starts in milliseconds and has signals, streams and an exit code as `atmis` on a command line has. It is a
session of its own, so that it can be killed with all that it started. Run as a script, this file is the zygote.
"""

import atexit
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from command_result import CommandResult

HERE = Path(__file__).resolve().parent


class Zygote:
    """The zygote as a test sees it; a child is known by its process id."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._ended: dict[int, int] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def compose(self, *words: str, cwd: Path) -> None:
        """Compose what `atmis sweep` will compose, so that no child needs to."""
        self._send({"compose": words, "cwd": str(cwd)})
        self._receive("composed")

    def start(self, *words: str, cwd: Path, env: dict[str, str] | None = None, file_size_limit: int = 0) -> int:
        """Start `atmis` with some arguments. A `file_size_limit` in bytes acts like a full disk."""
        options = {"cwd": str(cwd), "env": env or {}, "file_size_limit": file_size_limit}
        self._send({"words": words, "output_folder": self._folder.name, **options})
        return int(self._receive("started"))

    def wait(self, child: int) -> CommandResult:
        """Wait until a child has ended."""
        while child not in self._ended:
            self._receive("ended")
        files = [Path(self._folder.name, f"{child}{end}") for end in (".out", ".err")]
        return CommandResult(self._ended.pop(child), *(file.read_text() if file.exists() else "" for file in files))

    def call(self, *words: str, cwd: Path, **options: Any) -> CommandResult:
        """Run `atmis` to its end."""
        return self.wait(self.start(*words, cwd=cwd, **options))

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _receive(self, kind: str) -> str:
        """Argument of the next message of a kind; children that end meanwhile are noted."""
        assert self._process.stdout is not None
        while True:
            line = self._process.stdout.readline()
            if not line:
                raise AssertionError("the zygote has ended")
            received, *rest = line.split()
            if received == "ended":
                self._ended[int(rest[0])] = int(rest[1])
            if received == kind:
                return rest[0] if rest else ""


def kill(child: int, number: int = signal.SIGKILL) -> None:
    """Send a signal to a child and all that it started, if it is still running."""
    with suppress(ProcessLookupError):
        os.killpg(child, number)


# --- the zygote itself ---


def main() -> None:
    """Serve requests, one a line, and report when a child ends."""
    import select

    _cache_in_all_children()
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *ignored: None)
    pending = b""
    while True:
        for ready in select.select([0, ended], [], [])[0]:
            if ready == ended:
                os.read(ended, 1000)
                _report_ended()
                continue
            more = os.read(0, 2**16)
            if not more:
                return
            *lines, pending = (pending + more).split(b"\n")
            for line in lines:
                _serve(json.loads(line))


def _say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def _report_ended() -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        _say("ended", child, os.waitstatus_to_exitcode(status))


def _serve(request: dict[str, Any]) -> None:
    os.chdir(request["cwd"])
    if "compose" in request:
        _compose(request["compose"])
        _say("composed")
    elif child := os.fork():
        _say("started", child)
    else:
        _run_command(request)


def _cache_in_all_children() -> None:
    """Compose each configuration once for all children."""
    from composition_cache import cache_composition

    from atmis.experiments import hydra_app
    from atmis.scenario import compose as module

    cache_composition()
    original, known = module.compose, {}

    def compose(overrides: Sequence[str], config_dir: Any = None, verb: str = "run") -> Any:
        key = (tuple(overrides), str(config_dir), verb)
        if key not in known:
            known[key] = pickle.dumps(original(overrides, config_dir, verb))
        return pickle.loads(known[key])

    module.compose = hydra_app.compose = compose


def _compose(words: Sequence[str]) -> None:
    """Build the study of some arguments and do one run of it: all is then imported, compiled and composed.

    No thread is started, so that it is safe to fork.
    """
    import pandas  # noqa: F401 (by pyarrow)

    from atmis import executors  # noqa: F401
    from atmis.experiments import replay, resume, sweep, verify  # noqa: F401
    from atmis.experiments.hydra_app import compose_jobs, parse_config_dir
    from atmis.sweep import chunk_tables
    from atmis.sweep.context import WorkerContext

    made, _ = sweep.build_study(compose_jobs(list(words[1:]), "sweep"), parse_config_dir(list(words[1:])))
    chunk_tables.run_chunk(WorkerContext(made), range(1), 1)


def _run_command(request: dict[str, Any]) -> NoReturn:
    """Run `atmis` as on a command line."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, end in ((1, ".out"), (2, ".err")):
        file = os.open(Path(request["output_folder"], f"{os.getpid()}{end}"), os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(request["env"])
    if "ATMIS_FAULTS" in os.environ:
        from fault_injection import sitecustomize

        from atmis.runs import ensemble

        sitecustomize.inject_faults(ensemble)
    if request["file_size_limit"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["file_size_limit"],) * 2)
    from atmis.experiments import command

    sys.argv = ["atmis", *request["words"]]
    code = command.main()
    # Do what Python does at exit, except for freeing memory, which takes a second in a forked process.
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
