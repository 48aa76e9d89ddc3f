"""Call the command line in this process, and make folders with a user's own YAML."""

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import helpers
import pytest
import yaml
from command_result import CommandResult

from atmis.experiments import run, sweep
from atmis.experiments.command import main

SMALL_THEATRE_BASES = ("maslah", "geriley", "kuday", "burgavo", "marka_ayub", "border_hulugho", "border_liboi")
COMPILING = (
    "Compiling the rules of the model, once; this takes about half a minute.\n"  # only the very first run says so
)
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


def call(*words: str) -> CommandResult:
    """Run `atmis` with the given arguments in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(words)
    return CommandResult(code, out.getvalue(), err.getvalue())


@cache
def _small_theatre() -> str:
    """The standard theatre with few bases and without outlines, which take most of the reading time."""
    theatre = helpers.composed()["theatre"]
    bases = {name: base for name, base in theatre["bases"].items() if name in SMALL_THEATRE_BASES}
    zones = {name: zone | {"outline": [[0, 41], [1, 41], [1, 42]]} for name, zone in theatre["zones"].items()}
    return yaml.safe_dump(theatre | {"name": "small", "bases": bases, "zones": zones, "neighbours": []})


def own_folder(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a folder of a user's own YAML with a small scenario `mine`; `files` are added or replace others."""
    standard = {"scenario/mine.yaml": SCENARIO, "plan/small.yaml": PLAN, "theatre/small.yaml": _small_theatre()}
    for name, content in (standard | dict(files or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def forbid_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as a run or a sweep starts: bad input must be refused before."""
    for verb in (run, sweep):
        monkeypatch.setattr(verb, "_run" if verb is run else "run", lambda *words: pytest.fail("a run was started"))


def check_refusal(result: CommandResult, parts: Sequence[str], before: set[str]) -> None:
    """Assert that a command was refused in one sentence with the given parts, and that it wrote nothing."""
    assert result.code == 2, result
    assert result.out == ""
    assert re.fullmatch(r"atmis: [^\n]+\n", result.err), result.err
    assert "Traceback" not in result.err
    assert len(result.err) < 700
    for part in parts:
        assert part in result.err
    assert paths_below(Path.cwd()) == before


def assert_refused(words: Sequence[str], parts: Sequence[str]) -> None:
    """Assert that a command line is refused in one sentence with the given parts."""
    before = paths_below(Path.cwd())
    check_refusal(call(*words), parts, before)


def paths_below(folder: Path) -> set[str]:
    """Paths of all files and folders below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
