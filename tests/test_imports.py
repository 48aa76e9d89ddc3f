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

from atmis import calendar, recorder, state, study
from atmis.scenario.scenario import Scenario
from atmis.world import _layout

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, EXPERIMENTS = ROOT / "model" / "atmis", ROOT / "experiments"

# From the ground up. A module may import those on its own line and above, never below. A folder stands for all in it.
ORDER = (
    ("scenario", "facts"),
    ("files", "executors", "interval"),
    ("compiled",),
    ("luck", "state"),
    ("theatre", "calendar", "world", "recorder"),
    ("rules",),
    ("day",),
    ("mission", "ensemble", "values"),
    ("manifest", "summary", "patterns"),
    ("design", "study", "chunks"),
    ("store", "results"),
    ("assemble", "sweep", "observed"),
    ("collect", "series"),
    ("comparison", "sensitivity", "calibration", "backtest"),
    ("attribution", "scorecard"),
    ("plots",),
    ("report",),
    ("explore",),
    ("experiments",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
# Library -> who may import it.
OWNERS = {
    "mesa": {"mission", "experiments.app"},
    "starlette": {"explore"},
    "uvicorn": {"experiments"},
    "matplotlib": {"plots", "report", "explore.pictures"},
    "hydra": {"experiments", "scenario.compose", "scenario.origin"},
    "omegaconf": {"experiments", "scenario.compose", "scenario.origin"},
    "numba": {"compiled", "luck"},
    "llvmlite": {"luck"},
    "pyarrow": {
        "store",
        "summary",
        "manifest",
        "chunks",
        "results",
        "sweep",
        "collect",
        "series",
        "observed",
        "comparison",
        "sensitivity",
        "report",
        "explore",
        "experiments",
    },
    "jinja2": {"report"},
    "SALib": {"design", "sensitivity"},
    "ema_workbench": {"sensitivity"},
    "scoringrules": {"backtest"},
    "pandas": set(),
    "shapely": {"theatre", "observed", "plots", "explore"},
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
def imported(name):
    """Full names of what a module imports, wherever in it, but for what only a type checker reads."""
    return tuple(_imported(name))


def _imported(name):
    nodes = [tree(name)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
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


def own(name):
    """Modules of atmis that a module imports, without `atmis.`."""
    found = {full.removeprefix("atmis.") for full in imported(name) if full.startswith("atmis.")}
    return {other if other in FILES else other.rpartition(".")[0] for other in found} & set(FILES)


def place(name):
    return name.split(".")[0]


def test_every_module_has_its_place():
    assert {place(name) for name in FILES} <= set(RANK), "give a new module its place in ORDER"


@pytest.mark.parametrize("name", sorted(FILES))
def test_imports_run_one_way(name):
    upward = [other for other in own(name) if RANK[place(other)] > RANK[place(name)]]
    assert upward == []


def test_no_circles():
    graph = {name: own(name) - {name} for name in FILES}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle
    assert len(order) == len(FILES)


@pytest.mark.parametrize("library", OWNERS)
def test_library_is_imported_only_by_its_owners(library):
    users = {name for name in FILES if any(full.split(".")[0] == library for full in imported(name))}
    assert {name for name in users if name not in OWNERS[library] and place(name) not in OWNERS[library]} == set()


def test_no_module_behind_a_number_of_a_sweep_is_forgotten():
    """An edit of any of them makes another study; results of the code before are not mixed with new ones."""
    reached, left = set(), {"study", "results", "design"}
    while left:
        reached |= left
        left = {other for name in left for other in own(name)} - reached
    keep = {"files", "chunks", "store", "manifest"}  # and reckon nothing
    assert {place(name) for name in reached} - keep == {*study._NUMBERS}


RULES = sorted(name for name in FILES if name.startswith("rules.") or name == "day")


@pytest.mark.parametrize("name", RULES)
def test_rules_import_nothing_that_touches_files(name):
    """They import mathematics, types, luck, the tables and each other."""
    outside = {full.split(".")[0] for full in imported(name) if not full.startswith("atmis")}
    assert outside <= {"math", "typing", "numpy"}
    assert {place(other) for other in own(name)} <= {"rules", "luck", "state", "recorder", "compiled"}


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
            assert [ast.unparse(each) for each in node.decorator_list] in (["rule"], ["part"], ["entry"]), node.name


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
    loaded = fresh(f"from atmis import ensemble, world; import atmis.day; {LOADED}")
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
    assert {"atmis.state.ZONE", "atmis.state.CELL", "atmis.recorder.DAY", "atmis.calendar.DATES"} <= set(TABLES)
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
