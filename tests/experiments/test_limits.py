"""What a machine refuses is told in a sentence, with exit code 2; see `limits`."""

import errno
import os
import shlex
from types import SimpleNamespace

import cli
import pytest

from atmis.experiments import listing
from atmis.sweep import faults


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "there is not enough memory; ask for fewer replicates"),
        (RecursionError("maximum recursion depth exceeded"), "nested too deeply"),
        (ImportError("libx.so: failed to map segment"), "a library cannot be loaded (libx.so: failed to map segment)"),
        (RuntimeError("can't start new thread"), "no thread can be started"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "what was printed or opened: no space left on device"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE), "a.csv"), "a.csv: too many open files; `ulimit -n` allows"),
        (OSError(errno.EFBIG, os.strerror(errno.EFBIG), "a.csv"), "a.csv: file too large; `ulimit -f` allows more"),
    ],
)
def test_what_the_machine_refuses_is_told_in_a_sentence(monkeypatch, error, sentence):
    def refuse(arguments):
        raise error

    monkeypatch.setattr(listing, "main", refuse)
    said = cli.call("list")
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_a_fault_of_atmis_is_still_called_one(monkeypatch):
    def fail(arguments):
        raise KeyError("x")

    monkeypatch.setattr(listing, "main", fail)
    said = cli.call("list")
    assert said.code == 1
    assert "something went wrong (KeyError: 'x')" in said.err


def test_a_precision_that_is_not_reached_is_said(tmp_path):
    words = ["sweep.scenarios=[planned,no_withdrawal]", "period.end=2024-03-31", "replicates=3", "figures=false"]
    said = cli.call("sweep", *words, f"results={tmp_path / 'a'}", "precision=1e-9", "headline=attacks_total")
    assert said.code == 0
    assert "precision=1e-09 is not reached within replicates=3; allow more of them." in said.out
    assert "is not reached" not in cli.call("sweep", *words, f"results={tmp_path / 'b'}", "precision=1e9").out


def test_the_command_that_repeats_a_run_can_be_pasted(tmp_path, monkeypatch):
    folder, kept = tmp_path / "my results", []
    study = SimpleNamespace(
        identity="x",
        replicates=2,
        point_of=[0],
        scenario_of=lambda case: "planned",
        labels_of=lambda case: {},
        values=lambda case: {},
    )
    monkeypatch.setattr(
        faults.chunk_files, "write", lambda folder, identity, runs, tables: kept.extend(tables.values())
    )
    faults.record_failure(folder, study, 1, SimpleNamespace(kind="error", message="x"))
    (row,) = kept[0].to_pylist()
    assert shlex.split(row["replay"]) == ["atmis", "replay", str(folder), "1"]
