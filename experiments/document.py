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
from atmis.scenario.quantities import at, numbers, quantity, show
from atmis.storage.files import put_bytes

TOP = Path(__file__).resolve().parents[1]
ODD = TOP / "model" / "ODD.md"
WITH_SCORECARD = (TOP / "README.md", TOP / "model" / "TRUST.md")
COMMENTED = ("evidence", "host", "kenya", "opposition", "plan", "reporting", "society")
WIDEST = 40  # comments are aligned behind the lines that are no longer than this

_MARKED = re.compile(r"<!-- (parameters|entries|options): ([\w. ]+) -->\n.*?<!-- end -->", re.DOTALL)
_SCORECARD = re.compile(r"<!-- scorecard: (brief|whole) -->\n.*?<!-- end -->", re.DOTALL)
_LINE = re.compile(r"(?P<code>(?P<indent> *)(?P<key>\w+):(?: +(?P<value>\S.*?))?)(?P<comment>\s+#.*)?\s*")
_NUMBERS = re.compile(r"-?[\d.]+(e-?\d+)?|\[[-\d., ]+\]")


@cache
def _composed(*overrides: str) -> dict[str, Any]:
    return load("planned", overrides).model_dump(by_alias=True)


def parameters(data: dict[str, Any], paths: Sequence[str]) -> str:
    """A row for each number below some keys."""
    rows = [["parameter", "meaning", "value", "unit", "range", "class", "source"]]
    for name in paths:
        path = tuple(name.split("."))
        for key, value in numbers(at(data, path), path):
            known = quantity(key)
            assert known is not None
            entry: Any = at(data, key[:-1]) if known.inherited else {"class": known.standing, "source": known.sources}
            names = [f"`{'.'.join(key)}`", known.what, show(value), known.unit, known.limits]
            rows.append([*names, entry["class"], _sources(entry)])
    return _table(rows)


def entries(first: str, block: Mapping[str, dict[str, Any]], path: Sequence[str]) -> str:
    """A row for each entry of a block, a column for each of its numbers; `path`: the key of any entry."""
    columns = {key[-1]: quantity(key) for key, _ in numbers(next(iter(block.values())), tuple(path))}
    heads = [f"`{name}`, {known.unit}" for name, known in columns.items() if known]
    rows = [[first, *heads, "class", "source"]]
    for name, entry in block.items():
        rows.append([name, *(show(entry[column]) for column in columns), entry["class"], _sources(entry)])
    return _table(rows)


def _sources(entry: Mapping[str, Any]) -> str:
    note = f" ({entry['note']})" if entry.get("note") else ""
    return ", ".join(entry["source"]) + note


def _table(rows: list[list[str]]) -> str:
    rows = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |\n" for row in rows)


def tables(text: str) -> str:
    """The text of the ODD with its tables made anew."""
    data = _composed()

    def fill(marked: re.Match[str]) -> str:
        kind, names = marked[1], marked[2].split()
        path = names[0].split(".")
        if kind == "parameters":
            table = parameters(data, names)
        elif kind == "entries":
            block = at(data, path)
            table = entries(path[-1], block, [*path, next(iter(block))])
        else:
            options = sorted(file.stem for file in (conf_folder() / path[0]).glob("*.yaml"))
            table = entries(path[0], {name: _composed(f"{path[0]}={name}")[path[0]] for name in options}, path)
        return f"<!-- {kind}: {marked[2]} -->\n{table}<!-- end -->"

    return _MARKED.sub(fill, text)


def scorecard(text: str) -> str:
    """A text with the scorecard that comes with atmis, in short or whole, between its markers."""
    from atmis.analysis.scorecard import texts
    from atmis.report.scorecard import shipped_rows

    rows = shipped_rows()
    made = {"brief": texts.brief, "whole": texts.whole}
    return _SCORECARD.sub(lambda marked: f"<!-- scorecard: {marked[1]} -->\n{made[marked[1]](rows)}<!-- end -->", text)


def take_scorecard(folder: Path) -> None:
    """Make the scorecard of a folder the one that comes with atmis. Raises InputError when it is not whole."""
    from atmis.report.folder import manifest
    from atmis.report.scorecard import SHIPPED

    manifest(folder)
    SHIPPED.parent.mkdir(exist_ok=True)
    put_bytes(SHIPPED, (folder / SHIPPED.name).read_bytes())


def comments(text: str, group: str) -> str:
    """The text of a YAML file with a comment behind each number that the records describe."""
    lines, noted, above = text.split("\n"), {}, list[tuple[int, str]]()
    for place, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        depth = len(match["indent"])
        above = [*(key for key in above if key[0] < depth), (depth, match["key"])]
        known = quantity([group, *(key for _, key in above)])
        if known and match["value"] and _NUMBERS.fullmatch(match["value"]):
            of_its_own = "" if known.inherited else f" · {known.standing} · {', '.join(known.sources)}"
            noted[place] = (match["code"], known.unit + of_its_own)
    width = max((len(code) for code, _ in noted.values() if len(code) <= WIDEST), default=0)
    for place, (code, comment) in noted.items():
        lines[place] = f"{code:<{width}}  # {comment}"
    return "\n".join(lines)


def wanted() -> dict[Path, str]:
    """Every file that is kept in step, as it should read."""
    made = {ODD: tables(ODD.read_text(encoding="utf-8"))}
    made |= {file: scorecard(file.read_text(encoding="utf-8")) for file in WITH_SCORECARD}
    for group in COMMENTED:
        for file in sorted((conf_folder() / group).glob("*.yaml")):
            made[file] = comments(file.read_text(encoding="utf-8"), group)
    return made


def out_of_step() -> dict[Path, str]:
    """The files that read otherwise than they should, as they should read."""
    return {file: text for file, text in wanted().items() if file.read_text(encoding="utf-8") != text}


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite what is out of step, or only name it."""
    parser = argparse.ArgumentParser(
        description="Keep model/ODD.md and the comments in conf/ in step with the records."
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 when something is out of step"
    )
    parser.add_argument("--scorecard", type=Path, metavar="FOLDER", help="take the scorecard of this folder first")
    asked = parser.parse_args(arguments)
    check = asked.check
    if not ODD.is_file():
        parser.error("model/ODD.md is not here: this works in a checkout only")
    if asked.scorecard is not None:
        take_scorecard(asked.scorecard)
    stale = out_of_step()
    for file, text in stale.items():
        print(f"{'out of step' if check else 'rewritten'}: {file.relative_to(ODD.parents[1])}")
        if not check:
            file.write_text(text, encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
