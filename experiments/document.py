"""Keep the tables of model/ODD.md and the comments in conf/ in step with the records of a scenario.

`python -m atmis.experiments.document` rewrites both; with `--check` it changes nothing, lists what is out of step and
exits with 1. Unit, class, source, range and meaning come from the records, values from the scenario `planned`. The
scorecard in README.md and model/TRUST.md is that of conf/scored/, which `--scorecard FOLDER` takes from a folder of
`atmis scorecard`; nothing is simulated here.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from atmis.scenario.compose import conf_folder, load
from atmis.scenario.quantities import find_quantity, format_number, iter_numbers, value_at
from atmis.storage.files import write_bytes

TOP = Path(__file__).resolve().parents[1]
ODD = TOP / "model" / "ODD.md"
WITH_SCORECARD = (TOP / "README.md", TOP / "model" / "TRUST.md")
COMMENTED = ("evidence", "host", "kenya", "opposition", "plan", "reporting", "society")
WIDEST = 40  # comments are aligned after lines up to this long

_MARKED = re.compile(r"<!-- (parameters|entries|options): ([\w. ]+) -->\n.*?<!-- end -->", re.DOTALL)
_SCORECARD = re.compile(r"<!-- scorecard: (brief|whole) -->\n.*?<!-- end -->", re.DOTALL)
_LINE = re.compile(r"(?P<code>(?P<indent> *)(?P<key>\w+):(?: +(?P<value>\S.*?))?)(?P<comment>\s+#.*)?\s*")
_NUMBERS = re.compile(r"-?[\d.]+(e-?\d+)?|\[[-\d., ]+\]")


@cache
def _composed(*overrides: str) -> dict[str, Any]:
    return load("planned", overrides).model_dump(by_alias=True)


def parameter_table(data: dict[str, Any], paths: Sequence[str]) -> str:
    """A table with a row for each number below some keys."""
    rows = [["parameter", "meaning", "value", "unit", "range", "class", "source"]]
    for name in paths:
        path = tuple(name.split("."))
        for key, value in iter_numbers(value_at(data, path), path):
            known = find_quantity(key)
            assert known is not None
            entry: Any = (
                value_at(data, key[:-1]) if known.inherited else {"class": known.sourcing, "source": known.sources}
            )
            names = [f"`{'.'.join(key)}`", known.what, format_number(value), known.unit, known.limits]
            rows.append([*names, entry["class"], _sources(entry)])
    return _table(rows)


def entry_table(first: str, block: Mapping[str, dict[str, Any]], path: Sequence[str]) -> str:
    """A table with a row for each entry of a block and a column for each number; `path`: the key of any entry."""
    columns = {key[-1]: find_quantity(key) for key, _ in iter_numbers(next(iter(block.values())), tuple(path))}
    heads = [f"`{name}`, {known.unit}" for name, known in columns.items() if known]
    rows = [[first, *heads, "class", "source"]]
    for name, entry in block.items():
        rows.append([name, *(format_number(entry[column]) for column in columns), entry["class"], _sources(entry)])
    return _table(rows)


def _sources(entry: Mapping[str, Any]) -> str:
    note = f" ({entry['note']})" if entry.get("note") else ""
    return ", ".join(entry["source"]) + note


def _table(rows: list[list[str]]) -> str:
    rows = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |\n" for row in rows)


def fill_tables(text: str) -> str:
    """The text of the ODD with its tables renewed."""
    data = _composed()

    def fill(marked: re.Match[str]) -> str:
        kind, names = marked[1], marked[2].split()
        path = names[0].split(".")
        if kind == "parameters":
            table = parameter_table(data, names)
        elif kind == "entries":
            block = value_at(data, path)
            table = entry_table(path[-1], block, [*path, next(iter(block))])
        else:
            options = sorted(file.stem for file in (conf_folder() / path[0]).glob("*.yaml"))
            table = entry_table(path[0], {name: _composed(f"{path[0]}={name}")[path[0]] for name in options}, path)
        return f"<!-- {kind}: {marked[2]} -->\n{table}<!-- end -->"

    return _MARKED.sub(fill, text)


def fill_scorecard(text: str) -> str:
    """A text with the scorecard that comes with atmis, brief or whole, between its markers."""
    from atmis.analysis.scorecard import markdown
    from atmis.report.scorecard import shipped_rows

    rows = shipped_rows()
    filled = {"brief": markdown.brief_table, "whole": markdown.full_table}
    return _SCORECARD.sub(
        lambda marked: f"<!-- scorecard: {marked[1]} -->\n{filled[marked[1]](rows)}<!-- end -->", text
    )


def take_scorecard(folder: Path) -> None:
    """Make the scorecard in a folder the one that comes with atmis. Raises InputError when it is not complete."""
    from atmis.report.folder import verified_manifest
    from atmis.report.scorecard import SHIPPED

    verified_manifest(folder)
    SHIPPED.parent.mkdir(exist_ok=True)
    write_bytes(SHIPPED, (folder / SHIPPED.name).read_bytes())


def fill_comments(text: str, group: str) -> str:
    """The text of a YAML file with a comment after each number that the records describe."""
    lines, commented, above = text.split("\n"), {}, list[tuple[int, str]]()
    for place, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        depth = len(match["indent"])
        above = [*(key for key in above if key[0] < depth), (depth, match["key"])]
        known = find_quantity([group, *(key for _, key in above)])
        if known and match["value"] and _NUMBERS.fullmatch(match["value"]):
            sourcing = "" if known.inherited else f" · {known.sourcing} · {', '.join(known.sources)}"
            commented[place] = (match["code"], known.unit + sourcing)
    width = max((len(code) for code, _ in commented.values() if len(code) <= WIDEST), default=0)
    for place, (code, comment) in commented.items():
        lines[place] = f"{code:<{width}}  # {comment}"
    return "\n".join(lines)


def expected_files() -> dict[Path, str]:
    """The text that each file kept in step should have."""
    filled = {ODD: fill_tables(ODD.read_text(encoding="utf-8"))}
    filled |= {file: fill_scorecard(file.read_text(encoding="utf-8")) for file in WITH_SCORECARD}
    for group in COMMENTED:
        for file in sorted((conf_folder() / group).glob("*.yaml")):
            filled[file] = fill_comments(file.read_text(encoding="utf-8"), group)
    return filled


def stale_files() -> dict[Path, str]:
    """The files that are out of step, with the text that they should have."""
    return {file: text for file, text in expected_files().items() if file.read_text(encoding="utf-8") != text}


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the files that are out of step, or only list them."""
    parser = argparse.ArgumentParser(
        description="Keep model/ODD.md and the comments in conf/ in step with the records."
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 when something is out of step"
    )
    parser.add_argument("--scorecard", type=Path, metavar="FOLDER", help="take the scorecard of this folder first")
    parsed = parser.parse_args(arguments)
    check = parsed.check
    if not ODD.is_file():
        parser.error("model/ODD.md is not here: this works in a checkout only")
    if parsed.scorecard is not None:
        take_scorecard(parsed.scorecard)
    stale = stale_files()
    for file, text in stale.items():
        print(f"{'out of step' if check else 'rewritten'}: {file.relative_to(ODD.parents[1])}")
        if not check:
            file.write_text(text, encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
