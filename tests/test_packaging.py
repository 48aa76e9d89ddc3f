"""What is in the tree is in the wheel: every module of every sub-package and every configuration file."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOMES = {"model/atmis": "atmis", "conf": "atmis/conf", "experiments": "atmis/experiments"}
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


TABLES = ("data/*.csv", "data/*.json", "calibration/*.csv", "scored/*.csv")


def shipped(tree: Path) -> set[str]:
    """Names inside a wheel of all the modules, of the YAML files in conf, and of the templates of the report."""
    return {
        f"{package}/{path.relative_to(tree / home).as_posix()}"
        for home, package in HOMES.items()
        for pattern in ("*.py", "*.yaml", "templates/*", "page/*", *TABLES)
        for path in (tree / home).rglob(pattern)
        if path.suffix != ".yaml" or home == "conf"
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a wheel is made from, with one more sub-package at every place that can hold one."""
    copy = tmp_path_factory.mktemp("tree")
    for home in HOMES:
        shutil.copytree(ROOT / home, copy / home, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / home / "later" / "deeper").mkdir(parents=True)
        (copy / home / "later" / "deeper" / "added.py").touch()
    (copy / "conf" / "later" / "added.yaml").touch()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    return copy


def test_wheel_holds_the_whole_tree_and_nothing_else(tree: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", BUILD, tmp_path], cwd=tree, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    files = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert files == shipped(tree)
