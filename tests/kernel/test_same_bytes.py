"""A run has the same bytes however it is stepped, in any order, on any number of threads, compiled or not."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import helpers
import numpy as np
import pytest
from filelock import FileLock

import atmis
from atmis.kernel.rng import unit_32
from atmis.mission import Mission
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs

PACKAGE = Path(atmis.__file__).resolve().parent
SUPPORT = Path(__file__).resolve().parents[1] / "support"
SEED = 5


@pytest.fixture(scope="module")
def inputs():
    return helpers.build(helpers.eventful())


@pytest.fixture(scope="module")
def expected(inputs):
    state, record = helpers.run(inputs, SEED)
    return state, record


def same(mission, expected):
    state, record = expected
    assert helpers.differing(mission.state, state) == []
    assert helpers.differing(mission.record, record) == []


def test_something_of_every_kind_happens(expected):
    """So that the comparisons below are of a run in which every rule acts."""
    state, record = expected
    idle = [
        name
        for k, (name, _, _) in enumerate(ensemble.recorder.INDICATORS)
        if not record.monthly[..., k].any() and name != "left"
    ]
    assert idle == []
    assert {0, 1, 2, 3, 4} <= set(state.bases.standing.tolist()), "a base of every standing"
    assert {0, 1, 2} == set(state.cells.posture.tolist())
    assert state.phases.delay.any()
    assert state.run.succeeded


@pytest.mark.parametrize("activation", ["compiled", "do", "shuffle_do"])
def test_by_steps(inputs, expected, activation):
    mission = Mission(inputs, rng=SEED, activation=activation, keep_events=ensemble.EVENT_CAPACITY)
    while mission.running:
        mission.step()
    same(mission, expected)


def test_by_cells_in_reverse(inputs, expected):
    mission = Mission(inputs, rng=SEED, keep_events=ensemble.EVENT_CAPACITY)
    while mission.running:
        mission.open_day()
        for cell in reversed(mission.cells):
            cell.step()
        mission.close_day()
    same(mission, expected)


def test_by_day_from_python(inputs, expected):
    state, record = expected
    *_, (_, stepped, kept) = helpers.by_day(inputs, SEED)
    assert helpers.differing(stepped, state) == []
    assert [name for name in helpers.differing(kept, record) if name != "Record.events"] == []


def test_whether_events_are_kept_changes_nothing_else(inputs, expected):
    _, record = expected
    mission = Mission(inputs, rng=SEED, keep_events=7)
    while mission.running:
        mission.step()
    assert [n for n in helpers.differing(mission.record, record) if n != "Record.events"] == []
    assert mission.record.events.tobytes() == record.events[:7].tobytes()
    assert int(mission.record.event_count[0]) == int(record.event_count[0]) > 7


def ensemble_bytes(made):
    names = ("monthly", "deployed", "days", "contingents", "base_histories", "bases", "events")
    return {name: np.asarray(getattr(made, name)).tobytes() for name in names}


def test_over_workers():
    inputs = helpers.build(helpers.everything())
    made = [ensemble_bytes(ensemble.simulate(inputs, replicates=7, seed=3, workers=n)) for n in (1, 2, 3)]
    assert made[0] == made[1] == made[2]
    lone = helpers.run(inputs, 3, 6)
    whole = ensemble.simulate(inputs, replicates=7, seed=3, workers=2)
    assert whole.monthly[6].tobytes() == lone[1].monthly.tobytes(), "a replicate depends on its own number alone"
    fewer = ensemble.simulate(inputs, replicates=3, seed=3, workers=2)
    assert whole.monthly[:3].tobytes() == fewer.monthly.tobytes()


def test_a_run_does_not_change_its_inputs(inputs):
    given = RunInputs.of(inputs)
    before = given.table_bytes()
    ensemble.run_one(given, SEED, 0)
    assert given.table_bytes() == before


def test_seeds_and_replicates_differ(inputs):
    made = {helpers.digest(*helpers.run(inputs, seed, replicate)) for seed in (1, 2) for replicate in (0, 1, 2)}
    assert len(made) == 6


DIGEST = "import helpers; print(helpers.digest(*helpers.run(helpers.build(helpers.eventful({days})), {seed})))"


def elsewhere(days: int, **environment: str) -> "subprocess.Popen[str]":
    """The digest of the run, in another process."""
    path = os.pathsep.join([str(SUPPORT), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-c", DIGEST.format(days=days, seed=SEED)]
    return subprocess.Popen(
        command, env=os.environ | environment | {"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
    )


def test_in_other_processes():
    """With another hash seed, and without compilation (for three weeks only, since that is slow)."""
    full, short = (helpers.digest(*helpers.run(helpers.build(helpers.eventful(n)), SEED)) for n in (40, 21))
    asked = elsewhere(40, PYTHONHASHSEED="1"), elsewhere(21, NUMBA_DISABLE_JIT="1", PYTHONHASHSEED="7")
    answers = [process.communicate()[0].strip() for process in asked]
    assert [process.returncode for process in asked] == [0, 0]
    assert answers == [full, short]


# --- Machine code is never stale ---


def imports(file: Path) -> set[str]:
    """Modules of atmis that a file imports, anywhere in it, by dotted name without `atmis.`."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.removeprefix("atmis.") for name in modules if name.startswith("atmis.") and located(name)}


def located(name: str) -> Path | None:
    base = PACKAGE.joinpath(*name.split(".")[1:])
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def closure(names: Iterable[str]) -> set[str]:
    """Modules that these import, directly or not, without `scenario.*`, which holds no code of rules."""
    todo, done = list(names), set()
    while todo:
        name = todo.pop()
        if name not in done and not name.startswith("scenario"):
            done.add(name)
            todo += imports(located(f"atmis.{name}"))  # type: ignore[arg-type]
    return done


def load_compiled(package: Path):
    spec = importlib.util.spec_from_file_location(
        f"compiled_of_{package.parent.name}", package / "kernel" / "compiled.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def package(tmp_path):
    return shutil.copytree(PACKAGE, tmp_path / "atmis", ignore=shutil.ignore_patterns("__pycache__"))


def test_every_source_of_a_rule_is_in_the_name_of_the_cache(package):
    needed = sorted(closure(["kernel.schedule"]))
    assert {f"kernel.{name}" for name in ("compiled", "rng", "state", "recorder", "rules", "rules.attacks")} <= set(
        needed
    )
    first = load_compiled(package).source_hash()
    assert first == load_compiled(PACKAGE).source_hash()
    for name in needed:
        file = package.joinpath(*name.split("."))
        file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "# edited\n", encoding="utf-8")
        assert load_compiled(package).source_hash() != first, f"an edit of {name} goes unnoticed"
        file.write_text(text, encoding="utf-8")
    (package / "kernel" / "rules" / "new.py").write_text("", encoding="utf-8")
    assert load_compiled(package).source_hash() != first


def test_what_is_compiled_takes_nothing_from_the_scenario_records():
    """They are not in the hash, so no compiled function may use a constant of theirs."""
    compiled = {
        name for name in closure(["kernel.schedule"]) if "@inlined" in (text := source(name)) or "@entry_point" in text
    }
    assert {f"kernel.{name}" for name in ("schedule", "rng", "rules.attacks", "rules.drawdown")} <= compiled
    direct = {name: imports(located(f"atmis.{name}")) for name in compiled}
    assert [name for name, modules in direct.items() if any(other.startswith("scenario") for other in modules)] == []
    constants = {other for modules in direct.values() for other in modules} - compiled
    constants -= {"kernel", "kernel.rules", "kernel.parameters"}
    assert constants <= {"kernel.compiled", "kernel.code_cache", "kernel.state", "kernel.recorder", "kernel.arrays"}
    for name in constants:
        own = imports(located(f"atmis.{name}"))
        assert not any(other.startswith("scenario") for other in own), f"{name} imports a scenario record"


def source(name: str) -> str:
    file = located(f"atmis.{name}")
    assert file is not None
    return file.read_text(encoding="utf-8")


PROBE = """
from atmis.kernel.compiled import entry_point
from atmis.kernel.rules.attacks import WEEK
@entry_point
def probe():
    return WEEK
print("ready", flush=True)
print(probe(), *probe.stats.cache_misses.values())
"""


def test_an_edited_rule_is_compiled_anew(package, tmp_path):
    """numba itself would not notice: the edit is in another file than the cached function."""
    (package / "probe.py").write_text(PROBE, encoding="utf-8")

    def answer() -> str:
        return start_probe(tmp_path).communicate()[0].split()[1]

    assert answer() == "7"
    rule = package / "kernel" / "rules" / "attacks.py"
    text = rule.read_text(encoding="utf-8")
    assert "\nWEEK = 7\n" in text
    rule.write_text(text.replace("\nWEEK = 7\n", "\nWEEK = 9\n"), encoding="utf-8")
    assert answer() == "9"
    assert len(list((tmp_path / "cache").glob("code-*"))) == 2


def test_processes_that_begin_together_compile_once(package, tmp_path):
    (package / "probe.py").write_text(PROBE, encoding="utf-8")
    folder = tmp_path / "cache" / f"code-{load_compiled(package).source_hash()}"
    folder.mkdir(parents=True)
    with FileLock(folder / ".compiling"):
        processes = [start_probe(tmp_path) for _ in range(3)]
        for process in processes:
            assert process.stdout.readline() == "ready\n"
    answers = [process.communicate()[0].split() for process in processes]
    assert sorted(answers) == [["7"], ["7"], ["7", "1"]]  # one compiled what the others then loaded


def test_a_process_survives_code_that_is_damaged(package, tmp_path):
    (package / "probe.py").write_text(PROBE, encoding="utf-8")
    assert start_probe(tmp_path).communicate()[0].split() == ["ready", "7", "1"]
    (file,) = (tmp_path / "cache").rglob("*.nbc")
    content = bytearray(file.read_bytes())
    for place in range(100, len(content), 500):
        content[place] ^= 255
    file.write_bytes(content)
    process = start_probe(tmp_path)
    assert process.communicate()[0].split() == ["ready", "7", "1"]
    assert process.returncode == 0
    assert start_probe(tmp_path).communicate()[0].split() == ["ready", "7"]


def start_probe(place: Path) -> subprocess.Popen[str]:
    """A process that calls the probe."""
    environment = os.environ | {"PYTHONPATH": str(place), "NUMBA_CACHE_DIR": str(place / "cache")}
    command = [sys.executable, "-c", "import atmis.probe"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_rule_called_from_python_says_that_it_cannot_be():
    with pytest.raises(TypeError, match="with NUMBA_DISABLE_JIT=1 Python can call every rule"):
        unit_32(1)
