"""Imports run one way; the slow libraries are where they belong; rules know neither files nor globals that change."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel

from atmis.kernel import calendar, recorder, state
from atmis.kernel.parameters import _layout
from atmis.scenario.scenario import Scenario
from atmis.sweep import study

ROOT = Path(__file__).resolve().parents[2]
PACKAGE, EXPERIMENTS = ROOT / "model" / "atmis", ROOT / "experiments"

# From the ground up. A module may import those on its own line and above, never below. A folder stands for all in it.
ORDER = (
    ("scenario", "facts", "kernel.arrays"),
    ("executors",),
    ("kernel.compiled",),
    ("kernel.rng", "kernel.state"),
    ("kernel.theatre", "kernel.calendar", "kernel.parameters", "kernel.recorder"),
    ("kernel.rules",),
    ("kernel.schedule",),
    ("runs.interval", "runs.inputs"),
    ("runs.ensemble", "mission"),
    ("runs.summary", "runs.patterns"),
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
    ("plots.kit",),
    ("plots.run",),
    ("plots.comparison", "plots.sensitivity", "plots.attribution", "plots.calibration", "plots.backtest",
     "plots.scorecard"),
    ("report",),
    ("explore",),
    ("experiments",),
    ("__main__",),
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
ROOMS = {name.split(".")[0] for name in RANK if "." in name}  # whose __init__ holds a sentence, and imports nothing
# Library -> who may import it.
OWNERS = {
    "mesa": {"mission", "experiments.app"},
    "starlette": {"explore"},
    "uvicorn": {"experiments"},
    "matplotlib": {"plots", "report", "explore.pictures"},
    "hydra": {"experiments", "scenario.compose"},
    "omegaconf": {"experiments", "scenario.compose"},
    "numba": {"kernel.compiled", "kernel.rng"},
    "llvmlite": {"kernel.rng"},
    "pyarrow": {"storage", "sweep", "analysis", "report", "explore", "experiments"},
    "jinja2": {"report"},
    "SALib": {"sweep.design", "analysis.sensitivity"},
    "ema_workbench": {"analysis.sensitivity"},
    "scoringrules": {"analysis.backtest"},
    "pandas": set(),
    "shapely": {"kernel.theatre", "analysis.observed", "plots", "explore"},
    "rich": {"experiments"},
    "random": set(),
    "pickle": set(),
}
FILES = {
    **{path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path for path in PACKAGE.rglob("*.py")},
    **{f"experiments.{path.stem}": path for path in EXPERIMENTS.glob("*.py")},
}
FILES = {name.removesuffix(".__init__"): path for name, path in FILES.items() if name not in ("__init__",)}


def tree(name):
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


@cache
def imported(name, typed=False):
    """Full names of what a module imports, wherever in it; with `typed` what only a type checker reads too."""
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
    found = {full.removeprefix("atmis.") for full in imported(name, typed) if full.startswith("atmis.")}
    return {other if other in FILES else other.rpartition(".")[0] for other in found} & set(FILES)


def folders(name):
    """A module and the folders that it stands in, the innermost first."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def place(name):
    """The entry of ORDER that a module belongs to."""
    return next(found for found in folders(name) if found in RANK)


def test_every_module_has_its_place():
    lost = [name for name in FILES if name not in ROOMS and not set(folders(name)) & set(RANK)]
    assert lost == [], "give a new module its place in ORDER"
    assert [name for name in ROOMS if own(name)] == []


@pytest.mark.parametrize("name", sorted(set(FILES) - ROOMS))
def test_imports_run_one_way(name):
    upward = [other for other in own(name) - ROOMS if RANK[place(other)] > RANK[place(name)]]
    assert upward == []


def test_no_circles():
    """Nor one that only a type checker sees."""
    graph = {name: own(name, typed=True) - {name} for name in FILES}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle
    assert len(order) == len(FILES)


@pytest.mark.parametrize("library", OWNERS)
def test_library_is_imported_only_by_its_owners(library):
    users = {name for name in FILES if any(full.split(".")[0] == library for full in imported(name))}
    assert [name for name in users if not set(folders(name)) & OWNERS[library]] == []


def test_no_module_behind_a_number_of_a_sweep_is_forgotten():
    """An edit of any of them makes another study; results of the code before are not mixed with new ones."""
    reached, left = set(), {"sweep.study", "sweep.context", "sweep.chunk_tables", "sweep.design"}
    while left:
        reached |= left
        left = {other for name in left for other in own(name)} - reached
    hashed = {entry.removesuffix(".py").replace("/", ".") for entry in study._NUMBERS}
    assert all((PACKAGE / entry).exists() for entry in study._NUMBERS)
    keep = {"storage", "sweep", "sweep.chunk_files"}  # and reckon nothing
    assert {name for name in reached if not set(folders(name)) & (hashed | {"storage"})} <= keep
    assert all(any(entry in folders(name) for name in reached) for entry in hashed)


RULES = sorted(name for name in FILES if name.startswith("kernel.rules.") or name == "kernel.schedule")


@pytest.mark.parametrize("name", RULES)
def test_rules_import_nothing_that_touches_files(name):
    """They import mathematics, types, luck, the tables and each other."""
    outside = {full.split(".")[0] for full in imported(name) if not full.startswith("atmis")}
    assert outside <= {"math", "typing", "numpy"}
    kernel = {"kernel.rules", "kernel.rng", "kernel.state", "kernel.recorder", "kernel.compiled"}
    assert [other for other in own(name) if not set(folders(other)) & kernel] == []


@pytest.mark.parametrize("name", RULES)
def test_rules_have_no_globals_that_change(name):
    """On the level of the module stand imports, functions, record types and constants that cannot be changed."""
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


def fresh(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


SLOW = "mesa", "numba", "hydra", "matplotlib", "numpy", "pydantic", "scipy", "pyarrow", "shapely", "yaml"
LOADED = f"import sys; print(sorted(set({SLOW!r}) & set(sys.modules)))"


@pytest.mark.parametrize("words", ["--help", "--version", "nonsense"])
def test_help_is_quick(words):
    code = f"from atmis.experiments.command import main; main(['{words}']); {LOADED}"
    assert fresh(code) == "[]"


def test_a_run_imports_no_more_than_it_needs():
    loaded = fresh(f"from atmis.runs import ensemble; import atmis.kernel.schedule; {LOADED}")
    assert "numba" in loaded
    assert [library for library in ("mesa", "hydra", "matplotlib", "pyarrow") if library in loaded] == []


# --- Fields whose names NumPy takes ---


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
# np.recarray is what a table is, np.record what a row or a parameter record is; `state.zones.size` must be the count.
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
def test_no_column_hides_behind_an_attribute_of_numpy(table):
    """Without compilation `zones.size` is NumPy's; a column of that name would be read when compiled, and not else."""
    assert set(names_of(TABLES[table])) & TAKEN == set()


def test_no_parameter_hides_behind_an_attribute_of_numpy():
    found = {
        f"{record.__name__}.{name}": name for record in set(parameter_records()) for name in names_of(_layout(record))
    }
    assert {field for field, name in found.items() if name in TAKEN} == set()
