"""Read YAML with care: small, without aliases and tags, every key once, before Hydra sees it."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.errors import InputError

# The parser in C, which is ten times faster, where PyYAML has it.
PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# ${oc.env:HOME} and the like, which carry the machine along; or ${${a}...}, where another key may hold the `oc.env`.
RESOLVER = r"\$\{[^{}]*(:|\$\{)"

_LARGEST_BYTES = 2_000_000
_MOST_NODES = 30_000
_LONGEST_LINE = 20_000
_DEEPEST = 50
_RESOLVE, _TEXT = yaml.SafeLoader("").resolve, yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG
_GLOBAL = "# @package _global_"
_ODD_SPACE = re.compile(r"^ *(\u00a0|[^\s:#'\"]+:\u00a0)", re.MULTILINE)  # in an indentation, or behind a key
# What YAML 1.1 reads as an octal number (010 is 8) or one to the base of 60 (1:30 is 90).
_NOT_DECIMAL = re.compile(r"[-+]?(0[0-9_]*[0-9][0-9_]*|[1-9][0-9_]*(:[0-5]?[0-9])+)")


def conf_folder() -> Path:
    """The folder of the YAML that comes with atmis."""
    module = import_module("atmis.conf")
    assert module.__file__ is not None
    return Path(module.__file__).parent


def check_folder(folder: Path, groups: Sequence[str]) -> None:
    """Check every YAML file of a folder of a user's own; raises InputError at the first that cannot be used."""
    for file in sorted(folder.rglob("*.yaml")):
        check_own(file, groups)


def check_own(file: Path, groups: Sequence[str]) -> dict[str, Any]:
    """Check a YAML file of a user's own: readable, a block of keys, in its place, and not about Hydra itself."""
    data, group = read(file, _Own), file.parent.name
    if not isinstance(data, dict):
        kind = (
            "is empty" if data in (None, "") else "holds a list" if isinstance(data, list) else "holds a single value"
        )
        raise InputError(f"{file}: {kind}; allowed: a block of keys, as in the files that `atmis list` lists")
    for entry in _listed(data, file):
        if entry.split("/")[0].split("@")[0] == "hydra":
            raise InputError(f"{file}: defaults: '{entry}': settings of Hydra itself cannot be changed here")
        if entry == file.stem:
            raise InputError(f"{file}: defaults: the file lists itself")
    header = package(file.read_text(encoding="utf-8"))
    if "hydra" in data or (header or "").split(".")[0] == "hydra":
        raise InputError(f"{file}: key 'hydra': settings of Hydra itself cannot be changed here")
    outside = [key for key in data if key in ("scenario", "period", *groups)]
    if group == "scenario" and outside and header != "_global_":
        raise InputError(
            f"{file}: the first line of a scenario must be '{_GLOBAL}', or key '{outside[0]}' is not found"
        )
    return data


def _listed(data: dict[str, Any], file: Path) -> Iterator[str]:
    """Names in the defaults list, which must have the form that Hydra wants."""
    listed = data.get("defaults", [])
    wrong = InputError(
        f"{file}: defaults: allowed: a list with lines such as '- override /plan: actual' or '- planned'"
    )
    if not isinstance(listed, list):
        raise wrong
    for entry in listed:
        if isinstance(entry, str) and entry:
            yield entry
        elif isinstance(entry, dict) and len(entry) == 1 and all(isinstance(v, str) and v for v in entry.values()):
            yield next(iter(entry)).removeprefix("optional ").removeprefix("override ").strip("/ ")
        else:
            raise wrong
        if "${" in str(entry) or ".." in str(entry):
            raise InputError(f"{file}: defaults: references (${{...}}) and '..' are not allowed here")


def package(text: str) -> str | None:
    """The package that the head of a file names, as Hydra reads it: in a line at the very top."""
    for line in text[:512].splitlines():
        named = re.fullmatch(r"\s*#\s*@package\s+(\S+)\s*", line)
        if named:
            return named[1]
        if line.strip():
            return None
    return None


def read(file: Path, loader: Any = None) -> Any:
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
        return yaml.load(text, Loader=loader or _Strict)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line_ = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{file}{line_}: {_plainly(error)}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{file}: is not a text in YAML ({str(error).splitlines()[0]})") from None


_PLAINLY = {
    "found a tab": "a tab stands where YAML wants spaces",
    "found character that cannot start any token": "no value can begin so; put the text in quotes (a tab: spaces)",
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
    return next(
        (plain for start, plain in _PLAINLY.items() if problem.startswith(start)),
        problem if problem.startswith("key ") else f"is not YAML ({problem})",
    )


def _screen(text: str, file: Path) -> None:
    """Count nodes and depth on the stream of events, which costs no memory, and refuse aliases and tags."""
    lines = text.splitlines()
    if len(lines) > _MOST_NODES or max(map(len, lines), default=0) > _LONGEST_LINE:
        raise InputError(f"{file}: has more than {_MOST_NODES:,} lines, or one of more than {_LONGEST_LINE:,} letters")
    odd = _ODD_SPACE.search(text)
    if odd:
        line = f"{file}, line {text.count(chr(10), 0, odd.end()) + 1}"
        raise InputError(
            f"{line}: a non-breaking space, as word processors set it, stands where YAML wants a plain one"
        )
    depth = nodes = 0
    for event in yaml.parse(text, Loader=PARSER):
        line = f"{file}, line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError(f"{line}: anchors (&name) and aliases (*name) are not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            raise InputError(f"{line}: tags ({shown}) are not allowed")
        if isinstance(event, yaml.ScalarEvent) and re.search(RESOLVER, event.value):
            raise InputError(
                f"{line}: '{event.value[:80]}' calls a resolver; allowed: references to keys, as in ${{seed}}"
            )
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and _NOT_DECIMAL.fullmatch(event.value):
            raise InputError(
                f"{line}: {event.value[:80]} is not a plain number (YAML reads a leading 0 as base 8, and : as base 60)"
                "; take the 0 away, or put a text in quotes"
            )
        if isinstance(event, yaml.ScalarEvent) and event.value == "???":
            raise InputError(f"{line}: '???' stands where a value is still to be given")
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > _MOST_NODES or depth > _DEEPEST:
            raise InputError(f"{line}: more than {_MOST_NODES:,} values, or deeper than {_DEEPEST} levels")


class _Strict(PARSER):  # type: ignore[misc]
    """PyYAML takes the last of two equal keys; here that is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, "key must be a single word", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key '{key}' stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _Own(_Strict):
    """Of a user's own file every key is a text: of atmis' own, the ledger of facts has years for keys."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        for key_node, _ in node.value:
            plain = isinstance(key_node, yaml.ScalarNode) and not key_node.style
            if plain and _RESOLVE(yaml.ScalarNode, key_node.value, (True, False)) != _TEXT:
                problem = f"key {key_node.value} is not a text in YAML; put it in quotes or give it another name"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        return super().construct_mapping(node, deep=deep)
