"""The wheel and the source archive hold the whole tree, and the dependencies are exactly what is imported."""

import ast
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
HOMES = {"model/atmis": "atmis", "conf": "atmis/conf", "experiments": "atmis/experiments"}
BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"
TABLES = ("data/*.csv", "data/*.json", "calibration/*.csv", "scored/*.csv")


def shipped(tree: Path) -> set[str]:
    """Names in a wheel of all modules, of the YAML and data files in conf, and of templates and pages."""
    return {
        f"{package}/{path.relative_to(tree / home).as_posix()}"
        for home, package in HOMES.items()
        for pattern in ("*.py", "py.typed", "*.yaml", "templates/*", "page/*", *TABLES)
        for path in (tree / home).rglob(pattern)
        if path.suffix != ".yaml" or home == "conf"
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources of a wheel, with an extra sub-package everywhere one can be."""
    copy = tmp_path_factory.mktemp("tree")
    for home in HOMES:
        shutil.copytree(ROOT / home, copy / home, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / home / "later" / "deeper").mkdir(parents=True)
        (copy / home / "later" / "deeper" / "added.py").touch()
    (copy / "conf" / "later" / "added.yaml").touch()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    return copy


def build(kind: str, place: Path, folder: Path) -> Path:
    """Build the wheel or the source archive of a tree."""
    subprocess.run([sys.executable, "-c", BUILD, f"build_{kind}", folder], cwd=place, check=True, capture_output=True)
    (archive_file,) = folder.iterdir()
    return archive_file


def in_wheel(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_wheel_holds_the_whole_tree_and_nothing_else(tree: Path, tmp_path: Path) -> None:
    assert in_wheel(build("wheel", tree, tmp_path)) == shipped(tree)


def test_source_archive_makes_the_same_wheel(tree: Path, tmp_path: Path) -> None:
    for name in ("archive", "unpacked", "wheel"):
        (tmp_path / name).mkdir()
    with tarfile.open(build("sdist", tree, tmp_path / "archive")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert in_wheel(build("wheel", unpacked, tmp_path / "wheel")) == shipped(tree)


# --- dependencies ---


def normalised(name: str) -> str:
    return name.lower().replace("_", "-")


def imported() -> set[str]:
    """Names of the third-party packages that the wheel imports, as in a registry."""
    roots = set()
    for home in HOMES:
        for path in (ROOT / home).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    roots |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    roots.add(str(node.module).split(".")[0])
    known = packages_distributions()
    return {normalised(known[root][0]) for root in roots - {*sys.stdlib_module_names, "atmis"} if root in known}


def test_dependencies_are_exactly_what_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: entries for name, entries in project["optional-dependencies"].items() if name not in ("dev", "viz")}
    declared = {
        normalised(entry.split("[")[0].split(">")[0].split("<")[0])
        for entries in (project["dependencies"], *extras.values())
        for entry in entries
    }
    assert imported() - {"llvmlite", "solara"} <= declared  # llvmlite comes with numba; solara with the extra viz
    assert declared - {"pandas"} <= imported()  # needed by the workbench: pinned below 4


# Resolved and installed together with the other lower bounds, these made every command fail, or Mesa's viewer.
TOO_OLD = (("scipy", "1.14.1"), ("pandas", "2.0.0"), ("pandas", "2.1.3"), ("solara", "0.10.0"), ("ipyvue", "0.1.0"))


def direct_dependencies() -> list[Requirement]:
    """What pyproject.toml asks for, of all extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [
        *project["dependencies"],
        *(entry for extra in project["optional-dependencies"].values() for entry in extra),
    ]
    return [wanted for wanted in map(Requirement, entries) if wanted.name != "atmis"]


def test_every_direct_dependency_has_a_lower_bound() -> None:
    """Without one a resolver may take a version from before what is used of it; `make bounds` tries the bounds."""
    bounded = {
        wanted.name for wanted in direct_dependencies() if any(part.operator == ">=" for part in wanted.specifier)
    }
    assert [wanted.name for wanted in direct_dependencies() if wanted.name not in bounded] == []


@pytest.mark.parametrize(("name", "version"), TOO_OLD)
def test_versions_that_do_not_work_are_not_allowed(name: str, version: str) -> None:
    (wanted,) = (wanted for wanted in direct_dependencies() if wanted.name == name)
    assert Version(version) not in wanted.specifier


def test_the_pinned_set_is_within_the_bounds() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = [Requirement(line.rstrip(" \\")) for line in text.splitlines() if line[:1].isalnum()]
    wanted = {normalised(one.name): one.specifier for one in direct_dependencies()}
    outside = [
        str(pin)
        for pin in pinned
        if not all(Version(part.version) in wanted.get(normalised(pin.name), pin.specifier) for part in pin.specifier)
    ]
    assert outside == []
    # The extra of Mesa's viewer is not pinned.
    missing = set(wanted) - {normalised(pin.name) for pin in pinned}
    assert missing == {"ipyvue", "ipyvuetify", "solara", "solara-assets"}
