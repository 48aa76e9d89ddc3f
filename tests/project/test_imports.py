"""Imports run in one direction, each library has its owners, and rules touch neither files nor mutable globals."""

import ast
import statistics
import subprocess
import sys
from collections import defaultdict
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel

import atmis
from atmis.kernel import calendar, recorder, state
from atmis.kernel.parameters import _layout
from atmis.scenario.scenario import Scenario
from atmis.sweep import study

ROOT = Path(__file__).resolve().parents[2]
PACKAGE, EXPERIMENTS = ROOT / "model" / "atmis", ROOT / "experiments"

# From the bottom up. A module may import those on its own line and above, never below. A folder stands for all in it.
ORDER = (
    ("scenario", "facts", "kernel.arrays"),
    ("executors",),
    ("kernel.code_cache",),
    ("kernel.compiled",),
    ("kernel.rng", "kernel.state"),
    ("kernel.theatre", "kernel.calendar", "kernel.parameters", "kernel.recorder"),
    ("kernel.rules",),
    ("kernel.schedule",),
    ("runs.interval", "runs.inputs"),
    ("runs.ensemble",),
    ("runs.summary", "runs.patterns"),
    ("mission",),
    ("storage.files",),
    ("storage.folders",),
    ("storage.tables", "storage.manifest"),
    ("storage.run_folder",),
    ("sweep.design", "sweep.study", "sweep.chunk_files"),
    ("sweep.context", "sweep.assemble"),
    ("sweep.chunk_tables",),
    ("sweep.identity", "sweep.lock", "sweep.precision"),
    ("sweep.task", "sweep.faults"),
    ("sweep.loop",),
    ("sweep.collect", "sweep.series"),
    ("analysis.observed",),
    ("analysis.comparison", "analysis.sensitivity", "analysis.calibration", "analysis.backtest"),
    ("analysis.attribution", "analysis.scorecard"),
    ("plots.common",),
    ("plots.run",),
    ("plots.comparison", "plots.sensitivity", "plots.attribution", "plots.calibration", "plots.backtest",
     "plots.scorecard"),
    ("report",),
    ("explore",),
    ("experiments",),
    ("__main__",),
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
# Folders whose __init__ has a docstring and imports nothing.
ROOMS = {name.split(".")[0] for name in RANK if "." in name}
# Library -> the modules and folders that may import it.
OWNERS = {
    "mesa": {"mission", "experiments.app"},
    "starlette": {"explore"},
    "uvicorn": {"experiments"},
    "matplotlib": {"plots", "report", "explore.exports"},
    "hydra": {"experiments", "scenario.compose"},
    "omegaconf": {"experiments", "scenario.compose"},
    "numba": {"kernel.compiled", "kernel.code_cache", "kernel.rng"},
    "llvmlite": {"kernel.rng"},
    "pyarrow": {
        "storage.tables", "storage.run_folder", "sweep.chunk_files", "sweep.chunk_tables", "sweep.loop", "sweep.faults",
        "sweep.collect", "sweep.series", "analysis.observed", "analysis.comparison", "analysis.sensitivity", "report",
        "explore", "experiments",
    },
    "jinja2": {"report"},
    "SALib": {"sweep.design", "analysis.sensitivity"},
    "ema_workbench": {"analysis.sensitivity"},
    "scoringrules": {"analysis.backtest"},
    "pandas": set(),
    "shapely": {"kernel.theatre", "analysis.observed", "plots", "explore"},
    "rich": {"experiments"},
    "random": set(),
    "pickle": {"kernel.code_cache"},  # as numba does; checked before it is read
}  # fmt: skip
FILES = {
    **{path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path for path in PACKAGE.rglob("*.py")},
    **{f"experiments.{path.stem}": path for path in EXPERIMENTS.glob("*.py")},
}
FILES = {name.removesuffix(".__init__"): path for name, path in FILES.items() if name not in ("__init__",)}


def tree(name):
    """Syntax tree of a module."""
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


@cache
def imported(name, typed=False):
    """Full names of all imports of a module, at any level; with `typed` also those that only a type checker sees."""
    return tuple(_imported(name, typed))


def _imported(name, typed):
    nodes = [tree(name)]
    while nodes:
        node = nodes.pop()
        if not typed and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            nodes += node.orelse
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            if node.level:
                parts = ["atmis", *name.split(".")]
                is_package = FILES[name].name == "__init__.py"
                base = ".".join(parts[: len(parts) - node.level + is_package])
                package = f"{base}.{package}".rstrip(".")
            for alias in node.names:
                inner = f"{package}.{alias.name}"
                yield inner if inner.removeprefix("atmis.") in FILES else package


def own(name, typed=False):
    """Modules of atmis that a module imports, without `atmis.`."""
    names = {full.removeprefix("atmis.") for full in imported(name, typed) if full.startswith("atmis.")}
    return {other if other in FILES else other.rpartition(".")[0] for other in names} & set(FILES)


def folders(name):
    """A module and the folders that it is in, the innermost first."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def place(name):
    """The entry of ORDER that a module belongs to."""
    return next(folder for folder in folders(name) if folder in RANK)


def test_every_module_has_a_place_in_the_order():
    missing = [name for name in FILES if name not in ROOMS and not set(folders(name)) & set(RANK)]
    assert missing == [], "give a new module a place in ORDER"
    assert [name for name in ROOMS if own(name)] == []


@pytest.mark.parametrize("name", sorted(set(FILES) - ROOMS))
def test_imports_run_in_one_direction(name):
    upward = [other for other in own(name) - ROOMS if RANK[place(other)] > RANK[place(name)]]
    assert upward == []


def test_no_circles():
    """Not even circles that only a type checker sees."""
    graph = {name: own(name, typed=True) - {name} for name in FILES}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle
    assert len(order) == len(FILES)


def test_nothing_is_imported_by_way_of_the_package_itself():
    """`from atmis import Scenario` inside the package would hide what a module depends on."""
    hidden = [
        name
        for name in FILES
        if not name.startswith("experiments")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom) and node.module == "atmis"
        for alias in node.names
        if alias.name not in FILES
    ]
    assert hidden == []


@pytest.mark.parametrize("library", OWNERS)
def test_library_is_imported_only_by_its_owners(library):
    users = {name for name in FILES if any(full.split(".")[0] == library for full in imported(name))}
    assert [name for name in users if not set(folders(name)) & OWNERS[library]] == []


def test_every_module_behind_the_numbers_of_a_sweep_is_hashed():
    """An edit of any of them makes another study, so that results of old and new code are never mixed."""
    reached, left = set(), {"sweep.study", "sweep.context", "sweep.chunk_tables", "sweep.design"}
    while left:
        reached |= left
        left = {other for name in left for other in own(name)} - reached
    hashed = {entry.removesuffix(".py").replace("/", ".") for entry in study._SOURCES}
    assert all((PACKAGE / entry).exists() for entry in study._SOURCES)
    no_numbers = {"storage", "sweep", "sweep.chunk_files", "executors", "executors.cores"}  # they store, or count cores
    assert {name for name in reached if not set(folders(name)) & (hashed | {"storage"})} <= no_numbers
    assert all(any(entry in folders(name) for name in reached) for entry in hashed)


RULES = sorted(name for name in FILES if name.startswith("kernel.rules.") or name == "kernel.schedule")


@pytest.mark.parametrize("name", RULES)
def test_rules_import_nothing_that_touches_files(name):
    """They import mathematics, types, random numbers, the tables and each other."""
    outside = {full.split(".")[0] for full in imported(name) if not full.startswith("atmis")}
    assert outside <= {"math", "typing", "numpy"}
    kernel = {"kernel.rules", "kernel.rng", "kernel.state", "kernel.recorder", "kernel.compiled"}
    assert [other for other in own(name) if not set(folders(other)) & kernel] == []


@pytest.mark.parametrize("name", RULES)
def test_rules_have_no_mutable_globals(name):
    """A module holds only imports, functions, record types and immutable constants."""
    module = tree(name)
    for node in module.body:
        if isinstance(node, ast.Assign):
            assert all(
                target.id.isupper() for to in node.targets for target in ast.walk(to) if isinstance(target, ast.Name)
            )
            assert not any(isinstance(part, ast.List | ast.Dict | ast.Set | ast.Call) for part in ast.walk(node.value))
        elif isinstance(node, ast.ClassDef):
            assert [ast.unparse(base) for base in node.bases] == ["NamedTuple"]
        else:
            assert isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Expr), ast.unparse(node)
    for node in ast.walk(module):
        assert not isinstance(node, ast.Global | ast.Nonlocal)
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in ("open", "print", "exec", "eval", "input", "__import__", "globals")


@pytest.mark.parametrize("name", RULES)
def test_every_function_of_a_rule_is_compiled(name):
    for node in tree(name).body:
        if isinstance(node, ast.FunctionDef):
            assert [ast.unparse(each) for each in node.decorator_list] in (
                ["inlined"],
                ["internal"],
                ["entry_point"],
            ), node.name


def run_in_fresh_process(code):
    """The last line printed by some code in a new process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


SLOW = "mesa", "numba", "hydra", "matplotlib", "numpy", "pydantic", "scipy", "pyarrow", "shapely", "yaml"
LOADED = f"import sys; print(sorted(set({SLOW!r}) & set(sys.modules)))"


@pytest.mark.parametrize("words", ["--help", "--version", "nonsense"])
def test_help_loads_no_slow_library(words):
    code = f"from atmis.experiments.command import main; main(['{words}']); {LOADED}"
    assert run_in_fresh_process(code) == "[]"


def test_a_run_imports_no_more_than_it_needs():
    loaded = run_in_fresh_process(f"from atmis.runs import ensemble; import atmis.kernel.schedule; {LOADED}")
    assert "numba" in loaded
    assert [library for library in ("mesa", "hydra", "matplotlib", "pyarrow") if library in loaded] == []


# --- Size and shape of the tree ---

SOURCES = sorted([*(ROOT / "model").rglob("*.py"), *EXPERIMENTS.rglob("*.py")])
MODULES_AT_THE_TOP = 5  # at most
LINES, MEDIAN_LINES = 40, 7  # of a function with its docstring, at most
WITHOUT_A_ROOM = {"support", "project"}  # folders of tests about no single folder of the package


def definitions(*kinds):
    """Path and node of all definitions of some kinds in the package and its commands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield path.relative_to(ROOT).as_posix(), node


def test_few_modules_are_at_the_top():
    assert len(list(PACKAGE.glob("*.py"))) <= MODULES_AT_THE_TOP


def test_functions_are_short():
    lengths = {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, node in definitions(ast.FunctionDef, ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > LINES} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_LINES


def test_no_class_name_is_defined_twice():
    paths = defaultdict(list)
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                paths[node.name].append(path.relative_to(ROOT).as_posix())
    assert {name: places for name, places in paths.items() if len(places) > 1} == {}


def test_tests_are_no_part_of_the_package():
    code = "try:\n import atmis.tests\nexcept ModuleNotFoundError as error:\n print(error.name)"
    assert run_in_fresh_process(code) == "atmis.tests"


def test_dir_lists_what_is_exported():
    assert set(atmis.__all__) - set(dir(atmis)) == set()


def test_every_folder_of_tests_has_the_name_of_a_room():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} | {EXPERIMENTS.name}
    folders_of_tests = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("**/*.py"))}
    assert folders_of_tests - WITHOUT_A_ROOM <= rooms
    assert {path.name for path in (ROOT / "tests").glob("test_*.py")} == set()


TWIN = {path.stem: path for path in (ROOT / "benchmarks").glob("twin*.py")}


def test_the_twin_is_independent_and_without_circles():
    """It must share no code with the rules that it checks."""
    graph = {}
    for name, path in TWIN.items():
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        assert [other for other in names if other.split(".")[0] == "atmis"] == []
        graph[name] = names & set(TWIN)
    assert list(TopologicalSorter(graph).static_order())[-1] == "twin"


# --- Names of fields that would clash with attributes of NumPy ---


def names_of(dtype):
    for field in dtype.names or ():
        yield field
        yield from names_of(dtype[field])


TABLES = {
    f"{module.__name__}.{name}": value
    for module in (state, recorder, calendar)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, np.dtype)
}
# A table is an np.recarray, a row or a parameter record an np.record; `state.zones.size` must be the number of zones.
TAKEN = set(dir(np.recarray)) | set(dir(np.record))


def parameter_records(record=Scenario):
    for info in record.model_fields.values():
        for part in [info.annotation, *getattr(info.annotation, "__args__", ())]:
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield part
                yield from parameter_records(part)


def test_tables_are_found():
    assert {
        "atmis.kernel.state.ZONE",
        "atmis.kernel.state.CELL",
        "atmis.kernel.recorder.DAY",
        "atmis.kernel.calendar.DATES",
    } <= set(TABLES)
    assert len(TABLES) > 20
    assert len(set(parameter_records())) > 30


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_column_is_hidden_by_an_attribute_of_numpy(table):
    """Uncompiled, `zones.size` is an attribute of NumPy; a column of that name would be read only in compiled code."""
    assert set(names_of(TABLES[table])) & TAKEN == set()


def test_no_parameter_is_hidden_by_an_attribute_of_numpy():
    found = {
        f"{record.__name__}.{name}": name for record in set(parameter_records()) for name in names_of(_layout(record))
    }
    assert {field for field, name in found.items() if name in TAKEN} == set()
