"""The command `atmis`: verbs, options, tab completion, exit codes, and what it leaves behind."""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import cli
import pytest
import yaml

import atmis
from atmis.experiments import run
from atmis.experiments.usage import VERBS
from atmis.scenario.build import build_all
from atmis.scenario.compose import combinations
from atmis.scenario.conf_files import GROUPS, conf_folder, options

SMALL = ("replicates=2", "figures=false", "period.end=2022-05-31")
TWINS = {"summary.parquet", "bases.parquet"}
FILES = {"summary.csv", "monthly.parquet", "days.parquet", "bases.csv", "events.parquet", "manifest.json"} | TWINS
MODULE = [sys.executable, "-W", "error", "-m", "atmis"]


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def fine(*words: str) -> str:
    """What a command prints that ends well and has nothing to complain about."""
    said = cli.call(*words)
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    return said.out


def process(*words: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MODULE, *words], capture_output=True, text=True, timeout=60, **options)


# --- Help and version ---


def test_help_needs_no_time():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = process("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stderr) == (0, "")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["rnu"]])
def test_help_imports_nothing_slow(words):
    slow = ("mesa", "numba", "numpy", "hydra", "omegaconf", "pydantic", "matplotlib", "pyarrow", "rich")
    code = f"""
import sys
from atmis.experiments.command import main
main({words!r})
print(*[name for name in {slow!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("words", [[], ["-h"], ["help"], ["--help"]])
def test_help_names_every_verb(words):
    said = fine(*words)
    for verb, (_, summary, _) in VERBS.items():
        assert re.search(f"^  {verb} +{summary}$", said, re.MULTILINE)
        assert f"atmis {verb}" in said or verb in ("validate", "resume", "verify", "replay")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_a_verb(verb, option):
    assert fine(verb, option).startswith(f"Usage: atmis {verb} ")


def test_help_of_run_tells_the_settings_as_they_are():
    said = fine("run", "--help")
    data = yaml.safe_load((conf_folder() / "run.yaml").read_text(encoding="utf-8"))
    for key in ("replicates", "seed", "workers", "results", "figures"):
        assert f"{key}={str(data[key]).lower()}" in said
    for key in ("start", "end"):
        assert f"period.{key}={data['period'][key]}" in said
    assert all(group in said for group in GROUPS)


def test_help_of_sensitivity_tells_the_settings_as_they_are():
    said = fine("sensitivity", "--help")
    data = yaml.safe_load((conf_folder() / "sensitivity.yaml").read_text(encoding="utf-8"))
    assert f"replicates={data['replicates']}" in said
    assert f"sweep={data['defaults'][1]['override sweep']}" in said


@pytest.mark.parametrize("option", ["--version", "-V", "version"])
def test_version(option):
    assert fine(option) == f"atmis {atmis.__version__}\n"


def test_as_a_module_and_as_a_script():
    assert process("--version").stdout == f"atmis {atmis.__version__}\n"
    script = shutil.which("atmis", path=str(Path(sys.executable).parent))
    if script:  # an installed atmis
        assert (
            subprocess.run([script, "--version"], capture_output=True, text=True).stdout
            == f"atmis {atmis.__version__}\n"
        )


# --- list, show, facts, validate ---


def test_list_of_every_group():
    said = fine("list")
    for group in GROUPS:
        assert f"{group}=" in said
        assert fine("list", group).split() == said[said.index(f"{group}=") :].split("\n\n")[0].split()
    for scenario in options("scenario", [conf_folder()]):
        assert re.search(f"^{scenario} +[A-Z]", said, re.MULTILINE)


def test_list_shows_own_choices_too():
    cli.own_folder(Path("my"))
    assert re.search(
        r"^mine +A scenario of the tests\. *$", fine("list", "scenario", "--config-dir", "my"), re.MULTILINE
    )
    assert re.search(r"^small +A plan of the tests\. *$", fine("list", "plan", "--config-dir=my"), re.MULTILINE)


def test_show_names_the_differences():
    said = fine("show", "scenario=pause_90_days", "seed=7")
    config, differences = said.split("Differences from planned")
    data = yaml.safe_load(config.rpartition("\npause_90_days: As planned, but")[0])
    assert data["plan"]["pauses"]["somali_request"]["days"] == 90
    assert data["theatre"]["zones"]["gedo"]["outline"].endswith(" points")
    for key, planned, here in (
        ("plan.pauses.somali_request.days", "-", "90"),
        ("seed", "1", "7"),
        ("scenario.name", "planned", "pause_90_days"),
    ):
        assert re.search(rf"^{re.escape(key)} +{planned} +{here} *$", differences, re.MULTILINE)
    assert "opposition" not in differences


def test_show_of_the_standard_differs_in_nothing():
    assert fine("show").endswith("No difference from planned.\n")


def test_cfg_job_prints_what_would_be_run():
    data = yaml.safe_load(fine("run", "scenario=actual", "seed=3", "--cfg", "job"))
    scenario, settings = build_all(data)
    assert (scenario.scenario.name, settings.seed) == ("actual", 3)
    assert "hydra" not in data
    assert cli.paths_below(Path.cwd()) == set()


def test_cfg_job_of_own_yaml_and_of_a_part():
    cli.own_folder(Path("my"))
    said = fine("run", "--config-dir", "my", "scenario=mine", "--cfg", "job", "--package", "plan")
    assert yaml.safe_load(said)["name"] == "small"


def test_info_and_hydra_help():
    assert "scenario" in fine("run", "--info", "defaults")
    assert "Hydra" in fine("run", "--hydra-help")


def test_facts():
    said = fine("facts", "kenya", "bases")
    assert re.search(r"^\d+ facts", said)
    assert "Sources" in said
    assert len(fine("facts")) > len(fine("facts", "kenya")) > len(said)


def test_what_is_hardly_meant_is_said():
    pause = "    late: {start: 2024-01-01, days: 9, phases: [phase_2], class: assumed, source: [judgement]}"
    plan = cli.PLAN.replace("pauses: {}", f"pauses:\n{pause}")
    cli.own_folder(Path("my"), {"plan/small.yaml": plan, "scenario/other.yaml": cli.SCENARIO})
    said = cli.call("validate", "my")
    assert said.code == 0
    idle = "pause 'late' begins after its phases have ended, and changes nothing"
    assert f"atmis: warning: my/plan/small.yaml: {idle}\n" in said.err
    assert "my/scenario/other.yaml: its results are called 'mine', as scenario.name says, and not 'other'" in said.err


def test_a_file_in_the_wrong_folder_is_found():
    Path("my").mkdir()
    Path("my/mine.yaml").write_text(cli.SCENARIO)
    said = cli.call("show", "--config-dir", "my", "scenario=mine")
    assert "there is no scenario 'mine'; my/mine.yaml must stand in a folder 'scenario' right below" in said.err


def test_show_a_part():
    told = fine("show", "plan", "scenario=pause_90_days")
    assert "theatre:" not in told
    assert re.search(r"^phase_1 +2022-12-18 to 2022-12-31 +burundi +400 *$", told, re.MULTILINE)
    assert "'plans' is not part of a configuration; did you mean 'plan'?" in cli.call("show", "plans").err


def test_validate_own_folder_and_file():
    cli.own_folder(Path("my"))
    assert fine("validate", "my").splitlines() == [
        "my/plan/small.yaml: fine",
        "my/scenario/mine.yaml: fine",
        "my/theatre/small.yaml: fine",
        "3 of 3 files compose a scenario.",
    ]
    Path("my/host").mkdir()
    Path("my/host/better.yaml").write_text("defaults: [strong, _self_]\nname: better\nassumes: Better.\neffect: 1.5\n")
    assert fine("validate", "my/host/better.yaml").startswith("my/host/better.yaml: fine\n")
    Path("my/host/better.yaml").write_text("defaults: [strong, _self_]\nname: better\nassumes: Better.\neffect: 15\n")
    said = cli.call("validate", "my")
    assert (said.code, said.out.splitlines()[-1]) == (2, "3 of 4 files compose a scenario.")
    assert "better" not in said.out
    assert (
        said.err
        == "atmis: my/host/better.yaml: host.effect: 15 is out of range; allowed: at least 0, at most 2 (ratio)\n"
    )


# --- Runs ---


def test_run_leaves_its_folder_and_nothing_else():
    said = fine("run", *SMALL)
    folders = [path for path in Path("results/run/planned").iterdir()]
    assert len(folders) == 1
    assert {path.name for path in folders[0].iterdir()} == FILES
    assert said.rstrip().endswith(f"Files: {folders[0]}")
    assert "planned, 2022-04-01 to 2022-05-31, 2 replicates" in said
    assert "not a forecast" in said
    above = {"results", "results/run", "results/run/planned", folders[0].as_posix()}
    assert cli.paths_below(Path.cwd()) == above | {f"{folders[0].as_posix()}/{name}" for name in FILES}
    manifest = json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == ["atmis", "run", *SMALL]
    assert manifest["overrides"] == list(SMALL)
    assert manifest["config"]["period"]["end"] == "2022-05-31"


def test_same_seed_same_bytes():
    for seed, workers, results in ((1, 1, "a"), (1, 2, "b"), (2, 2, "c")):
        fine("run", *SMALL, f"seed={seed}", f"workers={workers}", f"results={results}")
    files = {name: next(Path(name).rglob("manifest.json")).parent for name in "abc"}
    for file in FILES - {"manifest.json"}:
        assert (files["a"] / file).read_bytes() == (files["b"] / file).read_bytes()
    for file in ("summary.csv", "monthly.parquet"):
        assert (files["a"] / file).read_bytes() != (files["c"] / file).read_bytes()


def test_runs_of_the_same_second_have_folders_of_their_own(monkeypatch):
    class Noon(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)

    monkeypatch.setattr(run, "datetime", Noon)
    for _ in range(2):
        fine("run", *SMALL)
    found = sorted(path.name for path in Path("results/run/planned").iterdir())
    assert found == ["2026-01-02T12-00-00", "2026-01-02T12-00-00-2"]
    assert all(set(path.name for path in (Path("results/run/planned") / name).iterdir()) == FILES for name in found)


def test_multirun_leaves_a_folder_for_each():
    said = fine("run", "-m", "scenario=planned,pause_90_days", *SMALL)
    assert {path.parent.name for path in Path("results/run").glob("*/*/manifest.json")} == {
        path.name for path in Path("results/run").glob("*/*")
    }
    assert sorted(path.name for path in Path("results/run").iterdir()) == ["pause_90_days", "planned"]
    assert said.index("planned, 2022") < said.index("pause_90_days, 2022")
    assert [path.name for path in Path().iterdir()] == ["results"]
    assert [path.name for path in Path("results").iterdir()] == ["run"]
    manifest = json.loads(next(Path("results/run/pause_90_days").rglob("manifest.json")).read_text(encoding="utf-8"))
    assert manifest["overrides"] == ["scenario=pause_90_days", *SMALL]


def test_multirun_checks_all_before_the_first(monkeypatch):
    started = []
    monkeypatch.setattr(run, "_run", lambda *words: started.append(words))
    said = cli.call("run", "-m", "plan.phases.phase_1.troops=2000,99999", *SMALL)
    assert said.code == 2
    assert "99,999 troops are to leave" in said.err
    assert not started
    assert cli.paths_below(Path.cwd()) == set()


def test_combinations_are_those_of_hydra():
    assert combinations(["seed=1,2", "host=weak", "results=a,b"]) == [
        ["seed=1", "host=weak", "results=a"], ["seed=1", "host=weak", "results=b"],
        ["seed=2", "host=weak", "results=a"], ["seed=2", "host=weak", "results=b"],
    ]  # fmt: skip
    assert combinations(["seed=range(1,4)"]) == [["seed=1"], ["seed=2"], ["seed=3"]]
    assert combinations(["host=glob(*,exclude=reference)"]) == [["host=strong"], ["host=weak"]]
    assert combinations(["seed=choice(5,6)", "seed=7"]) == [["seed=7"]]
    assert combinations(["+a.b='x,y'", "c=[1,2]", "~d"]) == [["+a.b='x,y'", "c=[1,2]", "~d"]]


def test_multirun_over_own_choices():
    cli.own_folder(Path("my"))
    assert combinations(["plan=glob(sma*)"], "my") == [["plan=small"]]


# --- Signals and pipes ---

# Says when the first run is at work; 50,000 of them take much longer than the test.
LONG = """
import sys
from atmis.runs import ensemble
first = ensemble.run_into
def run_into(made, row, *rest):
    if row == 0:
        print("at work", flush=True)
    return first(made, row, *rest)
ensemble.run_into = run_into
sys.argv = ["atmis", "run", "replicates=50000", "period.end=2022-04-30", "figures=false"]
from atmis.experiments.command import main
sys.exit(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_signals_end_a_run_soon():
    ways = {signal.SIGINT: (130, "atmis: interrupted\n"), signal.SIGTERM: (143, "atmis: ended by SIGTERM\n")}
    command = [sys.executable, "-W", "error", "-c", LONG]
    with ExitStack() as stack:
        running = {}
        for number in ways:
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            running[number] = stack.enter_context(child)
            stack.callback(child.kill)
        for number, child in running.items():
            assert child.stdout is not None
            assert child.stdout.readline() == "at work\n", child.communicate(timeout=60)
            time.sleep(0.2)
            sent = time.monotonic()
            child.send_signal(number)
            out, err = child.communicate(timeout=60)
            assert time.monotonic() - sent < 30
            assert (child.returncode, err.removeprefix(cli.COMPILING)) == ways[number]
            assert out == ""
    assert cli.paths_below(Path.cwd()) == set()


def test_a_reader_who_has_had_enough():
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    command = f"set -o pipefail; {sys.executable} -m atmis list | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "scenario=", "")


def test_a_fault_of_the_program_is_one_line_too(monkeypatch):
    monkeypatch.setattr(run, "_run", lambda *words: 1 / 0)
    said = cli.call("run", *SMALL)
    assert said.code == 1
    assert said.err == (
        "atmis: something went wrong (ZeroDivisionError: division by zero); run again with --debug to see where\n"
    )
    with pytest.raises(ZeroDivisionError):
        cli.call("run", *SMALL, "--debug")


# --- Tab completion ---


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("atmis ", list(VERBS)),
        ("atmis ru", ["run"]),
        ("atmis zz", []),
        ("atmis run scen", ["scenario.", "scenario="]),
        ("atmis run scenario=pl", ["scenario=planned"]),
        ("atmis show -m evidence=hks", ["evidence=hks2013", "evidence=hks2014"]),
        ("atmis run host=weak opposition.attacks.rai", ["opposition.attacks.raids="]),
        ("atmis backtest win", ["window="]),
        ("atmis scorecard hand", ["handovers="]),
        ("atmis calibrate calibration.ru", ["calibration.runs="]),
        ("atmis sweep prec", ["precision="]),
        ("atmis explore save", ["save_in="]),
        ("atmis run --config-dir my scenario=mi", ["scenario=mine"]),
        ("atmis run --config-dir nowhere scenario=mi", []),
        ("atmis run --bad-option scen", []),
        ("atmis list s", ["scenario", "society", "sweep"]),
        ("atmis facts ken", []),
    ],
)
def test_completion(monkeypatch, line, offered):
    if "my" in line:
        cli.own_folder(Path("my"))
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.setenv("COMP_POINT", str(len(line)))
    assert fine("-sc", "query=bash").split() == offered
    assert os.environ["COMP_LINE"] == line


def test_completion_in_bash():
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    Path("bin").mkdir()
    Path("bin/atmis").write_text(f'#!/bin/sh\nexec {sys.executable} -m atmis "$@"\n')
    Path("bin/atmis").chmod(0o755)
    script = """
    eval "$(atmis -sc install=bash)"
    COMP_LINE="atmis run scenario=pau" COMP_POINT=22 COMP_CWORD=2
    hydra_bash_completion
    echo "${COMPREPLY[@]}"
    """
    surroundings = os.environ | {"PATH": f"{Path('bin').resolve()}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, env=surroundings)
    assert (done.stdout, done.stderr) == ("scenario=pause_90_days\n", "")
