"""The files of conf/ and of a user's folder: the choices they offer and the keys they set."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.reading import PARSER, package
from atmis.scenario.reading import conf_folder as conf_folder

# The groups that make up a scenario; then with those that make up a sweep.
GROUPS = ("scenario", "plan", "evidence", "host", "kenya", "opposition", "society", "reporting", "draws", "theatre")

EVERY_GROUP = (*GROUPS, "sweep", "executor")


def key_of(override: str) -> str:
    """The key, or the group, that an override sets."""
    return override.lstrip("+~").partition("=")[0].partition("@")[0].strip()


def is_choice(override: str) -> bool:
    """Whether an override chooses a file of a group; `host={effect: 0}` sets values in it, `~host` removes it."""
    names_group = key_of(override) in EVERY_GROUP or "/" in key_of(override)
    return names_group and not (override.startswith("~") or override.partition("=")[2].lstrip().startswith("{"))


def display_path(file: Path) -> str:
    """The path of a file for messages: conf/... for those of atmis, else relative to the working folder."""
    for top, name in ((conf_folder(), "conf"), (Path.cwd(), "")):
        if file.resolve().is_relative_to(top.resolve()):
            return (Path(name) / file.resolve().relative_to(top.resolve())).as_posix()
    return str(file)


def find_file(folders: Sequence[Path], name: str) -> Path | None:
    """The first file with a name in some folders."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def files_of(folders: Sequence[Path], group: str, choice: str) -> list[Path]:
    """The file of a choice, after the files that it is based on."""
    return [file for file, _ in with_defaults(folders, group, choice)]


def with_defaults(
    folders: Sequence[Path], group: str, choice: str, above: tuple[str, ...] = ()
) -> Iterator[tuple[Path, list[str]]]:
    """The files that a choice is based on and its own, in order, each with the keys that its content goes under."""
    group, _, choice = f"{group}/{choice}".strip("/").rpartition("/")
    file = find_file(folders, f"{group}/{choice}.yaml")
    if file is None or f"{group}/{choice}" in above:
        return
    data = content_of(file)
    listed = data.get("defaults") or [] if isinstance(data, dict) else []
    entries = [entry for entry in listed if isinstance(entry, str)]
    for entry in entries if "_self_" in entries else [*entries, "_self_"]:
        if entry == "_self_":
            yield file, package_keys(file, group.split("/"))
        else:
            below, name = ("", entry[1:]) if entry.startswith("/") else (group, entry)
            yield from with_defaults(folders, below, name.partition("@")[0], (*above, f"{group}/{choice}"))


def content_of(file: Path) -> Any:
    """The content of a file, shared and not to be changed; an empty block when it cannot be read."""
    try:
        return _parsed(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}


@lru_cache(maxsize=128)
def _parsed(text: str) -> Any:
    return yaml.load(text, Loader=PARSER)


def sets_key(file: Path, below: list[str], path: Sequence[str]) -> bool:
    """Whether a file sets a key. `below`: the keys that its content goes under."""
    if list(path[: len(below)]) != below:
        return list(path) == below[: len(path)]
    data = content_of(file)
    for part in path[len(below) :]:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def options(group: str, folders: Sequence[Path]) -> list[str]:
    """The choices of a config group."""
    return sorted({file.stem for folder in folders for file in (folder / group).glob("*.yaml")})


def list_keys(folders: Sequence[Path]) -> list[str]:
    """Dotted names of everything that YAML sets in the folders, and of the groups."""
    names = {name for name, _ in iter_settings(folders)} | set(EVERY_GROUP)
    hidden = ("defaults", "hydra", "calibration.parameters.", "draws.instead_of.")
    return sorted(name for name in names if not name.startswith(hidden))


def iter_settings(folders: Sequence[Path]) -> Iterator[tuple[str, Any]]:
    """Dotted names and values of everything that YAML sets in the folders."""
    for folder in folders:
        for file in folder.rglob("*.yaml"):
            relative = file.relative_to(folder).with_suffix("").parts
            if relative[0] != "facts":
                yield ".".join(relative[:-1]) or relative[0], {}
                yield from walk(content_of(file), package_keys(file, relative[:-1]))


def package_keys(file: Path, folders: Sequence[str]) -> list[str]:
    """The keys that the content of a file goes under: its folders, unless its first line names a package."""
    header = package(file.read_text(encoding="utf-8"))
    return list(folders) if header is None else [] if header == "_global_" else header.split(".")


def walk(data: Any, prefix: Sequence[str] = ()) -> Iterator[tuple[str, Any]]:
    """Dotted names and values of everything in a block."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield ".".join([*prefix, key]), value
            yield from walk(value, [*prefix, key])
