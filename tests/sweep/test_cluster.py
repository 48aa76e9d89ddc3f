"""Sweeps on a Dask cluster as people run it: workers elsewhere, without this disk, of other versions, late."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chunk_losses
import cli
import pytest
from small_sweeps import MINE

from atmis.executors import relay, versions
from atmis.executors.relay import Misfit, TaskSettings, Unready, forward
from atmis.experiments import sweep as command
from atmis.experiments.hydra_app import compose_jobs
from atmis.scenario.errors import InputError
from atmis.sweep import identity, lock, loop
from atmis.sweep.task import SentChunk

FOLDER = Path("results/sweep/one")
WORDS = (*MINE, "chunk=1")
TABLES = ("summary.parquet", "summary.csv", "cases.csv", "cases.parquet", "bands.parquet", "failures.csv")


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    cli.own_folder(Path("my"), {})


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[tuple[str, list[Path]]]:
    """The address of a scheduler with two workers, and their working folders."""
    from distributed import LocalCluster

    quiet = {"dashboard": False, "dashboard_address": ":0"}
    with LocalCluster(n_workers=0, host="127.0.0.1", scheduler_kwargs=quiet) as own:
        places = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
        words = [sys.executable, "-m", "distributed.cli.dask_worker", own.scheduler_address, "--nthreads", "1"]
        workers = [
            subprocess.Popen([*words, "--no-nanny", "--no-dashboard"], cwd=place, stderr=subprocess.DEVNULL)
            for place in places
        ]
        yield own.scheduler_address, places
        for worker in workers:
            worker.kill()
            worker.wait()


def test_workers_in_other_folders_and_the_default_results(cluster):
    address, places = cluster
    said = cli.call("sweep", *WORDS, "executor=dask", f"executor.scheduler={address}")
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    swept = {name: (FOLDER / name).read_bytes() for name in TABLES}
    assert cli.call("verify", str(FOLDER)).code == 0
    assert not [path for place in places for path in place.rglob("*.parquet")]
    assert cli.call("sweep", *WORDS, "results=alone").code == 0
    assert {name: (Path("alone/sweep/one") / name).read_bytes() for name in TABLES} == swept


def test_workers_of_other_versions_are_told_once(cluster, monkeypatch):
    address, _ = cluster
    expected = versions.here() | {"numpy": "0.0.1"}
    monkeypatch.setattr(versions, "here", lambda: expected)
    said = cli.call("sweep", *WORDS, "executor=dask", f"executor.scheduler={address}")
    assert (said.code, said.out) == (2, "")
    sentence = said.err.removeprefix(cli.COMPILING)
    assert sentence.startswith("atmis: the Dask worker tcp://127.0.0.1:")
    assert f"has numpy {versions.metadata.version('numpy')} in place of 0.0.1; install the same" in sentence
    assert sentence.count("\n") == 1
    assert not (FOLDER / "failures.csv").exists()


def settings(**changed: str) -> TaskSettings:
    return TaskSettings("a run", 0.0, 0, versions.here() | changed)


def test_a_worker_that_joins_late_checks_itself():
    assert forward(settings(atmis="9.9"), ("good", 1)) == f"atmis {versions.here()['atmis']} in place of 9.9"
    assert isinstance(forward(settings(numba="9.9"), ("good", 1)), Misfit)


def test_a_worker_that_joins_late_asks_for_the_work(monkeypatch):
    monkeypatch.setattr(relay, "get_worker", lambda: type("Worker", (), {"address": "tcp://10.0.0.7:1"}))
    answer = forward(settings(), ("good", 1))
    assert isinstance(answer, Unready)
    assert answer == "tcp://10.0.0.7:1"


def test_what_dask_tells_of_versions_is_what_a_worker_tells():
    from distributed.versions import get_versions

    assert versions.of_dask(get_versions(packages=versions.PACKAGES)) == versions.here()


class Elsewhere(chunk_losses.Here):
    """Workers that share nothing with this process."""

    is_remote = True


def run(executor: Any) -> None:
    jobs = compose_jobs(list(WORDS), "sweep")
    study, made = command.build_study(jobs, Path("my"))
    with lock.hold(FOLDER):
        identity.prepare(FOLDER, study, made, jobs[0][0])
        loop.run(FOLDER, study, made, lambda runs, isolated: executor)


def test_other_code_of_the_same_version_ends_the_sweep_in_a_sentence(monkeypatch):
    monkeypatch.setattr(SentChunk, "of_folder", classmethod(lambda cls, folder, identity, every: cls(b"", "x", every)))
    monkeypatch.setattr("atmis.sweep.task._sent_study", lambda study: type("Other", (), {"identity": "y"}))
    with pytest.raises(InputError, match="another version of atmis than this one; install the same on all"):
        run(Elsewhere())


def test_results_that_cannot_be_written_here_end_the_sweep(monkeypatch):
    def full(*words: Any) -> None:
        raise OSError(28, "No space left on device")

    class Full(Elsewhere):
        def run(self, work, tasks):
            for task, answer in super().run(work, tasks):
                monkeypatch.setattr("os.replace", full)
                yield task, answer

    with pytest.raises(InputError, match=r"chunks.*cannot be written: no space left on device"):
        run(Full())
    monkeypatch.undo()
