"""Read YAML with care: small, without aliases and tags, every key once, before Hydra sees it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.errors import InputError

# The parser in C, which is ten times faster, where PyYAML has it.
_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_LARGEST_BYTES = 2_000_000
_MOST_NODES = 100_000
_DEEPEST = 50
_GLOBAL = "# @package _global_"
# What YAML 1.1 reads as an octal number (010 is 8) or one to the base of 60 (1:30 is 90).
_NOT_DECIMAL = re.compile(r"[-+]?(0[0-9_]*[0-9][0-9_]*|[1-9][0-9_]*(:[0-5]?[0-9])+)")


def check_folder(folder: Path, groups: Sequence[str]) -> None:
    """Check every YAML file of a folder of a user's own; raises InputError at the first that cannot be used."""
    for file in sorted(folder.rglob("*.yaml")):
        check_own(file, groups)


def check_own(file: Path, groups: Sequence[str]) -> None:
    """Check a YAML file of a user's own: readable, a block of keys, in its place, and not about Hydra itself."""
    data, group = read(file), file.parent.name
    if not isinstance(data, dict):
        kind = "is empty" if data in (None, "") else "holds a list" if isinstance(data, list) else "holds a single value"
        raise InputError(f"{file}: {kind}; allowed: a block of keys, as in the files that `atmis list` lists")
    listed = data.get("defaults") or []
    if not isinstance(listed, list):
        raise InputError(f"{file}: defaults: is not a list; allowed: lines such as '- override /plan: actual'")
    for entry in listed:
        key = next(iter(entry), "") if isinstance(entry, dict) else str(entry)
        if key.removeprefix("optional ").removeprefix("override ").strip("/ ").split("/")[0].split("@")[0] == "hydra":
            raise InputError(f"{file}: defaults: '{key}': settings of Hydra itself cannot be changed here")
    header = package(file.read_text(encoding="utf-8"))
    if "hydra" in data or (header or "").split(".")[0] == "hydra":
        raise InputError(f"{file}: key 'hydra': settings of Hydra itself cannot be changed here")
    outside = [key for key in data if key in ("scenario", "period", *groups)]
    if group == "scenario" and outside and header != "_global_":
        raise InputError(f"{file}: the first line of a scenario must be '{_GLOBAL}', or key '{outside[0]}' is not found")


def package(text: str) -> str | None:
    """The package that the head of a file names, as Hydra reads it: in a line at the very top, before other comments."""
    for line in text[:512].splitlines():
        named = re.fullmatch(r"\s*#\s*@package\s+(\S+)\s*", line)
        if named:
            return named[1]
        if line.strip():
            return None
    return None


def read(file: Path) -> Any:
    """The content of a YAML file, all scalars as text. Raises InputError with file and line."""
    if not file.is_file():
        raise InputError(f"{file}: is not a file that can be read")
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise InputError(f"{file}: is larger than {_LARGEST_BYTES:,} bytes")
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{file}, line {line}: is not text in UTF-8; save the file in that encoding") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({(error.strerror or str(error)).lower()})") from None
    try:
        _screen(text, file)
        return yaml.load(text, Loader=_Strict)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line_ = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{file}{line_}: {_plainly(error)}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{file}: is not YAML ({str(error).splitlines()[0]})") from None


_PLAINLY = {
    "found a tab": "a tab stands where YAML wants spaces",
    "found character that cannot start any token": "no value can begin with this sign; put the text in quotes (a tab: use spaces)",
    "mapping values are not allowed": "a second ':' in a line, or a wrong indentation; put a text with ': ' in quotes",
    "did not find expected key": "a key is expected here; is the indentation right?",
    "did not find expected ',' or": "a bracket is not closed",
    "did not find expected '-' indicator": "an item of a list is expected here; is the indentation right?",
    "could not find expected ':'": "a key without ':'",
    "found unexpected end of stream": "a quote is not closed",
    "but found another document": "a line '---' begins a second document; allowed: one",
}


def _plainly(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "is not YAML"
    return next((plain for start, plain in _PLAINLY.items() if problem.startswith(start)), f"is not YAML ({problem})")


def _screen(text: str, file: Path) -> None:
    """Count nodes and depth on the stream of events, which costs no memory, and refuse aliases and tags."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Parser):
        line = f"{file}, line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError(f"{line}: anchors (&name) and aliases (*name) are not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise InputError(f"{line}: tags ({tag}) are not allowed")
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and _NOT_DECIMAL.fullmatch(event.value):
            raise InputError(
                f"{line}: {event.value} is not a plain number (YAML reads a leading 0 as base 8, and : as base 60); "
                "take the 0 away, or put a text in quotes"
            )
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > _MOST_NODES or depth > _DEEPEST:
            raise InputError(f"{line}: more than {_MOST_NODES:,} values, or deeper than {_DEEPEST} levels")


class _Strict(_Parser):  # type: ignore[misc]
    """PyYAML takes the last of two equal keys; here that is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a single word", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key '{key}' stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)
