"""The command line called in this process, and folders of a user's own YAML."""

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import NamedTuple

import helpers
import pytest
import yaml

from atmis.experiments import run, sweep
from atmis.experiments.command import main

NAMED = ("maslah", "geriley", "kuday", "burgavo", "marka_ayub", "border_hulugho", "border_liboi")
COMPILING = "Compiling the rules of the model, once; this takes about half a minute.\n"  # says the very first run
SCENARIO = """\
# @package _global_
defaults:
  - override /theatre: small
  - override /plan: small

scenario:
  name: mine
  assumes: A scenario of the tests.
"""
PLAN = """\
name: small
assumes: A plan of the tests.
phases:
  phase_1:
    start: 2022-12-18
    date: 2022-12-31
    troops: {kenya: 400, uganda: 400}
    handovers:
      maslah: {}
      geriley: {to: jubaland_forces}
    closures:
      marka_ayub: {}
    class: assumed
    source: [judgement]
  phase_2:
    start: 2023-09-17
    date: 2023-09-30
    troops: 3000
    handovers:
      kuday: {date: 2023-09-20}
    class: assumed
    source: [judgement]
pauses: {}
slips: {}
rules: {}
successor: null
redeployment:
  contingent: kenya
  share: 0.0
incidents: {}
replacement_days: 90
"""


class Said(NamedTuple):
    """What a command answers."""

    code: int
    out: str
    err: str


def call(*words: str) -> Said:
    """Run `atmis` with some words in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(words)
    return Said(code, out.getvalue(), err.getvalue())


@cache
def _small_theatre() -> str:
    """The theatre of atmis with few bases and without its outlines, which take most of the time to read."""
    theatre = helpers.composed()["theatre"]
    kept = {name: base for name, base in theatre["bases"].items() if name in NAMED}
    zones = {name: zone | {"outline": [[0, 41], [1, 41], [1, 42]]} for name, zone in theatre["zones"].items()}
    return yaml.safe_dump(theatre | {"name": "small", "bases": kept, "zones": zones, "neighbours": []})


def own_folder(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A folder of a user's own YAML with a small scenario `mine`; `files` are added, or take the place of others."""
    standard = {"scenario/mine.yaml": SCENARIO, "plan/small.yaml": PLAN, "theatre/small.yaml": _small_theatre()}
    for name, content in (standard | dict(files or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run or a sweep fail at once: what is bad must be refused before."""
    for verb in (run, sweep):
        monkeypatch.setattr(verb, "_run" if verb is run else "run", lambda *words: pytest.fail("a run was started"))


def judge(said: Said, parts: Sequence[str], before: set[str]) -> None:
    """Assert that what was said is one sentence that holds some parts, and that nothing was written."""
    assert said.code == 2, said
    assert said.out == ""
    assert re.fullmatch(r"atmis: [^\n]+\n", said.err), said.err
    assert "Traceback" not in said.err
    assert len(said.err) < 700
    for part in parts:
        assert part in said.err
    assert tree(Path.cwd()) == before


def refused(words: Sequence[str], parts: Sequence[str]) -> None:
    """Assert that words are refused in one sentence that holds some parts."""
    before = tree(Path.cwd())
    judge(call(*words), parts, before)


def tree(folder: Path) -> set[str]:
    """All files and folders below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
