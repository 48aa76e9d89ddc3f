"""Whatever becomes of a task is its own outcome; all others are done, once; whoever stops, stops at once."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import executor_tasks
import psutil
import pytest

from atmis import executors
from atmis.executors import Executor, Failure, make
from atmis.executors.processes import Processes
from atmis.scenario.errors import InputError

NAMES = executors.NAMES
SOON = 20  # seconds: far less than what hangs would take; no measurement, for machines are noisy
GOOD = [("good", number) for number in range(60)]
IN_PROCESSES = {"exit": "killed", "kill": "killed", "memory": "memory", "eat": "memory", "lambda": "raised"}
KINDS = {"good": None, "raise": "raised", "odd": "raised", "mute": "raised", "leave": "raised", "hang": "hung"}


def mixed(kinds: Iterable[str]) -> list[executor_tasks.Task]:
    """60 tasks with two of each bad kind among them."""
    bad = [kind for kind in kinds if kind != "good"] * 2
    places = {5 + 54 * k // len(bad): kind for k, kind in enumerate(bad)}
    assert len(places) == len(bad)
    return [(places.get(number, "good"), number) for number in range(60)]


def outcomes(executor: Executor, tasks: Iterable[executor_tasks.Task]) -> dict[executor_tasks.Task, Any]:
    found = list(executor.run(executor_tasks.perform, tasks))
    assert max(Counter(task for task, _ in found).values(), default=1) == 1
    return dict(found)


def left() -> list[psutil.Process]:
    """Processes that came from this one, but for the two that multiprocessing keeps until the end."""

    def kept(process: psutil.Process) -> bool:
        words = " ".join(process.cmdline())
        return "resource_tracker" in words or ("forkserver" in words and process.ppid() == os.getpid())

    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.status() != psutil.STATUS_ZOMBIE and not kept(process):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.fixture(autouse=True)
def _no_process_left() -> Iterator[None]:
    yield
    deadline = time.monotonic() + SOON
    while left() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left() == []


# --- each task has its outcome ---


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_task_is_its_own_failure_and_all_others_are_done(name):
    kinds = KINDS if name == "threads" else KINDS | IN_PROCESSES
    executor = make(name, workers=2, limit_seconds=4, memory_mib=0 if name == "threads" else 200)
    found = outcomes(executor, mixed(kinds))
    assert len(found) == 60
    for (kind, number), outcome in found.items():
        if kind == "good":
            assert outcome == number**2
        else:
            assert isinstance(outcome, Failure), kind
            assert outcome.kind == kinds[kind], outcome
            assert outcome.message.startswith("it")
            assert "\n" not in outcome.message


def test_a_failure_says_what_happened():
    said = {
        kind: outcome
        for (kind, _), outcome in outcomes(Processes(1, 0.2), mixed(["raise", "exit", "kill", "hang"])).items()
    }
    assert said["raise"].message.startswith("it raised ValueError: ")
    assert said["raise"].message.endswith(" is bad")
    assert said["exit"].message == "its process ended with exit code 9"
    assert said["kill"].message == "its process was killed by SIGKILL"
    assert said["hang"].message == "it did not end within 0.2 s"


def test_results_are_the_same_over_executors():
    found = [
        outcomes(executor, GOOD)
        for executor in (*(make(name, workers=2) for name in NAMES), Processes(3, start="spawn"))
    ]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("name", ["threads", "processes"])
@pytest.mark.parametrize("tasks", [0, 1, 5])
def test_fewer_tasks_than_workers(name, tasks):
    before = threading.active_count()
    assert outcomes(make(name, workers=8), GOOD[:tasks]) == {("good", n): n**2 for n in range(tasks)}
    assert threading.active_count() <= before + tasks


def test_no_tasks_need_no_cluster(monkeypatch):
    monkeypatch.delattr("atmis.executors.clients.LocalCluster")
    assert outcomes(make("dask", workers=2), []) == {}


def test_the_work_may_be_a_partial_function():
    assert dict(Processes(1).run(partial(pow, 2), [3, 4])) == {3: 8, 4: 16}


def test_a_worker_that_dies_again_and_again_costs_only_its_task():
    tasks = [("exit" if number % 2 else "good", number) for number in range(60)]
    found = outcomes(Processes(2), tasks)
    assert {kind for (kind, _), outcome in found.items() if isinstance(outcome, Failure)} == {"exit"}
    assert len(found) == 60


def test_a_worker_killed_while_it_sends_costs_only_its_task():
    found = {}
    with closing(Processes(2).run(executor_tasks.perform, [("big", number) for number in range(30)])) as run:
        for (_, number), outcome in run:
            found[number] = outcome
            if number % 5 == 0:
                os.kill(workers()[0], signal.SIGKILL)
    lost = [outcome for outcome in found.values() if isinstance(outcome, Failure)]
    assert len(found) == 30
    assert len(lost) <= 6
    assert {outcome.kind for outcome in lost} <= {"killed"}
    assert all(outcome == bytes(20_000_000) for outcome in found.values() if not isinstance(outcome, Failure))


def test_workers_that_cannot_start_are_told_once(monkeypatch):
    monkeypatch.setattr(Gone, "__module__", "no_such_module")
    with pytest.raises(RuntimeError, match="no worker can be started: its process ended with exit code 1"):
        list(Processes(1, start="spawn").run(Gone(), GOOD))


class Gone:
    """Work that no other process can import."""

    def __call__(self, task: executor_tasks.Task) -> int:
        return 0

    def __reduce__(self) -> Any:
        return partial(__import__, "no_such_module"), ()


def workers() -> list[int]:
    return [
        process.pid for process in multiprocessing.active_children() if process.pid and process.name == "atmis worker"
    ]


# --- tasks are taken when there is room ---


@pytest.mark.parametrize("name", NAMES)
def test_tasks_are_taken_as_they_are_needed_and_closing_stops_at_once(name):
    taken = []

    def endless() -> Iterator[executor_tasks.Task]:
        for task in executor_tasks.endless_tasks():
            taken.append(task)
            yield task

    run = make(name, workers=2).run(executor_tasks.perform, endless())
    got = [next(run) for _ in range(10)]
    started = time.monotonic()
    run.close()
    assert time.monotonic() - started < SOON
    assert len(got) == 10
    assert len(taken) <= 14


@pytest.mark.parametrize("name", NAMES)
def test_closing_does_not_wait_for_what_is_at_work(name):
    run = make(name, workers=2).run(executor_tasks.perform, [("good", 1), *[("hang", number) for number in range(4)]])
    assert next(run) == (("good", 1), 1)
    time.sleep(0.5)
    started = time.monotonic()
    run.close()
    assert time.monotonic() - started < SOON


class Enough(BaseException):
    """Raised by who asks for results."""


@pytest.mark.parametrize("name", NAMES)
def test_an_exception_of_who_asks_stops_the_work(name):
    def ask() -> None:
        for number, _ in enumerate(
            make(name, workers=2).run(executor_tasks.perform, executor_tasks.endless_tasks("slow"))
        ):
            if number == 3:
                raise Enough

    with pytest.raises(Enough):
        ask()


@pytest.mark.parametrize("name", ["threads", "processes"])
def test_an_exception_of_the_tasks_comes_through(name):
    def tasks() -> Iterator[executor_tasks.Task]:
        yield "good", 1
        raise Enough

    with pytest.raises(Enough):
        list(make(name, workers=1).run(executor_tasks.perform, tasks()))


# --- signals and the end of the interpreter ---


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("how", "number", "code"),
    [("int", signal.SIGINT, -2), ("term", signal.SIGTERM, 143), ("hang", signal.SIGINT, -2), ("leave open", None, 0)],
)
def test_a_program_ends_at_once_and_leaves_nothing(name, how, number, code):
    """A signal goes to the whole group, as from a terminal."""
    program = [sys.executable, "-W", "error", str(Path(executor_tasks.__file__)), name, how]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "going\n"
        started = time.monotonic()
        if number is not None:
            os.killpg(running.pid, number)
        running.wait(2 * SOON)
        took = time.monotonic() - started
        said = running.communicate()[1]
    assert running.returncode == code, said
    assert took < SOON, took
    assert said.count("Traceback") == (how in ("int", "hang")), said
    deadline = time.monotonic() + SOON
    while (alive := session(running.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert alive == []


def session(leader: int) -> list[int]:
    """Processes of a session."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            continue
    return found


# --- a cluster ---


def test_a_lost_worker_of_a_cluster_costs_nothing():
    tasks, found = [("where", number) for number in range(60)], []
    for number, (task, outcome) in enumerate(make("dask", workers=2).run(executor_tasks.perform, tasks)):
        assert not isinstance(outcome, Failure)
        found.append((task, outcome))
        if number == 15:
            os.kill(outcome, signal.SIGKILL)  # the parent of the process that did the task: a worker of the cluster
            killed = outcome
    assert sorted(task for task, _ in found) == sorted(tasks)
    assert killed not in {outcome for _, outcome in found[-20:]}
    assert len({outcome for _, outcome in found}) >= 2


def test_a_cluster_of_somebody_else():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        host="127.0.0.1",
        scheduler_kwargs={"dashboard": False, "dashboard_address": ":0"},
    ) as cluster:
        executor = make("dask", limit_seconds=1, scheduler=cluster.scheduler_address)
        found = outcomes(executor, mixed(["raise", "exit", "hang"]))
        kinds = Counter(outcome.kind for outcome in found.values() if isinstance(outcome, Failure))
        assert kinds == {"raised": 2, "killed": 2, "hung": 2}
        run = executor.run(
            executor_tasks.perform, [("good", 1), *[("hang", number) for number in range(4)]]
        )  # a second run
        next(run)
        run.close()
        deadline = time.monotonic() + 2
        while len(left()) > 1 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(left()) == 1, "only the worker of the cluster itself"


# --- what does not go together ---


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "thread"}, "executor: 'thread' is not one; did you mean 'threads'?"),
        ({"name": "threads", "memory_mib": 1}, "memory_mib: threads share"),
        ({"name": "processes", "scheduler": "tcp://127.0.0.1:1"}, "scheduler: allowed with executor=dask only"),
        ({"name": "dask", "scheduler": "here"}, "scheduler: 'here' is none; allowed: an address such as tcp"),
    ],
)
def test_what_does_not_go_together_is_told(settings, message):
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        make(**settings)


def test_no_scheduler_is_told(monkeypatch):
    from atmis.executors import clients

    monkeypatch.setattr(clients, "_CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9; waited 1 s"):
        list(make("dask", scheduler="tcp://127.0.0.1:9").run(executor_tasks.perform, GOOD))


def test_dask_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "atmis.executors.cluster", raising=False)
    with pytest.raises(InputError, match=r"executor=dask needs the library distributed; install it with: pip install"):
        make("dask")


def test_dask_is_imported_only_when_it_is_used():
    code = "import sys; from atmis import executors; executors.make('processes'); print('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
