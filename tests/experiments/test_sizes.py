"""Sizes are told before anything is run: memory, disk, and names of files that would overflow."""

import shutil
from collections import namedtuple
from pathlib import Path

import cli
import pytest

import atmis
from atmis.experiments import resources
from atmis.scenario.errors import InputError

GB = 10**9
LHS = ("sweep.design=latin_hypercube", "+sweep.parameters={opposition.attacks.raids: {low: 0.0, high: 0.2}}")


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("verb", ["run", "compare extended", "attribute"])
def test_memory_that_is_not_free_is_refused(verb, monkeypatch):
    monkeypatch.setattr(resources, "available_memory", lambda: 4 * GB)
    said = cli.call(*verb.split(), "replicates=10000")
    assert (said.code, said.out) == (2, "")
    assert "replicates=10000': replicates: 10,000 would take about " in said.err
    assert "GB of memory, and 4.0 GB are free; allowed here: at most " in said.err
    assert said.err.endswith("`atmis sweep` keeps on disk what does not fit\n")
    assert not list(Path().iterdir())


def test_what_is_needed_is_what_was_measured(capsys):
    """One run of `planned` keeps 354 kB; measured at 100 to 1,100 replicates: 465 kB each, and 0.35 GB at all."""
    resources.check_memory([(atmis.load("planned"), 100)], "")
    assert capsys.readouterr().err == ""
    resources.check_memory([(atmis.load("planned"), 10_000)], "")
    assert capsys.readouterr().err.startswith("atmis: this will take about 5.4 GB of memory")


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"memory.max": "3000000000\n", "memory.current": "1000000000\n"}, 2 * GB),
        ({"memory.max": "max\n", "memory.current": "1000000000\n"}, 9 * GB),
        ({"memory/memory.limit_in_bytes": "5000000000", "memory/memory.usage_in_bytes": "1000000000"}, 4 * GB),
    ],
)
def test_free_memory_heeds_control_groups(tmp_path, monkeypatch, files, free):
    monkeypatch.setattr(resources, "_CGROUPS", tmp_path)
    monkeypatch.setattr(resources, "_free_memory", lambda: 9 * GB)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert resources.available_memory() == free


@pytest.mark.parametrize("verb", ["sweep", "sensitivity"])
def test_names_of_chunks_do_not_overflow(verb):
    points = ("sweep.points=1000000",) if verb == "sweep" else ("sweep.design=sobol", "sweep.points=1024")
    said = cli.call(verb, *LHS, *points, "replicates=1000000", *(["baseline=planned"] if verb == "sensitivity" else []))
    assert (said.code, said.out) == (2, "")
    assert "runs; allowed: at most 999,999,999 runs, here " in said.err
    assert not list(Path().iterdir())


def test_a_disk_that_is_too_small_is_told(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 3 * GB))
    said = cli.call("sweep", *LHS, "sweep.points=100", "replicates=100000", "series_runs=0")
    assert (said.code, said.out) == (2, "")
    assert said.err.removeprefix(cli.COMPILING) == (
        "atmis: 10,000,000 runs (100 cases, 100,000 replicates of each) would take about 16 GB in results/sweep/one, "
        "where 3 GB are free; allowed: fewer replicates, fewer points, or another results=\n"
    )
    assert not list(Path().iterdir())
    resources.check_disk(Path("results"), 2.9 * GB, "this")


def test_tables_that_do_not_fit_into_memory_are_told(monkeypatch):
    monkeypatch.setattr("atmis.experiments.sweep.available_memory", lambda: GB)
    monkeypatch.setattr("atmis.experiments.sweep.check_disk", lambda *words: None)
    said = cli.call("sweep", "replicates=1000000", "series_runs=0")
    assert said.code == 2
    assert "make tables of about 2 GB, and 1 GB of memory are free here; allowed here: at most 400,000 runs" in said.err


def test_a_folder_that_cannot_be_made_is_still_a_sentence():
    Path("results").write_text("")
    with pytest.raises(InputError, match="a file stands where a folder is needed"):
        resources.check_folder(Path("results/run"), "")
