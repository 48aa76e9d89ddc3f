"""A process that has all imported, compiled and composed, and runs `atmis` in children of its own.

Each child is a session of its own that can be killed as a whole, starts in milliseconds, and has signals, streams and
an exit code as `atmis` on a command line has. As a script, this file is that process.
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
from typing import Any, NamedTuple, NoReturn

HERE = Path(__file__).resolve().parent


class Said(NamedTuple):
    """What a command answers."""

    code: int  # negative: the signal that killed it
    out: str
    err: str


class Nursery:
    """The process, as seen by a test. A child is known by its process id."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._ended: dict[int, int] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def compose(self, *words: str, cwd: Path) -> None:
        """Compose what `atmis sweep` will compose, so that no child needs to."""
        self._ask({"compose": words, "cwd": str(cwd)})
        self._hear("composed")

    def begin(self, *words: str, cwd: Path, env: dict[str, str] | None = None, most_bytes: int = 0) -> int:
        """Start `atmis` with some words. `most_bytes`: of a file, as where a disk is full."""
        asked = {"words": words, "cwd": str(cwd), "env": env or {}, "most_bytes": most_bytes, "to": self._folder.name}
        self._ask(asked)
        return int(self._hear("begun"))

    def wait(self, child: int) -> Said:
        """Wait for the end of a child."""
        while child not in self._ended:
            self._hear("ended")
        files = [Path(self._folder.name, f"{child}{end}") for end in (".out", ".err")]
        return Said(self._ended.pop(child), *(file.read_text() if file.exists() else "" for file in files))

    def call(self, *words: str, cwd: Path, **how: Any) -> Said:
        """Run `atmis` to its end."""
        return self.wait(self.begin(*words, cwd=cwd, **how))

    def _ask(self, asked: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def _hear(self, wanted: str) -> str:
        """What is said of a kind; ends that are told meanwhile are kept."""
        assert self._process.stdout is not None
        while True:
            line = self._process.stdout.readline()
            if not line:
                raise AssertionError("the nursery has ended")
            kind, *rest = line.split()
            if kind == "ended":
                self._ended[int(rest[0])] = int(rest[1])
            if kind == wanted:
                return rest[0] if rest else ""


def kill(child: int, number: int = signal.SIGKILL) -> None:
    """Send a signal to a child and to all that it has started, if it is still there."""
    with suppress(ProcessLookupError):
        os.killpg(child, number)


# --- the process itself ---


def main() -> None:
    """Do what is asked, line by line, and tell when a child ends."""
    import select

    _remember()
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *ignored: None)
    asked = b""
    while True:
        for ready in select.select([0, ended], [], [])[0]:
            if ready == ended:
                os.read(ended, 1000)
                _tell_the_ended()
                continue
            more = os.read(0, 2**16)
            if not more:
                return
            *lines, asked = (asked + more).split(b"\n")
            for line in lines:
                _do(json.loads(line))


def _say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def _tell_the_ended() -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        _say("ended", child, os.waitstatus_to_exitcode(status))


def _do(asked: dict[str, Any]) -> None:
    os.chdir(asked["cwd"])
    if "compose" in asked:
        _compose(asked["compose"])
        _say("composed")
    elif child := os.fork():
        _say("begun", child)
    else:
        _live(asked)


def _remember() -> None:
    """Let what is composed once be there for all children."""
    from composition_cache import quick

    from atmis.experiments import hydra_app
    from atmis.scenario import compose as module

    quick()
    whole, known = module.compose, {}

    def compose(overrides: Sequence[str], config_dir: Any = None, verb: str = "run") -> Any:
        key = (tuple(overrides), str(config_dir), verb)
        if key not in known:
            known[key] = pickle.dumps(whole(overrides, config_dir, verb))
        return pickle.loads(known[key])

    module.compose = hydra_app.compose = compose


def _compose(words: Sequence[str]) -> None:
    """Make the study of some words and a run of it: all is then imported, compiled and composed, no thread started."""
    import pandas  # noqa: F401 (by pyarrow)

    from atmis import executors  # noqa: F401
    from atmis.experiments import replay, resume, sweep, verify  # noqa: F401
    from atmis.experiments.hydra_app import composed, own_folder
    from atmis.sweep import chunk_tables
    from atmis.sweep.context import WorkerContext

    made, _ = sweep.study_of(composed(list(words[1:]), "sweep"), own_folder(list(words[1:])))
    chunk_tables.of_runs(WorkerContext(made), range(1), 1)


def _live(asked: dict[str, Any]) -> NoReturn:
    """Be `atmis` on a command line."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, end in ((1, ".out"), (2, ".err")):
        file = os.open(Path(asked["to"], f"{os.getpid()}{end}"), os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(asked["env"])
    if "ATMIS_FAULTS" in os.environ:
        from fault_injection import sitecustomize

        from atmis.runs import ensemble

        sitecustomize.spoil(ensemble)
    if asked["most_bytes"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["most_bytes"],) * 2)
    from atmis.experiments import command

    sys.argv = ["atmis", *asked["words"]]
    code = command.main()
    # What ends a program of Python, but for clearing its memory: of one that was forked, that takes a second.
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
