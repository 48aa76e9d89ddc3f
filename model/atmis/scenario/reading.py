"""Read YAML safely, before Hydra does: small, without aliases and tags, every key once."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.errors import InputError
from atmis.scenario.plain_numbers import misreading

# The parser in C, which is ten times faster, where PyYAML has it.
PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# ${oc.env:HOME} and the like, which depend on the machine; or ${${a}...}, where another key may hold the `oc.env`.
RESOLVER = r"\$\{[^{}]*(:|\$\{)"

_LARGEST_BYTES = 2_000_000
_MOST_NODES = 30_000
_LONGEST_LINE = 20_000
_DEEPEST = 50
_RESOLVE, _TEXT = yaml.SafeLoader("").resolve, yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG
_GLOBAL = "# @package _global_"
_ODD_SPACE = re.compile(r"^ *(\u00a0|[^\s:#'\"]+:\u00a0)", re.MULTILINE)  # in an indentation, or behind a key


def conf_folder() -> Path:
    """The folder of the YAML that comes with atmis."""
    module = import_module("atmis.conf")
    assert module.__file__ is not None
    return Path(module.__file__).parent


def check_user_file(file: Path, groups: Sequence[str]) -> dict[str, Any]:
    """The content of a user's YAML file, checked: readable, a block of keys, in its place, no settings of Hydra."""
    data, group = read_yaml(file, _UserLoader), file.parent.name
    if not isinstance(data, dict):
        kind = (
            "is empty" if data in (None, "") else "holds a list" if isinstance(data, list) else "holds a single value"
        )
        raise InputError(f"{file}: {kind}; allowed: a block of keys, as in the files that `atmis list` lists")
    for entry in _default_names(data, file):
        if entry.split("/")[0].split("@")[0] == "hydra":
            raise InputError(f"{file}: defaults: '{entry}': settings of Hydra itself cannot be changed here")
    if file.stem in [entry for entry in data.get("defaults", []) if isinstance(entry, str)]:
        raise InputError(f"{file}: defaults: the file lists itself")
    header = package(read_text(file))
    if "hydra" in data or (header or "").split(".")[0] == "hydra":
        raise InputError(f"{file}: key 'hydra': settings of Hydra itself cannot be changed here")
    outside = [key for key in data if key in ("scenario", "period", *groups)]
    if group == "scenario" and outside and header != "_global_":
        raise InputError(
            f"{file}: the first line of a scenario must be '{_GLOBAL}', or key '{outside[0]}' is not found"
        )
    return data


def _default_names(data: dict[str, Any], file: Path) -> Iterator[str]:
    """Names in the defaults list. Raises InputError when it is not in the form that Hydra wants."""
    defaults = data.get("defaults", [])
    malformed = InputError(
        f"{file}: defaults: allowed: a list with lines such as '- override /plan: actual' or '- planned'"
    )
    if not isinstance(defaults, list):
        raise malformed
    for entry in defaults:
        if isinstance(entry, str) and entry:
            yield entry
        elif isinstance(entry, dict) and len(entry) == 1 and all(isinstance(v, str) and v for v in entry.values()):
            yield next(iter(entry)).removeprefix("optional ").removeprefix("override ").strip("/ ")
        else:
            raise malformed
        if "${" in str(entry) or ".." in str(entry):
            raise InputError(f"{file}: defaults: references (${{...}}) and '..' are not allowed here")


def package(text: str) -> str | None:
    """The package named in the first line of a file, as Hydra reads it; None when there is none."""
    for line in text[:512].splitlines():
        match = re.fullmatch(r"\s*#\s*@package\s+(\S+)\s*", line)
        if match:
            return match[1]
        if line.strip():
            return None
    return None


def read_yaml(file: Path, loader: Any = None) -> Any:
    """The content of a YAML file with all scalars as text. Raises InputError with file and line."""
    return parse_yaml(read_text(file), file, loader)


def read_text(file: Path) -> str:
    """The text of a file, without the byte order mark that some editors put in front. Raises InputError."""
    if not file.is_file():
        raise InputError(f"{file}: is not a file that can be read")
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise InputError(f"{file}: is larger than {_LARGEST_BYTES:,} bytes")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{file}, line {line}: is not text in UTF-8; save the file in that encoding") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({(error.strerror or str(error)).lower()})") from None


def parse_yaml(text: str, file: Path, loader: Any = None) -> Any:
    """The content of a text in YAML, as of a file. Raises InputError with file and line."""
    try:
        _check_events(text, file)
        return yaml.load(text, Loader=loader or _StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line_ = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{file}{line_}: {_describe_problem(error)}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{file}: is not a text in YAML ({str(error).splitlines()[0]})") from None


_PROBLEMS = {
    "found a tab": "a tab is used where YAML expects spaces",
    "found character that cannot start any token": (
        "no value can begin like this; put the text in quotes (a tab: spaces)"
    ),
    "mapping values are not allowed": "a second ':' on a line, or a wrong indentation; put a text with ': ' in quotes",
    "did not find expected key": "a key is expected here; is the indentation right?",
    "did not find expected ',' or": "a bracket is not closed",
    "did not find expected '-' indicator": "an item of a list is expected here; is the indentation right?",
    "could not find expected ':'": "a key without ':'",
    "found unexpected end of stream": "a quote is not closed",
    "but found another document": "a line '---' begins a second document; allowed: one",
}


def _describe_problem(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "is not YAML"
    return next(
        (plain for start, plain in _PROBLEMS.items() if problem.startswith(start)),
        problem if problem.startswith("key ") else f"is not YAML ({problem})",
    )


def _check_events(text: str, file: Path) -> None:
    """Count nodes and depth in the stream of events, which takes no memory, and refuse aliases and tags."""
    lines = text.splitlines()
    if len(lines) > _MOST_NODES or max(map(len, lines), default=0) > _LONGEST_LINE:
        raise InputError(f"{file}: has more than {_MOST_NODES:,} lines, or one of more than {_LONGEST_LINE:,} letters")
    odd_space = _ODD_SPACE.search(text)
    if odd_space:
        line = f"{file}, line {text.count(chr(10), 0, odd_space.end()) + 1}"
        raise InputError(
            f"{line}: a non-breaking space, as word processors insert it, is used where YAML expects a plain one"
        )
    depth = nodes = 0
    place = _Place()
    for event in yaml.parse(text, Loader=PARSER):
        place.take(event)
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
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and (why := misreading(event.value)):
            raise InputError(f"{line}: {place.key}{event.value[:80]} {why}")
        if isinstance(event, yaml.ScalarEvent) and event.value == "???":
            raise InputError(f"{line}: '???' marks a value that is still missing")
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > _MOST_NODES or depth > _DEEPEST:
            raise InputError(f"{line}: more than {_MOST_NODES:,} values, or deeper than {_DEEPEST} levels")


class _Place:
    """Where in a file its events are."""

    def __init__(self) -> None:
        self._blocks: list[str | None] = []  # the key last read of each open block; None: a list, or no key yet
        self._lists: list[bool] = []
        self._at_value = False

    def take(self, event: yaml.Event) -> None:
        """Go on to the next event."""
        if isinstance(event, yaml.CollectionEndEvent):
            self._blocks.pop()
            self._lists.pop()
        if isinstance(event, yaml.ScalarEvent) and self._lists and not self._lists[-1] and not self._at_value:
            self._blocks[-1], self._at_value = event.value, True
            return
        if isinstance(event, yaml.CollectionStartEvent):
            self._blocks.append(None)
            self._lists.append(isinstance(event, yaml.SequenceStartEvent))
        self._at_value = False

    @property
    def key(self) -> str:
        """The start of a sentence about the value that was read last: its dotted key."""
        keys = [key for key in self._blocks if key is not None]
        return f"{'.'.join(keys)[:80]}: " if keys else ""


class _StrictLoader(PARSER):  # type: ignore[misc]
    """A loader for which a key that occurs twice is an error; PyYAML takes the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping; an error when a key occurs twice."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, "key must be a single word", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key '{key}' occurs twice", key_node.start_mark)
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


class _UserLoader(_StrictLoader):
    """A loader for users' files, in which every key must be a text; the facts ledger of atmis has years as keys."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping; an error when YAML reads a key as something else than a text."""
        for key_node, _ in node.value:
            plain = isinstance(key_node, yaml.ScalarNode) and not key_node.style
            if plain and _RESOLVE(yaml.ScalarNode, key_node.value, (True, False)) != _TEXT:
                problem = f"key {key_node.value} is not a text in YAML; put it in quotes or give it another name"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        return super().construct_mapping(node, deep=deep)
