"""Workers are as many as this process may use, and not as many as the machine has."""

import os

import pytest

from atmis.executors import allowed_cores, cores, make
from atmis.runs import ensemble


@pytest.fixture(autouse=True)
def _machine(monkeypatch, tmp_path):
    """Sixteen processors, and no limits but those of a test."""
    for name in cores._GRANTED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cores, "_CGROUPS", tmp_path)
    monkeypatch.setattr(os, "process_cpu_count", lambda: 16, raising=False)


def test_all_where_nothing_limits():
    assert allowed_cores() == 16


def test_affinity_counts_where_python_does_not_tell(monkeypatch):
    monkeypatch.delattr(os, "process_cpu_count")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {3, 4, 9}, raising=False)
    assert allowed_cores() == 3


@pytest.mark.parametrize("name", ["SLURM_CPUS_PER_TASK", "NSLOTS", "NCPUS", "LSB_DJOB_NUMPROC"])
@pytest.mark.parametrize(("text", "allowed"), [("4", 4), ("64", 16), ("", 16), ("all", 16), ("0", 16)])
def test_batch_systems(monkeypatch, name, text, allowed):
    monkeypatch.setenv(name, text)
    assert allowed_cores() == allowed


@pytest.mark.parametrize(
    ("files", "allowed"),
    [
        ({"cpu.max": "200000 100000\n"}, 2),
        ({"cpu.max": "max 100000\n"}, 16),
        ({"cpu.max": "250000 100000\n"}, 2),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 16),
        ({"cpu.max": "nonsense\n"}, 16),
    ],
)
def test_control_groups(tmp_path, files, allowed):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert allowed_cores() == allowed


def test_every_executor_counts_so(monkeypatch):
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "3")
    assert [make(name).workers for name in ("threads", "processes", "dask")] == [3, 3, 3]
    assert ensemble.allowed_cores is allowed_cores
