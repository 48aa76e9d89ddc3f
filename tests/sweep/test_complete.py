"""A sweep that is said to be finished lacks no run, whatever happens to its files while it runs."""

import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import chunk_losses
import cli
import pytest
from small_sweeps import MINE

from atmis.executors import Failure
from atmis.experiments import sweep as command
from atmis.experiments.hydra_app import compose_jobs
from atmis.scenario.errors import InputError
from atmis.storage.files import to_sealed_json
from atmis.storage.manifest import Provenance
from atmis.sweep import chunk_files, collect, identity, lock, loop
from atmis.sweep.chunk_files import IncompleteError
from atmis.sweep.faults import ChunkFaults

TABLES = ("summary.parquet", "summary.csv", "cases.csv", "cases.parquet", "bands.parquet", "failures.csv")
FOLDER = Path("results/sweep/one")
CASES = "+sweep.parameters={opposition.attacks.raids: [0.05, 0.2, 0.3]}"
WORDS = (*MINE, "sweep.design=grid", CASES, "replicates=4", "chunk=2")
RUNS = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Any:
    """The study, its settings and its configuration."""
    folder = tmp_path_factory.mktemp("made")
    cli.own_folder(folder / "my", {})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        jobs = compose_jobs(list(WORDS), "sweep")
        study, settings = command.build_study(jobs, Path("my"))
        finish((study, settings, jobs[0][0]), chunk_losses.Here())
        golden = tables()
    return study, settings, jobs[0][0], golden


@pytest.fixture(autouse=True)
def _place(tmp_path, made, monkeypatch):
    monkeypatch.chdir(tmp_path)


def finish(made: Any, executor: Any) -> None:
    """Run the study to its end, as the command does."""
    study, settings, config, *_ = made
    with lock.hold(FOLDER):
        identity.prepare(FOLDER, study, settings, config)
        outcome = loop.run(FOLDER, study, settings, lambda runs, isolated: executor)
        collect.collect(FOLDER, study, outcome, Provenance(["atmis"], config, [], command.datetime.now()))
        collect.confirm(FOLDER, study, identity.series_every(study, settings))


def tables() -> dict[str, bytes]:
    return {name: (FOLDER / name).read_bytes() for name in TABLES}


class Loses(chunk_losses.Here):
    """Harms files after a task."""

    def __init__(self, way: Any, kinds: Any = chunk_files.KINDS, times: int = 1, after: int = 3) -> None:
        self.way, self.kinds, self.times, self.after, self.done = way, kinds, times, after, 0

    def run(self, work, tasks):
        for task, answer in super().run(work, tasks):
            self.done += 1
            if self.done >= self.after and self.times:
                self.times -= 1
                for file in chunk_files.files(FOLDER, *self.kinds):
                    self.way(file.path)
            yield task, answer


@pytest.mark.parametrize("way", chunk_losses.WAYS)
@pytest.mark.parametrize("kind", [chunk_files.SUMMARY, chunk_files.COUNTS, chunk_files.MONTHLY, chunk_files.BASES])
def test_what_is_lost_meanwhile_is_run_again(made, way, kind):
    finish(made, Loses(way, [kind]))
    assert tables() == made[3]
    for path in FOLDER.glob("*.moved"):
        path.unlink()
    assert cli.call("verify", str(FOLDER)).code == 0


def test_files_written_elsewhere_end_in_a_sentence(made, monkeypatch):
    """As by a worker in another working folder."""
    monkeypatch.setattr(chunk_files, "write", lambda folder, study, runs, tables: None)
    with pytest.raises(IncompleteError) as told:
        finish(made, chunk_losses.Here())
    assert told.value.exit_code == 1
    assert str(told.value) == (
        f"{FOLDER}: 12 of 12 runs are missing, though all were run: their files are gone or changed; "
        f"the same command, or `atmis resume {FOLDER}`, runs what is missing"
    )
    assert not (FOLDER / "manifest.json").exists()


def test_the_command_says_so_and_goes_on(made, monkeypatch, tmp_path):
    cli.own_folder(tmp_path / "my", {})
    whole = chunk_files.files

    def lagging(folder, *kinds):
        """A listing without the second chunk."""
        return [file for file in whole(folder, *kinds) if file.runs.start != 2]

    with monkeypatch.context() as patch:
        patch.setattr(chunk_files, "files", lagging)
        said = cli.call("sweep", *WORDS)
    assert (said.code, said.out) == (1, "")
    assert said.err.removeprefix(cli.COMPILING).startswith(f"atmis: {FOLDER}: 2 of 12 runs are missing")
    assert "atmis resume" in said.err
    assert cli.call("sweep", *WORDS).code == 0
    assert tables() == made[3]


@pytest.mark.parametrize("moment", ["bands", "_cases", "write_manifest"])
@pytest.mark.parametrize("kind", [chunk_files.SUMMARY, chunk_files.COUNTS, chunk_files.BASES])
def test_losses_while_tables_are_written_end_in_a_sentence(made, monkeypatch, moment, kind):
    whole = getattr(collect, moment)

    def after_a_loss(*words: Any) -> Any:
        chunk_files.files(FOLDER, kind)[1].path.unlink()
        return whole(*words)

    monkeypatch.setattr(collect, moment, after_a_loss)
    with pytest.raises(IncompleteError, match="runs what is missing"):
        finish(made, chunk_losses.Here())
    assert not (FOLDER / "manifest.json").exists()
    monkeypatch.undo()
    finish(made, chunk_losses.Here())
    assert tables() == made[3]


def test_a_folder_that_lacks_runs_is_not_analysed(made):
    """As an earlier version left it: a manifest that is as written, over tables that lack runs."""
    finish(made, chunk_losses.Here())
    about = collect.read_finished(FOLDER)[2]
    (FOLDER / "manifest.json").write_bytes(to_sealed_json({**about, "runs": 7}))
    with pytest.raises(IncompleteError, match="its tables hold 7 of 12 runs"):
        collect.read_finished(FOLDER)


def test_failed_runs_count(made):
    """Rows and failures are all runs; a record that is lost is no failure, but a run that is missing."""

    class Written(chunk_losses.Here):
        def run(self, work, tasks):
            for task in list(tasks):
                is_bad = task[0] <= 5 < task[1]
                yield task, Failure("raised", "it raised ValueError") if is_bad else work(task)

    finish(made, Written())
    about = collect.read_finished(FOLDER)[2]
    assert (about["runs"], about["failed"]) == (11, 1)
    assert len((FOLDER / "failures.csv").read_text().splitlines()) == 2
    (record,) = chunk_files.files(FOLDER, chunk_files.FAILURES)
    record.path.unlink()
    assert "1 of 12 runs are missing" in cli.call("verify", str(FOLDER)).out


@pytest.mark.parametrize("swap", ["content", "names", "studies"])
def test_chunk_files_that_were_swapped_are_noticed(made, swap):
    finish(made, chunk_losses.Here())
    first, second = chunk_files.files(FOLDER, chunk_files.SUMMARY)[:2]
    one, other = first.path.read_bytes(), second.path.read_bytes()
    if swap == "content":
        first.path.write_bytes(other)
        second.path.write_bytes(one)
    elif swap == "names":  # each with its own hash, and the runs of the other
        first.path.rename(second.path.with_name(second.path.name.replace(second.digest, first.digest)))
        second.path.rename(first.path.with_name(first.path.name.replace(first.digest, second.digest)))
    else:
        table = chunk_files.read([first], made[0].identity)
        first.path.unlink()
        chunk_files.write(FOLDER, "0123456789abcdef", first.runs, {chunk_files.SUMMARY: table})
    said = cli.call("verify", str(FOLDER))
    assert said.code == 1
    assert "000000000-000000002.summary" in said.out
    finish(made, chunk_losses.Here())
    assert tables() == made[3]


def test_a_cleaner_of_temporary_files_is_never_missed(made):
    """Twenty sweeps; `python benchmarks/reliability.py --losses 200` makes more."""
    chance, seen = random.Random(5), {"healed": 0, "told": 0}
    for _ in range(20):
        shutil.rmtree("results", ignore_errors=True)
        ended = False
        with chunk_losses.cleaner(FOLDER, chance, 0.05) as harmed, suppress(IncompleteError):
            finish(made, chunk_losses.Here())
            ended = True
        if ended and harmed:
            assert tables() == made[3]
            for path in FOLDER.glob("*.moved"):
                path.unlink()
            assert cli.call("verify", str(FOLDER)).code == 0
        seen["healed" if ended else "told"] += 1
    assert seen["healed"] > 3
    assert seen["told"] > 3


def test_rows_of_a_precision_are_complete(made):
    """Replicates beyond those that a precision needed are not asked for."""
    study = made[0]
    faults = chunk_files.missing_runs([range(0, 2), range(4, 6), range(8, 10)], range(study.runs))
    assert [len(part) for part in faults] == [2, 2, 2]
    finish(made, chunk_losses.Here())
    for file in chunk_files.files(FOLDER):
        if file.runs.start % 4 == 2:
            file.path.unlink()
    found = ChunkFaults(FOLDER, study, 1)
    assert [found.missing_runs(replicates) for replicates in (1, 2, 3, 4)] == [0, 0, 3, 6]


def test_one_that_cannot_be_written_is_still_told_apart(made, monkeypatch):
    """A full disk is no loss: exit code 2."""
    monkeypatch.setattr("os.replace", lambda *words: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="no space left on device") as told:
        finish(made, chunk_losses.Here())
    assert not isinstance(told.value, IncompleteError)
    assert not [path for path in FOLDER.rglob("*.unfinished")]
    assert not (FOLDER / "manifest.json").exists()
