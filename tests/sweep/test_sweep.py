"""Sweeps: the same bytes however they are run, nothing lost whatever happens to them, every failure told."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import cli
import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import zygote

from atmis.executors import Failure
from atmis.experiments import sweep as command
from atmis.experiments.hydra_app import compose_jobs
from atmis.runs import ensemble, summary
from atmis.runs.inputs import RunInputs, is_direct
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.scenario.source import ScenarioSource
from atmis.storage.manifest import Provenance
from atmis.sweep import chunk_files, chunk_tables, collect, identity, lock, loop, precision
from atmis.sweep.context import WorkerContext
from atmis.sweep.study import Study

TABLES = ("summary.parquet", "summary.csv", "cases.csv", "cases.parquet", "bands.parquet", "failures.csv")
PERIOD = ("period.start=2022-12-10", "period.end=2023-01-20", "figures=false")
WORDS = ("sweep", "--config-dir", "my", "scenario=mine", *PERIOD)
FOLDER = Path("results/sweep/one")
RAIDS, DATE = "opposition.attacks.raids", "plan.phases.phase_1.date"
# Two scenarios, a group, a key that is put into the records, and one that is not.
BOARD = f"""\
defaults: [one]
name: board
assumes: A bit of everything.
design: grid
scenarios: [mine, other]
parameters:
  evidence: [hks2014, no_effect]
  {RAIDS}: [0.05, 0.2]
  {DATE}: ["2022-12-20", "2022-12-31"]
"""
OTHER = cli.SCENARIO.replace("name: mine", "name: other") + "opposition:\n  attacks:\n    rate: 0.02\n"
FAULTS = str(Path(__file__).resolve().parents[1] / "support" / "fault_injection")


class Made(NamedTuple):
    """A study as the command line makes it."""

    study: Study
    settings: Any
    config: dict[str, Any]


def made(*words: str) -> Made:
    jobs = compose_jobs([*WORDS[1:], *words], "sweep")
    return Made(*command.build_study(jobs, Path("my")), jobs[0][0])


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A folder with YAML of one's own."""
    folder = tmp_path_factory.mktemp("home")
    cli.own_folder(folder / "my", {"scenario/other.yaml": OTHER, "sweep/board.yaml": BOARD})
    return folder


@pytest.fixture(autouse=True)
def _place(tmp_path, home, monkeypatch):
    shutil.copytree(home / "my", tmp_path / "my")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def board(home) -> Made:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        return made("sweep=board", "replicates=6")


@pytest.fixture(scope="module")
def whole(board, tmp_path_factory) -> Path:
    """The finished folder of the board."""
    folder = tmp_path_factory.mktemp("whole")
    assert finish(folder, board) == 0
    return folder


@pytest.fixture(scope="module")
def golden(whole) -> dict[str, bytes]:
    """The finished tables of the board."""
    return tables(whole)


@pytest.fixture
def done(whole) -> Path:
    """A copy of the finished folder, at its place."""
    return shutil.copytree(whole, FOLDER)


@pytest.fixture(scope="module")
def few(home, tmp_path_factory) -> Path:
    """The finished folder of six runs."""
    folder = tmp_path_factory.mktemp("few")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        study = made(*FEW[len(WORDS) :])
    assert finish(folder, study) == 0
    return folder


@pytest.fixture(scope="module")
def launcher(home) -> Iterator[zygote.Zygote]:
    """Runs commands in processes that can be killed."""
    with zygote.Zygote() as found:
        for words in (LONG, FEW, [*BAD, *PROCESSES], [*BAD, "chunk=100"], [*LONG, *PROCESSES]):
            found.compose(*words, cwd=home)
        yield found


@pytest.fixture(scope="module")
def long(launcher, home) -> tuple[dict[str, bytes], float]:
    """The finished tables of LONG, and the seconds that it took."""
    begun = time.monotonic()
    assert launcher.call(*LONG, cwd=home).code == 0
    return tables(home / FOLDER), time.monotonic() - begun


LONG = (*WORDS, "replicates=120", "chunk=4")
FEW = (*WORDS, "replicates=6", "chunk=3")
BAD = (*WORDS, "replicates=500", "chunk=5")
PROCESSES = ("executor=processes", "workers=2", "executor.limit_seconds=5", "executor.memory_mib=400")


def finish(folder: Path, made: Made, **settings: Any) -> int:
    """Run a study to its end, with other settings; the exit code."""
    if isinstance(settings.get("executor"), str):
        settings["executor"] = made.settings.executor.model_copy(update={"name": settings["executor"]})
    changed = made.settings.model_copy(update=settings)
    with redirect_stdout(StringIO()):
        return command.run(folder, made.study, changed, made.config, ["atmis", "sweep"])


def finish_with(folder: Path, made: Made, executor: Any, **settings: Any) -> None:
    """The same with an executor of the tests."""
    changed = made.settings.model_copy(update=settings)
    with lock.hold(folder):
        identity.prepare(folder, made.study, changed, made.config)
        outcome = loop.run(folder, made.study, changed, lambda runs, isolated: executor)
        collect.collect(folder, made.study, outcome, Provenance(["atmis"], made.config, [], command.datetime.now()))


def tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """When and as what each file of a complete chunk was written: one that is written again has other numbers."""
    files = chunk_files.files(folder)
    complete = {file.runs for file in files if file.kind == chunk_files.SUMMARY}
    found = {}
    for file in files:
        if file.runs in complete:
            told = file.path.stat()
            found[file.path.name] = (told.st_ino, told.st_mtime_ns)
    return found


def runs_of(folder: Path) -> list[int]:
    """Every stored run, as often as it is stored."""
    return sorted(run for file in chunk_files.files(folder, chunk_files.SUMMARY) for run in file.runs)


def unfinished(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.endswith(".unfinished")]


def is_sound(folder: Path, made_tables: Mapping[str, bytes], runs: int) -> None:
    """A finished sweep: every run once, the right bytes, nothing left behind, and all as it was written."""
    assert runs_of(folder) == list(range(runs))
    assert tables(folder) == made_tables
    assert unfinished(folder) == []
    assert cli.call("verify", str(folder)).code == 0


# --- R1: the same bytes ---


@pytest.mark.parametrize(
    ("executor", "workers", "chunk"),
    [("threads", 1, 0), ("threads", 2, 5), ("threads", 8, 64), ("processes", 2, 7), ("dask", 2, 16)],
)
def test_same_bytes_over_executors_workers_and_chunks(board, golden, executor, workers, chunk):
    assert finish(FOLDER, board, executor=executor, workers=workers, chunk=chunk) == 0
    is_sound(FOLDER, golden, board.study.runs)


class Here:
    """Does tasks one by one in this thread, in an order of its own; ends with an interrupt after so many."""

    def __init__(self, order: Callable[[list[Any]], Any] = list, most: int = 10**6) -> None:
        self.order, self.most = order, most

    def run(self, work, tasks):
        for number, task in enumerate(self.order(list(tasks))):
            if number == self.most:
                raise KeyboardInterrupt
            yield task, work(task)


@pytest.mark.parametrize("order", [lambda todo: todo[::-1], lambda todo: random.Random(3).sample(todo, len(todo))])
def test_same_bytes_over_order(board, golden, order):
    finish_with(FOLDER, board, Here(order), chunk=5)
    is_sound(FOLDER, golden, board.study.runs)


def test_same_bytes_after_interrupts_with_other_chunk_sizes(board, golden):
    for chunk, most in ((7, 2), (4, 3), (1, 5)):
        with pytest.raises(KeyboardInterrupt):
            finish_with(FOLDER, board, Here(most=most), chunk=chunk)
    kept = stamps(FOLDER)
    assert 20 < len(runs_of(FOLDER)) < 40
    assert finish(FOLDER, board) == 0
    assert kept.items() <= stamps(FOLDER).items()
    is_sound(FOLDER, golden, board.study.runs)


def test_cases_are_what_they_say(board, golden):
    cases = list(csv.DictReader(StringIO(golden["cases.csv"].decode())))
    assert [(c["scenario"], c["evidence"], c[RAIDS], c[DATE]) for c in cases] == [
        (scenario, evidence, raids, date)
        for scenario in ("mine", "other")
        for evidence in ("hks2014", "no_effect")
        for raids in ("0.05", "0.2")
        for date in ("2022-12-20", "2022-12-31")
    ]
    assert board.study.direct == {RAIDS}


# --- Parameters put into records, and whole builds ---


def numbers(data: Mapping[str, Any], above: str) -> Iterator[tuple[str, float]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from numbers(value, f"{above}.{key}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{above}.{key}", value


def another(source: ScenarioSource, path: str, value: float) -> float | None:
    """Another value that a parameter may have."""
    tries = [value + 1] if isinstance(value, int) else [value * 1.1 or 0.05, value * 0.9]
    for tried in [*tries, value * 0.9]:
        with suppress(InputError):
            RunInputs.of(source.with_values({path: tried}))
            return tried
    return None  # one of several that add up to 1


def test_parameters_in_records_equal_a_whole_build(board):
    source = board.study.sources[0]
    plain, direct, checked = RunInputs.of(source.with_values({})), set(), 0
    for root in ("opposition", "host", "kenya", "society", "evidence", "reporting", "plan"):
        for path, value in numbers(source.data[root], root):
            tried = another(source, path, value)
            if tried is None:
                continue
            whole = RunInputs.of(source.with_values({path: tried}))
            if is_direct(plain, path, tried, whole):
                direct.add(path)
            if checked % 4 == 0:
                study = Study(
                    "tried", 1, 2, [source], [0, 0], [0, 1], {path: [value, tried]}, {}, frozenset(direct & {path})
                )
                ((_, swept),) = WorkerContext(study).run(range(2, 4))
                single = ensemble.simulate(whole.scenario, 2, 1, workers=1)
                for headline in summary.HEADLINES:
                    left, right = headline.function(swept), headline.function(single)
                    assert left.tobytes() == right.tobytes(), (path, headline.name)
            checked += 1
    assert RAIDS in direct
    assert len(direct) > 80


def test_runs_equal_those_of_atmis_run(board, golden):
    rows = list(csv.DictReader(StringIO(golden["summary.csv"].decode())))
    for name in ("mine", "other"):
        chosen = {"evidence": "no_effect", RAIDS: "0.2", DATE: "2022-12-20"}
        words = [f"{key}={value}" for key, value in chosen.items()]
        words += [f"scenario={name}", "replicates=6", f"results={name}"]
        assert cli.call("run", *WORDS[1:], *words).code == 0
        with next(Path(name).rglob("summary.csv")).open() as file:
            alone = list(csv.DictReader(file))
        swept = [row for row in rows if row["scenario"] == name and chosen.items() <= row.items()]
        columns = [headline.name for headline in summary.HEADLINES]
        assert [[row[c] for c in columns] for row in swept] == [[row[c] for c in columns] for row in alone]


def test_a_scenario_keeps_its_own_theatre():
    text = OTHER.replace("name: other", "name: crowded") + "theatre:\n  zones:\n    gedo:\n      population: 3000000\n"
    Path("my/scenario/crowded.yaml").write_text(text)
    study = made("scenario=crowded", "sweep.scenarios=[crowded,mine]").study
    people = {source.scenario: source.data["theatre"]["zones"]["gedo"]["population"] for source in study.sources}
    alone = compose_jobs(["--config-dir", "my", "scenario=mine"])[0][0]["theatre"]["zones"]["gedo"]["population"]
    assert people == {"crowded": 3000000, "mine": alone}


def test_all_scenarios_are_those_of_theatre_and_period(monkeypatch):
    names = ["actual", "mine", "other"]  # to read all of them would take long
    monkeypatch.setattr("atmis.scenario.conf_files.options", lambda group, folders: names)
    study = made("sweep.scenarios=all").study
    assert [source.scenario for source in study.sources] == ["mine", "other"]
    assert {source.data["period"]["end"] for source in study.sources} == {"2023-01-20"}


def test_a_second_study_of_the_same_process_has_its_own_numbers(board, golden):
    """Workers keep what they have read."""
    assert finish(FOLDER, made("sweep.design=grid", "+sweep.parameters={host: [weak, strong]}", "replicates=3")) == 0
    shutil.rmtree(FOLDER)
    assert finish(FOLDER, board) == 0
    assert tables(FOLDER) == golden


# --- R2: from the folder alone ---


def test_resume_and_replay_from_the_folder_alone(done, board, golden):
    shutil.rmtree("my")
    for path in FOLDER.iterdir():
        if path.name != identity.STUDY:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert cli.call("resume", str(FOLDER)).code == 0
    is_sound(FOLDER, golden, board.study.runs)
    rows = pq.read_table(FOLDER / "summary.parquet").to_pylist()
    for run in (0, 41, 95):
        said = cli.call("replay", str(FOLDER), str(run))
        assert (said.code, said.err) == (0, "")
        told = {line.split()[0]: line.split()[1:] for line in said.out.splitlines()[1:] if line.split()}
        assert told["attacks_total"] == [str(rows[run]["attacks_total"])] * 2
    assert cli.call("replay", str(FOLDER), "96").code == 2


def test_replay_tells_when_a_run_has_changed(done, monkeypatch):
    whole = ensemble.run_into
    monkeypatch.setattr(ensemble, "run_into", lambda *words: whole(*words[:3], words[3] + 1, words[4]))
    said = cli.call("replay", str(FOLDER), "3")
    assert said.code == 1
    assert said.out.endswith("This differs from what is stored.\n")


# --- F1: kill -9 ---


@pytest.mark.slow
def test_killed_at_random_moments(launcher, long):
    golden, took = long
    chance, kept, kills = random.Random(1), {}, 0
    while kills < 20:
        child = launcher.start(*LONG, cwd=Path.cwd())
        time.sleep(chance.uniform(0, min(took, 1.0)))
        zygote.kill(child)
        said = launcher.wait(child)
        now = stamps(FOLDER)
        assert kept.items() <= now.items(), "what was finished is lost, or was done again"
        kept = now
        if said.code == 0:  # it had ended before
            assert tables(FOLDER) == golden
            shutil.rmtree("results")
            kept = {}
        else:
            assert said.code == -signal.SIGKILL
            kills += 1
    assert launcher.call(*LONG, cwd=Path.cwd())[::2] == (0, "")
    assert kept.items() <= stamps(FOLDER).items()
    is_sound(FOLDER, golden, 120)


# --- F2: bad runs ---

KINDS = {
    **dict.fromkeys((3, 77, 251, 499), "raise"), **dict.fromkeys((0, 140), "kill"), 141: "exit",
    **dict.fromkeys((300, 301, 302), "hang"), **dict.fromkeys((390, 391, 455), "eat"),
}  # fmt: skip
NAMED = {"raise": "raised", "kill": "killed", "exit": "killed", "hang": "hung", "eat": "memory"}


def injected(runs: Mapping[int, str], **more: Any) -> dict[str, str]:
    return {"PYTHONPATH": path_with(FAULTS), "ATMIS_FAULTS": json.dumps({"runs": runs, **more})}


def failures() -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO((FOLDER / "failures.csv").read_text())))


def path_with(folder: str) -> str:
    return os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.mark.slow
def test_bad_runs_are_rows_and_the_rest_completes(launcher):
    said = launcher.call(*BAD, *PROCESSES, cwd=Path.cwd(), env=injected(KINDS))
    assert (said.code, said.err) == (1, "")
    assert "13 runs failed" in said.out
    rows = failures()
    assert {int(row["run"]): row["kind"] for row in rows} == {run: NAMED[kind] for run, kind in sorted(KINDS.items())}
    assert [row["replay"] for row in rows] == [f"atmis replay {FOLDER} {run}" for run in sorted(KINDS)]
    assert {(row["scenario"], row["point"]) for row in rows} == {("mine", "0")}
    assert "ArithmeticError: replicate 3 was made to fail" in rows[1]["message"]
    kept = pq.read_table(FOLDER / "summary.parquet")
    assert kept["run"].to_pylist() == [run for run in range(500) if run not in KINDS]
    assert json.loads((FOLDER / "manifest.json").read_text())["failed"] == 13
    again = launcher.call("replay", str(FOLDER), "77", cwd=Path.cwd(), env=injected(KINDS))
    assert again.code == 1
    assert "ArithmeticError: replicate 77 was made to fail" in again.err
    before = stamps(FOLDER)
    assert launcher.call(*BAD, *PROCESSES, cwd=Path.cwd())[::2] == (0, "")
    assert before.items() <= stamps(FOLDER).items()
    mended = tables(FOLDER)
    is_sound(FOLDER, mended, 500)
    shutil.rmtree(FOLDER)
    assert launcher.call(*BAD, "chunk=100", cwd=Path.cwd()).code == 0
    assert tables(FOLDER) == mended
    assert mended["failures.csv"].count(b"\n") == 1


def test_bad_runs_of_threads(launcher, long):
    words = (*LONG, "executor.limit_seconds=0.5", "workers=2")
    launcher.compose(*words, cwd=Path.cwd())
    said = launcher.call(*words, cwd=Path.cwd(), env=injected({5: "raise", 6: "hang", 90: "raise"}))
    assert (said.code, said.err) == (1, "")
    rows = failures()
    assert [(row["run"], row["kind"]) for row in rows] == [("5", "raised"), ("6", "hung"), ("90", "raised")]
    assert runs_of(FOLDER) == [run for run in range(120) if run not in (5, 6, 90)]
    assert launcher.call(*words, cwd=Path.cwd()).code == 0
    is_sound(FOLDER, long[0], 120)


def test_a_run_that_kills_its_process_is_named_by_the_next_command(launcher, long):
    """Threads die together: the command after that runs what was begun apart."""
    bad = injected({5: "kill", 90: "exit"})
    launcher.compose(*LONG, cwd=Path.cwd())
    codes = []
    while (said := launcher.call(*LONG, cwd=Path.cwd(), env=bad)).code != 1:
        codes.append(said.code)
        assert len(codes) <= 2, said
    assert set(codes) <= {-signal.SIGKILL, 3}
    assert [(row["run"], row["kind"]) for row in failures()] == [("5", "killed"), ("90", "killed")]
    assert runs_of(FOLDER) == [run for run in range(120) if run not in (5, 90)]
    assert not list((FOLDER / "chunks").glob(".*"))
    assert launcher.call(*LONG, cwd=Path.cwd()).code == 0
    is_sound(FOLDER, long[0], 120)


def test_when_all_runs_fail_they_are_still_told(launcher):
    said = launcher.call(*FEW, cwd=Path.cwd(), env=injected(dict.fromkeys(range(6), "raise")))
    assert said.code == 1
    assert "6 runs failed" in said.out
    assert len((FOLDER / "failures.csv").read_text().splitlines()) == 7
    assert launcher.call(*FEW, cwd=Path.cwd()).code == 0
    assert runs_of(FOLDER) == list(range(6))


class Unlucky(Here):
    """Says of a chunk that it is lost, but its worker has written it, or all but its summary, or writes it later."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def run(self, work, tasks):
        one_by_one = False
        for task in tasks:
            one_by_one |= task == (5, 6)
            if task == (4, 8):
                if self.how != "later":
                    work(task)
                if self.how == "all but its summary":
                    (summary,) = (FOLDER / "chunks").glob("000000004-000000008.summary.*")
                    summary.unlink()
                yield task, Failure("killed", "its process was killed by SIGKILL")
            elif task == (5, 6) and self.how == "later":
                yield task, Failure("hung", "it did not end within 1 s")
            else:
                yield task, work(task)
        if one_by_one and self.how == "later":
            work((4, 8))


@pytest.mark.parametrize("how", ["all", "all but its summary", "later"])
def test_a_chunk_that_was_given_up_doubles_nothing(board, golden, how):
    finish_with(FOLDER, board, Unlucky(how), chunk=4)
    assert tables(FOLDER) == golden
    assert finish(FOLDER, board) == 0
    is_sound(FOLDER, golden, board.study.runs)


# --- F3: signals ---

# Seconds: far less than what is interrupted would take, and no measurement, for machines are noisy. Within 2 s on a
# quiet one: benchmarks/reliability.py --signals.
SOON = 30
ENDINGS = {signal.SIGINT: (130, "atmis: interrupted\n"), signal.SIGTERM: (143, "atmis: ended by SIGTERM\n")}


@pytest.mark.parametrize(("more", "times"), [((), 10), (PROCESSES, 4)], ids=["threads", "processes"])
def test_signals_at_random_moments(launcher, long, more, times):
    golden, took = long
    chance, kept = random.Random(2), {}
    for number in list(ENDINGS) * (times // 2):
        child = launcher.start(*LONG, *more, cwd=Path.cwd())
        time.sleep(chance.uniform(0.0, 0.8 * took))
        sent = time.monotonic()
        zygote.kill(child, number)
        said = launcher.wait(child)
        assert time.monotonic() - sent < SOON
        now = stamps(FOLDER)
        assert kept.items() <= now.items()
        kept = now
        if said.code == 0:
            assert tables(FOLDER) == golden
            shutil.rmtree("results")
            kept = {}
        else:
            # Warnings are errors here, and Python tells of a file that was open when the signal came.
            own = [line for line in said.err.splitlines(keepends=True) if line.startswith("atmis: ")]
            assert (said.code, said.out, own) == (ENDINGS[number][0], "", [ENDINGS[number][1]])
            assert said.err.endswith(ENDINGS[number][1])
    assert launcher.call(*LONG, *more, cwd=Path.cwd()).code == 0
    assert kept.items() <= stamps(FOLDER).items()
    is_sound(FOLDER, golden, 120)


def test_a_signal_while_a_run_hangs(launcher):
    """Nothing waits for a run that does not end."""
    for number, more in ((signal.SIGINT, ()), (signal.SIGTERM, PROCESSES)):
        pipe, env = hanging(3)
        child = launcher.start(*LONG, *more, cwd=Path.cwd(), env=env)
        pipe.read_bytes()
        sent = time.monotonic()
        zygote.kill(child, number)
        assert launcher.wait(child)[::2] == ENDINGS[number]
        assert time.monotonic() - sent < SOON
        shutil.rmtree("results")


def hanging(run: int) -> tuple[Path, dict[str, str]]:
    """An environment in which a run hangs, and a pipe that can be read to its end once it does."""
    pipe = Path("tells")
    if not pipe.exists():
        os.mkfifo(pipe)
    return pipe, injected({run: "hang"}, tell=str(pipe.resolve()))


def test_a_real_process_ends_by_a_signal():
    """One that was not born in a nursery."""
    pipe, env = hanging(3)
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "atmis", *FEW],
        env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    pipe.read_bytes()
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert time.monotonic() - sent < SOON
    assert (child.returncode, out, err) == (130, "", "atmis: interrupted\n")


# Libraries that are importing or composing make other errors of what a signal raises.
SWALLOWED = """
import signal, sys
from atmis.experiments import command, sweep
def compose_jobs(*words):
    try:
        signal.raise_signal(NUMBER)
    except BaseException:
        raise ValueError("something else")
sweep.compose_jobs = compose_jobs
sys.argv = ["atmis", "sweep"]
sys.exit(command.main())
"""


@pytest.mark.parametrize("number", ENDINGS)
def test_a_signal_that_a_library_swallows(number):
    code = SWALLOWED.replace("NUMBER", str(int(number)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (ENDINGS[number][0], "", ENDINGS[number][1])


# --- F4: writes that fail ---


def test_every_write_may_fail(launcher):
    assert launcher.call(*FEW, cwd=Path.cwd()).code == 0
    whole, number = tables(FOLDER), 0
    while True:
        number += 1
        shutil.rmtree("results")
        told = ("fsync" if number % 2 else "replace", number)
        said = launcher.call(*FEW, cwd=Path.cwd(), env=injected({}, write=told))
        if said.code == 0:
            break
        assert (said.code, said.out) == (2, ""), said
        assert said.err.startswith(f"atmis: {FOLDER}")
        assert said.err.endswith("cannot be written: no space left on device\n")
        before = stamps(FOLDER)
        assert launcher.call(*FEW, cwd=Path.cwd()).code == 0
        assert before.items() <= stamps(FOLDER).items()
        is_sound(FOLDER, whole, 6)
    assert number > 1 + 2 * 4 + len(TABLES) + 1  # study, two chunks, tables, manifest


def test_files_that_grow_too_large(launcher):
    said = launcher.call(*FEW, cwd=Path.cwd(), file_size_limit=5_000)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"atmis: {FOLDER / identity.STUDY} cannot be written: file too large\n"
    assert launcher.call(*FEW, cwd=Path.cwd()).code == 0


@pytest.mark.parametrize("place", ["results", "results/sweep", str(FOLDER), str(FOLDER / "chunks")])
def test_a_file_where_a_folder_is_needed(place):
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    Path(place).write_text("")
    said = cli.call(*FEW)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"atmis: {FOLDER}")
    assert said.err.endswith("cannot be written: a file stands where a folder is needed\n")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("name", [identity.STUDY, lock.LOCK, "summary.parquet", "manifest.json"])
def test_a_folder_where_a_file_is_needed(done, name):
    (FOLDER / name).unlink()
    (FOLDER / name).mkdir()
    (FOLDER / name / "mine.txt").write_text("")
    said = cli.call("resume", str(FOLDER))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"atmis: {FOLDER}")
    assert said.err.count("\n") == 1
    assert (FOLDER / name / "mine.txt").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written():
    Path("results").mkdir()
    Path("results").chmod(0o555)
    said = cli.call(*FEW)
    assert (said.code, said.err) == (2, f"atmis: {FOLDER} cannot be written: no permission\n")


# --- F5: damage ---


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def empty(path: Path) -> None:
    path.write_bytes(b"")


WAYS = [flip, cut, empty, Path.unlink]


@pytest.mark.parametrize("way", WAYS)
def test_damage_of_chunks_is_noticed_and_only_that_is_repeated(board, golden, way):
    assert finish(FOLDER, board, chunk=6) == 0
    before, files = stamps(FOLDER), chunk_files.files(FOLDER)
    ranges = sorted({file.runs for file in files}, key=lambda runs: runs.start)
    hit = {
        ranges[3 * k + 1]: kind
        for k, kind in enumerate((chunk_files.SUMMARY, chunk_files.MONTHLY, chunk_files.BASES, chunk_files.COUNTS))
    }
    targets = [file.path for file in files if hit.get(file.runs) == file.kind]
    assert len(targets) == 4
    for path in targets:
        way(path)
    said = cli.call("verify", str(FOLDER))
    assert (said.code, said.err) == (1, "")
    assert all(path.name in said.out for path in targets if path.exists())
    assert "runs are missing" in said.out
    assert finish(FOLDER, board) == 0
    after = stamps(FOLDER)
    again = {name for name in after if before.get(name) != after[name]}
    assert again == {file.path.name for file in files if file.runs in hit}
    is_sound(FOLDER, golden, board.study.runs)


@pytest.mark.parametrize("way", WAYS)
def test_damage_of_finished_tables_is_noticed_and_mended(done, board, golden, way):
    before = stamps(FOLDER)
    for name in TABLES:
        way(FOLDER / name)
    said = cli.call("verify", str(FOLDER))
    assert (said.code, said.err) == (1, "")
    assert all(name in said.out for name in TABLES)
    assert finish(FOLDER, board) == 0
    assert stamps(FOLDER) == before
    is_sound(FOLDER, golden, board.study.runs)


def one_digit(path: Path) -> None:
    """Change a number in the configuration: the file can be read as before."""
    text = path.read_text()
    place = text.index('"replacement_days": 90')
    path.write_text(text[:place] + text[place:].replace("90", "91", 1))


@pytest.mark.parametrize("name", ["manifest.json", "study.json"])
@pytest.mark.parametrize("way", [*WAYS, one_digit])
def test_damage_of_what_describes_a_sweep_is_noticed(done, board, golden, name, way):
    before = stamps(FOLDER)
    way(FOLDER / name)
    said = cli.call("verify", str(FOLDER))
    assert said.code in (1, 2)
    assert name in said.out + said.err
    assert (said.out + said.err).count("atmis: ") <= 1
    code = finish_or_refuse(board)
    assert stamps(FOLDER) == before
    if name == "manifest.json":  # it can be made again
        assert code == 0
        is_sound(FOLDER, golden, board.study.runs)


def finish_or_refuse(board: Made) -> int:
    """0, or 2 when the folder is refused in a sentence."""
    try:
        return finish(FOLDER, board)
    except InputError:
        return 2


def test_verify_of_a_single_run():
    assert cli.call("run", *WORDS[1:], "replicates=2").code == 0
    (folder,) = Path("results/run/mine").iterdir()
    said = cli.call("verify", str(folder))
    assert (said.code, said.out) == (0, f"{folder}: every file is as it was written.\n")
    flip(folder / "days.parquet")
    (folder / "bases.csv").unlink()
    said = cli.call("verify", str(folder))
    assert (said.code, said.out) == (1, "bases.csv: is missing\ndays.parquet: is damaged\n")


def test_a_bit_of_any_file_is_noticed(done):
    chance = random.Random(4)
    for path in sorted(path for path in done.rglob("*") if path.is_file() and path.name != lock.LOCK):
        whole = path.read_bytes()
        if not whole:
            continue
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        said = cli.call("verify", str(done))
        assert said.code in (1, 2), (path.name, place)
        assert path.name in said.out + said.err
        path.write_bytes(whole)
    assert cli.call("verify", str(done)).code == 0


def test_what_was_being_written_is_swept_away(board, golden):
    assert finish(FOLDER, board) == 0
    for folder in (FOLDER, FOLDER / "chunks"):
        (folder / ".summary.parquet.4711.unfinished").write_bytes(b"half")
    shutil.rmtree(FOLDER / "chunks")
    (FOLDER / "chunks").mkdir()
    (FOLDER / "chunks" / ".000000000-000000006.summary.0123456789abcdef.parquet.4711.unfinished").write_bytes(b"half")
    assert finish(FOLDER, board) == 0
    is_sound(FOLDER, golden, board.study.runs)


# --- F6: two at once ---


def test_the_second_is_told_who_holds_the_folder(launcher):
    pipe, env = hanging(3)
    first = launcher.start(*FEW, cwd=Path.cwd(), env=env)
    pipe.read_bytes()
    for words in (FEW, ("resume", str(FOLDER))):
        said = launcher.call(*words, cwd=Path.cwd())
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"atmis: {FOLDER} is in use by process {first} since 2")
        assert said.err.count("\n") == 1
    zygote.kill(first)  # its lock is stale now
    launcher.wait(first)
    assert launcher.call(*FEW, cwd=Path.cwd())[::2] == (0, "")
    assert runs_of(FOLDER) == list(range(6))
    assert not (FOLDER / lock.HOLDER).exists()


def test_several_at_the_same_moment(launcher, long):
    children = [launcher.start(*LONG, cwd=Path.cwd()) for _ in range(4)]
    said = [launcher.wait(child) for child in children]
    assert {one.code for one in said} <= {0, 2}
    assert 0 in {one.code for one in said}
    assert all(f"{FOLDER} is in use by " in one.err for one in said if one.code == 2)
    is_sound(FOLDER, long[0], 120)


def test_workers_that_lost_their_parent_hold_nothing(launcher, long):
    """Only the main process is killed; its workers learn of it and end."""
    pipe, env = hanging(3)
    child = launcher.start(*LONG, *PROCESSES, cwd=Path.cwd(), env=env)
    pipe.read_bytes()
    os.kill(child, signal.SIGKILL)
    launcher.wait(child)
    assert launcher.call(*LONG, *PROCESSES, cwd=Path.cwd())[::2] == (0, "")
    is_sound(FOLDER, long[0], 120)


def test_other_folders_are_free(launcher, board):
    pipe, env = hanging(3)
    first = launcher.start(*FEW, cwd=Path.cwd(), env=env)
    pipe.read_bytes()
    assert finish(Path("results/sweep/board"), board) == 0
    zygote.kill(first)
    launcher.wait(first)


# --- Identity ---


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("seed=2", "seed is 1 there and 2 here"),
        ("replicates=7", "replicates is 6 there and 7 here"),
        ("opposition.attacks.raids=0.1", "opposition.attacks.raids is 0.06 there and 0.1 here"),
        ("evidence=smidt", "evidence."),
        ("sweep.scenarios=[mine,other]", "sources differs"),
        ("series_runs=0", "series_every is 1 there and 0 here"),
    ],
)
def test_another_study_is_refused(few, word, told):
    shutil.copytree(few, FOLDER)
    before = {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    said = cli.call(*FEW, word)
    assert (said.code, said.out) == (2, "")
    assert f"{FOLDER} holds another study ({told}" in said.err
    assert "sweep.name=" in said.err
    assert {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("word", ["workers=1", "chunk=2", "executor.limit_seconds=9", "executor=processes"])
def test_how_it_is_run_makes_no_other_study(few, word):
    shutil.copytree(few, FOLDER)
    before = stamps(FOLDER)
    assert cli.call(*FEW, word).code == 0
    assert stamps(FOLDER) == before


def test_changed_code_is_told(done, board, monkeypatch):
    for module in ("sweep.study", "sweep.identity"):
        monkeypatch.setattr(f"atmis.{module}.code_hash", lambda: "0123456789abcdef")
    for words in (("resume", str(FOLDER)), (*WORDS, "sweep=board", "replicates=6", "sweep.name=one")):
        said = cli.call(*words)
        assert said.code == 2
        assert "the code has changed since it was begun" in said.err


# --- Precision ---


MOST, PRECISION = 120, 12


@pytest.fixture(scope="module")
def two(home) -> Made:
    """Two scenarios to be compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        words = ("sweep.scenarios=[mine,other]", "draws=none", "sweep.name=two", "baseline=mine", f"replicates={MOST}")
        return made(*words, "headline=attacks_total", f"precision={PRECISION}")


def test_precision_stops_early_and_alike(two):
    seen = set()
    for number, (workers, chunk) in enumerate(((1, 0), (2, 7), (8, 33))):
        folder = Path(f"results/{number}")
        assert finish(folder, two, workers=workers, chunk=chunk) == 0
        about = json.loads((folder / "manifest.json").read_text())
        seen.add((about["replicates"], about["half_width"], about["runs"], *tables(folder).values()))
        assert cli.call("verify", str(folder)).code == 0
    assert len(seen) == 1
    replicates, half_width, runs, *_ = seen.pop()
    assert replicates == 100
    assert half_width <= PRECISION
    assert runs == 2 * replicates
    check_half_width(Path("results/0"), half_width)
    study, _ = identity.load(Path("results/0"))
    widest = precision.widest_interval(Path("results/0"), study, "attacks_total", "mine", replicates)
    assert widest.half_width == half_width
    assert study.scenario_of(widest.case) == "other"


def check_half_width(folder: Path, half_width: float) -> None:
    table = pd.read_parquet(folder / "summary.parquet")
    table = table.pivot(index="replicate", columns="scenario", values="attacks_total")
    differences = (table["other"] - table["mine"]).to_numpy()
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    assert half_width == pytest.approx(1.97 * error, rel=0.02)


def test_precision_goes_on_after_a_stop(two):
    assert finish(Path("results/whole"), two) == 0
    for most in (3, 5):
        with pytest.raises(KeyboardInterrupt):
            finish_with(FOLDER, two, Here(most=most), chunk=9)
    assert finish(FOLDER, two, chunk=20) == 0
    assert tables(FOLDER) == tables(Path("results/whole"))
    before = stamps(FOLDER)
    assert finish(FOLDER, two) == 0
    assert stamps(FOLDER) == before


def test_precision_that_cannot_be_reached_takes_all(two):
    assert finish(FOLDER, two, precision=1e-9) == 0
    about = json.loads((FOLDER / "manifest.json").read_text())
    assert (about["replicates"], about["runs"]) == (MOST, 2 * MOST)
    assert about["half_width"] > 1e-9


# --- -m, --dry-run ---


def test_multirun_joins_one_sweep_with_labels():
    words = ("host=weak,strong", f"{RAIDS}=0.05,0.2", "sweep.scenarios=[mine,other]", "replicates=3")
    said = cli.call(*WORDS, "-m", *words)
    assert said.code == 0, said.err
    assert [path.name for path in Path("results/sweep").iterdir()] == ["one"]
    table = pd.read_csv(FOLDER / "summary.csv")
    groups = table.groupby(["scenario", "host", RAIDS]).replicate.apply(list)
    assert set(groups.index) == {(s, h, r) for s in ("mine", "other") for h in ("weak", "strong") for r in (0.05, 0.2)}
    assert all(found == [0, 1, 2] for found in groups)
    assert table.groupby(["host", RAIDS]).point.nunique().eq(1).all()  # a point is the same for each scenario
    words = ("scenario=other", "host=strong", f"{RAIDS}=0.2", "replicates=3", "sweep.name=alone")
    assert cli.call(*WORDS, *words).code == 0
    alone = pd.read_csv("results/sweep/alone/summary.csv")
    joined = table.query(f"scenario == 'other' and host == 'strong' and `{RAIDS}` == 0.2").reset_index()
    names = [headline.name for headline in summary.HEADLINES]
    pd.testing.assert_frame_equal(joined[names], alone[names])


def test_dry_run_tells_how_much_and_leaves_nothing():
    before = cli.paths_below(Path())
    said = cli.call(*WORDS, "sweep=board", "replicates=50", "--dry-run")
    assert (said.code, said.err.removeprefix(cli.COMPILING)) == (0, "")
    told = dict(line.split("  ", 1) for line in said.out.splitlines()[1:] if "  " in line.strip())
    told = {key.strip(): value.strip() for key, value in told.items()}
    assert (told["scenarios"], told["cases"], told["runs"]) == ("2", "16", "800")
    assert told["chunks"] == "about 7 of 128 runs"
    assert told["disk"].startswith("about ")
    assert "MB" in told["disk"]
    assert " ms" in told["time of a run here"]
    assert "seconds" in told["time in all"]
    assert cli.paths_below(Path()) == before


def test_dry_run_counts_what_is_there(whole):
    shutil.copytree(whole, "results/sweep/board")
    said = cli.call(*WORDS, "sweep=board", "replicates=6", "--dry-run")
    assert "about 0 of 128 runs" in said.out
    assert "96" in said.out.split("stored already")[1].splitlines()[0]


# --- What is left ---


def test_files_of_a_finished_sweep(done):
    left = {path.name for path in FOLDER.iterdir()}
    assert left == {*TABLES, "manifest.json", identity.STUDY, lock.LOCK, "chunks"}


def test_tables_open_anywhere(done):
    table, text = pd.read_parquet(FOLDER / "summary.parquet"), pd.read_csv(FOLDER / "summary.csv")
    assert len(table) == len(text) == 96
    assert list(table.columns) == list(text.columns)
    assert (table["attacks_total"] == text["attacks_total"]).all()
    keys = ["run", "scenario", "point", "replicate", "evidence", DATE, RAIDS]
    assert set(table.columns) == {*keys, *(headline.name for headline in summary.HEADLINES)}
    assert table.scenario.dtype != object or isinstance(table.scenario[0], str)
    series = pd.read_parquet([str(file.path) for file in chunk_files.files(FOLDER, chunk_files.MONTHLY)])
    assert series.groupby("run").size().nunique() == 1
    assert set(series.run) == set(range(96))
    assert pq.read_table(FOLDER / "bands.parquet").num_rows == len(pd.read_parquet(FOLDER / "bands.parquet"))


def test_bands_are_quantiles_over_runs(done):
    bands = pd.read_parquet(FOLDER / "bands.parquet")
    series = pd.concat(pd.read_parquet(file.path) for file in chunk_files.files(FOLDER, chunk_files.MONTHLY))
    sums = series.groupby(["scenario", "month", "run"], observed=True).attacks.sum()
    bands = bands.query("group == 'all' and indicator == 'attacks'").set_index(["scenario", "month"])
    assert len(bands) == 4
    for place, values in sums.groupby(level=[0, 1]):
        row = bands.loc[place]
        assert row.runs == len(values) == 48
        for share, found in ((0.05, row.q05), (0.5, row.q50), (0.95, row.q95)):
            exact = np.quantile(values, share, method="inverted_cdf")
            assert found == (exact if exact < 100 else pytest.approx(exact, rel=0.05))


def test_duckdb_opens_them(done):
    for count, files in (("*", "summary.parquet"), ("distinct run", "chunks/*.monthly.*.parquet")):
        assert duckdb.sql(f"select count({count}) from '{FOLDER}/{files}'").fetchall() == [(96,)]


def test_series_keep_what_is_not_whole():
    """Displaced people of an attack may be any number."""
    data, _ = compose_jobs([*WORDS[1:], "society.displacement.per_attack=17.3"], "sweep")[0]
    scenario = {name: data[name] for name in Scenario.model_fields}
    study = Study("series", 1, 2, [ScenarioSource("mine", scenario)], [0], [0], {})
    ((runs, made),) = WorkerContext(study).run(range(2))
    table = chunk_tables.monthly(study, list(runs), made, runs)
    for name in chunk_tables.SERIES:
        kept = table[name].to_numpy().reshape(made.monthly.shape[:3])
        np.testing.assert_allclose(kept, made.indicator(name), rtol=1e-6, err_msg=name)
    assert (table["displaced_attacks"].to_numpy() % 1 > 0.01).any()


def test_series_of_some_runs_only(board):
    assert finish(FOLDER, board, series_runs=40) == 0
    series = [pq.read_table(file.path) for file in chunk_files.files(FOLDER, chunk_files.MONTHLY)]
    kept = {run for table in series for run in table["run"].to_pylist()}
    assert kept == {run for run in range(96) if run % 6 % 3 == 0}
    assert runs_of(FOLDER) == list(range(96))


def test_words_that_cannot_be():
    for words, told in {
        ("resume",): "resume takes one folder",
        ("resume", "nowhere"): "no such folder",
        ("resume", "my"): "study.json is missing",
        ("verify", "my"): "holds neither a run nor a sweep",
        ("replay", "my"): "a folder and the number of a run",
        ("replay", "my", "-1"): "a folder and the number of a run",
        ("replay", "my", "0"): "study.json is missing",
    }.items():
        said = cli.call(*words)
        assert (said.code, said.out) == (2, "")
        assert told in said.err
        assert said.err.count("\n") == 1
