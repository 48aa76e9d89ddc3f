"""Read a user's YAML with care: small, without aliases, every key once, before Hydra sees it."""

from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.errors import InputError

_LARGEST_BYTES = 5_000_000
_MOST_NODES = 200_000
_DEEPEST = 50


def check_folder(folder: Path) -> None:
    """Check every YAML file of a folder; raises InputError at the first that cannot be read."""
    for file in sorted(folder.rglob("*.yaml")):
        read(file)


def read(file: Path) -> Any:
    """The content of a YAML file, all scalars as text. Raises InputError with file and line."""
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise InputError(f"{file}: larger than {_LARGEST_BYTES:,} bytes")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read ({error})") from None
    try:
        _screen(text, file)
        return yaml.load(text, Loader=_Strict)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{file}{line}: {error.problem or 'is not YAML'}") from None
    except yaml.YAMLError as error:
        raise InputError(f"{file}: is not YAML ({str(error).splitlines()[0]})") from None


def _screen(text: str, file: Path) -> None:
    """Count nodes and depth on the stream of events, which costs no memory, and refuse aliases and tags."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise InputError(f"{file}, line {event.start_mark.line + 1}: aliases (*name) are not allowed")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise InputError(f"{file}, line {event.start_mark.line + 1}: tags ({tag}) are not allowed")
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > _MOST_NODES or depth > _DEEPEST:
            raise InputError(f"{file}: more than {_MOST_NODES:,} values or deeper than {_DEEPEST} levels")


class _Strict(yaml.BaseLoader):
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
