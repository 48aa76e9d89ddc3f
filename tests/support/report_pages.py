"""Helpers for tests of the report: folders to report on, and the page parsed as by a browser."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import cli
import pytest
from filelock import FileLock
from tinyhtml5.parser import HTMLParser

from atmis import report
from atmis.storage.files import to_sealed_json
from atmis.storage.tables import cell

SHORT = ("period.end=2023-03-31", "replicates=4")
VERY_SHORT = ("period.end=2022-04-30", "replicates=2", "figures=false")


def run_folder(*words: str, results: Path) -> Path:
    """Run a command of atmis and return the folder that it wrote."""
    result = cli.call(*words, f"results={results}")
    assert result.code == 0, result.err
    (manifest,) = results.rglob("manifest.json")
    return manifest.parent


def shared_folder(*words: str, factory: pytest.TempPathFactory) -> Path:
    """The folder that a command writes, with its report; made once for all test files. To change it, copy it."""
    base = factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    results = common / hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
    with FileLock(f"{results}.lock"):
        if not results.exists():
            report.write(run_folder(*words, results=results))
    (manifest,) = results.rglob("manifest.json")
    return manifest.parent


def copy_folder(folder: Path, to: Path) -> Path:
    """A copy of a folder, without its report."""
    return Path(shutil.copytree(folder, to, ignore=shutil.ignore_patterns("report.html")))


def rename_compared(folder: Path, names: Mapping[str, str]) -> None:
    """Rename the scenarios compared in a folder, in its tables and its manifest."""
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[cell(names[entry]) if entry in names else entry for entry in row] for row in csv.reader(file)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["compared"] = {names.get(name, name): entry for name, entry in manifest["compared"].items()}
    manifest["baseline"] = names.get(manifest["baseline"], manifest["baseline"])
    write_manifest(folder, manifest)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest that fits the files of its folder."""
    manifest = {key: value for key, value in manifest.items() if key != "sha256"}
    for file in manifest["files"]:
        content = (folder / file["name"]).read_bytes()
        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_bytes(to_sealed_json(manifest))


def parse_page(page: bytes) -> Element:
    """Parse a page, which must be valid HTML."""
    parser = HTMLParser(namespace_html_elements=False)
    tree: Element = parser.parse(page, override_encoding="utf-8")
    assert parser.errors == []
    return tree


def by_id(tree: Element, name: str) -> Element:
    """The element with an id."""
    (element,) = (element for element in tree.iter() if element.get("id") == name)
    return element


def text(element: Element, without: tuple[str, ...] = ()) -> str:
    """Text of an element in one line, leaving out elements with some tags."""
    return " ".join("".join(_texts(element, without)).split())


def _texts(element: Element, without: tuple[str, ...]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in without:
            yield from _texts(child, without)
        yield child.tail or ""


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a table of a folder, all values as text."""
    return _rows((folder / f"{name}.csv").read_bytes())


@lru_cache(maxsize=8)  # every number of a page is looked up in its table
def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def displayed_number(shown: str) -> float:
    """The number that a reader sees."""
    return float(re.sub(r"less than|more than|[+,%\s]", "", shown).replace("\N{MINUS SIGN}", "-"))


# --- numbers of a page, and the rows of tables that they come from ---


def rows_of(shown: Element, folder: Path) -> list[dict[str, str]]:
    """Rows of the table that a number of the page names as its source."""
    keys = {name.removeprefix("data-") for name, _ in shown.items() if name.startswith("data-")}
    keys -= {"table", "column", "form", "digits", "scale"}
    rows = table(folder, shown.get("data-table", ""))
    return [row for row in rows if all(row[key] == shown.get(f"data-{key}") for key in keys)]


def check_number(shown: Element, folder: Path) -> None:
    """Assert that a number equals that in its table, rounded to as many decimals as it declares."""
    rows, column = rows_of(shown, folder), shown.get("data-column", "")
    if column == "count":
        assert displayed_number(text(shown)) == len(rows) > 0
        return
    (row,) = rows
    assert row[column] == shown.get("value")
    if shown.get("data-form") == "month":
        expected = date.fromisoformat(row[column]).strftime("%b %Y") if row[column] else "never"
        assert text(shown) == expected
        return
    value, digits = float(row[column]) * int(shown.get("data-scale", "")), int(shown.get("data-digits", ""))
    displayed = displayed_number(text(shown))
    if shown.get("data-form") in ("size", "part"):
        value = abs(value)
    if text(shown).startswith(("less", "more")):
        assert (0 < value < displayed) if text(shown).startswith("less") else (displayed < value < 100)
    else:
        assert displayed == pytest.approx(round(value, digits), abs=1e-9)


# --- hostile names ---

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onerror=alert(1) x='",
    "template": "{{ 7 * 7 }}{% raw %}",
    "turned": "\u202egnp.exe\u2066 \u0627\u0644\u0633\u0644\u0627\u0645",
    "long": "a" * 1500,
    "comment": "--></title><style>*{display:none}</style><img src=x onerror=alert(1)>",
}


def make_hostile(copy: Path, hostile: str) -> Path:
    """Give a scenario of a comparison, its sentence and its figures a hostile text."""
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["compared"]["accelerated"]["config"]["scenario"]["assumes"] = f"{hostile}\n\n{hostile}"[:1999]
    manifest["command"].append(hostile)
    write_manifest(copy, manifest)
    rename_compared(copy, {"accelerated": hostile})
    figures = json.loads((copy / "figures" / "figures.json").read_text(encoding="utf-8"))
    figures[0] |= {"title": hostile, "caption": hostile, "alt": hostile}
    (copy / "figures" / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    write_manifest(copy, json.loads((copy / "manifest.json").read_text(encoding="utf-8")))
    return copy
