"""What a run leaves on disk: complete, the same bytes each time, harmless to open, free of the machine it ran on."""

import csv
import errno
import hashlib
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import atmis
from atmis.kernel.compiled import source_hash
from atmis.kernel.recorder import EVENT_FIELDS, INDICATORS
from atmis.runs import summary
from atmis.runs.ensemble import Ensemble, simulate
from atmis.scenario.compose import load
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.storage import folders, manifest, run_folder, tables
from atmis.storage.manifest import PACKAGES, Provenance

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
PROVENANCE = Provenance(
    command=["/opt/somewhere/bin/atmis", "run", "scenario=planned"],
    config={"scenario": {"name": "planned"}, "period": {"start": date(2022, 4, 1)}, "seed": 3},
    overrides=["scenario=planned"],
    started=NOON,
    ended=NOON + timedelta(seconds=2.5),
)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    # A phase that ends, and so hands bases over, within the 80 days.
    return load("planned", ["period.start=2022-11-01", "period.end=2023-01-19"])


@pytest.fixture(scope="module")
def ensemble(scenario: Scenario) -> Ensemble:
    return simulate(scenario, replicates=3, seed=3, workers=1)


@pytest.fixture(scope="module")
def folder(ensemble: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    run_folder.write(ensemble, made, PROVENANCE)
    return made


# --- the folder ---


def test_a_folder_for_each_run_also_within_a_second(tmp_path: Path) -> None:
    made = [folders.new_folder(tmp_path / "results", "run", "planned", NOON) for _ in range(3)]
    names = ["2026-11-21T12-00-00", "2026-11-21T12-00-00-2", "2026-11-21T12-00-00-3"]
    assert made == [tmp_path / "results" / "run" / "planned" / name for name in names]
    assert all(path.is_dir() for path in made)


def test_folders_made_at_once_are_all_different(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: folders.new_folder(tmp_path, "run", "planned", NOON), range(24)))
    assert len(set(made)) == 24


def test_the_time_of_a_folder_is_utc(tmp_path: Path) -> None:
    nairobi = NOON.astimezone(timezone(timedelta(hours=3)))
    assert folders.new_folder(tmp_path, "run", "a", nairobi).name == "2026-11-21T12-00-00"
    assert folders.new_folder(tmp_path, "run", "b", datetime(2026, 11, 21, 21, 30, 5)).name == "2026-11-21T21-30-05"


@pytest.mark.parametrize("name", ["", "..", "../out", "/out", "a/b", "a\\b", ".hidden", "-rf", "a b", "a\n", "=1"])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a folder"):
        folders.new_folder(tmp_path, "run", name, NOON)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", ["results", "results/run", "results/run/planned"])
def test_a_file_in_the_way_is_a_sentence(tmp_path: Path, at: str) -> None:
    file = tmp_path / at
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    with pytest.raises(InputError, match=r"cannot be written: a file stands where a folder is needed"):
        folders.new_folder(tmp_path / "results", "run", "planned", NOON)


# --- the tables ---


def test_monthly_comes_back_as_it_was(ensemble: Ensemble, folder: Path) -> None:
    table, names = run_folder.read(folder).monthly, [name for name, _, _ in INDICATORS]
    assert table.column_names == ["replicate", "month", "zone", *names]
    back = np.stack([table[name].to_numpy() for name in names], axis=-1)
    assert np.array_equal(back.reshape(ensemble.monthly.shape), ensemble.monthly)
    months, zones = ensemble.monthly.shape[1:3]
    assert table["replicate"].to_pylist() == np.repeat([0, 1, 2], months * zones).tolist()
    assert table["zone"].to_pylist() == list(ensemble.scenario.theatre.zones) * 3 * months
    assert table["month"].unique().to_pylist() == [date(2022, 11, 1), date(2022, 12, 1), date(2023, 1, 1)]
    assert table["attacks"].to_numpy().sum() > 0


def test_monthly_says_its_kinds_and_units(folder: Path) -> None:
    schema = run_folder.read(folder).monthly.schema
    assert (schema.field("replicate").type, schema.field("month").type) == (pa.int32(), pa.date32())
    assert schema.field("zone").type == pa.dictionary(pa.int32(), pa.string())
    for name, unit, what in INDICATORS:
        assert schema.field(name).type == pa.float64()
        assert schema.field(name).metadata == {b"unit": unit.encode(), b"what": what.encode()}
    assert schema.metadata == {b"scenario": b"planned", b"seed": b"3", b"atmis": atmis.__version__.encode()}
    about = pq.ParquetFile(folder / "monthly.parquet").metadata
    assert {about.row_group(0).column(k).compression for k in range(about.num_columns)} == {"ZSTD"}


def test_days_come_back_as_they_were(ensemble: Ensemble, folder: Path) -> None:
    table, contingents = run_folder.read(folder).days, list(ensemble.scenario.theatre.contingents)
    assert table.column_names == [
        "replicate", "date", "ceiling", *(f"troops_{name}" for name in contingents),
        "border_troops", "host_shortfall", "open_segments", "could_open",
    ]  # fmt: skip
    shape = ensemble.days.shape
    assert len(table) == shape[0] * shape[1] == 3 * 80
    assert table["date"].to_pylist()[79:81] == [date(2023, 1, 19), date(2022, 11, 1)]
    assert np.array_equal(table["could_open"].to_numpy().reshape(shape), ensemble.days["could_open"] > 0)
    for name in ("ceiling", "border_troops", "host_shortfall", "open_segments"):
        assert np.array_equal(table[name].to_numpy().reshape(shape), ensemble.days[name]), name
    for k, name in enumerate(contingents):
        assert np.array_equal(table[f"troops_{name}"].to_numpy().reshape(shape), ensemble.deployed[..., k])
    assert table.schema.field("troops_kenya").metadata == {b"unit": b"troops"}


def test_events_come_back_as_they_were(ensemble: Ensemble, folder: Path) -> None:
    table, log = run_folder.read(folder).events, dict(zip(EVENT_FIELDS, ensemble.events.T, strict=True))
    assert len(table) == len(ensemble.events) > 0
    zones, bases = list(ensemble.scenario.theatre.zones), list(ensemble.scenario.theatre.bases)
    assert table["zone"].to_pylist() == [zones[k] for k in log["zone"]]
    assert table["origin_zone"].to_pylist() == [zones[k] for k in log["origin"]]
    assert table["base"].to_pylist() == [bases[k] if k >= 0 else None for k in log["base"]]
    assert table["date"].to_pylist() == [ensemble.scenario.date(int(day)) for day in log["day"]]
    assert set(table["mode"].to_pylist()) <= {"clash", "ied", "raid", "suicide"}
    for name in ("cell", "assault", "overrun", "recorded", *(n for n in EVENT_FIELDS if n.startswith("deaths_"))):
        assert np.array_equal(table[name].to_numpy(), log[name]), name
    in_first_run = run_folder.read(folder).monthly.slice(0, len(ensemble.months) * len(zones))
    assert len(table) == in_first_run["attacks"].to_numpy().sum()
    assert table.schema.metadata[b"events_not_kept"] == b"0"


def test_summary_comes_back_as_it_was(ensemble: Ensemble, folder: Path) -> None:
    table, columns = run_folder.read(folder).summary, summary.columns(ensemble)
    assert table.column_names == list(columns)
    for name, values in columns.items():
        assert table[name].to_pylist() == values.tolist(), name


def test_bases_come_back_as_they_were(ensemble: Ensemble, folder: Path) -> None:
    table, fates = run_folder.read(folder).bases, summary.fates(ensemble)
    assert table.column_names == list(fates)
    for name, values in fates.items():
        assert table[name].to_pylist() == values.tolist(), name
    assert {True, None} <= set(table["censored"].to_pylist())  # some were handed over, some not
    assert table.schema.field("days_survived").type == pa.int64()
    assert table.schema.field("censored").type == pa.bool_()


def test_rows_in_parts_are_the_same_rows(
    ensemble: Ensemble, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_folder, "ROWS_AT_ONCE", 1)
    run_folder.write(ensemble, tmp_path, PROVENANCE)
    for name in ("monthly.parquet", "days.parquet"):
        assert pq.ParquetFile(tmp_path / name).metadata.num_row_groups == 3
        assert pq.read_table(tmp_path / name).combine_chunks() == pq.read_table(folder / name).combine_chunks()


def test_a_run_without_events(ensemble: Ensemble, tmp_path: Path) -> None:
    run_folder.write(replace(ensemble, events=ensemble.events[:0], event_count=np.array([7])), tmp_path, PROVENANCE)
    events = run_folder.read(tmp_path).events
    assert (len(events), events.schema.metadata[b"events_not_kept"]) == (0, b"7")


# --- the bytes ---


def test_the_same_run_gives_the_same_bytes(scenario: Scenario, folder: Path, tmp_path: Path) -> None:
    again = simulate(scenario, replicates=3, seed=3, workers=2)
    later = replace(PROVENANCE, started=NOON + timedelta(days=1), ended=NOON + timedelta(days=2))
    run_folder.write(again, tmp_path, later)
    for name in run_folder.TABLES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_csv_has_plain_line_ends_and_headers(ensemble: Ensemble, folder: Path) -> None:
    for name, rows in (("summary.csv", 3), ("bases.csv", ensemble.bases.size)):
        data = (folder / name).read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        assert data.count(b"\n") == 1 + rows


HOSTILE = ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_a_formula_is_a_text(name: str) -> None:
    assert tables.cell(name).startswith("'")
    assert set(tables.cell(name)) & set("\t\r\n") == set()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"), (-2.0, "-2"), (-0.25, "-0.25"), (1e300, f"{1e300:.0f}"), (0.1 + 0.2, "0.30000000000000004"),
        (True, "true"), (False, "false"), (None, ""), (date(2022, 4, 1), "2022-04-01"), ("a-b", "a-b"), ("", ""),
        ("two\nlines", "two lines"),
    ],
)  # fmt: skip
def test_other_cells_are_left_alone(value: Any, text: str) -> None:
    assert tables.cell(value) == text


def with_base_names(ensemble: Ensemble, names: list[str]) -> Ensemble:
    """The same ensemble on a theatre whose first bases have other names."""
    theatre = ensemble.scenario.theatre
    bases = dict(theatre.bases)
    for key, name in zip(list(bases), names, strict=False):
        bases[key] = bases[key].model_copy(update={"name": name})
    renamed = theatre.model_copy(update={"bases": bases})
    return replace(ensemble, scenario=ensemble.scenario.model_copy(update={"theatre": renamed}))


def test_hostile_names_of_bases(ensemble: Ensemble, tmp_path: Path) -> None:
    names = [*HOSTILE, 'quo"te', "com,ma", "semi;colon", "null", "NA", "Cæl Buur - ق", "'", "\x00x"]
    run_folder.write(with_base_names(ensemble, names), tmp_path, PROVENANCE)
    back = run_folder.read(tmp_path).bases
    assert len(back) == 3 * len(ensemble.scenario.theatre.bases)
    assert back["name"].to_pylist()[: len(names)] == [tables.cell(name) for name in names]
    assert back["name"].to_pylist()[8:15] == names[8:15]
    with (tmp_path / "bases.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + len(back)


# --- the manifest ---


def test_manifest_tells_how_to_repeat_the_run(folder: Path) -> None:
    manifest = run_folder.read(folder).manifest
    assert manifest["command"] == ["atmis", "run", "scenario=planned"]
    assert manifest["overrides"] == ["scenario=planned"]
    assert manifest["config"] == {"scenario": {"name": "planned"}, "period": {"start": "2022-04-01"}, "seed": 3}
    assert (manifest["scenario"], manifest["seed"], manifest["replicates"]) == ("planned", 3, 3)
    assert manifest["started"] == "2026-11-21T12:00:00+00:00"
    assert manifest["ended"] == "2026-11-21T12:00:02+00:00"
    assert manifest["duration_seconds"] == 2.5
    assert manifest["source_hash"] == source_hash()
    assert set(manifest["versions"]) == {"atmis", "python", "platform", *PACKAGES}
    assert manifest["versions"]["python"] == platform.python_version()
    assert manifest["versions"]["numpy"] == np.__version__


def test_a_run_ends_when_its_manifest_is_written(ensemble: Ensemble, tmp_path: Path) -> None:
    begun = datetime.now(UTC)
    run_folder.write(ensemble, tmp_path, replace(PROVENANCE, started=begun, ended=None))
    manifest = run_folder.read(tmp_path).manifest
    assert 0.0 < manifest["duration_seconds"] < 60.0
    assert datetime.fromisoformat(manifest["ended"]) >= begun.replace(microsecond=0)


def test_manifest_knows_every_file(folder: Path) -> None:
    files = {entry["name"]: entry for entry in run_folder.read(folder).manifest["files"]}
    assert set(files) == {*run_folder.TABLES, *run_folder.TWINS}
    assert {path.name for path in folder.iterdir()} == {folders.MANIFEST, *run_folder.TABLES, *run_folder.TWINS}
    for name, entry in files.items():
        data = (folder / name).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_manifest_does_not_name_the_machine_or_its_user(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATMIS_TEST_TOKEN", "very-secret-value")
    monkeypatch.chdir(tmp_path)
    outside, inside = "/home/somebody/my work/out", str(tmp_path / "out")
    provenance = replace(
        PROVENANCE,
        command=[str(tmp_path / "bin" / "atmis"), "run", f"results={outside}", "--config-dir", inside],
        overrides=[f"results={outside}", f"hydra.searchpath=[file://{inside},file:///home/somebody/conf]"],
        config={"results": outside, "nested": [{"path": inside, "windows": r"C:\Users\somebody\out"}]},
    )
    folder = folders.new_folder(tmp_path, "run", "planned", NOON)
    run_folder.write(ensemble, folder, provenance)
    manifest, text = run_folder.read(folder).manifest, (folder / folders.MANIFEST).read_text()
    assert manifest["command"] == ["atmis", "run", "results=.../out", "--config-dir", "out"]
    assert manifest["overrides"][1] == "hydra.searchpath=[file://out,file://.../conf]"
    assert manifest["config"] == {"results": ".../out", "nested": [{"path": "out", "windows": ".../out"}]}
    for word in ("somebody", "very-secret-value", "ATMIS_TEST_TOKEN", str(tmp_path), str(Path.home()), platform.node()):
        assert word not in text, word


@pytest.mark.parametrize(
    "text",
    [
        "scenario=planned",
        "plan.note='S/RES/2628, people/km2 / day'",
        "+a.b=1/2",
        "results=out/here",
        "~plan.rules",
        "-m",
    ],
)
def test_words_without_absolute_paths_are_kept(text: str) -> None:
    assert manifest.shareable(text) == text


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_checkout_gives_commit_and_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )  # fmt: skip
        return done.stdout.strip()

    assert manifest.git_state(tmp_path) is None
    git("init", "--quiet")
    assert manifest.git_state(tmp_path) is None  # not a checkout of a project
    (tmp_path / "pyproject.toml").touch()
    assert manifest.git_state(tmp_path) is None  # nothing committed yet
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))  # as in a hook of another repository
    assert manifest.git_state(tmp_path) == {"commit": git("rev-parse", "HEAD"), "dirty": False}
    (tmp_path / "pyproject.toml").write_text("changed")
    assert manifest.git_state(tmp_path) == {"commit": git("rev-parse", "HEAD"), "dirty": True}


def test_a_machine_without_git_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setenv("PATH", "")
    assert manifest.git_state(tmp_path) is None


# --- when it goes wrong ---


def failing(error: BaseException) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "cannot be written: no space left on device"),
        (OSError(errno.EROFS, "Read-only file system"), "cannot be written: read-only file system"),
        (PermissionError(errno.EACCES, "Permission denied"), "cannot be written: no permission"),
    ],
)
def test_a_disk_that_refuses_is_a_sentence(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    monkeypatch.setattr(os, "fsync", failing(error))
    with pytest.raises(InputError, match=sentence):
        run_folder.write(ensemble, tmp_path, PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_in_the_middle_of_a_table(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(pq.ParquetWriter, "write_table", failing(full))
    with pytest.raises(InputError, match=r"monthly\.parquet cannot be written: no space left"):
        run_folder.write(ensemble, tmp_path, PROVENANCE)
    assert [path.name for path in tmp_path.iterdir()] == ["summary.csv"]
    with pytest.raises(InputError, match="holds no complete run"):
        run_folder.read(tmp_path)


def test_an_interrupted_run_leaves_nothing_half_written(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "fates", failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        run_folder.write(ensemble, tmp_path, PROVENANCE)
    assert {path.name for path in tmp_path.iterdir()} == {"summary.csv", "monthly.parquet"}


def test_a_folder_that_is_not_there_is_a_sentence(ensemble: Ensemble, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: the folder does not exist"):
        run_folder.write(ensemble, tmp_path / "gone", PROVENANCE)


def test_what_is_stored_is_never_written_over(ensemble: Ensemble, folder: Path) -> None:
    before = (folder / folders.MANIFEST).read_bytes()
    with pytest.raises(InputError, match="already holds a run"):
        run_folder.write(ensemble, folder, PROVENANCE)
    assert (folder / folders.MANIFEST).read_bytes() == before


def test_the_manifest_is_written_last(ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    move = os.replace

    def note(source: Any, target: Any) -> None:
        order.append(Path(target).name)
        move(source, target)

    monkeypatch.setattr(os, "replace", note)
    written = run_folder.write(ensemble, tmp_path, PROVENANCE)
    assert order == [path.name for path in written]
    assert order[-1] == folders.MANIFEST
    assert set(order[:-1]) == {*run_folder.TABLES, *run_folder.TWINS}


@pytest.mark.parametrize("name", [folders.MANIFEST, *run_folder.TABLES])
def test_a_damaged_run_is_a_sentence(folder: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes(b"\xff\xfe{")
    with pytest.raises(InputError, match="cannot be read"):
        run_folder.read(copy)
    (copy / name).unlink()
    with pytest.raises(InputError, match="is missing"):
        run_folder.read(copy)


def test_manifest_is_plain_json(folder: Path) -> None:
    text = (folder / folders.MANIFEST).read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.loads(text, parse_constant=lambda word: pytest.fail(word)) == run_folder.read(folder).manifest
