"""What tests of the report share: folders to report, and the page read as a browser would read it."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import cli
import pytest
from filelock import FileLock
from tinyhtml5.parser import HTMLParser

from atmis import report
from atmis.files import sealed
from atmis.store import cell

SHORT = ("period.end=2023-03-31", "replicates=4")
VERY_SHORT = ("period.end=2022-04-30", "replicates=2", "figures=false")


def left_by(*words: str, results: Path) -> Path:
    """Run a command of atmis; the folder that it left."""
    said = cli.call(*words, f"results={results}")
    assert said.code == 0, said.err
    (manifest,) = results.rglob("manifest.json")
    return manifest.parent


def shared(*words: str, made: pytest.TempPathFactory) -> Path:
    """The folder that a command leaves with its report, made once for all files of tests; who changes it, copies it."""
    base = made.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    results = common / hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
    with FileLock(f"{results}.lock"):
        if not results.exists():
            report.write(left_by(*words, results=results))
    (manifest,) = results.rglob("manifest.json")
    return manifest.parent


def copied(folder: Path, to: Path) -> Path:
    """A copy of a folder, without its report."""
    return Path(shutil.copytree(folder, to, ignore=shutil.ignore_patterns("report.html")))


def renamed(folder: Path, names: Mapping[str, str]) -> None:
    """Give what is compared in a folder other names, in tables and manifest, as if it had been called so."""
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[cell(names[one]) if one in names else one for one in row] for row in csv.reader(file)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    told["compared"] = {names.get(name, name): one for name, one in told["compared"].items()}
    told["baseline"] = names.get(told["baseline"], told["baseline"])
    seal(folder, told)


def seal(folder: Path, told: dict[str, Any]) -> None:
    """Write a manifest that fits the files of its folder."""
    told = {key: value for key, value in told.items() if key != "sha256"}
    for file in told["files"]:
        content = (folder / file["name"]).read_bytes()
        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_bytes(sealed(told))


def read(page: bytes) -> Element:
    """The page as a tree; nothing in it is against the rules of HTML."""
    parser = HTMLParser(namespace_html_elements=False)
    tree: Element = parser.parse(page, override_encoding="utf-8")
    assert parser.errors == []
    return tree


def by_id(tree: Element, name: str) -> Element:
    """The element of a name."""
    (found,) = (one for one in tree.iter() if one.get("id") == name)
    return found


def text(element: Element, without: tuple[str, ...] = ()) -> str:
    """The text of an element in one line, without what is in elements of some kinds."""
    return " ".join("".join(_texts(element, without)).split())


def _texts(element: Element, without: tuple[str, ...]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in without:
            yield from _texts(child, without)
        yield child.tail or ""


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table of a folder, all texts."""
    return _rows((folder / f"{name}.csv").read_bytes())


@lru_cache(maxsize=8)  # a page is held against its tables number by number
def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def figure_in(shown: str) -> float:
    """The number that a reader reads."""
    return float(re.sub(r"less than|more than|[+,%\s]", "", shown).replace("\N{MINUS SIGN}", "-"))
