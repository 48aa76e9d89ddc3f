"""Hostile names and payloads do nothing: no code is run, no file is written but below the results, nothing leaks.

An audit hook of Python sees what is opened for writing, made, renamed or removed, every process and connection, every
`exec`, and every class that pickle looks up. It hears only while `heard` is open: a hook cannot be taken away.
"""

import csv
import json
import os
import pickle
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bad_configs
import cli
import explorer_client
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import report_pages
import yaml

from atmis import load
from atmis.runs import ensemble
from atmis.runs.inputs import RunInputs

SECRET = "canary-7f3a9c"  # of the environment: in no file, in no answer
NAMES = (
    "=1+1", "@SUM(A1)", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "../../x", "CON", "{x} %s %d",
    "$\\frac{_}$", "\u202egnp.exe", "a\nb\tc", "🙂", "W" * 300, "$HOME $(id)", "{{ 7 * 7 }}", "'; rm -rf /", "NUL\x07",
)  # fmt: skip
SAVED = Path("my/scenario/saved.yaml")  # by the explorer
SHORT = ("period.end=2022-04-30", "replicates=2", "workers=1", "figures=false", "draws=none")
_HEARD: list[tuple[str, str]] = []
_OPEN: list[bool] = []
_WRITES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.symlink",
    "os.link",
    "os.truncate",
    "os.chmod",
    "shutil.move",
}
_CODE = {
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.startfile",
    "pickle.find_class",
    "socket.connect",
    "subprocess.Popen",
}


def _hook(event: str, words: tuple[object, ...]) -> None:
    if not _OPEN:
        return
    if event == "open" and isinstance(words[2], int) and words[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        _HEARD.append(("write", str(words[0])))
    elif event in _WRITES:
        _HEARD.extend(("write", os.fsdecode(word)) for word in words if isinstance(word, str | bytes))  # type: ignore[arg-type]
    elif event in _CODE:
        _HEARD.append((event, str(words[0])))


sys.addaudithook(_hook)


@contextmanager
def heard() -> Iterator[list[tuple[str, str]]]:
    """What happens in this process meanwhile: the kind of event, and what it is about."""
    _HEARD.clear()
    _OPEN.append(True)
    try:
        yield (found := [])
    finally:
        _OPEN.clear()
        found.extend(_HEARD)


class Payload:
    """Leaves a file when pickle reads it."""

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return os.mkdir, ("canary",)


def hostile_theatre(folder: Path) -> str:
    """The small theatre with hostile names of zones, contingents, forces, bases and regions."""
    theatre = yaml.safe_load((cli.own_folder(folder) / "theatre/small.yaml").read_text(encoding="utf-8"))
    for entries in (theatre["zones"], theatre["contingents"], theatre["host_forces"], theatre["bases"]):
        for place, entry in enumerate(entries.values()):
            entry["name"] = NAMES[place % len(NAMES)]
    theatre["regions"] = dict(zip(theatre["regions"], NAMES, strict=False))
    return yaml.safe_dump(theatre, allow_unicode=True)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A run, a sweep, a comparison, reports and a saved scenario, all with hostile names; and what was heard."""
    home, place = tmp_path_factory.mktemp(f"{SECRET}_home"), tmp_path_factory.mktemp("work")
    assumes = f"assumes: {json.dumps(NAMES[2] + NAMES[0])}\n"
    mine = cli.SCENARIO.replace("assumes: A scenario of the tests.\n", assumes)
    other = mine.replace("name: mine", "name: other") + "host: {effect: 0.9}\n"
    files = {
        "scenario/mine.yaml": mine,
        "scenario/other.yaml": other,
        "theatre/small.yaml": hostile_theatre(place / "my"),
    }
    words = ("--config-dir", "my", *SHORT)
    ensemble.load_rules(RunInputs.of(load("planned")))  # machine code goes to the cache folder of who runs this
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for name in ("ATMIS_SECRET", "AWS_SECRET_ACCESS_KEY", "USER", "LOGNAME", "HOSTNAME", "GITHUB_TOKEN"):
            patch.setenv(name, SECRET)
        patch.setenv("HOME", str(home))
        cli.own_folder(Path("my"), files)
        Path("results").mkdir()  # else the folder above is tried with a folder that is made and removed
        explorer = explorer_client.make_explorer(*SHORT, "--config-dir", "my", "scenario=mine")
        with heard() as found:
            said = [
                cli.call("run", *words, "scenario=mine"),
                cli.call("sweep", *words, "scenario=mine", "sweep.name=two", "sweep.scenarios=[mine,other]", "chunk=2"),
                cli.call("compare", "other", *words, "baseline=mine"),
            ]
            assert [(one.code, one.err.removeprefix(cli.COMPILING)) for one in said] == [(0, "")] * 3
            for verb in ("run", "compare"):
                (manifest,) = Path("results", verb).rglob("manifest.json")
                said.append(cli.call("report", str(manifest.parent)))
            explorer.save({"name": "saved", "future": {"b": "other"}})
    assert [(one.code, one.err) for one in said[3:]] == [(0, "")] * 2
    return place, found, said


def test_the_hook_notices(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    payload = pickle.dumps(Payload())
    with heard() as found:
        pickle.loads(payload)
        os.system("true")
        Path("a").write_text("x")
    assert {"pickle.find_class", "os.system", "write"} <= {kind for kind, _ in found}
    assert Path("canary").is_dir()
    assert ("write", "a") in found
    with heard() as found:
        Path("a").read_text()
    assert found == []


def test_nothing_is_written_outside_the_results(done):
    place, found, _ = done
    allowed = (place / "results", place / SAVED.parent)
    written = {(place / path).resolve() for kind, path in found if kind == "write" and path != os.devnull}
    assert len(written) > 20
    assert [path for path in written if not any(path.is_relative_to(one) for one in allowed)] == []
    assert {path.name for path in place.iterdir()} == {"my", "results"}


def test_no_code_is_run_and_nothing_is_asked_of_the_network(done):
    """But for git, which tells the commit, and numba's own cache, which is pickle but no result."""
    assert {one for one in done[1] if one[0] not in ("write", "pickle.find_class")} <= {("subprocess.Popen", "git")}


def texts(path: Path) -> str:
    """All that a file tells: of Parquet, the columns and what is told of them."""
    if path.suffix != ".parquet":
        return path.read_text(encoding="utf-8", errors="replace")
    table = pq.read_table(path)
    names = [name for name in table.column_names if pa.types.is_string(table[name].type)]
    return f"{table.schema} {table.schema.metadata} {[set(table[name].to_pylist()) for name in names]}"


def test_nothing_of_the_machine_leaks(done):
    place, _, said = done
    files = [*(path for path in (place / "results").rglob("*") if path.is_file()), place / SAVED]
    assert {".json", ".csv", ".parquet", ".html", ".yaml"} <= {path.suffix for path in files}
    for path in files:
        told = texts(path)
        assert SECRET not in told, path
        assert str(place) not in told, path
        assert os.uname().nodename not in told, path
    assert all(SECRET not in one.out + one.err for one in said)


def test_no_cell_of_a_table_is_a_formula(done):
    cells = set()
    for path in (done[0] / "results").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells |= {cell for row in csv.reader(file) for cell in row}
    assert "'=1+1" in cells
    for cell in cells:
        if cell.lstrip().startswith(("=", "+", "-", "@")):
            float(cell)  # a number


def test_names_are_text_in_reports_and_nothing_else(done):
    found = sorted((done[0] / "results").rglob("report.html"))
    assert len(found) == 2
    for path in found:
        page = report_pages.parse_page(path.read_bytes())
        assert not [one for one in page.iter() if one.tag == "script" or set(one.attrib) & {"onerror", "onload"}]
        assert "<script>alert(1)" in "".join(page.itertext())


PAYLOADS = ("tag of Python", "binary", "resolver of the environment", "resolver by a reference", "a call in a block",
            "a template", "file: bomb of aliases", "file: under Hydra")  # fmt: skip


@pytest.mark.parametrize("name", PAYLOADS)
def test_payloads_of_yaml_run_nothing(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", SECRET)
    case = bad_configs.bad_configs()[name]
    cli.own_folder(Path("my"), case.files)
    with heard() as found:
        said = cli.call(*case.words)
    assert (said.code, [kind for kind, _ in found if kind != "pickle.find_class"]) == (2, [])
    assert SECRET not in said.err


@pytest.mark.parametrize("what", ["summary.parquet", "study.json", "manifest.json"])
def test_payloads_in_results_run_nothing(done, tmp_path, monkeypatch, what):
    shutil.copytree(done[0] / "results/sweep/two", tmp_path / "two")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two" / what).write_bytes(pickle.dumps(Payload()))
    with heard() as found:
        for words in (("compare", "two"), ("verify", "two"), ("report", "two"), ("sensitivity", "two")):
            said = cli.call(*words)
            assert said.code in (1, 2), (words, said)
    assert ("pickle.find_class", os.mkdir.__module__) not in found  # tests compose quickly by pickles of Hydra's
    assert {one for one in found if one[0] in _CODE - {"pickle.find_class"}} <= {("subprocess.Popen", "git")}
    assert not Path("canary").exists()
