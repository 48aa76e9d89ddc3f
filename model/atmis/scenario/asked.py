"""The files of a user's folder that a command asks for, checked before Hydra reads them; all others are left alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from atmis.scenario.conf_files import EVERY_GROUP, check_name, conf_folder, is_choice, key_of
from atmis.scenario.reading import check_user_file


def check_asked(folder: Path, overrides: Sequence[str]) -> None:
    """Check the files that overrides choose, and those that these are based on. Raises InputError."""
    waiting = [f"{key_of(word)}/{_chosen(word)}" for word in overrides if is_choice(word)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        file = folder / f"{name}.yaml"
        if name in seen or (conf_folder() / f"{name}.yaml").is_file() or not file.is_file():
            continue
        seen.add(name)
        check_name(file)
        waiting += _based_on(check_user_file(file, EVERY_GROUP), name.rpartition("/")[0])


def _chosen(override: str) -> str:
    return override.partition("=")[2].strip().strip("'\"").removesuffix(".yaml")


def _based_on(content: dict[str, Any], group: str) -> Iterator[str]:
    """The files in a list of defaults, as paths without suffix; `group`: of the file that has it."""
    for entry in content.get("defaults", []):
        (key, choice), *_ = entry.items() if isinstance(entry, dict) else [("", entry)]
        key = key.removeprefix("optional ").removeprefix("override ").strip().partition("@")[0]
        name = f"{key}/{choice.partition('@')[0]}" if key else choice.partition("@")[0]
        yield name.lstrip("/") if name.startswith("/") else f"{group}/{name}"
