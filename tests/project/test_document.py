"""The documentation agrees with the model: tables, comments, the order of a day, sections, sources, numbers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from atmis.experiments import document
from atmis.scenario.compose import conf_folder, load

MODEL = document.ODD.parent
SCHEDULE = MODEL / "atmis" / "kernel" / "schedule.py"
RULES = sorted((MODEL / "atmis" / "kernel" / "rules").glob("[!_]*.py"))
ALLOWED = {0, 1, 2, -1}


@pytest.fixture(scope="module")
def planned() -> dict[str, Any]:
    return load("planned").model_dump(by_alias=True)


@pytest.fixture(scope="module")
def odd() -> str:
    return document.ODD.read_text(encoding="utf-8")


def test_tables_and_comments_are_in_step():
    assert [str(file) for file in document.stale_files()] == [], "run: python -m atmis.experiments.document"


def test_check_exits_with_1_and_changes_nothing(monkeypatch, capsys, tmp_path, odd):
    stale = tmp_path / "model" / "ODD.md"
    stale.parent.mkdir()
    stale.write_text(odd.replace("| 1/day |", "| 1/month |", 1), encoding="utf-8")
    before = stale.read_bytes()
    monkeypatch.setattr(document, "ODD", stale)
    monkeypatch.setattr(document, "COMMENTED", ())  # the real files must not be changed
    assert document.main(["--check"]) == 1
    assert capsys.readouterr().out == "out of step: model/ODD.md\n"
    assert stale.read_bytes() == before
    assert document.main([]) == 0
    assert stale.read_text(encoding="utf-8") == odd


def test_comments_leave_everything_else_unchanged():
    text = "# head\n\nattacks:\n  rate: 0.01   # old\n  unknown: 3  # kept\nmix:\n  ied: {clash: 1.0}\nname: '5 # x'\n"
    commented = document.fill_comments(text, "opposition")
    unit = document.find_quantity(["opposition", "attacks", "rate"])
    assert unit is not None
    assert commented == text.replace("   # old", f"  # {unit.unit} · {unit.sourcing} · {', '.join(unit.sources)}")
    assert document.fill_comments(commented, "opposition") == commented


def test_every_parameter_is_in_one_table(planned, odd):
    names = re.findall(r"^\| `([\w.]+)` \|", odd, re.MULTILINE)
    paths = {".".join(path) for path, _ in document.iter_numbers(planned) if path[0] != "theatre"}
    assert sorted(name for name in names if not name.startswith("theatre.")) == sorted(paths)


@pytest.mark.parametrize(
    ("title", "function"),
    [("Before the cells act", "open_day"), ("Each cell", "act"), ("After the cells have acted", "close_day")],
    ids=lambda value: value,
)
def test_order_of_a_day(odd, title, function):
    written = odd.split(f"**{title}**\n", 1)[1].split("\n**", 1)[0]
    names = re.findall(r"^\d+\. `([\w.]+)`", written, re.MULTILINE)
    assert names == list(calls_in(function))


def calls_in(function: str) -> Iterator[str]:
    """Functions that a function of the schedule calls, in the order of the text, without built-ins."""
    body = next(
        n for n in ast.parse(SCHEDULE.read_text()).body if isinstance(n, ast.FunctionDef) and n.name == function
    )
    calls = [node for statement in body.body for node in ast.walk(statement) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = ast.unparse(call.func)
        if name != "range":
            yield name


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_each_rule_cites_its_section(file, odd):
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    cited = re.match(r"ODD (7\.\d+[a-c]?) ([A-Z][a-z ]+):", text)
    assert cited, f"{file.name} cites no section"
    assert f"### {cited[1]} {cited[2]}\n" in odd
    assert cited[2].lower().replace(" ", "_") == file.stem


def test_each_section_has_a_rule(odd):
    titles = re.findall(r"^### 7\.\d+[a-c]? ([\w ]+)$", odd, re.MULTILINE)
    assert sorted(title.lower().replace(" ", "_") for title in titles) == [file.stem for file in RULES]


def known_facts() -> set[str]:
    files = [conf_folder() / "facts" / name for name in ("bibliography.yaml", "ledger.yaml")]
    return {key for file in files for key in yaml.safe_load(file.read_text(encoding="utf-8"))}


def sourced_entries(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Entries of YAML that name their source."""
    if isinstance(data, dict):
        if isinstance(data.get("source"), list):
            yield path, data
        for key, value in data.items():
            yield from sourced_entries(value, f"{path}.{key}")


def test_sources_resolve(planned):
    facts = known_facts()
    known = {".".join(path): document.find_quantity(path) for path, _ in document.iter_numbers(planned)}
    for path, quantity in known.items():
        assert quantity is not None
        assert set(quantity.sources) <= facts, path
        assert quantity.sourcing in ("documented", "estimated", "assumed"), path
    for file in sorted(conf_folder().glob("*/*.yaml")):
        if file.parent.name != "facts":
            for path, entry in sourced_entries(yaml.safe_load(file.read_text(encoding="utf-8"))):
                assert set(entry["source"]) <= facts, f"{file.name}{path}"
                assert entry.get("class", "assumed") in ("documented", "estimated", "assumed"), f"{file.name}{path}"


@pytest.mark.parametrize("file", [*RULES, SCHEDULE], ids=lambda file: file.stem)
def test_no_bare_numbers(file: Path):
    """Rules read parameters from records; of other numbers they contain only 0, 1, 2, -1 and named constants."""
    functions = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
    found = [
        f"{file.name}:{node.lineno}: {node.value}"
        for function in functions
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in ALLOWED
    ]
    assert found == []


def test_counts_of_entities(odd):
    theatre = load("planned").theatre
    kinds = [base.kind for base in theatre.bases.values()]
    mission, host, border = (kinds.count(kind) for kind in ("mission_base", "host_base", "border_base"))
    assert f"| zone | {len(theatre.zones)} |" in odd
    assert f"({len(theatre.neighbours)} pairs)" in odd
    assert f"| border segment | {len(theatre.borders)} |" in odd
    assert f"| region | {len(theatre.regions)} |" in odd
    assert f"| base | {len(kinds)}: {mission} of the mission, {host} of host forces, {border} of Kenya" in odd
