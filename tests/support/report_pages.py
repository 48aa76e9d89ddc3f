"""What tests of the report share: folders to report, and the page read as a browser would read it."""

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
from atmis.storage.files import sealed
from atmis.storage.tables import cell

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


# --- numbers of a page, as its tables have them ---


def rows_of(shown: Element, folder: Path) -> list[dict[str, str]]:
    """The rows of the table in which a number of the page says that it stands."""
    keys = {name.removeprefix("data-") for name, _ in shown.items() if name.startswith("data-")}
    keys -= {"table", "column", "form", "digits", "scale"}
    rows = table(folder, shown.get("data-table", ""))
    return [row for row in rows if all(row[key] == shown.get(f"data-{key}") for key in keys)]


def check_number(shown: Element, folder: Path) -> None:
    """A number reads as that in its table, rounded to as many decimals as it says."""
    rows, column = rows_of(shown, folder), shown.get("data-column", "")
    if column == "count":
        assert figure_in(text(shown)) == len(rows) > 0
        return
    (row,) = rows
    assert row[column] == shown.get("value")
    if shown.get("data-form") == "month":
        expected = date.fromisoformat(row[column]).strftime("%b %Y") if row[column] else "never"
        assert text(shown) == expected
        return
    value, digits = float(row[column]) * int(shown.get("data-scale", "")), int(shown.get("data-digits", ""))
    read = figure_in(text(shown))
    if shown.get("data-form") in ("size", "part"):
        value = abs(value)
    if text(shown).startswith(("less", "more")):
        assert (0 < value < read) if text(shown).startswith("less") else (read < value < 100)
    else:
        assert read == pytest.approx(round(value, digits), abs=1e-9)


# --- names that would do harm ---

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onerror=alert(1) x='",
    "template": "{{ 7 * 7 }}{% raw %}",
    "turned": "\u202egnp.exe\u2066 \u0627\u0644\u0633\u0644\u0627\u0645",
    "long": "a" * 1500,
    "comment": "--></title><style>*{display:none}</style><img src=x onerror=alert(1)>",
}


def hostile(copy: Path, text_: str) -> Path:
    """A comparison whose scenario has a hostile name and a hostile sentence, and figures that are called so."""
    told = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    told["compared"]["accelerated"]["config"]["scenario"]["assumes"] = f"{text_}\n\n{text_}"[:1999]
    told["command"].append(text_)
    seal(copy, told)
    renamed(copy, {"accelerated": text_})
    listed = json.loads((copy / "figures" / "figures.json").read_text(encoding="utf-8"))
    listed[0] |= {"title": text_, "caption": text_, "alt": text_}
    (copy / "figures" / "figures.json").write_text(json.dumps(listed), encoding="utf-8")
    return copy
