"""The example mechanism of CONTRIBUTING.md, applied to a copy of the tree, does what the text says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import helpers
import pytest

TOP = Path(__file__).resolve().parents[2]
RECIPE = re.search(r"```sh\n(git apply .*?)```", (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
assert RECIPE is not None
PATCH, DOCUMENT, *COMMANDS = RECIPE[1].splitlines()
# Five cells for a few days, uncompiled: to compile the changed rules would take half a minute.
SMALL = {"period.end": "2022-04-12", "opposition.cells.fighters": 95, "opposition.attacks.rate": 0.4}
WORDS = [*(f"{key}={value}" for key, value in SMALL.items()), "replicates=2", "workers=1", "figures=false"]
SMALLER = {
    "sensitivity": ["sweep.points=2", "sweep.scenarios=[planned]", "period.end=2022-04-08"],
    "attribute": [  # from one month to the next, in which no dated event lies
        "mechanisms=[watch]", "window={start: 2022-05-01, end: 2022-05-31}", "group=all", "period.end=2022-05-31",
        "reference={start: 2022-04-01, end: 2022-04-30}",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the package and of all that the patch touches, with the patch applied."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("benchmarks", "conf", "experiments", "model", "tests"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "figures"))
    shutil.copy(TOP / "README.md", folder)
    subprocess.run(
        shlex.split(PATCH), cwd=folder, check=True, env=os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    )
    return folder


@pytest.fixture(scope="module")
def working_folder(tmp_path_factory):
    """The folder in which the commands are run."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="module")
def outcome(tree, working_folder):
    """Results of the commands of the recipe in that tree."""
    words = [shlex.split(command)[1:] for command in COMMANDS]
    request = {"small": SMALL, "commands": [[*arguments, *WORDS, *SMALLER[arguments[0]]] for arguments in words]}
    run = subprocess.run(
        [sys.executable, tree / "tests" / "project" / "recipe" / "tree.py", tree],
        input=json.dumps(request), capture_output=True, text=True, cwd=working_folder,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_the_recipe_has_the_commands_run_here():
    assert PATCH == "git apply tests/project/recipe/watch.patch"
    assert DOCUMENT == ".venv/bin/python -m atmis.experiments.document"
    assert [command.split()[:2] for command in COMMANDS] == [
        [".venv/bin/atmis", verb] for verb in ("sensitivity", "attribute")
    ]


def test_the_neutral_value_changes_no_byte(outcome):
    assert outcome["digest"] == helpers.digest(helpers.run(helpers.change(helpers.composed(), SMALL))[1])


def test_the_commands_succeed_and_name_the_mechanism(outcome, working_folder):
    sensitivity, attribution = outcome["answers"][1:]
    assert (sensitivity[0], sensitivity[2], attribution[0], attribution[2]) == (0, "", 0, "")
    (table,) = working_folder.glob("results/sensitivity/watch/*/sensitivity.csv")
    assert ",society.control.watch," in table.read_text(encoding="utf-8")
    worth = re.search(r"^attacks foiled by communities +(\S+)", attribution[1], re.MULTILINE)
    assert worth is not None
    assert float(worth[1].replace("−", "-")) != 0, attribution[1]


def test_its_tests_by_hand_pass(outcome):
    assert outcome["tested"] == 0


def test_documents_follow(outcome, tree):
    assert outcome["answers"][0][0] == 0
    assert "| `society.control.watch` | " in (tree / "model" / "ODD.md").read_text(encoding="utf-8")
    assert "  watch: 0.0            # probability" in (tree / "conf" / "society" / "reference.yaml").read_text(
        encoding="utf-8"
    )
