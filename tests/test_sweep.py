"""Sweeps: the same bytes however they are run, nothing lost whatever happens to them, every failure told."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import cli
import numpy as np
import nursery
import pandas as pd
import pyarrow.parquet as pq
import pytest

from atmis import chunks, ensemble, results, summary, sweep
from atmis.collect import collect
from atmis.experiments import sweep as command
from atmis.experiments.hydra_app import composed
from atmis.manifest import Provenance
from atmis.scenario.errors import InputError
from atmis.study import _RECORDS, Desk, Source, Study, built, is_direct, with_values

TABLES = ("summary.parquet", "summary.csv", "cases.csv", "bands.parquet")
FINISHED = {*TABLES, "failures.csv", "manifest.json", "study.json", ".lock", "chunks"}
WORDS = ("sweep", "--config-dir", "my", "scenario=mine", "period.start=2022-12-10", "period.end=2023-01-20")
FOLDER = Path("results/sweep/one")
RAIDS, DATE = "opposition.attacks.raids", "plan.phases.phase_1.date"
# Two scenarios, a group, a key that is put into the records, and one that is not.
BOARD = f"""\
defaults: [one]
name: board
assumes: A bit of everything.
design: grid
scenarios: [mine, other]
parameters:
  evidence: [hks2014, no_effect]
  {RAIDS}: [0.05, 0.2]
  {DATE}: ["2022-12-20", "2022-12-31"]
"""


class Made(NamedTuple):
    """A study as a command makes it."""

    study: Study
    settings: Any
    config: dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A folder with YAML of one's own."""
    folder = tmp_path_factory.mktemp("home")
    files = {"scenario/other.yaml": cli.SCENARIO.replace("mine", "other") + "  \nopposition:\n  attacks:\n    rate: 0.02\n"}
    cli.own_folder(folder / "my", {**files, "sweep/board.yaml": BOARD})
    return folder


@pytest.fixture(autouse=True)
def _place(tmp_path, home, monkeypatch):
    shutil.copytree(home / "my", tmp_path / "my")
    monkeypatch.chdir(tmp_path)
    cli.quick_yaml(monkeypatch)


@pytest.fixture(scope="module")
def make(home) -> Iterator[Callable[..., Made]]:
    """Makes a study of some words."""
    with pytest.MonkeyPatch.context() as patch:
        cli.quick_yaml(patch)

        def made(*words: str) -> Made:
            jobs = composed([*WORDS[1:], *words, f"hydra.searchpath=[{home}/my]"][:-1], "sweep")
            study, settings = command.study_of(jobs, home / "my")
            return Made(study, settings, jobs[0][0])

        patch.chdir(home)
        yield made


@pytest.fixture(scope="module")
def board(home) -> Made:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        cli.quick_yaml(patch)
        jobs = composed([*WORDS[1:], "sweep=board", "replicates=6"], "sweep")
        return Made(*command.study_of(jobs, Path("my")), jobs[0][0])
