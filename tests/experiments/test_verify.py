"""`atmis verify` notices whatever has happened to a file, in every kind of folder; a full disk leaves no half file."""

import json
import os
import random
import shutil
from pathlib import Path

import cli
import pytest

from atmis.storage import files

WORDS = ("replicates=2", "period.end=2022-05-31", "workers=1")


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    """A comparison with figures and report."""
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.call("compare", "no_withdrawal", *WORDS).code == 0
    return next((folder / "results" / "compare").glob("*/*"))


@pytest.fixture(scope="module")
def attributed(tmp_path_factory) -> Path:
    """The folder of results of an attribution, and the cache of its runs."""
    folder = tmp_path_factory.mktemp("attributed")
    more = ("window.start=2022-05-01", "window.end=2022-05-31", "mechanisms=[presence]", "evidence=hks2014")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.call("attribute", *WORDS, *more, "figures=false").code == 0
    return folder / "results" / "attribute"


@pytest.fixture
def folder(compared, tmp_path) -> Path:
    """A copy that may be spoiled."""
    return shutil.copytree(compared, tmp_path / "copy")


def test_what_a_comparison_leaves_is_as_it_was_written(compared):
    said = cli.call("verify", str(compared))
    assert (said.code, said.err) == (0, "")
    assert said.out == f"{compared}: every file is as it was written.\n"
    listed = {entry["name"] for entry in json.loads((compared / "manifest.json").read_text())["files"]}
    left = {path.relative_to(compared).as_posix() for path in compared.rglob("*") if path.is_file()}
    assert left - listed == {"manifest.json", "report.html"}
    assert {"figures/figures.json", "figures/differences.png", "figures/differences.svg"} <= listed


def test_200_flipped_bytes(folder):
    chance, noticed = random.Random(21), 0
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    assert {path.suffix for path in paths} == {".csv", ".html", ".json", ".parquet", ".png", ".svg"}
    for turn in range(200):
        path = paths[turn % len(paths)]
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        said = cli.call("verify", str(folder))
        assert said.code in (0, 1)
        assert said.err == ""
        noticed += said.code
        if said.code:
            assert path.relative_to(folder).as_posix() in said.out
        else:  # white space of a manifest in JSON, which means the same
            assert path.name == "manifest.json"
            assert json.loads(path.read_bytes()) == json.loads(whole)
        path.write_bytes(whole)
    assert noticed >= 195


@pytest.mark.parametrize(
    "name", ["figures/differences.png", "figures/figures.json", "report.html", "comparison.parquet"]
)
def test_cut_empty_and_missing_files(folder, name):
    whole = (folder / name).read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], b"", None):
        (folder / name).unlink() if content is None else (folder / name).write_bytes(content)
        said = cli.call("verify", str(folder))
        if content is None and name == "report.html":  # may be written at any time, and need not be
            assert said.code == 0
        else:
            assert (said.code, f"{name}: is" in said.out) == (1, True)


@pytest.mark.parametrize("name", ["notes.txt", "figures/other.png", "deeper/still/table.csv"])
def test_files_that_atmis_has_not_written(folder, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("mine")
    (folder / ".DS_Store").write_text("of a file manager")
    said = cli.call("verify", str(folder))
    assert (said.code, said.out) == (1, f"{name}: is not listed in manifest.json\n")


def test_figures_and_reports_of_other_results(folder):
    one, other = folder / "figures" / "differences.svg", folder / "figures" / "troops.svg"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    said = cli.call("verify", str(folder))
    assert {line.partition(":")[0] for line in said.out.splitlines()} == {
        "figures/differences.svg",
        "figures/troops.svg",
    }
    one.write_bytes(first)
    other.write_bytes(second)
    page = (folder / "report.html").read_bytes()
    body = page[: page.rfind(b"<!-- sha256 ")].replace(files_hash(folder).encode(), b"0" * 64)
    (folder / "report.html").write_bytes(files.to_sealed_page(body))
    said = cli.call("verify", str(folder))
    assert said.out.startswith("report.html: is of other results; `atmis report ")
    assert cli.call("report", str(folder)).code == 0
    assert cli.call("verify", str(folder)).code == 0


def files_hash(folder: Path) -> str:
    from atmis.storage.manifest import file_hash

    return file_hash(folder / "manifest.json")


def test_the_cache_of_an_attribution(attributed, tmp_path):
    place = shutil.copytree(attributed, tmp_path / "attribute")
    assert cli.call("verify", str(place)).code == 0
    stored = sorted((place / ".runs").iterdir())
    assert len(stored) >= 2
    whole = [path.read_bytes() for path in stored]
    stored[0].write_bytes(whole[1])  # sealed, but of other runs
    stored[1].write_bytes(whole[1].replace(b"1", b"2", 1))
    said = cli.call("verify", str(place))
    assert said.code == 1
    assert said.out.splitlines() == [f".runs/{path.name}: is damaged, and will be run again" for path in stored[:2]]
    folder = next(place.glob("*/*/manifest.json")).parent
    assert cli.call("verify", str(folder)).code == 0


@pytest.mark.parametrize("suffix", [".png", ".svg", "figures.json", "report.html", "manifest.json", ".parquet"])
def test_a_full_disk_ends_in_a_sentence_and_leaves_no_half_file(tmp_path, monkeypatch, suffix):
    monkeypatch.chdir(tmp_path)
    whole = os.replace

    def replace(source, target) -> None:
        if Path(target).name.endswith(suffix):
            raise OSError(28, "No space left on device")
        whole(source, target)

    monkeypatch.setattr(files.os, "replace", replace)
    said = cli.call("compare", "no_withdrawal", *WORDS)
    assert said.code == 2
    sentence = said.err.removeprefix(cli.COMPILING)
    assert sentence.startswith("atmis: results/compare/planned_and_1_more/")
    assert sentence.endswith(f"{suffix} cannot be written: no space left on device\n")
    assert not list(tmp_path.rglob("*.unfinished"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and not path.stat().st_size]


def test_a_folder_of_figures_that_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = Path.mkdir

    def mkdir(path, *words, **more) -> None:
        if path.name == "figures":
            raise OSError(28, "No space left on device")
        whole(path, *words, **more)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    said = cli.call("run", *WORDS)
    assert said.code == 2
    assert said.err.removeprefix(cli.COMPILING).endswith("/figures cannot be written: no space left on device\n")


@pytest.mark.parametrize("change", [{"files": "abc"}, {"files": [1]}, {"files": [{"name": "x"}]}, {"files": None}])
@pytest.mark.parametrize("verb", ["verify", "report"])
def test_a_manifest_of_another_version(folder, verb, change):
    """It has its own hash, so it is not damaged, and holds what this version does not know."""
    content = files.read_sealed_json(folder / "manifest.json") | change
    (folder / "manifest.json").write_bytes(files.to_sealed_json(content))
    said = cli.call(verb, str(folder))
    assert (said.code, said.out) == (2, "")
    assert f"{folder} holds what this version of atmis does not understand" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["verify", "resume", "sensitivity", "compare", "replay"])
def test_a_study_of_another_version(tmp_path, monkeypatch, verb):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "other version"
    (folder / "chunks").mkdir(parents=True)
    for name in ("study.json", "manifest.json"):
        (folder / name).write_bytes(files.to_sealed_json({"study": [], "kind": "sweep", "files": [], "format": 2}))
    said = cli.call(verb, str(folder), *(["1"] if verb == "replay" else []))
    assert said.code in (1, 2)
    assert "something went wrong" not in said.err
    assert "other version" in said.err + said.out
