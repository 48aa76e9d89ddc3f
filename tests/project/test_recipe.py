"""The mechanism that CONTRIBUTING.md adds as an example: applied to a copy of the tree, it does what is said of it."""

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
# Five cells for some days: machine code, which would be made anew, takes half a minute.
SMALL = {"period.end": "2022-04-12", "opposition.cells.fighters": 95, "opposition.attacks.rate": 0.4}
WORDS = [*(f"{key}={value}" for key, value in SMALL.items()), "replicates=2", "workers=1", "figures=false"]
SMALLER = {
    "sensitivity": ["sweep.points=2", "sweep.scenarios=[planned]", "period.end=2022-04-08"],
    "attribute": [  # from one month to the next: nothing dated happens so soon
        "mechanisms=[watch]", "window={start: 2022-05-01, end: 2022-05-31}", "group=all", "period.end=2022-05-31",
        "reference={start: 2022-04-01, end: 2022-04-30}",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of what the patch touches and of the package, with the patch applied."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("benchmarks", "conf", "experiments", "model", "tests"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "figures"))
    shutil.copy(TOP / "README.md", folder)
    subprocess.run(
        shlex.split(PATCH), cwd=folder, check=True, env=os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    )
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folder in which the commands are given."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="module")
def said(tree, place):
    """What the commands of the recipe answer in that tree."""
    words = [shlex.split(command)[1:] for command in COMMANDS]
    asked = {"small": SMALL, "commands": [[*one, *WORDS, *SMALLER[one[0]]] for one in words]}
    run = subprocess.run(
        [sys.executable, tree / "tests" / "project" / "recipe" / "tree.py", tree],
        input=json.dumps(asked), capture_output=True, text=True, cwd=place,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_the_recipe_is_what_is_run_here():
    assert PATCH == "git apply tests/project/recipe/watch.patch"
    assert DOCUMENT == ".venv/bin/python -m atmis.experiments.document"
    assert [command.split()[:2] for command in COMMANDS] == [
        [".venv/bin/atmis", verb] for verb in ("sensitivity", "attribute")
    ]


def test_the_neutral_value_leaves_every_byte(said):
    assert said["digest"] == helpers.digest(helpers.run(helpers.change(helpers.composed(), SMALL))[1])


def test_the_commands_answer_and_name_the_mechanism(said, place):
    sensitivity, attribution = said["answers"][1:]
    assert (sensitivity[0], sensitivity[2], attribution[0], attribution[2]) == (0, "", 0, "")
    (table,) = place.glob("results/sensitivity/watch/*/sensitivity.csv")
    assert ",society.control.watch," in table.read_text(encoding="utf-8")
    worth = re.search(r"^attacks foiled by communities +(\S+)", attribution[1], re.MULTILINE)
    assert worth is not None
    assert float(worth[1].replace("−", "-")) != 0, attribution[1]


def test_its_cases_by_hand_pass(said):
    assert said["tested"] == 0


def test_documents_follow(said, tree):
    assert said["answers"][0][0] == 0
    assert "| `society.control.watch` | " in (tree / "model" / "ODD.md").read_text(encoding="utf-8")
    assert "  watch: 0.0            # probability" in (tree / "conf" / "society" / "reference.yaml").read_text(
        encoding="utf-8"
    )
