"""Keep the tables of model/ODD.md and the comments in conf/ in step with the records of a scenario.

`python -m atmis.experiments.document` rewrites both; with `--check` it changes nothing, lists what is out of step and
exits with 1. Unit, class, source, range and meaning come from the records, values from the scenario `planned`.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from atmis.scenario.compose import conf_folder, load
from atmis.scenario.scenario import Scenario

ODD = Path(__file__).resolve().parents[1] / "model" / "ODD.md"
COMMENTED = ("evidence", "host", "kenya", "opposition", "plan", "reporting", "society")
WIDEST = 40  # comments are aligned behind the lines that are no longer than this

_MARKED = re.compile(r"<!-- (parameters|entries|options): ([\w. ]+) -->\n.*?<!-- end -->", re.DOTALL)
_LINE = re.compile(r"(?P<code>(?P<indent> *)(?P<key>\w+):(?: +(?P<value>\S.*?))?)(?P<comment>\s+#.*)?\s*")
_NUMBERS = re.compile(r"-?[\d.]+(e-?\d+)?|\[[-\d., ]+\]")


class Quantity(NamedTuple):
    """What the records say of a number."""

    what: str
    unit: str
    limits: str
    standing: str
    sources: list[str]
    inherited: bool  # class and source are keys of the YAML entry that it stands in


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema()


def _choices(place: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A piece of the schema with its reference followed; for a union, each of its members."""
    if "$ref" in place:
        place = _schema()["$defs"][place["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" not in place:
        yield place
    for part in place.get("anyOf", []):
        yield from _choices(part)


def quantity(path: Sequence[str]) -> Quantity | None:
    """What the records say of the number at a key, None when the key holds no such number."""
    place, inherited = _schema(), False
    for key in path:
        found: Any = None
        for choice in _choices(place):
            fields = choice.get("properties", {})
            inherited = inherited or {"class", "source"} <= fields.keys()
            found = found or fields.get(key) or choice.get("additionalProperties")
        if not isinstance(found, dict):
            return None
        place = found
    if "unit" not in place:
        return None
    return Quantity(place["description"], place["unit"], _limits(place), place["class"], place["source"], inherited)


def _limits(place: Mapping[str, Any]) -> str:
    place = place.get("items", place)
    low = f"[{show(place['minimum'])}" if "minimum" in place else f"({show(place['exclusiveMinimum'])}"
    high = f"{show(place['maximum'])}]" if "maximum" in place else f"{show(place['exclusiveMaximum'])})"
    return f"{low}, {high}"


def show(value: Any) -> str:
    """A number, or a list of numbers, in few signs."""
    if isinstance(value, list):
        alike = len(set(value)) == 1
        return f"{len(value)} × {show(value[0])}" if alike else ", ".join(show(item) for item in value)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def numbers(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Key and value of every number below a key of a scenario that the records describe."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, (*path, key))
    elif quantity(path):
        yield path, data


def at(data: Any, path: Sequence[str]) -> Any:
    """What stands at a key."""
    for key in path:
        data = data[key]
    return data


def parameters(data: dict[str, Any], paths: Sequence[str]) -> str:
    """A row for each number below some keys."""
    rows = [["parameter", "meaning", "value", "unit", "range", "class", "source"]]
    for path in (tuple(name.split(".")) for name in paths):
        for key, value in numbers(at(data, path), path):
            known = quantity(key)
            assert known is not None
            entry = at(data, key[:-1]) if known.inherited else {"class": known.standing, "source": known.sources}
            names = [f"`{'.'.join(key)}`", known.what, show(value), known.unit, known.limits]
            rows.append([*names, entry["class"], _sources(entry)])
    return _table(rows)


def entries(found: Mapping[str, dict[str, Any]], path: Sequence[str]) -> str:
    """A row for each entry of a block, a column for each of its numbers."""
    columns = [key[-1] for key, _ in numbers(next(iter(found.values())), tuple(path))]
    units = {column: known.unit for column in columns if (known := quantity([*path, column]))}
    heads = [f"`{column}`" + (f", {unit}" if unit != "-" else "") for column, unit in units.items()]
    rows = [[path[0], *heads, "class", "source"]]
    for name, entry in found.items():
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
    data = load("planned").model_dump(by_alias=True)

    def fill(marked: re.Match[str]) -> str:
        kind, names = marked[1], marked[2].split()
        path = names[0].split(".")
        if kind == "parameters":
            table = parameters(data, names)
        elif kind == "entries":
            keyed = [*path, next(iter(at(data, path)))]
            table = entries(at(data, path), keyed).replace(f"| {path[0]} |", f"| {path[-1]} |", 1)
        else:
            options = sorted(file.stem for file in (conf_folder() / names[0]).glob("*.yaml"))
            made = {name: load("planned", [f"{names[0]}={name}"]).model_dump(by_alias=True) for name in options}
            table = entries({name: each[names[0]] for name, each in made.items()}, path)
        return f"<!-- {kind}: {marked[2]} -->\n{table}<!-- end -->"

    return _MARKED.sub(fill, text)


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
    check = parser.parse_args(arguments).check
    if not ODD.is_file():
        parser.error("model/ODD.md is not here: this works in a checkout only")
    stale = out_of_step()
    for file, text in stale.items():
        print(f"{'out of step' if check else 'rewritten'}: {file.relative_to(ODD.parents[1])}")
        if not check:
            file.write_text(text, encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
