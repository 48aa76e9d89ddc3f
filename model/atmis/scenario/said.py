"""What a user said: values that an override or a file of the user's own sets. Draws leave these alone.

A value is said wherever it was written, and whatever it is: that it equals the number that comes with atmis is no
reason to draw another one in its place.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atmis.scenario.conf_files import conf_folder, content_of, find_file, key_of
from atmis.scenario.origin import Origin


def keep_said(data: dict[str, Any], origin: Origin, values: Sequence[Any]) -> None:
    """Add to `draws.kept` of composed data the drawn parameters that the user set.

    `values`: of the overrides of `origin` that set values, as Hydra reads them.
    """
    draws = data.get("draws")
    if not (isinstance(draws, dict) and isinstance(draws.get("instead_of"), dict)):
        return
    listed = draws.get("kept", [])
    blocks = [(_nested(key_of(word), value), True) for word, value in zip(origin.overrides, values, strict=True)]
    written = [*_contents_of_files(origin), *blocks]
    said = [path for path in draws["instead_of"] if path not in listed and _says_last(written, path.split("."))]
    draws["kept"] = [*listed, *said]


def _contents_of_files(origin: Origin) -> list[tuple[Any, bool]]:
    """What the files set, in order, and whether a file is the user's own.

    Draws of the user's own were fitted with the user's own groups (theatre, opposition, ...) and stand in for numbers
    in these; for what a scenario says they do not.
    """
    own_draws = _is_own(find_file(origin.folders, f"draws/{origin.choices.get('draws')}.yaml"))
    return [
        (_nested(".".join(below), content_of(file)), _is_own(file))
        for file, below in origin.files
        if file.parent.name == "scenario" or not own_draws
    ]


def _says_last(written: Sequence[tuple[Any, bool]], path: Sequence[str]) -> bool:
    """Whether what sets a key last is the user's own."""
    return next((own for content, own in reversed(written) if _sets(content, path)), False)


def _sets(content: Any, path: Sequence[str]) -> bool:
    """Whether a block sets a key: by a value, or by a reference to another block in which it is."""
    for part in path:
        if not isinstance(content, Mapping):
            return isinstance(content, str)
        if part not in content:
            return False
        content = content[part]
    return True


def _nested(dotted: str, value: Any) -> Any:
    """A value under the keys of a dotted key."""
    for part in reversed(dotted.split(".") if dotted else []):
        value = {part: value}
    return value


def _is_own(file: Path | None) -> bool:
    """Whether a file does not come with atmis."""
    return file is not None and not file.resolve().is_relative_to(conf_folder().resolve())
